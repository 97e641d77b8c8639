"""What can be typed is in the README, and what the README says can be typed."""

import re
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
_OF_MAKE = {"MAKEFLAGS", "MAKEFILE_LIST", "SHELL"}
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
