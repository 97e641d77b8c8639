"""Facts of a package that are printed and used for nothing else: no order, no filter, no card.

One line here, and a reader of the same name in catalog/record.py, and a fact stands on the page, in
its twin and in the API. What lists are sorted or filtered by needs a column of its own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Value = str | int


@dataclass(frozen=True, slots=True)
class Form:
    """How a fact is printed. link: its value is the address of a page."""

    label: str
    link: bool = False


# By their names in the API, in the order of the page.
FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "repository_url": Form("Source code", link=True),
    }
)


@dataclass(frozen=True, slots=True)
class Extra:
    """A fact of one package."""

    name: str
    form: Form
    value: Value

    @property
    def text(self) -> str:
        """The value as it is printed."""
        if isinstance(self.value, int):
            return f"{self.value:,}"
        return self.value.partition("://")[2].rstrip("/") if self.form.link else self.value


def stored(text: str) -> list[Extra]:
    """Read the JSON list of [name, value] of a package; a name that is not known is left out."""
    told = dict(json.loads(text))
    return [Extra(name, form, told[name]) for name, form in FORMS.items() if name in told]
