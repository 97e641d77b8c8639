"""What commands share besides arguments: those that draw, and those that do all and publish."""

import argparse
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Protocol

from catalog.journal import Journal
from publish.cards.render import Drawing
from publish.deploy import deploy
from publish.run import Steps, in_order
from render import ImageRenderer, SvgRenderer
from scripts import arguments
from scripts.arguments import jobs, mirrors, published

_Add = Callable[[argparse.ArgumentParser], None]


class Command(Protocol):
    """A command that draws: tests hand in other renderers, and where they run."""

    def __call__(
        self,
        argv: Sequence[str] | None = None,
        journal: Journal | None = None,
        renderer: ImageRenderer | None = None,
        executor: Executor | None = None,
        plates: SvgRenderer | None = None,
    ) -> int:
        """Do it, and give the exit code."""


def drawing(doc: str | None, verb: str, step: Callable[[Path, Drawing, Journal], int]) -> Command:
    """Make the command that is one step of drawing."""

    def draw(args: argparse.Namespace, how: Drawing, journal: Journal) -> int:
        return step(args.data, how, journal)

    return _command(doc, verb, (jobs.add_jobs,), draw)


def publishing(
    doc: str | None,
    verb: str,
    add: Sequence[_Add],
    steps: Callable[[argparse.Namespace, Drawing, Journal], Steps],
) -> Command:
    """Make the command that does its own `steps`, then publishes here and elsewhere, in one run.

    add: what adds the arguments that its own steps read.
    """

    def publish(args: argparse.Namespace, how: Drawing, journal: Journal) -> int:
        elsewhere, site = mirrors.Mirrors(args, journal), published.site(args)
        kept = (args.keep, args.grace_days)
        release = partial(deploy, args.data, site, *kept, journal, jobs.sharing(args))
        return in_order(
            journal,
            [
                *steps(args, how, journal),
                *elsewhere.cards,  # a bucket has them before a page names them
                ("deploy", release),
                *elsewhere.everything,
            ],
        )

    ours = (jobs.add_jobs, published.add_site, published.add_keep, mirrors.add_mirrors)
    return _command(doc, verb, (*add, *ours), publish)


def _command(
    doc: str | None,
    verb: str,
    add: Sequence[_Add],
    act: Callable[[argparse.Namespace, Drawing, Journal], int],
) -> Command:
    def main(
        argv: Sequence[str] | None = None,
        journal: Journal | None = None,
        renderer: ImageRenderer | None = None,
        executor: Executor | None = None,
        plates: SvgRenderer | None = None,
    ) -> int:
        parser = arguments.parser(doc, verb)
        for one in add:
            one(parser)
        args = parser.parse_args(argv)
        how = Drawing(args.jobs, args.dask, renderer, executor, plates)
        return act(args, how, journal or Journal())

    return main
