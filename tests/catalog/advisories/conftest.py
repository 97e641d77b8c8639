from tests.catalog.composer.conftest import judge

__all__ = ["judge"]
