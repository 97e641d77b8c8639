"""A power cut, played on files: a run's calls to the kernel are recorded, then only what had
reached the disk by a chosen call is laid out again.

The recorder is strace. The disk is a model of the folder: every file has its content and the
content that the last fsync (or sync) made durable, every folder its names and its durable names.
Three disks are played, from the strictest that POSIX allows to one that merely takes its time:

    Loss.ALL    nothing lasts but what was synced: names by an fsync of their folder, contents
                by one of the file
    Loss.DATA   names last at once, contents only when synced; a new file is empty until then (a
                journal of metadata alone, delayed allocation)
    Loss.SOME   of what was not synced, some lasts and some does not, down to parts of a write
"""

import copy
import enum
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT

_CALLS = (
    "openat,close,dup,dup2,dup3,write,pwrite64,writev,pwritev,pwritev2,lseek,sendfile,"
    "copy_file_range,ftruncate,truncate,fallocate,rename,renameat,renameat2,unlink,unlinkat,rmdir,"
    "link,linkat,symlink,symlinkat,mkdir,mkdirat,fsync,fdatasync,sync,syncfs,utimensat"
)
_LINE = re.compile(r"(\w+)\((.*)\)\s+= (\d+|0x[0-9a-f]+)(?: .*)?$")
_ARGUMENT = re.compile(r'"((?:[^"\\]|\\.)*)"(?:\.\.\.)?|\[[^\]]*\]|\{[^}]*\}|[^,\s][^,]*')
_CHANGES = frozenset(_CALLS.split(",")) - {"close", "dup", "dup2", "dup3", "lseek"}


class Loss(enum.Enum):
    """What a power cut takes."""

    ALL = enum.auto()
    DATA = enum.auto()
    SOME = enum.auto()


@dataclass(eq=False, slots=True)
class _File:
    content: bytes = b""
    durable: bytes = b""
    time: int | None = None  # of modification, in ns; None: it does not matter
    durable_time: int | None = None

    def sync(self) -> None:
        self.durable, self.durable_time = self.content, self.time

    def write(self, at: int, what: bytes) -> None:
        before = self.content[:at].ljust(at, b"\0")
        self.content = before + what + self.content[at + len(what) :]
        self.time = None


@dataclass(eq=False, slots=True)
class _Link:
    target: str


@dataclass(eq=False, slots=True)
class _Folder:
    names: "dict[str, _File | _Link | _Folder]" = field(default_factory=dict)
    durable: "dict[str, _File | _Link | _Folder]" = field(default_factory=dict)

    def sync(self) -> None:
        self.durable = dict(self.names)

    def sync_all(self) -> None:
        self.sync()
        for one in self.names.values():
            if isinstance(one, _Folder):
                one.sync_all()
            elif isinstance(one, _File):
                one.sync()


@dataclass(slots=True)
class _Open:
    node: _File | _Folder
    position: int = 0
    append: bool = False


def record(data: Path, *words: str) -> list[str]:
    """Run steps on `data` under strace; give the calls that succeeded, a line each."""
    trace = data.parent / "trace"
    command = ["strace", "-o", str(trace), "-xx", "-s", str(1 << 26), "-e", f"trace={_CALLS}"]
    command += [sys.executable, "-m", "tests.faults.command", "--data", str(data), *words]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return [line for line in trace.read_text().splitlines() if _LINE.match(line)]


