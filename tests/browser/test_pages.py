"""The pages as browsers have them: for everyone, at every width, by hand and by keyboard."""

import pytest

from tests.browser.conftest import KINDS, Site, tool
from tests.conftest import Tell

_WIDTHS = (360, 1440)
_HEAVY = 60_000  # bytes of a first visit, all in


def test_axe_finds_nothing(site: Site) -> None:
    """Every kind of page, light and dark, narrow and wide; console and policy are quiet."""
    views = [
        {"url": site.url + path, "width": width} for path in KINDS.values() for width in _WIDTHS
    ]
    told = tool("look.mjs", given=views)

    assert isinstance(told, list)
    faults = {str(view): faults for view, faults in zip(views, told, strict=True) if faults}
    assert faults == {}


def test_a_planted_fault_is_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A page with grey words on grey, no language and too wide a box fails on each."""
    page = tmp_path_factory.mktemp("planted") / "page.html"
    page.write_text(
        "<!doctype html><title>x</title><main><h1>x</h1>"
        '<p style="color:#aaa;background:#fff;width:2000px">pale</p></main>'
    )
    told = tool("look.mjs", given=[{"url": page.as_uri(), "width": 360}])

    assert isinstance(told, list)
    found = " ".join(told[0])
    assert "color-contrast" in found
    assert "html-has-lang" in found
    assert "wider than the window" in found


def test_html_is_valid(site: Site) -> None:
    """html-validate has nothing to say against any kind of page."""
    told = tool("valid.mjs", given={name: site.get(path).text for name, path in KINDS.items()})

    assert told == {name: [] for name in KINDS}


def test_a_visit(site: Site) -> None:
    """Results come while typing; copying, versions, Tab and freshness work; pages weigh little."""
    told = tool("try.mjs", given={"url": site.url})

    assert isinstance(told, dict)
    assert told["fresh"].startswith("Checked ")
    assert told["typed"] == {
        "names": ["Akismet Anti-spam Spam Protection"],
        "address": f"{site.url}/?q=akism",
        "title": "akism: plugins and themes · Frontispiece",
        "said": "1 package found",
    }
    assert told["copied"] == "composer require wp-plugin/akismet:5.4"
    assert told["folded"][0] == "8.39 – 8.0 40 versions"
    assert told["old"] == "composer require wp-plugin/many-versions:8.39"
    assert told["first"] is True
    assert told["image"] == f"{site.url}/og/plugin/akismet.png"
    assert told["data"] == ["SoftwareApplication", "BreadcrumbList"]
    assert [stop["name"] for stop in told["stops"][:9]] == [
        *("Skip to the content", "Frontispiece", "Plugins", "Themes", "Closed", "Docs"),
        *("q", "/", "Search"),
    ]
    assert all(stop["seen"] for stop in told["stops"])
    assert {path: one for path, one in told["weights"].items() if one["bytes"] > _HEAVY} == {}
    assert {path: one for path, one in told["weights"].items() if one["shift"] > 0.01} == {}


def test_lighthouse(site: Site, tell: Tell) -> None:
    """100 for all but performance, which depends on the machine: that is reported.

    Results of a search are kept out of search engines on purpose, which Lighthouse's SEO minds.
    """
    urls = {name: site.url + KINDS[name] for name in ("home", "list", "search", "package")}
    told = tool("lighthouse.mjs", given=urls)

    assert isinstance(told, dict)
    fast = {name: scores.pop("performance") for name, scores in told.items()}
    tell("Lighthouse, performance: " + ", ".join(f"{name} {one}" for name, one in fast.items()))
    assert {name: scores.pop("low") for name, scores in told.items()} == {
        name: ["is-crawlable"] if name == "search" else [] for name in urls
    }
    assert told["search"].pop("seo") < 100
    for scores in told.values():
        assert scores == dict.fromkeys(scores, 100)
