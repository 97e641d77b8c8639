"""The verb `fetch-zips`, against the host of zips on a local socket."""

import hashlib
import json
import os
import sqlite3
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from catalog import database
from catalog.journal import Journal
from catalog.zips import figures
from publish.upkeep.examination.zips import Zips as Examined
from publish.zips.store import ZipStore
from release.data import Data
from scripts import build, fetch_zips, prune
from tests.conftest import SITE_URL, Source, record
from tests.publish.zips.hosts import Handler, Zips, link, packed, plugin

_DAYS = 40 * 86_400


def untagged(slug: str, version: str = "1.2", **facts: Any) -> dict[str, Any]:
    """Make the record of a plugin whose announced version has no tag."""
    return record(
        slug, **{"version": version, "versions": {}, "download_link": link(slug), **facts}
    )


@dataclass
class Site:
    """A catalogue, and the host of its zips."""

    data: Path
    source: Source
    hosts: Zips

    def build(self, *records: dict[str, Any]) -> None:
        words = ["--source", str(self.source(*records)), "--max-withdrawn", "100%"]
        assert build.main([*self._where, *words]) == 0

    def fetch(self, *words: str, zips: str = "untagged", journal: Journal | None = None) -> int:
        asking = ["--site-url", SITE_URL, "--zips", zips, "--through", self.hosts.base]
        return fetch_zips.main([*self._where, *asking, *words], journal)

    def prune(self) -> None:
        assert prune.main([*self._where, "--grace-days", "0"]) == 0

    @property
    def _where(self) -> list[str]:
        return ["--data", str(self.data)]

    @property
    def store(self) -> ZipStore:
        return ZipStore(Data(self.data).zips)

    @property
    def unfinished(self) -> list[str]:
        return sorted(path.name for path in (self.store.folder / "unfinished").glob("*"))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(Data(self.data).catalog) as db:
            return db.execute(sql).fetchall()

    def later(self) -> None:
        """Let time pass: what is due is due so much earlier, and so is the next look for it."""
        for (rest,) in self.rows("SELECT value FROM state WHERE key = 'zips_rest'"):
            what, _, until = rest.rpartition(" ")
            sooner = f"{what} {int(until) - _DAYS}"
            self.rows(f"UPDATE state SET value = '{sooner}' WHERE key = 'zips_rest'")
        self.rows(f"UPDATE zip_failure SET due_at = due_at - {_DAYS}")

    def kept(self) -> dict[str, bytes]:
        """Give the kept zips, 'one 1.2' -> its bytes."""
        rows = self.rows(
            "SELECT slug || ' ' || raw, sha256 FROM zip JOIN package ON id = package_id"
        )
        return {label: self.store.path(sha256[:32]).read_bytes() for label, sha256 in rows}

    def reason(self, slug: str) -> str:
        sql = "SELECT reason FROM zip_failure JOIN package ON id = package_id WHERE slug = "
        return str(self.rows(f"{sql}'{slug}'")[0][0])

    def offer(self, slug: str) -> dict[str, Any]:
        sql = "SELECT offer FROM metadata JOIN package ON id = package_id WHERE slug = "
        offer: dict[str, Any] = json.loads(self.rows(f"{sql}'{slug}'")[0][0])
        return offer


@pytest.fixture(name="hosts")
def _hosts() -> Iterator[Zips]:
    with Zips().served() as hosts:
        yield hosts


@pytest.fixture(name="site")
def _site(data: Path, source: Source, hosts: Zips) -> Site:
    return Site(data, source, hosts)


