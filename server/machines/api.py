"""The read-only JSON API: what the pages say, for scripts. openapi.py describes these answers."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal, NotRequired, TypedDict
from urllib.parse import quote

from msgspec import Meta

from release.last_runs import Last
from server.answer import Answer, Site, data, moved, of_this_moment, report
from server.browse import TYPES, last_page
from server.figures import iso, iso_day
from server.machines.list_query import ListQuery, Unanswerable
from server.pages.run_chart import Run
from server.queries import advisories, authors, installs, packages, positions, tags
from server.queries.installs import InstallCounts
from server.queries.lists import Entry
from server.queries.packages import MOST_VERSIONS, Package, Version
from server.results import find, page, total

_MOST_PACKAGES = 100  # of an author, of a tag
_DAY = 86_400

Type = Literal["plugin", "theme"]
Case = Literal["announced", "tag", "trunk", "older", "none"]
Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Url = Annotated[str, Meta(extra_json_schema={"format": "uri"})]
Counts = dict[str, int]


class Problem(TypedDict):
    """Why there is no answer, in a sentence. withdrawn: since when a package is."""

    error: str
    withdrawn: NotRequired[Moment]


class ListedPackage(TypedDict):
    """What a list says of a package."""

    type: Type
    slug: str
    package: str
    name: str
    description: str
    version: str | None
    author: str | None
    active_installs: Annotated[int | None, Meta(description="A lower bound.")]
    installs: Annotated[int, Meta(description="By Composer, all that were counted here.")]
    updated: Moment | None
    closed: bool
    page: Url


class PackageList(TypedDict):
    """A page of packages."""

    total: int
    counts: Counts
    page: Annotated[int | None, Meta(description="Null where it was asked for by a cursor.")]
    per_page: int
    next: Annotated[
        Url | None,
        Meta(
            description="What follows, by a cursor or, of a search, by page. A cursor also holds "
            "in the next release: packages that did not change are neither left out nor given "
            "twice."
        ),
    ]
    packages: list[ListedPackage]
    at_least: NotRequired[
        Annotated[
            bool,
            Meta(description="True where a search found more than is counted, 1,000 of each type."),
        ]
    ]
    too_much: NotRequired[
        Annotated[
            bool,
            Meta(
                description="True where a search took too long and was given up: what it would "
                "find is not known."
            ),
        ]
    ]
    searched_instead: NotRequired[
        Annotated[
            str,
            Meta(
                description="The words that were looked for, where those asked for found nothing."
            ),
        ]
    ]


class PackageAuthor(TypedDict):
    """The author of a package. url: the author's own page."""

    name: str
    url: str | None
    page: Url | None


class Requirements(TypedDict):
    """Versions. tested: the newest WordPress that the package was tried with; plugins: slugs."""

    wordpress: str | None
    tested: str | None
    php: str | None
    plugins: list[str]


class PackageClosure(TypedDict):
    """When and why a package was closed."""

    date: Moment | None
    reason: str | None
    text: str | None
    permanent: bool


class Change(TypedDict):
    """A commit into the tag of a release after its first day, the last one."""

    revision: int
    date: Moment


class AdvisoryFacts(TypedDict):
    """An advisory of the operator's feed. affected: a range of versions, as Composer reads it."""

    id: str
    title: str
    link: Url | None
    cve: str | None
    severity: str | None
    affected: str
    reported: Moment


class PublishedVersion(TypedDict):
    """A version that can be installed.

    published: since when it stands here; null where it did before that was noted. changed: how its
    files were changed after its release; null where they were not. advisories: ids of those that
    affect it.
    """

    version: str
    advisories: list[str]
    zip: str | None
    sha256: Annotated[str | None, Meta(description="Of a zip that this site keeps for good.")]
    released: Moment | None
    published: Moment | None
    changed: Change | None
    php: str | None


class HeldBackVersion(TypedDict):
    """A version that cannot be installed, and why."""

    version: str
    why: str


class PackageOffer(TypedDict):
    """What one gets of a package, and by which command.

    case: the announced version; another tag that the source serves; the state of trunk; the newest
    tag, older than the announced version; or nothing. command: null for what cannot, or should
    not, be installed. why: what there is to explain, in sentences. untagged: whether there is no
    tag of the announced version, so that only trunk holds it.
    """

    case: Case
    command: str | None
    why: str | None
    untagged: bool


