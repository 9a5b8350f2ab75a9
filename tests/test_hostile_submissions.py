"""What a student can hand in, or do to the working directory, to gain marks or to stop the others."""

import json
import os
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.result import Outcome, Status
from autograder.verifying.cases import submitted_notebook
from tests.building import hidden_test, locked, notebook, solution
from tests.classroom import DOUBLE, HALF, QUICK, SETTINGS, Classroom


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    """A class in which bob is an ordinary student."""
    made = Classroom(tmp_path / "course", servers)
    made.hand_in("bob")
    return made


def in_a_cell(code: str) -> str:
    """The right answer to `half`, and on top of it some code that runs with the cell."""
    return f"{HALF}\n{code}"


def submitted(*cells) -> bytes:
    return notebook(locked("import numpy as np", "setup"), *cells)


# Names ------------------------------------------------------------------------------------------

ODD_IDS = (
    "o'brien",
    'x"; DROP TABLE grade; --',
    "[red]eve",
    "Zoë Ünal",
    "50%_off",
    "a b+c@d.example",
    "?mode=memory",
    "${HOME}",
    "x" * 250,
    "*",
)


def test_odd_student_ids_are_names_like_any_other(room):
    for student in ODD_IDS:
        room.hand_in(student)
    points = room.points()
    assert points == dict.fromkeys((*ODD_IDS, "bob"), 5)
    assert {student for student, _ in room.marks()} == {*ODD_IDS, "bob"}
    assert all(one.skipped for one in room.grade().values())


@pytest.mark.parametrize("name", ["a\nb.txt", "[red].csv", "Zoë.txt", "x" * 250, "-rf", "~", "a'b"])
def test_odd_file_names_do_no_harm(room, name):
    (room.hand_in("eve") / name).write_text("x")
    assert room.points() == {"bob": 5, "eve": 5}


def test_a_file_name_that_is_no_text_is_left_out(room):
    folder = room.hand_in("eve")
    (folder / os.fsdecode(b"\xff.txt")).write_text("x")
    assert room.points()["eve"] == 5
    assert [path.name for path in room.autograded("eve").iterdir()] == ["nb.ipynb"]


# Folders ----------------------------------------------------------------------------------------


def test_links_in_a_submission_are_not_followed(room):
    secret = room.write("secret.txt", "secret")
    folder = room.hand_in("eve")
    (folder / "link.txt").symlink_to(secret)
    (folder / "folder").symlink_to(room.root)
    assert room.points()["eve"] == 5
    assert [path.name for path in room.autograded("eve").iterdir()] == ["nb.ipynb"]


def test_a_notebook_that_is_a_link_stays_open_for_a_human(room):
    folder = room.hand_in("eve")
    (folder / "nb.ipynb").unlink()
    (folder / "nb.ipynb").symlink_to(room.root / "source/toy/nb.ipynb")
    graded = room.grade()
    assert graded["eve"].result.status is Status.NOT_GRADABLE
    assert graded["bob"].result.points == 5


def test_a_submission_that_is_a_link_stays_open_and_stops_nobody(room):
    (room.root / "submitted" / "eve").mkdir()
    (room.root / "submitted" / "eve" / "toy").symlink_to(room.root / "source/toy")
    graded = room.grade()
    assert graded["eve"].result.status is Status.NOT_GRADABLE
    assert graded["bob"].result.points == 5
    assert set(room.marks_of("eve").values()) == {(None, 1)}


@pytest.mark.parametrize("name", ["pipe", "nb.ipynb", "timestamp.txt"])
def test_a_fifo_does_not_make_us_wait(room, name):
    folder = room.hand_in("eve")
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    graded = room.grade()
    assert graded["bob"].result.points == 5
    assert (graded["eve"].result.status is Status.NOT_GRADABLE) == (name == "nb.ipynb")


def test_a_huge_notebook_is_not_read(room):
    folder = room.hand_in("eve")
    with (folder / "nb.ipynb").open("wb") as file:
        file.truncate(2**40)
    graded = room.grade()
    assert graded["eve"].result.status is Status.NOT_GRADABLE
    assert graded["bob"].result.points == 5


