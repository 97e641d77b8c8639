"""The libraries that set words, under their known names; declarations.h says what is called."""

from __future__ import annotations

from render.declarations import ffi

__all__ = ["ffi", "gobject", "pango", "pangocairo", "pangoft2"]

gobject = ffi.dlopen("libgobject-2.0.so.0")
pango = ffi.dlopen("libpango-1.0.so.0")
pangocairo = ffi.dlopen("libpangocairo-1.0.so.0")
pangoft2 = ffi.dlopen("libpangoft2-1.0.so.0")
