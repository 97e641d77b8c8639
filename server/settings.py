"""Where the app finds the release that it serves."""

from dataclasses import dataclass
from pathlib import Path


class SettingsError(ValueError):
    """Settings that cannot be meant; the message is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Either the folder whose link `current` names the release, or one release for good.

    data: the folder DATA; the app follows DATA/current from request to request.
    release: a release's own folder; the app serves it whatever `current` says.
    sockets: the folder in which this process and the others listen, if it listens at all.
    """

    data: Path | None = None
    release: Path | None = None
    sockets: Path | None = None

    def __post_init__(self) -> None:
        if self.data is None and self.release is None:
            raise SettingsError("Name a data folder or a release to serve.")
        if self.data is not None and self.release is not None:
            raise SettingsError("Name a data folder or a release to serve, not both.")
        folder = self.data or self.release
        if folder is not None and not folder.is_dir():
            raise SettingsError(f"{folder} is not a folder.")
