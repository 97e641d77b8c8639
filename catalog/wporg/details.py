"""What the API says of packages: asked by the hundred, answered with a record, a closure or less.

Only a clear word closes a package. `null`, an unknown error, an answer for another package or none
at all are failures: what was known of the package stays.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from catalog.composer.version import InvalidVersion, normalize, order
from catalog.wporg.client import Client, Outage, Unreadable

MOST = 100  # slugs in a request; the API refuses more
_LONGEST = 5_000  # characters of slugs in a URL; servers commonly take 8,000 in all

# Asked for: what a directory shows. Not asked for: texts that no page prints, and figures that
# change every day, which would make every record new every day. The API gives some of these all
# the same: they are left out of what is saved.
_WANTED = (
    "short_description", "homepage", "active_installs", "last_updated", "requires", "tested",
    "requires_php", "tags", "versions",
)  # fmt: skip
_PICTURE = {"plugin": "icons", "theme": "screenshot_url"}
_DAILY = (
    "downloaded", "rating", "ratings", "num_ratings", "support_threads", "support_threads_resolved",
)  # fmt: skip
_UNWANTED = {
    "plugin": ("sections", "reviews", "screenshots", "contributors", "banners", "donate_link"),
    "theme": ("reviews_url",),
}
_NOT_FOUND = {"plugin": "plugin not found", "theme": "theme not found"}
_NO_SLUGS = re.compile(r"slugs? not provided", re.IGNORECASE)


class OneForAll(Outage):
    """A batch got one error for all its packages; asked again, it would get the same.

    `unsupported`: the API did not see the slugs at all, so that no batch will do better.
    """

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.unsupported = _NO_SLUGS.search(words) is not None


@dataclass(frozen=True, slots=True)
class Found:
    """The API's own fields, as they came, but for the figures that change every day."""

    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Closed:
    """A closure: `date` is a day (ISO) or '', `reason` a word or '', texts as they came or ''."""

    date: str
    reason: str
    reason_text: str
    description: str
    permanent: bool


NO_REASON = Closed("", "", "", "", permanent=False)


@dataclass(frozen=True, slots=True)
class NotFound:
    """The API does not know the slug: no outage, and by itself no closure."""


@dataclass(frozen=True, slots=True)
class Failure:
    """No usable word about this package, and why."""

    reason: str


Answer = Found | Closed | NotFound | Failure


