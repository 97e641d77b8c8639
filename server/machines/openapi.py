"""The OpenAPI description of the JSON answers, made of their types."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from server.answer import Answer, Site, data
from server.browse import LONGEST_WORDS, PAGE_SIZE, Php, Sort, Type, Within
from server.machines import api, closures, composer
from server.machines.list_query import MOST_PER_PAGE

_INFO = {
    "title": "Frontispiece",
    "version": "1",
    "description": "The directory, read-only. An answer holds until the next release; ask with "
    "If-None-Match.",
    "license": {"name": "MIT", "identifier": "MIT"},
}
_ERRORS = {
    400: "What is asked makes no sense; the sentence says which part.",
    404: "There is no such thing.",
    410: "The package was withdrawn.",
}
_REF = "#/components/schemas/{name}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A part of an address. place: 'path' or 'query'. type: of its value."""

    name: str
    place: str
    description: str
    type: Any = str


@dataclass(frozen=True, slots=True)
class Operation:
    """A GET. answer: the type of its 200. errors: the other statuses that it may have."""

    path: str
    id: str
    summary: str
    answer: Any
    parameters: tuple[Parameter, ...] = ()
    errors: tuple[int, ...] = ()


_MOMENTS = ({"format": "date"}, {"format": "date-time"}, {"pattern": "^[0-9]{9,11}$"})
_LIST = (
    Parameter(
        "q",
        "query",
        "Words: each is the beginning of a word in the name, slug, author, description or tags.",
        Annotated[str, Meta(max_length=LONGEST_WORDS)],
    ),
    Parameter("type", "query", "Only these.", Type),
    Parameter("php", "query", "Only what runs on this PHP version.", Php),
    Parameter("within", "query", "Only what was updated so lately.", Within),
    Parameter("closed", "query", "1: the closed packages instead of the open.", Literal["1"]),
    Parameter("installable", "query", "1: only what Composer can have.", Literal["1"]),
    Parameter(
        "sort",
        "query",
        "Without it the best match, or the most installed, is first; composer: the most installed "
        "by Composer, as counted here.",
        Sort,
    ),
    Parameter("page", "query", "From 1 on.", Annotated[int, Meta(ge=1)]),
    Parameter(
        "per_page",
        "query",
        f"Packages in an answer; {PAGE_SIZE} where nothing is said.",
        Annotated[int, Meta(ge=1, le=MOST_PER_PAGE)],
    ),
    Parameter(
        "updated_since",
        "query",
        "Only what was updated then or later: a day (2026-11-01, which begins in UTC), a moment "
        "(2026-11-01T00:00:00Z) or Unix seconds.",
        Annotated[str, Meta(extra_json_schema={"anyOf": _MOMENTS})],
    ),
    Parameter("cursor", "query", "Where to go on: stands in the address given as next.", str),
)
_PACKAGE = (
    Parameter("type", "path", "What it is.", Type),
    Parameter("slug", "path", "The slug on WordPress.org."),
)
_AUTHOR = (
    Parameter(
        "key",
        "path",
        "The account on WordPress.org, or the last part of the address of the author's page. "
        "A printed name leads on (301) to the account.",
    ),
)
_TAG = (Parameter("tag", "path", "The last part of the address of the tag's page."),)
_GONE = (404, 410)

# fmt: off
OPERATIONS = (
    Operation("/api/packages", "findPackages", "Search, or list", api.PackageList, _LIST,
              (400, 404)),
    Operation("/api/packages/{type}/{slug}", "getPackage",
              "All that is known of a package", api.PackageFacts, _PACKAGE, _GONE),
    Operation("/api/packages/{type}/{slug}/stats.json", "getPackageStats",
              "The installs of a package", api.PackageStats, _PACKAGE, _GONE),
    Operation("/packages/{type}/{slug}/versions.json", "getVersions",
              "Every version of a package, those not offered with the reason",
              composer.Versions, _PACKAGE, _GONE),
    Operation("/api/authors/{key}", "getAuthor",
              "An author's packages, at most 100", api.AuthorFacts, _AUTHOR, (404,)),
    Operation("/api/tags/{tag}", "getTag",
              "The packages that bear a tag, at most 100", api.TagFacts, _TAG, (404,)),
    Operation("/api/stats", "getStats", "Packages, and the installs of all of them", api.Stats),
    Operation("/api/status", "getStatus", "How the site is", api.Status),
    Operation("/status.json", "getStatusFile", "The same as /api/status", api.Status),
    Operation("/release.json", "getRelease", "When the release was made", api.Release),
    Operation("/closed.json", "getClosures", "Every closed package, and what was closed or opened",
              closures.Closures),
)
# fmt: on


def description(site: Site) -> Answer:
    """The OpenAPI description of all this."""
    types = (*(one.answer for one in OPERATIONS), api.Problem)
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    *answers, problem = schemas
    return data(
        {
            "openapi": "3.1.0",
            "info": _INFO,
            "servers": [{"url": site.links.absolute(site.links.home).rstrip("/")}],
            "paths": {
                one.path: {"get": _operation(one, answer, problem)}
                for one, answer in zip(OPERATIONS, answers, strict=True)
            },
            "components": {"schemas": components},
        }
    )


def _operation(
    one: Operation, answer: dict[str, object], problem: dict[str, object]
) -> dict[str, object]:
    responses = {"200": _response(one.summary, answer)}
    responses |= {str(status): _response(_ERRORS[status], problem) for status in one.errors}
    return {
        "operationId": one.id,
        "summary": one.summary,
        "parameters": [
            {
                "name": parameter.name,
                "in": parameter.place,
                "description": parameter.description,
                "required": parameter.place == "path",
                "schema": msgspec.json.schema(parameter.type),
            }
            for parameter in one.parameters
        ],
        "responses": responses,
    }


def _response(description: str, schema: dict[str, object]) -> dict[str, object]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
