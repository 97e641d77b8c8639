"""Small real releases, and a visitor whose every request is also a check of WSGI conformance."""

import io
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from wsgiref.types import WSGIApplication
from wsgiref.validate import validator
from xml.etree.ElementTree import Element

import html5lib
import pytest
from webob import Request

from catalog import database, packages
from catalog.composer import remembered
from catalog.packages import Allowance
from catalog.source import Line, Source
from publish.cards import memory, wanted
from publish.cards.memory import Drawn
from publish.site import write
from release import identity
from release.data import Data
from server import Settings, make_app
from tests import conftest
from tests.stub import blank

SITE_URL = "https://packages.example.org"
FIRST = "20261101T000000Z"
SECOND = "20261102T000000Z"
CARD = "0123456789abcdef0123456789abcdef"  # of every package that has one
DEFAULT_CARD = "d" * 32
PLATE = "e" * 32  # of every package that has a card
_CAME = 1_790_000_000  # 21 September 2026
_WENT = 1_791_000_000  # 3 October 2026

Record = dict[str, Any]


def record(slug: str, name: str = "", description: str = "Does one thing.", **more: Any) -> Record:
    """Make a record with two versions. `versions` may also be their names alone."""
    type = more.get("type", "plugin")
    names = more.pop("versions", ("1.0", "0.9"))
    zips = {one: f"https://downloads.wordpress.org/{type}/{slug}.{one}.zip" for one in names}
    facts = {
        "author": '<a href="https://author.example.org/">An Author</a>',
        "homepage": "https://plugin.example.org/",
        "last_updated": "2026-09-21 14:13:20",
        "versions": names if isinstance(names, dict) else zips,
    }
    return conftest.record(
        slug, name=name or slug.title(), short_description=description, **(facts | more)
    )


# What stands in the addresses of routes, by the names that routes give it.
PARTS = {
    "type": "plugin",
    "slug": "akismet",
    "vendor": "wp-plugin",
    "versions": "0.9...1.0",
    "key": "an-author",
    "tag": "spam",
    "number": "0",
    "digest": "0",
}

RECORDS = (
    record("akismet", "Akismet Anti-spam", "Keeps comments free of spam.",
           active_installs=6_000_000, tags={"spam": "Spam"}),
    record("seo-press", "SEOPress", "Titles and sitemaps.", active_installs=300_000,
           author="Benjamin"),
    record("arabic", "إضافة البطاقات", "تعمل مع كل المتاجر", active_installs=20),
    record("hostile", "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; \"it's\"",
           "a &lt;b&gt;bold&lt;/b&gt; word", author="&lt;i&gt;"),
    record("bare", "Bare", "", version="", author=None, homepage="", active_installs=None,
           last_updated=None, versions=()),
    record("astra", "Astra", "A light frame.", type="theme", active_installs=1_000_000),
    record("cafe-theme", "Café Thème", "Fürs Café.", type="theme", active_installs=0),
)  # fmt: skip
GONE = (record("gone", "Gone Gallery"),)
CARDLESS = ("bare",)


def make_release(
    data: Path,
    release: str = FIRST,
    records: Iterable[Record] = RECORDS,
    gone: Iterable[Record] = (),
    settings: write.Settings = write.Settings(SITE_URL),  # noqa: B008  frozen
    change: Callable[[sqlite3.Connection], object] = lambda _: None,
) -> Path:
    """Publish records, without the switch, by the code that `make pipeline` runs.

    gone: records that were there before. change: done to the catalogue before it is published.
    Returns the release's folder. The catalogue stays, and so the next release is made from this.
    """
    listed, left = list(records), list(gone)
    folder = Data(data).releases / release
    newest = max(data.glob("releases/*/site.db"), default=None)
    folder.mkdir(parents=True)
    with database.writing(data) as db:
        _take(db, [*listed, *left], _CAME)
        _draw(db)
        if left:
            _take(db, listed, _WENT)
        change(db)
        made = identity.made(release).timestamp()
        write.write(db, newest, folder / "site.db", settings, made)
    return folder


