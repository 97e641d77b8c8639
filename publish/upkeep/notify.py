"""Tell an operator's command of a run that failed: one line on its standard input, no shell."""

import shlex
import subprocess
import sys

SECONDS = 30.0  # that the command may take


def notify(command: str, line: str, seconds: float = SECONDS) -> bool:
    """Run the command with the line; say on standard error if that failed, and tell if it did not.

    Words are split as a shell would, and nothing else of a shell is there.
    """
    trouble = _trouble(command, line, seconds)
    if trouble:
        print(f"notify: {command}: {trouble}; nobody was told", file=sys.stderr)
    return not trouble


def _trouble(command: str, line: str, seconds: float) -> str:
    try:
        words = shlex.split(command)
    except ValueError as error:
        return f"not a command: {error}"
    if not words:
        return "it names no command"
    try:
        ended = subprocess.run(
            words, input=line + "\n", encoding="utf-8", timeout=seconds, check=False
        )
    except OSError as error:
        return str(error.strerror)
    except subprocess.TimeoutExpired:
        return f"it took more than {seconds:g} s and was killed"
    return f"it ended with {ended.returncode}" if ended.returncode else ""
