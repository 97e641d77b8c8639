"""Say how the site is: release, cards, last runs. Exits 1 when it is unwell, and says why."""

import json
import time
from collections.abc import Sequence

from catalog import database
from publish.upkeep.status import show, status
from scripts import arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Tell, and give the exit code."""
    parser = arguments.parser(__doc__, "status")
    parser.add_argument("--json", action="store_true", help="for a monitor")
    args = parser.parse_args(argv)
    with database.reading(args.data) as db:
        told = status(db, args.data, int(time.time()))
    if args.json:
        print(json.dumps(told, indent=2))
    else:
        show(told)
    return 1 if told["unwell"] else 0
