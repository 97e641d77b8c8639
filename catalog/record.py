"""A source record: one answer of the WordPress.org API, checked and made plain.

The field names are those of `plugins/info/1.2` and `themes/info/1.2`, odd shapes and all:
`versions` may be PHP's empty array, an author may be a link, a text or an object, `requires_php`
may be `false`. What is missing closes up; what is impossible is refused with a sentence.
"""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

MAX_BYTES = 4 << 20  # of one record; real answers stay well under one megabyte
_MAX_NAME = 1_000
_MAX_DESCRIPTION = 2_000
_SLUG = re.compile(r"[a-z0-9_-]{1,200}")
# Besides control characters: halves of pairs, and what turns the reading direction around it.
_CONTROLS = re.compile(
    r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_ZIP_TYPE = re.compile(r"//downloads\.wordpress\.org/(plugin|theme)/")
_TIMES = ("%Y-%m-%d %I:%M%p GMT", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z")


class Refused(Exception):
    """A record that cannot be taken, with the reason as a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Record:
    """A package's facts as plain text: entities decoded, markup gone, blanks folded.

    `installs` is a lower bound and `None` when unknown; `updated` is Unix seconds (UTC) or `None`;
    `versions` pairs each raw version with its zip URL, in the source's order; other missing facts
    are ''.
    """

    type: str
    slug: str
    name: str
    description: str
    version: str
    author: str
    author_url: str
    homepage: str
    installs: int | None
    updated: int | None
    requires: str
    tested: str
    requires_php: str
    tags: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    download_link: str  # its file name tells the stable tag
    revision: int | None  # Subversion's, of the last change
    closure: tuple[str, str, str, bool] | None  # date, reason, words, permanent


def parse(line: bytes) -> Record:
    """Read one record from its JSON bytes, or raise `Refused`."""
    if len(line) > MAX_BYTES:
        raise Refused(f"it is longer than {MAX_BYTES:,} bytes")
    if b"\0" in line:
        raise Refused("it holds a NUL byte")
    try:
        value = json.loads(line.decode("utf-8"), object_pairs_hook=_no_repeats)
    except UnicodeDecodeError as error:
        raise Refused(f"it is not UTF-8 (byte {error.start + 1})") from None
    except json.JSONDecodeError as error:
        raise Refused(f"it is not JSON: {error.msg} (character {error.pos + 1})") from None
    except RecursionError:
        raise Refused("it is nested too deeply") from None
    except ValueError as error:  # a number with more digits than Python converts
        raise Refused(f"it is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise Refused(f"it is not a JSON object but {_kind(value)}")
    return _record(value)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(f"the key {twice!r} stands in it twice")
    return members


def _record(value: Mapping[str, Any]) -> Record:
    slug = _slug(value)
    versions = _versions(value)
    author, author_url = _author(value.get("author"))
    return Record(
        type=_type(value, versions),
        slug=slug,
        name=_text(value, "name", _MAX_NAME) or slug,
        description=_description(value),
        version=_version(value),
        author=author,
        author_url=author_url or _url(_optional(value, "author_profile")),
        homepage=_url(_text(value, "homepage")),
        installs=_count(value, "active_installs"),
        updated=_time(value),
        requires=_optional(value, "requires"),
        tested=_optional(value, "tested"),
        requires_php=_optional(value, "requires_php"),
        tags=_tags(value.get("tags")),
        versions=versions,
        download_link=_url(_optional(value, "download_link")),
        revision=_count(value, "svn_revision"),
        closure=_closure(value),
    )


def _slug(value: Mapping[str, Any]) -> str:
    slug = value.get("slug")
    if slug is None or slug == "":
        raise Refused("it has no slug")
    if not isinstance(slug, str):
        raise Refused(f"its slug is not a text but {_kind(slug)}")
    if not _SLUG.fullmatch(slug):
        raise Refused(f"its slug {slug[:80]!r} is impossible: only a-z, 0-9, - and _, at most 200")
    return slug


def _type(value: Mapping[str, Any], versions: tuple[tuple[str, str], ...]) -> str:
    """Take the type as given, or as the zip URLs tell it: a raw answer does not name it."""
    given = value.get("type")
    if given in ("plugin", "theme"):
        return str(given)
    if given is not None:
        raise Refused(f"its type is {given!r:.60}, not 'plugin' or 'theme'")
    for url in (*(url for _, url in versions), str(value.get("download_link") or "")):
        if match := _ZIP_TYPE.search(url):
            return match[1]
    raise Refused("it has no type, and no zip URL that tells it")


def _versions(value: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Read the map version -> zip URL; PHP writes an empty map, or the keys 0, 1, …, as a list."""
    versions = value.get("versions") or {}
    if isinstance(versions, list):
        versions = {str(index): url for index, url in enumerate(versions)}
    if not isinstance(versions, dict):
        raise Refused(f"its versions are not a map but {_kind(versions)}")
    for version, url in versions.items():
        if not isinstance(url, str):
            raise Refused(f"the URL of its version {version[:40]!r} is {_kind(url)}")
    # The raw version names the tag and the zip: nothing is trimmed but what cannot be stored.
    return tuple((_stored(version), _url(url)) for version, url in versions.items())


def _closure(value: Mapping[str, Any]) -> tuple[str, str, str, bool] | None:
    """Read why a package was closed: the directory's words for a stub, or those saved with it."""
    if value.get("closed") is not True and value.get("error") != "closed":
        return None
    words = _text(value, "reason_text") or _text(value, "reason")
    permanent = value.get("permanent") is True
    permanent = permanent or "closure is permanent" in str(value.get("description", ""))
    return _optional(value, "closed_date"), _optional(value, "reason"), words, permanent


def _version(value: Mapping[str, Any]) -> str:
    version = _optional(value, "version")
    return "" if version == "0.0" else version  # the API's word for "none"


def _description(value: Mapping[str, Any]) -> str:
    description = _text(value, "short_description", _MAX_DESCRIPTION)
    sections = value.get("sections")
    if description or not isinstance(sections, dict):
        return description
    longer = sections.get("description")
    return _Words.of(longer)[:_MAX_DESCRIPTION] if isinstance(longer, str) else ""


def _author(author: object) -> tuple[str, str]:
    """Read the author's name and URL: a link, a plain text, or a theme's object."""
    if author is None or author is False:
        return "", ""
    if isinstance(author, dict):
        names = (author.get(key) for key in ("display_name", "author", "user_nicename"))
        name = next((name for name in names if isinstance(name, str) and name), "")
        urls = (author.get(key) for key in ("author_url", "profile"))
        url = next((url for url in urls if isinstance(url, str) and url), "")
        return _Words.of(name), _url(url)
    if not isinstance(author, str):
        raise Refused(f"its author is not a text but {_kind(author)}")
    words = _Words.read(author)
    return words.text, _url(words.link)


def _tags(tags: object) -> tuple[str, ...]:
    if isinstance(tags, dict):
        tags = list(tags.values())
    if not isinstance(tags, list):
        return ()
    return tuple(_clean(html.unescape(tag)) for tag in tags if isinstance(tag, str))


def _time(value: Mapping[str, Any]) -> int | None:
    """Read `last_updated` (themes: `last_updated_time`) as Unix seconds."""
    for key in ("last_updated_time", "last_updated"):
        written = _optional(value, key)
        for form in _TIMES if written else ():
            try:
                moment = datetime.strptime(written, form)
            except ValueError:
                continue
            return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
        if written:
            raise Refused(f"its {key} {written[:40]!r} is not a date of the API's forms")
    return None


def _count(value: Mapping[str, Any], key: str) -> int | None:
    count = value.get(key)
    if count is None or count is False:
        return None
    if isinstance(count, bool) or not isinstance(count, int):
        raise Refused(f"its {key} is not a whole number but {_kind(count)}")
    if not 0 <= count < 1 << 53:
        raise Refused(f"its {key} {count!s:.40} is impossible")
    return count


def _text(value: Mapping[str, Any], key: str, most: int = 2_000) -> str:
    """Read a text for people: entities decoded once, here and nowhere else."""
    text = value.get(key)
    if text is None or text is False:
        return ""
    if not isinstance(text, str):
        raise Refused(f"its {key} is not a text but {_kind(text)}")
    return _clean(html.unescape(text))[:most]


def _optional(value: Mapping[str, Any], key: str) -> str:
    """Read a short technical text; the API writes `false` for "none", and seldom a number."""
    text = value.get(key)
    if text is None or text is False:
        return ""
    if isinstance(text, str | int | float) and not isinstance(text, bool):
        return _clean(str(text))[:200]
    raise Refused(f"its {key} is not a text but {_kind(text)}")


def _clean(text: str) -> str:
    """Fold blanks; drop what cannot be stored or printed."""
    if "\0" in text:
        raise Refused("it holds a NUL character")
    return " ".join(_CONTROLS.sub("", text).split())


def _stored(text: str) -> str:
    if "\0" in text:
        raise Refused("it holds a NUL character")
    return text.encode("utf-8", "replace").decode()


def _url(url: str) -> str:
    """Keep a web address, or nothing: links on pages come from here."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return _clean(url)[:2_000]


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    if value is None:
        return "null"
    return kinds.get(type(value), "a number")


class _Words(HTMLParser):
    """The words of a scrap of HTML, and its first link."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.link = ""
        self._parts: list[str] = []

    @classmethod
    def read(cls, markup: str) -> "_Words":
        words = cls()
        words.feed(markup)
        words.close()
        return words

    @classmethod
    def of(cls, markup: str) -> str:
        return cls.read(markup).text

    @property
    def text(self) -> str:
        return _clean("".join(self._parts))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and not self.link:
            self.link = dict(attrs).get("href") or ""
        if tag in ("p", "br", "li", "div"):
            self._parts.append(" ")

    def handle_data(self, data: str) -> None:
        self._parts.append(data)
