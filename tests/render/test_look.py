"""What a card looks like, measured on the layout and on the pixels."""

import itertools
import math
import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageChops

from release.text import clean
from render import TEMPLATES, Card, CardRenderer, fonts, package_card, site_card
from render.card import FIELDS
from render.engine import Engine
from render.engine import engine as engine_of
from render.fit import Block
from render.layout import Box, Placed, Words
from render.paint import ink_box
from render.palette import mix
from render.template import HEIGHT, WIDTH
from render.typeset import OVERHANG
from tests.render.cases import GOLDEN
from tests.render.picture import contrast, opened

# The frame's inner line; a platform may cut off what is beyond.
_FRAME_TOP, _FRAME_BOTTOM, _FRAME_RIGHT = 33, 597, 1167
_CLEAR = 16  # px between neighbours; 15 look like a mistake
_LEAST = {
    frozenset(("name", "subtitle")): 8,  # two parts of one name
}
_PLATE = ("kind", "site-name", "for", "initial")
_FACTS = ("installs", "installs-label", "downloads", "downloads-label", "version")
_ENDS_WITH_SEPARATOR = re.compile(r".*([–—|│·]|\s[-\u2010-\u2012\u2212:/])\Z").match
_BEGINS_WITH_SEPARATOR = re.compile(r"[–—|│·]|[-\u2010-\u2012\u2212:/]\s").match
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc-\u30fe]").match
_HANGUL = re.compile("[\uac00-\ud7a3]").match
_BREAKS = re.compile("[\u2060\u200b\u00ad\\s]")  # and blanks, which a line's end takes
# Scripts that part their words by blanks.
_SPACED = re.compile("[A-Za-z\u00c0-\u0e00\u1e00-\u1fff\uac00-\ud7a3]").match
_SMALLEST = 28
_LONG_WORD = 40  # letters; of one like that, only a part may fit
_DARK, _LIGHT = (30, 31, 34), (255, 255, 255)


def check(card: Card, engine: Engine) -> None:
    """Check that every word is there, inside its page and its box and clear of its neighbours."""
    placed = engine.place(card)
    check_all_is_said(card, placed)
    check_distances(placed)
    for words in placed.words:
        check_words(words)


def check_all_is_said(card: Card, placed: Placed) -> None:
    """Check that every fact with a printable letter is on the card."""
    shown = {words.block.slot.id for words in placed.words}
    for name in FIELDS:
        text = "".join(char for char in getattr(card, name) if fonts.drawn(char))
        mark = (card.template == "closed" and name == "description") or (
            name == "initial" and (card.picture or card.template == "site")
        )
        # What speaks against a version stands in its place, before it.
        slot = "version" if name == "note" and card.version else name
        if clean(text, 700) and not mark:
            assert slot in shown, (name, card)


def check_distances(placed: Placed) -> None:
    """Check that what stands on a page is 16 px and more from its neighbours and from the frame."""
    page = [words for words in placed.words if words.block.slot.id not in _PLATE]
    boxes = [(words.block.slot.id, words.box) for words in page]
    boxes += [(flourish.ornament.id, flourish.box) for flourish in placed.flourishes]
    left = min(box.x for name, box in boxes if name in ("hairline", "name"))
    for words in page:
        ink = _ink(words)
        assert ink.y >= _FRAME_TOP + _CLEAR, words.block
        assert ink.y + ink.height <= _FRAME_BOTTOM - _CLEAR, words.block
        assert ink.x + ink.width <= _FRAME_RIGHT - _CLEAR, words.block
        assert ink.x >= left - OVERHANG, words.block
    for (one, first), (other, second) in itertools.combinations(boxes, 2):
        least = _LEAST.get(frozenset((one, other)), _CLEAR)
        if one in _FACTS and other in _FACTS:
            assert _apart(first, second) >= 11.5, (one, first, other, second)
        else:
            assert _apart(first, second) >= least - 0.5, (one, first, other, second)


def check_words(words: Words) -> None:
    """Check one block: its letters, its size, its box, and that its lines do not meet."""
    setting, may, ink = words.block.setting, ink_box(words), _ink(words)
    assert setting.unknown == 0, words.block.text
    assert setting.size >= _SMALLEST
    assert setting.lines <= max(lines for _, lines in words.block.slot.fits)
    assert ink.x >= may.x - 1, words.block
    assert ink.x + ink.width <= may.x + may.width + 1, words.block
    assert ink.y >= may.y - 1, words.block
    assert ink.y + ink.height <= may.y + may.height + 1, words.block
    for above, below in itertools.pairwise(setting.line_inks()):
        assert above[1] < below[0], words.block.text


