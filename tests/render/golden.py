"""Draw the golden cards anew: python -m tests.render.golden. Look at them before committing."""

from pathlib import Path

from render import fonts
from tests.render import cases
from tests.render.cases import GOLDEN

FOLDER = Path(__file__).with_name("golden")
FONTS = FOLDER / "fonts.txt"


def main() -> int:
    """Write one PNG a case, and the digest of the fonts they were drawn with."""
    renderer = cases.renderer()
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for name, card in GOLDEN.items():
        (FOLDER / f"{name}.png").write_bytes(renderer(card))
    FONTS.write_text(fonts.digest() + "\n")
    print(f"{len(GOLDEN)} cards in {FOLDER}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
