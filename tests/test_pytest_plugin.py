"""pytest over a folder of cases, as an instructor's own CI runs it: in a process of its own."""

import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from tests.building import hidden_test, notebook, solution
from tests.classroom import REPOSITORY, Classroom
from tests.test_cli import imported_by

pytestmark = pytest.mark.ci

RIGHT = "# /// case\n# ///\n# %% half\ndef half(x):\n    return 0.5 * x\n"
WRONG = "# /// case\n# expect = { test_half = 'zero' }\n# ///\n# %% half\ndef half(x):\n    return x // 2\n"
# leaves a file where a case is run as Python
EXECUTED = "\n# %% double\nopen('executed', 'w').close()\ndef double(x):\n    return 2 * x\n"


@pytest.fixture
def room(tmp_path) -> Classroom:
    room = Classroom(tmp_path / "course")
    room.write("pytest.ini", "[pytest]\n")  # else names begin at the folder that was asked for
    room.write("cases/toy/right/plain.py", RIGHT)
    room.write("cases/toy/wrong/floor.py", WRONG)
    return room


class Ran:
    def __init__(self, code: int, out: str) -> None:
        self.code = code
        self.out = out

    @property
    def summary(self) -> str:
        return self.out.strip().splitlines()[-1]


def run(room: Classroom, *arguments: str) -> Ran:
    """pytest in the course, with the plugin."""
    command = [sys.executable, "-m", "pytest", "-p", "autograder.pytest_plugin", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-rA", *arguments],
        cwd=room.root,
        env=room.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return Ran(done.returncode, done.stdout + done.stderr)


def names(ran: Ran) -> list[str]:
    return [line for line in ran.out.splitlines() if "::" in line]


def test_every_case_and_what_verify_tries_itself_is_an_item(room):
    ran = run(room, "cases/toy", "--collect-only", "-q")
    assert names(ran) == [
        "cases/toy::@lint",
        "cases/toy::@solution",
        "cases/toy::@release",
        *(
            f"cases/toy::@{kind}/{cell}"
            for cell in ("double", "half")
            for kind in ("constant", "none", "raising")
        ),
        "cases/toy/right/plain.py::plain",
        "cases/toy/wrong/floor.py::floor",
    ]


def test_a_clean_assignment_passes_and_items_are_chosen_by_kind_and_name(room):
    ran = run(room, "cases/toy")
    assert ran.code == 0 and "11 passed" in ran.summary, ran.out
    assert names(run(room, "cases/toy", "--collect-only", "-q", "-m", "wrong")) == [
        "cases/toy/wrong/floor.py::floor"
    ]
    assert names(run(room, "cases/toy", "--collect-only", "-q", "-k", "plain")) == [
        "cases/toy/right/plain.py::plain"
    ]


def test_workers_of_xdist_share_the_cases_out(room):
    ran = run(room, "cases/toy", "-n", "2")
    assert ran.code == 0, ran.out
    assert "11 passed" in ran.summary


def test_a_wrong_verdict_fails_in_the_words_of_verify_and_a_fault_is_an_error(room):
    room.write("cases/toy/wrong/equal.py", WRONG.replace("x // 2", "x / 2"))
    room.write("cases/toy/right/floor.py", RIGHT.replace("0.5 * x", "x // 2"))
    room.write("cases/toy/attack/loud.py", RIGHT.replace("return", "print('PWNED:attack/loud')\n    return"))
    ran = run(room, "cases/toy", "--deselect", "cases/toy::@solution")
    assert ran.code == 1
    assert "3 failed" in ran.summary and "error" not in ran.summary
    assert "wrong answer accepted: wrong/equal: test_half: expected zero, got full" in ran.out
    assert "right answer rejected: right/floor: test_half: expected full, got zero" in ran.out
    assert "source/toy/nb.ipynb, cell 5 (test_half), line 3: assert half(3) == 1.5" in ran.out
    assert "leak: attack/loud: attack/loud in withheld nb/test_half" in ran.out
    text = (room.root / "source/toy/nb.ipynb").read_text().replace("assert half(3) == 1.5", "1 / 0")
    room.write("source/toy/nb.ipynb", text)
    ran = run(room, "cases/toy", "-k", "solution")
    assert ran.code == 1
    assert "1 error" in ran.summary and "failed" not in ran.summary
    assert "line 3: 1 / 0" in ran.out
    assert "pytest_plugin.py" not in ran.out and "def setup" not in ran.out


def test_x_ends_at_the_first_failure(room):
    room.write("cases/toy/a/first.py", RIGHT.replace("0.5 * x", "x // 2"))
    ran = run(room, "cases/toy/a", "cases/toy/right", "-x")
    assert "1 failed" in ran.summary and "passed" not in ran.summary


def test_what_cannot_be_read_is_an_error_of_collection_in_one_line(room):
    room.write("cases/toy/wrong/broken.py", "import os\n")
    ran = run(room, "cases/toy/wrong")
    assert "broken.py: a case begins with `# /// case`" in ran.out
    assert "Traceback" not in ran.out
    assert ran.code == 2


# Attacks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("--doctest-modules",)], ids=["plain", "doctest"])
def test_a_case_is_not_run_by_the_process_that_collects(room, options):
    odd = ["test_me", "me_test", "__init__", "setup", "plain"]
    for name in odd:
        room.write(f"cases/toy/odd/{name}.py", RIGHT + EXECUTED)
    for targets in (["."], ["cases/toy/odd"], [f"cases/toy/odd/{name}.py" for name in odd]):
        ran = run(room, *targets, "--collect-only", "-q", *options)
        assert {f"cases/toy/odd/{name}.py::{name}" for name in odd} <= set(names(ran)), ran.out
        assert not list(room.root.rglob("executed"))


@pytest.mark.parametrize("target", ["cases/toy", "cases/toy/test_odd", "cases/toy/right/plain.py", "."])
def test_a_case_that_pytest_would_run_by_its_name_is_refused(room, target):
    room.write("cases/toy/test_odd/conftest.py", "open('executed', 'w').close()\n")
    ran = run(room, target)
    assert ran.code != 0
    assert "a case is only read; give the case another name" in ran.out
    assert not list(room.root.rglob("executed"))


def test_odd_names_stay_valid_in_junit_xml(room):
    odd = "a&b<c>\"d' é\N{BELL}[x]::y"
    room.write(f"cases/toy/right/{odd}.py", RIGHT.replace("0.5 * x", "x // 2"))
    ran = run(room, "cases/toy/right", "--junit-xml=report.xml")
    assert "1 failed, 1 passed" in ran.summary, ran.out
    found = [case.get("name") for case in ET.parse(room.root / "report.xml").iter("testcase")]
    assert len(found) == 2 and any(name.startswith("a&b<c>\"d' ") for name in found)


@pytest.mark.parametrize("name", ["right/a\x01b.py", "right/a\x1b]0;owned\x07.py", "ri\x01ght/a.py"])
def test_a_name_that_cannot_be_printed_is_refused_and_the_xml_stays_valid(room, name):
    room.write(f"cases/toy/{name}", RIGHT)
    ran = run(room, "cases/toy", "--junit-xml=report.xml", "--collect-only")
    assert ran.code != 0
    assert "its name cannot be printed; rename it" in ran.out
    assert "\x1b]" not in ran.out and "\x01" not in ran.out
    ET.parse(room.root / "report.xml")


# Elsewhere --------------------------------------------------------------------------------------


def test_where_no_course_is_nothing_is_collected_and_nothing_loaded(tmp_path):
    (tmp_path / "cases" / "toy").mkdir(parents=True)
    (tmp_path / "cases" / "toy" / "plain.py").write_text(RIGHT)
    (tmp_path / "test_it.py").write_text(
        "import sys\n\n\ndef test_it():\n"
        "    loaded = {name for name in sys.modules if name.startswith('autograder')}\n"
        "    assert loaded == {'autograder', 'autograder.pytest_plugin'}\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "autograder.pytest_plugin", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert "1 passed" in done.stdout, done.stdout


def test_the_plugin_loads_pytest_and_nothing_heavy(tmp_path):
    loaded = imported_by("import autograder.pytest_plugin", tmp_path)
    assert loaded & {"numpy", "torch", "IPython", "nbformat", "click", "rich", "sqlalchemy"} == set()


def test_the_tests_of_a_course_are_collected_as_ever(room):
    room.write("tests/test_own.py", "def test_own():\n    assert True\n")
    assert names(run(room, "tests", "--collect-only", "-q")) == ["tests/test_own.py::test_own"]


def test_two_assignments_have_servers_of_their_own(room):
    room.write(
        "source/other/b.ipynb", notebook(solution("y = 1", "y"), hidden_test("assert y == 1", "test_y"))
    )
    room.write("cases/other/right/one.py", "# /// case\n# ///\n# %% y\ny = 1\n")
    ran = run(room, "cases", "-m", "right")
    assert ran.code == 0 and "2 passed" in ran.summary, ran.out
