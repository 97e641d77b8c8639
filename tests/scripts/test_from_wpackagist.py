"""from_wpackagist: the names move, the meaning stays, and so does every other byte."""

import json
import stat
from pathlib import Path

import pytest

from catalog.composer.migration import Immovable, moved
from scripts.from_wpackagist import main

_SITE = "https://packages.example/wp"
_PROJECT = """{
    "name": "acme/site",
    "description": "été \\u00e9 \\/ kept as it is",
\t"repositories": [
        {"type": "vcs", "url": "https://git.example/acme/theme.git"},
        { "type": "composer", "url": "https:\\/\\/wpackagist.org",
          "only": ["wpackagist-plugin/*", "wpackagist-theme/*"] }
    ],
    "require": {
        "php": ">=8.1",   "wpackagist-plugin/akismet":"^5.0",
        "wpackagist-plugin/Classic-Editor": "dev-trunk",
        "roots/wordpress": "^6"
    },
    "require-dev": {"wpackagist-theme/twentytwenty": "*"},
    "config": {"preferred-install": {"wpackagist-plugin/*": "dist", "*": "auto"}},
    "extra": {
        "installer-paths": {
            "web/app/mu-plugins/{$name}/": ["type:wordpress-muplugin", "wpackagist-plugin/akismet"],
            "web/app/plugins/{$name}/": ["type:wordpress-plugin", "vendor:wpackagist-plugin"],
            "web/wpackagist-theme/{$name}/": ["type:wordpress-theme"]
        },
        "patches": {"wpackagist-plugin/akismet": {"Fix": "patches/akismet.patch"}}
    }
}
"""
_MOVED = (
    _PROJECT.replace(r"https:\/\/wpackagist.org", r"https:\/\/packages.example\/wp")
    .replace("wpackagist-plugin/Classic-Editor", "wp-plugin/classic-editor")
    .replace("wpackagist-plugin", "wp-plugin")
    .replace("wpackagist-theme/", "wp-theme/")
    .replace("web/wp-theme/", "web/wpackagist-theme/")
)


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    path = tmp_path / "composer.json"
    path.write_text(_PROJECT, encoding="utf-8")
    return path


def _run(path: Path, *more: str) -> int:
    return main([str(path), "--to", _SITE, *more])


