"""A source record: one answer of the WordPress.org API, checked and made plain.

The field names are those of `plugins/info/1.2` and `themes/info/1.2`, odd shapes and all:
`versions` may be PHP's empty array, an author may be a link, a text or an object, `requires_php`
may be `false`. What is missing closes up. A field that is odd costs the field; only what tells
which package it is and what can be had of it is refused, with a sentence. Every length is bounded
before it is read, so that reading takes time linear in the length of the line.
"""

import codecs
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unicodedata import normalize
from urllib.parse import urlsplit

from catalog.markup import decoded, first_link, words
from release.text import clean
from release.words import account

MAX_BYTES = 4 << 20  # of one record; real answers stay well under one megabyte
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"  # for what is no character
_MAX_NAME = 1_000
_MAX_DESCRIPTION = 2_000
_MAX_SHORT = 200  # of authors, tags, reasons and versions
_MAX_URL = 2_000
_MAX_VERSIONS = 10_000  # the longest real history has 895
_MAX_TAGS = 100
_MAX_CHANGELOG = 200_000  # characters
_MAX_RAW = 16_000  # of a text as it is written, markup and entities included
_SLUG = re.compile(r"[a-z0-9_-]{1,200}")
_SLUG_MEMBER = re.compile(rb'"slug"\s*:\s*"([a-z0-9_-]{1,200})"')
_ICONS = ("svg", "2x", "1x")  # the best first; `default` is a pattern that the directory makes
# A path beside the source file: names and slashes, nothing that leads up, out, or to a hidden file.
_LOCAL = re.compile(r"(?:[\w-][\w. -]*/)*[\w-][\w. -]*")
_ZIP_TYPE = re.compile(r"//downloads\.wordpress\.org/(plugin|theme)/")
_NICENAME = re.compile(r"[a-z0-9_-]{1,60}")
_DIGITS = re.compile(r"[0-9]{1,16}")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T].*)?")
_SECONDS_A_DAY = 86_400
_EARLIEST = int(datetime(2003, 1, 1, tzinfo=UTC).timestamp())  # WordPress is of May 2003
_NUMBER = r"v?\.?\s*([0-9]{1,4}(?:\.[0-9]{1,4}){0,3}(?:-?(?:alpha|beta|rc)[0-9.]{0,4})?)"
_AROUND = r"(?:{}|versions?|requires?|at least|minimum|up to|[≥>=:\s])*+"
_PLATFORM = {
    key: re.compile(_AROUND.format(name) + _NUMBER + r"(?![0-9a-z])", re.IGNORECASE)
    for key, name in {
        **dict.fromkeys(("requires", "tested"), "word ?press|wp"),
        "requires_php": "php",
    }.items()
}
_PLAIN_ZIP = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z]{2,}/[!-\[\]-~]*")
# A host whose last label is a number is an IPv4 address, in whatever notation.
_HOST = re.compile(r"(?:[\w-]+\.)*(?!\d+\.?$|0x[0-9a-f]*\.?$)[\w-]+\.?", re.IGNORECASE)


Commit = tuple[int, int | None]  # a revision, and its Unix seconds where they are known


