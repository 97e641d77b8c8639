"""The hardest cards of a catalogue on one page and one sheet, to be looked at."""

import html
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from PIL import Image, ImageDraw

from catalog import database
from catalog.pictures import Picture
from catalog.record import Record, Refused, parse
from catalog.source import read
from publish.cards import design, wanted
from publish.cards.store import CardStore
from publish.cards.workers import Workers
from publish.pictures.beside import Beside
from publish.pictures.look import Judge, judge, look
from publish.pictures.store import PictureStore
from release.closure import Closure
from release.data import Data
from render import TEMPLATES, Card, CardRenderer, package_card, site_card
from render.engine import engine
from render.picture import digest

_SIZES = (1200, 600, 300)
_LIGHT, _DARK = "#ffffff", "#1e1f22"
_OUTLINE = "#e0218a"
_PICTURED = 12  # cards with a picture of their own

Pictures = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Sample:
    """A card that may be hard, the one it replaces, and why it was chosen."""

    label: str
    card: Card
    old: Path | None = None
    reason: str = ""


def write(out: Path, samples: Sequence[Sample], pictures: Pictures, *, outlined: bool) -> int:
    """Write index.html, sheet.png and the chosen cards to a folder; give the number of cards.

    pictures: gives the prepared picture that a card names. outlined: with the box of every slot,
    and where it paints.
    """
    renderer = CardRenderer(pictures=pictures)
    chosen = hardest(samples)
    out.mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(chosen):
        path = out / f"{number:02}.png"
        path.write_bytes(renderer(sample.card))
        if outlined:
            outline(path, sample.card)
    (out / "index.html").write_text(page(chosen), "utf-8")
    sheet(out, chosen).save(out / "sheet.png", optimize=True)
    return len(chosen)


def from_source(source: str) -> tuple[list[Sample], Pictures]:
    """Give the cards of a source's good records, and the pictures beside it. Raises SourceError."""
    found: list[Sample] = []
    prepared: dict[str, bytes] = {}
    with Workers(1) as workers:
        for line in read(source):
            try:
                record = parse(line.content)
            except Refused:
                continue
            picture = _picture(record, source, partial(judge, workers))
            card = _card(record, digest(picture) if picture else "")
            prepared[card.picture] = picture
            found.append(Sample(f"{record.type}/{record.slug}", card))
    return found, prepared.__getitem__


def _card(record: Record, picture: str) -> Card:
    return package_card(
        type=record.type,
        slug=record.slug,
        name=record.name,
        description=record.description,
        version=record.version,
        author=record.author,
        active_installs=record.active_installs,
        closed=record.closure is not None,
        closed_on=record.closure[0] if record.closure else "",
        closed_for=Closure(*record.closure).why if record.closure else "",
        picture=picture,
    )


def _picture(record: Record, source: str, judging: Judge) -> bytes:
    """Prepare the picture of a record that lies beside its source; b"" where there is none."""
    local = tuple(one for one in record.pictures if not one.startswith("https:"))
    label = f"{record.type}/{record.slug}"
    return look(Beside({source}), judging, Picture(0, label, record.type, local, source)).prepared


def from_data(data: Path) -> tuple[list[Sample], Pictures]:
    """Give the cards that the packages of catalog.db should have, and the files of the outdated."""
    store = CardStore(Data(data).cards)
    found = []
    with database.reading(data) as db:
        fingerprint = design.renderers(db)[0].fingerprint
        ids = [*wanted.with_card(db), *wanted.never_drawn(db)]
        for one in wanted.for_packages(db, ids):
            old = store.path(one.had) if one.had and one.had != fingerprint(one.card) else None
            found.append(Sample(one.label, one.card, old if old and old.is_file() else None))
    return found, PictureStore(Data(data).pictures).get


def hardest(samples: Sequence[Sample]) -> list[Sample]:
    """Choose at most one card for every hazard, each card once, and the site's own."""
    chosen: dict[str, Sample] = {}
    for reason, measure in _HAZARDS:
        best = max(samples, key=lambda sample: measure(sample.card), default=None)
        if best and measure(best.card) > 0:
            _choose(chosen, best, reason)
    for script in sorted({one for sample in samples for one in scripts_of(sample.card)}):
        best = max(samples, key=lambda sample: scripts_of(sample.card).count(script))
        _choose(chosen, best, f"{script.title()} letters")
    changed = next((sample for sample in samples if sample.old), None)
    if changed:
        _choose(chosen, changed, "no longer as drawn")
    pictured = (sample for sample in samples if sample.card.picture)
    for sample in islice(pictured, _PICTURED):
        _choose(chosen, sample, "its own picture")
    own = Sample("the site", site_card(), reason="the site's own card")
    return [own, *chosen.values()]


def _choose(chosen: dict[str, Sample], sample: Sample, reason: str) -> None:
    before = chosen.get(sample.label)
    reasons = f"{before.reason}, {reason}" if before else reason
    chosen[sample.label] = Sample(sample.label, sample.card, sample.old, reasons)