def test_names_and_repository_move_and_nothing_else(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Blanks, tabs, order, escapes, the folders of installer-paths: all as they were."""
    project.chmod(0o640)
    assert _run(project) == 0
    assert project.read_text(encoding="utf-8") == _MOVED
    assert stat.S_IMODE(project.stat().st_mode) == 0o640
    assert [path.name for path in project.parent.iterdir()] == ["composer.json"]
    said = capsys.readouterr()
    assert "names moved: 9; repositories: 1" in said.out
    assert said.err == ""


def test_what_was_moved_says_the_same(project: Path) -> None:
    _run(project)
    after = json.loads(project.read_text(encoding="utf-8"))
    assert after["require"] == {
        "php": ">=8.1",
        "wp-plugin/akismet": "^5.0",
        "wp-plugin/classic-editor": "dev-trunk",
        "roots/wordpress": "^6",
    }
    assert after["repositories"][1] == {
        "type": "composer",
        "url": _SITE,
        "only": ["wp-plugin/*", "wp-theme/*"],
    }
    assert list(after["extra"]["installer-paths"].values()) == [
        ["type:wordpress-muplugin", "wp-plugin/akismet"],
        ["type:wordpress-plugin", "vendor:wp-plugin"],
        ["type:wordpress-theme"],
    ]


def test_a_dry_run_shows_the_difference_and_writes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.stat()
    assert _run(project, "--dry-run") == 0
    assert project.read_text(encoding="utf-8") == _PROJECT
    assert project.stat().st_mtime_ns == before.st_mtime_ns
    lines = capsys.readouterr().out.splitlines()
    assert '-    "require-dev": {"wpackagist-theme/twentytwenty": "*"},' in lines
    assert '+    "require-dev": {"wp-theme/twentytwenty": "*"},' in lines


def test_a_second_run_has_nothing_to_do(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run(project)
    before = project.stat()
    capsys.readouterr()
    assert _run(project) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert (project.stat().st_ino, project.stat().st_mtime_ns) == (
        before.st_ino,
        before.st_mtime_ns,
    )


def test_line_ends_and_a_missing_last_one_stay(tmp_path: Path) -> None:
    path = tmp_path / "composer.json"
    path.write_bytes(b'{\r\n\t"require": {"wpackagist-plugin/foo": "1"}\r\n}')
    assert _run(path) == 0
    assert path.read_bytes() == b'{\r\n\t"require": {"wp-plugin/foo": "1"}\r\n}'


def test_a_link_stays_a_link(project: Path, tmp_path: Path) -> None:
    link = tmp_path / "linked.json"
    link.symlink_to(project)
    assert _run(link) == 0
    assert link.is_symlink()
    assert project.read_text(encoding="utf-8") == _MOVED


@pytest.mark.parametrize(
    "url",
    [
        "https://wpackagist.org",
        "http://wpackagist.org/",
        "https://www.wpackagist.org",
        "https://WPackagist.org/packages.json",
    ],
)
def test_the_repository_is_known_by_its_host(url: str) -> None:
    text = json.dumps({"repositories": {"wpackagist": {"type": "composer", "url": url}}})
    move = moved(text, _SITE)
    assert json.loads(move.text)["repositories"]["wpackagist"]["url"] == _SITE
    assert (move.names, move.repositories) == (0, 1)


@pytest.mark.parametrize(
    "url", ["https://wpackagist.org.example/", "https://mirror.example/wpackagist.org"]
)
def test_another_repository_is_left_alone_and_mentioned(url: str) -> None:
    text = json.dumps({"repositories": [{"type": "composer", "url": url}]})
    move = moved(text, _SITE)
    assert move.text == text
    assert move.remarks == ("repositories.0.url still speaks of wpackagist.",)


def test_names_without_the_repository_say_how_to_add_it() -> None:
    (remark,) = moved('{"require": {"wpackagist-theme/a": "1"}}', _SITE).remarks
    assert remark.endswith(f"composer config repositories.wp composer {_SITE}")


def test_what_only_a_person_can_judge_is_mentioned() -> None:
    text = json.dumps(
        {
            "scripts": {"up": "composer update wpackagist-plugin/foo"},
            "extra": {"installer-paths": {"lib/{$vendor}/{$name}": ["type:wordpress-plugin"]}},
        }
    )
    move = moved(text, _SITE)
    assert move.text == text
    assert move.remarks == (
        "scripts.up still speaks of wpackagist.",
        "extra.installer-paths.lib/{$vendor}/{$name}: {$vendor} is now wp-plugin or wp-theme,"
        " so the folder changes.",
    )


@pytest.mark.parametrize(
    ("requirements", "word"),
    [
        ({"wpackagist-plugin/foo---bar": "1", "wpackagist-plugin/a": "1"}, "foo---bar"),
        ({"wpackagist-plugin/a": "1", "wp-plugin/a": "2"}, "names both"),
        ({"wpackagist-plugin/a": "1", "wpackagist-plugin/A": "2"}, "names both"),
    ],
)
def test_a_name_that_cannot_move_keeps_the_whole_file(
    requirements: dict[str, str],
    word: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "composer.json"
    text = json.dumps({"require": requirements})
    path.write_text(text)
    with pytest.raises(Immovable, match=word):
        moved(text, _SITE)
    assert _run(path) == 1
    assert path.read_text() == text
    assert word in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'"wpackagist-plugin/a"', b'{"a": }', b'{"a": "\xff"}', b"\xef\xbb\xbf{}"],
)
def test_what_is_no_composer_json_is_an_error_with_a_sentence(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "composer.json"
    path.write_bytes(content)
    assert _run(path) == 2
    assert path.read_bytes() == content
    assert capsys.readouterr().err.startswith(f"{path}: ")


def test_a_missing_file_and_a_bad_address_are_usage_errors(tmp_path: Path) -> None:
    assert _run(tmp_path / "composer.json") == 2
    with pytest.raises(SystemExit) as leaving:
        main(["composer.json", "--to", "packages.example"])
    assert leaving.value.code == 2


def test_every_kind_of_json_value_is_walked_over() -> None:
    text = '\n{"a": [1, -2.5e3, true, null, [], {}, [[]], "x", ""], "b": {"c": {}}, "wp": "\\"" }\n'
    assert moved(text, _SITE).text == text
