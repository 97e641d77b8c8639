"""Entity tags: naming an answer, and telling whether a visitor already has it."""

import hashlib


def etag(content_type: str, body: bytes) -> str:
    """Name an answer by all that it says, so that the tag changes exactly when the answer does."""
    said = hashlib.sha256(f"{content_type}\0".encode())
    said.update(body)
    return f'"{said.hexdigest()[:24]}"'


def is_known(tag: str, if_none_match: str) -> bool:
    """Tell whether an If-None-Match header (a list, weak tags and * allowed) names the tag.

    Comparison is weak, as for every GET: nginx marks a tag weak when it compresses.
    """
    if if_none_match.strip() == "*":
        return True
    # Our tags hold no comma, so cutting a foreign tag that does cannot make it ours.
    return tag in (part.strip().removeprefix("W/") for part in if_none_match.split(","))
