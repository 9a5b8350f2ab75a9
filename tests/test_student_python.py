"""Students' cells may run under another Python, with other packages than the grader's."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.building import hidden_test, solution
from tests.classroom import Classroom

CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"


@pytest.mark.parametrize(
    "python, told",
    [("nowhere/python", "cannot be run"), ("/bin/echo", "cannot be run"), ("bare/bin/python", "no ipython")],
)
def test_an_interpreter_that_will_not_do(tmp_path, python, told):
    room = Classroom(tmp_path / "course")
    if python.startswith("bare"):
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", room.root / "bare"], check=True)
    room.settings(f'[student]\npython = "{python}"')
    room.hand_in("ada")
    ran = room.run("grade", "toy")
    assert ran.code == 2 and told in ran.line


@pytest.mark.ci
def test_cells_run_there_and_tests_here(tmp_path):
    """It has IPython and nothing of ours; the test imports numpy, which it has not."""
    environment = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    pip = [environment / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", CONSTRAINTS, "ipython"], check=True)
    ours = next(environment.glob("lib/*/site-packages")) / "nbgrader" / "planted.ipynb"  # it lies in /tmp
    ours.parent.mkdir()
    ours.write_text("a hidden test")
    answer = (
        f"try: seen = open({str(ours)!r}).read()\nexcept OSError: seen = ''\n"
        "import tempfile\ntempfile.TemporaryFile().write(b'x')\n"
        "import importlib.util, sys\nhas_numpy = importlib.util.find_spec('numpy') is not None\n"
        "def where(): return sys.prefix"
    )
    cells = (
        solution(f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION", "where"),
        hidden_test(
            f"import numpy as np\nassert not has_numpy and where() == {str(environment)!r} and seen == ''",
            "test_where",
            1,
        ),
    )
    room = Classroom(tmp_path / "course", None, *cells)
    room.settings(f'preload = []\n[student]\npython = "{environment}/bin/python"')
    room.hand_in("ada")
    ran = room.run("grade", "toy")
    assert ran.code == 0, ran.err
    assert room.result("ada").points == 1
