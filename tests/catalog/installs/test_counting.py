"""Lines of the log of installs: which are counted, and that each is counted once."""

import io
import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import database
from catalog.installs import counting, log
from catalog.installs.counting import Tally
from catalog.installs.log import InstallLog, in_use, lines
from catalog.installs.notification import MAX_BYTES, Foreign, Refused, package, parse
from catalog.journal import Journal
from tests.catalog.installs.installing import AGENT, build, line, totals, whole, with_versions

NOW = 1_795_000_000  # 18 November 2026, 11:06:40 UTC
HOUR = NOW - NOW % 3600


def count(data: Path, content: bytes, *, name: str = "log", ended: bool = True) -> Tally:
    """Count a log with this content, from where it was left, and settle."""
    log = data / name
    log.write_bytes(content)
    tally = Tally()
    with database.writing(data) as db:
        counting.count(db, log, ended=ended, now=NOW, tally=tally, journal=Journal())
        counting.settle(db)
    return tally


@pytest.fixture(name="shop")
def _shop(data: Path) -> Path:
    """A catalogue with two plugins and a theme."""
    build(
        data,
        with_versions("one", "1.0", "v1.1", "2.0-beta1"),
        with_versions("two", "1.0"),
        with_versions("style", "3", type="theme"),
    )
    return data


AGENTS = [
    AGENT,
    "Composer/2.8.4 (Windows NT; 10.0; PHP 8.3.0; cURL 8.4.0)",
    "Composer/2.5.5 (Linux; 5.10.0-8-amd64; PHP 8.2.36; cURL 7.88.1; Platform-PHP 8.1.0; CI)",
    "Composer/2.9.1 (Darwin; 23.1.0; PHP 8.3.0; cURL 8.4.0; CI; cmd:update)",
    "Composer/2.7-dev+4f3c2a1 (Linux; 6.1.0; PHP 8.2.0-dev; streams)",
    "Composer/1.10.26 (Linux; 4.15.0; PHP 7.2.24; cURL 7.58.0)",
    "Composer/source (FreeBSD; 13.0-RELEASE; PHP 8.0.0; streams)",
]
NO_AGENTS = [
    "",
    "Composer",
    "Composer/2.5.5",
    "Composer/2.5.5 (Linux)",
    "composer/2.5.5 (Linux; 6.18.44; PHP 8.2.36; streams)",
    "Mozilla/5.0 " + AGENT,
    AGENT + " extra",
    "Composer/2.5.5 (Linux; 6.18.44; Ruby 3; streams)",
    "Composer/" + "9" * 100 + " (Linux; 6; PHP 8.2; streams)",
    "Composer/2 (" + "a; " * 1000 + ")",
]


@pytest.mark.parametrize("agent", AGENTS)
def test_composer_is_known(agent: str) -> None:
    """Every form in which Composer names itself."""
    assert parse(line(NOW, "wp-plugin/one 1.0.0.0", agent=agent)).downloads


@pytest.mark.parametrize("agent", NO_AGENTS)
def test_others_are_foreign(agent: str) -> None:
    """Whoever names itself otherwise is not Composer."""
    with pytest.raises(Foreign):
        parse(line(NOW, "wp-plugin/one 1.0.0.0", agent=agent))


REFUSED = {
    "longer": b"x" * (MAX_BYTES + 1),
    "not UTF-8": b'{"at": "\xff"}',
    "it is not JSON": b"hello\n",
    "it is not JSON:": b"[" * 100_000,
    "it is not a JSON object": b"[]\n",
    "no time": b"{}\n",
    "no time:": b'{"at": true, "address": "", "agent": "", "body": ""}',
    "no time::": b'{"at": NaN, "address": "", "agent": "", "body": ""}',
    "no time:::": b'{"at": 1e300, "address": "", "agent": "", "body": ""}',
    "no time::::": b'{"at": -5, "address": "", "agent": "", "body": ""}',
    "not a text": b'{"at": 1, "address": 7, "agent": "", "body": ""}',
    "its body is not JSON": whole(NOW, ""),
    "its body is not JSON:": whole(NOW, '{"downloads":['),
    "its body is not JSON::": whole(NOW, "[" * 100_000),
    "its body is not JSON:::": whole(NOW, "1" * 10_000),
    "no list of downloads": whole(NOW, "[]"),
    "no list of downloads:": whole(NOW, '{"downloads": {"name": "x"}}'),
    "not an object": whole(NOW, '{"downloads": ["wp-plugin/one"]}'),
    "no name and version": whole(NOW, '{"downloads": [{"name": "wp-plugin/one"}]}'),
    "no name and version:": whole(NOW, '{"downloads": [{"name": 7, "version": "1"}]}'),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_malformed_lines_are_refused(reason: str) -> None:
    """With a reason, whatever they are, and never with another exception."""
    with pytest.raises(Refused, match=reason.rstrip(":")):
        parse(REFUSED[reason])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["downloads", "name", "version", "x"]), inner)
    ),
)


