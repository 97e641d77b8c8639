"""wordpress.org as a source: what its repositories and its API tell, saved as a file of records."""

from catalog.wporg.client import Client, Limits, Outage
from catalog.wporg.fetch import Report, Sites, fetch
from catalog.wporg.saved import Damaged, Saved
from catalog.wporg.seeds import SeedError, read_seeds

__all__ = [
    "Client",
    "Damaged",
    "Limits",
    "Outage",
    "Report",
    "Saved",
    "SeedError",
    "Sites",
    "fetch",
    "read_seeds",
]
