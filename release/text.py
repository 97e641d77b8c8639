"""Texts made safe to print: no control reaches a page or a card, none reorders its neighbours."""

import re
import unicodedata

# Marks that any script may stack on a letter; three of them are more than any language writes.
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_STACK = re.compile(f"([{_MARKS}]{{2}})[{_MARKS}]+")
_SPACES = re.compile(r"\s+")
# Joiners shape Arabic, Indic and emoji sequences; anywhere else they are only there to hide.
_JOINERS = "\u200c\u200d"
_EMOJI_TAGS = re.compile("(\U0001f3f4)([\U000e0020-\U000e007f]+)")
_OVERLAY = 1  # the combining class of marks that are struck through a letter
_ASCII = re.compile(r"[ -~]*\Z")
# Signs that stay as they are beside any other: of Latin, Greek, Cyrillic, Japanese and Chinese.
_PLAIN = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e"
    "\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]*\\Z"
)


def clean(text: str, limit: int) -> str:
    """Return `text` as one line that can be printed, of about `limit` characters at most.

    Controls and white space become single spaces; lone surrogates, private characters,
    noncharacters and U+FFFD go, as do bidi controls and other invisible characters, and marks that
    are struck through a letter; stacks of marks are cut to two. What is too long ends at a word.
    """
    if _ASCII.match(text):
        return _cut(_SPACES.sub(" ", text).strip(), limit)
    text = unicodedata.normalize("NFC", text[: limit * 8])
    if _PLAIN.match(text):
        return _cut(_SPACES.sub(" ", text).strip(), limit)
    kept: list[str] = []
    tags = {at for match in _EMOJI_TAGS.finditer(text) for at in range(*match.span(2))}
    for at, char in enumerate(text):
        kept.append(char if at in tags else _printable(char, kept))
    text = _STACK.sub(r"\1", "".join(kept))
    return _cut(_SPACES.sub(" ", text).strip(), limit)


def _printable(char: str, before: list[str]) -> str:
    if char.isprintable():
        category = unicodedata.category(char)
        # A mark with nothing to stand on would stand on its neighbour; one that encloses (but for
        # the keycap) or overlays is drawn for a letter of another width.
        if category[0] == "M" and not (before and before[-1].strip()):
            return ""
        if (category == "Me" and char != "\u20e3") or unicodedata.combining(char) == _OVERLAY:
            return ""
        return "" if char in "\u115f\u1160\u3164\uffa0\u034f\u2800\ufffd" else char
    category = unicodedata.category(char)
    if category in ("Cs", "Co"):
        return ""
    if category == "Cn":  # newer than this Python's tables; the fonts may know it
        return "" if ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF else char
    if category == "Cf":
        if char in _JOINERS and before and before[-1] and not before[-1].isascii():
            return char
        return ""
    return " "


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    space = text.rfind(" ", limit // 2, limit + 1)
    if space > 0:
        return text[:space].rstrip(" ,;:–—|·-") + "…"
    end = limit
    while end > limit // 2 and unicodedata.category(text[end])[0] in "MC":
        end -= 1
    return text[:end].rstrip() + "…"
