"""Whose the data folder is: what another user writes there, its owner's next run cannot change."""

import os
import pwd
from pathlib import Path


class Stranger(Exception):
    """A user who does not own the data folder wants to write in it."""


def refuse_stranger(data: Path) -> None:
    """Raise Stranger unless the folder is ours, or is yet to be made. Root is a stranger, too."""
    if data.exists() and (owner := data.stat().st_uid) != os.geteuid():
        name = name_of(owner)
        raise Stranger(f"{data} belongs to {name}: do this as {name} (runuser -u {name} -- make …)")


def make_private(path: Path) -> None:
    """Let nobody but its owner read or write a file, which is made, empty, if it is not there."""
    if not path.exists():
        path.touch(0o600)
    elif path.stat().st_mode & 0o077:
        path.chmod(0o600)


def name_of(uid: int) -> str:
    """Give a user's name, or the number where there is none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
