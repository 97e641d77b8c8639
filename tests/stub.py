"""Renderers that stand in for the real one where a test is about something else."""

import os
import signal
import struct
import time
import zlib

from render import Card, Plate

FAILS = "Fails"
KILLS = "Kills"


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def blank(card: Card) -> bytes:
    """Draw an all-black card that carries the card's name as text, so that cards differ."""
    header = struct.pack(">IIBBBBB", 1200, 630, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(151 * 630), 1)
    text = b"Title\0" + card.name.encode("latin-1", "replace")
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"tEXt", text)
        + _chunk(b"IDAT", rows)
        + _chunk(b"IEND", b"")
    )


def moody(card: Card) -> bytes:
    """Draw most cards; fail on some, and take the whole process down on others."""
    if card.name.startswith(FAILS):
        raise ValueError("this card always fails")
    if card.name.startswith(KILLS):
        os.kill(os.getpid(), signal.SIGKILL)
    return blank(card)


def slow(card: Card) -> bytes:
    """Take long enough over a card that a test can look in meanwhile."""
    time.sleep(0.05)
    return blank(card)


def unable(card: Card) -> bytes:
    """Draw nothing, as where a library is missing."""
    raise OSError(f"cannot load the library that draws {card.name}")


def plain(plate: Plate) -> bytes:
    """Draw a plate of nothing but what is on it, in words."""
    return f'<svg xmlns="http://www.w3.org/2000/svg"><desc>{plate!a}</desc></svg>\n'.encode()
