"""Say how the site is, and exit 1 when it is unwell, with the reasons.

Tells of the release, its cards and the last runs, and of the machine: room on the disk, the app's
processes, the certificate. Sockets and certificate are root's: who may not look at them is told
nothing of them.
"""

import json
import time
from collections.abc import Sequence
from pathlib import Path

from publish.upkeep.machine import Machine
from publish.upkeep.status import show, status
from scripts import arguments
from scripts.arguments import serving


def main(argv: Sequence[str] | None = None) -> int:
    """Tell, and give the exit code."""
    parser = arguments.parser(__doc__, "status")
    parser.add_argument("--json", action="store_true", help="for a monitor")
    serving.add_sockets(parser)
    parser.add_argument(
        "--certificate", type=Path, metavar="FILE", help="the site's certificate, for its end"
    )
    args = parser.parse_args(argv)
    told = status(Machine(args.data, args.sockets, args.certificate), int(time.time()))
    if args.json:
        print(json.dumps(told, indent=2))
    else:
        show(told)
    return 1 if told["unwell"] else 0
