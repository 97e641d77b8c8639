"""What a process that draws is forked with: libraries loaded, no font and no thread yet."""

import contextlib

from publish.cards import draw

with contextlib.suppress(ImportError, OSError):  # who is to draw meets it again, and tells
    import render.engine

__all__ = ["draw", "render"]
