"""XML, well-formed whatever a release holds, and open to any site's script."""

import re

from server.answer import Answer, Site, text

# What XML has no place for, not even escaped: https://www.w3.org/TR/xml/#NT-Char
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"


def document(site: Site, content_type: str, view: str, /, **values: object) -> Answer:
    """Print a template of XML."""
    return text(content_type, _NO_CHARACTER.sub(_REPLACEMENT, site.render(view, **values)))
