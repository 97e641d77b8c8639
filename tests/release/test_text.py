"""Texts made safe to print."""

from release.text import clean


def test_signs_that_are_not_looked_at_singly_are_none_to_look_at() -> None:
    """Beside a letter for which each sign is judged, every sign becomes what it becomes alone."""
    for code in range(1 << 16):
        alone = clean(f"a{chr(code)}b", 10)
        assert clean(f"\u05d0 a{chr(code)}b", 10) == f"\u05d0 {alone}", hex(code)
