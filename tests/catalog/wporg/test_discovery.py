"""The Subversion index and the log report: as mod_dav_svn writes them, and as they break."""

from collections.abc import Iterator

import pytest

from catalog.wporg import Client, Limits, Outage, Sites, discovery
from catalog.wporg.client import Unreadable
from catalog.wporg.discovery import Changes, Listing, TagCommit, read_listing, read_log
from tests.catalog.wporg import fake
from tests.catalog.wporg.fake import log_item, log_report

INDEX = """<html><head><title> - Revision 3483213: /</title></head>
<body>
 <h2> - Revision 3483213: /</h2>
 <ul>
  <li><a href="404-to-301/">404-to-301/</a></li>
  <li><a href="a%20b/">a b/</a></li>
  <li><a href="%61kismet/">akismet/</a></li>
  <li><a href="x&amp;y/">x&amp;y/</a></li>
  <li><a href="UPPER/">UPPER/</a></li>
  <li><a href="%e3%83%86/">テ/</a></li>
  <li><a href="readme.txt">readme.txt</a></li>
 </ul>
</body></html>"""


@pytest.fixture
def world() -> fake.World:
    return fake.World()


@pytest.fixture
def sites(world: fake.World) -> Iterator[Sites]:
    with world.served() as sites:
        yield sites


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(limits=Limits(backoff=0.0, tries=2)) as client:
        yield client


def test_the_index_names_what_the_api_can_be_asked_for() -> None:
    """Names are decoded; a name outside the API's alphabet is passed over and counted."""
    assert read_listing(INDEX.encode()) == Listing(
        3483213, frozenset({"404-to-301", "akismet"}), passed_over=4
    )


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><title>Down for maintenance</title><ul></ul>",
        INDEX[: INDEX.index(' <li><a href="UPPER')],
        "",
    ],
)
def test_another_page_is_not_an_empty_repository(body: str) -> None:
    """A page without a revision, or an index without an end, is unreadable, not a short list."""
    with pytest.raises(Unreadable):
        read_listing(body.encode())


def test_the_log_tells_the_newest_revision_of_each_package() -> None:
    """A revision counts for all its paths, which stand before its number; others are no package."""
    report = log_report(
        log_item(100, ["/akismet/trunk/akismet.php", "/akismet/tags/5.0"])
        + log_item(101, ["/jetpack", "/akismet/trunk/readme.txt", "/", "/A B/x", "/テ/trunk"])
        + log_item(102, [])
    )
    log = read_log(report)
    assert (log.revision, log.slugs) == (102, {"akismet": 101, "jetpack": 101})


def test_the_log_tells_of_commits_into_tags() -> None:
    """Slug, tag, revision and date; a tag as the author spells it, and nothing else."""
    date = "2026-11-23T15:54:46.443744Z"
    paths = ["/akismet/tags/5.0/a.php", "/akismet/tags/5.0/b.php", "/jetpack/tags/v1 x"]
    others = ["/akismet/tags", "/akismet/trunk/tags/1/x", "/A B/tags/1", f"/a/tags/{'9' * 129}/x"]
    odd = log_item(8, ["/akismet/tags/5.0"]).replace(date, "yesterday")
    log = read_log(log_report(log_item(7, [*paths, *others, "/a/tags//x"]) + odd))
    assert log.tags == (
        TagCommit("akismet", "5.0", 7, date),
        TagCommit("jetpack", "v1 x", 7, date),
        TagCommit("akismet", "5.0", 8, ""),
    )


def test_paths_may_stand_after_the_number() -> None:
    """The order within an item is not promised by the protocol."""
    item = (
        "<S:log-item><D:version-name>7</D:version-name><S:added-path copyfrom-path='/a/trunk' "
        "copyfrom-rev='3'>/a/tags/1</S:added-path><S:deleted-path>/b</S:deleted-path>"
        "<S:replaced-path>/c/x</S:replaced-path></S:log-item>"
    )
    tags = (TagCommit("a", "1", 7, ""),)
    assert read_log(log_report(item)) == Changes(7, {"a": 7, "b": 7, "c": 7}, tags)


def test_what_xml_forbids_is_stripped() -> None:
    """Control characters and broken UTF-8 in a message do not hide the revisions after it."""
    broken = log_report(
        log_item(1, ["/a/\x01x"], "bell \x07 \x0b nul \x00 \ufffe") + log_item(2, ["/b/x"])
    )
    assert read_log(broken.replace(b"bell", b"b\xff\xc3l")) == Changes(2, {"a": 1, "b": 2})


def test_a_long_report_is_read_whole() -> None:
    """A report longer than one piece, with letters of three bytes at every boundary."""
    items = "".join(
        log_item(at, [f"/p{at}/trunk/テテテテ.txt"], "テ" * 40) for at in range(1, 8000)
    )
    found = read_log(log_report(items))
    assert found.revision == 7999
    assert found.slugs == {f"p{at}": at for at in range(1, 8000)}


