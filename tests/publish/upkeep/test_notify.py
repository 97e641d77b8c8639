"""A run that fails is loud: a last line by step and code, and the operator's command is told."""

import contextlib
import subprocess
from pathlib import Path

import pytest

from catalog import lock
from publish.cards.store import CardStore
from publish.site import published
from publish.upkeep.notify import notify
from release.data import Data
from tests.conftest import ROOT, SITE_URL, Source, pipeline, record, scripts
from tests.runs import command as run


@pytest.fixture(name="told")
def _told(tmp_path: Path) -> Path:
    """Where the hook below writes what it is told."""
    return tmp_path / "told"


@pytest.fixture(name="hook")
def _hook(told: Path) -> str:
    """Spell a command that keeps its standard input, and the arguments that it was called with."""
    script = told.with_name("a hook")
    script.write_text(
        f'#!/bin/sh\ncat >> "{told}"\nfor word; do echo "[$word]" >> "{told}"; done\n'
    )
    script.chmod(0o755)
    return f"'{script}'"


def test_a_failed_run_tells_step_and_code_in_one_line(data: Path, hook: str, told: Path) -> None:
    """On standard error as its last line, and to the command, word for word."""
    ended = run(data, "--notify", hook, "deploy", "--site-url", SITE_URL)
    last = ended.stderr.splitlines()[-1]

    assert ended.returncode == 3
    assert last.startswith(
        "scripts: deploy ended with exit code 3: refused to publish: the site's default card"
    )
    assert str(data) in last
    assert told.read_text() == last.replace("scripts:", "frontispiece:") + "\n"


def test_of_several_steps_the_worst_is_named(
    data: Path, source: Source, hook: str, told: Path
) -> None:
    """A refused line is exit 1 of build; what deploy then refuses counts for more."""
    run(data, *pipeline(source(record("one"))))
    run(data, "--notify", hook, *pipeline(source(record("one"), b"no record")))

    assert told.read_text().startswith("frontispiece: build ended with exit code 1: ")
    assert "source.jsonl:2: refused: " in told.read_text()

    told.unlink()
    (card,) = _cards(data, "plugin/one")
    card.unlink()
    again = source(record("one", tested="9.9"), b"no record either")
    ended = run(data, "--notify", hook, *pipeline(again))

    assert ended.returncode == 3
    assert told.read_text().startswith("frontispiece: deploy ended with exit code 3: ")


def test_a_step_that_breaks_is_named_too(data: Path, source: Source, hook: str, told: Path) -> None:
    """One that never came to its end counts for the worst, whatever the others say."""
    feed = source(record("one"), b"no record")
    run(data, "build", "--source", source(record("one")))
    (data / "store").mkdir(exist_ok=True)
    (data / "store" / "og").write_text("a file where a folder belongs")
    ended = run(data, "--notify", hook, *pipeline(feed))

    assert ended.returncode == 2
    assert told.read_text().startswith("frontispiece: render-new ended with exit code 2")


def test_success_and_overlap_are_silent(data: Path, source: Source, hook: str, told: Path) -> None:
    """Nobody is woken by exit 0, nor by exit 75, which a timer meets every day."""
    assert run(data, "--notify", hook, *pipeline(source(record("one")))).returncode == 0

    with lock.hold(data, "build"):
        ended = run(data, "--notify", hook, *pipeline(source(record("one"))))

    assert ended.returncode == 75
    assert "pipeline ended with exit code 75: refused: build (process" in ended.stderr
    assert not told.exists()


def test_wrong_words_are_told_and_help_is_not(data: Path, hook: str, told: Path) -> None:
    """A timer whose command is wrong fails each time: somebody has to know."""
    run(data, "--notify", hook, "deploy", "--help")

    assert not told.exists()

    run(data, "--notify", hook, "deploy", "--kep", "5")
    run(data, "--notify", hook, "bild")

    assert told.read_text().count("ended with exit code 2: it was called with wrong words") == 1