def test_a_folder_in_the_place_of_a_support_file_gives_way(room):
    room.write("source/toy/data.csv", "1,2")
    folder = room.hand_in("eve", half=in_a_cell("assert open('data.csv').read() == '1,2'"))
    (folder / "data.csv").mkdir()
    (folder / "data.csv" / "x").write_text("x")
    assert room.points() == {"bob": 5, "eve": 5}
    assert (room.autograded("eve") / "data.csv").read_text() == "1,2"


def test_a_file_in_the_place_of_a_support_folder_gives_way(room):
    room.write("source/toy/data/given.csv", "1,2")
    (room.hand_in("eve") / "data").write_text("x")
    assert room.points() == {"bob": 5, "eve": 5}
    assert (room.autograded("eve") / "data" / "given.csv").read_text() == "1,2"


def test_a_path_too_long_to_open_is_left_out(room):
    folder = room.hand_in("eve")
    inner = os.open(folder, os.O_RDONLY)
    for _ in range(16):
        os.mkdir("d" * 250, dir_fd=inner)
        inner = os.open("d" * 250, os.O_RDONLY, dir_fd=inner)
    os.close(os.open("x" * 250, os.O_CREAT | os.O_WRONLY, dir_fd=inner))
    assert room.points() == {"bob": 5, "eve": 5}


def test_a_folder_where_an_unreadable_notebook_is_kept_gives_way(room):
    folder = room.hand_in("eve")
    (folder / "nb.ipynb").write_text("{")
    (folder / "nb.ipynb.original").mkdir()
    (folder / "nb.ipynb.original" / "x").write_text("x")
    graded = room.grade()
    assert graded["bob"].result.points == 5
    assert graded["eve"].result.status is Status.NOT_GRADABLE
    assert (room.autograded("eve") / "nb.ipynb.original").read_text() == "{"


# Metadata ---------------------------------------------------------------------------------------


def tampered(room: Classroom, change) -> dict[str, float]:
    folder = room.hand_in("eve", half="def half(x):\n    return None")
    content = json.loads((folder / "nb.ipynb").read_text())
    cells = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in content["cells"]}
    change(content["cells"], cells)
    (folder / "nb.ipynb").write_text(json.dumps(content))
    return room.points()


TAMPERINGS = {
    "more points": lambda _, by_id: by_id["test_double"]["metadata"]["nbgrader"].update(points=500),
    "negative points": lambda _, by_id: by_id["test_half"]["metadata"]["nbgrader"].update(points=-1),
    "points that are no number": lambda _, by_id: by_id["test_half"]["metadata"]["nbgrader"].update(
        points="NaN"
    ),
    "an empty test": lambda _, by_id: by_id["test_half"].update(source="pass"),
    "a test that is a solution": lambda _, by_id: by_id["test_half"]["metadata"]["nbgrader"].update(
        grade=False, solution=True
    ),
    "a deleted test": lambda cells, by_id: cells.remove(by_id["test_half"]),
    "a test in markdown": lambda _, by_id: (
        by_id["test_half"].update(cell_type="markdown"),
        by_id["test_half"].pop("outputs"),
        by_id["test_half"].pop("execution_count"),
    ),
    "a doubled test": lambda cells, by_id: cells.append(
        {**by_id["test_double"], "id": "again", "source": "pass"}
    ),
    "a test of one's own": lambda cells, by_id: cells.append(
        json.loads(submitted(hidden_test("pass", "test_mine", 100)))["cells"][1] | {"id": "mine"}
    ),
    "tests before answers": lambda cells, by_id: cells.reverse(),
    "another version of the metadata": lambda _, by_id: by_id["test_half"]["metadata"]["nbgrader"].update(
        schema_version=1
    ),
    "a forged output": lambda _, by_id: by_id["test_half"].update(
        outputs=[{"output_type": "execute_result", "data": {"text/plain": "3"}, "metadata": {}}]
    ),
}


@pytest.mark.parametrize("change", TAMPERINGS.values(), ids=TAMPERINGS)
def test_tampering_with_metadata_neither_pays_nor_stops_anybody(room, change):
    points = tampered(room, change)
    assert points["bob"] == 5
    assert points["eve"] == 2
    assert room.marks_of("eve") == {"test_double": (2, 0), "test_half": (0, 0), "why": (None, 1)}


