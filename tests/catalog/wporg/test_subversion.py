"""The client against a real Subversion server: what it reads is what `svn` itself says."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from catalog.wporg import Client, Limits, Outage, discovery
from tests.catalog.wporg import fake, subversion
from tests.catalog.wporg.subversion import Node, Revision, Subversion

NAMES = ("akismet", "jetpack", "404-to-301", "a b", "50%", "50%25", "UPPER", "テ", "x&y", "q'\"<i>",
         "foo+bar", "a;b", "plus+", "ü", "foo.bar", "--", "#hash", "who?")  # fmt: skip
ODD = (
    Revision(tuple(Node(name) for name in NAMES)),
    Revision(tuple(Node(f"akismet/{name}") for name in ("trunk", "tags", "branches"))),
    Revision((Node("akismet/trunk/akismet.php", kind="file"), Node("readme.txt", kind="file"))),
    Revision((Node("akismet/tags/1.0", copied=(3, "akismet/trunk")),)),
    Revision(),  # empty
    Revision((Node("jetpack/テ 50% & <b>.txt", kind="file"),)),
    Revision((Node("jetpack/trunk"),), {"svn:log": b"neither author nor date"}),
    Revision((Node("jetpack/tags"),), {}),
    Revision((Node("404-to-301/x"),), {"svn:log": b"bell \x07 esc \x1b vt \x0b \xff\xc3 \xe9"}),
    Revision((Node("renamed", copied=(8, "jetpack")), Node("jetpack", action="delete"))),
    Revision((Node("a b/x"), Node("50%/y"), Node("テ/z"))),  # of no package
    Revision((Node("readme.txt", action="change", kind="file"),)),
    Revision((Node("renamed", action="delete"), Node("renamed"))),
    Revision((Node("404-to-301/x", action="delete"),)),
    Revision((Node("akismet/trunk/akismet.php", action="change", kind="file"),)),
    Revision((Node("akismet/tags/1.0/late.txt", kind="file"),)),
    Revision((Node("akismet/tags/1.0", action="delete"),), {}),
    Revision(),
)  # fmt: skip


@pytest.fixture(scope="module", name="server")
def _server() -> Iterator[Subversion]:
    with subversion.running() as server:
        server.load(ODD)
        yield server


@pytest.fixture(name="client")
def _client() -> Iterator[Client]:
    with Client(limits=Limits(backoff=0.0, tries=2)) as client:
        yield client


def told(server: Subversion, after: int) -> dict[str, int]:
    """Take the newest revision of each package from `svn log` itself."""
    newest: dict[str, int] = {}
    entries = fromstring(server.svn("log", "--xml", "-v", "-q", "-r", f"{after + 1}:HEAD"))
    for entry in entries.iter("logentry"):
        for path in entry.iter("path"):
            slug = (path.text or "").split("/")[1]
            if re.fullmatch("[a-z0-9_-]+", slug):
                newest[slug] = int(entry.get("revision", "0"))
    return newest


def read(client: Client, server: Subversion, after: int, most: int) -> tuple[int, dict[str, int]]:
    """Read the log to its end; return the last revision and the newest of each package."""
    last, newest = after, {}
    for chunk in discovery.changes(client, server.url, after, most):
        assert chunk.revision > last
        last = chunk.revision
        newest.update(chunk.slugs)
    return last, newest


def test_the_listing_is_what_svn_lists(server: Subversion, client: Client) -> None:
    """Blanks, percent signs, quotes, other scripts: each name is decoded or passed over."""
    names = [name.rstrip("/") for name in server.svn("ls").decode().splitlines()]
    listing = discovery.listing(client, server.url)
    assert listing.slugs == {name for name in names if re.fullmatch("[a-z0-9_-]+", name)}
    assert listing.revision == len(ODD)
    assert listing.passed_over == len(names) - 1 - len(listing.slugs)  # readme.txt is no folder
    assert "--" in listing.slugs
    assert "renamed" in listing.slugs
    assert "jetpack" not in listing.slugs


@pytest.mark.parametrize("most", [2, 3, 7, 100])
@pytest.mark.parametrize("after", range(1, len(ODD)))
def test_the_log_is_what_svn_logs(
    server: Subversion, client: Client, after: int, most: int
) -> None:
    """From any revision, in chunks of any size.

    Copies, deletes, renames, empty revisions, messages that are no XML, no author and no date.
    """
    assert read(client, server, after, most) == (len(ODD), told(server, after))


def test_commits_into_tags_are_what_svn_logs(server: Subversion, client: Client) -> None:
    """A tag is copied, committed into and deleted: each with its revision and date."""
    commits = [
        commit for chunk in discovery.changes(client, server.url, 1, 3) for commit in chunk.tags
    ]
    entries = fromstring(server.svn("log", "--xml", "-v", "-q", "-r", "2:HEAD"))
    assert [(commit.revision, commit.date) for commit in commits] == [
        (int(entry.get("revision", "0")), entry.findtext("date") or "")
        for entry in entries.iter("logentry")
        if any("/tags/1.0" in (path.text or "") for path in entry.iter("path"))
    ]
    assert {(commit.slug, commit.tag) for commit in commits} == {("akismet", "1.0")}
    assert [bool(commit.date) for commit in commits] == [True, True, False]


def test_the_head_is_no_change(server: Subversion, client: Client) -> None:
    """Asked from the newest revision on, the log holds that one alone."""
    assert list(discovery.changes(client, server.url, len(ODD))) == []
    assert client.requests == 1


@pytest.mark.parametrize("ahead", [1, 2, 5_000_000])
def test_past_the_head_is_an_outage(server: Subversion, client: Client, ahead: int) -> None:
    """A replica that lags behind what is known: 404 with Subversion's own number for it."""
    with pytest.raises(Outage, match=f"ends before revision {len(ODD) + ahead:,}"):
        list(discovery.changes(client, server.url, len(ODD) + ahead))
    assert client.requests == 1