def scripts_of(card: Card) -> list[str]:
    """Give the script of every letter of the name, as Unicode calls it: 'LATIN', 'ARABIC' …"""
    return [
        unicodedata.name(char, "UNNAMED").partition(" ")[0] for char in card.name if char.isalpha()
    ]


def _longest_word(card: Card) -> int:
    return max(map(len, card.name.split()), default=0)


def _marks(card: Card) -> int:
    return sum(unicodedata.category(char)[0] == "M" for char in card.name)


def _pictures(card: Card) -> int:
    return sum(unicodedata.category(char) == "So" for char in card.name + card.description)


def _directions(card: Card) -> int:
    kinds = [unicodedata.bidirectional(char) for char in card.name]
    return min(kinds.count("L"), kinds.count("R") + kinds.count("AL"))


def _parts(card: Card) -> int:
    return sum(map(bool, (card.description, card.version, card.installs, card.author)))


_HAZARDS: tuple[tuple[str, Callable[[Card], int]], ...] = (
    ("longest name", lambda card: len(card.name)),
    ("longest word", _longest_word),
    ("longest description", lambda card: len(card.description)),
    ("longest version", lambda card: len(card.version)),
    ("longest author", lambda card: len(card.author)),
    ("longest command", lambda card: len(card.command)),
    ("shortest name", lambda card: 1000 - len(card.name)),
    ("a plugin with everything", lambda card: _parts(card) if card.template == "plugin" else 0),
    ("a theme with everything", lambda card: _parts(card) if card.template == "theme" else 0),
    ("least to say", lambda card: 5 - _parts(card) if card.template != "closed" else 0),
    ("no description", lambda card: not card.description and card.template != "closed"),
    ("hardly installed", lambda card: card.installs == "<10"),
    ("closed", lambda card: card.template == "closed"),
    ("two directions", _directions),
    ("most pictures", _pictures),
    ("most marks", _marks),
)


def outline(path: Path, card: Card) -> None:
    """Draw every slot's box, and the box of its ink, over the card at `path`."""
    with Image.open(path) as drawn:
        picture = drawn.convert("RGB")
    pen = ImageDraw.Draw(picture)
    for words in engine(TEMPLATES).place(card).words:
        box, ink = words.box, words.block.setting.ink
        pen.rectangle((box.x, box.y, box.x + box.width, box.y + box.height), outline=_OUTLINE)
        left, top = words.x + ink.x, words.y + ink.y
        pen.rectangle((left, top, left + ink.width, top + ink.height), outline="#18a05e")
        pen.text((box.x + 2, box.y), words.block.slot.id, fill=_OUTLINE)
    picture.save(path)


def page(chosen: Iterable[Sample]) -> str:
    """Give the HTML page: every card at every size, on light and on dark."""
    rows = []
    for number, sample in enumerate(chosen):
        pictures = "".join(
            f'<img src="{number:02}.png" width="{width}" alt="{html.escape(sample.card.alt)}">'
            for width in _SIZES
        )
        if sample.old:
            old = html.escape(sample.old.resolve().as_uri())
            pictures += f'<p>as drawn before</p><img src="{old}" width="600" alt="">'
        rows.append(
            f"<h2>{html.escape(sample.label)}</h2><p>{html.escape(sample.reason)}</p>"
            f'<div class="light">{pictures}</div><div class="dark">{pictures}</div>'
        )
    return (
        '<!DOCTYPE html><meta charset="utf-8"><title>Hardest cards</title><style>'
        "body{font:16px sans-serif;margin:2em}div{padding:24px}img{margin:8px;vertical-align:top}"
        f".light{{background:{_LIGHT}}}.dark{{background:{_DARK};color:#ddd}}</style>"
        f"<h1>Hardest cards</h1>{''.join(rows)}\n"
    )


def sheet(folder: Path, chosen: Sequence[Sample]) -> Image.Image:
    """Give one picture of all cards: at 600 and 300 px, and the old one, on light and dark."""
    gap, width, height = 20, 600, 315
    row = width + gap + width // 2
    columns = 2
    lines = -(-len(chosen) // columns)
    made = Image.new("RGB", (columns * (row + gap), lines * (height + gap) + gap), _LIGHT)
    made.paste(_DARK, (made.width // 2, 0, made.width, made.height))
    for number, sample in enumerate(chosen):
        x = gap + number % columns * (row + gap)
        y = gap + number // columns * (height + gap)
        with Image.open(folder / f"{number:02}.png") as drawn:
            picture = drawn.convert("RGB")
        made.paste(_scaled(picture, width), (x, y))
        made.paste(_scaled(picture, width // 2), (x + width + gap, y))
        if sample.old:
            with Image.open(sample.old) as before:
                made.paste(_scaled(before.convert("RGB"), width // 2), (x + width + gap, y + 158))
    return made


def _scaled(picture: Image.Image, width: int) -> Image.Image:
    height = round(picture.height * width / picture.width)
    return picture.resize((width, height), Image.Resampling.LANCZOS)
