"""The flowers of a plate."""

from render import CardRenderer, package_card
from render.engine import Engine
from render.flowers import tile
from render.palette import mix
from render.plate import CASTS, cast_of
from tests.render.picture import opened

_BED = (38, 38, 274, 424)


def _plate(slug: str) -> bytes:
    card = package_card(type="plugin", slug=slug, name="Name")
    return opened(CardRenderer()(card)).crop(_BED).tobytes()


def test_a_slug_has_its_flowers() -> None:
    """Plates are told apart by slug alone, and the same slug has the same flowers."""
    plates = [_plate(f"package-{number}") for number in range(40)]

    assert len(set(plates)) >= 38
    assert _plate("package-7") == plates[7]
    assert len({cast_of(f"plugin/{number}") for number in range(8 * CASTS)}) > CASTS * 0.99


def test_a_tile_is_mirrored_all_ways() -> None:
    """Every tile is the same upside down, left to right and across its diagonal."""
    for cast in range(0, CASTS, 64):
        surface = tile(cast, 60, 255)
        stride = surface.get_stride()
        rows = [bytes(surface.get_data())[at : at + 60] for at in range(0, 60 * stride, stride)]

        assert rows == rows[::-1]
        assert all(row == row[::-1] for row in rows)
        across = [bytes(column) for column in zip(*rows, strict=True)]
        assert (
            max(
                abs(a - b)
                for r, c in zip(rows, across, strict=True)
                for a, b in zip(r, c, strict=True)
            )
            <= 24
        )
        assert max(map(max, rows)) == 255


def test_flowers_have_one_flat_tint(engine: Engine) -> None:
    """Their areas are exactly the tint of the style sheet."""
    card = package_card(type="plugin", slug="akismet", name="Akismet")
    counts = opened(CardRenderer()(card)).crop(_BED).getcolors(1 << 16) or []
    palette = engine.art(card).palette
    ground, paper = palette.colours[0], palette.colours[5]

    assert {colour for count, colour in counts if count > 500} <= set(palette.colours[:6])
    assert next(count for count, colour in counts if colour == mix(ground, paper, 0.45)) > 10_000
