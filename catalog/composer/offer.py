"""What one gets of a package: the version and the command that everything prints.

Worked out once, when a package's metadata is made. The command, run by the real client, locks the
version that is printed beside it; where nothing can be installed there is no command, but a reason.
"""

import json
from dataclasses import dataclass, fields, replace
from typing import Literal

from catalog.composer.metadata import WORDPRESS_ZIPS, Facts
from catalog.composer.name import InvalidName, package_name
from catalog.composer.rule import Rule
from catalog.composer.selection import (
    Kept,
    Published,
    host,
    precedes,
    same_version,
    stable_version,
)

Case = Literal["announced", "tag", "trunk", "older", "none"]


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered of a package.

    case: 'announced', the version that the source announces; 'tag', another one that it serves;
    'trunk', the state of trunk at a revision; 'older', the newest tag of a package whose announced
    version has none; 'none', nothing. version: as printed, '' when there is none; of trunk
    '8.0 (trunk)'. command: what installs exactly that; '' for what cannot be installed, and for a
    closed package, which nobody should install anew. why: sentences about every case but the first
    two, '' else. trunk: whether dev-trunk can be asked for. wordpress_org: whether the package
    lives there. untagged: whether it is a plugin of which only trunk holds the announced version.
    """

    case: Case
    version: str
    command: str
    why: str
    trunk: bool
    wordpress_org: bool
    untagged: bool = False

    @property
    def text(self) -> str:
        """The offer as it is kept in catalog.db: JSON."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return json.dumps(told, ensure_ascii=False)


def stored(text: str | None, announced: str) -> Offer:
    """Read an offer's text; without one, for metadata could not be made yet, nothing is offered."""
    if text is None:
        why = "Composer’s metadata of it could not be made."
        return Offer("none", announced, "", why, trunk=False, wordpress_org=False)
    return Offer(**json.loads(text))


def offer(facts: Facts, announced: str, link: str, chosen: Published) -> Offer:
    """Work out the offer of a package whose source announces a version and a download link."""
    home = lives_at_wordpress_org(link, chosen)
    untagged = facts.type == "plugin" and any(one.rule is Rule.UNTAGGED for one in chosen.dropped)
    nothing = Offer(
        *("none", announced, "", ""), trunk=False, wordpress_org=home, untagged=home and untagged
    )
    try:
        name = package_name(facts.type, facts.slug)
    except InvalidName as error:
        return replace(nothing, why=f"Composer refuses its name: {error}{_other_way(home)}")
    if facts.closure is not None and facts.closure.permanent:
        return replace(nothing, why="It was closed for good.")
    found = replace(_found(facts, name, announced, link, chosen, nothing), trunk=facts.has_trunk)
    return found if facts.closure is None else replace(found, command="")


def lives_at_wordpress_org(link: str, chosen: Published) -> bool:
    """Tell whether a package is WordPress.org's own, by the host of what is downloaded."""
    urls = [link] if link else [kept.url for kept in chosen.kept]
    return any(host(url) == WORDPRESS_ZIPS for url in urls)


def _found(
    facts: Facts, name: str, announced: str, link: str, chosen: Published, nothing: Offer
) -> Offer:
    if chosen.stable is not None:
        same = same_version(announced, chosen.stable.raw)
        return _tagged(nothing, "announced" if same else "tag", name, chosen.stable, chosen)
    newest = chosen.current or next(iter(chosen.kept), None)
    if newest is not None and not announced:
        return _tagged(nothing, "tag", name, newest, chosen)
    if facts.has_trunk and (newest is None or not stable_version(facts.slug, "", link)):
        return _trunk(nothing, name, announced, facts, link)
    if newest is not None:
        older = _tagged(nothing, "older", name, newest, chosen)
        return replace(older, why=_why_older(announced, newest))
    return replace(nothing, why=_why_none(facts, chosen) + _other_way(nothing.wordpress_org))


def _tagged(nothing: Offer, case: Case, name: str, one: Kept, chosen: Published) -> Offer:
    """Offer a tag. Composer takes the newest stable one unless it is told which."""
    plain = one is chosen.current and one.stability == "stable"
    command = f"composer require {name}" + ("" if plain else f":{one.version}")
    return replace(nothing, case=case, version=one.version, command=command)


def _trunk(nothing: Offer, name: str, announced: str, facts: Facts, link: str) -> Offer:
    if stable_version(facts.slug, "", link):
        announced = ""  # it has a tag, though none that can be offered: trunk may be another one
    what = f"Version {announced} has no tag: only trunk" if announced else "Only its trunk"
    why = (
        f"{what} can be installed, as it was at revision {facts.revision}. "
        "Composer fetches it with Subversion: the command svn has to be there."
    )
    version = f"{announced} (trunk)" if announced else "trunk"
    command = f"composer require {name}:dev-trunk"
    return replace(nothing, case="trunk", version=version, command=command, why=why)


def _why_older(announced: str, newest: Kept) -> str:
    older = ", which is older" if precedes(newest.raw, announced) else ""
    return (
        f"Version {announced} is announced but has no tag that Composer can install. "
        f"The newest that can be installed is {newest.version}{older}."
    )


def _why_none(facts: Facts, chosen: Published) -> str:
    trunk = ", and no revision of its trunk is known here" if facts.type == "plugin" else ""
    tags = any(dropped.tagged for dropped in chosen.dropped)
    what = "None of its tags can be installed by Composer" if tags else "No version of it is tagged"
    return f"{what}{trunk}."


def _other_way(wordpress_org: bool) -> str:
    return " WordPress itself can install it, from WordPress.org." if wordpress_org else ""
