"""Changelogs in a release: cleaned of all but plain markup, and cut by version.

Authors write them as they like: where a heading begins with a version, that one's part begins.
"""

import re
import sqlite3
from collections.abc import Sequence

_TAGS = {"h2", "h3", "h4", "h5", "p", "ul", "ol", "li", "a", "code", "pre", "em", "strong", "br"}
_HEADING = re.compile(r"<h([2-5])>(.*?)</h\1>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
_VERSION = re.compile(r"\W*(?:version\s+|ver\.?\s*|v)?(\d+(?:\.\w+)*)", re.IGNORECASE | re.ASCII)


def copy(db: sqlite3.Connection, site: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Write the changelogs of some packages (at most 500 ids)."""
    marks = ", ".join("?" * len(ids))
    site.execute(f"DELETE FROM changelog WHERE package_id IN ({marks})", ids)  # noqa: S608
    rows = db.execute(
        f"SELECT id, changelog FROM package WHERE changelog <> '' AND id IN ({marks})"  # noqa: S608
        " AND withdrawn_at IS NULL",
        ids,
    ).fetchall()
    told = [(id, *cut(cleaned(text))) for id, text in rows]
    site.executemany(
        "INSERT INTO changelog (package_id, html, versions) VALUES (?, ?, ?)",
        [one for one in told if one[1]],
    )


def cleaned(markup: str) -> str:
    """Give markup that says no more than paragraphs, lists, headings and links do."""
    import nh3  # a release without changelogs needs none of it

    html: str = nh3.clean(
        markup,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="nofollow noopener",
    )
    return html.strip()


def cut(markup: str) -> tuple[str, str]:
    """Make every heading one of one rank, that of a version with the id v1-2 for 1.2.

    Give this, and the versions found, with blanks between.
    """
    found: dict[str, None] = {}

    def named(heading: re.Match[str]) -> str:
        version = _VERSION.match(_MARKUP.sub("", heading[2]))
        if version is None or version[1] in found:
            return f"<h3>{heading[2]}</h3>"
        found[version[1]] = None
        return f'<h2 id="v{version[1].replace(".", "-")}">{heading[2]}</h2>'

    html = _HEADING.sub(named, markup)
    return html, " ".join(found)
