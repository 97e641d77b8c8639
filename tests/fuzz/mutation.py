"""Bytes made hostile: flipped, cut, doubled, spliced, and salted with what readers stumble over."""

import random
from collections.abc import Sequence

_SALT = (
    *(
        b"\0",
        b"\xff",
        b"\xed\xa0\x80",
        b"\\ud800",
        b"\\u0000",
        b"\r",
        b"\n",
        b"\\",
        b'"',
        b"{",
        b"[",
    ),
    *(b"null", b"true", b"-1", b"1e999", b"9" * 30, b"NaN", b"Infinity", b"''", b"<b>", b"&#0;"),
    *(
        b"&#xD800;",
        b"../",
        b"%00",
        b"\xe2\x80\xae",
        b"\xf0\x9f\x92\xa3",
        b'":{"',
        b'"],["',
        b"[[[[",
    ),
    *(b"0001-01-01", b"9999-12-31 11:59pm GMT", b"javascript:", b"http://[", b"http://a]:b/"),
)


def mutated(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Give one of the seeds, changed in one to six places."""
    value = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(value) + 1)
        end = min(len(value), at + chance.choice((0, 1, 1, 2, 4, 16, 200)))
        kind = chance.randrange(6)
        if kind == 0:
            value[at:end] = b""
        elif kind == 1:
            value[at:at] = value[at:end]
        elif kind == 2:
            value[at:end] = chance.choice(_SALT)
        elif kind == 3:
            other = chance.choice(seeds)
            start = chance.randrange(len(other) + 1)
            value[at:end] = other[start : start + chance.randint(0, 60)]
        elif kind == 4 and at < len(value):
            value[at] ^= 1 << chance.randrange(8)
        else:
            value[at:at] = chance.choice(_SALT)
    return bytes(value)
