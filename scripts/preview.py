"""Draw the hardest cards of a catalogue on one page and one sheet, to be looked at.

Writes index.html, sheet.png and the cards into --out. Cards come from --source, or from the
catalog.db under --data; then a card that would now come out differently stands beside the old one.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from catalog.database import DatabaseError
from catalog.source import SourceError
from publish.cards import preview


def main(argv: Sequence[str] | None = None) -> int:
    """Write the preview, and give the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.preview",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--source", metavar="FILE", help="records, as for build")
    where.add_argument("--data", type=Path, metavar="DIR", help="where catalog.db and store/ are")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="made when missing")
    parser.add_argument(
        "--outline", action="store_true", help="outline every slot: its box, and where it paints"
    )
    args = parser.parse_args(argv)
    try:
        asked = preview.from_source if args.source else preview.from_data
        samples, pictures = asked(args.source or args.data)
    except (SourceError, DatabaseError) as error:
        print(f"preview: {error}", file=sys.stderr)
        return 2
    shown = preview.write(args.out, samples, pictures, outlined=args.outline)
    print(f"preview: {shown} of {len(samples)} cards in {args.out / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
