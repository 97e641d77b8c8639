"""Plugins whose announced release has no tag: which, whose, and what to write to their authors."""

import re
from collections.abc import Sequence

from release.address import badge_file, tag_badge
from release.wordpress_org import repository
from server.answer import A_MINUTE, Answer, Page, Site
from server.errors import not_found
from server.pages.head import Head, page_image
from server.pages.paging import Paging
from server.queries import authors, untagged
from server.queries.untagged import Untagged

_SIZE = 50  # plugins, or authors, on a page
_NAMED = 20  # plugins that a letter names
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,40}")  # to a shell nothing but a word
_HANDBOOK = "https://developer.wordpress.org/plugins/wordpress-org/how-to-use-subversion/"


def page(site: Site, query: str = "") -> Page:
    """The plugins, the most installed first."""
    connection = site.snapshot.connection
    count = untagged.count(connection)
    paging = Paging.parse(query, count, _SIZE, site.links.to("untagged"))
    head = _head(
        *(site, paging, f"Not tagged{paging.title}"),
        "WordPress plugins whose newest release has no tag, so that Composer cannot pin it.",
    )
    entries = untagged.packages(connection, _SIZE, paging.offset)
    return Page("untagged", head, {"paging": paging, "entries": entries, "count": count}, A_MINUTE)


def by_author(site: Site, query: str = "") -> Page:
    """Their authors, those first whose plugins are installed most."""
    connection = site.snapshot.connection
    count = untagged.author_count(connection)
    paging = Paging.parse(query, count, _SIZE, site.links.to("untagged/authors"))
    head = _head(
        *(site, paging, f"Not tagged, by author{paging.title}"),
        "Whose WordPress plugins have a newest release without a tag.",
    )
    entries = untagged.authors(connection, _SIZE, paging.offset)
    values = {"paging": paging, "entries": entries, "count": count}
    return Page("untagged_authors", head, values, A_MINUTE)


def of_author(site: Site, key: str) -> Page | Answer:
    """Those of one author, with a text to send."""
    connection = site.snapshot.connection
    author = authors.find(connection, key)
    entries = untagged.of_author(connection, key, _NAMED)
    if author is None:
        return not_found(site, key.replace("-", " "))
    paging = Paging(1, 1, _NAMED, site.links.untagged_author(key))
    head = _head(
        *(site, paging, f"Not tagged, by {author.name}"),
        f"Plugins by {author.name} whose newest release has no tag, and how to mend that.",
    )
    letter = _letter(site, entries) if entries else ""
    values = {"author": author, "key": key, "entries": entries, "letter": letter}
    return Page("untagged_author", head, values, A_MINUTE)


def _head(site: Site, paging: Paging, title: str, description: str) -> Head:
    links = site.links
    return Head(
        title=title,
        description=description,
        url=links.absolute(paging.here),
        image=page_image(site.snapshot.meta, links, "untagged"),
        previous=paging.previous,
        next=paging.next,
        markdown=f"{paging.address}.md",
    )


def _letter(site: Site, entries: Sequence[Untagged]) -> str:
    """Write to an author: what is the matter, and the commands that mend it."""
    one = len(entries) == 1
    parts = [
        "Hello,",
        f"WordPress.org announces {'a version' if one else 'versions'} of "
        f"{'this plugin' if one else 'these plugins'} for which there is no tag in its Subversion "
        "repository: the zip is made from trunk, and changes with it. Whoever installs plugins by "
        f"version (Composer is one) cannot have {'it' if one else 'them'}:",
        "\n".join(_line(each) for each in entries),
        f"To tag {'it' if one else 'them'} takes one command each, with “Stable tag” in "
        "trunk/readme.txt naming the same version:",
        "\n".join(_command(each) for each in entries if _WORD.fullmatch(each.announced)),
        f"The handbook has more: {_HANDBOOK}",
        f"What Composer users see now: {_page(site, entries[0])}",
        f"A badge for a readme, which says when it is tagged: {_badge(site, entries[0])}",
        "Thank you!",
    ]
    return "\n\n".join(filter(None, parts))


def _line(one: Untagged) -> str:
    newest = f"the newest tag is {one.newest}" if one.newest else "there is no tag of it"
    return f"- {one.entry.name} {one.announced}: {newest}"


def _command(one: Untagged) -> str:
    where, version = repository("plugin", one.entry.slug), one.announced
    return f'svn copy {where}trunk {where}tags/{version} -m "Tag {version}"'


def _badge(site: Site, one: Untagged) -> str:
    name = badge_file(tag_badge(f"{one.entry.type}/{one.entry.slug}"))
    return site.links.absolute(site.links.to(f"badges/{name}"))


def _page(site: Site, one: Untagged) -> str:
    return site.links.absolute(site.links.package(one.entry.type, one.entry.slug))
