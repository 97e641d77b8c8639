"""The card's strings and its name."""

import hashlib
import pickle
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields, replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from render import TEMPLATES, Card, CardRenderer, package_card
from tests.render.cases import GOLDEN

_FULL = package_card(
    type="plugin",
    slug="akismet",
    name="Akismet",
    description="Stops spam.",
    version="5.3.3",
    author="Automattic",
    active_installs=5_000_000,
    downloads=1_234,
)


def test_a_package_card_prints_these_strings() -> None:
    """Facts become the strings that are printed."""
    assert (
        Card(
            template="plugin",
            name="Akismet",
            description="Stops spam.",
            version="5.3.3",
            command="composer require wp-plugin/akismet",
            installs="5M+",
            downloads="1,200+",
            author="Automattic",
            initial="A",
            seed="plugin/akismet",
        )
        == _FULL
    )


def test_alt_says_what_is_printed() -> None:
    """The alt text is made of the card's own strings."""
    assert _FULL.alt == (
        "Akismet, a WordPress plugin by Automattic, version 5.3.3. Stops spam. "
        "5M+ active installs. 1,200+ Composer installs. composer require wp-plugin/akismet."
    )


@pytest.mark.parametrize(
    ("advisories", "note"),
    [
        ([""], "Vulnerable"),
        (["CVE-2026-1234"], "Vulnerable: CVE-2026-1234"),
        (["CVE-2026-1234", ""], "Vulnerable: 2 advisories"),
    ],
)
def test_a_vulnerable_package_says_so_before_its_version(advisories: list[str], note: str) -> None:
    """In place of the figure beside it; the command is still what installs it."""
    facts = {"type": "theme", "slug": "x", "name": "X", "version": "1.0", "downloads": 1_000}
    card = package_card(**facts, advisories=advisories)  # type: ignore[arg-type]
    pictured = package_card(**facts, advisories=advisories, picture="a" * 64)  # type: ignore[arg-type]

    assert (card.note, card.downloads) == (note, "")
    assert pictured.note == "Vulnerable"
    assert card.alt == f"X, a WordPress theme, version 1.0. {note}. composer require wp-theme/x."


def test_a_closed_package_promises_nothing() -> None:
    """A closed card says when and why, and has neither figures nor a command to type."""
    card = package_card(
        type="theme",
        slug="gone",
        name="Gone",
        active_installs=900,
        command="composer require wp-theme/gone",
        picture="0" * 32,
        closed=True,
        closed_on="2026-05-12",
        closed_for="Security Issue",
    )

    assert card.template == "closed"
    assert (card.installs, card.downloads, card.version) == ("", "", "")
    assert (card.command, card.picture) == ("", "")
    assert card.note == "Closed 12 May 2026 · security issue"
    assert card.alt == "Gone. Closed 12 May 2026 · security issue."


def test_a_command_is_as_the_caller_says() -> None:
    """Where nothing can be installed there is no command; where another word is due, it stands."""
    for command in ("", "composer require wp-plugin/a:dev-trunk"):
        card = package_card(
            type="plugin", slug="a", name="A", version="6.0, trunk", command=command
        )
        assert (card.command, card.version) == (command, "6.0, trunk")


def test_a_long_name_is_printed_in_two_parts() -> None:
    """Both parts are on the card and in its alt text."""
    card = package_card(type="plugin", slug="a", name="Akismet Anti-spam: Spam Protection")

    assert (card.name, card.subtitle) == ("Akismet Anti-spam", "Spam Protection")
    assert card.alt.startswith("Akismet Anti-spam – Spam Protection, a WordPress plugin.")


def test_alt_has_one_full_stop_after_a_sentence_of_any_script() -> None:
    """No second full stop follows that of another script."""
    card = package_card(type="plugin", slug="a", name="A", description="簡単で柔軟です。")

    assert "です。 composer" in card.alt


def test_a_package_without_a_name_goes_by_its_slug() -> None:
    """An empty name, or one of nothing visible, is replaced."""
    assert package_card(type="plugin", slug="x-y", name="\u200b ").name == "x-y"


def test_impossible_cards_are_refused() -> None:
    """A kind that does not exist is refused with a sentence."""
    with pytest.raises(ValueError, match="no card template is called 'poster'"):
        Card("poster", "x")
    with pytest.raises(ValueError, match="a plugin or a theme, not 'block'"):
        package_card(type="block", slug="x", name="x")


def test_what_is_shown_counts() -> None:
    """The card as last drawn keeps a hovering figure."""
    shown = replace(_FULL, downloads="990+")
    card = package_card(type="plugin", slug="a", name="A", downloads=1_003, shown=shown)

    assert card.downloads == "990+"


@pytest.mark.parametrize("name", [field.name for field in fields(Card)])
def test_every_string_counts_in_the_fingerprint(name: str, renderer: CardRenderer) -> None:
    """A card that differs in one string has another name."""
    value = "theme" if name == "template" else "other"

    assert renderer.fingerprint(replace(_FULL, **{name: value})) != renderer.fingerprint(_FULL)


def test_insignificant_counts_do_not(renderer: CardRenderer) -> None:
    """1,204 and 1,251 installs are printed alike, so they are one card."""
    cards = [package_card(type="plugin", slug="a", name="A", downloads=n) for n in (1_204, 1_251)]

    assert renderer.fingerprint(cards[0]) == renderer.fingerprint(cards[1])


def test_templates_count_in_the_fingerprint(tmp_path: Path) -> None:
    """A changed colour is another card."""
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    same = CardRenderer(folder).fingerprint(_FULL)
    changed = tmp_path / "changed"
    shutil.copytree(TEMPLATES, changed)
    style = changed / "style.css"
    style.write_text(style.read_text().replace("#245a8d", "#245a8e"))

    assert same == CardRenderer().fingerprint(_FULL)
    assert same != CardRenderer(changed).fingerprint(_FULL)


def test_the_fingerprint_is_the_same_in_another_process(renderer: CardRenderer) -> None:
    """Names do not depend on the process: not on hash seeds, not on what was drawn before."""
    code = (
        "import render; from tests.render.test_card import _FULL;"
        "print(render.CardRenderer().fingerprint(_FULL))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == renderer.fingerprint(_FULL)
    assert len(renderer.fingerprint(_FULL)) == 32


def test_any_executor_draws_the_same(renderer: CardRenderer) -> None:
    """Threads and spawned processes give the bytes that this process gives."""
    cards = [GOLDEN[name] for name in ("plain", "emoji", "arabic", "theme", "closed", "japanese")]
    here = [hashlib.sha256(renderer(card)).hexdigest() for card in cards]
    with ThreadPoolExecutor(3) as threads:
        threaded = [hashlib.sha256(png).hexdigest() for png in threads.map(renderer, cards * 3)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        spawned = [hashlib.sha256(png).hexdigest() for png in processes.map(renderer, cards)]

    assert threaded == here * 3
    assert spawned == here


def test_a_renderer_is_small_to_send(renderer: CardRenderer) -> None:
    """A pickled renderer carries neither art nor fonts."""
    renderer(_FULL)

    assert len(pickle.dumps(renderer)) < 1_000