def test_a_notebook_whose_cells_all_lost_their_ids_stays_open(room):
    room.write(
        "submitted/eve/toy/nb.ipynb", notebook(*[{"cell_type": "code", "source": "x", "metadata": {}}])
    )
    assert room.grade()["eve"].result.status is Status.NOT_GRADABLE
    assert set(room.marks_of("eve").values()) == {(None, 1)}


# The working directory --------------------------------------------------------------------------

MOVED = "import os\nhere = os.getcwd()\nos.rename(here, here + '2')"
VANDALISM = {
    "takes itself away": "import os, shutil\nshutil.rmtree(os.getcwd())",
    "is replaced by a link": f"{MOVED}\nos.symlink('/', here)",
    "is replaced by a file": f"{MOVED}\nopen(here, 'w').close()",
    "is closed": "import os\nos.chmod('.', 0)",
    "has a pipe": "import os\nos.mkfifo('pipe')",
    "has folders below folders": (
        "import os\nhere = os.getcwd()\n"
        "for _ in range(1100):\n    os.mkdir('d')\n    os.chdir('d')\n"
        "os.chdir(here)"
    ),
    "has very many files": "for i in range(12_000):\n    open(f'{i}', 'w').close()",
    "has a file for a folder": "import os\nos.remove('mine')\nos.mkdir('mine')\nopen('mine/x', 'w').close()",
    "has a folder under the notebook's name": (
        "import os\nos.mkdir('nb.ipynb')\nopen('nb.ipynb/x', 'w').close()"
    ),
    "has a folder under a name of ours": (
        "import os\nos.mkdir('timestamp.txt')\nopen('timestamp.txt/x', 'w').close()"
    ),
    "has a path too long to open": (
        "import os\nhere = os.getcwd()\n"
        "for _ in range(16):\n    os.mkdir('d' * 250)\n    os.chdir('d' * 250)\n"
        "open('x' * 250, 'w').close()\nos.chdir(here)"
    ),
    "has names that are no text": "import os\nos.mkdir(b'\\xff')\nopen(b'\\xff/\\xfe', 'w').close()",
}


@pytest.mark.parametrize("code", VANDALISM.values(), ids=VANDALISM)
def test_a_vandalised_working_directory_stops_nobody(room, code):
    folder = room.hand_in("eve", half=in_a_cell(code))
    (folder / "mine").write_text("x")
    (folder / "timestamp.txt").write_text("2020-01-01 00:00:00 UTC")
    graded = room.grade()
    assert graded["bob"].result.points == 5
    assert graded["eve"].result.status is Status.GRADED
    assert (room.autograded("eve") / "nb.ipynb").is_file()
    assert (room.autograded("eve") / "timestamp.txt").is_file()


def test_what_a_cell_writes_under_our_names_is_not_taken_over(room):
    code = "\n".join(
        f"open('{name}', 'w').write('forged')"
        for name in ("nb.ipynb", "x.ipynb", "result.json", "timestamp.txt", "submission_secret.txt")
    )
    room.hand_in("eve", half=in_a_cell(code))
    room.grade()
    assert [path.name for path in room.autograded("eve").iterdir()] == ["nb.ipynb"]
    assert "forged" in room.shown("eve")  # the source of the cell
    assert json.loads(room.shown("eve"))["nbformat"] == 4


def test_the_instructors_files_are_whole_again_for_the_next_notebook(room):
    """A locked cell reads them in the examiner too: forged data would make a wrong answer right."""
    room.write("source/toy/data.csv", "1\n2\n4\n")
    answer = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"
    room.write(
        "source/toy/first.ipynb",
        notebook(solution(answer, "first"), hidden_test("assert x == 1", "test_x", 1)),
    )
    room.write(
        "source/toy/nb.ipynb",
        notebook(
            locked("import numpy as np\ndata = np.loadtxt('data.csv')", "setup"),
            solution("### BEGIN SOLUTION\ndef mean(x):\n    return x.mean()\n### END SOLUTION", "mean"),
            hidden_test("assert abs(mean(data.copy()) - data.mean()) < 1e-9", "test_mean", 2),
        ),
    )
    toy = Assignment.from_folder("toy", room.root / "source/toy")
    forged = "x = 1\nimport os\nos.remove('data.csv')\nopen('data.csv', 'w').write('0\\n0\\n')\n"
    forged += "open('mine.csv', 'w').close()"
    for name, answers in {"first": {"first": forged}, "nb": {"mean": "def mean(x):\n    return 0.0"}}.items():
        room.write(f"submitted/eve/toy/{name}.ipynb", submitted_notebook(toy.notebook(name), answers))
    assert room.points("eve") == {"eve": 1}
    assert (room.autograded("eve") / "data.csv").read_text() == "1\n2\n4\n"
    assert (room.autograded("eve") / "mine.csv").exists()