def test_a_state_is_told_once_and_so_is_its_end(
    data: Path, source: Source, hook: str, told: Path
) -> None:
    """A timer that comes every five minutes writes one mail, and one at the end."""
    missing = ("--notify", hook, *pipeline(data / "no-such.jsonl"))
    for _ in range(3):
        assert run(data, *missing).returncode == 2

    (line,) = told.read_text().splitlines()
    assert "cannot read the source" in line
    assert "No such file" in line

    told.unlink()
    run(data, "--notify", hook, "rollback", "--release", "20000101T000000Z")
    run(data, "status")
    assert not told.exists(), "whoever types a command reads its answer"

    for _ in range(2):
        assert run(data, "--notify", hook, *pipeline(source(record("one")))).returncode == 0
    assert told.read_text().startswith("frontispiece: pipeline is well again (")
    assert len(told.read_text().splitlines()) == 1


def test_nothing_to_do_is_silent_if_asked(data: Path, source: Source) -> None:
    """For cron, which mails whatever is said; a change and a failure are told."""
    feed = source(record("one"))
    words = ("--quiet", *pipeline(feed))
    first, second = run(data, *words), run(data, *words)

    assert first.stdout.splitlines()[-1].startswith("release ")
    assert (second.stdout, second.stderr) == ("", "")
    assert "cannot read" in run(data, "--quiet", *pipeline(data / "no-such.jsonl")).stderr


def test_no_shell_reads_the_command(hook: str, told: Path) -> None:
    """Its words are arguments, whatever they mean to a shell."""
    assert notify(f"{hook} 'two words' ; echo $HOME", "a line")
    assert told.read_text() == "a line\n[two words]\n[;]\n[echo]\n[$HOME]\n"


@pytest.mark.parametrize(
    ("command", "seconds", "said"),
    [
        ("sleep 1000", 0.1, "it took more than 0.1 s and was killed"),
        ("false", 60, "it ended with 1"),
        ("/no/such/command", 60, "No such file or directory"),
        ("'unfinished", 60, "not a command: No closing quotation"),
        (" ", 60, "it names no command"),
    ],
)
def test_a_command_that_fails_is_said(
    command: str, seconds: float, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, and the run goes on to its end."""
    assert not notify(command, "a line", seconds=seconds)
    assert capsys.readouterr().err == f"notify: {command}: {said}; nobody was told\n"


def test_the_code_stays_when_nobody_could_be_told(data: Path) -> None:
    """What the operator's command does never changes how the run ended."""
    ended = run(data, "--notify", "false", "deploy", "--site-url", SITE_URL)

    assert ended.returncode == 3
    assert ended.stderr.splitlines()[-1] == "notify: false: it ended with 1; nobody was told"


def test_make_hands_the_command_over_as_it_is() -> None:
    """Quotes in NOTIFY pass through Make and its shell."""
    command = "mail -s 'it is \"broken\"' root"
    asked = subprocess.run(
        ["make", "--dry-run", "--silent", "status", f"NOTIFY={command}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    line = asked.stdout.splitlines()[-1].replace(".venv/bin/python", "printf '<%s>'")
    shown = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)

    assert f"<--notify><{command}>" in shown.stdout


def test_a_run_can_wait_for_the_lock(data: Path, source: Source) -> None:
    """With --wait it goes on when the other run ends, instead of giving up."""
    words = scripts(data, "--wait", "600", *pipeline(source(record("one"))))
    with lock.hold(data, "another run"):
        waiting = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL)
        while not _has_open(waiting.pid, data / "lock"):
            assert waiting.poll() is None

    assert waiting.wait() == 0


def _cards(data: Path, label: str) -> list[Path]:
    store = CardStore(Data(data).cards)
    named = published.cards_of(data / "current" / "site.db")
    return [store.path(card) for package, card in named if package == label]


def _has_open(process: int, file: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):  # it has just closed one of the others
        links = list(Path(f"/proc/{process}/fd").iterdir())
        return any(link.readlink() == file.resolve() for link in links)
    return False
