"""Keep zips of our own, to be served under addresses that never change.

`--zips untagged` keeps the announced version of every plugin that has no tag of it: it becomes an
ordinary version, which `composer require` installs without Subversion, and stays the same for ever.
The zip has to say itself that it is that version. `--zips all` keeps those of all other versions,
too, the newest first. The most installed packages come first, so many a run, until --zips-limit is
reached. Nothing of a zip is run or unpacked.

A version that is served with other files later is never swapped: that is told, once. A run that is
killed goes on where it was. An outage changes nothing that was known; it exits 1.
"""

from collections.abc import Sequence

from catalog.journal import Journal
from scripts import arguments
from scripts.arguments import assets, jobs, published, sources


def main(argv: Sequence[str] | None = None, journal: Journal | None = None) -> int:
    """Fetch, and give the exit code."""
    parser = arguments.parser(__doc__, "fetch-zips")
    sources.add_composer(parser)
    published.add_site_url(parser)
    sources.add_contact(parser)
    assets.add_zips(parser)
    assets.add_through(parser)
    jobs.add_processes(parser)
    args = parser.parse_args(argv)
    for _, act in assets.zips(args, journal or Journal()):
        return act()
    print("fetch-zips: no zips are to be kept: say ZIPS=untagged, or all")
    return 0
