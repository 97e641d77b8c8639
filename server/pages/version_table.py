"""A package's versions as a table: the newest are open, older ones fold by their first number."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from release.wordpress_org import changeset
from server.queries.packages import Package, Version

_OPEN = 10  # rows before those that are folded
_FOLDS = 4  # by their first numbers; what is still older is one more
_LONGEST_LIST = 60  # versions that are named for one reason
# The end of a version that Composer takes for less than stable.
_EARLY = re.compile(r"[\d._-](?:alpha|beta|rc|a|b|dev)[\d._-]*$|^dev-", re.IGNORECASE)


class Row(NamedTuple):
    """A version that can be installed.

    command: installs exactly this one; '' for a package that nobody should install anew. url: of
    its zip, '' without one. released: Unix seconds, None when unknown. php: '' when unknown. early:
    a pre-release. since: the version before it, '' for the first; changes: where what changed since
    then is shown, '' where nobody shows it. published: since when it stands here. revision:
    Subversion's, that changed it after its release, at `changed`. advisories: ids of those that
    affect it, with blanks between. untagged: whether only the zip that is kept here holds it.
    """

    version: str
    command: str
    url: str
    released: int | None
    php: str
    early: bool
    since: str
    changes: str
    published: int | None = None
    revision: int | None = None
    changed: int | None = None
    advisories: str = ""
    untagged: bool = False

    @property
    def is_marked(self) -> bool:
        """Whether something is said of it that is not said of most."""
        return bool(self.advisories) or self.changed is not None or self.untagged


@dataclass(frozen=True, slots=True)
class Missing:
    """Versions that are not offered, for one reason. names: at most sixty of them."""

    names: str
    why: str


@dataclass(frozen=True, slots=True)
class Fold:
    """Older versions with the same first number. label: '22.9 – 22.0'."""

    label: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class VersionTable:
    """What one gets stands first. announced: the missing version that the source announces."""

    announced: Sequence[Missing]
    rows: Sequence[Row]
    missing: Sequence[Missing]
    folds: Sequence[Fold]

    @property
    def every_row(self) -> list[Row]:
        """The rows that are open and those that are folded."""
        return [*self.rows, *(row for fold in self.folds for row in fold.rows)]

    @property
    def says_php(self) -> bool:
        """Whether the lowest PHP version of any open row is known."""
        return any(row.php for row in self.rows)

    @property
    def says_changes(self) -> bool:
        """Whether what changed is shown anywhere for any open row."""
        return any(row.changes for row in self.rows)


def table(
    found: Package, versions: Sequence[Version], held_back: Iterable[Version]
) -> VersionTable:
    """Lay out versions, given newest first, and those that are not offered."""
    rows = _rows(found, versions)
    first = next((row for row in rows if row.version == found.offer_version), None)
    first = first or next((row for row in rows if not row.early), None)
    if first is not None:
        rows = [first, *(row for row in rows if row is not first)]
    if found.offer == "trunk":
        rows.insert(0, _trunk(found, versions))
    reasons = _by_reason(held_back)
    announced = [why for why, names in reasons.items() if found.version in names]
    return VersionTable(
        announced=[_missing(reasons[why], why) for why in announced],
        rows=rows[:_OPEN],
        missing=[_missing(names, why) for why, names in reasons.items() if why not in announced],
        folds=_folds(rows[_OPEN:]),
    )


def _rows(found: Package, versions: Sequence[Version]) -> list[Row]:
    """What a stable version changed, it changed since the stable one before."""
    rows: list[Row] = []
    before: Version | None = None
    stable: Version | None = None
    for one in reversed(versions):
        early = is_early(one.version)
        rows.append(_row(found, one, before if early else stable, early=early))
        before = one
        stable = stable if early else one
    return rows[::-1]


def _row(found: Package, one: Version, before: Version | None, *, early: bool) -> Row:
    return Row(
        version=one.version,
        command=_command(found, one.version),
        url=one.url,
        released=one.released,
        php=one.php,
        early=early,
        since=before.version if before else "",
        changes=_changes(found, before, one) if before else "",
        published=one.published,
        revision=one.revision,
        changed=one.changed,
        advisories=one.advisories,
        untagged=bool(one.untagged),
    )


def _trunk(found: Package, versions: Sequence[Version]) -> Row:
    before = versions[0] if versions else None
    return Row(
        version=found.offer_version,
        command=found.offer_command,
        url="",
        released=found.updated,
        php="",
        early=False,
        since=before.version if before else "",
        changes=_changes(found, before, None) if before else "",
    )


def is_early(version: str) -> bool:
    """Tell whether a version is a pre-release."""
    return _EARLY.search(version) is not None


def _command(found: Package, version: str) -> str:
    return f"composer require wp-{found.type}/{found.slug}:{version}" if found.offer_command else ""


def _changes(found: Package, old: Version, new: Version | None) -> str:
    """Tell where two tags are compared, or a tag and trunk (None)."""
    if not found.wordpress_org or old.untagged or (new and new.untagged):
        return ""
    return changeset(found.type, found.slug, old.raw, new.raw if new else "")


def _by_reason(held_back: Iterable[Version]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for one in held_back:
        reasons.setdefault(one.why_not, []).append(one.version)
    return reasons


def _missing(names: Sequence[str], why: str) -> Missing:
    more = " …" if len(names) > _LONGEST_LIST else ""
    return Missing(", ".join(names[:_LONGEST_LIST]) + more, why)


def _folds(rows: Sequence[Row]) -> list[Fold]:
    groups = [list(group) for _, group in itertools.groupby(rows, key=_first_number)]
    rest = list(itertools.chain.from_iterable(groups[_FOLDS:]))
    return [Fold(_label(group), group) for group in (*groups[:_FOLDS], rest) if group]


def _first_number(row: Row) -> str:
    return row.version.partition(".")[0]


def _label(rows: Sequence[Row]) -> str:
    newest, oldest = rows[0].version, rows[-1].version
    return newest if len(rows) == 1 else f"{newest} – {oldest}"
