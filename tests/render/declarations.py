"""Writes render/declarations.py: what declarations.h declares, as cffi has read it."""

import tempfile
from pathlib import Path

import cffi

import render

FOLDER = Path(render.__file__).parent
_HEAD = '''"""Generated of declarations.h; the header tells how."""

'''


def written() -> str:
    """Return the module that there should be."""
    made = cffi.FFI()
    made.cdef((FOLDER / "declarations.h").read_text("utf-8"))
    made.set_source("render.declarations", None)
    with tempfile.TemporaryDirectory() as folder:
        return _HEAD + Path(made.compile(folder)).read_text("utf-8")


if __name__ == "__main__":
    (FOLDER / "declarations.py").write_text(written(), "utf-8")
