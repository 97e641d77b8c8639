"""The WSGI app: one release a request, Bottle for the routes, the headers that every answer has."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import bottle
from bottle import request

from server import errors, health, pages
from server.answer import Answer, Site, moved
from server.compression import is_worth_packing, pack
from server.etag import etag, is_known
from server.links import Links
from server.machines import api, assets, composer, feeds, installs
from server.settings import Settings
from server.snapshot import NoRelease, Shelf
from server.views import Views

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SITE = "frontispiece.site"
_REASON = "frontispiece.reason"
_PACKAGE = "<type_:re:plugin|theme>/<slug:re:[^/]+>"
_KEY = "<key:re:[^/]+>"
_TAG = "<tag:re:[^/]+>"


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

    def route_asked(rule: str, page: Callable[..., Answer]) -> None:
        query = "QUERY_STRING"
        route(
            rule, lambda site, **named: page(site, *named.values(), request.environ.get(query, ""))
        )

    def route_twin(rule: str, page: Callable[..., Answer], view: str) -> None:
        route(f"{rule}.md", lambda site, **named: page(site, **named, view=f"{view}.md"))

    _route_pages(route, route_asked, route_twin)
    _route_lists(route)
    _route_scripts(route, route_asked)

    def fault(status: int, page: Callable[[Site], Answer]) -> None:
        app.error(status, lambda _: _reply(page(_site())))

    fault(404, errors.not_found)
    fault(405, errors.not_allowed)
    fault(500, errors.broken)
    return app


_Route = Callable[[str, Callable[..., Answer]], None]


def _route_pages(
    route: _Route,
    route_asked: _Route,
    route_twin: Callable[[str, Callable[..., Answer], str], None],
) -> None:
    """Pages for people, and each one's twin in Markdown."""
    route_asked("/", pages.index)
    route("/index.md", pages.front_markdown)
    route(f"/packages/{_PACKAGE}.md", pages.package_markdown)
    route(f"/packages/{_PACKAGE}", pages.package)
    route_twin(f"/authors/{_KEY}", pages.author, "author")
    route_asked(f"/authors/{_KEY}", pages.author)
    route_twin(f"/tags/{_TAG}", pages.tag, "tag")
    route_asked(f"/tags/{_TAG}", pages.tag)
    route_twin("/closed", pages.closed, "closed")
    route_asked("/closed", pages.closed)
    route_twin("/docs", pages.docs, "docs")
    route("/docs", pages.docs)
    route_twin("/status", health.status, "status")
    route("/status", health.status)
    route(f"/og/{_PACKAGE}.png", assets.stable_card)
    route("/favicon.svg", assets.icon)
    route("/assets/<digest:re:[0-9a-f]+>.js", assets.script)


def _route_lists(route: _Route) -> None:
    """Feeds, sitemaps and their like; deploy makes files of those that have one address."""
    route("/feed.xml", feeds.releases)
    route("/new/feed.xml", feeds.new)
    route("/closed/feed.xml", feeds.closures)
    route(f"/packages/{_PACKAGE}/feed.xml", feeds.package)
    route(f"/authors/{_KEY}/feed.xml", feeds.author)
    route("/sitemap.xml", feeds.sitemap)
    route("/sitemaps/pages.xml", feeds.sitemap_pages)
    route("/sitemaps/packages-<number:re:[0-9]{1,6}>.xml", feeds.sitemap_part)
    route("/opensearch.xml", feeds.opensearch)
    route("/llms.txt", feeds.llms)
    route("/release.json", feeds.release)


def _route_scripts(route: _Route, route_asked: _Route) -> None:
    """What scripts, Composer, mirrors and monitors ask for."""
    route_asked("/api/packages", api.packages)
    route(f"/api/packages/{_PACKAGE}/stats.json", installs.package)
    route(f"/api/packages/{_PACKAGE}", api.package)
    route("/api/stats", installs.everything)
    route(f"/api/authors/{_KEY}", api.author)
    route(f"/api/tags/{_TAG}", api.tag)
    route("/status.json", api.status)
    route("/api/status", api.status)
    route("/api/openapi.json", api.description)
    route(f"/packages/{_PACKAGE}/versions.json", composer.versions)
    route_asked("/search.json", composer.found)
    route_asked("/list.json", composer.listed)
    route_asked("/metadata/changes.json", composer.changes)
    route("/health", lambda site: health.health(site.snapshot, datetime.now(UTC)))


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
            errors.unhealthy(reason) if asked_for_health else errors.unavailable(views, reason)
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


def _without_slash(**_: str) -> bottle.HTTPResponse:
    # Only paths that a route matched come here, so this cannot name another host.
    path = quote(request.environ["PATH_INFO"].removesuffix("/"))
    return _reply(moved(_site().links.base + path))


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
