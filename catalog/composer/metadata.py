"""The files that a Composer 2 client reads, as bytes.

The same facts always give the same bytes: no clock, no order of arrival, no environment. That is
what keeps a file's modification time, and with it every client's cache.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from catalog.composer import filters, links
from catalog.composer.license import spdx
from catalog.composer.name import InvalidName, Type, package_name
from catalog.composer.own_zip import OwnZip
from catalog.composer.retagged import TagCommits, change
from catalog.composer.selection import Kept, Published, host
from release.wordpress_org import directory_page, repository

Entry = dict[str, Any]

WORDPRESS_ZIPS = "downloads.wordpress.org"
_INSTALLERS = {"composer/installers": "~1.0|~2.0"}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_NEEDED = "WordPress activates this plugin only where that one is active."
_MOST_KEYWORDS = 30
_YEAR_10000 = 253_402_300_800  # Unix seconds
_PHP = re.compile(r"[5-9](?:\.\d{1,2}){0,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Closure:
    """A package closed by its directory.

    `date` is 'YYYY-MM-DD' or '' when it is not told; `noticed` (Unix seconds) is when the closure
    was first seen here; `reason` is the directory's own word, such as 'security-issue', or '';
    `text` says it to people.
    """

    date: str
    noticed: int
    reason: str = ""
    text: str = ""
    permanent: bool = False

    @property
    def security(self) -> bool:
        """Whether people who have it installed should be warned."""
        return self.reason == "security-issue"


class Known(NamedTuple):
    """What a version was published with.

    `time` is Unix seconds or None; `php` is the lowest PHP version, '' when none is known; `url` is
    the address of its zip, '' before it was published; `published` is when it first stood here
    (Unix seconds), None where that is not known; `plugins` are the slugs of those that it needs,
    None where that was never told; `revision` is the one that changed it after its release, at
    `changed` (Unix seconds), None while none did; `tagged` tells whether the commit that made
    its tag is known.
    """

    time: int | None = None
    php: str = ""
    url: str = ""
    published: int | None = None
    plugins: Sequence[str] | None = None
    revision: int | None = None
    changed: int | None = None
    tagged: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What Composer is told about a package besides its versions. Missing texts are ''.

    `updated` is the last change in Unix seconds; `revision` the Subversion revision of that change,
    None when it is not known; `known` maps raw versions to what `remember` returned before; `now`
    is when what is new here became known (Unix seconds), None where it may have been there before.
    `plugins` are the slugs of those that the stable version needs; they are suggested, or required
    where `plugins_required`. `wordpress_org` tells whether the package lives there. `commits` are
    those into its tags, by raw version. `advisories` are those of the operator's feed: full ones as
    Composer reads them, but for the package's name. `zips` are those that are kept here, by raw
    version.
    """

    type: Type
    slug: str
    description: str = ""
    author: str = ""
    author_url: str = ""
    homepage: str = ""
    requires_php: str = ""
    license: str = ""
    keywords: Sequence[str] = ()
    plugins: Sequence[str] = ()
    plugins_required: bool = False
    wordpress_org: bool = False
    updated: int | None = None
    revision: int | None = None
    closure: Closure | None = None
    known: Mapping[str, Known] = field(default_factory=dict)
    commits: Mapping[str, TagCommits] = field(default_factory=dict)
    advisories: Sequence[Entry] = ()
    zips: Mapping[str, OwnZip] = field(default_factory=dict)
    now: int | None = None

    @property
    def has_trunk(self) -> bool:
        """Whether dev-trunk is offered: themes have no trunk, and it is pinned to a revision."""
        return self.type == "plugin" and self.revision is not None


def remember(facts: Facts, published: Published) -> dict[str, Known]:
    """Return what is known per raw version, to be kept and handed back as `facts.known`.

    The source tells a package's last change and lowest PHP for one version only, the stable one,
    and the last change moves with every edit of a readme. So only that version gets them, when it
    is first seen; and what a version was published with stays, its zip too: whatever moved would
    rewrite the lock file of every project that uses it. So does the moment when it first stood
    here. A version that is held back for a while is remembered.
    """
    held_back = {
        one.raw: facts.known[one.raw] for one in published.dropped if one.raw in facts.known
    }
    return held_back | {one.raw: _known(facts, one, published.stable) for one in published.kept}


