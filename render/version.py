"""The renderer's version: raised when the same card comes out as another picture."""

VERSION = 1
