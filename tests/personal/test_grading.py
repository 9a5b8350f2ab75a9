"""A class with personal data, graded: whose data count, and what attacks on that come to."""

import json
import os

import numpy as np
import pytest

from autograder.context import Context
from autograder.errors import UsageError
from autograder.explaining import explain
from autograder.grading import grade, grade_class
from autograder.personal.seeds import CourseKey
from autograder.result import Outcome, Result, Status
from autograder.runtime.tiers import strongest
from autograder.submission import read_submission
from tests.personal.example import SOLUTION, STUDENTS, RidgeRoom
from tests.runtime.test_no_secrets import memory_of

NOT_THEIRS = "personal.npz: not this student's own; theirs was laid in its place"


def from_file(path: str) -> str:
    return f'mine = np.load("{path}")\nX, y, strength = mine["X"], mine["y"], mine["strength"]\n{SOLUTION}'


SEARCH = """
import os
found = []
for path in {paths!r}:
    try:
        found.append(open(path, "rb").read() and path)
    except OSError:
        pass
    try:
        found += [n for n in os.listdir(path) if n]
    except OSError:
        pass
for variable, value in os.environ.items():
    if "personal" in value or {root!r} in value:
        found.append(variable)
for folder, _, names in os.walk("/tmp"):
    found += [name for name in names if name.endswith(".key") or name.endswith(".solved.npz")]
print("PWNED" if found else "nothing")
"""


@pytest.fixture(scope="module", params=[tier for tier in (3, 2) if tier <= strongest().tier])
def attacked(request, handed_out: RidgeRoom) -> tuple[RidgeRoom, dict[str, Result]]:
    """Each attack by a student of its own, at either tier, on the answers or the data of bob."""
    room, bob = handed_out, np.array(handed_out.answers("bob")).tolist()
    bobs = room.own("bob")
    elsewhere = [room.key, room.root / ".autograder/personal/toy", room.root / "out/bob/personal.npz"]
    search = SEARCH.format(paths=list(map(str, elsewhere)), root=str(room.root))
    attacks = {
        "types_his_answer": (f"w = np.array({bob})", {}),
        "hands_in_his_file": (SOLUTION, {"personal.npz": bobs}),
        "renames_his_file": (from_file("mine.npz"), {"mine.npz": bobs}),
        "overwrites_the_file": (
            'import os, shutil\nos.remove("personal.npz")\nshutil.copy("mine.npz", "personal.npz")\n'
            + from_file("personal.npz"),
            {"mine.npz": bobs},
        ),
        "removes_the_file": (f'{SOLUTION}\nimport os\nos.remove("personal.npz")', {}),
        "makes_a_folder_of_it": (SOLUTION, {"personal.npz/x": b""}),
        "claims_to_be_him": (f"student = owner = student_id = 'bob'\nw = np.array({bob})", {}),
        "searches": (SOLUTION + search, {}),
        "both_answers": (f"w = np.array([{bob}, np.linalg.solve(X.T @ X, X.T @ y).tolist()])", {}),
    }
    for student, (answer, files) in attacks.items():
        folder = room.hand_in(student, w=answer)
        for name, data in files.items():
            room.write(folder / name, data)
    claims = room.submitted("claims_to_be_him") / "nb.ipynb"
    told = json.loads(claims.read_text())
    told["metadata"] |= {"student": "bob", "owner": "bob", "authors": [{"name": "bob"}]}
    room.write(claims, json.dumps(told))
    context = Context.of(room.course, "toy", max_tier=request.param)
    with context.servers() as servers:
        graded = grade_class(context, tuple(attacks), servers=servers, unverified=True, jobs=2, force=True)
    return room, {one.result.student: one.result for one in graded}


@pytest.mark.parametrize(
    "attack",
    ["types_his_answer", "renames_his_file", "overwrites_the_file", "claims_to_be_him", "both_answers"],
)
def test_another_student_s_answer_is_wrong_however_it_got_there(attacked, attack):
    _, results = attacked
    assert results[attack].status is Status.GRADED
    assert results[attack].points == 0


@pytest.mark.parametrize("attack", ["hands_in_his_file", "removes_the_file", "makes_a_folder_of_it"])
def test_whatever_becomes_of_the_file_a_student_s_own_data_count(attacked, attack):
    _, results = attacked
    assert results[attack].points == 4


def test_another_file_under_its_name_is_noted(attacked):
    room, results = attacked
    noted = [student for student, result in results.items() if NOT_THEIRS in result.tampering]
    assert noted == ["hands_in_his_file"]
    assert (room.autograded("hands_in_his_file") / "personal.npz").read_bytes() != room.own("bob")


def test_neither_key_nor_another_s_data_can_be_read_by_a_student(attacked):
    room, results = attacked
    assert results["searches"].points == 4
    shown = room.shown("searches")
    assert "nothing" in shown and "PWNED\\n" not in shown


def test_two_students_who_swap_their_answers_both_fail(handed_out):
    ours = {student: handed_out.answers(student) for student in ("ada", "bob")}
    for student, other in (("ada", "bob"), ("bob", "ada")):
        handed_out.hand_in(student, w=f"w = np.array({ours[other]})")
    assert handed_out.points("ada", "bob") == {"ada": 0, "bob": 0}
    for student in ("ada", "bob"):
        handed_out.hand_in(student, w=f"w = np.array({ours[student]})")
    assert handed_out.points("ada", "bob") == {"ada": 4, "bob": 4}