def test_what_is_announced_without_a_tag_is_kept_and_nothing_else(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """A theme, a tagged plugin, a closed one and one of another host are not asked for."""
    one = site.hosts.has("one", "1.2")
    site.build(
        untagged("one"),
        record("tagged", download_link=link("tagged", "1.0")),
        untagged("shut", closed=True, closed_date="2026-01-01"),
        untagged("own", download_link="https://example.org/own.zip"),
        untagged("plain", download_link=link("plain").replace("https:", "http:")),
        untagged("strange", "1.2 free"),
        untagged("aux"),
    )
    journal = Journal()
    assert site.fetch("--contact", "https://packages.example.org", journal=journal) == 0

    assert site.kept() == {"one 1.2": one}
    assert site.offer("one")["command"] == "composer require wp-plugin/one"
    assert site.hosts.asked == ["plugin/one.zip"]
    assert site.hosts.agents == {
        "Frontispiece/0.1 (directory of WordPress packages) +https://packages.example.org"
    }
    assert journal.steps[-1].told() == {
        "step": "",
        "requests": 1,
        "unanswered": 0,
        "kept_zips": 1,
        "refused_zips": 0,
        "differing_zips": 0,
        "waiting_zips": 0,
    }
    assert "1 kept" in capsys.readouterr().out
    assert site.unfinished == []


def test_nothing_is_asked_where_nothing_changed(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor where only other facts did; and no zip is kept where that is not asked for."""
    site.hosts.has("one", "1.2")
    site.build(untagged("one"))
    assert site.fetch(zips="none") == 0
    assert site.kept() == {}
    site.fetch()
    capsys.readouterr()
    before = site.rows("SELECT * FROM zip, package")
    assert site.fetch() == 0
    assert site.rows("SELECT * FROM zip, package") == before
    site.build(untagged("one", active_installs=90_000))
    assert site.fetch() == 0

    assert len(site.hosts.asked) == 1
    assert capsys.readouterr().out.count("fetch-zips: none is due") == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no zip"),
        (b"<html>Back soon</html>", "no zip"),
        (plugin("one", "1.2")[:-30], "no zip"),
        (plugin("one", "1.3"), "the zip says 1.3"),
        (packed({"one/one.php": b"<?php // nothing"}), "the zip says no version"),
        (plugin("two", "1.2"), "not in the folder one"),
        (plugin("one", "1.2", more={"one/../../x.php": b""}), "not in the folder one"),
        (packed({}), "it is empty"),
        (
            plugin("one", "1.3", more={"one/more.php": b"<?php\n# Plugin Name: x\n# Version: 1.2"}),
            "the zip says 1.3",
        ),
    ],
)
def test_what_is_not_what_it_should_be_is_not_kept(
    site: Site, content: bytes, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named, the run goes on well, and it is asked for again, but not at once."""
    site.hosts.files["plugin/one.zip"] = content
    two = site.hosts.has("two", "1.2")
    site.build(untagged("one"), untagged("two", active_installs=1))
    assert site.fetch() == 0
    assert site.kept() == {"two 1.2": two}
    assert reason in site.reason("one")
    assert "fetch-zips: not kept: plugin/one 1.2: https://" in capsys.readouterr().out
    assert site.fetch() == 0
    assert site.hosts.asked.count("plugin/one.zip") == 1
    assert site.unfinished == []

    site.later()
    one = site.hosts.has("one", "1.2")
    assert site.fetch() == 0
    assert site.kept() == {"one 1.2": one, "two 1.2": two}
    assert site.rows("SELECT * FROM zip_failure") == []


def test_other_spellings_of_a_version_are_that_version(site: Site) -> None:
    """The zip says 1.2.0 or v1.2 where 1.2 is announced: to Composer it is the same."""
    for slug, version in (("one", "1.2.0"), ("two", "v1.2")):
        site.hosts.has(slug, version)
    old_mac = b"<?php\r/* Plugin Name: three\rVersion: 1.2 */\r"
    site.hosts.files["plugin/three.zip"] = packed({"three/main.php": old_mac})
    site.build(untagged("one"), untagged("two"), untagged("three"))
    site.fetch()

    assert set(site.kept()) == {"one 1.2", "two 1.2", "three 1.2"}


def _bomb() -> bytes:
    """Make a zip whose directory says that it has a million files."""
    name = b"one/" + b"x" * 8
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", *(20, 20, 0, 0, 0, 0), 0, 0, 0, len(name), *[0] * 4, 0, 0
    )
    directory = (entry + name) * 1_500_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(directory), 0, 0)
    return directory + end


def test_a_directory_without_measure_costs_a_worker_at_most(site: Site) -> None:
    """The next zip has its turn."""
    site.hosts.files["plugin/one.zip"] = _bomb()
    site.hosts.has("two", "1.2")
    site.build(untagged("one", active_installs=9_000), untagged("two"))
    assert site.fetch() == 0

    assert set(site.kept()) == {"two 1.2"}
    assert "memory" in site.reason("one")


