from pathlib import Path

import pytest

from tests.packaging.archives import Archives, built


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Archives:
    """What `make dist` makes of the sources."""
    return built(Path(__file__).parents[2], tmp_path_factory.mktemp("dist"))