def test_equal_files_of_two_students_have_two_keys(handed_out):
    for student in ("ada", "bob"):
        handed_out.hand_in(student)
    graded = handed_out.grade("ada", "bob")
    ada, bob = (graded[student].result for student in ("ada", "bob"))
    assert ada.inputs["submission"] == bob.inputs["submission"]
    assert {name for name in ada.inputs if ada.inputs[name] != bob.inputs[name]} == {"personal"}
    assert ada.key != bob.key
    assert handed_out.grade("ada")["ada"].skipped


def test_neither_key_nor_seed_is_in_anything_that_is_written(handed_out):
    handed_out.hand_in("ada", w="w = np.zeros(3)")  # its record holds a traceback
    handed_out.hand_in("bob", w="raise ValueError(open('personal.npz', 'rb').read())")
    handed_out.grade("ada", "bob")
    key = CourseKey.of(handed_out.course)
    assert key is not None
    secrets = [key.key, *(key.seed("toy", student) for student in STUDENTS)]
    needles = [form for one in secrets for form in (one, one.hex().encode(), b"%d" % int(one.hex(), 16))]
    files = [path for path in handed_out.root.rglob("*") if path.is_file() and path != handed_out.key]
    assert len(files) > 10
    found = [(path, n) for path in files for data in [path.read_bytes()] for n in needles if n in data]
    assert found == []


@pytest.mark.skipif(os.geteuid() != 0, reason="reads another process's memory")
def test_the_warm_servers_hold_neither_key_nor_seed(handed_out):
    """What a server holds, every child has in its memory."""
    handed_out.hand_in("ada")
    with handed_out.context().servers() as servers:
        assert handed_out.grade("ada", force=True, servers=servers)["ada"].result.points == 4
        key = CourseKey.of(handed_out.course)
        assert key is not None
        needles = [key.key, key.seed("toy", "ada"), handed_out.own("ada")[200:264]]
        for server in (servers.student, servers.examiner):
            assert not [n for block in memory_of(server.pid) for n in needles if n in block]
        # the search would find it: the module of the tests is there
        assert any(b"for as many students as are given" in b for b in memory_of(servers.examiner.pid))


def test_a_verdict_does_not_depend_on_the_batch(handed_out):
    """Without `solve` in the settings each test solves its student's data by itself."""
    handed_out.hand_in("ada")
    handed_out.hand_in("cyd", w=f"w = np.array({handed_out.answers('ada')})")
    together = handed_out.points("ada", "cyd")
    text = (handed_out.root / "autograder.toml").read_text()
    handed_out.settings(text.replace('solve = "own_data:solve"\n', ""))
    try:
        assert handed_out.context().assignment_of("ada").own.solved is None
        assert handed_out.points("ada", "cyd") == together == {"ada": 4, "cyd": 0}
    finally:
        handed_out.settings(text)


def test_explain_judges_by_the_same_data(handed_out):
    handed_out.hand_in("ada", w=f"w = np.array({handed_out.answers('bob')})")
    context = handed_out.context()
    submission = read_submission(handed_out.submitted("ada"), "ada", "toy", context.settings.limits)
    found = explain(
        context, submission, "test_w", assignment=context.assignment_of("ada"), servers=handed_out.servers
    )
    assert found.outcome == "failed"
    wrong = np.array(handed_out.answers("bob")) - np.array(handed_out.answers("ada"))
    assert found.comparisons[-1].distance == pytest.approx(np.abs(wrong).max() / 1e-6)


def test_data_that_cannot_be_solved_cost_nobody_a_mark(handed_out):
    """A fault of the test, and loud; others of the batch are solved all the same."""
    module = handed_out.root / "own_data.py"
    text = module.read_text()
    bad = handed_out.answers("bob")  # of bob's data alone `solve` shall make nothing
    failing = text.replace(
        "    return [{",
        f"    if any(np.allclose(each, {bad}) for each in w.cpu().numpy()):\n"
        "        raise ValueError('SECRET')\n    return [{",
    )
    module.write_text(failing)
    try:
        for student in ("ada", "bob"):
            handed_out.hand_in(student)
        with handed_out.context().servers() as servers:
            graded = handed_out.grade("ada", "bob", servers=servers)
    finally:
        module.write_text(text)
    assert graded["ada"].result.points == 4
    (part,) = graded["bob"].result.notebooks
    assert [test.outcome for test in part.tests] == [Outcome.FAULT]
    assert "SECRET" not in part.tests[0].message + handed_out.shown("bob")
    assert "solve raised ValueError: SECRET" in graded["bob"].result.withheld["nb/test_w"]
    assert handed_out.marks_of("bob")["test_w"] == (None, 1)


def test_without_a_course_nothing_is_personal(handed_out):
    settings = handed_out.course.settings.for_assignment("toy")
    with pytest.raises(UsageError, match="personal data belong to a course"):
        grade(handed_out.root / "source/toy", handed_out.root / "source/toy", settings=settings)