def test_an_outage_is_an_outage(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """The run goes on and says so; what is missing here is no answer, and is asked for again."""
    site.hosts.faults["plugin/one.zip"] = lambda handler: handler.send(
        b"", 503, **{"Retry-After": "900"}
    )
    site.build(untagged("one"), untagged("two"))
    assert site.fetch() == 1

    assert site.kept() == {}
    assert "come back in 900 s" in capsys.readouterr().err
    site.later()
    site.hosts.faults.clear()
    site.hosts.has("one", "1.2")
    assert site.fetch() == 0
    assert set(site.kept()) == {"one 1.2"}
    assert "status 404" in site.reason("two")


def test_a_redirect_is_not_followed_to_another_host(site: Site) -> None:
    """Wherever it leads."""
    site.hosts.faults["plugin/one.zip"] = lambda handler: handler.send(
        b"", 302, Location="https://example.org/one.zip"
    )
    site.build(untagged("one"))
    assert site.fetch() == 0
    assert "to another site" in site.reason("one")


@pytest.mark.parametrize(
    "address", ["{}/ö.zip", "{}/a b.zip", "{}/a\x7f.zip", "{}/[.zip", "{}/" + "x" * 3_000]
)
def test_no_address_stops_the_run(site: Site, address: str) -> None:
    """Whatever a record says that its zip is at; the next one has its turn."""
    two = site.hosts.has("two", "1.2")
    bad = address.format("https://downloads.wordpress.org/plugin")
    site.build(untagged("one", download_link=bad, active_installs=9_000), untagged("two"))
    assert site.fetch() == 0

    assert site.kept() == {"two 1.2": two}


def test_what_is_cut_off_is_gone_on_with(site: Site) -> None:
    """In the same run: the second try asks for the rest."""
    one = site.hosts.has("one", "1.2", more={"one/data.bin": bytes(range(256)) * 64})
    cuts = [len(one) // 2]

    def cut(handler: Handler) -> None:
        handler.file(one, send=cuts.pop() if cuts else None)

    site.hosts.faults["plugin/one.zip"] = cut
    site.build(untagged("one"))
    assert site.fetch() == 0

    assert site.kept() == {"one 1.2": one}
    assert site.hosts.ranges == [f"{len(one) // 2}-"]


def test_another_file_is_not_gone_on_with(site: Site) -> None:
    """Where it changed in between, it comes from its beginning."""
    old = plugin("one", "1.2", more={"one/old.txt": b"old" * 999})

    def cut(handler: Handler) -> None:
        del site.hosts.faults["plugin/one.zip"]
        handler.file(old, send=len(old) // 2)

    site.hosts.faults["plugin/one.zip"] = cut
    one = site.hosts.has("one", "1.2")
    site.build(untagged("one"))
    assert site.fetch() == 0

    assert site.kept() == {"one 1.2": one}
    assert site.hosts.ranges == []


def test_what_came_before_a_restart_of_the_machine_comes_again(site: Site) -> None:
    """After a power cut there may be holes in it."""
    one = site.hosts.has("one", "1.2", more={"one/data.bin": bytes(range(256)) * 64})
    site.build(untagged("one"))
    site.hosts.faults["plugin/one.zip"] = lambda handler: handler.file(one, send=999)
    assert site.fetch() == 1
    for path in (site.store.folder / "unfinished").glob("*.of.tmp"):
        boot, told = path.read_text().split("\n")
        path.write_text(f"{int(boot) - 90}\n{told}")
    site.hosts.faults.clear()
    site.hosts.ranges.clear()
    site.later()
    assert site.fetch() == 0

    assert site.hosts.ranges == []
    assert site.kept() == {"one 1.2": one}


def test_another_content_is_never_swapped_in(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told once, with exit code 0; a zip packed anew with the same files is none."""
    one = site.hosts.has("one", "1.2")
    site.build(untagged("one"))
    site.fetch()
    assert site.hosts.has("one", "1.2", day=2) != one
    site.build(untagged("one", last_updated="2026-02-02 3:04am GMT"))
    assert site.fetch() == 0
    assert site.rows("SELECT * FROM zip_difference") == []

    site.hosts.has("one", "1.2", more={"one/new.php": b"<?php"})
    site.build(untagged("one", last_updated="2026-02-03 3:04am GMT"))
    capsys.readouterr()
    journal = Journal()
    journal.begin("fetch-zips")
    assert site.fetch(journal=journal) == 0
    assert site.kept() == {"one 1.2": one}
    told = f"plugin/one 1.2: {link('one')} holds other files than the zip kept"
    assert told in capsys.readouterr().err
    assert (journal.steps[-1].differing_zips, journal.steps[-1].reason) == (1, told)
    assert [raw for (raw,) in site.rows("SELECT raw FROM zip_difference")] == ["1.2"]

    assert site.fetch() == 0
    site.build(untagged("one", last_updated="2026-02-04 3:04am GMT"))
    assert site.fetch() == 0
    assert told not in capsys.readouterr().err
    assert site.kept() == {"one 1.2": one}
    assert len(site.hosts.asked) == 4


def test_a_tag_that_comes_later_is_compared(site: Site) -> None:
    """Once; what is kept stays, and stays what is offered."""
    one = site.hosts.has("one", "1.2")
    site.build(untagged("one"))
    site.fetch()
    site.hosts.files["plugin/one.1.2.zip"] = plugin("one", "1.2", more={"one/x": b"x"})
    tagged = {"versions": {"1.2": link("one", "1.2")}}
    site.build(untagged("one", **tagged))
    site.fetch()
    site.build(untagged("one", **tagged, last_updated="2026-02-04 3:04am GMT"))
    site.fetch()

    assert site.hosts.asked == ["plugin/one.zip", "plugin/one.1.2.zip"]
    assert site.rows("SELECT origin FROM zip_difference") == [(link("one", "1.2"),)]
    assert site.kept() == {"one 1.2": one}
    (versions,) = site.rows("SELECT versions FROM metadata")[0]
    assert json.loads(versions)[0][5].startswith(f"{SITE_URL}/zips/")


def test_the_limit_stops_with_a_clear_line(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """What was kept before stays; the exit code is 0, and a higher limit goes on."""
    slugs = [f"p{number}" for number in range(12)]
    for slug in slugs:
        site.hosts.has(slug, "1.2", more={f"{slug}/a": hashlib.sha256(slug.encode()).digest() * 99})
    site.build(*map(untagged, slugs))
    size = len(site.hosts.files["plugin/p0.zip"])
    assert site.fetch("--zips-limit", str(5 * size + 50)) == 0
    told = capsys.readouterr().err

    assert 1 <= len(site.kept()) <= 5
    assert sum(map(len, site.kept().values())) <= 5 * size + 50
    assert "of ZIPS_LIMIT" in told
    assert f"{12 - len(site.kept())} zips wait" in told
    assert site.unfinished == []
    asked = len(site.hosts.asked)
    assert site.fetch("--zips-limit", str(5 * size + 50)) == 0
    again = capsys.readouterr()
    assert ("of ZIPS_LIMIT" in again.out, again.err) == (True, "")
    assert len(site.hosts.asked) == asked
    assert site.fetch("--zips-limit", "1K") == 0  # lowered: that is news
    assert "of ZIPS_LIMIT 1.0 KB are used" in capsys.readouterr().err
    assert site.fetch("--zips-limit", "1K") == 0
    assert capsys.readouterr().err == ""
    with database.reading(site.data) as db:
        assert figures(db)["full"]
    assert site.fetch("--zips-limit", "1G") == 0
    with database.reading(site.data) as db:
        assert not figures(db)["full"]
    assert len(site.kept()) == 12


def _endless(handler: Handler) -> None:
    """Send and send, without saying how much it will be."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    while True:
        handler.wfile.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")


def _huge(handler: Handler) -> None:
    """Say that it will be too much."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(600 << 20))
    handler.end_headers()


def test_no_zip_takes_more_than_there_is_room_for(site: Site) -> None:
    """Be it said beforehand or not; what came of it goes."""
    site.hosts.faults["plugin/huge.zip"] = _huge
    site.build(untagged("huge"))
    assert site.fetch() == 0
    assert "larger than" in site.reason("huge")
    site.hosts.faults["plugin/endless.zip"] = _endless
    site.build(untagged("endless"))
    assert site.fetch("--zips-limit", "2M") == 0
    assert site.unfinished == []
    site.hosts.has("endless", "1.2")
    site.hosts.faults.clear()
    assert site.fetch("--zips-limit", "3M") == 0

    assert set(site.kept()) == {"endless 1.2"}


def test_so_many_a_run_the_most_installed_first(site: Site) -> None:
    """The rest waits for the next run."""
    slugs = ["one", "two", "three"]
    for slug in slugs:
        site.hosts.has(slug, "1.2")
    site.build(*(untagged(slug, active_installs=10**n) for n, slug in enumerate(slugs, 1)))
    journal = Journal()
    site.fetch("--zips-per-run", "2", journal=journal)

    assert set(site.kept()) == {"three 1.2", "two 1.2"}
    assert journal.steps[-1].waiting_zips == 1
    site.fetch("--zips-per-run", "2")
    assert set(site.kept()) == {"three 1.2", "two 1.2", "one 1.2"}


def test_of_all_the_newest_come_first(site: Site) -> None:
    """Of each package its newest version, then the one before; a tag needs no header."""
    for slug in ("one", "two"):
        for version in ("1.0", "1.1"):
            site.hosts.files[f"plugin/{slug}.{version}.zip"] = plugin(slug, "whatever")
    site.hosts.has("bare", "1.2")
    versions = {slug: {v: link(slug, v) for v in ("1.0", "1.1")} for slug in ("one", "two")}
    site.build(
        record("one", version="1.1", versions=versions["one"], active_installs=9),
        record("two", version="1.1", versions=versions["two"], active_installs=90),
        untagged("bare"),
        record("own", versions={"1.0": "https://example.org/own.1.0.zip"}),
    )
    site.fetch("--zips-per-run", "3", zips="all")
    assert set(site.kept()) == {"bare 1.2", "two 1.1", "one 1.1"}
    site.fetch(zips="all")
    site.fetch(zips="all")

    assert len(site.kept()) == len(site.hosts.asked) == 5
    (main,) = site.rows("SELECT versions FROM metadata ORDER BY package_id")[0]
    assert all(one[5].startswith(f"{SITE_URL}/zips/") for one in json.loads(main))


def test_kept_zips_outlive_pruning_and_what_is_abandoned_does_not(site: Site) -> None:
    """What began to come goes after a week."""
    site.hosts.has("one", "1.2")
    site.build(untagged("one"))
    site.fetch()
    old, new = site.store.coming("old"), site.store.coming("new")
    for path, times in ((old, (0, 0)), (new, None)):
        path.write_bytes(b"PK")
        if times:
            os.utime(path, times)
    site.prune()

    assert set(site.kept()) == {"one 1.2"}
    assert (old.exists(), new.exists()) == (False, True)


@pytest.mark.parametrize("damage", ["gone", "other"])
def test_the_doctor_has_a_lost_zip_asked_for_again(site: Site, damage: str) -> None:
    """One that is not there, or is not what it was; until then it is not offered."""
    one = site.hosts.has("one", "1.2")
    site.build(untagged("one"))
    site.fetch()
    doctor = Examined(site.data)
    assert list(doctor.look()) == []
    (name,) = site.store.all()
    path = site.store.path(name)
    path.write_bytes(one[:-1] + b"x") if damage == "other" else path.unlink()
    (fault,) = doctor.look()

    assert "plugin/one 1.2" in fault.what
    doctor.mend()
    assert list(doctor.look()) == []
    assert site.kept() == {}
    site.build(untagged("one"))
    assert site.offer("one")["case"] != "announced"
    assert site.fetch() == 0
    assert site.kept() == {"one 1.2": one}


def test_another_address_of_the_site_is_told_everywhere(site: Site) -> None:
    """The zips are not asked for again."""
    site.hosts.has("one", "1.2")
    site.build(untagged("one"))
    site.fetch()
    site.fetch("--site-url", "https://packages.example.org")

    (versions,) = site.rows("SELECT versions FROM metadata")[0]
    assert json.loads(versions)[0][5].startswith("https://packages.example.org/zips/")
    assert len(site.hosts.asked) == 1


def test_every_kept_zip_is_a_zip(site: Site) -> None:
    """As it came, byte by byte."""
    site.hosts.has("one", "1.2")
    site.build(untagged("one"))
    site.fetch()
    (name,) = site.store.all()

    with zipfile.ZipFile(site.store.path(name)) as archive:
        assert archive.namelist() == ["one/one.php"]
