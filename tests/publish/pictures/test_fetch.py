"""The verb `fetch-pictures`, against the hosts on a local socket, and beside a source file."""

import io
import json
import pickle
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from catalog import pictures
from catalog.journal import Journal
from publish.cards import wanted
from publish.pictures.store import PictureStore
from publish.upkeep.examination.pictures import Pictures
from release.data import Data
from render import Card, CardRenderer, PictureError, handed
from render.picture import ICON, SCREENSHOT, read_picture
from scripts import build, fetch_pictures, prune, redraw, render_new, status
from tests.catalog.wporg import fake
from tests.conftest import Source, record, write_source
from tests.publish.pictures.hosts import Handler
from tests.publish.pictures.hosts import Pictures as Served
from tests.runs import Here
from tests.stub import blank

_MONTH = 31 * 86_400


def icon(colour: str = "#336699", size: tuple[int, int] = (256, 256)) -> bytes:
    """Draw a picture of one colour, as PNG."""
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG")
    return made.getvalue()


def address(slug: str, rev: int = 1, file: str = "icon-256x256.png") -> str:
    """Give the address of a plugin's icon, as the API does."""
    return f"https://ps.w.org/{slug}/assets/{file}?rev={rev}"


def named(slug: str, rev: int = 1) -> dict[str, object]:
    """Make a record that names an icon."""
    return record(slug, icons={"2x": address(slug, rev)})


@dataclass
class Site:
    """A catalogue, and the hosts of its pictures."""

    data: Path
    source: Source
    hosts: Served

    def build(self, *records: dict[str, object]) -> None:
        self.build_from(self.source(*records))

    def build_from(self, source: Path) -> None:
        words = ["--source", str(source), "--max-withdrawn", "100%"]
        assert build.main([*self._where, *words]) == 0

    def fetch(self, *words: str, journal: Journal | None = None) -> int:
        source = ["--source", "wporg", "--through", self.hosts.base]
        return fetch_pictures.main([*self._where, *source, *words], journal)

    def render_new(self) -> int:
        return render_new.main(self._where, None, blank, Here())

    def redraw(self) -> int:
        return redraw.main(self._where, None, blank, Here())

    def prune(self) -> int:
        return prune.main([*self._where, "--grace-days", "0"])

    @property
    def _where(self) -> list[str]:
        return ["--data", str(self.data)]

    @property
    def store(self) -> PictureStore:
        return PictureStore(Data(self.data).pictures)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(Data(self.data).catalog) as db:
            return db.execute(sql).fetchall()

    def later(self, seconds: int = _MONTH) -> None:
        """Let time pass: what is due is due so much earlier."""
        with sqlite3.connect(Data(self.data).catalog) as db:
            db.execute("UPDATE picture SET due_at = due_at - ?", (seconds,))

    def age_retired(self) -> None:
        """Let what was replaced have been replaced a moment ago."""
        with sqlite3.connect(Data(self.data).catalog) as db:
            db.execute("UPDATE picture_retired SET retired_at = retired_at - 9")

    def digests(self) -> dict[str, str]:
        """Give the prepared picture of each package that names one."""
        rows = self.rows("SELECT slug, digest FROM picture JOIN package ON id = package_id")
        return {str(slug): str(digest) for slug, digest in rows}

    def reason(self, slug: str) -> str:
        sql = f"SELECT reason FROM picture JOIN package ON id = package_id WHERE slug = '{slug}'"
        return str(self.rows(sql)[0][0])

    def printed(self, slug: str) -> Card:
        """Give the card that a package has, as it was drawn."""
        sql = f"SELECT facts FROM card JOIN package ON id = package_id WHERE slug = '{slug}'"
        return Card(**json.loads(str(self.rows(sql)[0][0])))


@pytest.fixture(name="hosts")
def _hosts() -> Iterator[Served]:
    with Served().served() as hosts:
        yield hosts


