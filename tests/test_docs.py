"""What can be typed is in the README, and what the README says can be typed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

_MAKEFILE = (ROOT / "Makefile").read_text()
_README = (ROOT / "README.md").read_text()
_TARGETS = re.findall(r"^([a-z-]+):.*## ", _MAKEFILE, re.MULTILINE)
_DEFAULTS = dict(re.findall(r"^([A-Z_]+) +\?= *(.*)$", _MAKEFILE, re.MULTILINE))
_ROWS = {
    name: default.strip().strip("`")
    for name, default in re.findall(r"^\| `([A-Z_]+)` \|([^|]*)\|", _README, re.MULTILINE)
}
_OF_MAKE = {"MAKEFLAGS", "MAKEFILE_LIST", "MAKELEVEL", "SHELL"}
_OPTIONAL = set(re.findall(r"\$\((?:if \$\()?([A-Z_]+)\)", _MAKEFILE)) - _OF_MAKE
_ASSIGNED = set(re.findall(r"^([A-Z_]+) +[?:]?=", _MAKEFILE, re.MULTILINE))


def test_the_makefile_is_read_rightly() -> None:
    """The expressions above find what is there."""
    assert {"pipeline", "doctor", "help", "setup"} <= set(_TARGETS)
    assert {"SOURCE", "DATA", "NOTIFY"} <= set(_DEFAULTS)
    assert {"RELEASE", "MEND", "T"} <= _OPTIONAL - _ASSIGNED


@pytest.mark.parametrize("target", _TARGETS)
def test_every_target_is_in_the_readme(target: str) -> None:
    """A target that nobody is told of is not there."""
    assert re.search(rf"`make {target}[ `]", _README)


@pytest.mark.parametrize("name", _DEFAULTS)
def test_every_variable_has_a_row_with_its_default(name: str) -> None:
    """The table of the README is the Makefile's, in words for what is computed."""
    assert name in _ROWS
    default = re.sub(r"\$\(([A-Z_]+)\)", r"\1", _DEFAULTS[name])
    if "$(" not in default:
        said = {"BACKUP": ""}.get(name, _ROWS[name])  # the script's own default is told
        assert said == default


def test_variables_without_a_default_are_named() -> None:
    """NAME=… stands with the command that reads it."""
    unnamed = [name for name in _OPTIONAL - _ASSIGNED if f"{name}=" not in _README]

    assert unnamed == []


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("SITE=https://packages.example.org", "there is no variable SITE (do you mean SITE_URL?)"),
        ("SITEURL=x", "there is no variable SITEURL (README.md has a table of them)"),
    ],
)
def test_a_mistyped_variable_is_refused(typed: str, advice: str) -> None:
    """Passed over, it would publish the site under another's address."""
    refused = _make(ROOT, typed)

    assert refused.returncode == 2
    assert advice in refused.stderr
    assert refused.stdout == ""


def test_what_nothing_reads_in_config_mk_is_told(tmp_path: Path) -> None:
    """And no more than told, as it may serve something else there."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "config.mk").write_text("KEP = 3\nDATA = /srv/data\n")
    told = _make(tmp_path)

    assert told.returncode == 0
    assert told.stderr.count("\n") == 1
    assert "config.mk sets KEP, which nothing reads" in told.stderr


def test_every_variable_can_be_typed() -> None:
    """Those with a default, and those that only a call names."""
    names = {*_DEFAULTS, *(_OPTIONAL - _ASSIGNED), "PY"}
    taken = _make(ROOT, *(f"{name}=1" for name in sorted(names)))

    assert (taken.returncode, taken.stderr) == (0, "")


def test_what_another_makefile_was_told_comes_along(tmp_path: Path) -> None:
    """It may be of that one alone."""
    (tmp_path / "Makefile").write_text(f"all:\n\t@$(MAKE) -C {ROOT} help\n")
    called = _make(tmp_path, "STAGE=one", target="all")

    assert (called.returncode, called.stderr) == (0, "")
    assert "make pipeline" in called.stdout


def _make(folder: Path, *words: str, target: str = "help") -> "subprocess.CompletedProcess[str]":
    """Run make as from a shell, not as from the make that runs the tests."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", target, *words],
        cwd=folder,
        env=outside,
        capture_output=True,
        text=True,
        check=False,
    )


def test_any_option_of_a_command_can_be_said() -> None:
    """What has no variable of its own is said in OPTIONS, on whatever target runs the command."""
    ways = [line for line in _MAKEFILE.splitlines() if re.match(r"\t.*\$\(RUN\) [a-z]", line)]
    elsewhere = [line for line in ways if line.startswith(("\t$(if $(BUCKET)", "\t$(if $(HOSTS)"))]

    assert len(ways) > 20
    assert [line for line in ways if not line.endswith(" $(OPTIONS)")] == elsewhere


def test_the_readme_names_nothing_that_is_not_there() -> None:
    """Every `make target` is a target, every row a variable."""
    named = set(re.findall(r"`make ([a-z-]+)", _README))

    assert named <= set(_TARGETS)
    assert set(_ROWS) <= _ASSIGNED


@pytest.mark.parametrize("path", [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"])
def test_every_file_that_is_named_is_there(path: Path) -> None:
    """Links and paths of the repository lead somewhere."""
    text = path.read_text()
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    files = re.findall(r"`((?:ops|docs|scripts|nginx|server|catalog)/[a-z0-9_./-]+)`", text)

    assert [one for one in links if not (path.parent / one).exists()] == []
    assert [one for one in files if not (ROOT / one).exists()] == []
