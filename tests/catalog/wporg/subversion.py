"""A real Subversion server: Debian's Apache with mod_dav_svn on loopback, as wordpress.org has it.

It is a child process with a port, a configuration and a repository of its own, which is filled from
a dump, so that a revision may hold what no client would commit today.
"""

import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.sshd import free_port

_MODULES = Path("/usr/lib/apache2/modules")
_CONFIG = """
ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/pid
DefaultRuntimeDir {folder}
ErrorLog {folder}/error.log
LoadModule mpm_worker_module {modules}/mod_mpm_worker.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule filter_module {modules}/mod_filter.so
LoadModule deflate_module {modules}/mod_deflate.so
LoadModule dav_module {modules}/mod_dav.so
LoadModule dav_svn_module {modules}/mod_dav_svn.so
{user}
StartServers 1
<Location /plugins>
  DAV svn
  SVNPath {folder}/repository
  SetOutputFilter DEFLATE
</Location>
"""


@dataclass(frozen=True, slots=True)
class Node:
    """One change of a revision: `action` is add, change, delete or replace; `kind` dir or file."""

    path: str
    action: str = "add"
    kind: str = "dir"
    copied: tuple[int, str] | None = None  # revision, path


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision with exactly these properties (svn:author, svn:date, svn:log), in bytes."""

    nodes: tuple[Node, ...] = ()
    properties: Mapping[str, bytes] | None = None  # None: usual ones


@dataclass(frozen=True, slots=True)
class Subversion:
    """Where the server is, and the repository behind it."""

    url: str
    repository: Path

    def load(self, revisions: Iterable[Revision], first: int = 1) -> None:
        """Add revisions; the first of them gets the number `first`."""
        dump = b"SVN-fs-dump-format-version: 2\n\n" + b"".join(
            _revision(number, one) for number, one in enumerate(revisions, first)
        )
        load = ["svnadmin", "load", "--quiet", "--bypass-prop-validation", self.repository]
        subprocess.run(load, input=dump, check=True, capture_output=True)

    def svn(self, *words: str) -> bytes:
        """Ask Subversion's own client over the file system, as the judge of what is right."""
        command = ["svn", *words, f"file://{self.repository}"]
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        return subprocess.run(command, check=True, capture_output=True, env=environment).stdout


@contextmanager
def running() -> Iterator[Subversion]:
    """Run a server with an empty repository until the end of the block."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # started by root, Apache reads it as another user
        subprocess.run(["svnadmin", "create", folder / "repository"], check=True)
        port = free_port()
        user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
        config = folder / "apache.conf"
        config.write_text(_CONFIG.format(folder=folder, port=port, modules=_MODULES, user=user))
        server = subprocess.Popen(["/usr/sbin/apache2", "-f", config, "-DFOREGROUND"])
        try:
            url = f"http://127.0.0.1:{port}/plugins/"
            _wait(server, url, folder / "error.log")
            yield Subversion(url, folder / "repository")
        finally:
            server.terminate()
            server.wait()


def _wait(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(url):
                return
        except urllib.error.HTTPError as error:
            error.close()
            raise RuntimeError(f"Subversion answers {error}: {log.read_text()}") from error
        except urllib.error.URLError:
            time.sleep(0.02)
    raise RuntimeError(f"Apache did not start: {log.read_text() if log.exists() else ''}")


def _revision(number: int, revision: Revision) -> bytes:
    """Write a revision as `svnadmin dump` does."""
    properties = revision.properties
    if properties is None:
        date = f"2026-11-{1 + number % 28:02}T15:54:46.443744Z".encode()
        properties = {"svn:author": b"ann", "svn:date": date, "svn:log": b"Update"}
    held = _properties(properties)
    head = f"Revision-number: {number}\nProp-content-length: {len(held)}\n"
    head += f"Content-length: {len(held)}\n\n"
    return head.encode() + held + b"\n" + b"".join(map(_node, revision.nodes))


def _node(node: Node) -> bytes:
    lines = [f"Node-path: {node.path}", f"Node-action: {node.action}"]
    if node.action == "delete":
        return "\n".join([*lines, "", "", ""]).encode()
    lines.insert(1, f"Node-kind: {node.kind}")
    if node.copied:
        revision, path = node.copied
        lines += [f"Node-copyfrom-rev: {revision}", f"Node-copyfrom-path: {path}"]
        return "\n".join([*lines, "", "", ""]).encode()
    text = f"{node.path} {node.action}\n".encode() if node.kind == "file" else b""
    if node.kind == "file":
        lines.append(f"Text-content-length: {len(text)}")
    held = _properties({})
    lines += [f"Prop-content-length: {len(held)}", f"Content-length: {len(held) + len(text)}"]
    return "\n".join([*lines, "", ""]).encode() + held + text + b"\n\n"


def _properties(properties: Mapping[str, bytes]) -> bytes:
    pairs = b"".join(
        b"K %d\n%s\nV %d\n%s\n" % (len(name), name.encode(), len(value), value)
        for name, value in properties.items()
    )
    return pairs + b"PROPS-END\n"