@pytest.fixture(name="site")
def _site(data: Path, source: Source, hosts: Served) -> Site:
    return Site(data, source, hosts)


def test_pictures_are_asked_for_prepared_and_kept(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plugin's icon and a theme's screenshot each in the form of its place."""
    screenshot = "wp-content/themes/two/screenshot.png"
    site.hosts.files["ps.w.org/one/assets/icon-256x256.png"] = icon()
    site.hosts.files[f"ts.w.org/{screenshot}"] = icon(size=(1200, 900))
    site.build(
        named("one"),
        record("two", type="theme", screenshot_url=f"//ts.w.org/{screenshot}?ver=1.0"),
        record("none", icons={"default": "https://s.w.org/plugins/geopattern-icon/none.svg"}),
    )
    journal = Journal()

    assert site.fetch("--contact", "https://packages.example.org", journal=journal) == 0
    digests = site.digests()
    sizes = {
        slug: (picture.width, picture.height)
        for slug, digest in digests.items()
        for picture in [read_picture(site.store.get(digest))]
    }
    assert sizes == {"one": ICON, "two": SCREENSHOT}
    assert sorted(site.hosts.asked) == [
        "ps.w.org/one/assets/icon-256x256.png?rev=1",
        f"ts.w.org/{screenshot}?ver=1.0",
    ]
    assert "2 looked at, 2 prepared, 0 cannot be shown, 0 failed" in capsys.readouterr().out
    [step] = journal.steps
    assert (step.asked, step.prepared, step.requests, step.unanswered) == (2, 2, 2, 0)
    [agent] = site.hosts.agents
    assert agent.endswith("+https://packages.example.org")


def test_nothing_is_asked_for_twice(site: Site) -> None:
    """A second run asks nobody, and changes nothing in the catalogue."""
    site.hosts.files["ps.w.org/one/assets/icon-256x256.png"] = icon()
    site.build(named("one"), named("missing"))
    site.fetch()
    before = site.rows("SELECT * FROM picture")

    assert site.fetch() == 0
    assert len(site.hosts.asked) == 2
    assert site.rows("SELECT * FROM picture") == before


def test_a_month_later_it_is_asked_whether_it_changed(site: Site) -> None:
    """By ETag or date: an unchanged picture costs no body, and no card."""
    path = "ps.w.org/one/assets/icon-256x256.png"
    site.hosts.files[path] = icon()
    site.build(named("one"))
    site.fetch()
    site.render_new()
    before = site.digests()
    site.later()

    assert site.fetch() == 0
    assert (len(site.hosts.asked), site.hosts.unchanged) == (2, 1)
    assert site.digests() == before
    assert site.fetch() == 0
    assert len(site.hosts.asked) == 2
    site.hosts.files[path] = icon("#993366")
    site.later()
    assert site.fetch() == 0
    assert site.hosts.unchanged == 1
    assert site.digests() != before


def test_another_address_is_asked_for_at_once(site: Site) -> None:
    """And no fact that is published changes: neither metadata nor release are made anew for it."""
    site.hosts.files["ps.w.org/one/assets/icon-256x256.png"] = icon()
    site.build(named("one", 1))
    site.fetch()
    before = site.rows("SELECT facts_in, changed_in, changed_at FROM package")
    site.build(named("one", 2))

    assert site.fetch() == 0
    assert site.hosts.asked[-1].endswith("?rev=2")
    assert site.rows("SELECT facts_in, changed_in, changed_at FROM package") == before


def test_the_first_card_has_the_picture_that_came_before_it(site: Site) -> None:
    """Of a package that is new in the same run."""
    site.hosts.files["ps.w.org/one/assets/icon-256x256.png"] = icon()
    site.build(named("one"), record("other"))
    site.fetch()
    site.render_new()

    assert site.printed("one").picture == site.digests()["one"] != ""
    assert site.printed("other").picture == ""


def test_a_card_gets_its_picture_by_the_next_daily_job(site: Site) -> None:
    """It is drawn once more, and no other is looked at for it; then nothing is due."""
    site.build(named("one"), record("other"))
    site.render_new()
    site.redraw()
    before = site.rows("SELECT package_id, fingerprint FROM card ORDER BY package_id")
    site.hosts.files["ps.w.org/one/assets/icon-256x256.png"] = icon()
    site.fetch()

    assert site.render_new() == 0
    assert site.printed("one").picture == ""
    assert site.redraw() == 0
    assert site.printed("one").picture == site.digests()["one"]
    after = site.rows("SELECT package_id, fingerprint FROM card ORDER BY package_id")
    assert [one != other for one, other in zip(before, after, strict=True)] == [True, False]
    assert site.rows("SELECT count(*) FROM picture WHERE redraw") == [(0,)]


def test_a_closed_package_is_not_asked_for(site: Site) -> None:
    """Its card has no place for a picture."""
    site.build({**named("one"), "closed": True, "reason": "security-issue"})

    assert site.fetch() == 0
    assert site.hosts.asked == []


def test_the_busiest_come_first_and_a_run_has_a_budget(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rest is the next run's; status says how many."""
    installs = {"few": 10, "many": 5_000_000, "some": 300}
    for slug in installs:
        site.hosts.files[f"ps.w.org/{slug}/assets/icon-256x256.png"] = icon()
    site.build(*({**named(slug), "active_installs": count} for slug, count in installs.items()))

    assert site.fetch("--pictures-per-run", "2") == 0
    assert min(site.digests().items()) == ("few", "")
    assert all(site.digests()[slug] for slug in ("many", "some"))
    assert "1 wait;" in capsys.readouterr().out
    status.main(["--data", str(site.data)])
    assert "pictures  1 wait to be asked for\n" in capsys.readouterr().out
    assert site.fetch("--pictures-per-run", "2") == 0
    assert all(site.digests().values())
    assert site.fetch("--pictures-per-run", "0") == 0
    assert len(site.hosts.asked) == 3
    capsys.readouterr()
    status.main(["--data", str(site.data)])
    assert "wait" not in capsys.readouterr().out


def test_the_next_address_stands_in(site: Site) -> None:
    """Where the best one gives no picture, the one after it is asked for."""
    site.hosts.files["ps.w.org/one/assets/icon.svg"] = b"<svg broken"
    site.hosts.files["ps.w.org/one/assets/icon-128x128.png"] = icon(size=(128, 128))
    icons = {
        "svg": address("one", file="icon.svg"),
        "1x": address("one", file="icon-128x128.png"),
    }
    site.build(record("one", icons=icons))

    assert site.fetch() == 0
    assert site.digests()["one"]
    assert len(site.hosts.asked) == 2


def test_an_icon_that_is_taken_away_leaves_flowers(site: Site) -> None:
    """By the next daily job."""
    path = "ps.w.org/one/assets/icon-256x256.png"
    site.hosts.files[path] = icon()
    site.build(named("one"))
    site.fetch()
    site.render_new()
    site.build(record("one"))

    assert site.redraw() == 0
    assert site.printed("one").picture == ""
    assert site.fetch() == 0
    assert len(site.hosts.asked) == 1


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://evil.example/icon.png", "its host 'evil.example' is not one of"),
        ("https://ps.w.org.evil.example/icon.png", "is not one of"),
        ("https://ps.w.org:8443/icon.png", "is not one of"),
        ("https://127.0.0.1/icon.png", None),
        ("https://ps.w.org@evil.example/icon.png", None),
        ("ftp://ps.w.org/icon.png", None),
        ("https://ps.w.org/\ricon.png", None),
    ],
)
def test_only_hosts_of_the_list_are_asked(site: Site, url: str, told: str | None) -> None:
    """Whatever a record names; what is no address is not even remembered."""
    site.build(record("one", icons={"1x": url}))

    assert site.fetch() == 0
    assert site.hosts.asked == []
    if told is None:
        assert site.digests() == {}
    else:
        assert told in site.reason("one")


