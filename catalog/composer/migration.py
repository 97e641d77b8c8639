"""Move a project's composer.json from wpackagist's names and repository to this directory's.

`wpackagist-plugin/x` becomes `wp-plugin/x` and `wpackagist-theme/x` becomes `wp-theme/x` wherever
the file names a package: in the requirements, in `extra.installer-paths` (so that each package is
still installed where it was), in patches, in filters. Every other byte of the file stays as it is.
All or nothing: a name that cannot be moved leaves the whole file alone.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from catalog.composer.name import InvalidName, Type, package_name

_NAME = re.compile(
    r"(?P<vendor>(?:vendor:)?)wpackagist-(?P<type>plugin|theme)(?:/(?P<slug>[^/\s]+))?",
    re.IGNORECASE,
)
_HOSTS = ("wpackagist.org", "www.wpackagist.org")
_BLANKS = re.compile(r"[ \t\r\n]*")

Keys = tuple[str, ...]


class Immovable(Exception):
    """A name in the file that has no place here; the message says which and why."""


@dataclass(frozen=True, slots=True)
class _String:
    """A JSON string: the keys that lead to it, whether it is one itself, and where it stands."""

    path: Keys
    is_key: bool
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Move:
    """The file moved: its new text, how much changed, and what a person should look at."""

    text: str
    names: int
    repositories: int
    remarks: tuple[str, ...]


def moved(text: str, repository: str) -> Move:
    """Return the text of a composer.json moved to `repository`.

    Raises `Immovable` for a name that cannot be moved, `ValueError` for what is no JSON object.
    """
    json.loads(text)
    if not text.lstrip().startswith("{"):
        raise ValueError("it is not a JSON object")
    strings = list(_strings(text))
    new = {string: value for string in strings if (value := _new(string, repository))}
    _refuse_doubles(strings, new)
    repositories = sum(map(_is_repository, new))
    names = len(new) - repositories
    remarks = tuple(_remarks(strings, new, repository if names and not repositories else ""))
    return Move(_spliced(text, new), names, repositories, remarks)


def _new(string: _String, repository: str) -> str | None:
    """Return what is to stand in a string's place, None where it stays."""
    if _is_repository(string):
        return repository
    match = _NAME.fullmatch(string.value)
    if match is None or _is_label(string) or not (match["vendor"] or match["slug"]):
        return None
    return match["vendor"].lower() + _new_name(match["type"].lower(), match["slug"])


def _new_name(kind: str, slug: str | None) -> str:
    if slug is None or "*" in slug:
        return f"wp-{kind}" + (f"/{slug.lower()}" if slug else "")
    type: Type = "theme" if kind == "theme" else "plugin"
    try:
        return package_name(type, slug.lower())
    except InvalidName as error:
        raise Immovable(str(error)) from None


def _is_repository(string: _String) -> bool:
    path = string.path
    at_url = len(path) == 3 and path[0] == "repositories" and path[2] == "url"
    return at_url and not string.is_key and urlsplit(string.value).hostname in _HOSTS


def _is_label(string: _String) -> bool:
    """Tell the keys that are not names of packages: folders, and what people call a repository."""
    folder = len(string.path) == 3 and string.path[:2] == ("extra", "installer-paths")
    called = len(string.path) == 2 and string.path[0] == "repositories"
    return string.is_key and (folder or called)


def _refuse_doubles(strings: Sequence[_String], new: Mapping[_String, str]) -> None:
    """Refuse where an object would have one key twice: Composer would silently take the last."""
    seen: dict[tuple[Keys, str], _String] = {}
    for string in strings:
        if not string.is_key:
            continue
        key = (string.path[:-1], new.get(string, string.value))
        other = seen.setdefault(key, string)
        if other is not string and (string in new or other in new):
            where = ".".join(string.path[:-1])
            raise Immovable(f"{where} names both {other.value} and {string.value}.")


def _remarks(strings: Sequence[_String], new: Mapping[_String, str], missing: str) -> Iterator[str]:
    if missing:
        yield (
            "it has no entry for the repository of wpackagist; add this one with:"
            f" composer config repositories.wp composer {missing}"
        )
    for string in strings:
        place = ".".join(string.path)
        if _is_label(string) and "{$vendor}" in string.value:
            yield f"{place}: {{$vendor}} is now wp-plugin or wp-theme, so the folder changes."
        elif string not in new and not _is_label(string) and "wpackagist" in string.value.lower():
            yield f"{place} still speaks of wpackagist."


def _spliced(text: str, new: Mapping[_String, str]) -> str:
    parts: list[str] = []
    end = 0
    for string, value in new.items():
        old = text[string.start : string.end]
        written = json.dumps(value, ensure_ascii=False)
        parts += [
            text[end : string.start],
            written.replace("/", r"\/") if r"\/" in old else written,
        ]
        end = string.end
    return "".join([*parts, text[end:]])


def _strings(text: str) -> Iterator[_String]:
    """Yield every string of a JSON text that is known to be sound, in the order of the text."""
    yield from _value(text, _after_blanks(text, 0), ())[1]


def _value(text: str, start: int, path: Keys) -> tuple[int, list[_String]]:
    """Return where the value at `start` ends, and its strings."""
    if text[start] in "{[":
        return _container(text, start, path)
    value, end = json.JSONDecoder().raw_decode(text, start)
    return end, [_String(path, False, value, start, end)] if isinstance(value, str) else []


def _container(text: str, start: int, path: Keys) -> tuple[int, list[_String]]:
    found: list[_String] = []
    is_object = text[start] == "{"
    place = _after_blanks(text, start + 1)
    index = 0
    while text[place] not in "}]":
        key = str(index)
        if is_object:
            key, end = json.JSONDecoder().raw_decode(text, place)
            found.append(_String((*path, key), True, key, place, end))
            place = _after_blanks(text, _after_blanks(text, end) + 1)  # past the colon
        place, inner = _value(text, place, (*path, key))
        found += inner
        place = _after_blanks(text, place)
        if text[place] == ",":
            place = _after_blanks(text, place + 1)
        index += 1
    return place + 1, found


def _after_blanks(text: str, place: int) -> int:
    match = _BLANKS.match(text, place)
    return match.end() if match else place
