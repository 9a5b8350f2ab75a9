"""nbgrader with our engine: `nbgrader autograde` and the formgrader's button grade behind the wall.

One line in `nbgrader_config.py`, `from autograder.dropin import install; install()`, and all else stays
as it is: nbgrader finds the submissions, keeps its gradebook, copies files and calls hooks.
"""

from __future__ import annotations


def install() -> None:
    """Has this process's nbgrader use our converter where it autogrades."""
    from nbgrader.apps import api, autogradeapp

    from autograder.dropin.converter import Autograde

    autogradeapp.Autograde = Autograde
    api.Autograde = Autograde