class PackageFacts(TypedDict):
    """All that is known of a package. version: what one gets. announced: what its authors say."""

    type: Type
    slug: str
    package: str
    name: str
    description: str
    author: PackageAuthor
    homepage: str | None
    version: str | None
    announced: str | None
    offer: PackageOffer
    active_installs: Annotated[int | None, Meta(description="A lower bound.")]
    updated: Moment | None
    requires: Requirements
    tags: list[str]
    extras: Annotated[
        dict[str, str | int], Meta(description="What else the source tells, as far as it does.")
    ]
    closed: PackageClosure | None
    page: Url
    card: Url
    advisories: list[AdvisoryFacts]
    advisories_of: Annotated[str | None, Meta(description="Whose they are, and their licence.")]
    versions: list[PublishedVersion]
    not_published: list[HeldBackVersion]


class AuthorFacts(TypedDict):
    """An author and the most installed of the author's packages.

    key: the account on WordPress.org or, where none is told, the name as an address.
    """

    key: str
    name: str
    url: str | None
    total: int
    packages: list[ListedPackage]


class TagFacts(TypedDict):
    """A tag and the most installed packages that bear it."""

    tag: str
    total: int
    packages: list[ListedPackage]


class Installs(TypedDict):
    """Installs by Composer. until: when the newest one that is counted was made."""

    total: int
    last_30_days: int
    until: Moment | None
    months: Counts
    days: Counts


class Stats(TypedDict):
    """Packages, and the installs of all of them."""

    release: str
    packages: Counts
    installs: Installs


class PackageStats(TypedDict):
    """The installs of a package. versions: the most installed first.

    other_versions: installs of versions that there are not any more.
    """

    package: str
    active_installs: int | None
    installs: Installs
    versions: Counts
    other_versions: int


class StaleCard(TypedDict):
    """Of the stale cards, the one whose package changed first, and how long before the release."""

    package: str
    seconds: int


class Ages(TypedDict, total=False):
    """Seconds; empty when there is nothing to measure."""

    p50: float
    p90: float
    p99: float
    oldest: float


class LastRun(TypedDict):
    """How a command went last, and how long ago, counted from when it began."""

    exit_code: int
    seconds: Annotated[float, Meta(description="How long it took.")]
    seconds_since_try: int
    seconds_since_success: int | None
    seconds_since_change: int | None


class Processes(TypedDict):
    """The app's processes: those that there are, and those of them that listen."""

    known: int
    listening: int


class Status(TypedDict):
    """How the site is. packages: listed, closed ones among them.

    What is always there but for the release's own id, moment and packages is of this moment; the
    rest is as it was when the release was made.
    """

    release: str
    made: Moment
    packages: int
    age_seconds: int
    commands: dict[str, LastRun]
    last_backup_seconds: Annotated[int | None, Meta(description="Since the last good one.")]
    disk_free_percent: int | None
    processes: Processes | None
    certificate_ends: Annotated[
        Moment | None,
        Meta(description="Of the certificate that the site showed to the daily job."),
    ]
    cards: NotRequired[Counts]
    oldest_stale: NotRequired[StaleCard | None]
    catalogue: NotRequired[Counts]
    card_age: NotRequired[Ages]
    release_age: NotRequired[Ages]
    runs: NotRequired[list[Run]]


class Release(TypedDict):
    """When the release was made, of when its newest fact is, and its packages."""

    made: Moment
    data_of: Moment
    packages: Counts


def find_packages(site: Site, query: str) -> Answer:
    """The list, asked as the list of the pages is and, besides, by how much and since when."""
    try:
        asked = ListQuery.parse(query)
    except Unanswerable as reason:
        return report(reason.status, Problem(error=str(reason)))
    snapshot = site.snapshot
    wanted = asked.filter(snapshot.data_of)
    found = find(snapshot, asked.browse.words, wanted)
    count = total(found.counts, wanted.type)
    number = min(asked.browse.page, last_page(count, asked.size))
    if asked.after is None:
        offset = (number - 1) * asked.size
        entries = page(snapshot, found, wanted, asked.sort, asked.size + 1, offset)
    else:
        entries = positions.page(
            snapshot.connection, wanted, asked.sort, asked.after, asked.size + 1
        )
    shown = entries[: asked.size]
    facts = PackageList(
        total=count,
        counts={type: found.counts.get(type, 0) for type in TYPES},
        page=number if asked.after is None else None,
        per_page=asked.size,
        next=_following(site, asked, shown[-1], number) if len(entries) > asked.size else None,
        packages=_listed(site, shown),
    )
    if found.instead:
        facts["searched_instead"] = found.instead
    if found.beyond:
        facts["at_least"] = True
    if found.too_much:
        facts["too_much"] = True
    return data(facts)


