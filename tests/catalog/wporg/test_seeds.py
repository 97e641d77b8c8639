"""A seed list: what may stand in it, and which line is at fault."""

from pathlib import Path

import pytest

from catalog.wporg import SeedError, read_seeds


def written(folder: Path, text: str) -> Path:
    path = folder / "seeds.txt"
    path.write_bytes(text.encode())
    return path


def test_a_seed_a_line(tmp_path: Path) -> None:
    """Comments, blank lines, blanks, a byte order mark and repeats do no harm."""
    text = (
        "\ufeff# ours\r\nplugin/akismet\n\n  theme/astra  # the theme\nplugin/0\nplugin/akismet\n"
    )
    assert read_seeds(written(tmp_path, text)) == {"plugin": ["akismet", "0"], "theme": ["astra"]}


@pytest.mark.parametrize(
    "seed", ["akismet", "plugin/", "/akismet", "plugins/akismet", "plugin/Akismet", "plugin/a/b"]
)
def test_a_bad_seed_is_named_with_its_line(tmp_path: Path, seed: str) -> None:
    """Nothing is fetched for a list that may mean something else."""
    with pytest.raises(SeedError, match="line 2"):
        read_seeds(written(tmp_path, f"plugin/akismet\n{seed}\n"))


def test_a_list_without_a_seed_is_refused(tmp_path: Path) -> None:
    """An empty list would mean to drop every package."""
    with pytest.raises(SeedError, match="names no package"):
        read_seeds(written(tmp_path, "# nothing yet\n"))
    with pytest.raises(SeedError, match="cannot read"):
        read_seeds(tmp_path / "none.txt")
