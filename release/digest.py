"""What a thing is made by, as one digest: of its code, without comments, and of its files.

A module's code is itself and every module of ours that it imports, directly or by another. So
nobody has to remember a number when code changes: a changed statement is another digest, a
changed comment, docstring or line break is not.
"""

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SIZE = 16
_HOLDING = ("body", "orelse", "finalbody", "handlers", "cases")  # fields of statements
# One of a file, its statements, and the modules of ours that it may import.
Read = tuple[str, str, tuple[str, ...]]


class Code:
    """The code of the checkout. What was read of a file holds for as long as its bytes do."""

    def __init__(self, known: Mapping[str, Read] | None = None) -> None:
        """known: what was read before, by module; only files with other bytes are read again."""
        self.known: dict[str, Read] = dict(known or {})
        self._looked_at: set[str] = set()
        self._modules: dict[str, bool] = {}

    def of(
        self,
        modules: Iterable[str],
        files: Iterable[Path] = (),
        *settings: object,
        within: tuple[str, ...] = ("",),
    ) -> str:
        """Digest modules such as 'catalog.record' with all they import, files, and settings.

        within: beginnings of names of modules that are followed; of others nothing is digested.
        """
        made = hashlib.blake2b(digest_size=_SIZE)
        for name in sorted(self._closure(modules, within)):
            made.update(f"{name} {self._read(name)[1]} ".encode())
        for path in sorted(files):
            made.update(f"{path.relative_to(ROOT)} ".encode() + path.read_bytes())
        made.update(repr(settings).encode())
        return made.hexdigest()

    def _closure(self, modules: Iterable[str], within: tuple[str, ...]) -> set[str]:
        """Name some modules of ours and all those that they import, as far as `within` goes."""
        found: set[str] = set()
        waiting = list(modules)
        while waiting:
            name = waiting.pop()
            if name not in found and name.startswith(within) and self._is_module(name):
                found.add(name)
                waiting += self._read(name)[2]
        return found

    def _read(self, name: str) -> Read:
        if name not in self._looked_at:
            content = _path(name).read_bytes()
            marked = _hash(_READER + content)
            if self.known.get(name, ("",))[0] != marked:
                self.known[name] = (marked, *_parsed(content))
            self._looked_at.add(name)
        return self.known[name]

    def _is_module(self, name: str) -> bool:
        """Tell a module from a name that is imported out of one."""
        if name not in self._modules:
            self._modules[name] = _path(name).is_file()
        return self._modules[name]


@cache
def _parsed(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the digest of a module's statements, and what of ours it may import."""
    tree = ast.parse(content)
    blocks = list(_blocks(tree))
    imported = tuple(sorted({name for block in blocks for name in _imported(block)}))
    for block in blocks:
        _drop_docstring(block)
    return _hash(ast.dump(tree).encode()), imported  # the parser has dropped the comments


def _blocks(node: ast.AST) -> Iterator[ast.AST]:
    """Give a module and all statements in it, and not what they are put together of: that is most.

    Of `try` and `match` also the parts that hold statements.
    """
    yield node
    for name in _HOLDING:
        for part in getattr(node, name, ()):
            yield from _blocks(part)


def _hash(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=_SIZE).hexdigest()


def _path(name: str) -> Path:
    path = ROOT.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _imported(node: ast.AST) -> Iterator[str]:
    """Give what is imported out of our rooms; it may be a module or a name in one."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if _ours(alias.name))
    elif isinstance(node, ast.ImportFrom) and node.module and _ours(node.module):
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _ours(name: str) -> bool:
    # A room is a folder of the checkout; a name like `render` is never a package from elsewhere.
    return _is_room(name.partition(".")[0])


@cache
def _is_room(name: str) -> bool:
    return (ROOT / name / "__init__.py").is_file()


def _drop_docstring(node: ast.AST) -> None:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        first = node.body[0] if node.body else None
        if (
            isinstance(first, ast.Expr)
            and isinstance(first.value, ast.Constant)
            and isinstance(first.value.value, str)
        ):
            node.body[0] = ast.Pass()


# What is read of a file depends on this file, and on the parser, too.
_READER = sys.version.encode() + Path(__file__).read_bytes()
