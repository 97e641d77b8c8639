"""Small real releases, and a visitor whose every request is also a check of WSGI conformance."""

import io
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes
from wsgiref.types import WSGIApplication
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator
from xml.etree.ElementTree import Element

import html5lib
import pytest

from publish.site import search
from server import Settings, make_app
from tests.conftest import ROOT

SITE_URL = "https://packages.example.org"
FIRST = "20261101T000000Z"
SECOND = "20261102T000000Z"
_SCHEMA = (ROOT / "release" / "site.sql").read_text()


@dataclass(frozen=True)
class Row:
    """A row of `package`, and its versions."""

    slug: str
    name: str = ""
    description: str = "Does one thing."
    type: str = "plugin"
    version: str = "1.0"
    author: str = "An Author"
    author_url: str = "https://author.example.org/"
    homepage: str = "https://plugin.example.org/"
    installs: int | None = 1000
    updated: int | None = 1_790_000_000  # 21 September 2026
    requires: str = ""
    tested: str = ""
    requires_php: str = ""
    php: int = 0
    tags: tuple[str, ...] = ()
    author_key: str = "an-author"
    added: int = 1_780_000_000  # 28 May 2026
    closed: int | None = None
    closure: str | None = None
    withdrawn_at: int | None = None
    card: str = "0123456789abcdef0123456789abcdef"
    card_alt: str = "A card"
    card_width: int = 1200
    card_height: int = 630
    card_own: int = 1
    versions: tuple[str, ...] = field(default=("1.0", "0.9"))


ROWS = (
    Row("akismet", "Akismet Anti-spam", "Keeps comments free of spam.", installs=6_000_000),
    Row("seo-press", "SEOPress", "Titles and sitemaps.", installs=300_000, author="Benjamin"),
    Row("arabic", "إضافة البطاقات", "تعمل مع كل المتاجر", installs=20),
    Row("hostile", "<script>alert(1)</script> &amp; \"it's\"", "a <b>bold</b> word", author="<i>"),
    Row("bare", "Bare", "", version="", author="", author_url="", author_key="",
        homepage="", installs=None, updated=None, versions=(),
        card="d" * 32, card_alt="The site", card_own=0),
    Row("gone", "Gone Gallery", withdrawn_at=1_770_000_000),  # 2 February 2026
    Row("astra", "Astra", "A light frame.", type="theme", installs=1_000_000),
    Row("cafe-theme", "Café Thème", "Fürs Café.", type="theme", installs=0),
)  # fmt: skip


def make_release(
    data: Path,
    release: str = FIRST,
    rows: Iterable[Row] = ROWS,
    site_url: str = SITE_URL,
    **meta: str,
) -> Path:
    """Write releases/<release>/site.db with the project's own schema; return the folder."""
    folder = data / "releases" / release
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "site.db")) as db:
        db.executescript(_SCHEMA)
        for id_, row in enumerate(rows, start=1):
            _insert(db, id_, row if row.name else replace(row, name=row.slug.title()))
        search.replace(db, {}, search.entries(db, range(1, 2_000)))
        db.executemany("INSERT INTO meta VALUES (?, ?)", ({"site_url": site_url} | meta).items())
        db.commit()
    return folder


def _insert(db: sqlite3.Connection, id_: int, row: Row) -> None:
    names = "type slug name description version author author_url homepage installs updated"
    names += " requires tested requires_php php withdrawn_at closure"
    names += " card card_alt card_width card_height card_own"
    facts: dict[str, object] = {name: getattr(row, name) for name in names.split()}
    facts |= {"id": id_, "tags": json.dumps(row.tags), "author_key": row.author_key}
    add(db, "package", **facts)
    for position, version in enumerate(row.versions):
        url = f"https://downloads.wordpress.org/{row.slug}.{version}.zip"
        add(db, "version", package_id=id_, position=position, version=version, raw=version,
            url=url, released=None if position else row.updated, php="", why_not="")  # fmt: skip
    times = {"added": row.added, "changed": row.added, "closed": row.closed}
    add(db, "history", package_id=id_, **times)
    if row.withdrawn_at is not None:
        return
    for tag in row.tags if row.closure is None else ():
        rank = -(row.installs or 0)
        add(db, "tag", tag=tag.replace(" ", "-"), rank=rank, package_id=id_, label=tag)


def add(db: sqlite3.Connection, table: str, **row: object) -> None:
    """Insert a row."""
    marks = ", ".join("?" * len(row))
    db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def switch(data: Path, release: str) -> None:
    """Make a release current, as deploy does: by one rename."""
    link = data / "current.tmp"
    link.symlink_to(Path("releases") / release)
    link.replace(data / "current")


@dataclass(frozen=True)
class Page:
    """An answer, as it came."""

    status: int
    headers: Mapping[str, str]  # names in lower case
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
    """Asks the app for pages, through wsgiref's validator."""

    app: WSGIApplication
    errors: io.StringIO = field(default_factory=io.StringIO)

    def get(self, target: str, method: str = "GET", /, **headers: str) -> Page:
        """Ask for a path and query as they would come over the wire."""
        path, _, query = target.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "wsgi.errors": self.errors,
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        setup_testing_defaults(environ)
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, fields: list[tuple[str, str]], exc_info: Any = None) -> Any:
            started.append((status, fields))
            return io.BytesIO().write

        answer = validator(self.app)(environ, start)
        try:
            body = b"".join(answer)
        finally:
            answer.close()  # type: ignore[attr-defined]  # the validator's own iterator
        status, fields = started[-1]
        named = {name.lower(): value for name, value in fields}
        assert len(fields) == len(named), f"a header was sent twice: {fields}"
        return Page(int(status[:3]), named, body)

    def search(self, words: str, rest: str = "") -> list[str]:
        """The names that a search finds, in order."""
        return self.get(f"/?q={quote(words)}{rest}").words(".//ol[@class='contents']//h2")


@pytest.fixture(name="data")
def _data(tmp_path: Path) -> Path:
    """A data folder with one release, and that one current."""
    data = tmp_path / "data"
    make_release(data)
    switch(data, FIRST)
    return data


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
