"""A badge: a small SVG that says how often a package was installed, for other people's pages."""

from html import escape

_LABEL = "composer installs"
NONE, GONE, CLOSED = "none yet", "withdrawn", "closed"
_COLOURS = {"plugin": "#245a8d", "theme": "#9b3122"}
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
    left, right = _width(_LABEL), _width(value)
    colour = _QUIET if value in (NONE, GONE, CLOSED) else _COLOURS[type]
    words = escape(f"{_LABEL}: {value}")
    # textLength: as wide as was reckoned, whatever font there is. White on each of the three
    # colours can be read (above 6:1), on a light page and on a dark one.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" '
        f'role="img" aria-label="{words}"><title>{words}</title>'
        f'<clipPath id="r"><rect width="{left + right}" height="{_HEIGHT}" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><path fill="#211c18" d="M0 0h{left}v{_HEIGHT}H0z"/>'
        f'<path fill="{colour}" d="M{left} 0h{right}v{_HEIGHT}H{left}z"/></g>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">'
        f'<text x="{_PAD}" y="14" textLength="{left - 2 * _PAD}">{escape(_LABEL)}</text>'
        f'<text x="{left + _PAD}" y="14" textLength="{right - 2 * _PAD}">{escape(value)}</text>'
        "</g></svg>\n"
    )


def _width(text: str) -> int:
    """Reckon how wide a text is, in pixels, with the space around it."""
    return round(sum(_WIDTHS.get(sign, _USUAL) for sign in text)) + 2 * _PAD
