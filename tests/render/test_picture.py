"""Prepared pictures: their form, their colours, and the cards that show them."""

import math
from dataclasses import replace

import pytest
from PIL import Image

from render import CardRenderer, PictureError, prepare_icon, prepare_screenshot
from render.engine import Engine
from render.picture import COLOURS, ICON, SCREENSHOT, digest, read_picture
from tests.render import pictures
from tests.render.cases import GOLDEN
from tests.render.picture import opened, psnr

_PAPER = (0xF9, 0xF5, 0xEA)


def _shown(prepared: bytes) -> Image.Image:
    picture = read_picture(prepared)
    image = Image.frombytes("P", (picture.width, picture.height), picture.indices)
    image.putpalette([value for colour in picture.colours for value in colour])
    return image.convert("RGB")


@pytest.mark.parametrize("size", [(1, 1), (16, 16), (256, 256), (80, 240), (3000, 20), (7, 4000)])
def test_any_image_is_prepared(size: tuple[int, int]) -> None:
    """Whatever its shape, a picture has the size of its place."""
    image = Image.new("RGBA", size, "#336699")

    assert _shown(prepare_icon(image)).size == ICON
    assert _shown(prepare_screenshot(image)).size == SCREENSHOT


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "LA", "CMYK"])
def test_any_mode_is_taken(mode: str) -> None:
    """An image is made RGBA first."""
    assert read_picture(prepare_icon(Image.new(mode, (20, 20))))


def test_an_icon_is_whole_and_lies_on_paper() -> None:
    """A tall icon is as tall as its place; what is transparent, and beside it, is paper."""
    shown = _shown(pictures.prepared("tall"))

    assert shown.getpixel((0, 100)) == shown.getpixel((203, 100)) == _PAPER
    assert shown.getpixel((102, 0)) == (0x8A, 0x2B, 0xE2)
    assert shown.getpixel((102, 200)) == _PAPER
    assert _shown(prepare_icon(Image.new("RGBA", (64, 64)))).getcolors() == [(204 * 204, _PAPER)]


def test_edges_are_not_darkened() -> None:
    """Half transparent edges mix with paper, and not with the black that transparent px hold."""
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste("#ffffff", (16, 16, 48, 48))

    assert min(_shown(prepare_icon(image)).convert("L").tobytes()) >= 240


def test_a_screenshot_fills_its_place() -> None:
    """Of a taller one the top is shown, of a wider one the middle."""
    tall = Image.new("RGBA", (400, 1200), "#00ff00")
    tall.paste("#ff0000", (0, 0, 400, 300))
    wide = Image.new("RGBA", (1200, 300), "#00ff00")
    wide.paste("#ff0000", (400, 0, 800, 300))

    for image in (tall, wide):
        shown = _shown(prepare_screenshot(image))
        assert [shown.getpixel(at) for at in ((4, 160), (212, 4), (419, 160), (212, 312))] == (
            [(255, 0, 0)] * 4
        )


def test_few_colours_stay_as_they_are() -> None:
    """A flat picture is exact: no colour is moved, and nothing is dithered."""
    image = Image.new("RGBA", ICON, "#123456")
    image.paste("#fedcba", (50, 60, 150, 160))

    assert _shown(prepare_icon(image)).tobytes() == image.convert("RGB").tobytes()


@pytest.mark.parametrize("name", ["flat", "photo", "soft", "wide", "light", "dark"])
def test_a_picture_is_faithful(name: str) -> None:
    """Its own colours keep a picture at 38 dB and more, in at most 112 of them."""
    draw, prepare = pictures.DRAWN[name]
    prepared = prepare(draw())
    with_all = Image.new("RGB", _shown(prepared).size, _PAPER)
    if name != "wide":
        scaled = draw().resize(with_all.size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        with_all.paste(scaled, (0, 0), scaled)
        assert psnr(_shown(prepared), with_all) >= 38
    assert len(read_picture(prepared).colours) <= COLOURS
    assert len(prepared) < 60_000


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"FP1",
        b"\x89PNG" + bytes(40),
        pictures.prepared("flat")[:-30],
        b"FP2" + pictures.prepared("flat")[3:],
        pictures.prepared("flat")[:7] + b"\x01" + pictures.prepared("flat")[8:],
    ],
)
def test_what_is_no_prepared_picture_is_refused(damaged: bytes) -> None:
    """A damaged picture is an error of its own kind, and no picture of noise."""
    with pytest.raises(PictureError):
        read_picture(damaged)


def test_a_card_shows_its_picture_as_it_is(renderer: CardRenderer) -> None:
    """On the plate stand the very colours of the prepared picture."""
    icon = opened(renderer(GOLDEN["icon"])).crop((54, 129, 258, 333))
    screenshot = opened(renderer(GOLDEN["screenshot-dark"])).crop((38, 38, 462, 356))

    assert icon.tobytes() == _shown(pictures.prepared("flat")).tobytes()
    assert screenshot.tobytes() == _shown(pictures.prepared("dark")).tobytes()


def test_cards_with_pictures_are_faithful(renderer: CardRenderer, engine: Engine) -> None:
    """Beside a picture words and flowers come out as well as without."""
    for name in ("icon", "icon-photo", "icon-soft", "screenshot-light", "screenshot-dark"):
        card = GOLDEN[name]
        picture = read_picture(pictures.by_digest(card.picture))
        true = Image.frombytes("RGB", (1200, 630), engine.true_colour(card, picture))
        assert psnr(opened(renderer(card)), true) >= 42, name


def test_another_picture_is_another_card(renderer: CardRenderer) -> None:
    """The digest of the picture is part of the card's name."""
    card = GOLDEN["icon"]

    assert digest(pictures.prepared("flat")) == card.picture
    assert renderer.fingerprint(card) != renderer.fingerprint(replace(card, picture="0" * 32))


def test_a_card_without_its_picture_is_refused() -> None:
    """A renderer that was given no pictures, or one of another size, says so."""
    with pytest.raises(PictureError, match="no pictures are here"):
        CardRenderer()(GOLDEN["icon"])
    other = CardRenderer(pictures=lambda _: pictures.prepared("dark"))
    with pytest.raises(PictureError, match="424x318 px for a place of 204x204"):
        other(GOLDEN["icon"])


def test_noise_stays_under_the_limit(engine: Engine) -> None:
    """The worst screenshot there can be is drawn, in less than messengers take."""
    noise = Image.effect_noise((848, 636), 200)
    colours = Image.merge("RGB", [noise, noise.rotate(90), noise.rotate(180)]).convert("RGBA")
    drawn = engine.draw(GOLDEN["screenshot-light"], read_picture(prepare_screenshot(colours)))

    assert math.isclose(len(drawn), 160_000, rel_tol=0.4)
