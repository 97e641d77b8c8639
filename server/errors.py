"""The answers to what cannot be answered."""

from server.answer import HTML, NEVER, Answer, Site, report
from server.closure import Closure
from server.head import Head
from server.links import Links
from server.queries.packages import Package
from server.views import Views


def not_found(site: Site, words: str = "") -> Answer:
    """404, with a search that already holds what the address seemed to ask for."""
    return _message(site, 404, "Not found", "not_found", words=words)


def not_allowed(site: Site) -> Answer:
    """405: everything here is for reading."""
    answer = _message(site, 405, "Only for reading", "not_allowed")
    return Answer(405, answer.body, {**answer.headers, "Allow": "GET, HEAD"})


def gone(site: Site, found: Package) -> Answer:
    """410: a package that was withdrawn, or closed for good."""
    closure = Closure.parse(found.closure) if found.closure else None
    return _message(site, 410, found.name, "gone", package=found, closure=closure)


def broken(site: Site) -> Answer:
    """500: the fault is ours, and has been logged."""
    return _message(site, 500, "Something broke", "broken")


def unavailable(views: Views, reason: str) -> Answer:
    """503: there is no release to answer from."""
    head = Head(title="Not available just now", indexed=False)
    body = views.render("unavailable", head=head, links=Links(""), reason=reason)
    headers = {"Content-Type": HTML, "Cache-Control": NEVER, "Retry-After": "60"}
    return Answer(503, body, headers)


def unhealthy(reason: str) -> Answer:
    """503 for a monitor."""
    return report(503, {"status": "unavailable", "reason": reason})


def _message(site: Site, status: int, title: str, view: str, **values: object) -> Answer:
    head = Head(title=title, indexed=False, searched=status in (404, 410))
    body = site.render(view, head=head, **values)
    return Answer(status, body, {"Content-Type": HTML, "Cache-Control": NEVER})