def check_breaks(words: Words) -> None:
    """Check that lines end where readers expect it, and a text that is cut at a word's end."""
    block = words.block
    lines = [
        line.replace("\u2060", "").replace("\u00a0", " ").strip() for line in block.setting.words()
    ]
    for above, below in itertools.pairwise(lines):
        assert not _ENDS_WITH_SEPARATOR(above), lines
        assert not _BEGINS_WITH_SEPARATOR(below), lines
    for above, below in itertools.pairwise(lines):
        parted = any(of(above[-1]) and of(below[0]) for of in (_KATAKANA, _HANGUL))
        assert not parted or _spaced(block, above), lines
    shown = "".join(block.setting.words())
    if shown.endswith("…") and not block.text.endswith("…"):
        last, following = _at_the_cut(block.text, shown[:-1])
        assert not (_SPACED(last) and _SPACED(following)), shown
    if max(map(len, block.text.split()), default=0) <= _LONG_WORD:
        assert block.setting.cut_at() is None, block.text


def _at_the_cut(text: str, shown: str) -> tuple[str, str]:
    """Give the last letter of a text that is shown, and what follows it in the text."""
    count = len(_BREAKS.sub("", shown))
    places = [at for at, char in enumerate(text) if not _BREAKS.match(char)]
    at = places[count - 1]
    return text[at], text[at + 1 : at + 2]


def _spaced(block: Block, line: str) -> bool:
    at = block.text.find(line) + len(line)
    return block.text[at : at + 1] == " "


def _ink(words: Words) -> Box:
    ink = words.block.setting.ink
    return Box(words.x + ink.x, words.y + ink.y, ink.width, ink.height)


def _apart(one: Box, other: Box) -> float:
    """Give how far two boxes are from each other, negative when they overlap."""
    beside = max(one.x - other.x - other.width, other.x - one.x - one.width)
    over = max(one.y - other.y - other.height, other.y - one.y - one.height)
    return max(beside, over)


def test_the_catalogue_stays_in_its_boxes(catalogue: list[Card], engine: Engine) -> None:
    """Nothing overlaps, is clipped or leaves the page on any card of the embedded catalogue."""
    assert len(catalogue) >= 150
    for card in catalogue:
        check(card, engine)
        for words in engine.place(card).words:
            check_breaks(words)


@pytest.mark.parametrize("name", GOLDEN)
def test_hazards_stay_in_their_boxes(name: str, engine: Engine) -> None:
    """Nor on any golden card."""
    check(GOLDEN[name], engine)


@pytest.mark.parametrize("name", sorted(GOLDEN.keys() - {"unbroken", "katakana", "joints"}))
def test_lines_end_where_readers_expect_it(name: str, engine: Engine) -> None:
    """No line begins or ends with a separator, and none inside a word; nor does a text."""
    for words in engine.place(GOLDEN[name]).words:
        check_breaks(words)


@pytest.mark.parametrize("letter", ["国", "の", "カ", "한", "ㄅ", "：", "हि", "ก"])
def test_latin_stands_on_one_baseline(letter: str, engine: Engine) -> None:
    """Behind a letter of any script, the ink of Latin ends on the baseline, as it does alone."""
    for slot in ("name", "author", "description"):
        alone, behind = (
            _foot_of_latin(Card("plugin", **{"name": "x", slot: text}), slot, engine)
            for text in ("HHHHH", f"{letter} HHHHH")
        )
        assert alone == behind == 0, slot


