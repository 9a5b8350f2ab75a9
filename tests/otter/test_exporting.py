"""`autograder export otter` on a toy course: what it writes, what it leaves out, what it refuses."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.otter import archive
from autograder.otter.exporting import Exported, export
from autograder.runtime.servers import Servers
from tests.building import flagged, hidden_test, locked, manual, notebook, plain, solution
from tests.classroom import NUMBERS, Classroom
from tests.otter.filling import filled
from tests.otter.oracle import otters_marks
from tests.otter.test_student import VISIBLE

SMALL = flagged("code", VISIBLE, "test_small", 2, grade=True, locked=True)
HELPED = hidden_test(
    "import helpers\nfrom autograder import checks\n"
    "checks.close(double(3), helpers.SIX, 'six', atol=1e-9)\n"
    "import pathlib\nassert pathlib.Path(checks.__file__).is_relative_to(pathlib.Path.cwd())",
    "test_helped",
    3,
)
PART = hidden_test("(double(1) == 2) * 0.5 + (double(2) == 4) * 1.5", "test_part", 2)
OWN = solution("### BEGIN SOLUTION\nBASE = 7\n### END SOLUTION", "own")
APART = hidden_test("assert BASE == 5, 'BASE is five'", "test_apart", 1)  # a solution binds it anew


@pytest.fixture
def room(tmp_path: Path, servers: Servers) -> Classroom:
    return Classroom(tmp_path / "course", servers)


def exported(room: Classroom, *cells: dict, to: str = "out") -> Exported:
    if cells:
        room.write("source/toy/nb.ipynb", notebook(*cells))
    return export(room.context(), room.root / to, room.servers)


def inside(room: Classroom) -> dict[str, str]:
    with zipfile.ZipFile(room.root / "out" / "nb" / "autograder.zip") as found:
        return {name: found.read(name).decode() for name in found.namelist()}


def with_helpers(room: Classroom) -> Classroom:
    room.settings('preload = ["numpy"]\ntest_path = ["modules"]\n')
    room.write("modules/helpers/__init__.py", "from helpers.numbers import SIX\n")
    room.write("modules/helpers/numbers.py", "SIX = 6\n")
    room.write("modules/helpers/__pycache__/numbers.cpython-311.pyc", b"\0")
    room.write("source/toy/data/table.csv", "1,2\n")
    room.write("source/toy/requirements.txt", "nothing==1\n")
    return room


def test_each_notebook_is_an_assignment_for_otter(room: Classroom) -> None:
    room.write(
        "source/toy/second.ipynb", notebook(plain("# nothing to test", "markdown"), manual("So.", "so"))
    )
    found = exported(room)
    paths = {str(path.relative_to(room.root / "out")) for path in (room.root / "out").rglob("*")}
    assert paths == {
        *("README.md", "nb", "nb/autograder.zip", "nb/student", "nb/student/nb.ipynb"),
        *("second", "second/student", "second/student/second.ipynb"),  # otter runs no archive without tests
    }
    assert found.notebooks[0].questions == {"test_double": 2, "test_half": 3}
    assert [notebook.by_hand for notebook in found.notebooks] == [{"why": 4}, {"so": 1}]


def test_the_archive_has_what_otter_and_gradescope_take(room: Classroom) -> None:
    exported(with_helpers(room), *NUMBERS, HELPED)
    found = inside(room)
    assert found.keys() >= {
        "run_autograder",
        "run_otter.py",
        "setup.sh",
        "environment.yml",
        "otter_config.json",
    }
    assert {name for name in found if name.startswith("tests/")} == {
        *("tests/test_double.py", "tests/test_half.py", "tests/test_helped.py"),
    }
    files = {name for name in found if name.startswith("files/") and "/checks/" not in name}
    assert files == {
        *("files/helpers/__init__.py", "files/helpers/numbers.py", "files/autograder/__init__.py"),
        *("files/data/table.csv", "files/requirements.txt"),
    }
    assert "numpy==" in found["environment.yml"] and "torch==" in found["environment.yml"]
    assert "nothing" not in found["environment.yml"]


def test_students_get_the_files_of_the_assignment_and_nothing_of_the_tests(room: Classroom) -> None:
    exported(with_helpers(room), *NUMBERS, HELPED)
    student = room.root / "out" / "nb" / "student"
    assert {str(path.relative_to(student)) for path in student.rglob("*") if path.is_file()} == {
        *("nb.ipynb", "data/table.csv", "requirements.txt"),
    }


def test_what_cannot_live_in_one_process_is_left_out_by_name(room: Classroom) -> None:
    found = exported(room, *NUMBERS, locked("BASE = 5", "base"), OWN, APART, PART)
    apart, part = found.notebooks[0].left_out
    assert (apart.test, apart.points) == ("test_apart", 1)
    assert apart.why == "in one process it fails with the solution: BASE is five"
    assert (part.test, part.points) == ("test_part", 2) and "by a number" in part.why
    assert found.notebooks[0].questions == {"test_double": 2, "test_half": 3}
    assert "tests/test_apart.py" not in inside(room)
    readme = (room.root / "out" / "README.md").read_text()
    assert f"- test_apart: 1 points; {apart.why}" in readme and "test_part: 2 points" in readme


def test_a_notebook_that_needs_another_one_s_files_is_tried_without_them(room: Classroom) -> None:
    room.write(
        "source/toy/z.ipynb",
        notebook(
            solution("### BEGIN SOLUTION\ntext = open('left').read()\n### END SOLUTION", "reads"),
            hidden_test("assert text", "test_reads"),
        ),
    )
    found = exported(room, *NUMBERS, plain("open('left', 'w').write('x')"))
    assert [each.test for each in found.notebooks[1].left_out] == ["test_reads"]


def test_otter_gives_the_points_that_we_give(room: Classroom) -> None:
    cells = (*NUMBERS, SMALL, HELPED)
    exported(with_helpers(room), *cells)
    answers = {
        "right": {"double": "def double(x): return x + x", "half": "def half(x): return x / 2"},
        "hidden": {"double": "def double(x): return int(x) * 2", "half": "def half(x): return x / 2"},
        "wrong": {"double": "def double(x): return x", "half": "def half(x): return 1.5"},
        "exits": {"double": "def double(x): raise SystemExit", "half": "def half(x): return x / 2"},
        "untouched": {},
    }
    out = room.root / "out" / "nb"
    pairs = []
    for name, texts in answers.items():
        path = room.write(f"in/{name}/nb.ipynb", filled(out / "student" / "nb.ipynb", texts))
        pairs.append((out / "autograder.zip", path))
        room.write(f"submitted/{name}/toy/nb.ipynb", path.read_bytes())
    theirs = {
        name: {test: score for test, (score, _) in (marks or {}).items()}
        for name, marks in zip(answers, otters_marks(pairs), strict=True)
    }
    ours = {
        name: {test.id: test.points for test in graded.result.notebooks[0].tests}
        for name, graded in room.grade(*answers, servers=None).items()
    }
    assert theirs == ours
    assert theirs["hidden"] == {"test_double": 2, "test_half": 3, "test_small": 0, "test_helped": 3}


def test_grader_check_tells_a_student_what_is_visible(room: Classroom) -> None:
    exported(room, *NUMBERS, SMALL)
    student = room.root / "out" / "nb" / "student"
    for body, passed in (("return x * 2", True), ("return 3", False)):
        folder = Path(shutil.copytree(student, room.root / f"home-{passed}"))
        path = folder / "nb.ipynb"
        path.write_bytes(filled(path, {"double": f"def double(x): {body}", "half": "half = 1"}))
        program = (
            "import json, warnings; warnings.simplefilter('ignore')\n"
            "for cell in json.load(open('nb.ipynb'))['cells']:\n"
            "    text = ''.join(cell['source'])\n"
            "    if cell['cell_type'] == 'code' and 'grader.check' not in text: exec(text)\n"
            "print(grader.check('test_small').passed_all)"
        )
        done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True)
        assert done.stdout.decode().split() == [str(passed)], done.stderr.decode()[-2_000:]


# Refused -----------------------------------------------------------------------------------------


def refused(room: Classroom, *cells: dict) -> str:
    with pytest.raises(UsageError) as caught:
        exported(room, *cells)
    assert not (room.root / "out" / "README.md").exists()
    assert [path for path in room.root.iterdir() if path.name.startswith(".otter-")] == []
    return str(caught.value)


def test_a_folder_that_holds_something_is_left_alone(room: Classroom) -> None:
    room.write("out/marks.csv", "1")
    assert refused(room).endswith("is there already; name a new or an empty folder with --to")
    assert (room.root / "out" / "marks.csv").read_text() == "1"


def test_an_empty_folder_is_filled(room: Classroom) -> None:
    (room.root / "out").mkdir()
    assert exported(room).notebooks[0].questions


def test_without_otter_it_says_how_to_get_it(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive.importlib.util, "find_spec", lambda name: None)
    assert "pip install 'autograder[otter]'" in refused(room)


def test_another_otter_than_7_is_refused(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive.metadata, "version", lambda name: "6.1.0")
    assert "otter-grader is of version 6.1.0" in refused(room)


def test_what_generate_refuses_is_refused(room: Classroom) -> None:
    assert "AUTOTEST" in refused(room, *NUMBERS, hidden_test("### AUTOTEST double(2)", "auto"))


def test_a_release_that_would_tell_an_answer_is_refused(room: Classroom) -> None:
    copy = plain("def half_of(x):\n    return x / 2  # as in the solution")
    told = solution(
        "### BEGIN SOLUTION\ndef half_of(x):\n    return x / 2  # as in the solution\n### END SOLUTION",
        "told",
    )
    assert "shows the hidden part of cell 'told'" in refused(room, *NUMBERS, told, copy)


@pytest.mark.parametrize("path", ["tests/data.csv", "otter.py", "otter/__init__.py"])
def test_a_file_in_the_place_of_otter_s_own_is_refused(room: Classroom, path: str) -> None:
    room.write(f"source/toy/{path}", "")
    assert f"{path} lies where otter has its own files" in refused(room)


def test_a_file_in_the_place_of_a_module_of_the_tests_is_refused(room: Classroom) -> None:
    with_helpers(room).write("source/toy/helpers/x.txt", "")
    assert refused(room, *NUMBERS, HELPED).startswith("helpers: a test imports it")


def test_another_language_than_python_is_refused(room: Classroom) -> None:
    room.settings('engine = "kernel"\n')
    assert "only Python's notebooks" in refused(room)


# The command -------------------------------------------------------------------------------------


def test_the_command_tells_what_was_written_and_what_was_left_out(room: Classroom) -> None:
    room.write("source/toy/nb.ipynb", notebook(*NUMBERS, PART))
    ran = room.run("export", "otter", "toy", "--to", "out")
    assert ran.code == 1, ran.err
    first, by_hand, left_out, last = ran.out.splitlines()
    assert first == "nb: 2 questions, 5 points"
    assert by_hand == "  for a human: why (4)"
    assert left_out.startswith("  left out: test_part, 2 points: it gives part of its points by a number")
    assert last == "toy: written to out; each autograder.zip holds the hidden tests"


def test_the_command_tells_programs_the_same(room: Classroom) -> None:
    ran = room.run("export", "otter", "toy", "--to", "out", "--json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert (told["assignment"], told["folder"]) == ("toy", "out")
    (first,) = told["notebooks"]
    assert first["questions"] == {"test_double": 2, "test_half": 3} and first["left_out"] == []


def test_a_mistyped_assignment_is_named(room: Classroom) -> None:
    ran = room.run("export", "otter", "tyo", "--to", "out")
    assert (ran.code, "did you mean 'toy'" in ran.line) == (2, True)
