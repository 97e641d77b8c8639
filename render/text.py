"""Words made ready to set: where they may break, and by which language's letter forms."""

from __future__ import annotations

import re

_JOINT = re.compile(
    r"(?<=[-_/.:@\\])(?=\w)|(?<=[a-zà-öø-ÿа-яα-ω])(?=[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω])|(?<=[0-9])(?=[A-Z])"
)
_ZERO_WIDTH_SPACE = "\u200b"


def soften(text: str, longest: int) -> str:
    """Return `text` with places to break in words of more than `longest` characters.

    They are after - _ / and the like, and at camel-case joints.
    """
    return " ".join(
        _JOINT.sub(_ZERO_WIDTH_SPACE, word) if len(word) > longest else word
        for word in text.split(" ")
    )


def language(text: str) -> str:
    """Return the language whose letter forms `text` wants: Han characters differ by it."""
    if text.isascii():
        return "en"
    if re.search("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9d]", text):
        return "ja"
    if re.search("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]", text):
        return "ko"
    han = "".join(re.findall("[\u3400-\u9fff]", text))
    if han:
        return "zh-cn" if _encodes(han, "gb2312") or not _encodes(han, "big5") else "zh-tw"
    return "en"


def _encodes(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
