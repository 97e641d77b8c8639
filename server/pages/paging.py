"""Lists that are cut into pages by ?page= alone."""

from dataclasses import dataclass

from server.browse import Browse, last_page


@dataclass(frozen=True, slots=True)
class Paging:
    """Where in a list a page stands. address: site-relative, of the list's first page."""

    number: int
    last: int
    size: int
    address: str

    @classmethod
    def parse(cls, query: str, count: int, size: int, address: str) -> "Paging":
        """Read the page from a query string; one past the end is the last."""
        last = last_page(count, size)
        return cls(min(Browse.parse(query).page, last), last, size, address)

    @property
    def offset(self) -> int:
        """How many entries come before this page."""
        return (self.number - 1) * self.size

    @property
    def here(self) -> str:
        """The address of this page."""
        return self._at(self.number)

    @property
    def previous(self) -> str:
        """The page before; '' for the first."""
        return self._at(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The page after; '' for the last."""
        return self._at(self.number + 1) if self.number < self.last else ""

    @property
    def title(self) -> str:
        """What a title says of it: ', page 2'; '' for the first."""
        return f", page {self.number}" if self.number > 1 else ""

    def _at(self, number: int) -> str:
        return self.address if number == 1 else f"{self.address}?page={number}"
