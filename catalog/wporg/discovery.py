"""What the two Subversion repositories tell: which packages exist, and which changed since.

The listing is the root's HTML index (7 MB for the plugins), read once; after that the log says
what changed. Both tell nothing about closures: a closed package leaves no commit.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from catalog.wporg.client import Client, Outage, TooLong, Unreadable

# Revisions asked for at once. The directory's own watcher asks for no more: its comment says that
# the server does not like it.
CHUNK = 100

_SLUG = re.compile(r"[a-z0-9_-]{1,200}")
_REVISION = re.compile(r"<title>[^<]*\bRevision ([0-9]+):")
_NUMBER = re.compile(r"\s*([0-9]{1,15})\s*")  # Subversion counts in a C long
_ENTRY = re.compile(r'<li><a href="([^"]+)/">')
_IMPOSSIBLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPORT = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<S:log-report xmlns:S="svn:" xmlns:D="DAV:">'
    "<S:start-revision>{start}</S:start-revision>"
    "<S:limit>{limit}</S:limit>"
    "<S:discover-changed-paths/>"
    "</S:log-report>"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
_LONGEST_TAG = 128  # characters; the directory's own table cuts longer versions off
_NO_SUCH_REVISION = b'errcode="160006"'
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Listing:
    """The repository's root at `revision`: every name that the API can be asked for."""

    revision: int
    slugs: frozenset[str]
    passed_over: int  # names outside the API's alphabet


class TagCommit(NamedTuple):
    """A commit that touched `/slug/tags/tag`; `date` is ISO 8601 (UTC), or '' where it has none."""

    slug: str
    tag: str
    revision: int
    date: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The last revision of each changed slug, and the highest revision really returned.

    `tags` has every commit into a tag, in order of revisions. Themes have no such folder: their
    versions stand beside each other. `unread` says why the paths of the highest revision could not
    be read, or is ''.
    """

    revision: int
    slugs: dict[str, int]
    tags: tuple[TagCommit, ...] = ()
    unread: str = ""


def listing(client: Client, base: str) -> Listing:
    """Read the index of the repository at `base`, or raise `Outage`."""
    return client.ask("GET", _root(base), read_listing)


def changes(client: Client, base: str, since: int, most: int = CHUNK) -> Iterator[Changes]:
    """Yield what the log tells after `since`, chunk by chunk, to its end; `Outage` may cut it off.

    The end is not asked for by number: the index may know a revision that the log's replica has
    not got yet. The log is read from `since` itself, so that "nothing changed" (one revision) and
    "nothing could be read" (none: `Outage`) are two answers. A chunk that is too long is asked for
    in halves, down to one revision, which is stepped over if even that is too long.
    """
    limit = most
    while True:
        start = since if limit > 1 else since + 1
        try:
            chunk = _chunk(client, base, start, limit)
        except TooLong as too_long:
            if limit > 1:
                limit //= 2
                continue
            chunk = Changes(start, {}, unread=str(too_long))
        if chunk is None and start == since:
            raise Outage(f"the log of {base} ends before revision {since:,}")
        if chunk is None or chunk.revision <= since:
            return
        new = {slug: at for slug, at in chunk.slugs.items() if at > since}
        tags = tuple(commit for commit in chunk.tags if commit.revision > since)
        yield Changes(chunk.revision, new, tags, chunk.unread)
        since, limit = chunk.revision, min(2 * limit, most)


def slug_of(path: str) -> str:
    """Return the package a path of the repository belongs to, or ''."""
    slug = path.lstrip("/").partition("/")[0]
    return slug if is_slug(slug) else ""


def tag_of(path: str) -> tuple[str, str] | None:
    """Return slug and tag of a path in or at a tag of a package, or None."""
    parts = path.lstrip("/").split("/", 3)
    if len(parts) < 3 or parts[1] != "tags" or not is_slug(parts[0]):
        return None
    return (parts[0], parts[2]) if 0 < len(parts[2]) <= _LONGEST_TAG else None


def is_slug(name: str) -> bool:
    """Tell whether the API can be asked for this name."""
    return _SLUG.fullmatch(name) is not None


def read_listing(body: bytes) -> Listing:
    """Read Subversion's HTML index; `Unreadable` when it is another page or has no end."""
    text = body.decode("utf-8", "replace")
    revision = _REVISION.search(text)
    if revision is None:
        raise Unreadable("this is not a Subversion index: it names no revision")
    if "</ul>" not in text[-4_000:]:
        raise Unreadable("the index has no end")
    names = [unquote(unescape(name)) for name in _ENTRY.findall(text)]
    slugs = frozenset(filter(is_slug, names))
    parents = names.count("..")
    return Listing(_number(revision[1]), slugs, len(names) - parents - len(slugs))


