"""Entries of a feed of advisories: both forms, their odd shapes, and what Composer reads."""

import json
from typing import Any

import pytest

from catalog.advisories.advisory import Refused, read
from tests.catalog.composer.judge import Judge

_OSV: dict[str, Any] = {
    "id": "OWN-2026-7",
    "summary": "Anyone can <b>read</b> the entries",
    "published": "2026-05-06T07:08:09Z",
    "aliases": ["GHSA-x", "CVE-2026-1234"],
    "references": [{"type": "WEB", "url": "javascript:x"}, {"url": "https://own.example/7"}],
    "database_specific": {"severity": "MODERATE"},
    "affected": [
        {
            "package": {"ecosystem": "Packagist", "name": "wpackagist-plugin/Forms"},
            "ranges": [
                {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]},
                {"type": "SEMVER", "events": [{"introduced": "2.0"}, {"last_affected": "2.1"}]},
            ],
        }
    ],
}
_COMPOSER: dict[str, Any] = {
    "advisoryId": "OWN-2026-8",
    "packageName": "wp-theme/paper",
    "affectedVersions": ">=1.0,<1.2 || 2.0",
    "title": "Stored script",
    "cve": None,
    "link": "https://own.example/8",
    "reportedAt": "2026-05-06 07:08:09",
    "severity": "high",
    "sources": [{"name": "Own", "remoteId": "8"}],
}


def _affected(**more: Any) -> dict[str, Any]:
    return {**_OSV, "affected": [{**_OSV["affected"][0], **more}]}


def _events(*events: Any) -> dict[str, Any]:
    return _affected(ranges=[{"type": "ECOSYSTEM", "events": list(events)}])


def test_both_forms_become_full_advisories(judge: Judge) -> None:
    """As Composer's own code reads them: none of them is a partial one."""
    (osv,), (composer,) = read(_OSV), read(_COMPOSER)

    assert (osv.type, osv.slug, osv.id) == ("plugin", "forms", "OWN-2026-7")
    assert osv.facts == {
        "advisoryId": "OWN-2026-7",
        "affectedVersions": "<1.1|>=2.0,<=2.1",
        "title": "Anyone can <b>read</b> the entries",
        "link": "https://own.example/7",
        "cve": "CVE-2026-1234",
        "severity": "medium",
        "reportedAt": "2026-05-06T07:08:09+00:00",
        "sources": [{"name": "OWN", "remoteId": "OWN-2026-7"}],
    }
    assert (composer.type, composer.slug) == ("theme", "paper")
    assert composer.facts["affectedVersions"] == ">=1.0,<1.2|2.0"
    assert composer.facts["reportedAt"] == "2026-05-06T07:08:09+00:00"
    full = [{"packageName": "wp-plugin/x", **one.facts} for one in (osv, composer)]
    assert judge.ask("advisories", {"wp-plugin/x": full}) == ["full", "full"]


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        (_events({"introduced": "0"}), "*"),
        (_events({"introduced": "1.2"}), ">=1.2"),
        (
            _events({"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "2.0"}, {"fixed": "2.1"}),
            "<1.0|>=2.0,<2.1",
        ),
        (_affected(ranges=[], versions=["1.0", "1.1"]), "1.0|1.1"),
        (_affected(ranges=[{"type": "GIT", "events": [{"x": 1}]}], versions=["1.0"]), "1.0"),
    ],
)
def test_the_events_of_osv_become_a_range(entry: dict[str, Any], written: str) -> None:
    (advisory,) = read(entry)
    assert advisory.facts["affectedVersions"] == written


@pytest.mark.parametrize(
    "entry",
    [
        *(None, [], "x", {}, {"affected": []}, {"affected": "x"}, {"affected": [7]}),
        _affected(package={"name": "monolog/monolog"}),
        _affected(package=None),
        _affected(ranges=[], versions=[]),
        _affected(ranges=[], versions=["latest"]),
        *(_events(*odd) for odd in (({"fixed": "1"},), ({"introduced": "0"}, {"limit": "1"}))),
        _events({"introduced": "0"}, {"introduced": "1"}),
        _events("x"),
        _events({"introduced": "^1"}),
        {**_OSV, "published": "yesterday"},
        {**_OSV, "published": None},
        {**_OSV, "id": "a b"},
        {**_COMPOSER, "affectedVersions": "^1.0"},
        {**_COMPOSER, "affectedVersions": ["1.0"]},
        {**_COMPOSER, "packageName": "wp-plugin/../x"},
        {**_COMPOSER, "reportedAt": "0001-01-01T00:00:00+23:59"},
        {**_COMPOSER, "advisoryId": 7},
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(entry: object) -> None:
    with pytest.raises(Refused, match=r"^(it|'|\")"):
        read(entry)


@pytest.mark.parametrize("link", ["javascript:x", "http://", "http://[", 7, None, "https://a b/"])
def test_an_odd_detail_costs_the_detail(link: object) -> None:
    """A link, a number, a severity that are none; the advisory stays."""
    odd = {"link": link, "cve": "CVE-1", "severity": "awful", "title": None, "sources": [7, {}]}
    (advisory,) = read({**_COMPOSER, **odd})

    facts = advisory.facts
    assert (facts["link"], facts["cve"], facts["severity"]) == (None, None, None)
    assert facts["title"] == "OWN-2026-8"
    assert facts["sources"] == [{"name": "OWN", "remoteId": "OWN-2026-8"}]
    assert json.loads(advisory.text) == facts
