"""The arguments that several scripts share, each explained once; here what all of them have.

What asks other machines is imported where it is asked for: most runs have nothing to do, and are
over in less time than that takes.
"""

import argparse
from pathlib import Path


def parser(doc: str | None, verb: str) -> argparse.ArgumentParser:
    """Make a script's parser, with its docstring as help and --data as first argument."""
    made = argparse.ArgumentParser(
        prog=f"python -m scripts {verb}",
        description=doc,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="DIR",
        help="where everything made goes: catalog.db, store/, releases/, current",
    )
    return made
