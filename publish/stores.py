"""The stores of files that releases name: cards, plates and kept zips."""

from dataclasses import dataclass
from typing import Self

from publish.cards.store import CardStore, PlateStore
from publish.zips.store import ZipStore
from release.data import Data


@dataclass(frozen=True, slots=True)
class Stores:
    """Where the files go."""

    cards: CardStore
    plates: PlateStore
    zips: ZipStore

    @classmethod
    def of(cls, data: Data) -> Self:
        """Give those of a data folder."""
        return cls(CardStore(data.cards), PlateStore(data.plates), ZipStore(data.zips))

    def mend(self) -> None:
        """Remove what a killed run left half written."""
        self.cards.mend()
        self.plates.mend()
