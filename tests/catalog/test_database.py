"""catalog.db of older versions: brought up to date, and what was stored wrongly taken back."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from catalog import database
from scripts import build
from tests.conftest import ROOT, Source, record

_SCHEMA = ROOT / "catalog" / "schema"
_POISON = -62_135_683_140  # 0001-01-01T00:00:00+23:59
_FAR = 253_402_214_400  # in the year 9999


def _older(data: Path, version: int, *packages: dict[str, Any]) -> None:
    """Make a catalog.db as an older version left it."""
    data.mkdir(exist_ok=True)
    with closing(sqlite3.connect(data / "catalog.db", isolation_level=None)) as db:
        for number in range(1, version + 1):
            db.executescript((_SCHEMA / f"{number:03}.sql").read_text())
        db.execute(f"PRAGMA user_version = {version}")
        for facts in packages:
            row = {
                **dict.fromkeys(("name", "description", "version", "author", "author_url"), ""),
                **dict.fromkeys(("homepage", "requires", "tested", "requires_php"), ""),
                **dict.fromkeys(("download_link", "line_digest"), ""),
                **dict.fromkeys(("changed_in", "facts_in", "changed_at"), 0),
                "type": "plugin",
                "tags": "[]",
                "versions": "[]",
                **facts,
            }
            db.execute(
                f"INSERT INTO package ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                [*row.values()],
            )


def _closed(date: str) -> str:
    return json.dumps([date, "security-issue", "Größe", True], ensure_ascii=False)


def test_what_was_stored_as_a_date_and_is_none_is_taken_back(data: Path) -> None:
    """Each such package counts as changed; what is right stays as it is."""
    _older(
        *(data, 5),
        {"slug": "old", "updated": _POISON},
        {"slug": "far", "updated": _FAR},
        {"slug": "good", "updated": 1_767_323_045, "closure": _closed("2026-04-09")},
        {"slug": "none", "closure": _closed("")},
        {"slug": "timed", "updated": 1_767_323_045, "closure": _closed("2024-10-24 05:12:33")},
        {"slug": "unreal", "closure": _closed("2024-02-31")},
        {"slug": "words", "closure": _closed("yesterday")},
        {"slug": "unsent", "name": "a\uffff", "tags": json.dumps(["x\ufffe"], ensure_ascii=False)},
    )
    with database.writing(data) as db:
        rows = db.execute("SELECT slug, updated, closure, name, tags, facts_in FROM package")
        found = {row[0]: row[1:] for row in rows.fetchall()}
    days = {slug: json.loads(row[1])[0] for slug, row in found.items() if row[1]}

    assert {slug for slug, row in found.items() if row[0]} == {"good", "timed"}
    assert days == {"good": "2026-04-09", "none": "", "timed": "2024-10-24"} | dict.fromkeys(
        ("unreal", "words"), ""
    )
    assert all(json.loads(row[1])[2:] == ["Größe", True] for row in found.values() if row[1])
    assert found["unsent"][2:4] == ("a", '["x"]')
    assert {slug for slug, row in found.items() if row[4]} == (found.keys() - {"good", "none"})


def test_the_time_of_a_version_that_is_none_is_taken_back(data: Path) -> None:
    """Its metadata is due again; the other versions keep theirs."""
    _older(data, 5, {"slug": "one", "facts_in": 7}, {"slug": "two", "facts_in": 7})
    known = {"1.0": [_FAR, "7.4"], "0.9": [1_767_323_045, ""], "0.1": [None, ""]}
    right = {"1.0": [1_767_323_045, ""]}
    with closing(sqlite3.connect(data / "catalog.db", isolation_level=None)) as db:
        db.executemany(
            "INSERT INTO metadata VALUES (?, 7, '', '', '', '', '[]', ?)",
            [(1, json.dumps(known)), (2, json.dumps(right))],
        )
    with database.writing(data) as db:
        rows = db.execute("SELECT facts_in, known FROM metadata ORDER BY package_id").fetchall()

    assert rows[0][0] != 7 == rows[1][0]
    assert json.loads(rows[0][1]) == {**known, "1.0": [None, "7.4"]}
    assert json.loads(rows[1][1]) == right


def test_what_a_tag_learnt_of_a_version_that_only_trunk_holds_is_taken_back(data: Path) -> None:
    """The newest tag that bears anything; a package whose announced version is a tag keeps all."""
    _older(data, 6, {"slug": "trunk", "facts_in": 7}, {"slug": "tagged", "facts_in": 7})
    known = {"6.0": [1_767_323_045, "8.1"], "5.0": [1_700_000_000, "7.4"], "6.1-beta1": [None, ""]}
    kept = [["6.1-beta1", "6.1-beta1", None, "", ""]]
    kept += [[raw, raw, *known[raw], ""] for raw in ("6.0", "5.0")]
    untagged = ["8.0", "", None, "", "There is no tag 8.0; only trunk holds it."]
    with closing(sqlite3.connect(data / "catalog.db", isolation_level=None)) as db:
        db.executemany(
            "INSERT INTO metadata VALUES (?, 7, '', '', '', '', ?, ?)",
            [
                (1, json.dumps([*kept, untagged]), json.dumps(known)),
                (2, json.dumps(kept), json.dumps(known)),
            ],
        )
    with database.writing(data) as db:
        rows = db.execute("SELECT facts_in, known FROM metadata ORDER BY package_id").fetchall()

    assert rows[0][0] != 7 == rows[1][0]
    assert json.loads(rows[0][1]) == {**known, "6.0": [None, ""]}
    assert json.loads(rows[1][1]) == known


def test_whose_a_package_is_is_taken_from_its_link(data: Path) -> None:
    """Where that is a profile: what is closed, or gone from the source, is read no more."""
    profile = "https://profiles.wordpress.org"
    links = (
        *(f"{profile}/ann/", f"{profile}/a_b-1", f"{profile}/a/b/", f"{profile}/", ""),
        *("https://example.org/ann/", "https://ann.example/?x=https://profiles.wordpress.org/ann/"),
    )
    _older(data, 8, *({"slug": str(n), "author_url": link} for n, link in enumerate(links)))
    with database.writing(data) as db:
        found = [account for (account,) in db.execute("SELECT account FROM package ORDER BY id")]

    assert found == ["ann", "a_b-1", "", "", "", "", ""]


def test_a_stored_date_that_no_calendar_has_ends_no_build(data: Path, source: Source) -> None:
    """Stored by an older version, it ended every build after it."""
    _older(
        data, 5, {"slug": "one", "updated": _POISON, "versions": '[["1.0", "https://a.example/"]]'}
    )

    assert build.main(["--data", str(data), "--source", str(source(record("one")))]) == 0
