"""Licences as Composer names them, read from what plugin headers call them.

Composer knows licences by their SPDX identifiers (https://spdx.org/licenses/). Headers say "GPLv2
or later" in dozens of spellings; what is none of them, and no identifier, is left out.
"""

import re

_GNU = re.compile(
    r"(?:gnu )?(?P<kind>[al]?gpl)[ -]*v?(?:ersion )?(?P<version>[123])(?P<minor>\.[0-9])?(?:\.0)?"
    r"[ -]?(?P<later>\+|\(?(?:or|and)[ -](?:any )?(?:later|above|higher)(?: versions?)?\)?|only)?",
    re.IGNORECASE,
)
_OTHERS = {
    one.lower(): one
    for one in (
        *("MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "MPL-2.0", "EPL-2.0"),
        *("Unlicense", "CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "WTFPL", "EUPL-1.2", "Zlib"),
        "Artistic-2.0",
    )
}


def spdx(text: str) -> str:
    """Return the identifier of a licence: 'GPLv2 or later' -> 'GPL-2.0-or-later'; '' for none."""
    match = _GNU.fullmatch(text.strip())
    if match is None:
        return _OTHERS.get(text.strip().lower().replace(" ", "-"), "")
    end = "only" if match["later"] in (None, "only") else "or-later"
    return f"{match['kind'].upper()}-{match['version']}{match['minor'] or '.0'}-{end}"
