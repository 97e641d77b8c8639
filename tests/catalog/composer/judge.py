"""Composer's own code, asked in one PHP process; judge.php tells the questions."""

import json
import subprocess
from pathlib import Path
from typing import Any

_SCRIPT = Path(__file__).with_name("judge.php")


class Judge:
    def __init__(self) -> None:
        self._php = subprocess.Popen(
            ["php", "-d", "display_errors=stderr", str(_SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def ask(self, question: str, what: Any) -> list[Any]:
        """Send one line, read one line."""
        assert self._php.stdin is not None
        assert self._php.stdout is not None
        self._php.stdin.write(json.dumps({question: what}) + "\n")
        self._php.stdin.flush()
        answer = json.loads(self._php.stdout.readline())
        assert isinstance(answer, list)
        return answer

    def close(self) -> None:
        self._php.communicate()
        assert self._php.returncode == 0
