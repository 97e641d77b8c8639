"""Of when the data is: ages are measured from its newest fact, not from the day of a release."""

import json
from pathlib import Path
from typing import Any

import pytest

from server.pages.vitals import age, yearly
from server.queries.packages import Version
from tests.server.conftest import FIRST, NewVisitor, Visitor, make_release, record, switch

_DAY = 86_400
_END = 1_600_000_000
_BLANK: dict[str, Any] = dict.fromkeys(Version._fields, "")


@pytest.fixture(name="old")
def _old(tmp_path: Path, visit: NewVisitor) -> Visitor:
    """A release of 2026 whose newest fact is of May 2020."""
    records = [
        record("new", last_updated="2020-05-20 1:00pm GMT"),
        record("kept", last_updated="2019-05-20 1:00pm GMT"),
        record("left", last_updated="2018-05-19 1:00pm GMT"),
    ]
    make_release(tmp_path, records=records)
    switch(tmp_path, FIRST)
    return visit(tmp_path)


def test_every_page_says_of_when_the_data_is(old: Visitor) -> None:
    """The newest fact that is no later than the release; for machines, too."""
    for path in ("/", "/?q=new", "/packages/plugin/left", "/docs", "/status", "/nope"):
        page = old.get(path)
        assert "Data of 20 May 2020" in " ".join(page.words(".//footer/p")), path
    assert "data of 20 May 2020" in old.get("/").words(".//p[@class='tally']")[0]
    assert "data of 20 May 2020" in old.get("/?q=new").words(".//div[@class='heading']/p")[0]
    assert "data of 2020-05-20" in old.get("/index.md").text
    assert json.loads(old.get("/release.json").text)["data_of"] == "2020-05-20T13:00:00Z"


def test_neglect_is_measured_from_the_data(old: Visitor) -> None:
    """A package is long without an update when others have had one since, two years later."""
    said = {slug: old.get(f"/packages/plugin/{slug}") for slug in ("new", "kept", "left")}
    headings = {slug: page.words(".//div[@class='notice mild']/h2") for slug, page in said.items()}
    ages = {slug: page.words(".//dl[@class='vital']//dd")[0] for slug, page in said.items()}

    assert headings == {"new": [], "kept": [], "left": ["Long without an update"]}
    assert ages == {
        "new": "20 May 2020 the day the data ends",
        "kept": "20 May 2019 1 year before the data ends",
        "left": "19 May 2018 2 years before the data ends",
    }


def test_lately_is_measured_from_the_data(old: Visitor) -> None:
    """What was updated within two years of the newest fact."""
    names = old.get("/?within=2years&sort=name").words(".//ol[@class='contents']//h2")

    assert names == ["Kept", "New"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "the day the data ends"),
        (_DAY, "1 day before the data ends"),
        (29 * _DAY, "29 days before the data ends"),
        (30 * _DAY, "1 month before the data ends"),
        (364 * _DAY, "12 months before the data ends"),
        (365 * _DAY, "1 year before the data ends"),
    ],
)
def test_ages_are_words(seconds: int, words: str) -> None:
    """In one unit, rounded down."""
    assert age(seconds) == words


@pytest.mark.parametrize(
    ("released", "count"),
    [
        ([0, 10, 364, 366, 900], 3),
        ([0, 10, 364, 366, None], 3),  # what is older than a year does not matter
        ([0, None, 364, 366], None),
        ([0, 10], 2),  # all that there are
        ([400], 0),
        ([], None),
    ],
)
def test_releases_of_a_year_are_counted_or_unknown(
    released: list[int | None], count: int | None
) -> None:
    """Never guessed: a version without a date that may be of that year leaves it unknown."""
    days = [None if ago is None else _END - ago * _DAY for ago in released]
    versions = [Version(**_BLANK | {"released": day}) for day in days]
    told = yearly(versions, _END)

    assert (told and told.count) == count
    assert (told.ticks.count("M") if told else None) == count