def test_a_report_too_long_is_read_in_smaller_ones(server: Subversion) -> None:
    """Whatever fits: from a limit that takes one revision at a time to one that takes some."""
    for body in (900, 1_500, 3_000):
        with Client(limits=Limits(backoff=0.0, body=body)) as client:
            assert read(client, server, 1, 100) == (len(ODD), told(server, 1))


def test_new_commits_are_read_and_no_others(server: Subversion, client: Client) -> None:
    """The server is committed to while it is followed."""
    with subversion.running() as other:
        other.load([Revision((Node("a"), Node("b")))])
        listing = discovery.listing(client, other.url)
        assert (listing.revision, listing.slugs) == (1, {"a", "b"})
        other.load([Revision((Node("b/trunk"),)), Revision((Node("c"),))], first=2)
        assert read(client, other, 1, 100) == (3, {"b": 2, "c": 3})
        assert read(client, other, 3, 100) == (3, {})


def test_an_empty_repository_is_listed(client: Client) -> None:
    """Revision 0 and no package."""
    with subversion.running() as other:
        listing = discovery.listing(client, other.url)
        assert (listing.revision, listing.slugs) == (0, frozenset())


def shape(element: Element) -> tuple[object, ...]:
    """Tell an element's form: tags and the names of attributes, no texts, in no certain order.

    Subversion writes date, message and author in another order from server to server.
    """
    return (element.tag, sorted(element.keys()), sorted(shape(child) for child in element))


def test_the_fake_writes_as_the_real_one_does(client: Client) -> None:
    """The index byte for byte, the log and the refusal past its end in their form."""
    world = fake.World()
    world.repositories["plugin"].names = sorted(["a", "b b", "50%", "x&y"])
    world.repositories["plugin"].log = [["/a/f"], ["/a/f"]]
    with subversion.running() as real, world.served() as sites:
        files = Node("a/f", kind="file"), Node("a/f", action="change", kind="file")
        folders = tuple(map(Node, world.repositories["plugin"].names))
        real.load([Revision((*folders, files[0])), Revision((files[1],))])
        index = [client.ask("GET", base, bytes) for base in (real.url, sites.plugins)]
        assert index[0].replace(b"plugins - ", b" - ").strip() == index[1].strip()
        for start, status in ((2, 200), (9, 404)):
            report = discovery._REPORT.format(start=start, limit=100).encode()
            answers = [
                client.ask(
                    "REPORT", f"{base}!svn/bc/0/", bytes,
                    content=report, accept=frozenset({status}),
                )
                for base in (real.url, sites.plugins)
            ]  # fmt: skip
            real_one, fake_one = (shape(fromstring(answer)) for answer in answers)
            assert real_one == fake_one
