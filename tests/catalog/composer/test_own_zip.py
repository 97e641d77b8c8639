"""What Composer is told of a version whose zip is kept here."""

from catalog.composer.metadata import Facts, Known, release_entries, remember
from catalog.composer.own_zip import OwnZip
from catalog.composer.selection import published
from release.address import zip_address

_ZIPS = "https://downloads.wordpress.org/plugin"
_SHA256 = "ab" * 32
_OWN = OwnZip("https://packages.example.org", "cd" * 20, _SHA256, f"{_ZIPS}/foo.zip")


def _facts(known: dict[str, Known] | None = None) -> Facts:
    return Facts("plugin", "foo", zips={"1.0": _OWN}, known=known or {})


def test_it_is_an_ordinary_version_with_a_checksum() -> None:
    """Without a source, for there is no tag; its address is of its content."""
    chosen = published({"1.0": _OWN.url}, "1.0", slug="foo")
    (entry,) = release_entries(_facts(), chosen)

    assert entry["dist"] == {
        "type": "zip",
        "url": zip_address("https://packages.example.org/", _SHA256),
        "reference": _SHA256,
        "shasum": "cd" * 20,
    }
    assert entry["dist"]["url"].endswith(f"/zips/ab/{'ab' * 16}.zip")
    assert "source" not in entry


def test_a_tag_stays_its_source_until_it_is_changed() -> None:
    """What was published from its tag still is, but not what the tag was changed to."""
    chosen = published({"1.0": _OWN.url}, "1.0", slug="foo")
    known = Known(url=f"{_ZIPS}/foo.1.0.zip")
    (entry,) = release_entries(_facts({"1.0": known}), chosen)
    assert entry["source"]["reference"] == "tags/1.0"
    changed = Known(url=known.url, revision=7, changed=9)
    (entry,) = release_entries(_facts({"1.0": changed}), chosen)

    assert "source" not in entry
    assert entry["dist"] == _OWN.dist


def test_a_lost_zip_leaves_no_address_behind() -> None:
    """A version that was only kept here is gone with its zip; a tag has its own zip again."""
    chosen = published({"1.0": _OWN.url}, "1.0", slug="foo")

    assert remember(_facts(), chosen)["1.0"].url == ""
    tagged = published({"1.0": f"{_ZIPS}/foo.1.0.zip"}, "1.0", slug="foo")
    known = remember(_facts(), chosen)
    assert remember(Facts("plugin", "foo", known=known), tagged)["1.0"].url == tagged.kept[0].url
