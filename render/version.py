"""The renderer's version: raise it when the same card, template and fonts come out as another picture."""

VERSION = 1
