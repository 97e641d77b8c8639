"""The files for Composer clients: their shape, their truth, and that Composer reads them."""

import json
from dataclasses import replace
from typing import Any

import pytest

from catalog.composer.metadata import (
    Closure,
    Facts,
    Known,
    dev_entries,
    filter_summary,
    lowest_php,
    minified,
    p2,
    p2_dev,
    package_list,
    release_entries,
    remember,
    root,
)
from catalog.composer.name import InvalidName
from catalog.composer.retagged import TagCommits
from catalog.composer.selection import Published, published
from tests.catalog.composer.judge import Judge

_FACTS = Facts(
    type="plugin",
    slug="foo",
    description="It does “this” & that <b>/😀",
    author="Ann",
    author_url="https://ann.example/",
    homepage="https://foo.example/",
    requires_php="7.4",
    updated=1_767_323_045,
    revision=3_483_213,
    known={"1.1": Known(time=1_700_000_000, php="7.2"), "1.0": Known()},
)
_CLOSURE = Closure(date="2026-04-09", noticed=1_775_700_000, reason="security-issue")
_VERSIONS = ["v1.0", "1.1", "1.2", "1.3-beta1", "2.0-dev", "trunk"]


def _published(type: str = "plugin", slug: str = "foo") -> Published:
    base = f"https://downloads.wordpress.org/{type}/{slug}"
    zips = {raw: f"{base}.{raw}.zip" for raw in _VERSIONS}
    return published(zips, "1.2", slug=slug)


def _file(content: bytes) -> dict[str, Any]:
    value = json.loads(content)
    assert isinstance(value, dict)
    return value


def _entry(facts: Facts, version: str, **options: bool) -> dict[str, Any]:
    decision = _published(facts.type, facts.slug)
    entries = release_entries(facts, decision, **options) + dev_entries(facts, decision, **options)
    return next(entry for entry in entries if entry["version"] == version)


def test_an_entry_says_all_that_composer_needs() -> None:
    assert _entry(_FACTS, "1.1") == {
        "name": "wp-plugin/foo",
        "version": "1.1",
        "version_normalized": "1.1.0.0",
        "type": "wordpress-plugin",
        "dist": {
            "type": "zip",
            "url": "https://downloads.wordpress.org/plugin/foo.1.1.zip",
            "reference": "tags/1.1",
        },
        "source": {
            "type": "svn",
            "url": "https://plugins.svn.wordpress.org/foo/",
            "reference": "tags/1.1",
        },
        "require": {"php": ">=7.2", "composer/installers": "~1.0|~2.0"},
        "time": "2023-11-14T22:13:20+00:00",
        "description": "It does “this” & that <b>/😀",
        "homepage": "https://foo.example/",
        "authors": [{"name": "Ann", "homepage": "https://ann.example/"}],
    }


def test_a_tag_with_a_v_keeps_it_in_paths_only() -> None:
    entry = _entry(_FACTS, "1.0")
    assert entry["source"]["reference"] == entry["dist"]["reference"] == "tags/v1.0"
    assert entry["dist"]["url"].endswith("/foo.v1.0.zip")


def test_a_themes_versions_stand_beside_each_other_in_subversion() -> None:
    entry = _entry(replace(_FACTS, type="theme"), "1.1")
    assert (entry["name"], entry["type"]) == ("wp-theme/foo", "wordpress-theme")
    assert entry["source"]["url"] == "https://themes.svn.wordpress.org/foo/"
    assert entry["source"]["reference"] == entry["dist"]["reference"] == "1.1"


def test_a_package_from_elsewhere_is_not_looked_for_in_wordpress_orgs_subversion() -> None:
    """Whoever owns that name there must not be able to put their code in its place."""
    decision = published({"1.0": "https://own.example/foo.1.0.zip"}, "1.0", slug="foo")
    (entry,) = release_entries(_FACTS, decision)
    assert "source" not in entry
    assert entry["dist"]["url"] == "https://own.example/foo.1.0.zip"


def test_what_is_missing_is_left_out() -> None:
    entry = _entry(Facts(type="plugin", slug="foo"), "1.2")
    assert set(entry) == {
        *("name", "version", "version_normalized", "type", "dist", "source", "require"),
    }
    assert entry["require"] == {"composer/installers": "~1.0|~2.0"}


