"""What a card looks like, measured on the layout and on the pixels."""

import itertools
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from render import TEMPLATES, Card, CardRenderer, package_card, site_card
from render.engine import Engine
from render.engine import engine as engine_of
from render.layout import Box
from render.paint import ink_box
from render.palette import mix
from render.template import HEIGHT, WIDTH
from tests.render.cases import GOLDEN
from tests.render.picture import contrast, opened

_SIDE, _TOP = 30, 30  # the frame; a platform may cut off half of that
_SMALLEST = 28
_DARK, _LIGHT = (30, 31, 34), (255, 255, 255)


def check(card: Card, engine: Engine) -> None:
    """Check that every word is inside the page, inside its box and clear of its neighbours."""
    placed = engine.place(card)
    boxes = [(words.block.slot.id, words.box) for words in placed.words]
    boxes += [(flourish.ornament.id, flourish.box) for flourish in placed.flourishes]
    for name, box in boxes:
        assert box.x >= _SIDE, (name, box)
        assert box.x + box.width <= WIDTH - _SIDE, (name, box)
        assert box.y >= _TOP, (name, box)
        assert box.y + box.height <= HEIGHT - _TOP, (name, box)
    for (one, first), (other, second) in itertools.combinations(boxes, 2):
        assert not _overlap(first, second), (one, first, other, second)
    for words in placed.words:
        setting, may = words.block.setting, ink_box(words)
        assert setting.unknown == 0, words.block.text
        assert setting.size >= _SMALLEST
        assert setting.lines <= max(lines for _, lines in words.block.slot.fits)
        ink = setting.ink
        assert words.x + ink.x >= may.x - 1, words.block
        assert words.x + ink.x + ink.width <= may.x + may.width + 1, words.block
        assert words.y + ink.y >= may.y - 1, words.block
        assert words.y + ink.y + ink.height <= may.y + may.height + 1, words.block


def _overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def test_the_catalogue_stays_in_its_boxes(catalogue: list[Card], engine: Engine) -> None:
    """Nothing overlaps, is clipped or leaves the page on any card of the embedded catalogue."""
    assert len(catalogue) >= 150
    for card in catalogue:
        check(card, engine)


@pytest.mark.parametrize("name", GOLDEN)
def test_hazards_stay_in_their_boxes(name: str, engine: Engine) -> None:
    """Nor on any golden card."""
    check(GOLDEN[name], engine)


_SCRIPTS = (
    "abcXYZ-_/. "
    "\u0300\u0301\u0316\u0337\u0488"
    "אבג"
    "ابتث"
    "नमस्ते"
    "ไทยที่"
    "日本語"
    "한국어"
    "ខ្មែរ"
    "མངོན"
    "\u200d\u200c\u200b\u202e\u2066\ufeff\x00\x1b\n\t"
    "🚀👩‍👧🇯🇵👍🏽"
    "\ud800"
    "\ue000\U0010ffff"
    "﷽𒐫꧅"
)
_hostile = st.one_of(
    st.text(st.sampled_from(_SCRIPTS), max_size=250),
    st.text(st.characters(), max_size=120),
    st.builds(lambda char, times: char * times, st.characters(), st.integers(1, 300)),
)


