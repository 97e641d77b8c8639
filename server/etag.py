"""Entity tags: naming an answer, and telling whether a visitor already has it."""

import hashlib


def etag(release: str, look: str, path: str, query: str) -> str:
    """Name the answer to one address in one release, as drawn by one set of templates."""
    address = "\0".join((look, path, query)).encode("utf-8", "surrogateescape")
    return f'"{release}-{hashlib.sha256(address).hexdigest()[:20]}"'


def is_known(tag: str, if_none_match: str) -> bool:
    """Tell whether an If-None-Match header (a list, weak tags and * allowed) names the tag.

    Comparison is weak, as for every GET: nginx marks a tag weak when it compresses.
    """
    if if_none_match.strip() == "*":
        return True
    # Our tags hold no comma, so cutting a foreign tag that does cannot make it ours.
    return tag in (part.strip().removeprefix("W/") for part in if_none_match.split(","))
