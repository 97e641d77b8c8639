"""What is written: size, colours, faithfulness."""

import struct

import pytest
from PIL import Image

from render import Card, CardRenderer, TooLargeError
from render.engine import Engine
from render.png import encode
from render.raster import Raster
from render.template import HEIGHT, WIDTH
from tests.render.cases import GOLDEN
from tests.render.picture import opened, psnr


def test_the_catalogue_is_small(catalogue: list[Card], renderer: CardRenderer) -> None:
    """Cards with flowers are at most 30 KB in the mean, and none is over 100 KB."""
    sizes = [len(renderer(card)) for card in catalogue]

    assert sum(sizes) / len(sizes) <= 30_000
    assert max(sizes) <= 100_000


def test_cards_are_faithful(catalogue: list[Card], renderer: CardRenderer, engine: Engine) -> None:
    """Against the same card in true colour no card has less than 42 dB."""
    golden = [card for card in GOLDEN.values() if not card.picture and not card.faces]
    for card in [*golden, *catalogue[::4]]:
        true = Image.frombytes("RGB", (WIDTH, HEIGHT), engine.true_colour(card))
        assert psnr(opened(renderer(card)), true) >= 42, card.name


@pytest.mark.parametrize("name", GOLDEN)
def test_a_card_is_an_opaque_png_of_1200_by_630(name: str, renderer: CardRenderer) -> None:
    """Every card is what the platforms take."""
    png = renderer(GOLDEN[name])
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (1200, 630)
    assert b"tRNS" not in png
    assert opened(png).getpixel((700, 45)) == (0xF9, 0xF5, 0xEA)


def test_drawing_twice_gives_the_same_bytes(renderer: CardRenderer) -> None:
    """A card depends on nothing that was drawn before it."""
    once = {name: renderer(card) for name, card in GOLDEN.items()}

    assert once == {name: renderer(GOLDEN[name]) for name in reversed(GOLDEN)}


@pytest.mark.parametrize("colours", [2, 16, 17, 256])
def test_encode_writes_what_it_was_given(colours: int) -> None:
    """Palette images of either depth come back as they were."""
    palette = [(at, 255 - at, at // 2) for at in range(colours)]
    pixels = bytes((x * y) % colours for y in range(7) for x in range(5))

    raster = Raster.framed(5, [pixels[at : at + 5] for at in range(0, 35, 5)])
    read = opened(encode(raster, palette))
    assert [read.getpixel((at % 5, at // 5)) for at in range(35)] == [palette[p] for p in pixels]


def test_a_card_that_is_too_large_is_refused() -> None:
    """Over 300 KB nothing is written."""
    noise = bytes((at * at * 2654435761 >> 13) & 255 for at in range(WIDTH * HEIGHT))
    rows = [noise[at : at + WIDTH] for at in range(0, len(noise), WIDTH)]

    with pytest.raises(TooLargeError, match="the limit is 300,000"):
        encode(Raster.framed(WIDTH, rows), [(0, 0, 0)] * 256)


def test_letters_that_touch_stay_in_their_ramp(engine: Engine) -> None:
    """Where letters overlap, ink is full, and not the next colour of the palette."""
    card = Card(
        "plugin", "ffjfjffïVAVAWA", author="ffjjff fjfj ffÅVAVAff gjjfjgf", description="ffjVA" * 9
    )
    palette = engine.art(card).palette
    indices = opened(CardRenderer()(card)).crop((320, 40, 1160, 500))
    paper = {palette.colours[at] for at in range(5, 16)}

    assert {colour for _, colour in indices.getcolors(1 << 20) or []} <= paper