def test_the_list_of_hosts_is_the_operators(site: Site) -> None:
    """What it names is asked, and nobody else."""
    site.hosts.files["pictures.example.org/icon.png"] = icon()
    site.build(record("one", icons={"1x": "https://pictures.example.org/icon.png"}), named("other"))

    assert site.fetch("--picture-host", "pictures.example.org") == 0
    assert site.hosts.asked == ["pictures.example.org/icon.png"]
    assert site.digests()["one"]


def test_a_redirect_elsewhere_is_not_followed(site: Site, tmp_path: Path) -> None:
    """The picture is none, and the run goes well."""
    with Served().served() as elsewhere:
        elsewhere.files["icon.png"] = icon()
        site.hosts.faults["ps.w.org/one/assets/icon-256x256.png"] = _redirect(
            f"{elsewhere.base}/icon.png"
        )
        site.build(named("one"))

        assert site.fetch() == 0
        assert elsewhere.asked == []
    assert "to another site" in site.reason("one")


def _redirect(where: str) -> Callable[[Handler], None]:
    return lambda handler: handler.send(b"", 302, Location=where)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(2_000_001), "it is larger than 2,000,000 bytes"),
        (b"<html>Not found</html>", "it is neither PNG"),
        (b"", "it is empty"),
        (icon()[:60], "it cannot be read"),
        (icon(size=(1, 1)), "it is only 1x1 px"),
    ],
)
def test_a_bad_picture_is_named_and_fails_no_run(
    site: Site, capsys: pytest.CaptureFixture[str], body: bytes, told: str
) -> None:
    """The other pictures of the run are prepared, and this one is not asked for again."""
    site.hosts.files["ps.w.org/bad/assets/icon-256x256.png"] = body
    site.hosts.files["ps.w.org/good/assets/icon-256x256.png"] = icon()
    site.build(named("bad"), named("good"))

    assert site.fetch() == 0
    said = capsys.readouterr().out
    assert f"fetch-pictures: plugin/bad: {address('bad')}: {told}" in said
    assert site.digests()["good"]
    assert site.digests()["bad"] == ""
    assert site.fetch() == 0
    assert len(site.hosts.asked) == 2


