"""The verb: `fetch`, its words and its exit codes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.journal import Journal, Step
from catalog.source import read
from catalog.wporg import Sites
from scripts.fetch import main
from tests.catalog.wporg import fake


@pytest.fixture
def world() -> fake.World:
    world = fake.World()
    world.add("plugin", "akismet")
    world.add("theme", "astra")
    return world


@pytest.fixture
def sites(world: fake.World) -> Iterator[Sites]:
    with world.served() as sites:
        yield sites


def words(data: Path, sites: Sites, *more: str) -> list[str]:
    return [
        "--data", str(data), "--api", sites.api,
        "--plugins-svn", sites.plugins, "--themes-svn", sites.themes, *more,
    ]  # fmt: skip


def test_it_saves_a_source(
    world: fake.World, sites: Sites, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One summary line, a file that `build` reads, the figures in the journal."""
    journal = Journal()
    assert main(words(tmp_path, sites, "--contact", "https://packages.example.org"), journal) == 0
    assert capsys.readouterr().out.startswith(
        "fetch: 2 asked, 2 new or changed, 0 closed, 0 failed; 4 requests,"
    )
    assert len(list(read(str(tmp_path / "wporg" / "records.jsonl")))) == 2
    assert journal.steps == [Step("", asked=2, requests=4, unanswered=0)]
    [agent] = world.agents
    assert agent.endswith("+https://packages.example.org")


def test_an_outage_exits_1_with_its_reason(
    world: fake.World, sites: Sites, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rest of the run goes on with what is known."""
    world.always["api"] = fake.status(403)
    assert main(words(tmp_path, sites)) == 1
    assert "status 403" in capsys.readouterr().err


def test_a_seed_list_restricts(sites: Sites, tmp_path: Path) -> None:
    """Only its packages are asked for."""
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("theme/astra\n")
    assert main(words(tmp_path, sites, "--seeds", str(seeds))) == 0
    [line] = read(str(tmp_path / "wporg" / "records.jsonl"))
    assert b'"slug":"astra"' in line.content


def test_what_cannot_be_used_exits_2(
    sites: Sites, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bad seed list, a damaged state, an address that is none."""
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("akismet\n")
    assert main(words(tmp_path, sites, "--seeds", str(seeds))) == 2
    assert "line 1" in capsys.readouterr().err
    (tmp_path / "wporg").mkdir(exist_ok=True)
    (tmp_path / "wporg" / "state.json").write_text("{")
    assert main(words(tmp_path, sites)) == 2
    assert "state.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    "address",
    [
        "api.wordpress.org",
        "ftp://api.wordpress.org/",
        "http://",
        "http://wörd.example/",
        "http://a.example:99999/",
        "http://a.example:x/",
        "http://me:secret@a.example/",
        "http://[broken/",
    ],
)
def test_an_address_that_cannot_be_asked_exits_2(tmp_path: Path, address: str) -> None:
    """Refused before anything is asked."""
    for option in ("--api", "--plugins-svn", "--themes-svn"):
        with pytest.raises(SystemExit, match="2"):
            main(["--data", str(tmp_path), option, address])


def test_a_contact_in_any_script_is_sent(world: fake.World, sites: Sites, tmp_path: Path) -> None:
    """A name that is no ASCII ends no run."""
    assert main(words(tmp_path, sites, "--contact", "Jürgen テ")) == 0
    assert world.asked("api") == 2


def test_one_package_is_asked_for_anew_and_nothing_else(
    world: fake.World, sites: Sites, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One request, whatever else is due; the answer is saved as always."""
    assert main(words(tmp_path, sites)) == 0
    world.release("plugin", "akismet", "2.0")
    world.release("theme", "astra", "2.0")
    capsys.readouterr()
    assert main(words(tmp_path, sites, "--package", "plugin/akismet")) == 0

    assert "fetch: 1 asked, 1 new or changed, 0 closed, 0 failed; 1 requests" in (
        capsys.readouterr().out
    )
    lines = read(str(tmp_path / "wporg" / "records.jsonl"))
    records = [json.loads(line.content) for line in lines]
    assert {one["slug"]: one["version"] for one in records} == {"akismet": "2.0", "astra": "1.0"}


@pytest.mark.parametrize("word", ["akismet", "plugin/", "core/wordpress", "plugin/A", "plugin/a/b"])
def test_what_is_no_package_is_refused(sites: Sites, tmp_path: Path, word: str) -> None:
    with pytest.raises(SystemExit) as refused:
        main(words(tmp_path, sites, "--package", word))
    assert refused.value.code == 2


def test_changelogs_are_asked_for_where_they_are_wanted(
    world: fake.World, sites: Sites, tmp_path: Path
) -> None:
    """Of plugins, and of their sections those alone; else nothing of them is kept."""
    sections = {"description": "Long.", "changelog": "<h4>1.0</h4>"}
    world.answers["plugin", "akismet"] = fake.plugin("akismet", sections=sections)
    kept = []
    for name, more in (("with", ["--changelogs"]), ("without", [])):
        assert main(words(tmp_path / name, sites, *more)) == 0
        lines = read(str(tmp_path / name / "wporg" / "records.jsonl"))
        records = {one["slug"]: one for one in (json.loads(line.content) for line in lines)}
        kept.append(records["akismet"].get("sections"))

    assert kept == [{"changelog": "<h4>1.0</h4>"}, None]
