"""Words of a scrap of HTML: tags taken out, entities decoded once, in time linear in its length.

Python's own readers are not for feeds: `html.parser` is quadratic in tags that do not end and
asserts on `<![1`; `html.unescape` refuses long numbers and reads `&region` as `&reg` and `ion`.
"""

import re
from html import unescape
from html.entities import html5

_ENTITY = re.compile(r"&(?:#(?:[0-9]{1,20}|[xX][0-9a-fA-F]{1,16})|[a-zA-Z][a-zA-Z0-9]{1,31});")
# No tag is looked for past the next "<", and nothing is tried twice.
_TAG = re.compile(
    r"<(?:/?[a-zA-Z](?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>"
    r"|[a-zA-Z/!?][^<>]*+>"  # with a quote that does not end
    r"|[a-zA-Z][a-zA-Z0-9]*+\s[^<>=]*+=[^<>]*+\Z)"  # cut short
)
_HREF = re.compile(r"\shref\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.IGNORECASE)
_LINK = re.compile(r"<a\s", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:p|br|li|div|h[1-6]|td)[\s/>]", re.IGNORECASE)


def decoded(text: str) -> str:
    """Decode the entities that end in a semicolon; `&word` without one stays as it is."""
    return _ENTITY.sub(_character, text)


def words(markup: str) -> str:
    """Give the text between the tags; tags that are written with entities are text."""
    return decoded(_TAG.sub(_space, _without_comments(markup)))


def first_link(markup: str) -> str:
    """Give the address of the first link, '' if there is none."""
    for tag in _TAG.finditer(_without_comments(markup)):
        if _LINK.match(tag[0]) and (found := _HREF.search(tag[0])):
            return decoded(found[1] or found[2] or found[3] or "")
    return ""


def _character(entity: re.Match[str]) -> str:
    known = entity[0][1] == "#" or entity[0][1:] in html5
    return unescape(entity[0]) if known else entity[0]


def _space(tag: re.Match[str]) -> str:
    return " " if _BREAK.match(tag[0]) else ""


def _without_comments(markup: str) -> str:
    first, *others = markup.split("<!--")
    kept = [first]
    for other in others:
        _, end, after = other.partition("-->")
        kept.append(after if end else f"<!--{other}")
    return "".join(kept)