@pytest.mark.parametrize("fault", [fake.status(503), fake.status(403), fake.reset, fake.cut_short])
def test_an_outage_is_an_outage(
    site: Site, capsys: pytest.CaptureFixture[str], fault: Callable[[object], None]
) -> None:
    """It is said and exits 1; the picture that was known stays, and is asked for an hour later."""
    path = "ps.w.org/one/assets/icon-256x256.png"
    site.hosts.files[path] = icon()
    site.build(named("one", 1))
    site.fetch()
    before = site.digests()
    site.hosts.faults[path] = fault
    site.build(named("one", 2))

    assert site.fetch() == 1
    assert "fetch-pictures: plugin/one: " in capsys.readouterr().err
    assert site.digests() == before
    del site.hosts.faults[path]
    asked = len(site.hosts.asked)
    assert site.fetch() == 0
    assert len(site.hosts.asked) == asked
    site.later(3_700)
    assert site.fetch() == 0
    assert len(site.hosts.asked) == asked + 1
    assert site.reason("one") == ""


def test_hosts_that_are_out_are_left_alone(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """A server that wants to be left alone for a day is asked once; the others wait."""
    names = [f"p{number}" for number in range(30)]
    for name in names:
        site.hosts.faults[f"ps.w.org/{name}/assets/icon-256x256.png"] = fake.status(
            429, Retry_After="86400"
        )
    site.build(*map(named, names))

    assert site.fetch() == 1
    assert len(site.hosts.asked) <= 10  # as many as were under way at once
    assert "the hosts are out" in capsys.readouterr().err


def test_pictures_beside_the_source_need_no_network(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are read when they changed, and only then; one that cannot be read is told once."""
    (tmp_path / "pictures").mkdir()
    file = tmp_path / "pictures" / "one.png"
    file.write_bytes(icon())
    site.build(
        record("one", icons={"1x": "pictures/one.png"}),
        record("lost", icons={"1x": "pictures/lost.png"}),
    )
    source = ("--source", str(tmp_path / "source.jsonl"), "--pictures-per-run", "0")

    assert site.fetch(*source) == 0
    first = site.digests()
    assert first["one"]
    assert "plugin/lost: pictures/lost.png: it cannot be read" in capsys.readouterr().out
    assert site.fetch(*source) == 0
    assert "none is due" in capsys.readouterr().out
    file.write_bytes(icon("#993366"))
    assert site.fetch(*source) == 0
    assert site.digests()["one"] not in ("", first["one"])
    assert site.hosts.asked == []


def test_no_path_leads_out_of_the_folder(site: Site, tmp_path: Path) -> None:
    """Neither by its name nor by a link: nothing outside is read."""
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    (outside / "secret.png").write_bytes(icon())
    inside.mkdir()
    (inside / "link.png").symlink_to(outside / "secret.png")
    (inside / "up").symlink_to(outside)
    (inside / "round").symlink_to("round")
    (inside / "real.png").write_bytes(icon())
    (inside / "good.png").symlink_to("real.png")
    paths = {
        "a": "link.png",
        "b": "up/secret.png",
        "c": "../outside/secret.png",
        "d": str(outside / "secret.png"),
        "e": "round",
        "f": ".",
        "g": "pictures",
        "good": "good.png",
    }
    (inside / "pictures").mkdir()
    records = [record(slug, icons={"1x": path}) for slug, path in paths.items()]
    source = write_source(inside, *records)
    site.build_from(source)

    assert site.fetch("--source", str(source)) == 0
    assert {slug for slug, digest in site.digests().items() if digest} == {"good"}
    assert "leads out of the folder" in site.reason("a")
    assert "leads out of the folder" in site.reason("b")


def test_a_saved_answer_reads_no_file(site: Site, tmp_path: Path) -> None:
    """Of wordpress.org's answers and of standard input a path leads nowhere."""
    (tmp_path / "one.png").write_bytes(icon())
    site.build(record("one", icons={"1x": "one.png"}))

    for source in ("wporg", "-"):
        assert site.fetch("--source", source) == 0
        assert site.digests()["one"] == ""


def test_a_replaced_picture_goes_after_its_grace(site: Site) -> None:
    """Not while a card shows it, and never one that is in use."""
    path = "ps.w.org/one/assets/icon-256x256.png"
    site.hosts.files[path] = icon()
    site.build(named("one", 1))
    site.fetch()
    site.render_new()
    old = site.digests()["one"]
    site.hosts.files[path] = icon("#993366")
    site.build(named("one", 2))
    site.fetch()
    site.age_retired()

    assert site.prune() == 0
    assert site.store.whole(old)
    site.redraw()
    assert site.prune() == 0
    assert set(site.store.all()) == {site.digests()["one"]}


def test_a_picture_that_two_packages_share_is_kept_once(site: Site) -> None:
    """And stays as long as one of them has it."""
    for slug in ("one", "two"):
        site.hosts.files[f"ps.w.org/{slug}/assets/icon-256x256.png"] = icon()
    site.build(named("one"), named("two"))
    site.fetch()
    site.build(record("one"), named("two"))
    site.age_retired()
    site.prune()

    assert list(site.store.all()) == [site.digests()["two"]]


def test_a_card_is_drawn_with_its_picture(site: Site, tmp_path: Path) -> None:
    """By the real renderer, in a process that draws: on the plate stands the icon."""
    (tmp_path / "one.png").write_bytes(icon("#00ff00"))
    site.build(record("one", icons={"1x": "one.png"}))
    site.fetch("--source", str(tmp_path / "source.jsonl"))

    assert render_new.main(["--data", str(site.data)]) == 0
    [(fingerprint,)] = site.rows("SELECT fingerprint FROM card")
    path = Data(site.data).cards / str(fingerprint)[:2] / f"{fingerprint}.png"
    with Image.open(path) as card:
        assert card.convert("RGB").getpixel((156, 231)) == (0, 255, 0)


def test_a_lost_picture_is_asked_for_again(site: Site) -> None:
    """As the doctor and a restored backup leave it."""
    site.hosts.files["ps.w.org/one/assets/icon-256x256.png"] = icon()
    site.build(named("one"))
    site.fetch()
    digest = site.digests()["one"]
    with sqlite3.connect(Data(site.data).catalog) as db:
        pictures.lose(db, [digest])
        assert [one.card.picture for one in wanted.for_packages(db, [1])] == [""]

    assert site.fetch() == 0
    assert site.digests()["one"] == digest
    assert site.hosts.unchanged == 0


def test_pictures_are_part_of_a_cards_name(site: Site) -> None:
    """Another picture is another address."""
    card = Card("plugin", "One")
    name = CardRenderer().fingerprint

    assert name(card) != name(Card("plugin", "One", picture="0" * 32))


def test_pictures_go_along_to_whoever_draws(site: Site, tmp_path: Path) -> None:
    """A worker on another machine cannot reach our disk: the card has its picture all the same."""
    (tmp_path / "one.png").write_bytes(icon("#00ff00"))
    site.build(record("one", icons={"1x": "one.png"}))
    site.fetch("--source", str(tmp_path / "source.jsonl"))
    card = Card("plugin", "One", seed="plugin/one", picture=site.digests()["one"])
    sent = pickle.dumps(handed(CardRenderer(pictures=site.store.get), [card.picture]))
    site.store.remove(card.picture)

    with Image.open(io.BytesIO(pickle.loads(sent)(card))) as drawn:  # noqa: S301
        assert drawn.convert("RGB").getpixel((156, 231)) == (0, 255, 0)
    with pytest.raises(PictureError, match="is not there"):
        handed(CardRenderer(pictures=site.store.get), [card.picture])(card)


def test_pictures_are_prepared_anew_when_they_come_out_otherwise(site: Site) -> None:
    """After a change of the code that does not show, nobody is asked; of one that does, all are."""
    site.hosts.files["ps.w.org/one/assets/icon-256x256.png"] = icon()
    site.build(named("one"))
    site.fetch()
    [(told,)] = site.rows("SELECT value FROM state WHERE key = 'picture_preparing'")
    [made] = json.loads(str(told)).values()
    for before, asked in ({"other code": made}, 1), ({"other code": "other pictures"}, 2):
        with sqlite3.connect(Data(site.data).catalog) as db:
            words = "UPDATE state SET value = ? WHERE key = 'picture_preparing'"
            db.execute(words, (json.dumps(before),))

        assert site.fetch() == 0
        assert len(site.hosts.asked) == asked
    assert site.hosts.unchanged == 0


def test_the_doctor_knows_the_pictures(site: Site) -> None:
    """One that is lost or damaged is asked for again; one that nobody names goes in time."""
    for slug in ("one", "two"):
        path = f"ps.w.org/{slug}/assets/icon-256x256.png"
        site.hosts.files[path] = icon("#336699" if slug == "one" else "#993366")
    site.build(named("one"), named("two"))
    site.fetch()
    digests = site.digests()
    examination = Pictures(site.data)
    assert list(examination.look()) == []
    site.store.remove(digests["one"])
    site.store.path(digests["two"]).write_bytes(b"FP1 and noise")
    orphan = site.store.put(b"nobody's")

    found = list(examination.look())
    assert [one.safe for one in found] == [True] * 3
    examination.mend()
    assert list(examination.look()) == []
    assert site.fetch() == 0
    assert site.digests() == digests
    assert all(map(site.store.whole, digests.values()))
    site.age_retired()
    site.prune()
    assert orphan not in set(site.store.all())
