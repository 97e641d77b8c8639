"""Packages as remembered: taken from the sources, refused, withdrawn, all in one transaction."""

import hashlib
import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter

from catalog import code, events, offered, pictures
from catalog.database import next_generation, transaction
from catalog.offered import Offers, Reject, Rejects
from catalog.record import Record, Refused, parse, slug_of
from catalog.source import Line, Source

_EXCERPT = 2_000
# Where its picture is, is no published fact: catalog/pictures.py remembers it.
_COLUMNS = tuple(field.name for field in fields(Record) if field.name != "pictures")
_FACTS = attrgetter(*_COLUMNS)
_written = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps makes one a call


class TooManyWithdrawn(Exception):
    """Sources that lack or close more packages than they may; nothing of them was taken."""


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
    """What a build did, in packages (and refused lines).

    shadowed: packages of a source that another, listed before it, has, too. newly_rejected: source,
    line and reason. newly_shadowed: type/slug, and the two sources, the one that was taken first.
    unnamed: sources of the run before that this one does not name, with what went with each.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    returned: int = 0
    rejected: int = 0
    shadowed: int = 0
    newly_rejected: list[tuple[str, int, str]] = field(default_factory=list)
    newly_shadowed: list[tuple[str, str, str]] = field(default_factory=list)
    unnamed: list[tuple[str, int]] = field(default_factory=list)

    @property
    def touched(self) -> int:
        """Packages whose published facts differ from before."""
        return self.new + self.changed + self.withdrawn + self.returned


def take(
    db: sqlite3.Connection, sources: Sequence[Source], allowed: Allowance, now: int
) -> Outcome:
    """Make the catalogue equal to the sources: take lines, refuse bad ones, withdraw the rest.

    What several sources offer is taken from the first. A source that is still the one that was
    taken last is not read again. A package whose line is refused stays as it was. Raises, having
    changed nothing, TooManyWithdrawn if more than `allowed` would go or be closed, and SourceError
    if a source cannot be read.
    """
    with transaction(db):
        # A line that was read by other code is read again.
        reader = code.digest(db, ["catalog.record"])[:16]
        sealed = {one.name: one.seal() for one in sources}
        marks = {name: f"{reader} {seal}" if seal else "" for name, seal in sealed.items()}
        known = offered.seals(db)
        if all(marks.values()) and list(marks.items()) == list(known.items()):
            return _all_unchanged(db)
        before = db.total_changes
        intake = _Intake(db, now, reader)
        for one in sources:
            mark = marks[one.name]
            intake.take(one, same=bool(mark) and mark == known.get(one.name))
        intake.withdraw(allowed)
        intake.keep()
        if db.total_changes > before:  # else it says what is remembered: nothing to write
            # What changed while it was read is to be read again.
            whole = {one.name for one in sources if one.seal() == sealed[one.name]}
            offered.keep_seals(db, {n: mark if n in whole else "" for n, mark in marks.items()})
    return intake.outcome


def _all_unchanged(db: sqlite3.Connection) -> Outcome:
    listed, rejected, shadowed = db.execute(
        "SELECT (SELECT count(*) FROM package)"
        " - (SELECT count(*) FROM package WHERE withdrawn_at IS NOT NULL),"
        " (SELECT count(*) FROM reject),"
        " (SELECT count(*) FROM offered WHERE shadowed IS NOT NULL)"
    ).fetchone()
    return Outcome(unchanged=listed, rejected=rejected, shadowed=shadowed)


class _Intake:
    """One reading of the sources, inside one transaction."""

    def __init__(self, db: sqlite3.Connection, now: int, reader: str) -> None:
        self.outcome = Outcome()
        self._person = reader.encode()
        self._db, self._now = db, now
        self._generation = 0
        # Everything is collected before anything is written: no cursor is open meanwhile.
        rows = db.execute("SELECT id, line_digest, withdrawn_at FROM package").fetchall()
        self._known = {digest: id for id, digest, _ in rows}
        self._gone = {id for id, _, withdrawn_at in rows if withdrawn_at is not None}
        self._offered = offered.offers(db)
        self._rejected = offered.rejects(db)
        self._shadows = {
            digest: id for one in self._offered.values() for id, digest in one.items() if digest
        }
        self._taken: dict[int, str] = {}  # package id -> the source of this run that has it
        self._refused: set[int] = set()  # ids of packages that refused lines are about
        self._empty: list[str] = []  # the sources of this run that have nothing
        self._closing = 0  # packages that are newly closed, or newly for good
        self._offers_before = self._offers_any()
        # Of each source of this run, in their order.
        self._offers: dict[str, Offers] = {}
        self._rejects: dict[str, Rejects] = {}
        # Of the source that is being read.
        self._source = ""
        self._seen: dict[int, int] = {}  # package id -> line number
        self._spared: set[int] = set()  # as _refused

    def take(self, source: Source, *, same: bool) -> None:
        """Take what a source offers. same: it did not change since it was taken last."""
        self._source, self._seen, self._spared = source.name, {}, set()
        offers = self._offers[source.name] = {}
        self._rejects[source.name] = {}
        if same and self._spared_reading():
            self._as_before()
        else:
            for line in source.lines:
                self.line(line)
        if not offers:
            self._empty.append(source.name)
        self._hold()
        self._refused |= self._spared
        owned = [id for id, shadowed in offers.items() if shadowed is None]
        self._taken.update(dict.fromkeys(owned, source.name))

    def _spared_reading(self) -> bool:
        """Tell whether all that another source was taken from instead still is there."""
        had = self._offered[self._source]
        return all(id in self._taken for id, shadowed in had.items() if shadowed is not None)

    def _as_before(self) -> None:
        """Take for offered and for refused what was so when the source was read."""
        had, now = self._offered[self._source], self._offers[self._source]
        digests: dict[int, bytes] = {}
        if any(id in self._taken for id, shadowed in had.items() if shadowed is None):
            digests = {id: digest for digest, id in self._known.items()}
        for id, shadowed in had.items():
            if id in self._taken:
                self._shadow(id, shadowed or digests[id])
            else:
                now[id] = None
                self.outcome.unchanged += 1
        self._rejects[self._source] = self._rejected.get(self._source, {})
        for one in self._rejects[self._source].values():
            self._spare(one.slug)

    def _hold(self) -> None:
        """Keep a package whose line this source now refuses from being taken of a later one."""
        had, now = self._offered.get(self._source, {}), self._offers[self._source]
        for id in self._spared - self._taken.keys() - now.keys():
            if had.get(id, b"") is None:
                now[id] = None

    def line(self, line: Line) -> None:
        digest = hashlib.blake2b(line.content, digest_size=16, person=self._person).digest()
        try:
            known = self._known.get(digest)
            if known is None and self._shadows.get(digest) in self._taken:
                known = self._shadows[digest]
            if known is None:
                self._read(parse(line.content, self._now), digest, line.number)
            elif self._first(known, digest, line.number):
                self._unchanged(known)
        except Refused as refused:
            # Of a bad feed there may be more than memory holds: only an excerpt stays.
            slug = slug_of(line.content)
            self._rejects[self._source][digest] = Reject(
                line.number, str(refused), line.size, _excerpt(line.content), slug
            )
            self._spare(slug)

    def _spare(self, slug: str) -> None:
        """Remember that the source still speaks of a slug, be it in a line that is refused."""
        rows = self._db.execute(
            "SELECT id FROM package WHERE type IN ('plugin', 'theme') AND slug = ?", (slug,)
        )
        self._spared.update(id for (id,) in rows.fetchall())

    def _first(self, id: int, digest: bytes, number: int) -> bool:
        """Note that the source offers a package; tell whether none before it does."""
        if id in self._seen:
            raise Refused(f"its type and slug are those of line {self._seen[id]}")
        self._seen[id] = number
        if id in self._taken:
            self._shadow(id, digest)
            return False
        self._offers[self._source][id] = None
        return True

    def _shadow(self, id: int, digest: bytes) -> None:
        self._offers[self._source][id] = digest
        self.outcome.shadowed += 1

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
            id = self._insert(record, facts, digest)
            self._first(id, digest, number)
            pictures.want(self._db, id, record.pictures, self._now)
            self.outcome.new += 1
            return
        id = row[0]
        if not self._first(id, digest, number):
            return
        if record.closure is not None and not record.versions:
            # The answer for a closed package is a stub: what was known of it stays.
            facts = _with_closure(row[1:], facts)
        else:
            pictures.want(self._db, id, record.pictures, self._now)
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
        """Withdraw what no source has any more; raise TooManyWithdrawn if that is too much."""
        listed = set(self._known.values()) - self._gone
        missing = sorted(listed - self._taken.keys() - self._refused)
        emptied = not allowed.everything and self._emptied(missing)
        if emptied or len(missing) + self._closing > allowed.of(len(listed)):
            raise self._too_many(missing, listed, allowed)
        if missing:
            self._db.executemany(
                "UPDATE package SET withdrawn_at = ?, changed_in = ?, changed_at = ? WHERE id = ?",
                [(self._now, self._stamp(), self._now, id) for id in missing],
            )
        self.outcome.withdrawn = len(missing)
        self.outcome.unnamed = self._unnamed(missing)
        if self._offers_before and not allowed.everything and not self._offers_any():
            raise self._too_many(missing, listed, allowed)

    def _emptied(self, missing: Sequence[int]) -> bool:
        """Tell whether any are missing because a source of this run has nothing at all."""
        if len(self._empty) == len(self._offers):
            return bool(missing)
        return any(id in self._offered.get(name, {}) for name in self._empty for id in missing)

    def _too_many(
        self, missing: Sequence[int], listed: Collection[int], allowed: Allowance
    ) -> TooManyWithdrawn:
        lacks, closes = "the source lacks", "closes"
        if len(self._offers) > 1:
            lacks, closes = "the sources lack", "close"
        closing = f" and {closes} {self._closing:,}" if self._closing else ""
        told = (
            f"{lacks} {len(missing):,} of {len(listed):,} packages{closing}, and at most "
            f"{allowed.of(len(listed)):,} may be withdrawn or closed at once"
        )
        for name, came in self._unnamed(missing):
            told += f"; {came:,} came from {name}, which is no source of this run"
        return TooManyWithdrawn(told)

    def _unnamed(self, missing: Sequence[int]) -> list[tuple[str, int]]:
        """Count the missing ones by the source they came from, where this run does not name it."""
        others = (name for name in self._offered if name not in self._offers)
        came = {
            name: sum(self._offered[name].get(id, b"") is None for id in missing) for name in others
        }
        return [(name, count) for name, count in came.items() if count]

    def _offers_any(self) -> bool:
        """Tell whether any package is listed and not closed for good."""
        found = self._db.execute(
            "SELECT 1 FROM package WHERE withdrawn_at IS NULL"
            " AND NOT ifnull(json_extract(closure, '$[3]'), 0) LIMIT 1"
        ).fetchone()
        return found is not None

    def keep(self) -> None:
        """Remember what each source offers and what of it was refused; tell what of it is new."""
        offered.keep_sources(self._db, list(self._offers))
        for source, offers in self._offers.items():
            before = self._offered.get(source, {})
            offered.keep_offers(self._db, source, before, offers)
            self.outcome.newly_shadowed += [
                (self._label(id), self._taken[id], source)
                for id, shadowed in offers.items()
                if shadowed is not None and before.get(id) is None
            ]
        rejects = {source: refused for source, refused in self._rejects.items() if refused}
        offered.keep_rejects(self._db, self._rejected, rejects)
        self.outcome.rejected = sum(map(len, self._rejects.values()))
        self.outcome.newly_rejected = [
            (source, one.line, one.reason)
            for source, refused in self._rejects.items()
            for digest, one in refused.items()
            if digest not in self._rejected.get(source, {})
        ]

    def _label(self, id: int) -> str:
        row = self._db.execute("SELECT type || '/' || slug FROM package WHERE id = ?", (id,))
        return str(row.fetchone()[0])

    def _stamps(self) -> tuple[int, int, int]:
        return self._stamp(), self._stamp(), self._now

    def _stamp(self) -> int:
        if not self._generation:
            self._generation = next_generation(self._db)
        return self._generation


def _row(record: Record) -> tuple[object, ...]:
    return tuple(_written(value) if isinstance(value, tuple) else value for value in _FACTS(record))


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