_AT_HOME = replace(_FACTS, wordpress_org=True, homepage="", known={}, plugins=("bar", "foo", "-"))


def test_a_package_of_wordpress_org_says_where_to_look() -> None:
    """Its own homepage comes first; one from elsewhere is not looked for there."""
    page = "https://wordpress.org/plugins/foo/"
    entry = _entry(_AT_HOME, "1.2")
    assert entry["homepage"] == page
    assert entry["support"] == {
        "issues": "https://wordpress.org/support/plugin/foo/",
        "source": "https://plugins.trac.wordpress.org/browser/foo",
        "docs": page,
        "changelog": f"{page}#developers",
    }
    assert _entry(replace(_AT_HOME, homepage="https://foo.example/"), "1.2")["homepage"] == (
        "https://foo.example/"
    )
    assert "changelog" not in _entry(replace(_AT_HOME, type="theme"), "1.2")["support"]
    assert (
        not {"support", "homepage"} & _entry(replace(_AT_HOME, wordpress_org=False), "1.2").keys()
    )


def test_tags_are_keywords_each_once_and_of_bounded_number() -> None:
    words = [" form\x1b", "form", "", "\ud800", *(f"w{number}" for number in range(99))]
    keywords = _entry(replace(_FACTS, keywords=words), "1.2")["keywords"]
    assert keywords == ["form", *(f"w{number}" for number in range(26))]
    assert "keywords" not in _entry(_FACTS, "1.2")


def test_needed_plugins_are_those_of_the_version_they_were_told_of() -> None:
    """Suggested, or required where the operator says so; never itself, nor what is no name."""
    first = remember(_AT_HOME, _published())
    later = replace(_AT_HOME, known=first, plugins=("other",))
    for facts in (_AT_HOME, later):
        assert list(_entry(facts, "1.2")["suggest"]) == ["wp-plugin/bar"]
        assert "suggest" not in _entry(facts, "1.1")
    required = _entry(replace(later, plugins_required=True), "1.2")
    assert "suggest" not in required
    assert required["require"] == {
        "php": ">=7.4",
        "composer/installers": "~1.0|~2.0",
        "wp-plugin/bar": "*",
    }
    assert list(_entry(later, "dev-trunk")["suggest"]) == ["wp-plugin/other"]
    before = {raw: one._replace(plugins=None) for raw, one in first.items()}
    assert list(_entry(replace(later, known=before), "1.2")["suggest"]) == ["wp-plugin/other"]


@pytest.mark.parametrize(
    ("written", "identifier"),
    [
        *((gpl2, "GPL-2.0-or-later") for gpl2 in ("GPLv2 or later", "GPL-2.0+", "GNU GPL v2+")),
        *(("GPLv2 or any later version", "GPL-2.0-or-later"), ("GPL-2.0", "GPL-2.0-only")),
        *(("gpl-3.0-or-later", "GPL-3.0-or-later"), ("LGPLv2.1", "LGPL-2.1-only")),
        *(("mit", "MIT"), ("Apache 2.0", "Apache-2.0"), ("CC0-1.0", "CC0-1.0")),
        *(("GPL", ""), ("proprietary", ""), ("", ""), ("GPLv4", ""), ("GPLv2 or MIT\x1b", "")),
    ],
)
def test_a_licence_is_told_by_its_identifier(written: str, identifier: str) -> None:
    entry = _entry(replace(_FACTS, license=written), "1.2")
    assert entry.get("license", [""]) == [identifier]


def test_texts_cannot_break_the_file_or_a_terminal() -> None:
    facts = replace(
        _FACTS, description="a\x1b[31m\n b\ud800\x00\u2028c", author="\ud83d", homepage="\x07"
    )
    entry = _entry(facts, "1.2")
    assert entry["description"] == "a [31m b c"
    assert "authors" not in entry
    assert "homepage" not in entry
    assert _file(p2(facts, _published()))["packages"]["wp-plugin/foo"][0]["description"]


