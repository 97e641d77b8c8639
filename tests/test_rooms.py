"""Who may import whom. The write side and the read side meet in a published release only."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

ROOMS = ("catalog", "publish", "release", "render", "scripts", "server")
# The floors of the house, top down: an import only goes down.
MAY_IMPORT = {
    "scripts": {"scripts", "publish", "catalog", "render", "release"},
    "publish": {"publish", "catalog", "render", "release"},
    "catalog": {"catalog", "release"},
    "render": {"render", "release"},
    "release": {"release"},
    "server": {"server", "release"},
}

_LONGEST_SCRIPT = 100  # lines


def imports(source: str) -> Iterator[str]:
    """Yield the full name of every module that a source imports, by statement or by call."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        elif isinstance(node, ast.Call) and _callee(node.func) in ("__import__", "import_module"):
            yield _beginning(node.args[0]) if node.args else "?"


def _callee(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _beginning(node: ast.expr) -> str:
    """Read the name in a call, of an f-string its constant beginning; '?' if there is none."""
    if isinstance(node, ast.JoinedStr) and node.values:
        # "scripts.{verb}" stays in its room; "{room}.store" may not.
        start = _beginning(node.values[0])
        return start if "." in start else "?"
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "?"


def faults(room: str, source: str) -> list[str]:
    """Return the imports in a source of a room that break the contract.

    Relative imports and names made at run time are faults too: they cannot be read off.
    """
    return [
        name
        for name in imports(source)
        if name[0] in ".?" or (name.split(".")[0] in {*ROOMS, "tests"} - MAY_IMPORT[room])
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_keep_to_themselves(room: str) -> None:
    """No module of a room imports what that room may not know."""
    sources = sorted((ROOT / room).rglob("*.py"))

    assert sources
    assert {str(path): found for path in sources if (found := faults(room, path.read_text()))} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "import catalog",
        "import os, render.card",
        "from publish.releases import Releases",
        "from render import Card as _Card",
        "def later():\n    import scripts.deploy",
        "if False:\n    from catalog import store",
        "import importlib\nimportlib.import_module('render')",
        "__import__('catalog.record')",
        "import importlib\nimportlib.import_module('cat' + 'alog')",
        "import importlib\nimportlib.import_module(f'{room}.store')",
        "import importlib\nimportlib.import_module(f'catalog.{noun}')",
        "from . import pages",
        "from tests import conftest",
    ],
)
def test_a_planted_import_is_found(planted: str) -> None:
    """The check sees every way of importing, wherever it stands."""
    assert len(faults("server", planted)) == 1
    assert faults("server", "import server.pages\nfrom bottle import request\n") == []


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "server"])
def test_the_write_side_does_not_know_the_server(room: str) -> None:
    """The ban holds in the other direction as well."""
    assert faults(room, "from server import make_app") == ["server"]


def test_only_snapshot_knows_how_a_release_is_opened() -> None:
    """In server/, a release is opened in one module, and SQL stands where questions are."""
    server = Path(ROOT, "server")

    assert _modules_with("sqlite3.connect(") == []
    assert _modules_with("open_release(") == ["snapshot.py"]
    assert set(_modules_with(".execute(")) < {one.name for one in server.glob("queries/*.py")}


def test_only_app_and_templates_know_bottle() -> None:
    """Pages and queries can be read, and tried, without a web framework."""
    assert _modules_with("bottle import") == ["app.py", "templates.py"]


def test_a_script_is_a_parser_and_a_call() -> None:
    """None is longer than a screen or two, but for those that all the others share."""
    # What is true of every command: its lock, its signals, its text.
    shared = {"__main__.py"}
    lengths = {path.name: len(path.read_text().splitlines()) for path in _scripts()}

    assert {name for name, lines in lengths.items() if lines > _LONGEST_SCRIPT} == shared


def test_no_script_imports_another() -> None:
    """What two of them need is in a room below, or in what all of them share."""
    shared = {"scripts", "scripts.arguments", "scripts.frames"}
    for path in _scripts():
        found = {
            f"scripts.{alias.name}" if node.module == "scripts" else str(node.module)
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == "scripts"
            for alias in node.names
        }
        assert found <= shared, path.name


def test_a_command_loads_what_draws_when_there_is_a_card_to_draw() -> None:
    """cairo and Pango cost every start of a run a fifth of a second, and start a compiler."""
    loads = "import scripts.pipeline, scripts.status, sys; print(*sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", loads], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()

    assert "render.renderer" in said
    assert {"cairocffi", "cairosvg", "render.pango"}.isdisjoint(said)


def _scripts() -> list[Path]:
    return sorted(Path(ROOT, "scripts").glob("*.py"))


def _modules_with(words: str) -> list[str]:
    return sorted(
        path.name for path in Path(ROOT, "server").rglob("*.py") if words in path.read_text("utf-8")
    )
