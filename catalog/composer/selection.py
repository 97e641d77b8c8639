"""Which versions of a package are offered to Composer, and by which rule the others are not."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from catalog.composer.rule import Rule
from catalog.composer.version import (
    InvalidVersion,
    Order,
    Stability,
    normalize,
    order,
    pretty,
    stability,
)

_ADDRESS = re.compile(r"https?://[^/\x00-\x20\x7f\ud800-\udfff]+/[^\x00-\x20\x7f\ud800-\udfff]*")
_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]+)[/?#]")
_NO_VERSION = ("", "0.0", "trunk")  # "0.0" is the API's word for none


class Kept(NamedTuple):
    """A version that is offered.

    `raw` is the tag as the source writes it (for paths), `version` what people require,
    `normalized` what Composer compares, `url` the address of its zip.
    """

    raw: str
    version: str
    normalized: str
    stability: Stability
    url: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A version that is not offered; `reason` is a sentence about this very version."""

    raw: str
    rule: Rule
    reason: str

    @property
    def tagged(self) -> bool:
        """Whether the source has a tag of this name."""
        return self.rule not in (Rule.UNTAGGED, Rule.TRUNK)


@dataclass(frozen=True, slots=True)
class Published:
    """The decision over a package: `kept` newest first, `dropped` by raw version.

    `stable` is the kept one that its authors call stable: what the source tells of a version, it
    tells of this one. None when that one has no tag, or none that can be offered.
    """

    kept: tuple[Kept, ...]
    dropped: tuple[Dropped, ...]
    stable: Kept | None = None

    @property
    def releases(self) -> tuple[Kept, ...]:
        """What stands in the package's main file."""
        return tuple(kept for kept in self.kept if kept.stability != "dev")

    @property
    def dev(self) -> tuple[Kept, ...]:
        """What stands in its ~dev file."""
        return tuple(kept for kept in self.kept if kept.stability == "dev")

    @property
    def current(self) -> Kept | None:
        """The newest stable version, or the newest pre-release where there is no stable one."""
        stable = (kept for kept in self.kept if kept.stability == "stable")
        return next(stable, next(iter(self.releases), None))


def stable_version(slug: str, version: str, download_link: str) -> str:
    """Return the version that the authors call stable.

    The header of trunk may run ahead of the stable tag; the tag stands in the link's file name.
    """
    name = _file_name(download_link)
    start, end = f"{slug}.", ".zip"
    tag = name[len(start) : -len(end)] if name.startswith(start) and name.endswith(end) else ""
    return version if tag in ("", "latest-stable") or "\n" in tag else tag


def same_version(one: str, other: str) -> bool:
    """Tell whether Composer finds two raw versions equal; what it cannot read equals itself."""
    return one == other or (_order_of(one) is not None and _order_of(one) == _order_of(other))


def precedes(one: str, other: str) -> bool:
    """Tell whether Composer finds a raw version older than another; False if it cannot tell."""
    first, second = _order_of(one), _order_of(other)
    return first is not None and second is not None and first < second


def published(
    versions: Mapping[str, str], stable: str, *, slug: str, before: Collection[str] = ()
) -> Published:
    """Decide over `versions` (raw version -> zip URL) of a package.

    `stable` is the version that its authors call stable: what is newer is not released yet and is
    offered only if it is a pre-release. Where `stable` tells nothing, nothing is held back.
    `before` are the raw versions that were offered before: of equal ones, they stay.
    The decision depends on the arguments alone, not on their order.
    """
    readable, dropped = _read(versions, slug)
    chosen, doubles = _without_doubles(readable, stable, before)
    ceiling = _order_of(stable)
    kept, unreleased = _up_to(ceiling, chosen, stable)
    dropped += doubles + unreleased
    if _untagged(ceiling, stable, versions):
        dropped.append(
            Dropped(stable, Rule.UNTAGGED, f"There is no tag {stable}; only trunk holds it.")
        )
    kept.sort(key=lambda one: order(one.normalized), reverse=True)
    dropped.sort(key=lambda one: one.raw)
    called = next((one for one in kept if same_version(one.raw, stable)), None)
    return Published(tuple(kept), tuple(dropped), called)