def test_the_current_version_alone_has_the_headers_php() -> None:
    decision = _published()
    required = {
        entry["version"]: entry["require"].get("php") for entry in release_entries(_FACTS, decision)
    }
    assert required == {"1.3-beta1": None, "1.2": ">=7.4", "1.1": ">=7.2", "1.0": None}


@pytest.mark.parametrize(
    ("header", "lowest"),
    [
        *(("5.2.4", "5.2.4"), ("5.6.20", "5.6.20"), ("7", "7"), ("8.10", "8.10")),
        *(("", ""), ("7.4+", ""), (">=7.4", ""), ("80", ""), ("74", ""), ("4.3", ""), ("7.", "")),
        *(("7.4.3.1", ""), ("7.4 or higher", ""), ("latest", ""), ("７.4", ""), ("7.4\n", "")),
        ("8.100", ""),
    ],
)
def test_only_a_sane_php_version_is_required(header: str, lowest: str) -> None:
    assert lowest_php(header) == lowest


def test_a_version_keeps_its_first_time_through_later_edits() -> None:
    """An edited readme must not rewrite anybody's lock file."""
    facts = replace(_FACTS, known={})
    first = remember(facts, _published())
    later = replace(facts, updated=1_800_000_000, known=first)
    assert first["1.2"].time == facts.updated
    assert remember(later, _published()) == first
    assert p2(later, _published()) == p2(facts, _published())


def test_a_version_that_comes_later_says_since_when_it_stands_here() -> None:
    """What the first build found says nothing; the moment stays, as the version's zip does."""
    first = remember(replace(_FACTS, known={}), _published())
    assert {known.published for known in first.values()} == {None}
    zips = {raw: f"https://example.org/{raw}.zip" for raw in ("1.1", "1.2", "1.3")}
    newer = published(zips, "1.3", slug="foo", before=first)
    seen = replace(_FACTS, known=first, now=1_790_000_000)
    known = remember(seen, newer)
    assert {raw for raw, one in known.items() if one.published is not None} == {"1.3"}
    assert known["1.3"].published == 1_790_000_000
    later = replace(_FACTS, known=known, now=1_800_000_000)
    assert remember(later, newer)["1.3"] == known["1.3"]
    times = {one["version"]: one.get("published-time") for one in release_entries(later, newer)}
    assert times == {"1.3": "2026-09-21T14:13:20+00:00", "1.2": None, "1.1": None}


_DAY = 86_400


@pytest.mark.parametrize(
    ("known", "commits", "changed"),
    [
        (Known(time=10 * _DAY), TagCommits(5, 11 * _DAY, 5, 11 * _DAY), None),
        (Known(time=10 * _DAY), TagCommits(5, 12 * _DAY, 5, 12 * _DAY), 5),
        (Known(published=10 * _DAY), TagCommits(5, 11 * _DAY, 6, 12 * _DAY), 6),
        (Known(), TagCommits(5, 12 * _DAY, 5, 12 * _DAY), 5),
        (Known(), TagCommits(5, 12 * _DAY, 6, None), None),
        (None, TagCommits(5, 12 * _DAY, 5, 12 * _DAY), None),
        (None, TagCommits(5, 12 * _DAY, 6, 13 * _DAY + 1), 6),
        (Known(tagged=True), TagCommits(5, 12 * _DAY, 6, 13 * _DAY), None),
        (Known(revision=4, changed=_DAY), TagCommits(5, None, 5, None), 4),
    ],
)
def test_what_comes_into_a_tag_after_its_first_day_changes_the_release(
    known: Known | None, commits: TagCommits, changed: int | None
) -> None:
    """Counted from the commit that made the tag, where that is known, else from the release."""
    facts = replace(_FACTS, known={} if known is None else {"1.1": known}, commits={"1.1": commits})
    assert remember(facts, _published())["1.1"].revision == changed
    entry = _entry(facts, "1.1")
    end = "" if changed is None else f"@{changed}"
    assert entry["dist"]["reference"] == entry["source"]["reference"] == f"tags/1.1{end}"
    query = "" if changed is None else f"?r={changed}"
    assert entry["dist"]["url"] == f"https://downloads.wordpress.org/plugin/foo.1.1.zip{query}"


