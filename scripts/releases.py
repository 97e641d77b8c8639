"""List the kept releases, newest first, with the live one marked."""

from collections.abc import Sequence

from publish.releases import Releases
from publish.site import published
from release.data import SITE
from scripts import arguments


def main(argv: Sequence[str] | None = None) -> int:
    """List, and give the exit code."""
    args = arguments.parser(__doc__, "releases").parse_args(argv)
    releases = Releases(args.data)
    live, taken_back = releases.current(), releases.rolled_back_from()
    if not releases.ids():
        print("no release yet: run `make pipeline`")
    for id in reversed(releases.ids()):
        site = releases.path(id) / SITE
        mark = "live" if id == live else "rolled back" if id == taken_back else ""
        size = site.stat().st_size / 1e6
        print(f"{id}  {published.listed(site):>7,} packages  {size:7.1f} MB  {mark}".rstrip())
    return 0
