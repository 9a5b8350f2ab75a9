"""`autograder check`: a student's own notebook, with nothing else there."""

import json
import os
import platform
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.assignment import Assignment
from autograder.checking import AT_HOME, Checked, Question, Verdict, check
from autograder.cli import main
from autograder.errors import UsageError
from autograder.marking import mark
from autograder.settings import Limits
from autograder.submission import Submission
from tests.building import STUB, Cell, flagged, hidden_test, locked, manual, notebook, plain, solution, task
from tests.classroom import REPOSITORY
from tests.test_cli import HEAVY

DOUBLE = "def double(x):\n    return 2 * x"


def seen_test(text: str, grade_id: str, points: float = 1) -> Cell:
    """A graded test that hides nothing."""
    return flagged("code", text, grade_id, points, grade=True, locked=True)


@pytest.fixture
def tell(tmp_path, servers):
    """Checks a notebook of these cells, alone in a folder."""

    def tell(*cells: Cell, wanted: tuple[str, ...] = (), **options) -> Checked:
        path = tmp_path / "home" / "work.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(notebook(*cells))
        return check(path, wanted, servers=servers, **options)

    return tell


def only(found: Checked) -> Question:
    (question,) = found.questions
    return question


def said(found: Checked) -> dict[str, tuple[str, str]]:
    return {question.id: (str(question.verdict), question.message) for question in found.questions}


# What is said of a question ---------------------------------------------------------------------

SHEET = (
    locked("import math", "setup"),
    solution(DOUBLE, "double"),
    locked("assert double(1) == 2, 'twice one'", "check_double"),
    seen_test("# two points\nassert double(2) == 4, 'twice two'", "test_double", 2),
    seen_test("# three points", "test_hidden", 3),
    solution("def half(x):\n    return x", "half"),
    locked("for x, y in [(0, 0), (4, 2)]:\n    assert half(x) == y, f'half of {x}'", "check_half"),
    seen_test("# a point", "test_half"),
    solution(f"def third(x):\n    {STUB.splitlines()[1]}", "third"),
    locked("assert third(3) == 1", "check_third"),
    solution("answer = 42", "unseen"),
    seen_test("# a point", "test_unseen"),
    manual("Because.", "why", 4),
    manual("YOUR ANSWER HERE", "how", 2),
    task("Draw.", "drawing", 5),
)


def test_each_question_is_told_with_what_can_be_seen(tell):
    found = tell(*SHEET)
    assert said(found) == {
        "double": ("passed", ""),
        "half": ("failed", "half of 4"),
        "third": ("not answered", "raise NotImplementedError() is still there"),
        "unseen": ("hidden tests only", ""),
        "why": ("read by a human", ""),
        "how": ("not answered", ""),
        "drawing": ("read by a human", ""),
    }
    points = {q.id: (q.got, q.seen_points, q.points) for q in found.questions}
    assert points["double"] == (2, 2, 5) and points["half"] == (0, 0, 1) and points["drawing"] == (0, 0, 5)
    assert found.exit_code == 1 and found.notes == ()


def test_all_that_is_passed_or_not_to_be_seen_is_no_failure(tell):
    assert tell(*SHEET, wanted=("double", "unseen", "why", "drawing")).exit_code == 0


def test_a_question_goes_by_its_id_or_by_that_of_a_test(tell):
    found = tell(*SHEET, wanted=("test_half", "double"))
    assert [question.id for question in found.questions] == ["double", "half"]


def test_a_question_that_is_not_there_is_told_with_the_nearest(tell):
    with pytest.raises(UsageError, match=r"no question 'duoble' in this notebook \(did you mean 'double'"):
        tell(*SHEET, wanted=("duoble",))


def test_part_of_the_points_of_a_test_in_parts(tell):
    parts = "points = 0\nif double(1) == 2: points += 1\nif double(2) == 5: points += 1\npoints"
    question = only(tell(solution(DOUBLE, "double"), seen_test(parts, "test_double", 2)))
    assert (question.verdict, question.got, question.seen_points) == (Verdict.FAILED, 1, 2)


