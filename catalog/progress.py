"""Progress of long work: a bar on a terminal, a plain line now and then elsewhere."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

_Item = TypeVar("_Item")
_SECONDS = 10.0  # between two plain lines


def shown(items: Iterable[_Item], what: str, total: int | None = None) -> Iterator[_Item]:
    """Pass `items` on and show on standard error how far they have got."""
    if sys.stderr.isatty():
        from tqdm import tqdm

        yield from tqdm(items, desc=what, total=total, unit="", leave=False, dynamic_ncols=True)
        return
    last = time.monotonic()
    for count, item in enumerate(items, start=1):
        yield item
        if time.monotonic() - last >= _SECONDS:
            last = time.monotonic()
            of = f" of {total:,}" if total is not None else ""
            print(f"{what}: {count:,}{of}", file=sys.stderr, flush=True)
