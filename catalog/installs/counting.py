"""Installs by Composer: each line of a log counted exactly once, in totals that stay.

Where the reading stands is committed with the counts that were read, so a run that is killed, or
done again, neither loses nor repeats any. An address is never written down: what was counted in an
hour is remembered, for a day, as a hash of network and package under a random key that is another
each day and is then thrown away.

What anybody can tell is bounded: one install of a package, network and hour, whatever the versions;
so many of a network and day; so many versions of a package and day that are counted by their names.
"""

import hashlib
import ipaddress
import json
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from catalog.composer.version import InvalidVersion, normalize, pretty
from catalog.database import next_generation, transaction
from catalog.installs.log import LogLine, lines
from catalog.installs.notification import Foreign, Notification, Refused, package, parse
from catalog.journal import Journal

_HOUR, _DAY = 3_600, 86_400
_EPOCH = date(1970, 1, 1).toordinal()
_BATCH = 8 << 20  # bytes of log that are counted in one transaction
_CACHE = 16_384  # KB
_AHEAD = _DAY  # seconds that a line may lie in the future: clocks are set right now and then
_KEPT_HOURS = 24  # that what was counted is remembered, to count it once an hour
_BEHIND = 365 * _DAY  # seconds that a line may be old: its month's days must still be there
_KEPT_DAYS = 400  # of daily totals; the monthly ones stay
_MOST = 10_000  # installs of a network and day: 400 packages every hour, a little over
_REMEMBERED = 100_000  # networks of which it is known how much they told
_VERSIONS = 50  # of a package and day; further ones are counted like those that there are not
_NAMED = 10  # refused lines that are named


@dataclass(slots=True)
class Tally:
    """What came of the lines of one or more logs."""

    lines: int = 0
    installs: int = 0  # counted
    repeated: int = 0  # within the hour: not counted again
    excess: int = 0  # beyond what a network may tell of in a day
    unknown: int = 0  # of packages that there are not
    foreign: int = 0  # lines of something else than Composer
    refused: int = 0  # lines
    named: list[str] = field(default_factory=list)  # the first refused ones, a sentence each

    def refuse(self, log: str, number: int, reason: str) -> None:
        """Note a refused line."""
        self.refused += 1
        if len(self.named) < _NAMED:
            self.named.append(f"{log}, line {number:,}: {reason}")


def count(
    db: sqlite3.Connection, log: Path, *, ended: bool, now: int, tally: Tally, journal: Journal
) -> None:
    """Count a log from where it was left, adding to `tally`.

    ended: nobody writes to it any more, so that a last line without an end will never have one.
    """
    db.execute(f"PRAGMA cache_size = -{_CACHE}")  # the totals lie scattered
    counting = _Counting(db, log.name, now, tally)
    with log.open("rb") as file:
        file.seek(counting.offset)
        for line in lines(file):
            if not line.whole and not ended:
                break
            counting.line(line)
            if counting.pending >= _BATCH:
                counting.commit()
                journal.reached("count: batch counted")
    if counting.pending:
        counting.commit()
        journal.reached("count: batch counted")