def read_log(body: bytes) -> Changes:
    """Read a log report; `Unreadable` when it is broken, or holds no revision at all."""
    log = _Log()
    parser = DefusedXMLParser(target=log, forbid_dtd=True)
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    try:
        for start in range(0, len(body), _PIECE):
            end = start + _PIECE
            # Commit messages and paths may hold what XML forbids; mod_dav_svn passes it on.
            parser.feed(_IMPOSSIBLE.sub("", decode(body[start:end], end >= len(body))))
        parser.close()
    except (ParseError, DefusedXmlException) as error:
        raise Unreadable(f"the log is not readable XML: {error}") from error
    if not log.is_report:
        raise Unreadable("this is not a log report")
    if log.highest == 0:
        raise Unreadable("the log holds no revision, not even the one asked for")
    return Changes(log.highest, log.slugs, tuple(log.tags))


def _chunk(client: Client, base: str, start: int, limit: int) -> Changes | None:
    """Read the revisions from `start` on; None when the server has not got that one (yet)."""

    def read(body: bytes) -> Changes | None:
        return None if _NO_SUCH_REVISION in body else read_log(body)

    report = _REPORT.format(start=start, limit=limit).encode()
    where = f"{_root(base)}!svn/bc/0/"
    return client.ask("REPORT", where, read, content=report, accept=frozenset({200, 404}))


def _root(base: str) -> str:
    return base.rstrip("/") + "/"


class _Log:
    """A parser's target: keeps the newest revision of each slug, and no tree.

    A revision counts when its item is complete; the paths may stand before its number.
    """

    def __init__(self) -> None:
        self.is_report = False
        self.highest = 0
        self.slugs: dict[str, int] = {}
        self.tags: list[TagCommit] = []
        self._revision = 0
        self._date = ""
        self._touched: set[str] = set()
        self._tagged: set[tuple[str, str]] = set()
        self._text: list[str] = []

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._text.clear()
        if tag == "{svn:}log-report":
            self.is_report = True
        elif tag == "{svn:}log-item":
            self._revision, self._date = 0, ""
            self._touched.clear()
            self._tagged.clear()

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, tag: str) -> None:
        if tag == "{DAV:}version-name":
            self._revision = _number("".join(self._text))
        elif tag.startswith("{svn:}") and tag.endswith("-path"):
            path = "".join(self._text)
            self._touched.add(slug_of(path))
            if tagged := tag_of(path):
                self._tagged.add(tagged)
        elif tag == "{svn:}date":
            date = "".join(self._text)
            self._date = date if _DATE.fullmatch(date) else ""
        elif tag == "{svn:}log-item":
            self._finish()

    def close(self) -> None:
        """Nothing is built."""

    def _finish(self) -> None:
        self.highest = max(self.highest, self._revision)
        for slug in self._touched - {""}:
            self.slugs[slug] = max(self.slugs.get(slug, 0), self._revision)
        self.tags += [TagCommit(*tag, self._revision, self._date) for tag in sorted(self._tagged)]


def _number(text: str) -> int:
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise Unreadable(f"{text[:40]!r} is no number of a revision")
    return int(found[1])