class Refused(Exception):
    """A record that cannot be taken, with the reason as a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Record:
    """A package's facts as plain text: entities decoded, markup gone, blanks folded.

    `active_installs` is a lower bound and `None` when unknown; `updated` is Unix seconds (UTC) or
    `None`; `versions` pairs each raw version with its zip URL, in the source's order; other missing
    facts are ''.
    """

    type: str
    slug: str
    name: str
    description: str
    version: str
    author: str
    author_url: str
    account: str  # the author's on wordpress.org: it stays when a header prints another name
    homepage: str
    active_installs: int | None
    updated: int | None
    requires: str
    tested: str
    requires_php: str
    tags: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    download_link: str  # its file name tells the stable tag
    revision: int | None  # Subversion's, of the last change
    closure: tuple[str, str, str, bool] | None  # date, reason, words, permanent
    license: str  # as the header calls it
    requires_plugins: tuple[str, ...]  # slugs
    tag_commits: tuple[tuple[str, Commit, Commit], ...]  # a tag, the first and last commit into it
    changelog: str  # markup, not yet cleaned
    extras: tuple[tuple[str, str | int], ...] = ()  # those of release/extras.py that are told
    pictures: tuple[str, ...] = ()  # where its own picture is, the best first: https, or a path


def parse(line: bytes, now: float = math.inf) -> Record:
    """Read one record from its JSON bytes, or raise `Refused`.

    A date more than a day after `now` (Unix seconds) is none.
    """
    if len(line) > MAX_BYTES:
        raise Refused(f"it is longer than {MAX_BYTES:,} bytes")
    if b"\0" in line:
        raise Refused("it holds a NUL byte")
    try:
        value = json.loads(
            line.removeprefix(codecs.BOM_UTF8).decode("utf-8"),
            object_pairs_hook=_no_repeats,
            parse_int=_whole,
        )
    except UnicodeDecodeError as error:
        raise Refused(f"it is not UTF-8 (byte {error.start + 1})") from None
    except json.JSONDecodeError as error:
        raise Refused(f"it is not JSON: {error.msg} (character {error.pos + 1})") from None
    except RecursionError:
        raise Refused("it is nested too deeply") from None
    if not isinstance(value, dict):
        raise Refused(f"it is not a JSON object but {_kind(value)}")
    return _record(value, now + _SECONDS_A_DAY)


def slug_of(line: bytes) -> str:
    """Tell which slug a line names, '' if none: even a line that is refused is about a package."""
    found = _SLUG_MEMBER.search(line)
    return found[1].decode() if found else ""


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise Refused(f"the key {name[:40]!r} stands in it twice")
            seen.add(name)
    return members


def _whole(digits: str) -> float:
    # A number of thousands of digits is nothing that is counted here, and Python refuses it.
    return int(digits) if len(digits) <= 20 else math.inf


def _record(value: Mapping[str, Any], latest: float) -> Record:
    slug = _slug(value)
    versions = _versions(value)
    author, author_url = _author(value.get("author"))
    type_ = _type(value, versions)
    return Record(
        type=type_,
        slug=slug,
        name=_text(value, "name", _MAX_NAME) or slug,
        description=_description(value),
        version=_version(value),
        author=author,
        author_url=author_url or _url(value.get("author_profile")),
        account=_account(value.get("author_profile"), value.get("author"), author_url),
        homepage=_homepage(value.get("homepage")),
        active_installs=_count(value, "active_installs"),
        updated=_updated(value, latest),
        requires=_platform(value, "requires"),
        tested=_platform(value, "tested"),
        requires_php=_platform(value, "requires_php"),
        tags=_tags(value.get("tags")),
        versions=versions,
        download_link=_url(value.get("download_link")),
        revision=_count(value, "svn_revision"),
        closure=_closure(value, latest),
        license=_short(value, "license"),
        requires_plugins=_slugs(value.get("requires_plugins")),
        tag_commits=_tag_commits(value.get("svn_tags"), latest),
        changelog=_changelog(value),
        extras=_extras(value),
        pictures=_pictures(value, type_),
    )


def _extras(value: Mapping[str, Any]) -> tuple[tuple[str, str | int], ...]:
    read = ((name, reader(value)) for name, reader in EXTRAS.items())
    return tuple((name, fact) for name, fact in read if fact is not None and fact != "")


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
        what = f"{given[:40]!r}" if isinstance(given, str) else _kind(given)
        raise Refused(f"its type is {what}, not 'plugin' or 'theme'")
    for url in (*(url for _, url in versions), _url(value.get("download_link"))):
        if match := _ZIP_TYPE.search(url):
            return match[1]
    raise Refused("it has no type, and no zip URL that tells it")


def _versions(value: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Read the map version -> zip URL; PHP writes an empty map, or the keys 0, 1, …, as a list.

    A version whose zip has no sound address keeps '' for it, and is not offered.
    """
    versions = value.get("versions") or {}
    if isinstance(versions, list):
        versions = {str(index): url for index, url in enumerate(versions)}
    if not isinstance(versions, dict):
        # Without them nothing of the package could be had any more: this is no odd detail.
        raise Refused(f"its versions are not a map but {_kind(versions)}")
    if len(versions) > _MAX_VERSIONS:
        raise Refused(f"it has {len(versions):,} versions, and {_MAX_VERSIONS:,} are read at most")
    return tuple(_tag(version, url) for version, url in versions.items())


def _tag(version: str, url: object) -> tuple[str, str]:
    """Keep a raw version as it is, for it names the tag; what cannot be printed is made visible."""
    if len(version) > _MAX_SHORT:
        return _visible(version[:_MAX_SHORT]) + "…", ""
    return _visible(version), _zip(url)


def _visible(version: str) -> str:
    if version.isprintable():
        return version
    return "".join(one if one.isprintable() or one in "\t\n\r" else _REPLACEMENT for one in version)


def _closure(value: Mapping[str, Any], latest: float) -> tuple[str, str, str, bool] | None:
    """Read why a package was closed: the directory's words for a stub, or those saved with it."""
    if value.get("closed") is not True and value.get("error") != "closed":
        return None
    reason = _short(value, "reason")
    told = _text(value, "reason_text", _MAX_DESCRIPTION) or reason
    description = value.get("description")
    permanent = value.get("permanent") is True or (
        isinstance(description, str) and "closure is permanent" in description
    )
    return _day(_short(value, "closed_date"), latest), reason, told, permanent