@pytest.mark.parametrize(
    "body",
    [
        log_report(log_item(5, ["/a/x"]))[:-20],
        log_report(""),
        b"<html><body>Sorry</body></html>",
        b"",
        log_report("<S:log-item><D:version-name>new</D:version-name></S:log-item>"),
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        + log_report("&b;")[39:],
    ],
)
def test_a_log_that_cannot_be_read_is_not_silence(body: bytes) -> None:
    """Cut off, without any revision, another page, or an entity bomb: unreadable."""
    with pytest.raises(Unreadable):
        read_log(body)


def test_the_log_is_read_in_chunks_to_its_end(
    world: fake.World, sites: Sites, client: Client
) -> None:
    """Seven new revisions in chunks of four, one of them known: three requests, and a last one."""
    for number in range(10):
        world.add("plugin", f"p{number}")
    log = list(discovery.changes(client, sites.plugins, 3, 4))
    assert log == [
        Changes(6, {"p3": 4, "p4": 5, "p5": 6}),
        Changes(9, {"p6": 7, "p7": 8, "p8": 9}),
        Changes(10, {"p9": 10}),
    ]
    assert world.asked("log") == 4


def test_no_request_is_for_more_than_the_watcher_asks(
    world: fake.World, sites: Sites, client: Client
) -> None:
    """250 revisions: a hundred at most in each request, the known one among them."""
    for number in range(250):
        world.add("plugin", f"p{number}")
    log = list(discovery.changes(client, sites.plugins, 1))
    assert [chunk.revision for chunk in log] == [100, 199, 250]
    assert sum(len(chunk.slugs) for chunk in log) == 249
    assert max(int(limit) for kind, [limit] in world.requests if kind == "log") == 100


def test_a_chunk_that_is_too_long_is_halved(world: fake.World, sites: Sites) -> None:
    """One revision of 30 paths among 40 of one: asked for in ever smaller chunks, then more again.

    Nothing is asked for twice in one size, and nothing is lost.
    """
    for number in range(40):
        paths = [f"/p{number}/{'x' * 90}/{place}" for place in range(30 if number == 20 else 1)]
        world.repositories["plugin"].commit(*paths)
    with Client(limits=Limits(backoff=0.0, body=9_000)) as client:
        log = list(discovery.changes(client, sites.plugins, 1, 32))
    slugs = {slug: at for chunk in log for slug, at in chunk.slugs.items()}
    assert slugs == {f"p{number}": number + 1 for number in range(1, 40)}
    assert not any(chunk.unread for chunk in log)
    asked = [int(limit) for _, [limit] in world.requests]
    assert asked[0] == 32
    assert min(asked) < 10
    assert len(asked) < 15


def test_a_revision_that_is_too_long_by_itself_is_stepped_over(
    world: fake.World, sites: Sites
) -> None:
    """What it changed is not known, and that is said; the revisions after it are read."""
    for number in range(8):
        paths = [f"/p{number}/{'x' * 90}/{place}" for place in range(90 if number == 4 else 1)]
        world.repositories["plugin"].commit(*paths)
    with Client(limits=Limits(backoff=0.0, body=9_000)) as client:
        log = list(discovery.changes(client, sites.plugins, 1))
    slugs = {slug: at for chunk in log for slug, at in chunk.slugs.items()}
    assert slugs == {f"p{number}": number + 1 for number in (1, 2, 3, 5, 6, 7)}
    assert [chunk.revision for chunk in log if "longer than" in chunk.unread] == [5]


def test_what_was_read_before_an_outage_is_kept(
    world: fake.World, sites: Sites, client: Client
) -> None:
    """The second chunk fails: the first one is an answer all the same."""
    for number in range(10):
        world.add("plugin", f"p{number}")
    log = discovery.changes(client, sites.plugins, 1, 5)
    assert next(log) == Changes(5, {f"p{number}": number + 1 for number in range(1, 5)})
    world.always["log"] = fake.status(500)
    with pytest.raises(Outage, match="status 500"):
        next(log)


def test_no_commit_is_an_answer(world: fake.World, sites: Sites, client: Client) -> None:
    """Read to the end and nothing new: one request, no package, the same revision."""
    world.add("plugin", "akismet")
    assert list(discovery.changes(client, sites.plugins, 1)) == []
    assert world.asked("log") == 1


def test_the_log_may_lag_behind_the_index(world: fake.World, sites: Sites, client: Client) -> None:
    """The index knows revision 5, the log's replica 3: read is 3, and the rest comes later."""
    for number in range(5):
        world.add("plugin", f"p{number}")
    world.repositories["plugin"].replica_lacks = 2
    assert discovery.listing(client, sites.plugins).revision == 5
    assert [*discovery.changes(client, sites.plugins, 1)] == [Changes(3, {"p1": 2, "p2": 3})]
    world.repositories["plugin"].replica_lacks = 0
    assert [*discovery.changes(client, sites.plugins, 3)] == [Changes(5, {"p3": 4, "p4": 5})]


def test_a_log_that_ends_before_us_is_an_outage(
    world: fake.World, sites: Sites, client: Client
) -> None:
    """A replica that has not even the revision known already says nothing."""
    world.add("plugin", "akismet")
    with pytest.raises(Outage, match="ends before revision 9"):
        next(discovery.changes(client, sites.plugins, 9))
    assert world.asked("log") == 1
