"""The API, asked by its own OpenAPI description: every answer is one that the description tells."""

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.site import Reply, Site, faults
from tests.nginx.face import ask

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

# What no page's address can hold: nginx refuses it before the API is asked.
_CROOKED = re.compile(r"%(?:[01][0-9a-f]|2e|2f|5c|7f)|/\.|(?<!:)//|\\\\", re.IGNORECASE)


@pytest.mark.parametrize("examples", [20, pytest.param(500, marks=pytest.mark.soak)])
def test_every_answer_is_as_described(
    served: Site, examples: int, tried: Callable[[int], None]
) -> None:
    """Generated from the schema, sound values and odd ones: no 5xx, and valid by the schema."""
    base = f"http://127.0.0.1:{served.port}"
    schema = schemathesis.openapi.from_url(f"{base}/api/openapi.json")
    before, asked = served.files(), 0
    for operation in schema.get_all_operations():
        strategy = operation.ok().as_strategy()

        @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=strategy)
        def check(case: "schemathesis.Case") -> None:
            nonlocal asked
            asked += 1
            response = case.call(base_url=base)
            headers = {name.lower(): values[0] for name, values in response.headers.items()}
            assert faults(Reply(response.status_code, headers, response.content)) == []
            if headers["content-type"].startswith("text/html"):  # nginx's own page
                address = str(response.request.url)
                assert response.status_code == 404
                assert _CROOKED.search(address), address
            else:
                case.validate_response(response)

        check()
    tried(asked)
    assert served.files() == before
    assert ask(served.port, "/health").status == 200