class Disk:
    """The model of a folder, `data`, that calls are played on."""

    def __init__(self, data: Path) -> None:
        self._root = str(data)
        self._top = _loaded(data)
        self._top.sync_all()
        self._open: dict[int, _Open] = {}

    def play(self, line: str) -> bool:
        """Play one call; tell whether the folder, or what of it is durable, changed."""
        match = _LINE.match(line)
        assert match is not None, line
        name, result = match[1], int(match[3], 0)
        arguments = [_value(one) for one in _ARGUMENT.finditer(match[2])]
        played = getattr(self, f"_{name}")(arguments, result)
        return name in _CHANGES and played is not False

    def states(self, loss: Loss, chance: random.Random) -> "_Folder":
        """Give the folder as it is found after a power cut now."""
        return _after(self._top, loss, chance)

    def _find(self, path: str) -> tuple[_Folder, str] | None:
        """Give the folder that holds a path, and the last name of it; None outside `data`."""
        if path != self._root and not path.startswith(self._root + "/"):
            return None
        folder, names = self._top, path[len(self._root) :].strip("/").split("/")
        for name in names[:-1]:
            inner = folder.names[name]
            if isinstance(inner, _Link):
                target = self._node(f"{self._root}/{inner.target}")
                inner = target if isinstance(target, _Folder) else folder
            assert isinstance(inner, _Folder)
            folder = inner
        return folder, names[-1]

    def _node(self, path: str) -> "_File | _Link | _Folder | None":
        found = self._find(path)
        if found is None:
            return None
        return found[0].names.get(found[1]) if found[1] else self._top

    def _openat(self, arguments: list[str], fd: int) -> bool:
        path, flags = arguments[1], arguments[2]
        found = self._find(path)
        if found is None:
            self._open.pop(fd, None)
            return False
        node, changed = self._node(path), False
        if node is None:
            node = found[0].names[found[1]] = _File()
            changed = True
        assert not isinstance(node, _Link)
        if "O_TRUNC" in flags and isinstance(node, _File):
            changed |= bool(node.content)
            node.content = b""
        self._open[fd] = _Open(node, append="O_APPEND" in flags)
        return changed

    def _close(self, arguments: list[str], _: int) -> None:
        self._open.pop(int(arguments[0]), None)

    def _dup(self, arguments: list[str], fd: int) -> None:
        if held := self._open.get(int(arguments[0])):
            self._open[fd] = held
        else:
            self._open.pop(fd, None)

    _dup2 = _dup3 = _dup

    def _file(self, fd: str) -> _Open | None:
        held = self._open.get(int(fd))
        return held if held and isinstance(held.node, _File) else None

    def _write(self, arguments: list[str], size: int) -> bool:
        held = self._file(arguments[0])
        if held is None:
            return False
        assert isinstance(held.node, _File)
        at = len(held.node.content) if held.append else held.position
        held.node.write(at, _bytes(arguments[1])[:size])
        held.position = at + size
        return True

    def _pwrite64(self, arguments: list[str], size: int) -> bool:
        held = self._file(arguments[0])
        if held is None:
            return False
        assert isinstance(held.node, _File)
        held.node.write(int(arguments[3]), _bytes(arguments[1])[:size])
        return True

    def _lseek(self, arguments: list[str], at: int) -> None:
        if held := self._file(arguments[0]):
            held.position = at

    def _sendfile(self, arguments: list[str], size: int) -> bool:
        to, source = self._file(arguments[0]), self._file(arguments[1])
        if to is None or not size:
            return False
        assert source is not None, "what is copied into the folder lies in it"
        assert isinstance(to.node, _File)
        assert isinstance(source.node, _File)
        explicit = arguments[2].startswith("[")
        start = to.position if explicit else source.position
        to.node.write(to.position, source.node.content[start : start + size])
        to.position += size
        source.position += 0 if explicit else size
        return True

    def _copy_file_range(self, arguments: list[str], size: int) -> bool:
        assert arguments[1] == arguments[3] == "NULL", "each file goes on from where it stands"
        return self._sendfile([arguments[2], arguments[0], "NULL"], size)

    def _ftruncate(self, arguments: list[str], _: int) -> bool:
        held = self._file(arguments[0])
        if held is None:
            return False
        assert isinstance(held.node, _File)
        size = int(arguments[1])
        held.node.content = held.node.content[:size].ljust(size, b"\0")
        return True

    def _rename(self, arguments: list[str], _: int) -> bool:
        old, new = self._find(arguments[0]), self._find(arguments[1])
        if old is None or new is None:
            assert old is new is None
            return False
        new[0].names[new[1]] = old[0].names.pop(old[1])
        return True

    def _unlink(self, arguments: list[str], _: int) -> bool:
        found = self._find(arguments[0])
        if found is None:
            return False
        del found[0].names[found[1]]
        return True

    _rmdir = _unlink

    def _unlinkat(self, arguments: list[str], result: int) -> bool:
        if arguments[0] == "AT_FDCWD":
            return self._unlink(arguments[1:], result)
        held = self._open.get(int(arguments[0]))
        if held is None:
            return False
        assert isinstance(held.node, _Folder)
        del held.node.names[arguments[1]]
        return True

    def _linkat(self, arguments: list[str], _: int) -> bool:
        return self._link([arguments[1], arguments[3]], 0)

    def _link(self, arguments: list[str], _: int) -> bool:
        new, node = self._find(arguments[1]), self._node(arguments[0])
        if new is None:
            return False
        assert isinstance(node, _File)
        new[0].names[new[1]] = node
        return True

    def _symlink(self, arguments: list[str], _: int) -> bool:
        found = self._find(arguments[1])
        if found is None:
            return False
        found[0].names[found[1]] = _Link(arguments[0])
        return True

    def _mkdir(self, arguments: list[str], _: int) -> bool:
        found = self._find(arguments[0])
        if found is None or not found[1]:
            return False
        found[0].names[found[1]] = _Folder()
        return True

    def _fsync(self, arguments: list[str], _: int) -> bool:
        held = self._open.get(int(arguments[0]))
        if held is not None:
            held.node.sync()
        return held is not None

    _fdatasync = _fsync

    def _sync(self, _arguments: list[str], _: int) -> None:
        self._top.sync_all()

    def _syncfs(self, arguments: list[str], _: int) -> bool:
        held = int(arguments[0]) in self._open  # all of the folder is on one file system
        if held:
            self._top.sync_all()
        return held

    def _utimensat(self, arguments: list[str], _: int) -> bool:
        if arguments[1] == "NULL":  # of an open file
            held = self._open.get(int(arguments[0]))
            node = held and held.node
        else:
            node = self._node(arguments[1])
        if not isinstance(node, _File):
            return False
        seconds, nanoseconds = re.findall(r"tv_sec=(\d+), tv_nsec=(\d+)", arguments[2])[-1]
        node.time = int(seconds) * 1_000_000_000 + int(nanoseconds)
        return True