@pytest.mark.parametrize(
    "answer, test",
    [
        ("def f(x):\n    return x + 1", "assert f(1) == 1, 'one stays one'"),
        ("def f(x):\n    raise KeyError(x)", "assert f(1) == 1"),
        ("def f(x):\n    return object()", "assert f(1) == 1"),
        ("f = 3", "assert f(1) == 1"),
        ("", "assert f(1) == 1"),
        ("class Yes:\n    def __eq__(self, other): return True\ndef f(x): return Yes()", "assert f(1) == 1"),
        ("import os\ndef f(x): os._exit(0)", "assert f(1) == 1"),
    ],
)
def test_what_is_said_of_a_test_is_what_grading_says(tell, servers, tmp_path, answer, test):
    """Where the source has a solution, and the test the same visible part."""
    question = only(tell(solution(answer, "f"), seen_test(test, "test_f")))
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "work.ipynb").write_bytes(
        notebook(solution("def f(x):\n    return x", "f"), seen_test(test, "test_f"))
    )
    submission = Submission("ada", "toy", tmp_path, {"work": (tmp_path / "home/work.ipynb").read_bytes()})
    graded = mark(Assignment.from_folder("toy", folder), submission, AT_HOME, servers).result
    ((test_result,),) = (part.tests for part in graded.notebooks)
    assert question.verdict is Verdict.FAILED
    assert question.message == test_result.message


def test_an_error_in_the_cell_of_an_answer_is_told(tell):
    question = only(tell(solution("def f(x):\n    return x\nf(undefined)", "f"), seen_test("# 1", "test_f")))
    assert (question.verdict, question.message) == (
        Verdict.FAILED,
        "NameError: name 'undefined' is not defined",
    )


def test_an_error_in_another_cell_is_noted(tell):
    found = tell(*SHEET[:3], plain("1 / 0"), locked("import nothing_here", "more"))
    assert only(found).verdict is Verdict.PASSED
    assert found.notes == (
        "cell 4: ZeroDivisionError: division by zero",
        "cell 5 (more): it needs the module 'nothing_here', which is not installed beside this program",
    )


@pytest.mark.parametrize("kind", [seen_test, locked])
def test_a_module_that_is_missing_is_said_in_words(tell, kind):
    question = only(
        tell(
            solution(DOUBLE, "double"),
            kind("import reference_of_theirs\nassert double(2) == reference_of_theirs.double(2)", "test"),
        )
    )
    words = "it needs the module 'reference_of_theirs', which is not installed beside this program"
    assert (question.verdict, question.message) == (Verdict.FAILED, words)


def test_what_a_plain_cell_imports_or_makes_is_there_for_tests(tell):
    found = tell(
        plain("import numpy as np\ngiven = [1, 2]"),
        solution("def total(x):\n    return np.sum(x)", "total"),
        seen_test("assert isinstance(np.float64(total(given)), np.floating) and total(given) == 3", "test"),
    )
    assert said(found) == {"total": ("passed", "")}


def test_a_cell_of_one_s_own_may_stand_anywhere_and_a_copy_counts_as_in_grading(tell):
    wrong = solution("def double(x):\n    return 3 * x", "double")
    found = tell(
        plain("a = 1"), wrong, plain("b = a + 1"), SHEET[1], SHEET[3], plain("# the end", "markdown")
    )
    assert said(found) == {"double": ("passed", "")}
    assert found.notes == ("cell 'double' is there 2 times; the last one counts",)


# Files beside it --------------------------------------------------------------------------------


def test_data_and_modules_beside_the_notebook_are_there(tell, tmp_path):
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    (home / "data" / "numbers.csv").write_text("1,2\n")
    (home / "helper.py").write_text("def twice(x):\n    return 2 * x\n")
    text = (
        "import helper\nwith open('data/numbers.csv') as file:\n    first = helper.twice(int(file.read(1)))"
    )
    found = tell(solution(text, "first"), seen_test("assert first == 2", "test_first"))
    assert said(found) == {"first": ("passed", "")}
    assert sorted(path.name for path in home.iterdir()) == ["data", "helper.py", "work.ipynb"]


def test_a_cell_that_writes_changes_no_file_of_the_student_s(tell, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "data.csv").write_text("mine")
    text = "open('data.csv', 'w').write('spoilt')\nopen('more.csv', 'w')\ndone = True"
    tell(solution(text, "done"), seen_test("assert done", "test"))
    assert (tmp_path / "home" / "data.csv").read_text() == "mine"
    assert not (tmp_path / "home" / "more.csv").exists()