def _known(facts: Facts, one: Kept, stable: Kept | None) -> Known:
    commits = facts.commits.get(one.raw)
    seen = facts.known.get(one.raw)
    if seen is None:
        url = "" if one.raw in facts.zips else one.url
        seen = Known(url=url, published=facts.now, tagged=commits is not None)
        if one is stable:
            seen = seen._replace(time=facts.updated, php=lowest_php(facts.requires_php))
    if one is stable and seen.plugins is None:  # or it was published before these were told of
        seen = seen._replace(plugins=facts.plugins)
    if commits is not None:
        # Where the tag was there before the log was followed, no known commit is the first one.
        made = commits.began if seen.tagged else seen.published or seen.time
        if changed := change(commits, made):
            seen = seen._replace(revision=changed[0], changed=changed[1])
    # A zip of our own is not the one that it was published with: that may be lost.
    return seen if seen.url or one.raw in facts.zips else seen._replace(url=one.url)


def lowest_php(requires_php: str) -> str:
    """Return the lowest PHP version if the header holds a sane one, else ''.

    The header is unchecked text. A plain version from 5 to 9 is taken, for WordPress itself then
    refuses to activate the package on an older PHP: Composer only says so earlier. Everything else
    (`7.4+`, `80`, `latest`) is left out: a wrong requirement keeps people from a version that would
    work for them, and a missing one leaves them where they were.
    """
    return requires_php if _PHP.fullmatch(requires_php) else ""


def p2(
    facts: Facts,
    published: Published,
    known: Mapping[str, Known] | None = None,
    *,
    replaces: bool = False,
) -> bytes:
    """Return p2/wp-<type>/<slug>.json: the releases and pre-releases, newest first.

    `known` is what `remember` returns, where that was asked already. With `replaces`, the package
    also stands for its wpackagist name where another package asks for that.
    """
    known = remember(facts, published) if known is None else known
    return _package_file(facts, _releases(facts, published, known), replaces)


def p2_dev(
    facts: Facts,
    published: Published,
    known: Mapping[str, Known] | None = None,
    *,
    replaces: bool = False,
) -> bytes:
    """Return p2/wp-<type>/<slug>~dev.json; an empty list says that there are no dev versions."""
    known = remember(facts, published) if known is None else known
    return _package_file(facts, _devs(facts, published, known), replaces)


def release_entries(facts: Facts, published: Published, *, replaces: bool = False) -> list[Entry]:
    """Return the entries of `p2`, each of them whole."""
    tail = _tail(facts, replaces)
    return [one | tail for one in _releases(facts, published, remember(facts, published))]


def dev_entries(facts: Facts, published: Published, *, replaces: bool = False) -> list[Entry]:
    """Return the entries of `p2_dev`, each of them whole; dev-trunk comes last, as it sorts."""
    tail = _tail(facts, replaces)
    return [one | tail for one in _devs(facts, published, remember(facts, published))]


def root(site_url: str) -> bytes:
    """Return packages.json. Its addresses are absolute, for Composer takes a leading "/" from the
    host's root, and the site may live under a path.
    """
    site = site_url.rstrip("/")
    return encoded(
        {
            "packages": [],
            "metadata-url": f"{site}/p2/%package%.json",
            "metadata-changes-url": f"{site}/metadata/changes.json",
            "notify-batch": f"{site}/downloads",
            "available-package-patterns": ["wp-plugin/*", "wp-theme/*"],
            "list": f"{site}/list.json",
            "search": f"{site}/search.json?q=%query%&type=%type%",
            "security-advisories": {"metadata": True},
            "filter": filters.announced(site),
        }
    )


def filter_summary(names: Iterable[str]) -> bytes:
    """Return filter-summary.json of the names of closed packages that have a file."""
    return encoded(filters.summary(names))


def package_list(names: Iterable[str]) -> bytes:
    """Return list.json of package names such as 'wp-plugin/akismet'."""
    return encoded({"packageNames": sorted(set(names))})


