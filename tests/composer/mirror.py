"""A mirror of the repository that goes by the feed of changes, as composer/mirror does.

Its contract: without `since` the feed answers 400 with a timestamp to begin from; then everything
is read, once; from there on only what the feed names is. A file must not be older than its entry.
"""

import gzip
import json
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from tests.composer.place import Place
from tests.nginx.face import Answer


@dataclass
class Mirror:
    """What has been read, by file name such as 'wp-plugin/akismet~dev'."""

    place: Place
    since: int = 0
    files: dict[str, bytes] = field(default_factory=dict)

    def begin(self) -> None:
        """Take the timestamp before anything is read, so that nothing falls in between."""
        answer = self._ask("/metadata/changes.json")
        assert answer.status == 400
        self.since = int(json.loads(answer.body)["timestamp"])
        self._read_all()

    def follow(self) -> list[tuple[str, str]]:
        """Do what the feed says, and give it as (type, package), by package."""
        answer = self._ask(f"/metadata/changes.json?since={self.since}")
        assert answer.status == 200
        feed = json.loads(answer.body)
        for action in feed["actions"]:
            self._do(action["type"], action["package"], action["time"])
        self.since = feed["timestamp"]
        return sorted((action["type"], action["package"]) for action in feed["actions"])

    def _do(self, type_: str, package: str, time: int) -> None:
        if type_ == "resync":
            assert package == "*"
            self._read_all()
        elif type_ == "delete":
            self.files.pop(package, None)
            assert self._ask(f"/p2/{package}.json").status == 404
        else:
            assert type_ == "update"
            self._read(package, time)

    def _read_all(self) -> None:
        self.files.clear()
        for name in json.loads(self._ask("/list.json").body)["packageNames"]:
            self._read(name)
            self._read(f"{name}~dev")

    def _read(self, name: str, time: int = 0) -> None:
        answer = self._ask(f"/p2/{name}.json")
        assert answer.status == 200
        assert parsedate_to_datetime(answer.headers["last-modified"]).timestamp() >= time
        self.files[name] = answer.body

    def _ask(self, path: str) -> Answer:
        answer = self.place.ask(path, Accept_Encoding="gzip")
        if answer.headers.get("content-encoding") != "gzip":
            return answer
        return Answer(answer.status, answer.headers, gzip.decompress(answer.body))
