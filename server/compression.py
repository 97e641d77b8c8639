"""Answers in gzip's form: made here once, they are kept and sent on by nginx as they are."""

from zlib_ng import zlib_ng

_LEVEL = 5  # of 9: as small as zlib's own 5 in half its time; beyond it hardly smaller
_LEAST = 512  # bytes; below this the wrapping weighs more than what is saved
_GZIP = 31  # how zlib is told to wrap as gzip does


def is_worth_packing(body: bytes, accept_encoding: str) -> bool:
    """Tell whether an answer is to be compressed for whoever accepts that; nginx says `gzip`."""
    return accept_encoding == "gzip" and len(body) >= _LEAST


def pack(body: bytes) -> bytes:
    """Compress an answer. The same body gives the same bytes."""
    packed: bytes = zlib_ng.compress(body, _LEVEL, _GZIP)
    return packed
