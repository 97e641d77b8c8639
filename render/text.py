"""What a text needs besides being clean: an end of its sentence, the language of its letters."""

import re

# What ends a sentence in any script (Unicode's Sentence_Terminal, and the ellipsis).
_ENDS = ".!?…‥‼⁇⁈⁉‽؟؞۔։।॥።፧፨။၊។៕᙮᠃᠉᥄᥅᪨᪩᪪᪫᭚᭛᭞᭟᰻᰼᱾᱿⸮⸼꓿꘎꘏꛳꛷꡶꡷꣎꣏꤯꧈꧉꩝꩞꩟꫰꫱꯫。．｡！？﹒﹖﹗"
_CLOSING = " \"'”’»›)]}）」』】〉》〕"


def sentence(text: str) -> str:
    """Return `text` with a full stop, unless its last sentence has an end of its own."""
    last = text.rstrip(_CLOSING)[-1:]
    return text if last in _ENDS else text + "."


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
