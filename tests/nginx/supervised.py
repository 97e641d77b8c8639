"""nginx before two processes of the real app, each of which a command can start anew."""

import os
import shlex
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

from tests.conftest import ROOT
from tests.nginx.face import USER, Face, accepts, wait

# What systemd does: end the process of a number, wait until it has ended, start it anew, and return
# before it listens.
_SUPERVISOR = """
import os, select, signal, subprocess, sys
folder, number, checkout, *command = sys.argv[1:]
file = f"{folder}/pid-{number}"
old = os.pidfd_open(int(open(file).read()))
signal.pidfd_send_signal(old, signal.SIGTERM)
select.select([old], [], [])
begun = subprocess.Popen([*command, f"{folder}/app-{number}"], start_new_session=True, cwd=checkout)
open(file, "w").write(str(begun.pid))
"""


class Supervised(Face):
    """nginx before two processes of the real app, each of which a command can start anew."""

    @property
    def folder(self) -> Path:
        """Where the sockets are, and the numbers of the processes."""
        return self.sockets[0].parent

    @property
    def command(self) -> list[str]:
        """What starts a process; its socket comes last."""
        user = ["--user", USER] if USER else []
        return [sys.executable, "-m", "server", "--data", str(self.data), *user, "--socket"]

    def by(self, checkout: Path = ROOT) -> str:
        """What starts the process of a number anew, with the code of a checkout."""
        words = [sys.executable, "-c", _SUPERVISOR, str(self.folder), "%i", str(checkout)]
        return shlex.join([*words, *self.command])

    def start_apps(self, checkout: Path = ROOT) -> None:
        """Start the real app, of a checkout, instead of stand-ins."""
        for path in self.sockets:
            app = subprocess.Popen([*self.command, path], cwd=checkout, start_new_session=True)
            self._apps.append(app)
            (self.folder / path.name.replace("app", "pid")).write_text(str(app.pid))
        for path in self.sockets:
            wait(partial(accepts, path))

    def pids(self) -> set[int]:
        """Give the numbers of the processes that there should be."""
        return {int(path.read_text()) for path in self.folder.glob("pid-*")}

    def end(self) -> None:
        """End those as well that were started anew."""
        for pid in self.pids() - {app.pid for app in self._apps}:
            os.kill(pid, signal.SIGTERM)
        super().end()
