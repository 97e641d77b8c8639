"""Take the pictures of docs/pages.md and of the README, of the sample's site as it is served.

`python -m tests.browser.pictures http://127.0.0.1:8080`
"""

import io
import re
import sys
import tempfile
import urllib.request
from pathlib import Path

from PIL import Image

from tests.browser.conftest import KINDS, tool
from tests.conftest import ROOT

# Which kinds, how wide, how high and whether by night.
_PICTURES = {
    "home": [(1280, 1300, False), (400, 1000, True)],
    "search": [(1280, 1000, False), (400, 1000, False)],
    "package": [(1280, 1000, False), (1280, 1000, True), (400, 1000, False)],
    "closed-package": [(1280, 1000, False)],
    "rtl": [(1280, 800, False)],
    "author": [(1280, 800, False)],
    "tag": [(1280, 800, True)],
    "closed": [(1280, 700, False)],
    "docs": [(1280, 1000, False)],
    "status": [(1280, 1200, False)],
    "not-found": [(1280, 700, True)],
}

# The nine cards of the README, three a row: both kinds, with and without a picture, many scripts.
_CARDS = (
    *("plugin/sample-compass", "plugin/google-site-kit", "theme/neve"),
    *("plugin/wp-postviews", "theme/sample-nightfall", "plugin/persian-woocommerce"),
    *("plugin/usc-e-shop", "theme/twentytwentyfive", "plugin/sample-lantern"),
)
_WIDE, _HIGH, _GAP, _GROUND = 400, 210, 15, "#e9e2d3"


def main(site: str) -> None:
    """Take them, half as large and in few colours, so that they stay small."""
    _sheet(site).save(ROOT / "docs" / "cards.png", optimize=True)
    with tempfile.TemporaryDirectory() as folder:
        views = {
            f"{kind}-{width}{'-dark' if dark else ''}.png": {
                "url": site + KINDS[kind],
                "width": width,
                "height": height,
                "dark": dark,
            }
            for kind, pictures in _PICTURES.items()
            for width, height, dark in pictures
        }
        given = [{**view, "path": f"{folder}/{name}"} for name, view in views.items()]
        tool("shots.mjs", given=given)
        for name in views:
            with Image.open(Path(folder, name)) as picture:
                half = picture.convert("RGB").reduce(2 if picture.width > 600 else 1)
                few = half.quantize(48, dither=Image.Dither.NONE)
                few.save(ROOT / "docs" / "pages" / name, optimize=True)


def _sheet(site: str) -> Image.Image:
    """Put the cards together that the packages' pages name."""
    step, rise = _WIDE + _GAP, _HIGH + _GAP
    sheet = Image.new("RGB", (3 * step + _GAP, 3 * rise + _GAP - 3), _GROUND)
    for at, name in enumerate(_CARDS):
        page = _get(f"{site}/packages/{name}").decode()
        path = re.search(r'og:image" content="[^"]*?(/og/[^"]+)"', page)
        assert path, name
        with Image.open(io.BytesIO(_get(site + path[1]))) as card:
            small = card.convert("RGB").resize((_WIDE, _HIGH), Image.Resampling.LANCZOS)
        sheet.paste(small, (_GAP + at % 3 * step, _GAP - 3 + at // 3 * rise))
    return sheet.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return bytes(answer.read())


if __name__ == "__main__":
    main(sys.argv[1])
