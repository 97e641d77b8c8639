"""Facts that are only printed: on the page, in its twin and in the API."""

import json
from collections.abc import Iterator

import pytest

from catalog.record import EXTRAS
from release.extras import FORMS, stored
from server import Settings, make_app
from tests.server.conftest import FIRST, Visitor, make_release, record, switch

_CODE = "https://code.example/x?a=<b>&c=(d)"


@pytest.fixture(name="visitor", scope="module")
def _visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    data = tmp_path_factory.mktemp("extras")
    records = (
        record("told", repository_url=_CODE),
        record("themed", type="theme", repository_url=False, external_repository_url=_CODE),
        record("odd", repository_url="javascript:alert(1)"),
        record("none"),
    )
    make_release(data, records=records)
    switch(data, FIRST)
    visitor = Visitor(make_app(Settings(data=data)))
    yield visitor
    assert visitor.errors.getvalue() == ""


@pytest.mark.parametrize("path", ["plugin/told", "theme/themed"])
def test_where_the_source_code_is_stands_everywhere(visitor: Visitor, path: str) -> None:
    """As a plugin's record and as a theme's calls it; a link on the page and in the twin."""
    page = visitor.get(f"/packages/{path}")
    (link,) = (one for one in page.dom.iter("a") if one.get("href") == _CODE)
    twin = visitor.get(f"/packages/{path}.md").text
    told = json.loads(visitor.get(f"/api/packages/{path}").body)

    assert link.get("rel") == "nofollow"
    assert "Source code" in page.words(".//ul[@class='places']/li")
    assert "- Source code: " in twin
    assert "<b>" not in twin
    assert told["extras"] == {"repository_url": _CODE}


@pytest.mark.parametrize("slug", ["odd", "none"])
def test_what_is_not_told_is_not_printed(visitor: Visitor, slug: str) -> None:
    """Neither a label without a value nor an address that is none."""
    page = visitor.get(f"/packages/plugin/{slug}")

    assert "Source code" not in page.text
    assert "Source code" not in visitor.get(f"/packages/plugin/{slug}.md").text
    assert json.loads(visitor.get(f"/api/packages/plugin/{slug}").body)["extras"] == {}


def test_each_fact_has_a_reader_and_a_form() -> None:
    """The two lists have the same names."""
    assert set(EXTRAS) == set(FORMS)


def test_a_name_of_another_version_is_left_out() -> None:
    """A release may hold facts that this code knows nothing of; a number is printed in groups."""
    (form,) = {one: one for one in FORMS}
    told = json.dumps([["gone", "x"], [form, 12_345]])

    assert [(one.name, one.text) for one in stored(told)] == [(form, "12,345")]
