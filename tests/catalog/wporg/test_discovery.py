"""The Subversion index and the log report: as mod_dav_svn writes them, and as they break."""

from collections.abc import Iterator

import pytest

from catalog.wporg import Client, Limits, Outage, Sites, discovery
from catalog.wporg.client import Unreadable
from catalog.wporg.discovery import Changes, Listing, read_listing, read_log
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
    assert read_log(report) == Changes(102, {"akismet": 101, "jetpack": 101})


def test_paths_may_stand_after_the_number() -> None:
    """The order within an item is not promised by the protocol."""
    item = (
        "<S:log-item><D:version-name>7</D:version-name><S:added-path copyfrom-path='/a/trunk' "
        "copyfrom-rev='3'>/a/tags/1</S:added-path><S:deleted-path>/b</S:deleted-path>"
        "<S:replaced-path>/c/x</S:replaced-path></S:log-item>"
    )
    assert read_log(log_report(item)) == Changes(7, {"a": 7, "b": 7, "c": 7})


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
    """Seven new revisions in chunks of three: three requests, and one that finds no more."""
    for number in range(10):
        world.add("plugin", f"p{number}")
    log = discovery.changes(client, sites.plugins, 3, limit=3)
    assert log == Changes(10, {f"p{number}": number + 1 for number in range(3, 10)})
    assert world.asked("log") == 4


def test_no_commit_is_an_answer(world: fake.World, sites: Sites, client: Client) -> None:
    """Read to the end and nothing new: one request, no package, the same revision."""
    world.add("plugin", "akismet")
    assert discovery.changes(client, sites.plugins, 1) == Changes(1, {})
    assert world.asked("log") == 1


def test_the_log_may_lag_behind_the_index(world: fake.World, sites: Sites, client: Client) -> None:
    """The index knows revision 5, the log's replica 3: read is 3, and the rest comes later."""
    for number in range(5):
        world.add("plugin", f"p{number}")
    world.repositories["plugin"].replica_lacks = 2
    assert discovery.listing(client, sites.plugins).revision == 5
    assert discovery.changes(client, sites.plugins, 1) == Changes(3, {"p1": 2, "p2": 3})
    world.repositories["plugin"].replica_lacks = 0
    assert discovery.changes(client, sites.plugins, 3) == Changes(5, {"p3": 4, "p4": 5})


def test_a_log_that_ends_before_us_is_an_outage(
    world: fake.World, sites: Sites, client: Client
) -> None:
    """A replica that has not even the revision known already says nothing."""
    world.add("plugin", "akismet")
    with pytest.raises(Outage, match="ends before revision 9"):
        discovery.changes(client, sites.plugins, 9)
    assert world.asked("log") == 1
