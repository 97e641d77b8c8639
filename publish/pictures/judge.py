"""A picture from elsewhere is judged and prepared in a process that can come to no more than harm
itself: its memory, its processor time and its files are limited.

Whatever is wrong with a picture, there is a sentence for it, and the next one has its turn.
"""

from dataclasses import dataclass

from publish.confined import confine

MOST_BYTES = 2_000_000
_MEMORY = 768 << 20  # bytes, beyond what the process has when it begins
_SECONDS = 10  # of the processor, for one picture


class Unfit(Exception):
    """A picture that cannot be shown, with the reason."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A picture as it came, None if it is still the prepared one; and what tells when it is."""

    content: bytes | None
    etag: str = ""
    modified: str = ""


def judged(type_: str, content: bytes) -> bytes | str:
    """Prepare the picture of a 'plugin' or 'theme', in a worker; or give what is wrong with it."""
    # Pillow's and CairoSVG's readers: not before there is a picture to read.
    from publish.pictures.reader import prepared

    confine(_MEMORY, _SECONDS)
    try:
        return prepared(type_, content)
    except Unfit as unfit:
        return str(unfit)
    except MemoryError:
        return "it takes too much memory"
    except RecursionError:
        return "it is nested too deeply"
    except Exception as error:  # noqa: BLE001  (whatever a picture does to a library)
        told = f"it cannot be read: {type(error).__name__}: {error}"[:300]
        return "".join(one if one.isprintable() else " " for one in told)