@given(st.binary() | _JSON.map(lambda value: whole(NOW, json.dumps(value))))
def test_no_body_does_harm(content: bytes) -> None:
    """Whatever comes is read, refused or foreign."""
    try:
        found = parse(content)
    except (Refused, Foreign):
        return
    assert all(isinstance(one, str) for pair in found.downloads for one in pair)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("wp-plugin/one", ("plugin", "one")),
        ("wp-theme/one", ("theme", "one")),
        ("WP-Plugin/One", ("plugin", "one")),
        ("wpackagist-plugin/one", ("plugin", "one")),
        ("wpackagist-theme/one", ("theme", "one")),
        ("wp-plugin/one~dev", None),
        ("wp-block/one", None),
        ("monolog/monolog", None),
        ("wp-plugin/", None),
        ("wp-plugin/one\n", None),
        ("wp-plugin/\ud800", None),
    ],
)
def test_names(name: str, meant: tuple[str, str] | None) -> None:
    """Today's names and wpackagist's, and no others."""
    assert package(name) == meant


_CHUNKS = st.lists(
    st.sampled_from([b"\n", b"a", b"\r\n", b"x" * 70, b"y" * 200, b"\xff\0", b'{"at": 1}\n'])
)


@given(_CHUNKS)
def test_every_byte_belongs_to_one_line(chunks: list[bytes]) -> None:
    """Lines are what lies between line ends; too long ones are cut, and their size is told."""
    content = b"".join(chunks)
    before = log.MAX_BYTES, log._CHUNK
    log.MAX_BYTES, log._CHUNK = 100, 7
    try:
        found = list(lines(io.BytesIO(content)))
    finally:
        log.MAX_BYTES, log._CHUNK = before
    wanted = content.split(b"\n")
    wanted = [one + b"\n" for one in wanted[:-1]] + ([wanted[-1]] if wanted[-1] else [])

    assert [one.size for one in found] == [len(one) for one in wanted]
    assert [one.content for one in found] == [one[:101] for one in wanted]
    assert [one.whole for one in found] == [one.endswith(b"\n") for one in wanted]


def test_what_is_counted(shop: Path) -> None:
    """By package and version as published; old names follow; what there is not is left out."""
    tally = count(
        shop,
        line(
            NOW,
            *("wp-plugin/one 1.1.0.0", "wpackagist-theme/style 3.0.0.0", "WP-Plugin/TWO 1.0.0.0"),
            *("wp-plugin/nothing 1.0.0.0", "monolog/monolog 3.0.0.0", "wp-theme/one 1.0.0.0"),
        )
        + line(NOW, "wp-plugin/one 2.0.0.0-beta1", "wp-plugin/two dev-trunk", address="192.0.2.8"),
    )

    assert totals(shop) == {
        ("one", "1.1"): 1,
        ("one", "2.0-beta1"): 1,
        ("style", "3"): 1,
        ("two", "dev-trunk"): 1,
        ("two", "1.0"): 1,
    }
    assert (tally.lines, tally.installs, tally.unknown) == (2, 5, 3)


def test_versions_that_there_are_not_count_as_one(shop: Path) -> None:
    """A lock file may hold a version that is gone, a liar name a thousand: it is one an hour."""
    said = [f"wp-plugin/one {version}" for version in ("7.0.0.0", "x" * 300, "\t", "", "1.0")]
    count(shop, line(NOW, *said, "wp-plugin/one 1.0.0.0\t1.0"))

    assert totals(shop) == {("one", ""): 1}


def test_once_an_hour_for_an_address_and_a_package(shop: Path) -> None:
    """Another hour, address or package counts; the same again does not, in no other version."""
    one = "wp-plugin/one 1.0.0.0"
    first = count(
        shop,
        line(HOUR - 1, one)
        + line(HOUR, one)
        + line(HOUR + 3, one, one)
        + line(HOUR + 3599, one, "wp-plugin/one 1.1.0.0", "wp-plugin/two 1.0.0.0")
        + line(HOUR + 9, one, address="192.0.2.8")
        + line(HOUR + 10, one.replace("wp-", "wpackagist-")),
    )
    again = count(shop, line(HOUR + 30, one) + line(HOUR + 30, one, address="::1"), name="next")

    assert totals(shop) == {("one", "1.0"): 4, ("two", "1.0"): 1}
    assert (first.installs, first.repeated) == (4, 5)
    assert (again.installs, again.repeated) == (1, 1)


