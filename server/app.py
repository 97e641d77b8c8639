"""The WSGI app: one release a request, Bottle for the routes, the headers that every answer has."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import bottle
from bottle import request

from server import errors
from server.answer import HTML, MARKDOWN, Answer, Page, Site, moved
from server.compression import is_worth_packing, pack
from server.etag import etag, is_known
from server.links import Links
from server.live import Live
from server.routes import PARTS, ROUTES, Route, fill
from server.settings import Settings
from server.snapshot import CurrentRelease, NoRelease
from server.templates import Templates

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SITE = "frontispiece.site"
_REASON = "frontispiece.reason"
_ERRORS = {405: errors.not_allowed, 500: errors.broken}


def make_app(settings: Settings) -> "WSGIApplication":
    """Return the site as a WSGI app. No release is opened before the first request."""
    current = CurrentRelease(settings)
    templates, live = Templates(), Live(settings)
    routes = _routes(templates)

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # The release is chosen once, here, before anything else: no request sees two.
        always = {"Content-Security-Policy": templates.content_security_policy}
        try:
            served = current.served()
        except NoRelease as reason:
            environ[_REASON] = str(reason)
        else:
            snapshot = served.snapshot
            links = Links(snapshot.meta["site_url"])
            environ[_SITE] = Site(snapshot, links, templates, live, served.instead_of)
            always["X-Release"] = snapshot.release
        answer: Iterable[bytes] = routes(environ, _adding(always, start_response))
        return answer

    return app


def _adding(always: dict[str, str], start_response: "StartResponse") -> Callable[..., object]:
    # Here and not in a Bottle hook: a hook's headers are lost when a page fails.
    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> object:
        return start_response(status, [*headers, *always.items()], exc_info)

    return start


def _routes(templates: Templates) -> bottle.Bottle:
    app = bottle.Bottle()
    app.add_hook("before_request", lambda: _admit(templates))
    for route in ROUTES:
        if route.twin:  # before the page, whose last part may end in anything
            _add(app, route.twin_path, _answering(route, MARKDOWN))
        _add(app, route.path, _answering(route, HTML))
    app.error(404, lambda _: _unknown(app))
    for status, answer in _ERRORS.items():
        app.error(status, _failing(answer))
    return app


def _add(app: bottle.Bottle, path: str, answer: Callable[..., bottle.HTTPResponse]) -> None:
    rule = fill(path, lambda part: f"<{part[1]}:re:{PARTS[part[1]]}>")
    app.route(rule, "GET", answer)


def _answering(route: Route, content_type: str) -> Callable[..., bottle.HTTPResponse]:
    def answer(**parts: str) -> bottle.HTTPResponse:
        site = _site()
        if route.asked:
            heard = content_type != MARKDOWN or route.twin_asked
            parts["query"] = request.environ.get("QUERY_STRING", "") if heard else ""
        found = route.answer(site, **parts)
        if isinstance(found, Page):
            found = site.printed(found, content_type)
        elif found.status == 301 and content_type == MARKDOWN:  # from a twin to a twin
            found = moved(f"{found.headers['Location']}.md")
        return _reply(found)

    return answer


def _failing(answer: Callable[[Site], Answer]) -> Callable[[object], bottle.HTTPResponse]:
    return lambda _: _reply(answer(_site()))


def _admit(templates: Templates) -> None:
    """Let a request through to the routes, which know nothing of the site's base.

    A path may come with the base or already without it: that is the proxy's affair. Bottle drops
    the bytes of a path that are not UTF-8; here such a path names nothing.
    """
    environ = request.environ
    if _SITE not in environ:
        reason = environ[_REASON]
        asked_for_health = environ["PATH_INFO"].endswith("/health")
        raise _reply(
            errors.unhealthy(reason) if asked_for_health else errors.unavailable(templates, reason)
        )
    base = _site().links.base
    try:
        path = environ["bottle.raw_path"].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        raise _reply(errors.not_found(_site())) from None
    if path == base:
        raise _reply(moved(_site().links.home))
    environ["PATH_INFO"] = path.removeprefix(base) if path.startswith(base + "/") else path


def _site() -> Site:
    site: Site = request.environ[_SITE]
    return site


def _unknown(app: bottle.Bottle) -> bottle.HTTPResponse:
    """Answer what no route matches; without a slash at its end, it may be there."""
    path = request.environ["PATH_INFO"]
    bare = path.removesuffix("/")
    # Each route a second time, with a slash, would cost the start of every process 30 ms.
    if bare not in (path, "/") and _leads(app, bare):
        # Only a path that a route matches, so this cannot name another host.
        return _reply(moved(_site().links.base + quote(bare)))
    return _reply(errors.not_found(_site()))


def _leads(app: bottle.Bottle, path: str) -> bool:
    try:
        app.match({"REQUEST_METHOD": request.method, "PATH_INFO": path})
    except bottle.HTTPError:
        return False
    return True


def _reply(answer: Answer) -> bottle.HTTPResponse:
    headers = dict(answer.headers)
    body = answer.body.encode()
    packed = is_worth_packing(body, request.environ.get("HTTP_ACCEPT_ENCODING", ""))
    if answer.lasting:
        tag = etag(headers["Content-Type"], body)
        headers["ETag"] = f"W/{tag}" if packed else tag  # one tag for both forms
        if is_known(tag, request.environ.get("HTTP_IF_NONE_MATCH", "")):
            return bottle.HTTPResponse(status=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
        body = pack(body)
    return bottle.HTTPResponse(body, answer.status, headers)