@settings(
    max_examples=500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(
    type=st.sampled_from(("plugin", "theme")),
    slug=st.text("abc-_09", min_size=1, max_size=200),
    name=_hostile,
    description=_hostile,
    version=_hostile,
    author=_hostile,
    installs=st.none() | st.integers(0, 10**12),
    downloads=st.none() | st.integers(0, 10**12),
    closed=st.booleans(),
)
def test_hostile_cards_stay_in_their_boxes(
    *,
    type: str,
    slug: str,
    name: str,
    description: str,
    version: str,
    author: str,
    installs: int | None,
    downloads: int | None,
    closed: bool,
) -> None:
    """Whatever a package says, its card is drawn, in its boxes, and not too large."""
    card = package_card(
        type=type,
        slug=slug,
        name=name,
        description=description,
        version=version,
        author=author,
        active_installs=installs,
        downloads=downloads,
        closed=closed,
    )
    check(card, engine_of(TEMPLATES))
    assert len(CardRenderer()(card)) <= 100_000


@pytest.mark.parametrize("name", ["plain", "theme", "closed", "site", "minimal", "arabic", "thai"])
def test_every_text_can_be_read(name: str, engine: Engine, renderer: CardRenderer) -> None:
    """Every text has a contrast of 4.5 to what it really stands on, and the name of 7."""
    picture = opened(renderer(GOLDEN[name]))
    for words in engine.place(GOLDEN[name]).words:
        box = ink_box(words)
        area = picture.crop(tuple(map(int, (box.x, box.y, box.x + box.width, box.y + box.height))))
        counts = Counter(area.get_flattened_data())
        ground = counts.most_common(1)[0][0]
        inks = [colour for colour, count in counts.items() if count >= 20]

        assert ground == engine.art(GOLDEN[name].template).grounds[words.block.slot.id]
        assert max(contrast(ground, ink) for ink in inks) >= (
            7 if words.block.slot.id == "name" else 4.5
        ), words.block.text


@pytest.mark.parametrize("name", ["plugin", "theme", "closed", "site"])
def test_the_edge_is_seen(name: str, engine: Engine) -> None:
    """The card's edge is of one colour that stands out on light and on dark surroundings."""
    art = engine.art(name)
    rows = (0, HEIGHT - 1)
    edge = {art.indices[y * WIDTH + x] - art.palette.base for y in rows for x in range(WIDTH)}
    edge |= {
        art.indices[y * WIDTH + x] - art.palette.base for x in (0, WIDTH - 1) for y in range(HEIGHT)
    }
    (colour,) = (art.palette.colours[index] for index in edge)

    assert contrast(colour, _LIGHT) >= 3
    assert contrast(colour, _DARK) >= 1.9


def test_plugin_theme_and_closed_differ_in_grey_too(engine: Engine) -> None:
    """The plates differ in colour, and in their marks even without colour."""
    shapes = {name: engine.art(name).indices for name in ("plugin", "theme", "closed")}
    for one, other in itertools.combinations(shapes.values(), 2):
        assert sum(a != b for a, b in zip(one, other, strict=True)) > 10_000
    grounds = {engine.art(name).palette.colours[0] for name in shapes}
    assert len(grounds) == 3


@pytest.mark.parametrize("name", ["plugin", "theme", "closed", "site"])
def test_two_inks_on_paper_take_sixteen_colours(name: str, engine: Engine) -> None:
    """Each template fits four bits a pixel, and its flat colours are those of the style sheet."""
    art = engine.art(name)
    assert len(art.palette.colours) == 16
    for (ground, ink), ramp in art.palette.ramps.items():
        assert art.palette.colours[ramp.first] == ground
        assert art.palette.colours[ramp.at(1)] == ink
        for share in (0.3, 0.7):
            mixed, entry = mix(ground, ink, share), art.palette.colours[ramp.at(share)]
            assert (
                ramp.length < 11 or max(abs(a - b) for a, b in zip(mixed, entry, strict=True)) <= 1
            )


def test_missing_parts_close_up(engine: Engine) -> None:
    """A card with less to say has no hole: the name moves to the middle of what is left."""
    full = engine.place(GOLDEN["plain"])
    least = engine.place(GOLDEN["minimal"])
    names = [next(w for w in p.words if w.block.slot.id == "name") for p in (full, least)]
    foot = min(f.box.y for f in least.flourishes)
    middle = names[1].box.y + names[1].box.height / 2

    assert names[1].box.y > names[0].box.y
    assert abs(middle - (54 + foot) / 2) < 20
    assert {words.block.slot.id for words in least.words} == {
        "kind",
        "site-name",
        "name",
        "command",
    }


def test_the_site_has_its_card(renderer: CardRenderer) -> None:
    """The site's own card is drawn like any other."""
    assert opened(renderer(site_card())).size == (WIDTH, HEIGHT)