def test_a_package_of_six_thousand_versions_is_one_install(data: Path) -> None:
    """Whoever names them all in one body, or in many, is counted once an hour, by the first."""
    versions = [f"1.{number}" for number in range(6_000)]
    build(data, with_versions("many", *versions))
    told = [f"wp-plugin/many {one}.0.0" for one in versions]
    tally = count(data, line(NOW, *told[:3_000]) + b"".join(line(NOW, one) for one in told[::-1]))

    assert totals(data) == {("many", "1.0"): 1}
    assert (tally.installs, tally.repeated) == (1, 8_999)


@pytest.mark.parametrize("batch", [1, 8 << 20])
def test_a_network_is_counted_so_often_a_day(
    shop: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """The rest of its day is excess, however its lines are read; others and tomorrow count."""
    monkeypatch.setattr(counting, "_BATCH", batch)
    monkeypatch.setattr(counting, "_MOST", 3)
    day = NOW - NOW % 86_400
    both = "wp-plugin/one 1.0.0.0", "wp-plugin/two 1.0.0.0"
    lines_ = [line(day + hour * 3600, *both, address="2001:db8::1") for hour in range(5)]
    tally = count(shop, b"".join(lines_) + line(day, *both))
    later = count(
        shop, line(day + 9 * 3600, *both, address="2001:db8::2") + line(day - 1, *both), name="next"
    )

    assert totals(shop) == {("one", "1.0"): 4, ("two", "1.0"): 3}
    assert (tally.installs, tally.excess, tally.repeated) == (5, 7, 0)
    assert (later.installs, later.excess) == (2, 2)


@pytest.mark.parametrize("batch", [1, 8 << 20])
def test_so_many_versions_of_a_day_are_named(
    data: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """However many visitors name however many versions: the first are rows, all others are one."""
    monkeypatch.setattr(counting, "_BATCH", batch)
    build(data, with_versions("many", *(f"1.{number}" for number in range(200))))
    told = (
        line(NOW, f"wp-plugin/many 1.{number}.0.0", address=f"192.0.2.{number}")
        for number in range(200)
    )
    count(data, b"".join(told))

    named = {("many", f"1.{number}"): 1 for number in range(50)}
    assert totals(data) == totals(data, "install_day") == {**named, ("many", ""): 150}


def test_an_ipv6_network_is_one_address(shop: Path) -> None:
    """Who has one address of a /64 has them all; the next network is another."""
    addresses = [
        "2001:db8::1",
        "2001:db8::ffff:1",
        "2001:db8:0:0:1::",
        "2001:db8:0:1::",
        "fe80::1%e",
    ]
    count(shop, b"".join(line(NOW, "wp-plugin/one 1.0.0.0", address=one) for one in addresses))

    assert totals(shop) == {("one", "1.0"): 3}


def test_odd_addresses_count(shop: Path) -> None:
    """What nginx may write for an address is taken as it is; what it never writes is refused."""
    for address in ("unix:", "", "ä:"):
        count(shop, line(NOW, "wp-plugin/one 1.0.0.0", address=address), name=f"log-{address!a}")

    assert totals(shop) == {("one", "1.0"): 2}


def test_times_must_be_possible(shop: Path) -> None:
    """A day ahead and a year back are the limits; beyond them a line is refused."""
    one = "wp-plugin/one 1.0.0.0"
    times = [NOW + 86_000, NOW + 87_000, NOW - 364 * 86_400, NOW - 366 * 86_400, 5]
    tally = count(shop, b"".join(line(at, one) for at in times))

    assert totals(shop) == {("one", "1.0"): 2}
    assert tally.refused == 3


def test_refused_lines_are_named_by_number(shop: Path) -> None:
    """Also those of a later reading of the same log; the first ten are named."""
    good = line(NOW, "wp-plugin/one 1.0.0.0")
    first = good + b"nonsense\n" + good
    tally = count(shop, first)
    more = count(shop, first + b"\n" * 20 + b"x" * (MAX_BYTES + 5) + b"\n" + b'{"at"')

    assert tally.named == ["log, line 2: it is not JSON"]
    assert (more.refused, len(more.named), more.lines) == (22, 10, 22)
    assert more.named[0] == "log, line 4: it is not JSON"


def test_a_line_without_an_end_waits(shop: Path) -> None:
    """While it may still grow it is not read; when nobody writes any more it is refused."""
    text = line(NOW, "wp-plugin/one 1.0.0.0")
    waiting = count(shop, text + text[:-1], ended=False)
    grown = count(shop, text + line(NOW + 3600, "wp-plugin/one 1.0.0.0") + text[:5], ended=False)
    ended = count(shop, text + line(NOW + 3600, "wp-plugin/one 1.0.0.0") + text[:5])

    assert (waiting.lines, waiting.installs) == (1, 1)
    assert (grown.lines, grown.installs, grown.refused) == (1, 1, 0)
    assert ended.named == ["log, line 3: it breaks off"]


_AT = st.integers(HOUR - 7200, HOUR + 3600)
_ONE = st.sampled_from(["wp-plugin/one 1.0.0.0", "wp-plugin/two 1.0.0.0", "wp-plugin/one 9.9.9.9"])
_LINES = st.lists(
    st.builds(
        lambda at, many, last: line(at, *many, address=f"192.0.2.{last}"),
        _AT,
        st.lists(_ONE, max_size=3),
        st.integers(1, 2),
    )
    | st.sampled_from([b"nonsense\n", b"\n", line(NOW, "wp-plugin/one 1.0.0.0", agent="curl")]),
    max_size=12,
)


def _expected(content: bytes) -> dict[tuple[str, str], int]:
    """Count anew, as simply as can be."""
    seen: dict[tuple[int, str, str], str] = {}
    for text in content.splitlines():
        try:
            entry = json.loads(text)
            if not entry["agent"].startswith("Composer"):
                continue
            said = json.loads(entry["body"])["downloads"]
        except ValueError:
            continue
        for one in said:
            slug = one["name"].partition("/")[2]
            version = one["version"].removesuffix(".0.0") if one["version"] == "1.0.0.0" else ""
            seen.setdefault((entry["at"] // 3600, entry["address"], slug), version)
    found: dict[tuple[str, str], int] = {}
    for (_, _, slug), version in seen.items():
        found[slug, version] = found.get((slug, version), 0) + 1
    return found


@settings(max_examples=60, deadline=None)
@given(
    content=_LINES.map(b"".join),
    cuts=st.lists(st.integers(0, 4000), max_size=4),
    batch=st.integers(1, 900),
)
def test_any_instalments_count_the_same(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, cuts: Sequence[int], batch: int
) -> None:
    """A log read while it grows, in batches of any size, gives what one reading gives."""
    data = tmp_path_factory.mktemp("data")
    build(data, with_versions("one", "1.0"), with_versions("two", "1.0"))
    before, counting._BATCH = counting._BATCH, batch
    try:
        for cut in sorted(cuts):
            count(data, content[:cut], ended=False)
        count(data, content)
    finally:
        counting._BATCH = before

    assert totals(data) == _expected(content)
    assert totals(data, "install_day") == totals(data)


def test_days_and_months(shop: Path) -> None:
    """Each install counts for its own day and month, in UTC, across the ends of both."""
    ends = ["2026-10-31T23:59:59", "2026-11-01T00:00:00", "2026-11-01T23:59:59", "2026-11-02T00:00"]
    times = [datetime.fromisoformat(one).replace(tzinfo=UTC).timestamp() for one in ends]
    count(shop, b"".join(line(at, "wp-plugin/one 1.0.0.0") for at in times))
    with database.reading(shop) as db:
        days = db.execute("SELECT day * 86400, count FROM install_day ORDER BY 1").fetchall()
        months = db.execute("SELECT month, count FROM install_month ORDER BY 1").fetchall()

    assert [(datetime.fromtimestamp(at, UTC).day, number) for at, number in days] == [
        *((31, 1), (1, 2), (2, 1))
    ]
    assert months == [(202610, 1), (202611, 3)]


@given(st.integers(0, 40_000))
def test_every_day_lies_in_its_month(day: int) -> None:
    """A month's first and last day are in it, and the days beside them are not."""
    month = counting._month(day)
    first, last = counting._days(month)

    assert first <= day <= last
    assert counting._month(first) == counting._month(last) == month
    assert counting._month(last + 1) != month
    assert first == 0 or counting._month(first - 1) != month


def test_exactly_the_packages_with_installs_change(shop: Path) -> None:
    """They are stamped for the next release once; nothing counted is no change."""

    def state() -> tuple[int, list[str]]:
        with database.reading(shop) as db:
            generation = database.generation(db)
            rows = db.execute("SELECT slug FROM package WHERE changed_in = ?", (generation,))
            return generation, sorted(slug for (slug,) in rows.fetchall())

    before = state()[0]
    count(shop, b"nonsense\n" + line(NOW, "wp-plugin/nothing 1.0.0.0"), name="a")
    assert state()[0] == before
    count(shop, line(NOW, "wp-plugin/one 1.0.0.0"), name="b")
    assert state() == (before + 1, ["one"])
    count(shop, line(NOW, "wp-plugin/one 1.0.0.0"), name="c")
    assert state()[0] == before + 1


def test_no_address_and_no_agent_is_kept(shop: Path) -> None:
    """Not a byte of either is in the catalogue's files, whatever the line was worth."""
    address, agent = "203.0.113.77", AGENT.replace("6.18.44", "77.77.77-kernel")
    count(
        shop,
        line(NOW, "wp-plugin/one 1.0.0.0", address=address, agent=agent)
        + line(NOW, "wp-plugin/none 1.0.0.0", address=address, agent="Composer/77.77.77-kernel")
        + whole(NOW, "nonsense", address, agent),
    )
    (shop / "log").unlink()
    kept = b"".join(path.read_bytes() for path in shop.iterdir())

    assert address.encode() not in kept
    assert b"77.77.77-kernel" not in kept


def test_the_key_is_another_each_day_and_goes_with_the_day(shop: Path) -> None:
    """The same install has another hash under another key; after a day both are gone."""

    def marks() -> dict[int, int]:
        with database.reading(shop) as db:
            return dict(db.execute("SELECT hour, mark FROM install_seen").fetchall())

    days = [NOW - 86_400, NOW]
    count(shop, b"".join(line(at, "wp-plugin/one 1.0.0.0") for at in days))
    before = marks()
    with database.writing(shop) as db:
        keys = [key for (key,) in db.execute("SELECT key FROM install_key ORDER BY day").fetchall()]
        counting.forget(db, NOW + 3600)
        left = db.execute("SELECT day FROM install_key").fetchall()
        hours = list(marks())
        counting.forget(db, NOW + 2 * 86_400)
        none = db.execute("SELECT day FROM install_key").fetchall()

    assert len(set(before.values())) == 2
    assert len(set(keys)) == 2
    assert {len(key) for key in keys} == {32}
    assert hours == [NOW // 3600]
    assert left == [(day // 86_400,) for day in days]  # 11 o'clock: yesterday's evening is kept
    assert none == []
    assert marks() == {}


def test_old_days_go_and_their_months_stay(shop: Path) -> None:
    """Daily totals are kept for 400 days; what is forgotten is in the totals for ever."""
    count(shop, line(NOW - 300 * 86_400, "wp-plugin/one 1.0.0.0"))
    with database.writing(shop) as db:
        counting.forget(db, NOW + 200 * 86_400)
    count(shop, line(NOW, "wp-plugin/one 1.0.0.0"), name="later")

    assert totals(shop) == {("one", "1.0"): 2}
    with database.reading(shop) as db:
        days = db.execute("SELECT day FROM install_day").fetchall()
    assert days == [(NOW // 86_400,)]


def test_a_withdrawn_package_still_counts(shop: Path) -> None:
    """Its lock files still install it."""
    build(shop, with_versions("two", "1.0"), now=7)
    count(shop, line(NOW, "wp-plugin/one 1.0.0.0"))

    assert totals(shop) == {("one", "1.0"): 1}


def test_logs_are_set_aside_under_names_of_their_own(tmp_path: Path) -> None:
    """An empty or missing log stays; two in one second do not meet; other files are not ours."""
    log = InstallLog(tmp_path / "downloads.log")
    now = datetime(2026, 11, 23, tzinfo=UTC)

    assert log.waiting() == []
    assert log.set_aside(now) is None
    log.path.touch()
    assert log.set_aside(now) is None
    aside = []
    for content in ("a", "b"):
        log.path.write_text(content)
        aside.append(log.set_aside(now))
    for name in ("downloads.log.1", "downloads.log.1.gz", "downloads.log.x-y", "other.log"):
        (tmp_path / name).touch()

    assert log.waiting() == sorted(path for path in aside if path)
    assert len(set(aside)) == 2
    assert InstallLog(tmp_path / "nowhere" / "log").waiting() == []


def test_the_kernel_knows_who_writes(tmp_path: Path) -> None:
    """In use while it is open for writing, by whomever; open for reading is no matter."""
    log = tmp_path / "log"
    log.write_text("x")
    with log.open("a"):
        assert in_use(log, math.inf)
    with log.open("rb"):
        assert not in_use(log, 0)