def test_links_and_pipes_beside_it_are_left_out(tell, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "secret").write_text("secret")
    (home / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(home / "pipe")
    text = "import os\nnames = sorted(os.listdir())"
    found = tell(solution(text, "names"), seen_test("assert names == [], names", "test"))
    assert said(found) == {"names": ("passed", "")}


def test_what_is_too_much_beside_it_is_said(tell, tmp_path):
    (tmp_path / "home").mkdir()
    for number in range(4):
        (tmp_path / "home" / f"{number}.csv").write_text("x" * 10)
    few = replace(AT_HOME, limits=Limits(files=3))
    found = tell(solution("a = 1", "a"), seen_test("assert a == 1", "test"), settings=few)
    (note,) = found.notes
    assert "not there for its cells: 3.csv; put the notebook and its data into a folder of their own" in note


# What may come instead of a notebook ------------------------------------------------------------


def complaint(path: Path, *more: str) -> str:
    run = CliRunner().invoke(main, ["check", str(path), *more])
    assert run.exit_code == 2, run.output
    (line,) = run.stderr.splitlines()
    assert line.startswith("autograder: ")
    return line


@pytest.mark.parametrize(
    "data, words",
    [
        (b"", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "no notebook"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
        (notebook(plain("x = 1")), "no cell that is known as a question"),
        (notebook(solution("x = 1", "../../etc/passwd")), "grade_id must be letters"),
        (notebook(solution("x = 1", "a\x1b[31m")), "grade_id must be letters"),
        (notebook(seen_test("assert x", "t", float("inf"))), "needs points"),
    ],
)
def test_what_is_no_notebook_with_questions_is_said_in_one_line(tmp_path, data, words):
    (tmp_path / "nb.ipynb").write_bytes(data)
    line = complaint(tmp_path / "nb.ipynb")
    assert words in line and "\x1b" not in line


def test_a_huge_file_is_not_read_to_its_end(tmp_path):
    with (tmp_path / "nb.ipynb").open("wb") as file:
        file.truncate(10**12)
    assert "more than the 52,428,800 allowed" in complaint(tmp_path / "nb.ipynb")


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")
    assert "is no file" in complaint(tmp_path / "pipe.ipynb")
    assert "is no file" in complaint(tmp_path)
    assert "no such file" in complaint(tmp_path / "nothing.ipynb")


@pytest.mark.parametrize("name", ["nb.py", "a\x1b[2Jb.ipynb", ".ipynb"])
def test_a_name_that_no_notebook_has_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(notebook(*SHEET))
    line = complaint(tmp_path / name)
    assert "is no name of a notebook" in line and "\x1b" not in line


# What its code may do ---------------------------------------------------------------------------

QUICK = replace(AT_HOME, limits=Limits(cell_seconds=3, test_seconds=3))


@pytest.mark.parametrize(
    "text, words",
    [
        ("import os\nos._exit(3)", "its process ended itself with status 3"),
        ("import os\nos.kill(os.getpid(), 9)", "its process was ended by SIGKILL"),
        ("while True: pass", "it took longer than 3 s"),
    ],
)
def test_a_cell_that_ends_or_hangs_costs_its_own_question(tell, text, words):
    found = said(tell(solution(text, "bad"), seen_test("# 1", "t"), *SHEET[1:4], settings=QUICK))
    # where the machine is busy, the interrupt may come too late for more than that
    assert found.pop("bad") in {
        ("failed", words),
        ("failed", "it took too long and could not be interrupted"),
    }
    assert found == {"double": ("passed", "")}


def test_a_function_that_hangs_when_it_is_tested_costs_its_own_question(tell):
    hangs = solution("def f():\n    while True: pass", "f")
    found = tell(hangs, seen_test("assert f() == 1", "test_f"), *SHEET[1:4], settings=QUICK)
    assert said(found) == {"f": ("failed", "this question took too long"), "double": ("passed", "")}


# The command ------------------------------------------------------------------------------------


def autograder(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a folder that is no course, with nothing else of ours there."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", "from autograder.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True)


def test_the_command_prints_a_table_that_steers_no_terminal(tmp_path):
    wrong = solution("def f():\n    raise ValueError('\\x1b]0;title\\x07[bold]\\nnew line')\nf()", "f")
    (tmp_path / "nb.ipynb").write_bytes(notebook(*SHEET[:5], wrong, hidden_test("", "test_f", 2)))
    done = autograder(tmp_path, "check", "nb.ipynb")
    assert done.returncode == 1, done.stderr
    assert done.stderr == "" and "\x1b" not in done.stdout and "\x07" not in done.stdout
    assert "2 of 2 so far, 3 hidden" in done.stdout and "[bold]" in done.stdout
    assert "1 of 2 to do" in done.stdout and "they may still find a mistake" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["nb.ipynb"]


def test_for_programs_it_prints_json(tmp_path):
    (tmp_path / "nb.ipynb").write_bytes(notebook(*SHEET))
    done = autograder(tmp_path, "check", "nb.ipynb", "double", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["passed"] is True and told["notebook"] == "nb" and told["notes"] == []
    (question,) = told["questions"]
    assert question["id"] == "double" and question["verdict"] == "passed" and question["got"] == 2


def test_elsewhere_than_on_linux_it_says_what_to_do_and_loads_nothing_that_is_not_there(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    before = set(sys.modules)
    line = complaint(tmp_path / "nb.ipynb")
    assert "run the notebook from top to bottom in Jupyter instead" in line
    loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
    assert loaded & HEAVY == set()
