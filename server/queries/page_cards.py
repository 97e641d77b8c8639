"""The cards of pages that have one of their own."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageCard:
    """A card. card: its fingerprint; its size in pixels."""

    card: str
    width: int
    height: int
    alt: str


def find(connection: sqlite3.Connection, page: str) -> PageCard | None:
    """Give the card of a page, 'authors/automattic' or 'tags/seo'; None where it has none."""
    row = connection.execute(
        "SELECT card, width, height, alt FROM page_card WHERE page = ?", (page,)
    ).fetchone()
    return None if row is None else PageCard(*row)
