"""The fonts a card may use: fontconfig isolated to fonts.conf, and what is known of those fonts."""

from __future__ import annotations

import functools
import hashlib
import os
import struct
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from release.text import clean
from render.declarations import ffi

CONFIG = Path(__file__).with_name("fonts.conf")

_SHAPING = ((0x200C, 0x200D), (0xFE00, 0xFE0F), (0xE0020, 0xE007F), (0xE0100, 0xE01EF))


class FontsError(RuntimeError):
    """The fonts of fonts.conf cannot be had."""


@functools.cache
def config() -> Any:
    """Return the FcConfig* of fonts.conf, kept for the process: no other font is in it."""
    library = _library()
    made = library.FcConfigCreate()
    if not library.FcConfigParseAndLoad(made, os.fsencode(CONFIG), 1):
        raise FontsError(f"fontconfig cannot read {CONFIG}")
    if not library.FcConfigBuildFonts(made) or not _patterns(made):
        raise FontsError(f"none of the fonts of {CONFIG} is installed; see debian-packages.txt")
    return made


@functools.cache
def files() -> tuple[Path, ...]:
    """Return the font files in use, sorted."""
    found: set[str] = set()
    value = ffi.new("FcChar8 **")
    for pattern in _patterns(config()):
        if _library().FcPatternGetString(pattern, b"file", 0, value) == 0:
            found.add(os.fsdecode(ffi.string(value[0])))
    return tuple(Path(name) for name in sorted(found))


@functools.cache
def digest() -> str:
    """Return 32 hex digits for the fonts in use: names, sizes, and the checksums they carry."""
    hashed = hashlib.blake2b(CONFIG.read_bytes(), digest_size=16)
    for path in files():
        with path.open("rb") as file:
            stamp = _checksum(file.read(4096))
            hashed.update(f"{path.name} {os.fstat(file.fileno()).st_size} {stamp}\n".encode())
    return hashed.hexdigest()


def _checksum(head: bytes) -> str:
    """Digest a font file's beginning: the directory with the checksum of each of its tables."""
    offset = struct.unpack_from(">I", head, 12)[0] if head[:4] == b"ttcf" else 0
    return hashlib.blake2b(head[offset : offset + 1024], digest_size=8).hexdigest()


@functools.cache
def covered(char: str) -> bool:
    """Say whether some font in use has a glyph for `char`."""
    return bool(_library().FcCharSetHasChar(_characters(), ord(char)))


def coverage(texts: Iterable[str]) -> dict[str, list[str]]:
    """Return the printed characters that no font has, each with the texts it is in, as given."""
    missing: dict[str, list[str]] = {}
    fine: set[str] = set()  # characters that were looked for and found
    for text in texts:
        fine.update(filter(drawn, set(text) - fine))
        if fine.issuperset(text) and unicodedata.is_normalized("NFC", text):
            continue  # as almost all are: nothing in it is printed as anything else
        for char in sorted(set(clean(text, len(text)))):
            if not char.isascii() and not drawn(char):
                missing.setdefault(char, []).append(text)
    return missing


def drawn(char: str) -> bool:
    """Say whether `char` comes out; joiners, selectors and tags need no glyph for that."""
    return covered(char) or any(first <= ord(char) <= last for first, last in _SHAPING)


@functools.cache
def _library() -> Any:
    return ffi.dlopen("libfontconfig.so.1")


@functools.cache
def _characters() -> Any:
    """Return the FcCharSet* of all fonts in use, kept for the process."""
    together, value = _library().FcCharSetCreate(), ffi.new("FcCharSet **")
    for pattern in _patterns(config()):
        if _library().FcPatternGetCharSet(pattern, b"charset", 0, value) == 0:
            _library().FcCharSetMerge(together, value[0], ffi.NULL)
    return together


def _patterns(made: Any) -> list[Any]:
    fonts = _library().FcConfigGetFonts(made, 0)
    return [fonts.fonts[at] for at in range(fonts.nfont)] if fonts else []
