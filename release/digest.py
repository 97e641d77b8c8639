"""What a thing is made by, as one digest: of its code, without comments, and of its files.

A module's code is itself and every module of ours that it imports, directly or by another. So
nobody has to remember a number when code changes: a changed statement is another digest, a
changed comment, docstring or line break is not.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SIZE = 16


def of(
    modules: Iterable[str],
    files: Iterable[Path] = (),
    *settings: object,
    within: tuple[str, ...] = ("",),
) -> str:
    """Digest modules such as 'catalog.record' with all they import, files, and settings.

    within: beginnings of the names of modules that are followed; of others nothing is digested.
    """
    made = hashlib.blake2b(digest_size=_SIZE)
    for name in sorted(closure(modules, within)):
        made.update(f"{name} {_code(_path(name))}".encode())
    for path in sorted(files):
        made.update(f"{path.relative_to(ROOT)} ".encode() + _content(path))
    made.update(repr(settings).encode())
    return made.hexdigest()


def closure(modules: Iterable[str], within: tuple[str, ...] = ("",)) -> set[str]:
    """Name some modules of ours and all those that they import, as far as `within` goes."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name not in found and name.startswith(within):
            found.add(name)
            waiting += _imported(_path(name))
    return found


def _path(name: str) -> Path:
    path = ROOT.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _ours(name: str) -> bool:
    # A room is a folder of the checkout; a name like `render` is never a package from elsewhere.
    return (ROOT / name.partition(".")[0] / "__init__.py").is_file() and _path(name).is_file()


@cache
def _imported(path: Path) -> frozenset[str]:
    return frozenset(name for name in _names(_parsed(path)) if _ours(name))


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(_content(path), str(path))


@cache
def _code(path: Path) -> str:
    """Give a module's statements, without its comments (the parser drops them) and docstrings."""
    tree = ast.parse(_content(path), str(path))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body[0] = ast.Pass()
    return ast.dump(tree)


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes()
