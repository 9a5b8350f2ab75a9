"""engine = "kernel": notebooks in a real Jupyter kernel, of another language too, inside the jail."""

import json
import os
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.kernels import kernel_for
from autograder.marking import Marked, mark
from autograder.result import Outcome
from autograder.runtime.servers import Servers
from autograder.runtime.tiers import strongest
from autograder.submission import Submission
from autograder.verifying.cases import submitted_notebook
from tests.building import hidden_test, solution
from tests.classroom import DOUBLE, Classroom
from tests.words import SOLVED_IN_WORDS, in_words, show_words

pytestmark = [
    pytest.mark.ci,
    pytest.mark.skipif(strongest().tier == 2, reason="a kernel needs sockets, and so tier 3"),
]


class Desk:
    def __init__(self, root: Path, servers: Servers, *cells, limits: str = "") -> None:
        self.room = Classroom(root, servers, *cells)
        self.room.settings(f'preload = []\nengine = "kernel"\n[limits]\n{limits}')
        self.servers = servers

    def mark(self, **answers: str) -> Marked:
        context = self.room.context()
        data = submitted_notebook(context.assignment.notebook("nb"), answers)
        submission = Submission("ada", "toy", Path(), {"nb": data})
        return mark(context.assignment, submission, context.settings, self.servers)

    def outcomes(self, **answers: str) -> dict[str, Outcome]:
        part = self.mark(**answers).result.notebook("nb")
        return {test.id: test.outcome for test in part.tests}


@pytest.fixture
def desk(tmp_path, servers) -> Desk:
    return Desk(tmp_path / "course", servers)


def test_tests_run_in_the_kernel_and_results_say_so(desk):
    marked = desk.mark(half="def half(x):\n    return x")
    assert {t.id: t.points for t in marked.result.notebook("nb").tests} == {"test_double": 2, "test_half": 0}
    assert marked.result.isolation == "shared"


def test_it_is_a_real_kernel(tmp_path, servers):
    asks = hidden_test(
        "import ipykernel.zmqshell as z\nassert type(get_ipython()) is z.ZMQInteractiveShell", "test"
    )
    assert Desk(tmp_path / "course", servers, solution(DOUBLE, "double"), asks).outcomes()["test"] == "passed"


def test_files_that_cells_write_are_kept(desk):
    marked = desk.mark(double=f"open('made.txt', 'w').write('x')\n{DOUBLE}")
    assert marked.written == {"made.txt": b"x"}


def test_a_kernel_that_dies_costs_one_question(desk):
    found = desk.outcomes(double="def double(x):\n    import os\n    os._exit(0)")
    assert found == {"test_double": "crashed", "test_half": "passed"}


def test_a_loop_costs_one_question(tmp_path, servers):
    desk = Desk(tmp_path / "course", servers, limits="cell_seconds = 3")
    found = desk.outcomes(double="def double(x):\n    while True: pass")
    assert found["test_double"] in ("error", "timeout") and found["test_half"] == "passed"


ATTACK = """
import os, socket
def attempt(what):
    try: what()
    except OSError: return
    print("PWNED")
attempt(lambda: open({source!r}))
attempt(lambda: os.listdir({root!r}))
attempt(lambda: socket.create_connection(("127.0.0.1", 1), timeout=1) or None)
for family in (socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET, socket.AF_VSOCK):
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_STREAM):
        attempt(lambda: socket.socket(family, kind))
attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("8.8.8.8", 53)))
import importlib.util
print("PWNED" if importlib.util.find_spec("autograder") else "alone")
"""


def test_the_kernel_sits_in_the_same_jail(desk):
    attack = ATTACK.format(source=str(desk.room.root / "source/toy/nb.ipynb"), root=str(desk.room.root))
    marked = desk.mark(double=f"{attack}\n{DOUBLE}")
    shown = json.loads(marked.executed["nb"])["cells"][1]["outputs"]
    assert "".join(shown[0]["text"]).split() == ["alone"]


def test_another_language_is_graded(tmp_path, servers, monkeypatch):
    show_words(tmp_path, monkeypatch)
    desk = Desk(tmp_path / "course", servers)
    cells = (solution(SOLVED_IN_WORDS, "colour"), hidden_test("colour is green", "test_colour", 2))
    desk.room.write("source/toy/nb.ipynb", in_words(*cells))
    assert desk.outcomes() == {"test_colour": "passed"}
    assert desk.outcomes(colour="set colour red") == {"test_colour": "error"}


def test_a_kernel_that_is_not_there_is_said_before_anything_runs():
    with pytest.raises(UsageError, match="no kernel 'nothere'"):
        kernel_for({"name": "nothere"})
    assert kernel_for({})["language"] == kernel_for({"name": "python"})["language"] == "python"
    assert os.environ.get("JUPYTER_PATH") is None
