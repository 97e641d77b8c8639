import pytest

# Its assertions are to say what they found, like those of the tests.
pytest.register_assert_rewrite("tests.nginx.face")
