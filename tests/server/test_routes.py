"""The table of routes, held against what else names addresses."""

import json
import re

import msgspec
import pytest

from server.machines import api
from server.machines.openapi import OPERATIONS, Operation
from server.routes import ROUTES, Route, fill
from tests.conftest import ROOT
from tests.server.conftest import PARTS, Visitor


def _asked(path: str) -> str:
    return fill(path, lambda part: PARTS[part[1]])


def test_nginx_and_the_app_agree_on_the_twins() -> None:
    """The pages that nginx has a twin in Markdown for are those that have one."""
    conf = (ROOT / "nginx" / "http" / "twins.conf").read_text(encoding="utf-8")
    _, _, block = conf.partition("$frontispiece_has_twin {")
    patterns = re.findall(r'"~(\^[^"]*)"\s+1;', block.partition("}\n")[0])

    assert patterns
    assert {route.path: any(re.search(one, _asked(route.path)) for one in patterns)
            for route in ROUTES} == {route.path: route.twin for route in ROUTES}  # fmt: skip


@pytest.mark.parametrize("route", [one for one in ROUTES if one.twin], ids=lambda one: one.path)
def test_a_page_names_its_twin(visitor: Visitor, route: Route) -> None:
    """At the address that the table says; both are of one page."""
    page = visitor.get(_asked(route.path))
    (link,) = (tag for tag in page.dom.iter("link") if tag.get("type") == "text/markdown")
    twin = visitor.get(_asked(route.twin_path))

    assert link.get("href") == _asked(route.twin_path)
    assert twin.status == 200
    assert twin.headers["content-type"] == "text/markdown; charset=utf-8"
    assert twin.text.startswith("# ")


def test_no_address_stands_twice() -> None:
    """Neither an address nor the name of an operation."""
    paths = [route.path for route in ROUTES]
    names = [one.id for one in OPERATIONS]

    assert sorted(set(paths)) == sorted(paths)
    assert sorted(set(names)) == sorted(names)


def test_every_json_answer_of_the_api_is_described() -> None:
    """Each operation is an address of the table, and no address of the API is left out."""
    described = {one.path for one in OPERATIONS}
    there = {fill(route.path, r"{\1}") for route in ROUTES}

    assert described <= there
    assert {path for path in there if path.startswith("/api/")} == {
        *(path for path in described if path.startswith("/api/")),
        "/api/openapi.json",
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_an_answer_has_the_type_that_is_described(visitor: Visitor, operation: Operation) -> None:
    """Every key and every value; an answer that says what is missing as well."""
    path = _asked(re.sub(r"\{(\w+)\}", r"<\1>", operation.path))
    answer = visitor.get(path)
    expected = operation.answer if answer.status == 200 else api.Problem
    facts = json.loads(answer.body)

    assert answer.status in (200, *operation.errors)
    assert facts == msgspec.convert(facts, expected, strict=True)


@pytest.mark.parametrize("path", ["/api/packages/plugin/gone", "/api/packages/plugin/never-was"])
def test_what_is_not_there_is_a_problem(visitor: Visitor, path: str) -> None:
    """404 and 410 have the type that the description says."""
    facts = json.loads(visitor.get(path).body)

    assert facts == msgspec.convert(facts, api.Problem, strict=True)


def test_composers_name_of_a_package_leads_to_its_page(visitor: Visitor) -> None:
    """wp-plugin/akismet is what stands in composer.json; the page has one address."""
    answer = visitor.get("/packages/wp-plugin/akismet")

    assert (answer.status, answer.headers["location"]) == (301, "/packages/plugin/akismet")


def test_the_manifest_names_icons_that_a_release_has(visitor: Visitor) -> None:
    """Those that are files are among those that deploy brings along."""
    answer = visitor.get("/site.webmanifest")
    facts = json.loads(answer.body)
    brought = {one.name for one in (ROOT / "publish" / "site" / "icons").iterdir()}

    assert answer.headers["content-type"] == "application/manifest+json"
    assert facts["start_url"] == "/"
    names = {one["src"].lstrip("/") for one in facts["icons"]}
    assert names <= brought | {"favicon.svg"}
    assert {"favicon.ico", "apple-touch-icon.png"} <= brought
