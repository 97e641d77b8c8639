"""Packages as remembered: taken from the source, refused, withdrawn, all in one transaction."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields

from catalog import events
from catalog.database import next_generation, transaction
from catalog.record import Record, Refused, parse, slug_of
from catalog.source import Line
from release import digest

_EXCERPT = 2_000
_COLUMNS = tuple(field.name for field in fields(Record))
# What reads a record: a line read by other code is read again.
_READER = digest.of(["catalog.record"])[:16]


class TooManyWithdrawn(Exception):
    """A source that lacks or closes more packages than it may; nothing of it was taken."""

    def __init__(self, missing: int, closing: int, listed: int, most: int) -> None:
        closes = f" and closes {closing:,}" if closing else ""
        super().__init__(
            f"the source lacks {missing:,} of {listed:,} packages{closes}, and at most {most:,} "
            "may be withdrawn or closed at once"
        )


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many packages one run may withdraw or close: a share of the listed ones, or a count."""

    share: float = 0.10
    least: int = 10
    count: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Allowance":
        """Read `10%` or `250`; raise ValueError with a sentence for anything else."""
        number, percent = text.removesuffix("%"), text.endswith("%")
        if not number.isascii() or not number.isdigit():
            raise ValueError(f"{text!r} is neither a share like 10% nor a count like 250")
        if not percent:
            return cls(count=int(number))
        if int(number) > 100:
            raise ValueError(f"{text!r} is more than all packages")
        return cls(share=int(number) / 100)

    @property
    def everything(self) -> bool:
        """Whether the operator said that even an empty source is meant."""
        return self.count is not None or self.share >= 1

    def of(self, listed: int) -> int:
        """Tell the number for a catalogue of `listed` packages."""
        return self.count if self.count is not None else max(self.least, int(listed * self.share))