class _Counting:
    """The counting of one log: lines are gathered, then committed together."""

    def __init__(self, db: sqlite3.Connection, log: str, now: int, tally: Tally) -> None:
        self._db, self._log, self._now, self._tally = db, log, now, tally
        row = db.execute("SELECT offset, lines FROM install_log WHERE name = ?", (log,)).fetchone()
        self.offset: int = row[0] if row else 0
        self._lines: int = row[1] if row else 0
        self.pending = 0  # bytes read since the last commit
        self._gathered: dict[tuple[int, int], tuple[int, int, str]] = {}
        self._spent: dict[tuple[int, int], int] = {}  # installs counted, by day and network
        self._hours: dict[int, list[int]] = {}  # of which something was counted before those
        self._keys: dict[int, bytes] = {}
        self._until = 0
        self._known: dict[str, tuple[int, str]] = {}

    def line(self, line: LogLine) -> None:
        self.pending += line.size
        self.offset += line.size
        self._lines += 1
        self._tally.lines += 1
        try:
            notification = self._read(line)
        except Refused as reason:
            self._tally.refuse(self._log, self._lines, str(reason))
        except Foreign:
            self._tally.foreign += 1
        else:
            self._gather(notification)

    def _read(self, line: LogLine) -> Notification:
        if not line.whole:
            raise Refused("it breaks off")
        notification = parse(line.content)
        if notification.at > self._now + _AHEAD:
            raise Refused("its time is still to come")
        if notification.at < self._now - _BEHIND:
            raise Refused("it is more than a year old")
        return notification

    def _gather(self, notification: Notification) -> None:
        hour, day = notification.at // _HOUR, notification.at // _DAY
        visitor = self._visitor(day, _network(notification.address))
        for name, said in notification.downloads:
            found = self._known.get(name) or self._find(name)
            if found is None:
                self._tally.unknown += 1
                continue
            id, versions = found
            version = _published(versions, said)
            seen = (hour, _mark(visitor, id))
            if seen in self._gathered:
                self._tally.repeated += 1
            self._gathered.setdefault(seen, (id, day, version))
        self._until = max(self._until, notification.at)

    def _find(self, name: str) -> tuple[int, str] | None:
        """Give a package's id and versions; what there is is remembered, and no more than that."""
        row = self._db.execute(
            "SELECT id, versions FROM package WHERE type = ? AND slug = ?",
            package(name) or ("", ""),
        ).fetchone()
        if row is None:
            return None
        self._known[name.lower()] = found = (int(row[0]), _versions(row[1]))
        return found

    def _visitor(self, day: int, network: str) -> hashlib.blake2b:
        """Begin the hash of something that a network tells of, under the day's key."""
        key = self._keys.get(day)
        if key is None:
            row = self._db.execute("SELECT key FROM install_key WHERE day = ?", (day,)).fetchone()
            self._keys[day] = key = row[0] if row else secrets.token_bytes(32)
        return hashlib.blake2b(f"{network}\n".encode(), digest_size=4, key=key)

    def commit(self) -> None:
        """Commit what was gathered and where the reading stands, together."""
        with transaction(self._db):
            self._db.executemany(
                "INSERT OR IGNORE INTO install_key VALUES (?, ?)", sorted(self._keys.items())
            )
            counts = Counter(self._new())
            if counts:
                self._add(counts)
            self._db.execute(
                "INSERT OR REPLACE INTO install_log VALUES (?, ?, ?)",
                (self._log, self.offset, self._lines),
            )
        self._tally.installs += counts.total()
        self._gathered.clear()
        if len(self._spent) > _REMEMBERED:
            self._spent.clear()
            self._hours.clear()
        self.pending = 0

    def _new(self) -> Iterator[tuple[int, int, str]]:
        """Yield what was not counted before in its hour, as far as its network may tell more."""
        for (hour, mark), counted in self._gathered.items():
            spender = (counted[1], mark >> 32)
            if spender not in self._spent:
                self._spent[spender] = self._spent_before(*spender)
            if self._db.execute(
                "SELECT 1 FROM install_seen WHERE hour = ? AND mark = ?", (hour, mark)
            ).fetchone():
                self._tally.repeated += 1
            elif self._spent[spender] >= _MOST:
                self._tally.excess += 1
            else:
                self._db.execute("INSERT INTO install_seen VALUES (?, ?)", (hour, mark))
                self._spent[spender] += 1
                yield counted

    def _spent_before(self, day: int, network: int) -> int:
        """Count what a network told of in a day. Its marks lie side by side: see _mark."""
        if day not in self._hours:
            self._hours[day] = [
                hour
                for hour in range(day * 24, day * 24 + 24)
                if self._db.execute(
                    "SELECT 1 FROM install_seen WHERE hour = ? LIMIT 1", (hour,)
                ).fetchone()
            ]
        query = "SELECT count(*) FROM install_seen WHERE hour = ? AND mark BETWEEN ? AND ?"
        first = network << 32
        return sum(
            self._db.execute(query, (hour, first, first + 0xFFFFFFFF)).fetchone()[0]
            for hour in self._hours[day]
        )

    def _bounded(
        self, counts: Counter[tuple[int, int, str]]
    ) -> Iterator[tuple[int, int, str, int]]:
        """Yield the counts as rows, with no more named versions of a package and day than may be.

        Which are named does not hang on how the log was cut into batches: those told of first.
        """
        named: dict[tuple[int, int], set[str]] = {}
        for (id, day, version), number in counts.items():
            known = named.get((id, day))
            if known is None:
                rows = self._db.execute(
                    "SELECT version FROM install_day WHERE package_id = ? AND day = ?", (id, day)
                )
                known = named[id, day] = {version for (version,) in rows if version}
            if version and version not in known and len(known) >= _VERSIONS:
                yield id, day, "", number
            else:
                known |= {version} - {""}
                yield id, day, version, number

    def _add(self, counts: Counter[tuple[int, int, str]]) -> None:
        self._db.executemany(
            "INSERT INTO install_day VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET count = count + excluded.count",
            sorted(self._bounded(counts)),
        )
        months = {day: _month(day) for day in {day for _, day, _ in counts}}
        self._db.executemany(
            "INSERT OR IGNORE INTO install_due VALUES (?, ?)",
            sorted({(months[day], id) for id, day, _ in counts}),
        )
        self._db.execute(
            "UPDATE state SET value = max(value, ?) WHERE key = 'counted_until'", (self._until,)
        )


