"""The whole configuration of a site: for an nginx of our own, or for one that is there already."""

import re
from pathlib import Path

from publish.nginx.site import Site
from publish.nginx.template import NGINX, expand, fill
from publish.nginx.values import ConfigError, check_path


def serving(
    site: Site, *, run: Path, error_log: Path, pid: Path | None = None, user: str = ""
) -> str:
    """Return the whole configuration for an nginx of our own.

    run: a folder for its temporary files, with a folder `temp` in it.
    pid: the file that tells its process number; None: one in `run`.
    user: 'name group' that root's workers become; '' when nginx is not started by root.
    """
    pid = pid or run / "nginx.pid"
    for path in (run, error_log, pid):
        check_path(path)
    if not re.fullmatch(r"(?:[a-z_][a-z0-9_-]*(?: [a-z_][a-z0-9_-]*)?)?", user):
        raise ConfigError(f"{user!r} is not a user's name.")
    own = {
        "RUN": str(run),
        "PID": str(pid),
        "ERROR_LOG": str(error_log),
        "USER": f"user {user};" if user else "",
    }
    return fill(expand(NGINX / "site.conf.in", site.without), site.values() | own)


def production(site: Site) -> str:
    """Return the part that goes into the http {} of an nginx that is there already."""
    commands = (
        f"#          python -m server --data {site.data} --socket {socket}"
        for socket in site.sockets
    )
    own = {"APP_COMMANDS": "\n".join(commands)}
    return fill(expand(NGINX / "production.conf.in", site.without), site.values() | own)
