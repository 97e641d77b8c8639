"""Objects in an S3-compatible bucket: listed, sent and deleted, several at once, through boto3."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
)

from catalog import progress

_md5 = partial(hashlib.md5, usedforsecurity=False)
_BATCH = 512  # objects asked for before failures are looked at
_Item = TypeVar("_Item")


class Broken(Exception):
    """Something could not be listed, sent or deleted; the sentence names the first."""


class NoCredentials(Exception):
    """boto3 found nothing that says who we are."""


class Bucket:
    """A bucket and a prefix in it; keys here are without the prefix."""

    def __init__(self, name: str, prefix: str, endpoint: str | None, at_once: int) -> None:
        self.sent = 0
        self.deleted = 0
        self._name = name
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._at_once = at_once
        config = Config(
            max_pool_connections=at_once,
            retries={"mode": "standard", "max_attempts": 5},
            # Amazon's newer checksums are unknown to many other stores; MD5 is known to all.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        with _sentences(name):
            self._client: Any = boto3.client("s3", endpoint_url=endpoint, config=config)

    def listed(self, under: str) -> dict[str, str]:
        """Give the keys below `under` with their ETags, which for objects sent so is their MD5."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._name, Prefix=self._prefix + under
        )
        with _sentences(self._name):
            return {
                one["Key"].removeprefix(self._prefix): one["ETag"].strip('"')
                for page in pages
                for one in page.get("Contents", ())
            }

    def put(
        self, objects: Sequence[tuple[str, Path]], type: str, caching: str, encoding: str = ""
    ) -> None:
        """Send files under their keys; raises Broken before the next few hundred."""
        encoded = {"ContentEncoding": encoding} if encoding else {}

        def send(one: tuple[str, Path]) -> None:
            with one[1].open("rb") as body:  # a zip may be larger than memory
                digest = hashlib.file_digest(body, _md5).digest()
                body.seek(0)
                self._client.put_object(
                    Bucket=self._name,
                    Key=self._prefix + one[0],
                    Body=body,
                    ContentMD5=base64.b64encode(digest).decode(),
                    ContentType=type,
                    CacheControl=caching,
                    **encoded,
                )

        self.sent += self._each(send, objects, f"sending {type}", lambda one: one[0])

    def delete(self, keys: Sequence[str]) -> None:
        """Delete objects; one that is not there is fine."""

        def drop(key: str) -> None:
            self._client.delete_object(Bucket=self._name, Key=self._prefix + key)

        self.deleted += self._each(drop, keys, "deleting", str)

    def _each(
        self,
        act: Callable[[_Item], None],
        items: Sequence[_Item],
        words: str,
        name: Callable[[_Item], str],
    ) -> int:
        """Act on all, several at once; give their number."""

        def attempt(item: _Item) -> str:
            try:
                with _sentences(name(item)):
                    act(item)
            except Broken as error:
                return str(error)
            return ""

        shown = iter(progress.shown(items, words, len(items)))
        with ThreadPoolExecutor(self._at_once) as pool:
            while batch := list(islice(shown, _BATCH)):
                if failures := [said for said in pool.map(attempt, batch) if said]:
                    more = f" (and {len(failures) - 1:,} more)" if failures[1:] else ""
                    raise Broken(f"{failures[0]}{more}")
        return len(items)


@contextmanager
def _sentences(what: str) -> Iterator[None]:
    """Say in our words what boto3 raises, about `what`."""
    try:
        yield
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise NoCredentials(str(error)) from None
    except (BotoCoreError, ClientError, OSError) as error:
        raise Broken(f"{what}: {error}") from None
