"""What goes back to a visitor, and what every answer is made from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from server.links import Links
from server.live import Live
from server.pages.head import Head
from server.snapshot import Snapshot, Unserved
from server.templates import Templates

HTML = "text/html; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8"
JSON = "application/json"
ATOM = "application/atom+xml"
XML = "application/xml"

A_MINUTE = "public, max-age=60"
FIVE_MINUTES = "public, max-age=300"
A_DAY = "public, max-age=86400"
FOR_GOOD = "public, max-age=31536000, immutable"
NEVER = "no-store"

# Any site's script may read what is no page; nginx/location/file.conf says the same of files.
_TO_ALL = {"Access-Control-Allow-Origin": "*"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. A `lasting` answer holds as long as its release: it gets an ETag."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page before it is printed, as HTML or as Markdown.

    view: its template in server/views, <view>.tpl or <view>.md.tpl. values: what that prints.
    keep: for how long browsers may keep it.
    """

    view: str
    head: Head
    values: Mapping[str, object]
    keep: str = FIVE_MINUTES


@dataclass(frozen=True, slots=True)
class Site:
    """One release and what prints it: all that an answer is made from.

    instead_of: the current release, when that cannot be read.
    """

    snapshot: Snapshot
    links: Links
    templates: Templates
    live: Live
    instead_of: Unserved | None = None

    def render(self, view: str, /, **values: object) -> str:
        """Print a template."""
        packages, data_of = int(self.snapshot.meta.get("packages", 0)), self.snapshot.data_of
        always = {"links": self.links, "packages": packages, "data_of": data_of}
        return self.templates.render(view, **always, **values)

    def printed(self, page: Page, content_type: str = HTML) -> Answer:
        """Print a page, or its twin in Markdown."""
        view = f"{page.view}.md" if content_type == MARKDOWN else page.view
        return text(content_type, self.render(view, head=page.head, **page.values), page.keep)


def text(content_type: str, body: str, keep: str = FIVE_MINUTES) -> Answer:
    """200 with a body that holds as long as its release."""
    headers = {"Content-Type": content_type, "Cache-Control": keep}
    if content_type != HTML:
        headers |= _TO_ALL
    if content_type == MARKDOWN:  # the page itself is what search engines should show
        headers["X-Robots-Tag"] = "noindex"
    return Answer(200, body, headers, lasting=True)


def data(facts: Mapping[str, object]) -> Answer:
    """200 with JSON."""
    return text(JSON, msgspec.json.encode(facts).decode() + "\n")


def of_this_moment(facts: Mapping[str, object]) -> Answer:
    """200 with JSON that is true for this moment only, and that any site's script may read."""
    answer = report(200, facts)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def report(status: int, facts: Mapping[str, object]) -> Answer:
    """JSON that is true for this moment only."""
    headers = {"Content-Type": JSON, "Cache-Control": NEVER, **_TO_ALL}
    return Answer(status, json.dumps(facts, ensure_ascii=False) + "\n", headers)


def moved(path: str) -> Answer:
    """The one address of a thing, to someone who came by another."""
    return Answer(301, headers={"Location": path, "Cache-Control": A_DAY})
