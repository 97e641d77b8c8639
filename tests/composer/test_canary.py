"""`canary`: from an API to a project through a served site, and which link is named that broke."""

from pathlib import Path

from tests.catalog.wporg import fake
from tests.composer.place import Place
from tests.composer.zips import Zips
from tests.conftest import run


def test_the_link_that_broke_is_named(changing: Place, zips: Zips, tmp_path: Path) -> None:
    """All is well; the site is behind; a zip is not there; the API is out."""
    world = fake.World()
    words = ["canary", "--site-url", changing.url, "--package", "plugin/forms"]
    changing.publish(zips.package("forms", "1.0"))
    with world.served() as sites:

        def ended() -> tuple[int, str]:
            told = run(tmp_path, *words, "--api", sites.api)
            return told.returncode, told.stdout + told.stderr

        world.add("plugin", "forms", fake.plugin("forms", "1.0"))
        well = ended()
        world.answers["plugin", "forms"] = fake.plugin("forms", "1.1")
        behind = ended()
        broken = zips.package("forms", "1.1", versions={"1.1": f"{zips.url}/nothing.zip"})
        changing.publish(broken)
        unusable = ended()
        world.always["api"] = fake.status(403)
        out = ended()

    assert well == (0, "canary: wp-plugin/forms 1.0: well\n")
    assert behind[0] == unusable[0] == out[0] == 1
    assert "offers 1.0 of wp-plugin/forms: WordPress.org announces 1.1" in behind[1]
    assert f"Composer installs nothing from {changing.url}" in unusable[1]
    assert "WordPress.org’s API does not answer" in out[1]