def _value(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[0]
    return bytes.fromhex(match[1].replace("\\x", "")).decode("latin-1")


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")


def _loaded(folder: Path) -> _Folder:
    made = _Folder()
    for path in folder.iterdir():
        if path.is_symlink():
            made.names[path.name] = _Link(os.readlink(path))  # noqa: PTH115
        elif path.is_dir():
            made.names[path.name] = _loaded(path)
        else:
            made.names[path.name] = _File(path.read_bytes(), time=path.stat().st_mtime_ns)
    return made


def _after(folder: _Folder, loss: Loss, chance: random.Random) -> _Folder:
    names = dict(folder.durable if loss is Loss.ALL else folder.names)
    if loss is Loss.SOME:
        for name in sorted(folder.durable.keys() | folder.names.keys()):
            found = chance.choice([folder.durable, folder.names]).get(name)
            names.pop(name, None)
            if found is not None:
                names[name] = found
    return _Folder({name: _remains(one, loss, chance) for name, one in names.items()})


def _remains(
    node: "_File | _Link | _Folder", loss: Loss, chance: random.Random
) -> "_File | _Link | _Folder":
    if isinstance(node, _Folder):
        return _after(node, loss, chance)
    if isinstance(node, _Link):
        return node
    content = node.durable
    if loss is Loss.SOME and node.durable != node.content:
        # Pages reach the disk in any order.
        new, old = node.content, node.durable.ljust(len(node.content), b"\0")
        content = b"".join(
            chance.choice([new, old])[at : at + 4096] for at in range(0, len(new), 4096)
        )
        # What is durable stays, so a file is cut at most to the length that it had.
        cut = new[: max(len(node.durable), len(new) // 2)]
        content = chance.choice([content, new, node.durable, cut])
    time = node.durable_time if loss is Loss.ALL else node.time
    return _File(content, time=time)


def contents(folder: _Folder, at: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield every path of a folder and what it holds, to tell two states apart."""
    for name, node in sorted(folder.names.items()):
        path = f"{at}/{name}"
        if isinstance(node, _Folder):
            yield path + "/", b""
            yield from contents(node, path)
        elif isinstance(node, _Link):
            yield path, node.target.encode()
        else:
            yield path, node.content


def lay_out(folder: _Folder, path: Path) -> None:
    """Make a folder of the model on disk."""
    path.mkdir()
    for name, node in folder.names.items():
        if isinstance(node, _Folder):
            lay_out(node, path / name)
        elif isinstance(node, _Link):
            (path / name).symlink_to(node.target)
        else:
            (path / name).write_bytes(node.content)
            if node.time is not None:
                os.utime(path / name, ns=(node.time, node.time))


def cuts(
    before: Path, calls: list[str], loss: Loss, chance: random.Random
) -> Iterator[tuple[int, "_Folder"]]:
    """Yield (number of the call, folder after a power cut) for every call that changes that."""
    disk, seen = Disk(before), set()
    for number, line in enumerate(calls):
        if disk.play(line):
            state = disk.states(loss, chance)
            mark = hash(tuple(contents(state)))
            if mark not in seen:
                seen.add(mark)
                yield number, copy.deepcopy(state)
