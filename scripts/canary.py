"""Try whether a few packages come all the way from WordPress.org into a project; say what broke.

WordPress.org's API tells a version, the public site offers it, Composer installs it: in that order,
as any visitor would. For a timer, also on another machine. Exits 1 where a link broke.
"""

from collections.abc import Sequence

from catalog.wporg.client import agent
from catalog.wporg.fetch import Sites
from publish.upkeep.canary import canary
from scripts import arguments
from scripts.arguments import published, sources, values

_PACKAGES = (("plugin", "akismet"), ("plugin", "classic-editor"), ("theme", "twentytwentyfour"))


def main(argv: Sequence[str] | None = None) -> int:
    """Try, and give the exit code."""
    parser = arguments.parser(__doc__, "canary")
    published.add_site_url(parser)
    sources.add_packages(parser, "try this one: plugin/akismet; may be said again")
    sources.add_contact(parser)
    parser.add_argument("--api", type=values.address, default=Sites().api, metavar="URL")
    args = parser.parse_args(argv)
    return canary(args.site_url, args.api, args.package or _PACKAGES, agent(args.contact))
