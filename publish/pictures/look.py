"""One picture looked at: the first of its addresses that gives one that can be shown."""

from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass

from catalog.pictures import Picture, Seen, Unanswered
from catalog.wporg.client import LeftAlone, Outage
from publish.cards.workers import Workers
from publish.pictures.beside import Origin
from publish.pictures.judge import Unfit, judged
from render.picture import digest

Judge = Callable[[str, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a picture, and it as prepared; left_alone: the hosts want no more questions."""

    outcome: Seen | Unanswered
    prepared: bytes = b""
    left_alone: bool = False

    @property
    def unanswered(self) -> bool:
        """Whether nobody answered."""
        return isinstance(self.outcome, Unanswered)


def look(origin: Origin, judging: Judge, picture: Picture) -> Looked:
    """Take the first of a picture's addresses that gives one that can be shown."""
    reasons = []
    for address in picture.addresses:
        try:
            answer = origin.ask(address, picture)
            if answer.content is None:
                etag, modified = answer.etag or picture.etag, answer.modified or picture.modified
                return Looked(Seen(picture, picture.digest, address, etag, modified))
            prepared = judging(picture.type, answer.content)
        except Unfit as unfit:
            reasons.append(f"{address}: {unfit}")
        except Outage as outage:
            left_alone = isinstance(outage, LeftAlone)
            return Looked(Unanswered(picture, str(outage)), left_alone=left_alone)
        else:
            name = digest(prepared)
            return Looked(Seen(picture, name, address, answer.etag, answer.modified), prepared)
    return Looked(Seen(picture, etag=origin.seal(picture), reason="; ".join(reasons)))


def judge(workers: Workers, type_: str, content: bytes) -> bytes:
    """Have a picture judged and prepared where it can do no harm. Raises Unfit."""
    try:
        answer = workers.submit(judged, type_, content).result()
    except BrokenExecutor:
        raise Unfit("it takes too much time or memory") from None
    if isinstance(answer, str):
        raise Unfit(answer)
    return answer
