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
from autograder.otter.exporting import ExportedNotebook, export
from autograder.runtime.servers import Servers
from tests.building import flagged, hidden_test, locked, manual, notebook, plain, solution
from tests.classroom import NUMBERS, Classroom
from tests.otter.filling import filled
from tests.otter.oracle import otters_marks
from tests.otter.test_student import VISIBLE
from tests.otter.writing import exception_file

pytestmark = pytest.mark.ci

SMALL = flagged("code", VISIBLE, "test_small", 2, grade=True, locked=True)
HELPED = hidden_test(
    "import helpers\nhelpers.close(double(3), helpers.SIX, 'six', atol=1e-9)",
    "test_helped",
    3,
)
PART = hidden_test("(double(1) == 2) * 0.5 + (double(2) == 4) * 1.5", "test_part", 2)
OWN = solution("### BEGIN SOLUTION\nBASE = 7\n### END SOLUTION", "own")
APART = hidden_test("assert BASE == 5, 'BASE is five'", "test_apart", 1)  # a solution binds it anew


HELPERS = """\
import pathlib, sys
from autograder import checks
from autograder.checks import close
from helpers.numbers import SIX

if "otter" in sys.modules:  # what it grades by has come in the archive
    assert pathlib.Path(checks.__file__).is_relative_to(pathlib.Path.cwd())
"""
CELLS = (*NUMBERS, SMALL, HELPED, locked("BASE = 5", "base"), OWN, APART, PART)
LEAVES = plain("open('left', 'w').write('x')")
TAKES = solution("### BEGIN SOLUTION\ntext = open('left').read()\n### END SOLUTION", "takes")


@pytest.fixture
def room(tmp_path: Path, servers: Servers) -> Classroom:
    return Classroom(tmp_path / "course", servers)


