import json

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.display.verdicts import print_explanation
from autograder.errors import UsageError
from autograder.explaining import Explanation, explain, explain_student
from autograder.grading import grade_class
from autograder.submission import Submission
from tests.building import hidden_test, notebook, solution
from tests.classroom import Classroom

HALF = "def half(x):\n    return x / 2"
TEST = """\
from autograder import checks

def test_half():
    for x in (2.0, 3.0):
        checks.close(half(x), x / 2, f"half of {x:g}", atol=0.01)

test_half()"""


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    room = Classroom(tmp_path / "course", servers)
    room.write("source/toy/nb.ipynb", notebook(solution(HALF, "half"), hidden_test(TEST, "test_half", 3)))
    return room


def explained(room: Classroom, answer: str) -> Explanation:
    context = room.context()
    room.hand_in("ann", half=answer)
    data = (room.root / "submitted/ann/toy/nb.ipynb").read_bytes()
    return explain(
        context, Submission("ann", "toy", room.root, {"nb": data}), "test_half", servers=room.servers
    )


def test_calls_answers_distance_and_withheld_output_are_shown(room):
    found = explained(room, "def half(x):\n    print('psst', x)\n    return x // 2")
    assert (found.outcome, found.verdict, found.points, found.max_points) == ("failed", "zero", 0, 3)
    assert found.calls == (("half(2.0)", "1.0"), ("half(3.0)", "1.0"))
    near, far = found.comparisons
    assert (near.what, near.distance) == ("half of 2", 0)
    assert far.what == "half of 3" and far.distance == pytest.approx(50)
    assert (far.tolerance, far.answer, far.expected) == (
        "0.01",
        "array(1.0, float64, shape ())",
        "array(1.5, float64, shape ())",
    )
    assert "psst 3.0" in found.withheld
    line = 'checks.close(half(x), x / 2, f"half of {x:g}", atol=0.01)'
    assert found.where == f"source/toy/nb.ipynb, cell 2 (test_half), line 7: {line}"


def test_frames_of_the_grader_are_not_shown_but_the_tests_own_and_the_exception(room, capsys):
    found = explained(room, "def half(x):\n    raise ValueError('no halves')")
    assert "/autograder/runtime/peer.py" in found.withheld
    print_explanation(found)
    shown = capsys.readouterr().out
    assert "/autograder/runtime/" not in shown
    assert "in test_half" in shown and "ValueError: no halves" in shown


def test_an_exception_of_the_students_is_what_came_back(room):
    found = explained(room, "def half(x):\n    raise ValueError('no halves')")
    assert found.calls == (("half(2.0)", "raised ValueError: no halves"),)


def test_arguments_are_those_before_the_call(room):
    room.write(
        "source/toy/nb.ipynb",
        notebook(solution(HALF, "half"), hidden_test("import numpy as np\nhalf(np.ones(2))", "test_half")),
    )
    found = explained(room, "def half(x):\n    x[:] = 7\n    return x")
    assert found.calls[0][0].startswith("half(array([1. 1.]")


def test_calls_inside_a_call_are_not_the_tests_own(room):
    test = "def twice(f, x):\n    return f(f(x))\nassert half(lambda x: x) == 1"
    room.write(
        "source/toy/nb.ipynb",
        notebook(solution("def half(f):\n    return f(1)", "half"), hidden_test(test, "test_half")),
    )
    assert [call.partition("(")[0] for call, _ in explained(room, "def half(f):\n    return f(1)").calls] == [
        "half"
    ]


def test_values_are_cut_and_the_last_calls_are_kept(room):
    test = "for n in range(30):\n    half('x' * 5000)\nassert half(1) == 0.5"
    room.write("source/toy/nb.ipynb", notebook(solution(HALF, "half"), hidden_test(test, "test_half")))
    found = explained(room, "def half(x):\n    return 0.5 if x == 1 else x")
    assert len(found.calls) == 20
    assert found.calls[-1] == ("half(1)", "0.5")
    assert max(len(text) for call in found.calls for text in call) < 450


def test_a_student_is_explained_with_the_seeds_of_the_result_and_nothing_is_written(room):
    room.hand_in("ann", half="def half(x):\n    return x // 2")
    grade_class(room.context(), servers=room.servers)
    path = room.course.result_path("toy", "ann")
    before = path.read_bytes()
    found = explain_student(room.course, "ann", "test_half")
    assert (found.before, found.verdict) == ("zero", "zero")
    assert path.read_bytes() == before
    room.hand_in("ann", half=HALF)
    found = explain_student(room.course, "ann", "test_half")
    assert (found.before, found.verdict) == ("zero", "full")


@pytest.mark.parametrize(
    "student, test, words",
    [
        ("ann", "test_hlf", "that 'ann' has handed in has a test 'test_hlf' (did you mean 'test_half'?)"),
        ("ann", "xyz", "has a test 'xyz'; look at its id"),
        ("anne", "test_half", "no submission of 'anne' in submitted/ (did you mean 'ann'?)"),
        ("anne", "test_hlf", "no submission of 'anne'"),
        ("xyz", "test_half", "no submission of 'xyz' in submitted/"),
    ],
)
def test_what_is_not_there_is_one_line(room, student, test, words):
    room.hand_in("ann")
    with pytest.raises(UsageError) as refused:
        explain_student(room.course, student, test)
    assert words in str(refused.value) and "\n" not in str(refused.value)


def test_a_notebook_that_was_not_handed_in_cannot_be_run(room):
    room.write("submitted/ann/toy/other.txt", "x")
    with pytest.raises(UsageError, match="the notebook was not handed in"):
        explain_student(room.course, "ann", "test_half")


def test_the_command_shows_a_student_and_a_case(room):
    room.hand_in("ann", half="def half(x):\n    print('\\x1b]0;owned\\x07')\n    return x // 2")
    room.write("cases/toy/wrong/floor.py", "# /// case\n# ///\n# %% half\ndef half(x):\n    return x // 2\n")
    base = ["--course", str(room.root), "explain"]
    ran = CliRunner().invoke(main, [*base, "ann", "test_half"])
    assert ran.exit_code == 0, ran.output
    assert "half of 3 (values): distance 50, beyond tolerance (0.01)" in ran.output
    assert "\x1b" not in ran.output and "owned" in ran.output
    ran = CliRunner().invoke(main, [*base, "--case", "wrong/floor", "test_half", "--json"])
    assert json.loads(ran.stdout)["comparisons"][1]["distance"] == pytest.approx(50)
    for wrong in (["ann"], ["--case", "wrong/flor", "test_half"], ["ann", "test_half", "--cases", "x"]):
        assert CliRunner().invoke(main, [*base, *wrong]).exit_code == 2
