"""What pictures are prepared by: when other code prepares other pictures, all are due again.

The pictures themselves decide, as with cards: a few of every kind are prepared once after a change
of the code. The originals are not kept, so that they have to be asked for again, over many runs.
"""

import hashlib
import io
import json
import sqlite3
from functools import cache
from importlib import metadata

from catalog import code, pictures
from catalog.database import keep_state, state, transaction

_KEY = "picture_preparing"
_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 60"><linearGradient id="g">'
    b'<stop stop-color="#123"/><stop offset="1" stop-color="#fc8"/></linearGradient>'
    b'<circle cx="40" cy="30" r="29" fill="url(#g)"/></svg>'
)


def made_anew(db: sqlite3.Connection) -> None:
    """See to it that every picture is asked for again after a change of how it is prepared."""
    if not pictures.named(db):
        return
    libraries = [f"{name} {metadata.version(name)}" for name in ("pillow", "cairosvg")]
    reads = code.digest(db, ["publish.pictures.reader"], (), libraries)
    known = json.loads(state(db, _KEY) or "{}")
    if reads in known:
        return
    made = _made()
    with transaction(db):
        if known and made not in known.values():
            pictures.all_due(db)
        keep_state(db, _KEY, json.dumps({reads: made}))


@cache
def _made() -> str:
    """Digest some pictures as this process prepares them."""
    from PIL import Image

    from publish.pictures.reader import prepared

    slope = Image.linear_gradient("L").resize((120, 80))
    image = Image.merge("RGBA", (slope, slope.rotate(180), slope.rotate(90), slope))
    png, jpeg = io.BytesIO(), io.BytesIO()
    image.save(png, "PNG")
    image.convert("RGB").save(jpeg, "JPEG")
    seen = hashlib.blake2b(digest_size=16)
    for content in (_SVG, png.getvalue(), jpeg.getvalue()):
        for type_ in ("plugin", "theme"):
            seen.update(prepared(type_, content))
    return seen.hexdigest()
