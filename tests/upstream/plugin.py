"""A pytest plugin for the tests that nbgrader ships: they run with our converter in place of its own."""

from collections.abc import Sequence

import pytest

from autograder.dropin import install

# what they assert that does not hold here on purpose
_FOREIGN = "a cell under an id that the assignment lacks is the student's own, and fails no submission"
INTENDED = {"test_handle_failure": _FOREIGN, "test_handle_failure_single_notebook": _FOREIGN}


def pytest_configure() -> None:
    install()


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    for item in items:
        if reason := INTENDED.get(item.name):
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