def _foot_of_latin(card: Card, slot: str, engine: Engine) -> int:
    """Give how far under the baseline the ink at the right end of a text ends, px."""
    words = next(w for w in engine.place(card).words if w.block.slot.id == slot)
    picture, ink = opened(CardRenderer()(card)).convert("L"), _ink(words)
    left, right = ink.x + ink.width - 40, ink.x + ink.width
    baseline = words.y + round(words.block.setting.baseline)
    band = picture.crop((int(left), baseline - 40, int(right) + 1, baseline + 40))
    dark = band.point(lambda level: 255 * (level < 128)).getbbox()
    assert dark is not None
    return dark[3] - 40


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
    # What Composer offers is ASCII; one that is only announced may be in any Latin letters.
    version=st.text(st.characters(max_codepoint=0x24F), max_size=120),
    author=_hostile,
    installs=st.none() | st.integers(0, 10**12),
    downloads=st.none() | st.integers(0, 10**12),
    closed=st.booleans(),
    cves=st.lists(st.sampled_from(("", "CVE-2026-123456789012")), max_size=2),
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
    cves: list[str],
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
        advisories=cves,
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

        assert ground == engine.art(GOLDEN[name]).grounds[words.block.slot.id]
        assert max(contrast(ground, ink) for ink in inks) >= (
            7 if words.block.slot.id == "name" else 4.5
        ), words.block.text


@pytest.mark.parametrize("name", ["plugin", "theme", "closed", "site"])
def test_the_edge_is_seen(name: str, engine: Engine) -> None:
    """The card's edge is of one colour that stands out on light and on dark surroundings."""
    art = engine.art(Card(name, "x"))
    rows = (0, HEIGHT - 1)
    entries = art.raster.pixels()
    edge = {entries[y * WIDTH + x] - art.palette.base for y in rows for x in range(WIDTH)}
    edge |= {
        entries[y * WIDTH + x] - art.palette.base for x in (0, WIDTH - 1) for y in range(HEIGHT)
    }
    (colour,) = (art.palette.colours[index] for index in edge)

    assert contrast(colour, _LIGHT) >= 3
    assert contrast(colour, _DARK) >= 1.9


def test_plugin_theme_and_closed_differ_in_grey_too(engine: Engine) -> None:
    """The plates differ in colour, and in their frames and words even without colour."""
    shapes = [engine.art(Card(name, "x", seed=f"{name}/x")) for name in ("plugin", "theme")]
    shapes.append(engine.art(Card("closed", "x", seed="plugin/x")))
    for one, other in itertools.combinations(shapes, 2):
        entries = zip(one.raster.memory, other.raster.memory, strict=True)
        assert sum(a != b for a, b in entries) > 1_000
    assert len({art.palette.colours[0] for art in shapes}) == 3


@pytest.mark.parametrize(
    "name",
    [
        "plain",
        "theme",
        "closed",
        "closed-theme",
        "site",
        "icon",
        "screenshot-light",
        "author",
        "tag",
    ],
)
def test_two_inks_on_paper_take_sixteen_colours(name: str, engine: Engine) -> None:
    """Each template fits four bits a pixel, and its flat colours are those of the style sheet."""
    art = engine.art(GOLDEN[name])
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
    assert abs(middle - (56 + foot) / 2) < 20
    assert {words.block.slot.id for words in least.words} == {
        "kind",
        "site-name",
        "initial",
        "name",
        "command",
    }


def test_the_site_has_its_card(renderer: CardRenderer) -> None:
    """The site's own card is drawn like any other."""
    assert opened(renderer(site_card())).size == (WIDTH, HEIGHT)


_INITIALS = "ABDHKMNQRUVWXYZ0689ÅßŹЖШЩЮپगשह多한"


@pytest.mark.parametrize("type", ["plugin", "theme"])
def test_an_initial_is_clear_of_its_frame(type: str, renderer: CardRenderer) -> None:
    """No ink of a letter is 15 px or less from the ring, or the lozenge, that it stands in."""
    x, y = 156, 231
    card = package_card(type=type, slug="s", name="x")
    bare = opened(renderer(replace(card, initial=""))).convert("L")
    for letter in _INITIALS:
        drawn = opened(renderer(replace(card, initial=letter))).convert("L")
        ink = ImageChops.difference(drawn, bare).crop((x - 118, y - 118, x + 118, y + 118))
        far = [
            (abs(at % 236 - 117.5), abs(at // 236 - 117.5))
            for at, level in enumerate(ink.tobytes())
            if level > 60
        ]
        if type == "plugin":
            clear = 87 - max(math.hypot(*one) for one in far)
        else:  # of half-diagonals 110 and 114, less half the line
            out = max(right / 110 + up / 114 for right, up in far)
            clear = (1 - out) * 110 * 114 / math.hypot(110, 114) - 2
        assert clear > 15, letter