def _day(written: str, latest: float) -> str:
    """Give the day of a date, 'YYYY-MM-DD', or ''. The directory stores some with the time."""
    match = _DAY.fullmatch(written)
    return match[1] if match and _moment(match[1], latest) is not None else ""


def _pictures(value: Mapping[str, Any], type_: str) -> tuple[str, ...]:
    """Read where a plugin's icon or a theme's screenshot is; neither is looked at here.

    Addresses are kept with https, whether they come with it or, as a theme's, without a scheme; or
    else paths, which are taken from the folder of the source file.
    """
    icons = value.get("icons")
    if type_ == "theme":
        named = [value.get("screenshot_url")]
    else:
        named = [icons.get(key) for key in _ICONS] if isinstance(icons, dict) else []
    found = dict.fromkeys(filter(None, map(_picture, named)))
    addresses = tuple(one for one in found if one.startswith("https:"))
    return addresses or tuple(found)


def _picture(address: object) -> str:
    if not isinstance(address, str) or len(address) > _MAX_URL:
        return ""
    if _LOCAL.fullmatch(address):
        return address
    if address.startswith("//"):
        address = f"https:{address}"
    elif address.startswith("http://"):
        address = f"https{address[4:]}"
    plain = address.isascii() and address.isprintable() and " " not in address
    return address if plain and address.startswith("https://") and _zip(address) else ""


def _version(value: Mapping[str, Any]) -> str:
    version = _short(value, "version")
    return "" if version == "0.0" else version  # the API's word for "none"


def _description(value: Mapping[str, Any]) -> str:
    short = value.get("short_description")
    sections = value.get("sections")
    longer = sections.get("description") if isinstance(sections, dict) else None
    return _words(short, _MAX_DESCRIPTION) or _words(longer, _MAX_DESCRIPTION)


def _author(author: object) -> tuple[str, str]:
    """Read the author's name and URL: a link, a plain text, or a theme's object.

    Of the object, as of a plugin: what the header says comes before what the account says.
    """
    if isinstance(author, dict):
        names = (author.get(key) for key in ("author", "display_name", "user_nicename"))
        urls = (author.get(key) for key in ("author_url", "profile"))
        return (
            next(filter(None, (_words(name, _MAX_SHORT) for name in names)), ""),
            next(filter(None, map(_url, urls)), ""),
        )
    if not isinstance(author, str):
        return "", ""
    return _words(author, _MAX_SHORT), _url(first_link(author[:_MAX_RAW]))


def _account(profile: object, author: object, author_url: str) -> str:
    """Read whose package it is: of a plugin's profile, a theme's author object, or the link."""
    about = author if isinstance(author, dict) else {}
    told = (profile, about.get("profile"), author_url)
    profiles = (one for one in told if isinstance(one, str) and len(one) <= _MAX_URL)
    nicename = about.get("user_nicename")
    if not isinstance(nicename, str) or not _NICENAME.fullmatch(nicename):
        nicename = ""
    return next(filter(None, map(account, profiles)), nicename)


def _tags(tags: object) -> tuple[str, ...]:
    if isinstance(tags, dict):
        tags = list(tags.values())
    if not isinstance(tags, list):
        return ()
    labels = (
        _cleaned(decoded(tag), _MAX_SHORT)
        for tag in tags[:_MAX_TAGS]
        if isinstance(tag, str) and len(tag) <= _MAX_SHORT
    )
    return tuple(filter(None, labels))


def _slugs(slugs: object) -> tuple[str, ...]:
    """Read the slugs of other plugins, each once; what can be none is passed over."""
    if not isinstance(slugs, list):
        return ()
    some = (one for one in slugs[:_MAX_TAGS] if isinstance(one, str) and _SLUG.fullmatch(one))
    return tuple(dict.fromkeys(some))


def _tag_commits(tags: object, latest: float) -> tuple[tuple[str, Commit, Commit], ...]:
    """Read what fetch notes of a plugin's tags: {tag: [revision, date, revision, date]}."""
    if not isinstance(tags, dict) or len(tags) > _MAX_VERSIONS:
        return ()
    read = ((_visible(tag[:_MAX_SHORT]), _commits(noted, latest)) for tag, noted in tags.items())
    return tuple((tag, *commits) for tag, commits in read if commits is not None)


