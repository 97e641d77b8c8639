"""The HTTP server around the app: waitress, with this site's limits."""

import logging
from typing import TYPE_CHECKING, Any

from waitress.server import create_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def http_server(app: "WSGIApplication", **where: Any) -> Any:
    """Make the server; where: waitress's arguments for its socket and its threads.

    Raises OSError when it cannot listen.
    """
    # It warns of every request that waits for a thread, even for an instant: that is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    return create_server(
        app,
        ident=None,
        max_request_header_size=32_768,
        max_request_body_size=1_024,
        clear_untrusted_proxy_headers=True,
        **where,
    )
