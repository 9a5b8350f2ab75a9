"""A student's cells run as in a notebook: IPython semantics without a kernel."""

import pytest

from autograder.runtime.session import Limits
from tests.runtime.toys import Ran, student


def error_of(ran: Ran, index: int = 0) -> str:
    (error,) = [o for o in ran.run.outputs[index] if o["output_type"] == "error"]
    return str(error["ename"])


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("1 + 1", "2"),
        ("1 + 1;", ""),
        ("x = 5", ""),
        ("x = 5\nx", "5"),
        ("'text'", "'text'"),
        ("None", ""),
        ("for i in range(3): print(i)", "0\n1\n2"),
        ("!echo from the shell", "from the shell"),
        ("name = 'there'\n!echo hello $name {name}", "hello there there"),
        ("lines = !printf 'a\\nb'\nprint(len(lines), lines[1])", "2 b"),
        ("%%bash\necho one\necho two", "one\ntwo"),
        ("%%capture out\nprint('hidden')", ""),
        ("%%capture out\nprint('kept')\n", ""),
        ("get_ipython().run_line_magic('pwd', '') is not None", "True"),
        ("import asyncio\nawait asyncio.sleep(0)\nprint('waited')", "waited"),
        ("async def f(): return 3\nawait f()", "3"),
        ("from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')", "b"),
        ("__name__", "'__main__'"),
        ("import sys; sys.stdin.read()", "''"),
        ("import os; os.environ['NBGRADER_EXECUTION']", "'autograde'"),
    ],
)
def test_a_cell_shows_what_it_shows_in_a_notebook(toys, source, shown):
    assert toys.run(student(source)).text().strip() == shown


def test_cells_share_a_namespace_and_count_up(toys):
    ran = toys.run(student("a = 1"), student("a += 1"), student("a"), student("_ + Out[3] + len(In)"))
    assert [ran.text(i).strip() for i in (2, 3)] == ["2", "9"]
    assert list(ran.run.counts.values()) == [1, 2, 3, 4]
    assert ran.run.outputs[2][0]["execution_count"] == 3


@pytest.mark.parametrize(
    ("source", "ename"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("def broken(:", "SyntaxError"),
        ("if True:\nprint()", "IndentationError"),
        ("input('name? ')", "RuntimeError"),
        ("undefined", "NameError"),
        ("raise SystemExit(2)", "SystemExit"),
        ("import getpass; getpass.getpass()", None),
        ("%no_such_magic", None),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("class E(BaseException): pass\nraise E", "E"),
        ("import time\nwhile True: time.sleep(0.01)", "KeyboardInterrupt"),
    ],
)
def test_an_error_is_shown_and_the_next_cell_runs(toys, source, ename):
    ran = toys.run(student(source), student("print('next')"), limits=Limits(cell_seconds=1))
    assert ename is None or error_of(ran) == ename
    assert ran.text(1).strip() == "next"
    assert not ran.run.notes


def test_the_traceback_shows_the_line(toys):
    ran = toys.run(student("def f(x):\n    return 1 / x\nf(0)"))
    assert "return 1 / x" in ran.text()
    assert "ZeroDivisionError" in ran.text()


@pytest.mark.parametrize(
    "leave", ["exit()", "quit()", "exit", "import sys; sys.exit()", "get_ipython().ask_exit()"]
)
def test_exit_does_not_end_the_run(toys, leave):
    ran = toys.run(student(leave), student("print('still here')"))
    assert ran.text(1).strip() == "still here"


def test_input_says_why_it_is_refused(toys):
    ran = toys.run(student("input()"))
    assert "nobody is there to answer" in ran.text()


def test_timeit_and_time_run(toys):
    ran = toys.run(
        student("%timeit -n 1 -r 1 1 + 1"), student("%%time\nx = 5"), student("%time y = 6"), student("x + y")
    )
    assert "per loop" in ran.text(0)
    assert "time" in ran.text(1).lower()
    assert ran.text(3).strip() == "11"


def test_matplotlib_shows_figures_inline(toys):
    ran = toys.run(
        student("%matplotlib inline\nimport matplotlib.pyplot as plt"),
        student("plt.plot([0, 1])\nplt.show()"),
        student("plt.plot([0, 1])\nplt.title('open');"),
    )
    for index in (1, 2):
        shown = [o for o in ran.run.outputs[index] if "image/png" in o.get("data", {})]
        assert len(shown) == 1, ran.run.outputs[index]


def test_rich_output_of_a_students_class(toys):
    ran = toys.run(
        student(
            "class A:\n    def _repr_html_(self): return '<b>a</b>'\n    def __repr__(self): return 'a'\nA()"
        )
    )
    assert ran.run.outputs[0][0]["data"] == {"text/html": "<b>a</b>", "text/plain": "a"}


def test_a_display_is_updated(toys):
    ran = toys.run(student("h = display('a', display_id=True)\nh.update('b')"))
    assert ran.text().strip() == "'b'"
    assert "display_id" not in ran.run.outputs[0][0]


@pytest.mark.parametrize(
    "sabotage",
    [
        "ip = get_ipython(); ip.showtraceback = lambda *a, **k: None\n1 / 0",
        "get_ipython()._showtraceback = lambda *a: None\n1 / 0",
        "import sys; sys.stdout = sys.stderr = None\n1 / 0",
        "get_ipython().displayhook = None\n5",
        "import builtins; del builtins.print, builtins.len, builtins.isinstance\n1 / 0",
        "get_ipython().events.register('post_run_cell', lambda r: 1 / 0)",
        "get_ipython().run_cell = None",
        "del get_ipython().user_ns['__builtins__']",
        "globals().clear()",
        "import sys; sys.modules.clear()",
        "import gc; gc.disable(); import sys; sys.setrecursionlimit(60)",
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "import os; os.chdir('/')",
        "import sys; sys.settrace(lambda *a: None); sys.setprofile(lambda *a: None)",
    ],
)
def test_a_shell_sabotaged_by_the_student_harms_only_them(toys, sabotage):
    """The run comes to its end, within the limits, with outputs that are well formed."""
    ran = toys.run(student(sabotage), student("2 + 2"), limits=Limits(cell_seconds=1))
    assert set(ran.run.outputs) == {0, 1}


def test_no_history_is_kept_on_disk(toys):
    ran = toys.run(student("print(get_ipython().history_manager.enabled)"))
    assert ran.text().strip() == "False"


def test_many_short_writes_cost_no_more_than_one_long_one(toys):
    """200,000 writes of a few characters took 20 s when each copied what was there."""
    ran = toys.run(student("for i in range(100_000): print(i)"), limits=Limits(cell_seconds=5))
    assert "99999" in ran.text()
    assert "KeyboardInterrupt" not in ran.text()