@pytest.fixture(scope="module")
def toy(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A course with files, modules of its tests, and three notebooks, exported into `out`."""
    room = Classroom(tmp_path_factory.mktemp("toy") / "course", servers, *CELLS, LEAVES)
    room.settings('preload = ["numpy"]\ntest_path = ["modules"]\n')
    room.write("source/toy/reads.ipynb", notebook(TAKES, hidden_test("assert text", "test_takes")))
    room.write("source/toy/words.ipynb", notebook(manual("So.", "so")))
    room.write("modules/helpers/__init__.py", HELPERS)
    room.write("modules/helpers/numbers.py", "SIX = 6\n")
    room.write("modules/helpers/__pycache__/numbers.cpython-311.pyc", b"\0")
    room.write("source/toy/data/table.csv", "1,2\n")
    room.write("source/toy/requirements.txt", "nothing==1\n")
    return room


@pytest.fixture(scope="module")
def exported(toy: Classroom) -> dict[str, ExportedNotebook]:
    found = export(toy.context(), toy.root / "out", toy.servers)
    return {notebook.name: notebook for notebook in found.notebooks}


@pytest.fixture(scope="module")
def archived(toy: Classroom, exported: dict[str, ExportedNotebook]) -> dict[str, str]:
    with zipfile.ZipFile(toy.root / "out" / "nb" / "autograder.zip") as found:
        return {name: found.read(name).decode() for name in found.namelist()}


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_each_notebook_is_an_assignment_for_otter(
    toy: Classroom, exported: dict[str, ExportedNotebook]
) -> None:
    assert exported["nb"].questions == {"test_double": 2, "test_half": 3, "test_small": 2, "test_helped": 3}
    assert [notebook.by_hand for notebook in exported.values()] == [{"why": 4}, {}, {"so": 1}]
    assert files_in(toy.root / "out" / "nb") >= {"autograder.zip", "student/nb.ipynb"}


def test_a_notebook_without_tests_has_no_archive_for_otter_runs_none(
    toy: Classroom, exported: dict[str, ExportedNotebook]
) -> None:
    assert exported["words"].questions == {}
    assert "autograder.zip" not in files_in(toy.root / "out" / "words")


def test_the_archive_has_what_otter_and_gradescope_take(archived: dict[str, str]) -> None:
    made = {"run_autograder", "run_otter.py", "setup.sh", "environment.yml", "otter_config.json"}
    assert made <= archived.keys()
    assert "numpy==" in archived["environment.yml"] and "torch==" in archived["environment.yml"]
    assert "nothing" not in archived["environment.yml"]  # a file of the assignment, and no order to otter


def test_the_archive_has_the_tests_and_what_they_import(archived: dict[str, str]) -> None:
    tests = {name for name in archived if name.startswith("tests/")}
    assert tests == {f"tests/test_{name}.py" for name in ("double", "half", "small", "helped")}
    files = {name for name in archived if name.startswith("files/") and "/checks/" not in name}
    assert files == {
        *("files/helpers/__init__.py", "files/helpers/numbers.py", "files/autograder/__init__.py"),
        *("files/data/table.csv", "files/requirements.txt"),
    }


def test_students_get_the_files_of_the_assignment_and_nothing_of_the_tests(
    toy: Classroom, exported: dict[str, ExportedNotebook]
) -> None:
    given = toy.root / "out" / "nb" / "student"
    assert files_in(given) == {"nb.ipynb", "data/table.csv", "requirements.txt"}
    assert "the secret" not in (given / "nb.ipynb").read_text()


def test_what_cannot_live_in_one_process_is_left_out_by_name(
    toy: Classroom, exported: dict[str, ExportedNotebook]
) -> None:
    apart, part = exported["nb"].left_out
    assert (apart.test, apart.points) == ("test_apart", 1)
    assert apart.why == "in one process it fails with the solution: AssertionError: BASE is five"
    assert (part.test, part.points) == ("test_part", 2) and "by a number" in part.why
    readme = (toy.root / "out" / "README.md").read_text()
    assert f"- test_apart: 1 points; {apart.why}" in readme and "test_part: 2 points" in readme


def test_a_notebook_that_needs_another_one_s_files_is_tried_without_them(
    exported: dict[str, ExportedNotebook],
) -> None:
    (left_out,) = exported["reads"].left_out
    assert left_out.test == "test_takes" and "name 'text' is not defined" in left_out.why


def test_otter_gives_the_points_that_we_give(toy: Classroom, exported: dict[str, ExportedNotebook]) -> None:
    answers = {
        "misses": {"double": "def double(x): return int(x) * 2", "half": "def half(x): return x / 2"},
        "exits": {"double": "def double(x): raise SystemExit", "half": "def half(x): return x / 2"},
    }
    out = toy.root / "out" / "nb"
    pairs = []
    for name, texts in answers.items():
        path = toy.write(f"in/{name}/nb.ipynb", filled(out / "student" / "nb.ipynb", texts))
        pairs.append((out / "autograder.zip", path))
        toy.write(f"submitted/{name}/toy/nb.ipynb", path.read_bytes())
    misses, exits = ({test: score for test, (score, _) in (m or {}).items()} for m in otters_marks(pairs))
    assert misses == {"test_double": 2, "test_half": 3, "test_small": 0, "test_helped": 3}
    assert exits == {"test_double": 0, "test_half": 3, "test_small": 0, "test_helped": 0}
    for name, graded in toy.grade(*answers, servers=None).items():
        ours = {test.id: test.points for test in graded.result.notebooks[0].tests}
        theirs = {"misses": misses, "exits": exits}[name]
        assert {test: ours[test] for test in theirs} == theirs


@pytest.mark.parametrize("body, passed", [("return x * 2", True), ("return 3", False)])
def test_grader_check_tells_a_student_what_is_visible(
    toy: Classroom, exported: dict[str, ExportedNotebook], tmp_path: Path, body: str, passed: bool
) -> None:
    path = tmp_path / "nb.ipynb"
    given = toy.root / "out" / "nb" / "student" / "nb.ipynb"
    path.write_bytes(filled(given, {"double": f"def double(x): {body}", "half": "half = 1"}))
    program = (
        "import json\n"
        "for cell in json.load(open('nb.ipynb'))['cells']:\n"
        "    text = ''.join(cell['source'])\n"
        "    if 'import otter' in text or 'def double' in text: exec(text)\n"
        "print(grader.check('test_small').passed_all)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.split() == [str(passed)], done.stderr[-2_000:]


# Refused -----------------------------------------------------------------------------------------


def refused(room: Classroom, *cells: dict) -> str:
    if cells:
        room.write("source/toy/nb.ipynb", notebook(*cells))
    with pytest.raises(UsageError) as caught:
        export(room.context(), room.root / "out", room.servers)
    assert not (room.root / "out" / "README.md").exists()
    assert [path for path in room.root.iterdir() if path.name.startswith(".otter-")] == []
    return str(caught.value)


def test_a_folder_that_holds_something_is_left_alone(room: Classroom) -> None:
    room.write("out/marks.csv", "1")
    assert refused(room).endswith("is there already; name a new or an empty folder with --to")
    assert (room.root / "out" / "marks.csv").read_text() == "1"


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


@pytest.mark.parametrize("path", ["helpers.py", "autograder/x.txt"])
def test_a_file_in_the_place_of_a_module_of_the_tests_is_refused(room: Classroom, path: str) -> None:
    room.settings('test_path = ["modules"]\n')
    room.write("modules/helpers.py", "from autograder.checks import close\nSIX = 6\n")
    room.write(f"source/toy/{path}", "")
    assert refused(room, *NUMBERS, HELPED, hidden_test("from autograder import checks", "t")).startswith(
        f"{path.partition('/')[0]}: a test imports it"
    )


def test_another_language_than_python_is_refused(room: Classroom) -> None:
    room.settings('engine = "kernel"\n')
    assert "only Python's notebooks" in refused(room)


def test_an_assignment_of_otter_s_own_is_not_written_again(room: Classroom) -> None:
    shutil.rmtree(room.root / "source" / "toy")
    room.write("source/toy/tests/q1.py", exception_file("q1", ("", "def case(env): pass")))
    room.write("source/toy/otter_config.json", "{}")
    assert "is an assignment of otter's already" in refused(room)


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


def test_the_command_fills_an_empty_folder_and_tells_programs_the_same(room: Classroom) -> None:
    (room.root / "out").mkdir()
    ran = room.run("export", "otter", "toy", "--to", "out", "--json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert (told["assignment"], told["folder"]) == ("toy", "out")
    (first,) = told["notebooks"]
    assert first["questions"] == {"test_double": 2, "test_half": 3} and first["left_out"] == []


def test_a_mistyped_assignment_is_named(room: Classroom) -> None:
    ran = room.run("export", "otter", "tyo", "--to", "out")
    assert (ran.code, "did you mean 'toy'" in ran.line) == (2, True)
