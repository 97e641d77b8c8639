"""What nginx may be given: an absolute path, an address to listen on, a network, a base path."""

import ipaddress
import re
from pathlib import Path
from urllib.parse import urlsplit

# What a path may not hold: the end of nginx's quotes, a variable, the look of a placeholder.
_BREAKS_OUT = re.compile(r'["\\$%\x00-\x1f\x7f]')
_LISTEN = re.compile(r"(?:(?:[A-Za-z0-9.-]+|\*|\[[0-9A-Fa-f:.]+\]):)?(?P<port>[0-9]{1,5})")


class ConfigError(ValueError):
    """A value or a template that nginx must not be given; the message is a sentence."""


def check_path(path: Path) -> None:
    """Raise ConfigError for what is no absolute path, or cannot stand in quotes."""
    if not path.is_absolute():
        raise ConfigError(f"{path} is not an absolute path.")
    if found := _BREAKS_OUT.search(str(path)):
        raise ConfigError(f"nginx cannot take {found[0]!r} in the path {str(path)!r}.")


def check_listen(listen: str) -> None:
    """Raise ConfigError for what is not an address that nginx can listen on."""
    found = _LISTEN.fullmatch(listen)
    if not found or not 1 <= int(found["port"]) <= 65_535:
        raise ConfigError(f"{listen!r} is not an address to listen on, like 127.0.0.1:8080.")


def split_listen(listen: str) -> tuple[str, int]:
    """Split 'host:port' as nginx reads it; '' is every address. Raises ConfigError."""
    check_listen(listen)
    host, _, port = listen.rpartition(":")
    return ("" if host == "*" else host.strip("[]")), int(port)


def check_network(network: str) -> None:
    """Raise ConfigError for what is no address and no network of addresses."""
    try:
        ipaddress.ip_network(network)
    except ValueError as error:
        raise ConfigError(f"{network!r} is no network, like 10.0.0.0/8.") from error


def base_of(site_url: str) -> str:
    """Return the path under which a site lives: '' at the root of a host, else '/dir'."""
    return urlsplit(site_url).path.rstrip("/")
