"""The site by keyboard alone: `/`, arrows, Enter, Esc, and a search that shows what it finds."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.browser.conftest import Site, tool


@pytest.fixture(name="told", scope="module")
def _told(site: Site) -> Mapping[str, Any]:
    told = tool("keys.mjs", given={"url": site.url})
    assert isinstance(told, dict)
    return told


def test_a_slash_leads_to_the_search(told: Mapping[str, Any]) -> None:
    """From wherever nothing is typed; a visible key says so. In a field it is a letter."""
    assert told["hint"] == "/"
    assert (told["slash"]["type"], told["slash"]["value"]) == ("search", "")
    assert told["typed"]["value"] == "a/b"
    assert told["faults"] == []


def test_results_come_while_typing_on_every_page(told: Mapping[str, Any]) -> None:
    """As a combobox with a list: what is found is said, and axe has nothing to say."""
    assert told["options"] > 1
    assert told["said"].endswith(" packages found")
    assert told["axe"] == []


def test_arrows_choose_and_enter_opens(told: Mapping[str, Any]) -> None:
    """Around from the last to what was typed; Esc closes the list and keeps what was typed."""
    assert told["down"]["chosen"].startswith("Contact Form 7")
    assert told["down"]["open"] == "true"
    assert told["around"].get("chosen") is None
    assert told["last"]["chosen"] != told["down"]["chosen"]
    assert (told["escaped"]["open"], told["escaped"]["value"]) == ("false", "contact form")
    assert told["reopened"]["open"] == "true"
    assert told["opened"].endswith("/packages/plugin/contact-form-7")
    assert told["searched"].endswith("/?q=a%2Fb")


def test_in_a_list_arrows_move_among_the_results(site: Site, told: Mapping[str, Any]) -> None:
    """From the search on, and back to it; nowhere else is an arrow anything but an arrow."""
    field, first, second, again = told["list"]

    assert field["type"] == "search"
    assert first["at"].startswith("/packages/plugin/")
    assert second["at"].startswith("/packages/plugin/")
    assert second["at"] != first["at"]
    assert again == first
    assert [one["type"] for one in told["back"]] == ["search", "search"]
    assert told["read"] == site.url + first["at"]
    assert told["scrolls"]["type"] == "BODY"


def test_the_key_can_be_turned_off(told: Mapping[str, Any]) -> None:
    """By the button that shows it, for every later page; then nothing promises it."""
    off, on = told["off"], told["on"]

    assert off["button"]["type"] == "button"
    assert off["key"] == {
        "pressed": "false",
        "title": "Key / leads to the search: turn it on",
        "promised": None,
    }
    assert off["slash"] == off["later"]["slash"] == "BODY"
    assert off["later"]["key"] == off["key"]
    assert off["axe"] == []
    assert on["slash"] == "search"
    assert (on["key"]["pressed"], on["key"]["promised"]) == ("true", "/")


def test_where_a_browser_keeps_nothing_the_key_is_off_for_the_page(told: Mapping[str, Any]) -> None:
    """And nothing fails."""
    assert told["forgetful"] == "BODY"
    assert told["faults"] == []


def test_without_scripts_the_form_is_enough(told: Mapping[str, Any]) -> None:
    """Nothing that a script does is promised, and the search is sent."""
    assert told["bare"] == 0
    assert "?q=forms" in told["sent"]