def test_only_a_version_first_seen_as_the_current_one_gets_a_time() -> None:
    """The others came out earlier, nobody told when."""
    first = remember(replace(_FACTS, known={}), _published())
    assert {raw for raw, known in first.items() if known.time is not None} == {"1.2"}
    back = published({"1.1": "https://example.org/1.1.zip"}, "1.1", slug="foo")
    assert remember(replace(_FACTS, known=first), back)["1.1"].time is None


def test_what_a_version_was_published_with_stays() -> None:
    """Its PHP, its time and its zip, whatever the source says of it later; also in the files."""
    facts = replace(_FACTS, known={})
    first = remember(facts, _published())
    moved = {raw: f"https://moved.example/{raw}.zip" for raw in _VERSIONS}
    later = replace(facts, requires_php="8.0", updated=1_800_000_000, known=first)
    again = published(moved, "1.2", slug="foo")
    assert remember(later, again) == first
    assert p2(later, again) == p2(facts, _published())
    newer = published({**moved, "1.3": "https://moved.example/1.3.zip"}, "1.3", slug="foo")
    known = remember(replace(later, requires_php="8.1"), newer)
    assert (known["1.2"], known["1.3"].php) == (first["1.2"], "8.1")


def test_a_version_keeps_what_it_was_published_with_while_it_is_held_back() -> None:
    """Its authors take it back for a while: when it returns, no lock file changes."""
    facts = replace(_FACTS, known={})
    first = remember(facts, _published())
    back = {raw: f"https://example.org/{raw}.zip" for raw in ("1.1", "1.2")}
    meanwhile = replace(facts, updated=1_800_000_000, known=first)
    held_back = remember(meanwhile, published(back, "1.1", slug="foo"))
    returned = remember(replace(meanwhile, known=held_back), _published())
    assert returned["1.2"] == first["1.2"]


def test_an_older_tag_gets_nothing_of_what_is_said_of_trunk() -> None:
    """8.0 is announced and only trunk holds it: 6.0 has neither its date nor its PHP."""
    facts = replace(_FACTS, known={}, requires_php="8.1")
    decision = published({"6.0": "https://example.org/6.0.zip"}, "8.0", slug="foo")
    (entry,) = release_entries(facts, decision)
    assert "time" not in entry
    assert "php" not in entry["require"]
    later = replace(facts, known=remember(facts, decision), updated=1_800_000_000)
    assert p2(later, decision) == p2(facts, decision)


def test_a_tag_in_another_spelling_does_not_take_the_place_of_the_published_one() -> None:
    """To Composer both are one version, and that one keeps its zip."""
    zips = {raw: f"https://example.org/{raw}.zip" for raw in ("v1.0", "1.0")}
    known = remember(_FACTS, published({"v1.0": zips["v1.0"]}, "1.0", slug="foo"))
    decision = published(zips, "1.0", slug="foo", before=known)
    (entry,) = release_entries(replace(_FACTS, known=known), decision)
    assert entry["dist"] == {"type": "zip", "url": zips["v1.0"], "reference": "tags/v1.0"}


def test_dev_versions_stand_in_the_dev_file_only() -> None:
    decision = _published()
    main = [entry["version"] for entry in release_entries(_FACTS, decision)]
    dev = [entry["version"] for entry in dev_entries(_FACTS, decision)]
    assert main == ["1.3-beta1", "1.2", "1.1", "1.0"]
    assert dev == ["2.0-dev", "dev-trunk"]


def test_trunk_is_pinned_to_its_revision_and_has_no_zip() -> None:
    trunk = _entry(_FACTS, "dev-trunk")
    assert trunk["source"]["reference"] == "trunk@3483213"
    assert trunk["time"] == "2026-01-02T03:04:05+00:00"
    assert "dist" not in trunk
    assert "default-branch" not in trunk


def test_without_a_revision_or_for_a_theme_there_is_no_trunk() -> None:
    none = Published((), ())
    for facts in (replace(_FACTS, revision=None), replace(_FACTS, type="theme")):
        name = f"wp-{facts.type}/foo"
        assert _file(p2_dev(facts, none)) == {"packages": {name: []}, "minified": "composer/2.0"}


