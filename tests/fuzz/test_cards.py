"""Any text in a card's slots: a picture of the right size, and nobody is called from it."""

import random
import socket
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publish.cards.store import size_of
from render import CardRenderer, package_card
from render.card import Card

_TEXT = st.text(max_size=80) | st.text(
    st.characters(categories=("Mn", "Cf", "Lo", "So", "Zs", "Cc")), max_size=300
)


@pytest.mark.parametrize("inputs", [1_000, pytest.param(20_000, marks=pytest.mark.soak)])
def test_any_facts_make_a_card(inputs: int, tried: Callable[[int], None]) -> None:
    """Formatting never fails, prints nothing that XML or a line cannot hold, and stays short."""

    @settings(max_examples=inputs, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        type=st.sampled_from(["plugin", "theme"]),
        slug=st.from_regex(r"\A[a-z0-9_-]{1,60}\Z"),
        name=_TEXT,
        description=_TEXT,
        version=_TEXT,
        author=_TEXT,
        active_installs=st.none() | st.integers(0, 1 << 53),
        downloads=st.none() | st.integers(0, 1 << 53),
        closed=st.booleans(),
    )
    def check(**facts: object) -> None:
        card = package_card(**facts)  # type: ignore[arg-type]
        again = package_card(**facts, shown=card)  # type: ignore[arg-type]
        assert again == card
        for name in Card.__dataclass_fields__:
            value = getattr(card, name)
            assert len(value) <= 700
            assert value.isprintable() or "\n" not in value
        assert card.alt

    check()
    tried(inputs)


_SPICE = (
    *("<image href='{}'/>", "]]><svg onload='{}'>", "&xxe;", "<!ENTITY x SYSTEM '{}'>", "url({})"),
    *("</text><image xlink:href='{}'/>", "@import '{}'", "<span font='{}'>", "<b>", "%s%n", "{}"),
    *(
        "\u202e",
        "\u200b" * 30,
        "e" + "\u0301" * 90,
        "😀👩‍👩‍👧‍👦",
        "W" * 200,
        "﷽" * 9,
        "نص عربي",
        "ഹലോ",
        "文" * 80,
    ),
    *(
        "\ufffe\uffff",
        "\U0010ffff",
        "\ue000",
        "\x7f\x80",
        "\t\n\r",
        "",
        " ",
        "\u00ad" * 50,
        "ffi ﬃ",
    ),
)


@pytest.mark.parametrize("inputs", [250, pytest.param(2_500, marks=pytest.mark.soak)])
def test_any_slots_are_drawn_and_nothing_is_fetched(
    inputs: int, tried: Callable[[int], None]
) -> None:
    """Whatever stands in the slots: a PNG of 1200 x 630, and no address in them is called."""
    chance, draw = random.Random(inputs), CardRenderer()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/x.svg"

        def words() -> str:
            parts = chance.choices(_SPICE, k=chance.randint(0, 4))
            return " ".join(part.replace("{}", address) for part in parts)

        for _ in range(inputs):
            template = chance.choice(("plugin", "theme", "closed", "site"))
            card = Card(template, *(words() for _ in range(7)))
            assert size_of(draw(card)) == (1200, 630), card
        with pytest.raises(BlockingIOError):
            listening.accept()
    tried(inputs)