def _read(versions: Mapping[str, str], slug: str) -> tuple[list[Kept], list[Dropped]]:
    kept: list[Kept] = []
    dropped: list[Dropped] = []
    moving = (f"{slug}.zip", f"{slug}.latest-stable.zip")
    for raw, url in versions.items():
        try:
            normalized = normalize(raw)
            _check_release(raw, normalized)
            _check_zip(raw, url, moving)
        except InvalidVersion as error:
            dropped.append(Dropped(raw, error.rule, str(error)))
        else:
            kept.append(Kept(raw, pretty(raw), normalized, stability(normalized), url))
    return kept, dropped


def _check_release(raw: str, normalized: str) -> None:
    if normalized == "dev-trunk":
        raise InvalidVersion(Rule.TRUNK, f"“{raw}” is not a release.")


def _check_zip(raw: str, url: str, moving: Collection[str]) -> None:
    if not _ADDRESS.fullmatch(url) or not host(url):
        raise InvalidVersion(Rule.ZIP, f"There is no address of a zip for “{raw}”.")
    if _file_name(url) in moving and "?" not in url:
        raise InvalidVersion(Rule.MOVING_ZIP, f"{url} is another zip after every change.")


def host(url: str) -> str | None:
    """Return the host of a zip's address in small letters; None where it names none."""
    if plain := _PLAIN_HOST.match(url):  # as nearly all are: urlsplit takes twenty times as long
        return plain[1]
    try:
        return urlsplit(url).hostname
    except ValueError:  # brackets that hold no address
        return None


def _file_name(url: str) -> str:
    return unquote(url.partition("?")[0].partition("#")[0].rpartition("/")[2])


def _without_doubles(
    versions: Iterable[Kept], stable: str, before: Collection[str]
) -> tuple[list[Kept], list[Dropped]]:
    """Keep one of those that Composer finds equal: the stable tag, else the shortest, else by code.

    The one offered before comes before all, for a published version keeps its zip; then the stable
    tag, for its zip is the one that WordPress.org serves under this version; then the shortest, for
    what makes a tag longer ("v", ".0", a blank) carries no meaning.
    """
    groups: dict[Order, list[Kept]] = {}
    for one in versions:
        groups.setdefault(order(one.normalized), []).append(one)
    chosen: list[Kept] = []
    dropped: list[Dropped] = []
    for group in groups.values():
        if len(group) == 1:
            chosen += group
            continue
        group.sort(
            key=lambda one: (one.raw not in before, one.raw != stable, len(one.raw), one.raw)
        )
        chosen.append(group[0])
        dropped += [
            Dropped(
                other.raw,
                Rule.DUPLICATE,
                f"To Composer “{other.raw}” is the same version as “{group[0].raw}”.",
            )
            for other in group[1:]
        ]
    return chosen, dropped


def _order_of(stable: str) -> Order | None:
    if stable.strip() in _NO_VERSION:
        return None
    try:
        return order(normalize(stable))
    except InvalidVersion:
        return None


def _up_to(
    ceiling: Order | None, versions: Iterable[Kept], stable: str
) -> tuple[list[Kept], list[Dropped]]:
    kept: list[Kept] = []
    dropped: list[Dropped] = []
    for one in versions:
        released = ceiling is None or order(one.normalized) <= ceiling
        if released or one.stability != "stable":
            kept.append(one)
        else:
            reason = f"“{one.raw}” is above {stable}, the stable version."
            dropped.append(Dropped(one.raw, Rule.UNRELEASED, reason))
    return kept, dropped


def _untagged(ceiling: Order | None, stable: str, versions: Mapping[str, str]) -> bool:
    """Tell whether no tag is the stable version; 4.2 and 4.2.0 are the same one."""
    if stable.strip() in _NO_VERSION or stable in versions:
        return False
    return ceiling is None or all(_order_of(raw) != ceiling for raw in versions)
