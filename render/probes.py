"""A fixed set of cards, one a hazard, whose pictures tell whether the drawing code draws otherwise.

When the code of render/ changed, these are drawn once and their pixels digested. The same pixels:
no card is made anew, and no address moves.
"""

import hashlib
import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image

from render import picture
from render.card import Card, group_card, package_card, site_card
from render.faces import told
from render.picture import ICON, SCREENSHOT
from render.plate import Plate


def _picture(width: int, height: int) -> bytes:
    """Write a prepared picture of seven colours, by its form alone (see render/picture.py).

    How others are prepared is no matter of how cards are drawn.
    """
    colours = bytes(value for at in range(7) for value in (36 * at, 250 - 30 * at, 90 + 20 * at))
    line = bytes(at // 5 % 7 for at in range(width + height))
    rows = b"".join(line[y : y + width] for y in range(height))
    packed = zlib.compress(rows, 1)[2:-4]  # without header and checksum
    return b"FP1" + struct.pack(">HHB", width, height, 7) + colours + packed


_PICTURES = {picture.digest(made): made for made in (_picture(*ICON), _picture(*SCREENSHOT))}
_ICON, _SCREENSHOT = _PICTURES

PROBES: tuple[Card, ...] = (
    site_card(),
    package_card(
        type="plugin",
        slug="contact-form-7",
        name="Contact Form 7",
        description="Just another contact form plugin. Simple but flexible, tiny; WAVE fijfl.",
        version="5.9.8",
        author="Takayuki & Co.",
        active_installs=5_000_000,
        downloads=1_234,
    ),
    package_card(
        type="theme",
        slug="twentytwentyfive",
        name="Twenty Twenty-Five \N{EN DASH} a default theme",
        description="Simplicity and adaptability, with flexible design options for many purposes.",
        version="1.3",
        author="the WordPress team",
        active_installs=1_000_000,
    ),
    package_card(type="plugin", slug="gone", name="Gone", author="Nobody", closed=True),
    package_card(type="plugin", slug="x", name="Minimal"),
    package_card(
        type="plugin",
        slug="overflow-" * 12,
        name="All of the words " * 12,
        description="More words than anybody reads, " * 12,
        version="20251123.4567.89-beta.12",
        author="Ann, Bob, Cid, Dot, Eve, Fay, Gus, Hal and others " * 3,
    ),
    package_card(type="plugin", slug="joints", name="WooCommerce_SuperCheckout-FieldEditor/Pro"),
    package_card(
        type="plugin", slug="arabic", name="إضافة WooCommerce 2.0", description="תוסף טפסים Forms"
    ),
    package_card(
        type="plugin", slug="indic", name="हिन्दी संपर्क फ़ॉर्म", description="ปลั๊กอินภาษาไทย தமிழ்"
    ),
    package_card(
        type="theme", slug="han", name="日本語の直し方 Latin", description="한국어 문의 양식 直骨角"
    ),
    package_card(
        type="plugin",
        slug="emoji",
        name="\N{ROCKET} Launch 1\ufe0f\u20e3 ễ ộ",
        description="Flags \U0001f1ef\U0001f1f5, № ™ \N{MATHEMATICAL BOLD SCRIPT CAPITAL M}",
    ),
    package_card(type="plugin", slug="icon", name="Icon \N{ROCKET}", version="1", picture=_ICON),
    package_card(type="theme", slug="screenshot", name="Screenshot", picture=_SCREENSHOT),
)


PROBES = (
    *PROBES,
    group_card(
        kind="tag",
        name="seo",
        packages=1234,
        first=[card.name for card in PROBES[1:4]],
        faces=told([plate for card in (*PROBES[1:4], PROBES[-2]) if (plate := Plate.of(card))]),
    ),
)


def picture_of(name: str) -> bytes:
    """Give the prepared picture that a probe card names."""
    return _PICTURES[name]


def pictures(renderer: Callable[[Card], bytes]) -> str:
    """Draw the probe cards and digest their size and pixels, in 32 hex digits.

    The renderer has the pictures of `picture_of`.
    """
    seen = hashlib.blake2b(digest_size=16)
    for card in PROBES:
        with Image.open(io.BytesIO(renderer(card))) as drawn:
            seen.update(repr(drawn.size).encode() + drawn.convert("RGB").tobytes())
    return seen.hexdigest()


def plates(renderer: Callable[[Plate], bytes]) -> str:
    """Draw the plates of the probe cards and digest their files, in 32 hex digits."""
    seen = hashlib.blake2b(digest_size=16)
    for card in PROBES:
        if plate := Plate.of(card):
            seen.update(renderer(plate))
    return seen.hexdigest()