def test_a_link_that_a_cell_makes_is_not_followed(room):
    room.write("secret.txt", "secret")
    code = f"import os\nos.symlink({str(room.root / 'secret.txt')!r}, 'link')\nos.symlink('/', 'root')"
    room.hand_in("eve", half=in_a_cell(code))
    room.grade()
    assert [path.name for path in room.autograded("eve").iterdir()] == ["nb.ipynb"]


def test_no_file_in_autograded_can_be_run_or_written(room):
    code = "import os\nopen('tool', 'w').write('#!/bin/sh')\nos.chmod('tool', 0o6777)"
    room.hand_in("eve", half=in_a_cell(code))
    room.grade()
    modes = {path.name: oct(path.stat().st_mode & 0o7777) for path in room.autograded("eve").iterdir()}
    assert modes == {"tool": "0o444", "nb.ipynb": "0o444"}


def test_what_is_written_while_a_test_runs_is_not_handed_back(room):
    room.hand_in("eve", half="def half(x):\n    open('inputs.txt', 'w').write(str(x))\n    return x / 2")
    assert room.points()["eve"] == 5
    assert not (room.autograded("eve") / "inputs.txt").exists()


def test_nor_is_it_among_very_many_files(room):
    room.hand_in(
        "eve",
        half="for i in range(12_000):\n    open(f'{i}', 'w').close()\n"
        "def half(x):\n    open('0', 'w').write(str(x))\n    return x / 2",
    )
    room.grade()
    assert [path.name for path in room.autograded("eve").iterdir()] == ["nb.ipynb"]


# Processes --------------------------------------------------------------------------------------


def test_an_endless_cell_costs_its_own_student_only(room):
    room.settings(SETTINGS + QUICK)
    room.hand_in("eve", half="while True: pass")
    graded = room.grade()
    assert graded["bob"].result.points == 5
    assert graded["eve"].result.points == 2
    outcomes = {test.id: test.outcome for test in graded["eve"].result.notebook("nb").tests}
    assert outcomes == {"test_double": Outcome.PASSED, "test_half": Outcome.ERROR}


def test_a_flood_of_output_is_cut(room):
    room.hand_in("eve", half=in_a_cell("print('x' * 50_000_000)"))
    assert room.points() == {"bob": 5, "eve": 5}
    assert len(room.shown("eve")) < 2_000_000


def test_a_process_left_behind_is_gone_with_its_notebook(room, tmp_path):
    sleeper = "sleep 3600.4242"
    code = f"import subprocess\nsubprocess.Popen({sleeper.split()!r}, start_new_session=True)"
    room.hand_in("eve", half=in_a_cell(code))
    assert room.points()["eve"] == 5
    assert sleeper.replace(" ", "\0") not in command_lines()


def command_lines() -> str:
    texts = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            texts.append(path.read_text(errors="replace"))
        except OSError:  # it ended meanwhile
            continue
    return "\n".join(texts)


def test_answers_that_score_by_lying_score_nothing(room):
    room.hand_in(
        "eve",
        double="class Yes(int):\n    def __eq__(self, other): return True\ndef double(x):\n    return Yes(0)",
        half="class Any:\n    def __eq__(self, other): return True\ndef half(x):\n    return Any()",
    )
    assert room.points() == {"bob": 5, "eve": 0}


def test_students_working_side_by_side_do_not_meet(room):
    mark = "import os\nseen = os.listdir('.')\nopen('mark', 'w').close()\nassert 'mark' not in seen"
    for number in range(6):
        room.hand_in(f"s{number}", double=f"{DOUBLE}\n{mark}")
    assert set(room.points().values()) == {5}


def test_solution_cells_of_other_questions_are_not_touched(room):
    room.write(
        "submitted/eve/toy/nb.ipynb",
        submitted(solution(DOUBLE, "double"), solution("import os\nos._exit(0)", "half")),
    )
    points = room.points()
    assert points == {"bob": 5, "eve": 2}
