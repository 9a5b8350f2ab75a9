from pathlib import Path

import pytest

from autograder.runtime.servers import Servers
from tests.runtime.toys import Toys


@pytest.fixture
def toys(servers: Servers, tmp_path: Path) -> Toys:
    return Toys(servers, tmp_path)
