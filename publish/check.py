"""What must be true of a release before it is published: pages answer, files are there."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from publish.cards.store import CardStore, PlateStore
from publish.site import app, published
from publish.site.app import Answer
from publish.stores import Stores
from publish.zips.store import ZipStore
from release.address import package_page
from release.data import SITE
from release.database import UnreadableRelease, open_release
from release.pages import OWN_PAGES

_PLATE = re.compile(r"/plates/[0-9a-f]{2}/([0-9a-f]{32})\.svg")
_CARD = re.compile(r'<meta property="og:image" content="[^"]*/og/[0-9a-f]{2}/([0-9a-f]{32})\.png"')


@dataclass(frozen=True, slots=True)
class Page:
    """A path and the answer it must have: a status, and words that must be in the body."""

    path: str
    status: int
    words: str


def pages(site: Path) -> list[Page]:
    """Give the pages that are asked for: the fixed ones, and a few telling packages."""
    packages = [
        Page(package_page(one.type, one.slug), 410 if one.withdrawn else 200, one.slug)
        for one in published.examples(site)
    ]
    return [
        Page("/", 200, "</html>"),
        Page("/?q=seo&type=plugin&sort=name", 200, "</html>"),
        Page("/health", 200, '"release"'),
        *(Page(f"/{one.name}", 200, "</html>") for one in OWN_PAGES),
        Page("/packages/plugin/no--such--package", 404, "</html>"),
        Page("/search.json?q=seo", 200, '"results"'),
        Page("/list.json?filter=wp-plugin/s*", 200, '"packageNames"'),
        Page("/metadata/changes.json", 400, '"timestamp"'),
        *packages,
    ]


def faults_of(release: Path, stores: Stores, live: Path | None = None) -> list[str]:
    """Say what is wrong with a release's folder: its pictures, and its pages in the real app.

    live: the folder of a release whose pictures are there: only others are looked for.
    """
    site = release / SITE
    try:
        open_release(site).close()
    except UnreadableRelease as error:
        return [str(error)]
    try:
        wanted = pages(site)
        others = published.pictured_otherwise(site, live / SITE) if live else None
        missing = [
            *lost_cards(site, stores.cards, others),
            *lost_plates(site, stores.plates, others),
            *lost_zips(site, stores.zips),
        ]
    except sqlite3.DatabaseError as error:  # opened, but not of the form that it says it is of
        return [f"{site} is damaged: {error}"]
    try:
        answers = app.ask(release, [page.path for page in wanted])
    except app.NoAnswer as error:
        return [*missing, str(error)]
    return [*missing, *wrong_answers(wanted, answers, stores)]


def lost_cards(site: Path, store: CardStore, touched: Sequence[int] | None = None) -> list[str]:
    """Name the cards that a site.db names and that are not whole on disk.

    touched: ids of the packages that are looked at, instead of all.
    """
    named = (*published.cards_of(site, touched), *published.page_cards_of(site))
    return [
        f"{package} names card {card}, which is not whole on disk"
        for package, card in named
        if not store.whole(card)
    ]


def lost_plates(site: Path, store: PlateStore, touched: Sequence[int] | None = None) -> list[str]:
    """Name the plates that a site.db names and that are not whole on disk; likewise."""
    return [
        f"{package} names plate {plate}, which is not whole on disk"
        for package, plate in published.plates_of(site, touched)
        if not store.whole(plate)
    ]


def lost_zips(site: Path, store: ZipStore, touched: Sequence[int] | None = None) -> list[str]:
    """Name the kept zips that a site.db offers and that are not on disk; likewise."""
    return [
        f"{package} offers zip {name}, which is not on disk"
        for package, name in published.zips_of(site, touched)
        if not store.there(name)
    ]


def wrong_answers(
    wanted: Iterable[Page], answers: Iterable[Answer], stores: Stores
) -> Iterator[str]:
    """Say which answers are not as they must be, or name a picture that is not whole on disk."""
    for page, answer in zip(wanted, answers, strict=True):
        if answer.status != page.status:
            yield f"{page.path} answers {answer.status}, not {page.status}"
        elif page.words not in answer.body:
            yield f"{page.path} lacks {page.words!r}"
        for card in _CARD.findall(answer.body):
            if not stores.cards.whole(card):
                yield f"{page.path} names card {card}, which is not whole on disk"
        for plate in dict.fromkeys(_PLATE.findall(answer.body)):
            if not stores.plates.whole(plate):
                yield f"{page.path} names plate {plate}, which is not whole on disk"
