"""The WSGI app: one release a request, Bottle for the routes, the headers that every answer has."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import bottle
from bottle import request

from server import pages
from server.etag import etag, is_known
from server.links import Links
from server.pages import Answer, Site
from server.settings import Settings
from server.snapshot import NoRelease, Shelf
from server.views import Views

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SITE = "frontispiece.site"
_REASON = "frontispiece.reason"
_PACKAGE = "<type_:re:plugin|theme>/<slug:re:[^/]+>"


def make_app(settings: Settings) -> "WSGIApplication":
    """Return the site as a WSGI app. No release is opened before the first request."""
    shelf = Shelf(settings)
    views = Views()
    routes = _routes(views)

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # The release is chosen once, here, before anything else: no request sees two.
        always = {"Content-Security-Policy": views.content_security_policy}
        try:
            snapshot = shelf.snapshot()
        except NoRelease as reason:
            environ[_REASON] = str(reason)
        else:
            environ[_SITE] = Site(snapshot, Links(snapshot.meta["site_url"]), views)
            always["X-Release"] = snapshot.release
        answer: Iterable[bytes] = routes(environ, _adding(always, start_response))
        return answer

    return app


def _adding(always: dict[str, str], start_response: "StartResponse") -> Callable[..., object]:
    # Here and not in a Bottle hook: a hook's headers are lost when a page fails.
    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> object:
        return start_response(status, [*headers, *always.items()], exc_info)

    return start


def _routes(views: Views) -> bottle.Bottle:
    app = bottle.Bottle()
    app.add_hook("before_request", lambda: _admit(views))

    def route(rule: str, page: Callable[..., Answer]) -> None:
        app.route(rule, "GET", lambda **named: _reply(page(_site(), **named)))
        if rule != "/":
            app.route(rule + "/", "GET", _without_slash)

    route("/", lambda site: pages.index(site, request.environ.get("QUERY_STRING", "")))
    route(f"/packages/{_PACKAGE}", pages.package)
    route(f"/og/{_PACKAGE}.png", pages.stable_card)
    route("/favicon.svg", pages.icon)
    route("/health", lambda site: pages.health(site.snapshot, datetime.now(UTC)))

    def fault(status: int, page: Callable[[Site], Answer]) -> None:
        app.error(status, lambda _: _reply(page(_site())))

    fault(404, pages.not_found)
    fault(405, pages.not_allowed)
    fault(500, pages.broken)
    return app


def _admit(views: Views) -> None:
    """Let a request through to the routes, which know nothing of the site's base.

    A path may come with the base or already without it: that is the proxy's affair. Bottle drops
    the bytes of a path that are not UTF-8; here such a path names nothing.
    """
    environ = request.environ
    if _SITE not in environ:
        reason = environ[_REASON]
        asked_for_health = environ["PATH_INFO"].endswith("/health")
        raise _reply(
            pages.unhealthy(reason) if asked_for_health else pages.unavailable(views, reason)
        )
    base = _site().links.base
    try:
        path = environ["bottle.raw_path"].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        raise _reply(pages.not_found(_site())) from None
    if path == base:
        raise _reply(pages.moved(_site().links.home))
    environ["PATH_INFO"] = path.removeprefix(base) if path.startswith(base + "/") else path


def _site() -> Site:
    site: Site = request.environ[_SITE]
    return site


def _without_slash(**_: str) -> bottle.HTTPResponse:
    # Only paths that a route matched come here, so this cannot name another host.
    path = quote(request.environ["PATH_INFO"].removesuffix("/"))
    return _reply(pages.moved(_site().links.base + path))


def _reply(answer: Answer) -> bottle.HTTPResponse:
    headers = dict(answer.headers)
    if answer.lasting:
        environ = request.environ
        query = environ.get("QUERY_STRING", "")
        release, look = _site().snapshot.release, _site().views.look
        headers["ETag"] = etag(release, look, environ["bottle.raw_path"], query)
        if is_known(headers["ETag"], environ.get("HTTP_IF_NONE_MATCH", "")):
            return bottle.HTTPResponse(status=304, headers=headers)
    return bottle.HTTPResponse(answer.body, answer.status, headers)