def test_a_package_without_versions_is_an_empty_list() -> None:
    assert p2(_FACTS, Published((), ())) == (
        b'{"packages":{"wp-plugin/foo":[]},"minified":"composer/2.0"}'
    )


def test_the_same_facts_give_the_same_bytes() -> None:
    turned = dict(reversed(_FACTS.known.items()))
    assert p2(_FACTS, _published()) == p2(replace(_FACTS, known=turned), _published())


def test_composer_expands_the_file_to_the_whole_entries(judge: Judge) -> None:
    facts = replace(_FACTS, known={**_FACTS.known, "v1.0": Known(time=1, php="5.6")})
    for content, entries in (
        (
            p2(facts, _published(), replaces=True),
            release_entries(facts, _published(), replaces=True),
        ),
        (p2_dev(facts, _published()), dev_entries(facts, _published())),
    ):
        small = _file(content)["packages"]["wp-plugin/foo"]
        assert judge.ask("expand", small) == entries
        assert judge.ask("minify", entries) == small
        assert len(content) < len(json.dumps(entries))


def test_a_key_that_goes_is_unset_and_comes_back_whole() -> None:
    entries = [{"a": 1, "b": 2}, {"a": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2}]
    assert minified(entries) == [{"a": 1, "b": 2}, {"b": "__unset"}, {"b": 2}, {}]


def test_composer_loads_every_entry(judge: Judge) -> None:
    """And would write it into a lock file as we meant it."""
    facts = replace(_FACTS, closure=_CLOSURE)
    entries = release_entries(facts, _published(), replaces=True) + dev_entries(facts, _published())
    locked = judge.ask("load", entries)
    assert len(locked) == len(entries)
    for entry, lock in zip(entries, locked, strict=True):
        assert {key: lock.get(key) for key in entry} == entry


def test_replacing_the_wpackagist_name_is_a_wish() -> None:
    assert "replace" not in _entry(_FACTS, "1.2")
    assert _entry(_FACTS, "1.2", replaces=True)["replace"] == {
        "wpackagist-plugin/foo": "self.version"
    }


def test_a_closed_package_keeps_its_versions_and_says_abandoned(judge: Judge) -> None:
    facts = replace(_FACTS, closure=replace(_CLOSURE, reason="author-request"))
    content = _file(p2(facts, _published()))
    assert "security-advisories" not in content
    entries = judge.ask("expand", content["packages"]["wp-plugin/foo"])
    assert len(entries) == 4
    assert all(entry["abandoned"] is True for entry in entries)


def test_a_closure_for_security_is_a_full_advisory(judge: Judge) -> None:
    facts = replace(_FACTS, closure=_CLOSURE)
    content = _file(p2(facts, _published()))
    assert content["security-advisories"] == [
        {
            "advisoryId": "closed-plugin-foo-2026-04-09",
            "packageName": "wp-plugin/foo",
            "affectedVersions": "*",
            "title": "Closed by WordPress.org on 2026-04-09: Security Issue",
            "link": "https://wordpress.org/plugins/foo/",
            "cve": None,
            "severity": None,
            "reportedAt": "2026-04-09T00:00:00+00:00",
            "sources": [{"name": "WordPress.org", "remoteId": "plugins/foo"}],
        }
    ]
    assert content["packages"]["wp-plugin/foo"]
    advisories = {"wp-plugin/foo": content["security-advisories"]}
    assert judge.ask("advisories", advisories) == ["full"]


@pytest.mark.parametrize(
    ("closure", "id", "reason"),
    [
        (_CLOSURE, "closed-plugin-foo-2026-04-09", "Closed on 2026-04-09"),
        (replace(_CLOSURE, date="", text="Unused\x1b"), "closed-plugin-foo", "Closed: Unused"),
        (
            replace(_CLOSURE, date="soon", reason="", text="Author Request"),
            *("closed-plugin-foo", "Closed: Author Request"),
        ),
    ],
    ids=["day", "reason", "no day"],
)
def test_every_closed_package_stands_in_the_filter_list(
    closure: Closure, id: str, reason: str
) -> None:
    """Whatever it was closed for: as texts in the one shape that the client reads."""
    facts = replace(_FACTS, closure=closure)
    link = "https://wordpress.org/plugins/foo/"
    entry = {"constraint": "*", "url": link, "reason": reason, "id": id}
    for content in (p2(facts, _published()), p2_dev(facts, _published())):
        assert _file(content)["filter"] == {"wporg-closed": [entry]}
    assert "filter" not in _file(p2(_FACTS, _published()))