def minified(entries: Iterable[Entry]) -> list[Entry]:
    """Return the first entry whole and of each other one what differs from the one before it."""
    small: list[Entry] = []
    before: Entry = {}
    for entry in entries:
        changed = {key: value for key, value in entry.items() if before.get(key) != value}
        gone = {key: "__unset" for key in before if key not in entry}
        small.append(changed | gone)
        before = entry
    return small


def _package_file(facts: Facts, entries: Iterable[Entry], replaces: bool) -> bytes:
    name = package_name(facts.type, facts.slug)
    small = minified(entries)
    if small:
        small[0] |= _tail(facts, replaces)
    content: Entry = {"packages": {name: small}, "minified": "composer/2.0"}
    if facts.closure is not None:
        content["filter"] = _filter(facts, facts.closure)
    if advisories := list(_advisories(facts)):
        content["security-advisories"] = advisories
    return encoded(content)


def _advisories(facts: Facts) -> Iterator[Entry]:
    """Yield the closure, where it was for security, and what the operator's feed tells."""
    if facts.closure is not None and facts.closure.security:
        yield _advisory(facts, facts.closure)
    for one in facts.advisories:
        yield {"packageName": package_name(facts.type, facts.slug)} | one


def _releases(facts: Facts, published: Published, known: Mapping[str, Known]) -> list[Entry]:
    """Return what differs from release to release; `_tail` has the rest."""
    return [_entry(facts, kept, known[kept.raw]) for kept in published.releases]


def _devs(facts: Facts, published: Published, known: Mapping[str, Known]) -> list[Entry]:
    trunk = [_trunk(facts)] if facts.has_trunk else []
    return [_entry(facts, kept, known[kept.raw]) for kept in published.dev] + trunk


def _entry(facts: Facts, kept: Kept, known: Known) -> Entry:
    reference = f"tags/{kept.raw}" if facts.type == "plugin" else kept.raw
    url = known.url
    if known.revision is not None:
        # Another reference, so that a lock file shows the change, and another address, since
        # Composer keeps a zip by that. WordPress.org pays no regard to what stands behind "?".
        reference += f"@{known.revision}"
        url += f"{'&' if '?' in url else '?'}r={known.revision}"
    entry = _head(facts, kept.version, kept.normalized)
    entry["dist"] = {"type": "zip", "url": url, "reference": reference}
    own = facts.zips.get(kept.raw)
    if own is not None:
        entry["dist"] = own.dist
    # A package of the same name elsewhere is not this one: its zip's host tells. Nor is a tag that
    # was changed the zip that is kept.
    changed = own is not None and known.revision is not None
    if host(known.url) == WORDPRESS_ZIPS and not changed:
        entry["source"] = {
            "type": "svn",
            "url": repository(facts.type, facts.slug),
            "reference": reference,
        }
    entry["require"] = ({"php": f">={known.php}"} if known.php else {}) | _INSTALLERS
    _add_plugins(entry, facts, known.plugins or ())
    if moment := _moment(known.time):
        entry["time"] = moment
    if moment := _moment(known.published):
        entry["published-time"] = moment
    return entry


def _trunk(facts: Facts) -> Entry:
    """Return dev-trunk as it was at one revision.

    Without a zip: that of trunk changes under its address, so a lock file would not hold what it
    says. It is not the default branch either, or `*` would prefer it to every release.
    """
    entry = _head(facts, "dev-trunk", "dev-trunk")
    entry["source"] = {
        "type": "svn",
        "url": repository(facts.type, facts.slug),
        "reference": f"trunk@{facts.revision}",
    }
    entry["require"] = dict(_INSTALLERS)
    _add_plugins(entry, facts, facts.plugins)
    if moment := _moment(facts.updated):
        entry["time"] = moment
    return entry


def _add_plugins(entry: Entry, facts: Facts, slugs: Collection[str]) -> None:
    """Name the plugins that a version needs: required only where the operator says so.

    The header is unchecked text, and a required one may be none of those that are offered.
    """
    if not slugs:  # as of nearly all
        return
    names = list(_plugin_names(facts, slugs))
    if names and facts.plugins_required:
        entry["require"] |= dict.fromkeys(names, "*")
    elif names:
        entry["suggest"] = dict.fromkeys(names, _NEEDED)


