"""Take the pictures of docs/pages.md: `python -m tests.browser.pictures http://127.0.0.1:8080`."""

import sys
import tempfile
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


def main(site: str) -> None:
    """Take them, half as large and in few colours, so that they stay small."""
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


if __name__ == "__main__":
    main(sys.argv[1])