def _following(site: Site, asked: ListQuery, last: Entry, number: int) -> Url:
    """Give the address of what follows; a search, ordered by what is meant, goes by page."""
    if asked.browse.words:
        query = asked.at(number + 1)
    else:
        query = asked.behind(positions.behind(last, asked.sort))
    return site.links.absolute(site.links.to(f"api/packages?{query}"))


def get_package(site: Site, type: str, slug: str) -> Answer:
    """All that is known of a package."""
    found = _find(site, type, slug)
    return found if isinstance(found, Answer) else data(_facts(site, found))


def get_package_stats(site: Site, type: str, slug: str) -> Answer:
    """The installs of one package."""
    found = _find(site, type, slug)
    if isinstance(found, Answer):
        return found
    versions = installs.of_versions(site.snapshot.connection, found.id, MOST_VERSIONS)
    other = versions.pop("", 0)
    facts = PackageStats(
        package=f"wp-{type}/{slug}",
        active_installs=found.active_installs,
        installs=_installs(site, found.id),
        versions=versions,
        other_versions=other,
    )
    return data(facts)


def get_author(site: Site, key: str) -> Answer:
    """An author and the most installed of the author's packages."""
    connection = site.snapshot.connection
    found = authors.find(connection, key)
    if found is None:
        return _author_by_name(site, key)
    entries = _listed(site, authors.packages(connection, key, _MOST_PACKAGES))
    facts = AuthorFacts(
        key=key, name=found.name, url=found.url or None, total=found.packages, packages=entries
    )
    return data(facts)


def _author_by_name(site: Site, alias: str) -> Answer:
    """Lead a printed name to the account that prints it; of several, name them."""
    namesakes = [one.key for one in authors.named(site.snapshot.connection, alias)]
    if len(namesakes) == 1:
        answer = moved(site.links.to(f"api/authors/{quote(namesakes[0], safe='')}"))
        answer.headers["Access-Control-Allow-Origin"] = "*"  # as on what it leads to
        return answer
    if namesakes:
        error = f"Several authors print this name: {', '.join(namesakes)}. Ask for one of these."
    else:
        error = f"There is no author {alias} here."
    return report(404, Problem(error=error))


def get_tag(site: Site, tag: str) -> Answer:
    """A tag and the most installed packages that bear it."""
    connection = site.snapshot.connection
    found = tags.find(connection, tag)
    if found is None:
        return report(404, Problem(error=f"No package is tagged {tag}."))
    entries = _listed(site, tags.packages(connection, tag, _MOST_PACKAGES))
    return data(TagFacts(tag=found.label, total=found.packages, packages=entries))


def get_stats(site: Site) -> Answer:
    """Packages, and the installs of all of them."""
    listed = site.snapshot.listed
    facts = Stats(
        release=site.snapshot.release,
        packages={type: listed.get(type, 0) for type in TYPES},
        installs=_installs(site, installs.ALL),
    )
    return data(facts)


def get_status(site: Site) -> Answer:
    """How the site is: now, and when its release was made."""
    snapshot, now = site.snapshot, int(datetime.now(UTC).timestamp())
    commands = {name: _last_run(last, now) for name, last in site.live.commands().items()}
    room, processes, ends = site.live.room(), site.live.processes(), site.live.certificate_ends()
    facts = Status(
        release=snapshot.release,
        made=iso(snapshot.written_at),
        packages=int(snapshot.meta.get("packages", 0)),
        age_seconds=max(0, now - snapshot.written_at),
        commands=commands,
        last_backup_seconds=commands["backup"]["seconds_since_success"]
        if "backup" in commands
        else None,
        disk_free_percent=room.free_percent if room else None,
        processes=Processes(known=processes.known, listening=processes.listening)
        if processes
        else None,
        certificate_ends=_moment(ends),
    )
    return of_this_moment({**facts, **json.loads(snapshot.meta.get("status", "{}"))})


def _last_run(last: Last, now: int) -> LastRun:
    moments = last.tried_at, last.succeeded_at, last.changed_at
    tried, succeeded, changed = (max(0, now - at) if at else None for at in moments)
    return LastRun(
        exit_code=last.exit_code,
        seconds=float(last.seconds),
        seconds_since_try=tried or 0,
        seconds_since_success=succeeded,
        seconds_since_change=changed,
    )


def get_release(site: Site) -> Answer:
    """Which release this is, and of when."""
    snapshot = site.snapshot
    listed = {f"{type}s": count for type, count in snapshot.listed.items()}
    moments = iso(snapshot.written_at), iso(snapshot.data_of)
    return data(Release(made=moments[0], data_of=moments[1], packages=listed))


