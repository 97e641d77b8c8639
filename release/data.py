"""Where everything lies under DATA: each path is spelled here and nowhere else."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SITE = "site.db"  # the database in a release's folder
STATIC = "static"  # the folder of its lists


@dataclass(frozen=True)
class Data:
    """The data folder; a path need not exist because it has a name here."""

    folder: Path

    @cached_property
    def catalog(self) -> Path:
        """The write side's memory."""
        return self.folder / "catalog.db"

    @cached_property
    def lock(self) -> Path:
        """The file whose lock a run holds."""
        return self.folder / "lock"

    @cached_property
    def last_runs(self) -> Path:
        """How each command went last."""
        return self.folder / "last-runs.json"

    @cached_property
    def certificate_ends(self) -> Path:
        """When the certificate that the site shows ends."""
        return self.folder / "certificate-ends"

    @cached_property
    def releases(self) -> Path:
        """The folder of the kept releases."""
        return self.folder / "releases"

    @cached_property
    def current(self) -> Path:
        """The link to the live release."""
        return self.folder / "current"

    @cached_property
    def rolled_back(self) -> Path:
        """The marker of a rollback that holds."""
        return self.folder / "rolled-back"

    @cached_property
    def store(self) -> Path:
        """What every release shares: cards, plates, badges, Composer files, zips."""
        return self.folder / "store"

    @cached_property
    def cards(self) -> Path:
        """The card files."""
        return self.store / "og"

    @cached_property
    def plates(self) -> Path:
        """The plate files."""
        return self.store / "plates"

    @cached_property
    def pictures(self) -> Path:
        """The packages' own pictures, prepared for their cards."""
        return self.store / "pictures"

    @cached_property
    def zips(self) -> Path:
        """The zips that are kept."""
        return self.store / "zips"

    @cached_property
    def badges(self) -> Path:
        """The badge files."""
        return self.store / "badges"

    @cached_property
    def composer(self) -> Path:
        """The files that Composer reads."""
        return self.store / "p2"

    @cached_property
    def composer_release(self) -> Path:
        """The marker that names the release whose metadata `composer` holds."""
        return self.store / "p2.release"

    @cached_property
    def rejected(self) -> Path:
        """The refused records."""
        return self.folder / "rejected" / "rejected.jsonl"

    @cached_property
    def wporg(self) -> Path:
        """What wordpress.org answered, and how far its changes were followed."""
        return self.folder / "wporg"

    @cached_property
    def logs(self) -> Path:
        """Logs and pid files of `make serve`."""
        return self.folder / "log"

    @cached_property
    def install_log(self) -> Path:
        """Where nginx logs the installs that are counted."""
        return self.logs / "downloads.log"

    @cached_property
    def nginx_pid(self) -> Path:
        """By which nginx is asked to begin a new log."""
        return self.logs / "nginx.pid"

    @cached_property
    def backup(self) -> Path:
        """Copies of the catalogue."""
        return self.folder / "backup"

    @cached_property
    def replaced(self) -> Path:
        """Catalogues that a restored backup took the place of."""
        return self.folder / "replaced"

    @cached_property
    def mirrors(self) -> Path:
        """What other hosts and buckets were left with."""
        return self.folder / "elsewhere"

    def site(self, id: str) -> Path:
        """The database of a release."""
        return self.releases / id / SITE