@dataclass(slots=True)
class Outcome:
    """What a build did, in packages (and refused lines)."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    returned: int = 0
    rejected: int = 0
    newly_rejected: list[tuple[int, str]] = field(default_factory=list)

    @property
    def touched(self) -> int:
        """Packages whose published facts differ from before."""
        return self.new + self.changed + self.withdrawn + self.returned


def take(
    db: sqlite3.Connection,
    lines: Iterable[Line],
    source: str,
    allowed: Allowance,
    now: int,
    seal: Callable[[], str | None] = lambda: None,
) -> Outcome:
    """Make the catalogue equal to the source: take its lines, refuse bad ones, withdraw the rest.

    `seal` tells whether the source is still the one that was taken last: then it is not read again.
    A package whose line is refused stays as it was. Raises TooManyWithdrawn, having changed
    nothing, if more than `allowed` would go or be closed.
    """
    with transaction(db):
        sealed = seal()
        if sealed is not None and _taken(db) == f"{_READER} {sealed}":
            return _all_unchanged(db)
        before = db.total_changes
        intake = _Intake(db, source, now)
        for line in lines:
            intake.line(line)
        intake.withdraw(allowed)
        intake.keep_rejects()
        if db.total_changes > before:  # else it says what the one remembered says: nothing to write
            whole = sealed is not None and seal() == sealed  # it did not change while it was read
            db.execute(
                "INSERT OR REPLACE INTO state VALUES ('source_taken', ?)",
                (f"{_READER} {sealed}" if whole else "",),
            )
    return intake.outcome


def _taken(db: sqlite3.Connection) -> str | None:
    row = db.execute("SELECT value FROM state WHERE key = 'source_taken'").fetchone()
    return row and str(row[0])


def _all_unchanged(db: sqlite3.Connection) -> Outcome:
    listed, rejected = db.execute(
        "SELECT (SELECT count(*) FROM package)"
        " - (SELECT count(*) FROM package WHERE withdrawn_at IS NOT NULL),"
        " (SELECT count(*) FROM reject)"
    ).fetchone()
    return Outcome(unchanged=listed, rejected=rejected)


class _Intake:
    """One reading of a source, inside one transaction."""

    def __init__(self, db: sqlite3.Connection, source: str, now: int) -> None:
        self.outcome = Outcome()
        self._db, self._source, self._now = db, source, now
        self._generation = 0
        # Everything is collected before anything is written: no cursor is open meanwhile.
        rows = db.execute("SELECT id, line_digest, withdrawn_at FROM package").fetchall()
        self._known = {digest: id for id, digest, _ in rows}
        self._gone = {id for id, _, withdrawn_at in rows if withdrawn_at is not None}
        self.listed = len(rows) - len(self._gone)
        self._seen: dict[int, int] = {}  # package id -> line number
        self._refused: set[int] = set()  # ids of packages that refused lines are about
        self._closing = 0  # packages that are newly closed, or newly for good
        self._offers = self._offers_any()
        self._rejects: dict[bytes, tuple[Line, str]] = {}

    def line(self, line: Line) -> None:
        digest = hashlib.blake2b(line.content, digest_size=16, person=_READER.encode()).digest()
        try:
            known = self._known.get(digest)
            if known is None:
                self._read(parse(line.content, self._now), digest, line.number)
            else:
                self._once(known, line.number)
                self._unchanged(known)
        except Refused as refused:
            # Of a bad feed there may be more than memory holds: only an excerpt stays.
            excerpt = Line(line.number, line.content[:_EXCERPT], line.size)
            self._rejects[digest] = (excerpt, str(refused))
            self._spare(slug_of(line.content))

    def _spare(self, slug: str) -> None:
        """Remember that the source still speaks of a slug, be it in a line that is refused."""
        rows = self._db.execute(
            "SELECT id FROM package WHERE type IN ('plugin', 'theme') AND slug = ?", (slug,)
        )
        self._refused.update(id for (id,) in rows.fetchall())

    def _once(self, id: int, number: int) -> None:
        if id in self._seen:
            raise Refused(f"its type and slug are those of line {self._seen[id]}")
        self._seen[id] = number

    def _unchanged(self, id: int) -> None:
        if id in self._gone:
            self._return(id)
        else:
            self.outcome.unchanged += 1

    def _return(self, id: int) -> None:
        self._db.execute(
            "UPDATE package SET withdrawn_at = NULL, changed_in = ?, changed_at = ? WHERE id = ?",
            (self._stamp(), self._now, id),
        )
        self.outcome.returned += 1

    def _read(self, record: Record, digest: bytes, number: int) -> None:
        row = self._db.execute(
            f"SELECT id, {', '.join(_COLUMNS)} FROM package WHERE type = ? AND slug = ?",  # noqa: S608
            (record.type, record.slug),
        ).fetchone()
        facts = _row(record)
        if row is None:
            self._once(self._insert(record, facts, digest), number)
            self.outcome.new += 1
            return
        id = row[0]
        self._once(id, number)
        if record.closure is not None and not record.versions:
            # The answer for a closed package is a stub: what was known of it stays.
            facts = _with_closure(row[1:], facts)
        if row[1:] == facts:
            # Another spelling of the same facts: remembered, not published.
            self._db.execute("UPDATE package SET line_digest = ? WHERE id = ?", (digest, id))
            self._unchanged(id)
            return
        events.note(self._db, id, _closure(row[1:]), _closure(facts), self._now)
        if id not in self._gone and _standing(facts) > _standing(row[1:]):
            self._closing += 1
        assignments = ", ".join(f"{column} = ?" for column in _COLUMNS)
        self._db.execute(
            f"UPDATE package SET {assignments}, line_digest = ?, withdrawn_at = NULL,"  # noqa: S608
            " facts_in = ?, changed_in = ?, changed_at = ?,"
            " closed_at = iif(?, ifnull(closed_at, ?), NULL) WHERE id = ?",
            (*facts, digest, *self._stamps(), record.closure is not None, self._now, id),
        )
        if id in self._gone:
            self.outcome.returned += 1
        else:
            self.outcome.changed += 1

    def _insert(self, record: Record, facts: tuple[object, ...], digest: bytes) -> int:
        closed_at = None if record.closure is None else self._now
        marks = ", ".join("?" * (len(_COLUMNS) + 6))
        inserted = self._db.execute(
            f"INSERT INTO package ({', '.join(_COLUMNS)}, line_digest,"  # noqa: S608
            " facts_in, changed_in, changed_at, closed_at, first_seen)"
            f" VALUES ({marks})",
            (*facts, digest, *self._stamps(), closed_at, self._now),
        )
        id = int(inserted.lastrowid or 0)
        events.note(self._db, id, None, _closure(facts), self._now)
        return id

    def withdraw(self, allowed: Allowance) -> None:
        listed = set(self._known.values()) - self._gone
        missing = sorted(listed - self._seen.keys() - self._refused)
        emptied = bool(missing) and not self._seen and not allowed.everything
        if emptied or len(missing) + self._closing > allowed.of(len(listed)):
            raise self._too_many(missing, listed, allowed)
        if missing:
            self._db.executemany(
                "UPDATE package SET withdrawn_at = ?, changed_in = ?, changed_at = ? WHERE id = ?",
                [(self._now, self._stamp(), self._now, id) for id in missing],
            )
        self.outcome.withdrawn = len(missing)
        if self._offers and not allowed.everything and not self._offers_any():
            raise self._too_many(missing, listed, allowed)

    def _too_many(
        self, missing: Sequence[int], listed: Collection[int], allowed: Allowance
    ) -> TooManyWithdrawn:
        return TooManyWithdrawn(len(missing), self._closing, len(listed), allowed.of(len(listed)))

    def _offers_any(self) -> bool:
        """Tell whether any package is listed and not closed for good."""
        found = self._db.execute(
            "SELECT 1 FROM package WHERE withdrawn_at IS NULL"
            " AND NOT ifnull(json_extract(closure, '$[3]'), 0) LIMIT 1"
        ).fetchone()
        return found is not None

    def keep_rejects(self) -> None:
        """Remember the refused lines of this source instead of those of the run before."""
        before = dict(self._db.execute("SELECT digest, line FROM reject").fetchall())
        self.outcome.rejected = len(self._rejects)
        self.outcome.newly_rejected = [
            (line.number, reason)
            for digest, (line, reason) in self._rejects.items()
            if digest not in before
        ]
        if {digest: line.number for digest, (line, _) in self._rejects.items()} == before:
            return
        self._db.execute("DELETE FROM reject")
        self._db.executemany(
            "INSERT INTO reject VALUES (?, ?, ?, ?, ?, ?)",
            [
                (digest, self._source, line.number, reason, line.size, _excerpt(line.content))
                for digest, (line, reason) in self._rejects.items()
            ],
        )

    def _stamps(self) -> tuple[int, int, int]:
        return self._stamp(), self._stamp(), self._now

    def _stamp(self) -> int:
        if not self._generation:
            self._generation = next_generation(self._db)
        return self._generation


def _row(record: Record) -> tuple[object, ...]:
    values = (getattr(record, column) for column in _COLUMNS)
    return tuple(
        json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else value
        for value in values
    )


def _standing(facts: tuple[object, ...]) -> int:
    """Tell of facts whether they are of a package open (0), closed (1) or closed for good (2)."""
    closure = _closure(facts)
    return 0 if closure is None else 1 + bool(json.loads(closure)[3])


def _closure(facts: tuple[object, ...]) -> str | None:
    closure = facts[_COLUMNS.index("closure")]
    return None if closure is None else str(closure)


def _with_closure(known: tuple[object, ...], stub: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(
        new if column == "closure" else old
        for column, old, new in zip(_COLUMNS, known, stub, strict=True)
    )


def _excerpt(content: bytes) -> str:
    return (
        content[:_EXCERPT].decode("utf-8", "backslashreplace").replace("\0", "\\x00").rstrip("\n")
    )
