"""What several test packages share: one pair of warm servers for the whole run."""

from collections.abc import Iterator

import pytest

from autograder.runtime.servers import Servers
from autograder.startup import leave_out_grammars

leave_out_grammars()

LIBRARIES = ("numpy", "torch", "torch.utils.data", "sklearn.linear_model", "matplotlib.pyplot")


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with Servers(LIBRARIES, (*LIBRARIES, "pytest", "autograder.checks")) as warm:
        yield warm