def settle(db: sqlite3.Connection) -> int:
    """Bring months and totals up to the days, and stamp the packages; give their number.

    All in one transaction, and made anew from the days: killed before it, the next run does it.
    """
    months = [month for (month,) in db.execute("SELECT DISTINCT month FROM install_due").fetchall()]
    if not months:
        return 0
    with transaction(db):
        for month in months:
            db.execute(
                "INSERT OR REPLACE INTO install_month"
                " SELECT package_id, month, version, sum(count)"
                " FROM install_due JOIN install_day USING (package_id)"
                " WHERE month = ? AND day BETWEEN ? AND ? GROUP BY package_id, version",
                (month, *_days(month)),
            )
        stamped = db.execute(
            "UPDATE package SET changed_in = ?, installs = (SELECT sum(count) FROM install_month"
            " WHERE package_id = id) WHERE id IN (SELECT package_id FROM install_due)",
            (next_generation(db),),
        )
        db.execute("DELETE FROM install_due")
    return stamped.rowcount


def _mark(visitor: hashlib.blake2b, id: int) -> int:
    """Give the signed 64 bits of an install: 32 of its network, 32 of its package."""
    package = visitor.copy()
    package.update(str(id).encode())
    return int.from_bytes(visitor.digest() + package.digest(), signed=True)


def _network(address: str) -> str:
    """Give an address, or the /64 of an IPv6 one: whoever has one of its addresses has them all."""
    if ":" not in address:
        return address
    try:
        return str(int(ipaddress.IPv6Address(address.partition("%")[0])) >> 64)
    except ValueError:
        return address


def _versions(versions: str) -> str:
    """Write a package's versions as '\\n<as Composer says it>\\t<as people do>\\n…'.

    One text a package, because there may be all packages of the catalogue in a log.
    """
    pairs = []
    for raw, _ in json.loads(versions):
        try:
            pairs.append(f"\n{normalize(raw)}\t{pretty(raw)}")
        except InvalidVersion:
            continue  # it was never offered
    return "".join(pairs) + "\ndev-trunk\tdev-trunk\n"


def _published(versions: str, version: str) -> str:
    """Look up what people call a version; '' for one that it does not have (any more)."""
    if not version or "\n" in version or "\t" in version:
        return ""
    _, found, after = versions.partition(f"\n{version}\t")
    return after[: after.index("\n")] if found else ""


def _month(day: int) -> int:
    """Tell the month of a day (days since 1970-01-01), as 202611."""
    when = date.fromordinal(_EPOCH + day)
    return when.year * 100 + when.month


def _days(month: int) -> tuple[int, int]:
    """Give the first and the last day of a month."""
    year, number = divmod(month, 100)
    after = date(year + number // 12, number % 12 + 1, 1)
    return date(year, number, 1).toordinal() - _EPOCH, after.toordinal() - 1 - _EPOCH


def remembered(db: sqlite3.Connection) -> list[str]:
    """Name the logs of which it is remembered how far they were counted."""
    return [name for (name,) in db.execute("SELECT name FROM install_log ORDER BY name").fetchall()]


def forget_logs(db: sqlite3.Connection, names: Iterable[str]) -> None:
    """Forget logs whose files are gone."""
    with transaction(db):
        db.executemany("DELETE FROM install_log WHERE name = ?", [(name,) for name in names])


def forget(db: sqlite3.Connection, now: int) -> None:
    """Forget what was counted more than a day ago in each hour, old keys, and old daily totals."""
    old = [
        ("install_seen", "hour", now // _HOUR - _KEPT_HOURS),
        ("install_key", "day", (now // _HOUR - _KEPT_HOURS) * _HOUR // _DAY),
        ("install_day", "day", now // _DAY - _KEPT_DAYS),
    ]
    due = [
        (table, column, before)
        for table, column, before in old
        if db.execute(f"SELECT 1 FROM {table} WHERE {column} < ? LIMIT 1", (before,)).fetchone()  # noqa: S608
    ]
    if due:
        with transaction(db):
            for table, column, before in due:
                db.execute(f"DELETE FROM {table} WHERE {column} < ?", (before,))  # noqa: S608