def _take(db: sqlite3.Connection, records: Iterable[Record], now: int) -> None:
    contents = [json.dumps(one).encode() for one in records]
    lines = [Line(number, content, len(content)) for number, content in enumerate(contents, 1)]
    outcome = packages.take(db, [Source("test", lines)], Allowance(share=1), now)
    assert outcome.rejected == 0
    remembered.compose(db, replaces=False, reached=lambda _: None)


def _draw(db: sqlite3.Connection) -> None:
    """Remember a card for everything whose facts are not on the one it has; no file is made."""
    ids = [*wanted.never_drawn(db), *wanted.with_card(db)]
    drawn = [
        Drawn(
            *(one, DEFAULT_CARD if one.owner == wanted.DEFAULT else CARD, blank(one.card)),
            PLATE if isinstance(one.owner, int) else "",
        )
        for one in (*wanted.for_pages(db), *wanted.for_packages(db, ids))
        if one.label.partition("/")[2] not in CARDLESS
        and memory.as_drawn(db, one.owner) != one.card
    ]
    if drawn:
        memory.remember(db, drawn, [], _CAME)


def switch(data: Path, release: str) -> None:
    """Make a release current, as deploy does: by one rename."""
    link = data / "current.tmp"
    link.symlink_to(Path("releases") / release)
    link.replace(data / "current")


@dataclass(frozen=True)
class Page:
    """An answer, as it came. headers: by names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def dom(self) -> Element:
        """The page, read by a parser that forgives nothing."""
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        root: Element = parser.parse(self.text)
        return root

    def meta(self, key: str) -> list[str]:
        """The contents of the <meta> tags of a property or name."""
        return [
            tag.attrib["content"]
            for tag in self.dom.iter("meta")
            if key in (tag.get("property"), tag.get("name"))
        ]

    def words(self, path: str) -> list[str]:
        """The text of the elements at an ElementTree path, spaces collapsed."""
        return [" ".join("".join(tag.itertext()).split()) for tag in self.dom.iterfind(path)]


@dataclass(frozen=True)
class Visitor:
    """Asks the app for pages, through wsgiref's validator. errors: what was logged."""

    app: WSGIApplication
    errors: io.StringIO = field(default_factory=io.StringIO)

    def get(self, target: str, method: str = "GET", /, **headers: str) -> Page:
        """Ask for a path and query as they would come over the wire."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        log = {"wsgi.errors": self.errors}
        request = Request.blank(target, log, method=method, headers=named)
        answer = request.send(validator(self.app), catch_exc_info=True)
        fields = {name.lower(): value for name, value in answer.headerlist}
        assert len(fields) == len(answer.headerlist), f"sent twice: {answer.headerlist}"
        return Page(answer.status_int, fields, answer.body)

    def search(self, words: str, rest: str = "") -> list[str]:
        """The names that a search finds, in order."""
        return self.get(f"/?q={quote(words)}{rest}").words(".//ol[@class='contents']//h2")


@pytest.fixture(name="published", scope="session")
def _published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one release, and that one current; nobody may change it."""
    data = tmp_path_factory.mktemp("published") / "data"
    make_release(data, gone=GONE)
    switch(data, FIRST)
    return data


@pytest.fixture(name="data")
def _data(published: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return shutil.copytree(published, tmp_path / "data", symlinks=True)


@pytest.fixture(name="visitor")
def _visitor(data: Path) -> Iterator[Visitor]:
    """A visitor of the site; nothing may have been logged at the end."""
    visitor = Visitor(make_app(Settings(data=data)))
    yield visitor
    assert visitor.errors.getvalue() == ""


NewVisitor = Callable[[Path], Visitor]


@pytest.fixture(name="visit")
def _visit() -> NewVisitor:
    """Make a visitor of the site of a data folder."""
    return lambda data: Visitor(make_app(Settings(data=data)))
