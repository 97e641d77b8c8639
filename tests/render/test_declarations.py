"""What is called of the libraries: the module that is loaded says what the header says."""

from tests.render.declarations import FOLDER, written


def test_the_module_is_that_of_the_header() -> None:
    """Who changes declarations.h writes declarations.py anew: its own words tell how."""
    assert (FOLDER / "declarations.py").read_text("utf-8") == written()
