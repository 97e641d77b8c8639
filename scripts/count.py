"""Count the installs that Composer told of, from the log that nginx keeps of them.

The log is set aside by a rename, nginx is asked (signal USR1) to begin a new one, and each line is
counted exactly once, however often this is killed or run. A log that is counted is deleted: from
then on only totals are left, and for a day hashes by which an install counts once an hour.
Without an nginx that runs, the log is counted just the same.
"""

from collections.abc import Sequence

from catalog.installs.count import count
from catalog.journal import Journal
from scripts import arguments
from scripts.arguments import serving


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Count, and give the exit code: 1 if a log could not be finished."""
    parser = arguments.parser(__doc__, "count")
    serving.add_install_log(parser)
    args = parser.parse_args(argv)
    return count(args.data, *serving.install_log(args), journal or Journal())
