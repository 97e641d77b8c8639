"""A badge: a small SVG that says a thing or two of a package, for other people's pages."""

from html import escape

_LABEL = "composer installs"
NONE, GONE, CLOSED = "none yet", "withdrawn", "closed"
TAGGED, UNTAGGED, UNKNOWN = "tagged", "not tagged", "unknown"
_COLOURS = {"plugin": "#245a8d", "theme": "#9b3122"}
_TAG_COLOURS = {TAGGED: "#2f5d50", UNTAGGED: "#9b3122"}
_LONGEST = 30  # signs of a version
_QUIET = "#574c40"
_HEIGHT, _PAD = 20, 6
# Widths of Verdana's signs at 11 pixels, nearly.
_WIDTHS = {
    **dict.fromkeys(" ,.:;'!|ijl", 3.5),
    **dict.fromkeys("-frt", 4.5),
    **dict.fromkeys("+mwMW", 9.5),
}
_USUAL = 6.8


def svg(type: str, value: str) -> str:
    """Draw a badge for a plugin or theme: '1,200+' beside what is counted."""
    return _drawn(_LABEL, value, _QUIET if value in (NONE, GONE, CLOSED) else _COLOURS[type])


def tag_svg(version: str, value: str) -> str:
    """Draw a badge that says how a plugin's announced version is; value: one of those above."""
    version = version if len(version) <= _LONGEST else f"{version[:_LONGEST]}…"
    label = "release" if value in (GONE, CLOSED) else f"release {version}".strip()
    return _drawn(label, value, _TAG_COLOURS.get(value, _QUIET))


def _drawn(label: str, value: str, colour: str) -> str:
    left, right = _width(label), _width(value)
    words = escape(f"{label}: {value}")
    # textLength: as wide as was reckoned, whatever font there is. White on each of the
    # colours can be read (above 6:1), on a light page and on a dark one.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" '
        f'role="img" aria-label="{words}"><title>{words}</title>'
        f'<clipPath id="r"><rect width="{left + right}" height="{_HEIGHT}" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><path fill="#211c18" d="M0 0h{left}v{_HEIGHT}H0z"/>'
        f'<path fill="{colour}" d="M{left} 0h{right}v{_HEIGHT}H{left}z"/></g>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">'
        f'<text x="{_PAD}" y="14" textLength="{left - 2 * _PAD}">{escape(label)}</text>'
        f'<text x="{left + _PAD}" y="14" textLength="{right - 2 * _PAD}">{escape(value)}</text>'
        "</g></svg>\n"
    )


def _width(text: str) -> int:
    """Reckon how wide a text is, in pixels, with the space around it."""
    return round(sum(_WIDTHS.get(sign, _USUAL) for sign in text)) + 2 * _PAD
