"""What a release tells of the catalogue as a whole, against a count of every row."""

import random
import sqlite3
from pathlib import Path

import pytest

from catalog import database
from publish.cards import wanted
from publish.site import figures

_NOW = 1_790_000_000


@pytest.mark.parametrize("seed", range(5))
def test_what_is_read_off_is_what_is_counted_out(data: Path, seed: int) -> None:
    """Open, closed and withdrawn packages, with and without a card: every figure is the truth."""
    with database.writing(data) as db:
        packages = _filled(db, random.Random(seed), 60 * seed)
        told = figures.vitals(db, _NOW)
    listed = [one for one in packages if one["withdrawn_at"] is None]
    drawn = [one for one in listed if one["drawn_at"]]
    opened = [one for one in listed if one["closure"] is None]

    assert told["cards"] == {
        "current": sum(one["changed_at"] <= one["drawn_at"] for one in drawn),
        "stale": sum(one["changed_at"] > one["drawn_at"] for one in drawn),
        "failed": 0,
        "never": len(listed) - len(drawn),
    }
    assert told["catalogue"] == {
        "plugin": sum(one["type"] == "plugin" for one in opened),
        "theme": sum(one["type"] == "theme" for one in opened),
        "closed": len(listed) - len(opened),
        "withdrawn": len(packages) - len(listed),
        "refused": 0,
    }
    assert told["card_age"] == _ages([one["drawn_at"] for one in packages if one["drawn_at"]])
    assert told["release_age"] == _ages([one["updated"] for one in listed if one["updated"]])


def test_a_card_that_was_compared_is_not_stale(data: Path) -> None:
    """A changed fact that is not printed counts until regenerate has looked, and no longer."""
    with database.writing(data) as db:
        _filled(db, random.Random(1), 60)
        before = figures.vitals(db, _NOW)["cards"]
        wanted.compared(
            db, database.generation(db), lambda card: card.name, lambda plate: plate.initial
        )
        after = figures.vitals(db, _NOW)["cards"]

    assert before["stale"] > 0
    assert after == before | {"stale": 0, "current": before["current"] + before["stale"]}


def _filled(db: sqlite3.Connection, chance: random.Random, count: int) -> list[dict[str, int]]:
    columns = [row[1] for row in db.execute("PRAGMA table_info(package)")]
    packages = []
    for id in range(1, count + 1):
        one = dict.fromkeys(columns, 0) | {
            "id": id,
            "type": chance.choice(("plugin", "theme")),
            "slug": f"p{id}",
            "withdrawn_at": chance.choice((None, None, _NOW)),
            "closure": chance.choice((None, None, "[]")),
            "updated": chance.choice((None, chance.randrange(_NOW))),
            "changed_at": chance.randrange(_NOW),
            "drawn_at": chance.choice((0, chance.randrange(1, _NOW))),
        }
        marks = ", ".join("?" * len(columns))
        db.execute(f"INSERT INTO package VALUES ({marks})", [one[name] for name in columns])
        if one["drawn_at"]:
            values = (id, f"{id:032}", "{}", "", 1200, 630, one["drawn_at"])
            db.execute("INSERT INTO card VALUES (?, ?, ?, ?, ?, ?, ?, '')", values)
        packages.append(one)
    return packages


def _ages(moments: list[int]) -> dict[str, int]:
    ages = sorted(_NOW - moment for moment in moments)
    if not ages:
        return {}
    shares = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "oldest": 1}
    return {name: ages[int(share * (len(ages) - 1))] for name, share in shares.items()}