def _changelog(value: Mapping[str, Any]) -> str:
    """Keep a changelog as it is written, up to some length; half surrogates are no text."""
    sections = value.get("sections")
    text = sections.get("changelog") if isinstance(sections, dict) else None
    if not isinstance(text, str):
        return ""
    return text[:_MAX_CHANGELOG].encode("utf-8", "replace").decode()


def _commits(noted: object, latest: float) -> tuple[Commit, Commit] | None:
    """Read the first and the last commit into a tag; None for what fetch does not write."""
    if not isinstance(noted, list) or len(noted) != 4:
        return None
    revisions, dates = noted[::2], noted[1::2]
    if not all(type(one) is int and 0 < one < 1 << 53 for one in revisions):
        return None
    first, last = (_moment(one[:40], latest) if isinstance(one, str) else None for one in dates)
    return (revisions[0], first), (revisions[1], last)


def _updated(value: Mapping[str, Any], latest: float) -> int | None:
    """Read `last_updated` (themes: `last_updated_time`) as Unix seconds."""
    for key in ("last_updated_time", "last_updated"):
        moment = _moment(_short(value, key), latest)
        if moment is not None:
            return moment
    return None


def _moment(written: str, latest: float) -> int | None:
    """Read a date of the API's own form or of ISO 8601; one that cannot be true is none."""
    if not written:
        return None
    try:
        moment = datetime.strptime(written, "%Y-%m-%d %I:%M%p GMT")
    except ValueError:
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            return None
    seconds = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    return seconds if _EARLIEST <= seconds <= latest else None


def _count(value: Mapping[str, Any], key: str) -> int | None:
    """Read a whole number; PHP at times writes it as a text."""
    count = value.get(key)
    if isinstance(count, str) and _DIGITS.fullmatch(count):
        count = int(count)
    if isinstance(count, bool) or not isinstance(count, int):
        return None
    return count if 0 <= count < 1 << 53 else None


def _text(value: Mapping[str, Any], key: str, most: int) -> str:
    """Read a text for people: entities decoded once, here and nowhere else."""
    text = value.get(key)
    return _cleaned(decoded(text[:_MAX_RAW]), most) if isinstance(text, str) else ""


def _words(markup: object, most: int) -> str:
    """Read a text for people that holds markup."""
    return _cleaned(words(markup[:_MAX_RAW]), most) if isinstance(markup, str) else ""


def _short(value: Mapping[str, Any], key: str) -> str:
    """Read a short technical text; the API writes `false` for "none", and seldom a number."""
    text = value.get(key)
    number = isinstance(text, int | float) and not isinstance(text, bool) and math.isfinite(text)
    return _cleaned(str(text)[:_MAX_RAW], _MAX_SHORT) if number or isinstance(text, str) else ""


def _platform(value: Mapping[str, Any], key: str) -> str:
    """Read a version of WordPress or PHP without its name and without "or higher"."""
    match = _PLATFORM[key].match(_short(value, key))
    return match[1] if match else ""


def _cleaned(text: str, most: int) -> str:
    """Make a text safe to print, as the card's is. To compose letters takes quadratic time in
    stacks of marks, so what is surely too long goes before.
    """
    return clean(" ".join(text.split())[: 2 * most], most)


def _homepage(url: object) -> str:
    """Keep a web address that someone may have passed through WordPress's esc_url."""
    if not isinstance(url, str) or len(url) > _MAX_URL:
        return ""
    return _url(url.replace("&amp;", "&").replace("&#038;", "&"))


def _url(url: object) -> str:
    """Keep a web address, or nothing: links on pages come from here."""
    if not isinstance(url, str) or len(url) > _MAX_URL:
        return ""
    if not url.isprintable():
        url = "".join(one for one in url if one.isprintable() or one.isspace())
    address = " ".join(url.split())
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def _zip(url: object) -> str:
    """Keep the address of a zip on a host with a name: clients are sent there, unasked."""
    if isinstance(url, str) and len(url) <= _MAX_URL and _PLAIN_ZIP.fullmatch(url):
        return url  # as nearly all are
    address = _url(url)
    try:
        parts = urlsplit(address)
        named = parts.port != 0 and _HOST.fullmatch(normalize("NFKC", parts.hostname or ""))
    except ValueError:  # a port that is none
        return ""
    return address if named and "@" not in parts.netloc else ""


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    if value is None:
        return "null"
    return kinds.get(type(value), "a number")


def _repository(value: Mapping[str, Any]) -> str:
    """Read where the source code is, as a plugin's record or a theme's calls it."""
    return _url(value.get("repository_url")) or _url(value.get("external_repository_url"))


# What is only printed, by its name in release/extras.py; '' or None where there is nothing.
EXTRAS: Mapping[str, Callable[[Mapping[str, Any]], str | int | None]] = {
    "repository_url": _repository,
}
