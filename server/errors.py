"""The answers to what cannot be answered."""

from server import figures
from server.answer import HTML, NEVER, Answer, Site, report
from server.links import Links
from server.pages.head import Head
from server.queries.packages import Package
from server.templates import Templates


def not_found(site: Site, words: str = "") -> Answer:
    """404, with a search that already holds what the address seemed to ask for."""
    what = "There is nothing at this address. Perhaps a search turns it up: the one above."
    return _error(site, 404, "Not found", "No such page", what, words=words)


def no_such(site: Site, what: str, words: str = "") -> Answer:
    """404 with a sentence of its own, for an address that is nearly one."""
    return _error(site, 404, "Not found", "No such page", what, words=words)


def not_allowed(site: Site) -> Answer:
    """405: everything here is for reading."""
    title = "Only for reading"
    what = "This site answers GET and HEAD; it takes nothing in."
    answer = _error(site, 405, title, title, what)
    return Answer(405, answer.body, {**answer.headers, "Allow": "GET, HEAD"})


def gone(site: Site, found: Package) -> Answer:
    """410: a package that was withdrawn, or closed for good."""
    closure = found.why_closed
    head = Head(
        title=f"{found.name} ({'closed' if closure else 'withdrawn'})",
        description=figures.closed(closure, None) + "." if closure else "",
        indexed=False,
    )
    body = site.render("gone", head=head, package=found, closure=closure)
    return _html(410, body)


def broken(site: Site) -> Answer:
    """500: the fault is ours, and has been logged."""
    title = "Something broke"
    what = "The fault is on our side and has been noted. Other pages should work."
    return _error(site, 500, title, title, what)


def unavailable(templates: Templates, reason: str) -> Answer:
    """503: there is no release to answer from."""
    title = "Not available just now"
    head = Head(title=title, indexed=False)
    values = {
        "packages": 0,
        "data_of": 0,
        "status": 503,
        "heading": title,
        "what": reason,
        "links": Links(""),
    }
    answer = _html(503, templates.render("error", head=head, **values))
    return Answer(503, answer.body, {**answer.headers, "Retry-After": "60"})


def unhealthy(reason: str) -> Answer:
    """503 for a monitor."""
    return report(503, {"status": "unavailable", "reason": reason})


def _error(site: Site, status: int, title: str, heading: str, what: str, words: str = "") -> Answer:
    head = Head(title=title, indexed=False, words=words)
    body = site.render("error", head=head, status=status, heading=heading, what=what)
    return _html(status, body)


def _html(status: int, body: str) -> Answer:
    return Answer(status, body, {"Content-Type": HTML, "Cache-Control": NEVER})