def batches(slugs: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Cut `slugs` into requests of at most a hundred, and of a URL that servers take."""
    batch: list[str] = []
    length = 0
    for slug in slugs:
        if batch and (len(batch) == MOST or length + len(slug) > _LONGEST):
            yield tuple(batch)
            batch, length = [], 0
        batch.append(slug)
        length += len(slug) + 1
    if batch:
        yield tuple(batch)


def ask(
    client: Client, api: str, type_: str, slugs: Sequence[str], *, changelogs: bool = False
) -> dict[str, Answer]:
    """Ask for up to a hundred packages; every slug gets an answer, or `Outage` is raised.

    With `changelogs`, for those of plugins as well.
    It is `OneForAll` when the API answers, but not a batch.
    """

    def read(body: bytes) -> dict[str, Answer]:
        answers = read_batch(body, type_, slugs)
        return {slug: _with_changelog(one) for slug, one in answers.items()} if told else answers

    told = changelogs and type_ == "plugin"
    address = url(api, type_, slugs)
    if told:  # the API has them among texts that nothing here prints
        address = address.replace("fields][sections]=0", "fields][sections]=1").replace(
            "fields%5D%5Bsections%5D=0", "fields%5D%5Bsections%5D=1"
        )
    return client.ask("GET", address, read, accept=frozenset({200, 404}))


def _with_changelog(answer: Answer) -> Answer:
    """Keep of an answer's sections the changelog alone."""
    if not isinstance(answer, Found):
        return answer
    sections = answer.fields.get("sections")
    changelog = sections.get("changelog") if isinstance(sections, dict) else None
    rest = {key: field for key, field in answer.fields.items() if key != "sections"}
    return Found(rest | ({"sections": {"changelog": changelog}} if changelog else {}))


def url(api: str, type_: str, slugs: Sequence[str]) -> str:
    """Return the address of `slugs` at the API whose base is `api`; one is asked for as `slug`."""
    fields = [(f"request[fields][{name}]", "1") for name in (*_WANTED, _PICTURE[type_])]
    fields += [(f"request[fields][{name}]", "0") for name in (*_UNWANTED[type_], *_DAILY)]
    which = "request[slug]" if len(slugs) == 1 else "request[slugs]"
    query = [("action", f"{type_}_information"), (which, ",".join(slugs)), *fields]
    return f"{api.rstrip('/')}/{type_}s/info/1.2/?{urlencode(query, safe=',')}"


def read_batch(body: bytes, type_: str, slugs: Sequence[str]) -> dict[str, Answer]:
    """Read the map slug -> answer; `Unreadable` when it is not one."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the answer is not JSON ({error})") from None
    if isinstance(value, list):  # PHP writes the keys 0, 1, … as a list
        value = {str(index): item for index, item in enumerate(value)}
    if not isinstance(value, dict):
        raise Unreadable(f"the answer is not a map but {str(value)[:40]!r}")
    if isinstance(value.get("slug"), str) or isinstance(value.get("error"), str):
        value = {slugs[0]: _answer_for_one(value, type_, slugs)}
    return {slug: read_answer(value.get(slug), type_, slug) for slug in slugs}


def _answer_for_one(value: dict[str, Any], type_: str, slugs: Sequence[str]) -> dict[str, Any]:
    """Take what is no map as the answer of the one package asked for, if it is about it."""
    if len(slugs) > 1:
        raise OneForAll(f"the answer is one for all: {str(value.get('error'))[:200]!r}")
    unknown = isinstance(read_answer(value, type_, slugs[0]), NotFound)
    if not (unknown or value.get("slug") == slugs[0]):
        raise Unreadable(f"the answer is about another package: {str(value)[:200]!r}")
    return value


def read_answer(value: object, type_: str, slug: str) -> Answer:
    """Tell a record from a closure, an unknown slug and a failure."""
    if not isinstance(value, dict):
        return Failure("no answer" if value is None else f"the answer is {str(value)[:40]!r}")
    error, about = value.get("error"), value.get("slug")
    if about != slug and (error is None or about is not None):
        return Failure(f"the answer is about {str(about)[:80]!r}")
    if error == "closed" or value.get("closed") is True:
        return _closure(value)
    if error is not None:
        if isinstance(error, str) and error.lower().rstrip(".") == _NOT_FOUND[type_]:
            return NotFound()
        return Failure(f"the API says {str(error)[:200]!r}")
    if not isinstance(value.get("name"), str):
        return Failure("the answer has no name")
    if not _is_plain(value):
        return Failure("the answer is nested too deeply")
    return Found({key: field for key, field in value.items() if key not in _DAILY})


def awaited(fields: Mapping[str, Any]) -> str:
    """Return the newest version above the announced one, or '': it may wait for its review.

    The directory shows a theme's tag at once, and announces it when it was reviewed.
    """
    try:
        newest, above = "", order(normalize(str(fields.get("version"))))
    except InvalidVersion:
        return ""
    versions = fields.get("versions")
    for raw in versions if isinstance(versions, dict) else ():
        try:
            place = order(normalize(raw))
        except InvalidVersion:
            continue
        if place > above:
            newest, above = raw, place
    return newest


def _is_plain(value: object, depth: int = 20) -> bool:
    """Tell whether a value can be written down again: nesting has a limit in Python's JSON."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return True
    return depth > 0 and all(_is_plain(item, depth - 1) for item in value)


def _closure(value: dict[str, Any]) -> Closed:
    description = _text(value, "description")
    return Closed(
        date=_day(_text(value, "closed_date")),
        reason=_text(value, "reason"),
        reason_text=_text(value, "reason_text"),
        description=description,
        permanent="this closure is permanent" in description.lower(),
    )


def _day(text: str) -> str:
    """Take the day of `2024-10-24 05:12:33`, as the directory stores it, or of a bare day."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""


def _text(value: dict[str, Any], key: str) -> str:
    """Read a text that the API writes as `false` when there is none."""
    text = value.get(key)
    return text if isinstance(text, str) else ""
