"""The fonts: only the project's own, and what they lack is told."""

from pathlib import Path

from render import Card, coverage, fonts


def test_only_the_named_packages_are_used() -> None:
    """No other font of the machine can get onto a card."""
    allowed = ("vollkorn", "inter", "jetbrains-mono", "noto")

    assert len(fonts.files()) > 100
    assert {path.parent.name for path in fonts.files()} <= set(allowed)
    assert all(path.is_relative_to(Path("/usr/share/fonts")) for path in fonts.files())


def test_coverage_names_what_no_font_has() -> None:
    """The report gives each missing character with the texts that have it."""
    assert coverage(["plain", "é 中文 🚀 हिन्दी"]) == {}
    assert coverage(["a\ufffe", "b\U0003134a", "b\U0003134a c"]) == {
        "\U0003134a": ["b\U0003134a", "b\U0003134a c"]
    }


def test_the_catalogue_is_covered(catalogue: list[Card]) -> None:
    """The embedded catalogue has no character without a glyph."""
    texts = [text for card in catalogue for text in (card.name, card.description, card.author)]

    assert coverage(texts) == {}