def _find(site: Site, type: str, slug: str) -> Package | Answer:
    found = packages.find(site.snapshot.connection, type, slug)
    if found is None:
        return report(404, Problem(error=f"There is no {type} {slug} here."))
    if found.withdrawn_at is not None:
        error = f"The {type} {slug} was withdrawn."
        return report(410, Problem(error=error, withdrawn=iso(found.withdrawn_at)))
    return found


def _facts(site: Site, found: Package) -> PackageFacts:
    connection, links = site.snapshot.connection, site.links
    absolute = links.absolute
    return PackageFacts(
        type=type_of(found.type),
        slug=found.slug,
        package=f"wp-{found.type}/{found.slug}",
        name=found.name,
        description=found.description,
        author=PackageAuthor(
            name=found.author,
            url=found.author_url or None,
            page=absolute(links.author(found.author_key)) if found.author_key else None,
        ),
        homepage=found.homepage or None,
        version=found.offer_version or None,
        announced=found.version or None,
        offer=PackageOffer(
            case=found.offer,
            command=found.offer_command or None,
            why=found.offer_why or None,
            untagged=bool(found.untagged),
        ),
        active_installs=found.active_installs,
        updated=_moment(found.updated),
        requires=Requirements(
            wordpress=found.requires or None,
            tested=found.tested or None,
            php=found.requires_php or None,
            plugins=found.needs,
        ),
        tags=[tag.label for tag in packages.tags(connection, found.id)],
        extras={one.name: one.value for one in found.told},
        closed=_closure(site, found),
        page=absolute(links.package(found.type, found.slug)),
        card=absolute(links.card(found.card)),
        advisories=_advisories(site, found),
        advisories_of=site.snapshot.meta.get("advisories_of") or None,
        versions=[
            _published(one) for one in packages.versions(connection, found.id, MOST_VERSIONS)
        ],
        not_published=[
            HeldBackVersion(version=one.version, why=one.why_not)
            for one in packages.held_back(connection, found.id, MOST_VERSIONS)
        ],
    )


def _closure(site: Site, found: Package) -> PackageClosure | None:
    closure = found.why_closed
    if closure is None:
        return None
    return PackageClosure(
        date=_moment(packages.closed_at(site.snapshot.connection, found.id)),
        reason=closure.reason or None,
        text=closure.why or None,
        permanent=closure.permanent,
    )


def _published(one: Version) -> PublishedVersion:
    return PublishedVersion(
        version=one.version,
        advisories=one.advisories.split(),
        zip=one.url or None,
        sha256=one.sha256 or None,
        released=_moment(one.released),
        published=_moment(one.published),
        changed=change_of(one),
        php=one.php or None,
    )


def _advisories(site: Site, found: Package) -> list[AdvisoryFacts]:
    return [
        AdvisoryFacts(
            id=one.id,
            title=one.title,
            link=one.link or None,
            cve=one.cve or None,
            severity=one.severity or None,
            affected=one.affected,
            reported=one.reported,
        )
        for one in advisories.of_package(site.snapshot.connection, found.id, MOST_VERSIONS)
    ]


def change_of(one: Version) -> Change | None:
    """Say how a version was changed after its release."""
    if one.revision is None or one.changed is None:
        return None
    return Change(revision=one.revision, date=iso(one.changed))


def _listed(site: Site, entries: Iterable[Entry]) -> list[ListedPackage]:
    return [
        ListedPackage(
            type=type_of(one.type),
            slug=one.slug,
            package=f"wp-{one.type}/{one.slug}",
            name=one.name,
            description=one.description,
            version=one.version or None,
            author=one.author or None,
            active_installs=one.active_installs,
            installs=one.installs,
            updated=_moment(one.updated),
            closed=bool(one.closed),
            page=site.links.absolute(site.links.package(one.type, one.slug)),
        )
        for one in entries
    ]


def _installs(site: Site, package_id: int) -> Installs:
    snapshot = site.snapshot
    counts = installs.counts(snapshot.connection, package_id, snapshot.installs_until)
    counted = counts or InstallCounts(0, {}, {})
    return Installs(
        total=counted.total,
        last_30_days=counted.recent,
        until=iso(counts.until) if counts else None,
        months={f"{month // 100}-{month % 100:02}": n for month, n in counted.months.items()},
        days={iso_day(day * _DAY): n for day, n in counted.days.items()},
    )


def _moment(seconds: int | None) -> Moment | None:
    return None if seconds is None else iso(seconds)


def type_of(type: str) -> Type:
    """Give a package's type as one of the two that there are."""
    return "plugin" if type == "plugin" else "theme"
