"""The read side: a Bottle app over one published release. It cannot write."""

from server.app import make_app
from server.settings import Settings

__all__ = ["Settings", "make_app"]
