"""Where things stand on a page: what one came for is on the first screen, at every width."""

import pytest

from tests.browser.conftest import KINDS, Site, tool

_SCREENS = ((1280, 800), (390, 844))
_PACKAGES = {
    "plain": KINDS["package"],
    "longest name": "/packages/plugin/hazard-long-name",
    "unbroken name": KINDS["long"],
    "longest slug": "/packages/plugin/"
    "hazard-a-slug-as-long-as-anybody-could-want-for-any-plugin-that-does-very-little",
    "longest description": "/packages/theme/told-at-length",
    "two notices": KINDS["noted"],
    "right to left": KINDS["rtl"],
    "closed": KINDS["closed-package"],
    "theme": "/packages/theme/astra",
}
_SEEN = ("header", ".card", ".plate", ".order", ".order code", ".notice", ".vital", ".lead")

Box = dict[str, float]
Told = dict[str, list[Box]]


def _look(site: Site, paths: list[str], *selectors: str) -> dict[tuple[str, int], Told]:
    views = [
        {"url": site.url + path, "width": width, "height": height, "selectors": selectors}
        for path in paths
        for width, height in _SCREENS
    ]
    told = tool("places.mjs", given=views)
    assert isinstance(told, list)
    where = [(path, width) for path in paths for width, _ in _SCREENS]
    return dict(zip(where, told, strict=True))


@pytest.fixture(name="packages", scope="module")
def _packages(site: Site) -> dict[tuple[str, int], Told]:
    return _look(site, [*_PACKAGES.values()], *_SEEN, "h1", ".by", "dt")


def test_the_command_is_on_the_first_screen(packages: dict[tuple[str, int], Told]) -> None:
    """Whatever a package is called, says of itself or is warned of."""
    tops = {where: told[".order code"][0]["top"] for where, told in packages.items()}
    most = {1280: 360, 390: 540}

    assert {where: top for where, top in tops.items() if top > most[where[1]]} == {}


def test_the_head_is_as_high_as_a_card(packages: dict[tuple[str, int], Told]) -> None:
    """The masthead 60 px, the card 335 or little more, its plate 236 wide or a band of 92."""
    for (path, width), told in packages.items():
        card, plate = told[".card"][0], told[".plate"][0]
        if width == 1280:
            assert told["header"][0]["height"] == 60, path
            assert 335 <= card["height"] <= 380, path
            assert plate["width"] == 236, path
        else:
            assert plate["height"] == 92, path
        assert len(told[".notice"]) <= 1, path
        assert not told[".notice"] or told[".notice"][0]["bottom"] <= told[".order"][0]["top"] + 1


def test_nothing_is_said_twice_on_the_first_screen(site: Site) -> None:
    """Name, author and description stand there once each."""
    page = site.get(KINDS["package"]).text.partition('<main id="main">')[2]
    head, _, rest = page.partition('<div class="two">')

    for words in ("Akismet Anti-spam", "Automattic"):
        assert head.count(words) == 1, words
    assert rest.count("<h1") == 0


@pytest.mark.parametrize(("path", "wide", "narrow"), [("/?type=plugin", 7, 4), ("/?q=form", 7, 4)])
def test_a_list_shows_results(site: Site, path: str, wide: int, narrow: int) -> None:
    """Seven whole rows of 88 px on a first screen, four on a phone's; the heading is 26 px."""
    told = _look(site, [path], ".contents li", ".heading h1", ".sieve")

    for (_, width), boxes in told.items():
        height = dict(_SCREENS)[width]
        rows = [row for row in boxes[".contents li"] if row["bottom"] <= height]
        assert len(rows) >= {1280: wide, 390: narrow}[width]
        assert boxes[".sieve"][0]["height"] < 60
        if width == 1280:
            assert {row["height"] for row in boxes[".contents li"]} == {88}


def test_themes_are_seen(site: Site) -> None:
    """Three pictures of 336×252 beside one another."""
    told = _look(site, ["/?type=theme"], ".looks .tile, .looks img")
    pictures = told["/?type=theme", 1280][".looks .tile, .looks img"]

    assert {(one["width"], one["height"]) for one in pictures} == {(336, 252)}
    assert len({one["left"] for one in pictures}) == 3


def test_versions_fold(site: Site) -> None:
    """Whoever goes through 400 versions by Tab has few stops: ten rows, and the folds."""
    stops = "#versions :is(a, summary, button)"
    told = _look(site, [KINDS["versions"]], stops, "#versions tbody tr")

    for boxes in told.values():
        assert len(boxes[stops]) <= 30
        assert 10 <= len(boxes["#versions tbody tr"]) <= 13
