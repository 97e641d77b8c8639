"""A release's id: the moment it was made, in UTC, as 20261123T153012Z."""

import re
from datetime import UTC, datetime

_ID = re.compile(r"\d{8}T\d{6}Z")
_FORM = "%Y%m%dT%H%M%SZ"


def is_id(text: str) -> bool:
    """Tell whether a text has the form of a release's id."""
    return _ID.fullmatch(text) is not None


def id_of(moment: datetime) -> str:
    """Give the id of a release made at a moment."""
    return moment.astimezone(UTC).strftime(_FORM)


def made(id: str) -> datetime:
    """Tell from a release's id when it was made. Raises ValueError for anything else."""
    return datetime.strptime(id, _FORM).replace(tzinfo=UTC)