def test_the_summary_names_closed_packages_once_and_sorted() -> None:
    """List -> package -> constraint, all of them texts; of no package it is empty maps."""
    names = ["wp-theme/b", "wp-plugin/a", "wp-theme/b"]
    assert filter_summary(iter(names)) == (
        b'{"filter":{"wporg-closed":{"wp-plugin/a":"*","wp-theme/b":"*"}}}'
    )
    assert filter_summary(()) == b'{"filter":{"wporg-closed":{}}}'


def test_a_closure_without_a_date_was_reported_when_it_was_noticed(judge: Judge) -> None:
    closure = replace(_CLOSURE, date="", text="Security  Issue:\x1b bad")
    (advisory,) = _file(p2(replace(_FACTS, closure=closure), _published()))["security-advisories"]
    assert advisory["advisoryId"] == "closed-plugin-foo"
    assert advisory["title"] == "Closed by WordPress.org: Security Issue: bad"
    assert advisory["reportedAt"] == "2026-04-09T02:00:00+00:00"
    assert judge.ask("advisories", {"wp-plugin/foo": [advisory]}) == ["full"]


def test_a_slug_that_is_no_name_has_no_file() -> None:
    facts = replace(_FACTS, slug="foo---bar")
    with pytest.raises(InvalidName):
        p2(facts, _published(slug="foo---bar"))


@pytest.mark.parametrize("site", ["https://example.org", "http://127.0.0.1:8080/sub/path/"])
def test_every_address_of_the_root_file_is_absolute(site: str) -> None:
    """A leading slash would be the host's root, not the site's path."""
    content = _file(root(site))
    base = site.rstrip("/")
    assert content == {
        "packages": [],
        "metadata-url": f"{base}/p2/%package%.json",
        "metadata-changes-url": f"{base}/metadata/changes.json",
        "notify-batch": f"{base}/downloads",
        "available-package-patterns": ["wp-plugin/*", "wp-theme/*"],
        "list": f"{base}/list.json",
        "search": f"{base}/search.json?q=%query%&type=%type%",
        "security-advisories": {"metadata": True},
        "filter": {
            "metadata": True,
            "lists": {"wporg-closed": {"enabled": True}},
            "summary-url": f"{base}/filter-summary.json",
        },
    }


def test_the_list_is_sorted_and_names_each_package_once() -> None:
    names = ["wp-theme/a", "wp-plugin/b", "wp-plugin/a", "wp-plugin/b"]
    assert package_list(iter(names)) == (
        b'{"packageNames":["wp-plugin/a","wp-plugin/b","wp-theme/a"]}'
    )


@pytest.mark.parametrize("date", ["2024-10-24 05:12:33", "2024-02-31", "20241024", "yesterday"])
def test_no_date_reaches_a_client_that_php_cannot_read(judge: Judge, date: str) -> None:
    """An advisory tells a day or when it was noticed, however the date came to be stored."""
    closure = replace(_CLOSURE, date=date)
    (advisory,) = _file(p2(replace(_FACTS, closure=closure), _published()))["security-advisories"]

    assert advisory["reportedAt"] == "2026-04-09T02:00:00+00:00"
    assert advisory["title"] == "Closed by WordPress.org: Security Issue"
    assert judge.ask("advisories", {"wp-plugin/foo": [advisory]}) == ["full"]


@pytest.mark.parametrize("seconds", [-62_135_683_140, 253_402_300_800, 1 << 52])
def test_a_moment_beyond_the_calendar_is_none(seconds: int) -> None:
    """Neither a version nor trunk has a time then."""
    facts = replace(_FACTS, updated=seconds, known={"1.1": Known(time=seconds)})

    assert "time" not in _entry(facts, "1.1")
    assert "time" not in _entry(facts, "dev-trunk")