def _plugin_names(facts: Facts, slugs: Iterable[str]) -> Iterator[str]:
    own = package_name(facts.type, facts.slug)
    for slug in slugs:
        try:
            name = package_name("plugin", slug)
        except InvalidName:
            continue
        if name != own:
            yield name


def _head(facts: Facts, version: str, normalized: str) -> Entry:
    return {
        "name": package_name(facts.type, facts.slug),
        "version": version,
        "version_normalized": normalized,
        "type": f"wordpress-{facts.type}",
    }


def _tail(facts: Facts, replaces: bool) -> Entry:
    """Return what all versions share."""
    tail: Entry = {}
    if description := _line(facts.description):
        tail["description"] = description
    if homepage := _line(facts.homepage) or _home(facts):
        tail["homepage"] = homepage
    if identifier := spdx(facts.license):
        tail["license"] = [identifier]
    if keywords := [word for tag in facts.keywords[:_MOST_KEYWORDS] if (word := _line(tag))]:
        tail["keywords"] = list(dict.fromkeys(keywords))
    if facts.wordpress_org:
        tail["support"] = links.support(facts.type, facts.slug)
    if author := _line(facts.author):
        tail["authors"] = [{"name": author}]
        if author_url := _line(facts.author_url):
            tail["authors"][0]["homepage"] = author_url
    if replaces:
        tail["replace"] = {f"wpackagist-{facts.type}/{facts.slug}": "self.version"}
    if facts.closure is not None:
        tail["abandoned"] = True
    return tail


def _home(facts: Facts) -> str:
    """Give the page that stands in for the author's own, so that `composer browse` opens one."""
    return directory_page(facts.type, facts.slug) if facts.wordpress_org else ""


def _filter(facts: Facts, closure: Closure) -> Entry:
    """Return the closure as an entry of the filter list."""
    why = _line(closure.text)
    reason = f"Closed{_when(closure)}" + (f": {why}" if why else "")
    return filters.entries(
        _closure_id(facts, closure), directory_page(facts.type, facts.slug), reason
    )


def _advisory(facts: Facts, closure: Closure) -> Entry:
    """Return the closure as a full advisory: Composer fails on a partial one from a file."""
    day = _day(closure)
    why = _line(closure.text) or "Security Issue"
    return {
        "advisoryId": _closure_id(facts, closure),
        "packageName": package_name(facts.type, facts.slug),
        "affectedVersions": "*",
        "title": f"Closed by WordPress.org{_when(closure)}: {why}",
        "link": directory_page(facts.type, facts.slug),
        "cve": None,
        "severity": None,
        "reportedAt": f"{day}T00:00:00+00:00" if day else _moment(closure.noticed) or _moment(0),
        "sources": [{"name": "WordPress.org", "remoteId": f"{facts.type}s/{facts.slug}"}],
    }


def _closure_id(facts: Facts, closure: Closure) -> str:
    day = _day(closure)
    return "-".join(["closed", facts.type, facts.slug, *([day] if day else [])])


def _when(closure: Closure) -> str:
    day = _day(closure)
    return f" on {day}" if day else ""


def _day(closure: Closure) -> str:
    return closure.date if _is_day(closure.date) else ""


def _is_day(text: str) -> bool:
    """Tell whether a text is 'YYYY-MM-DD': what PHP cannot read ends `audit` and `update`."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _line(text: str) -> str:
    """Fold a text into one line. Composer prints it to terminals, which obey control signs; and
    half a surrogate pair would make the whole file unreadable to PHP.
    """
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def _moment(seconds: int | None) -> str:
    """Write a moment as RFC 3339 has it, '' for one that has no year of four digits."""
    if seconds is None or not 0 <= seconds < _YEAR_10000:
        return ""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def encoded(value: object) -> bytes:
    """Write what JSON can hold, as it is remembered and published: UTF-8 without blanks."""
    # Imported by whoever makes something: a run that has nothing to do is over before that.
    from msgspec.json import encode

    return encode(value)
