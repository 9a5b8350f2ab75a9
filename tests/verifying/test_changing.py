import json
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.errors import AutograderError, UsageError
from autograder.result import Outcome
from autograder.verifying.cases import read_cases
from autograder.verifying.changing import EACH, OUTPUTS, next_round, verify_changed
from autograder.verifying.following import follow
from autograder.verifying.judging import Judged, Observed, Verification
from autograder.verifying.remembering import SHOWN, Memory
from autograder.verifying.trials import Trial
from autograder.verifying.verify import trials_of
from tests.building import hidden_test, notebook, plain, solution
from tests.classroom import DOUBLE, HALF, Classroom

RIGHT = "# /// case\n# ///\n# %% half\ndef half(x):\n    return 0.5 * x\n"
WRONG = "# /// case\n# expect = { test_half = 'zero' }\n# ///\n# %% half\ndef half(x):\n    return x // 2\n"
ALL = {"nb/test_double", "nb/test_half", SHOWN}


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    """Its assignment is remembered as verified, each trial as it should come out."""
    room = Classroom(tmp_path / "course", servers)
    room.write("cases/toy/right/plain.py", RIGHT)
    room.write("cases/toy/wrong/floor.py", WRONG)
    settle(room)
    return room


def settle(room: Classroom) -> None:
    memory = Memory(room.context())
    for trial in trials(room):
        memory.put(trial, Observed(dict(as_expected(memory, trial)), {}))


def as_expected(memory: Memory, trial: Trial):
    for name in memory.keys_of(trial).keys() - {SHOWN}:
        verdict = trial.expect.get(tuple(name.split("/"))) or "full"
        outcome = Outcome.PASSED if verdict == "full" else Outcome.FAILED
        yield name, Judged(outcome, verdict, 3.0, "", "", None, ())


def trials(room: Classroom) -> list[Trial]:
    return trials_of(room.context(), cases_of(room))


def cases_of(room: Classroom):
    return read_cases(room.root / "cases/toy", room.context().assignment)


def not_known(room: Classroom) -> dict[str, set[str]]:
    """By trial, what would have to be run."""
    memory = Memory(room.context())
    found = {trial.name: set(memory.not_known(trial)) for trial in trials(room)}
    return {name: tests for name, tests in found.items() if tests}


def chosen(room: Classroom, jobs: int = 1) -> dict[str, frozenset[str] | None]:
    """What the next round runs: trials, and their tests."""
    context = room.context()
    found = next_round(context.assignment, Memory(context), trials(room), EACH * jobs)
    return {trial.name: trial.only for trial in found}


def changed(room: Classroom) -> tuple[Verification, list[str]]:
    """One round, and the trials that it ran."""
    ran: list[str] = []
    context = room.context()
    found = verify_changed(context, cases_of(room), jobs=2, servers=room.servers, on_trial=ran.append)
    return found, sorted(ran)


def edit(room: Classroom, old: str, new: str) -> None:
    path = room.root / "source/toy/nb.ipynb"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def memories(room: Classroom) -> list[Path]:
    return sorted((room.root / ".autograder/verifying/toy").iterdir())


def findings(found: Verification) -> tuple[list, list, list, list]:
    return found.false_accepts, found.false_rejects, found.faults, found.leaks


# What depends on what ---------------------------------------------------------------------------


def test_nothing_has_to_run_where_nothing_changed(room):
    assert not_known(room) == {}
    found, ran = changed(room)
    assert ran == []
    # solution, release, two cases and six answers without knowledge, with two tests each
    assert (found.run, found.taken, found.not_run, found.exit_code) == (0, 20, {}, 0)


def test_a_changed_test_makes_its_own_verdicts_old_and_no_others(room):
    edit(room, "assert half(3) == 1.5", "assert half(5) == 2.5")
    assert len(not_known(room)) == 10
    assert all(tests == {"nb/test_half"} for tests in not_known(room).values())
    assert set(chosen(room).values()) == {frozenset({"nb/test_half"})}
    edit(room, "assert half(5) == 2.5", "assert half(3) == 1.5")
    assert not_known(room) == {}


def test_the_points_of_a_test_belong_to_it(room):
    edit(room, '"points": 3', '"points": 4')
    assert not_known(room)["right/plain"] == {"nb/test_half"}


def test_a_changed_solution_cell_makes_the_tests_behind_it_old(room):
    edit(room, "return x / 2", "return x / 2.0")
    assert all(tests == {"nb/test_half", SHOWN} for tests in not_known(room).values())


def test_a_cell_that_comes_or_goes_moves_the_seeds_behind_it(room):
    content = json.loads((room.root / "source/toy/nb.ipynb").read_text())
    content["cells"].insert(3, plain("Halves.", "markdown") | {"id": "more"})
    room.write("source/toy/nb.ipynb", json.dumps(content))
    assert not_known(room)["right/plain"] == {"nb/test_half", SHOWN}


def test_a_question_that_is_added_at_the_end_leaves_the_others_as_they_were(room):
    before = {trial.name for trial in trials(room)}
    content = json.loads((room.root / "source/toy/nb.ipynb").read_text())
    thrice = "def thrice(x):\n    ### BEGIN SOLUTION\n    return 3 * x\n    ### END SOLUTION"
    content["cells"] += [solution(thrice, "thrice"), hidden_test("assert thrice(1) == 3", "test_thrice", 1)]
    room.write("source/toy/nb.ipynb", json.dumps(content))
    found = not_known(room)
    assert all(found[name] == {"nb/test_thrice", SHOWN} for name in before)


def test_a_name_that_becomes_a_student_s_makes_the_tests_old_that_use_it(room):
    content = json.loads((room.root / "source/toy/nb.ipynb").read_text())
    content["cells"].append(solution("### BEGIN SOLUTION\nassertion = half\n### END SOLUTION", "more"))
    room.write("source/toy/nb.ipynb", json.dumps(content))
    assert not_known(room)["right/plain"] == {SHOWN}
    edit(room, "assertion = half", "np = half")  # which the first cell has, before every test
    assert not_known(room)["right/plain"] == {"nb/test_double", "nb/test_half", SHOWN}


def test_prose_changes_no_verdict(room):
    edit(room, "Because.", "Because of that.")
    assert not_known(room) == {}


def test_a_changed_case_is_run_and_no_other(room):
    room.write("cases/toy/wrong/floor.py", WRONG.replace("x // 2", "x - 1"))
    assert not_known(room) == {"wrong/floor": {"nb/test_half", SHOWN}}  # the other test comes before it


def test_what_every_result_depends_on_makes_all_old(room):
    room.settings('preload = ["numpy"]\nhidden_seed = 1\n')
    assert len(not_known(room)) == 10
    assert all(tests == ALL for tests in not_known(room).values())


def test_a_module_that_tests_import_makes_all_old(room):
    room.settings('preload = ["numpy"]\ntest_path = ["."]\n')
    room.write("truth.py", "ANSWER = 1.5\n")
    edit(room, "assert half(3) == 1.5", "import truth\\nassert half(3) == truth.ANSWER")
    settle(room)
    room.write("truth.py", "ANSWER = 3 / 2\n")
    assert not_known(room)["right/plain"] == ALL


TWICE = "def twice(x):\n    return double(x)\nassert twice(1) == 2"


def test_a_test_depends_on_the_tests_whose_names_it_uses(room):
    room.write(
        "source/toy/nb.ipynb",
        notebook(
            solution(DOUBLE, "double"),
            hidden_test(TWICE, "test_double"),
            hidden_test("assert double(3) == 6", "test_between"),
            solution(HALF, "half"),
            hidden_test("assert half(twice(3)) == 3", "test_half"),
        ),
    )
    settle(room)
    edit(room, "assert half(twice(3)) == 3", "assert half(twice(5)) == 5")
    assert not_known(room)["@solution"] == {"nb/test_half"}
    assert chosen(room)["@solution"] == {"nb/test_half", "nb/test_double"}
    settle(room)
    edit(room, "return double(x)", "return 2 * double(x) / 2")
    assert not_known(room)["@solution"] == {"nb/test_double", "nb/test_half"}


def test_where_tests_share_the_student_s_process_every_earlier_one_may_matter(room):
    room.settings('preload = ["numpy"]\nisolation = "shared"\n')
    settle(room)
    edit(room, "assert double(2) == 4", "assert double(3) == 6")
    assert not_known(room)["@solution"] == {"nb/test_double", "nb/test_half"}


def test_notebooks_behind_the_last_test_that_has_to_run_are_left_out(room):
    room.write("source/toy/z.ipynb", notebook(solution("y = 1", "y"), hidden_test("assert y == 1", "test_y")))
    settle(room)
    edit(room, "assert half(3) == 1.5", "assert half(5) == 2.5")
    context, memory = room.context(), Memory(room.context())
    first, *_ = next_round(context.assignment, memory, trials(room), EACH)
    assert (first.name, first.notebooks, first.only) == ("@solution", ("nb",), {"nb/test_half"})
    whole = trials(room)[0]
    seen = Observed(dict(as_expected(memory, first)), {"nb, cell 3": ("new",)})
    found = memory.put(whole, replace(seen, tests={"nb/test_half": seen.tests["nb/test_half"]}), first)
    assert memory.not_known(whole) == set()
    assert found.observed.leaks == {"nb, cell 3": ("new",)}
    assert found.observed.tests.keys() == {"nb/test_double", "nb/test_half", "z/test_y"}


# Rounds -----------------------------------------------------------------------------------------


def test_a_round_takes_the_nearest_cases_that_the_test_should_fail(room):
    for number in range(5):
        room.write(f"cases/toy/wrong/far{number}.py", WRONG + "# " + "so far off " * (number + 1) + "\n")
        room.write(f"cases/toy/right/other{number}.py", RIGHT + f"# {number}\n")
    settle(room)
    edit(room, "assert half(3) == 1.5", "assert half(5) == 2.5")
    assert list(chosen(room)) == [
        "@solution",
        "@release",
        "wrong/floor",
        "wrong/far0",
    ]
    assert len(chosen(room)) == 2 + EACH and len(chosen(room, jobs=2)) == 2 + 2 * EACH
    last = list(chosen(room, jobs=9))
    assert last.index("wrong/far4") < last.index("@none/half") < last.index("right/other0")


def test_edited_cases_are_run_however_many(room):
    for number in range(20):
        room.write(f"cases/toy/right/other{number}.py", RIGHT + f"# {number}\n")
    assert len(chosen(room)) == 20


def test_without_an_earlier_verification_all_is_run_whole(room):
    for path in memories(room):
        path.unlink()
    assert set(chosen(room).values()) == {None} and len(chosen(room)) == 10


def test_rounds_come_to_an_end_with_nothing_left(room):
    edit(room, "return x / 2", "return x / 2.0")
    for number in range(2):
        room.write(f"cases/toy/right/other{number}.py", RIGHT + f"# {number}\n")
    left = [sum(map(len, not_known(room).values()))]
    while left[-1]:
        changed(room)
        left.append(sum(map(len, not_known(room).values())))
        assert left[-1] < left[-2]
    assert findings(changed(room)[0]) == ([], [], [], [])


def test_a_changed_test_that_is_wrong_now_is_found_with_its_line(room):
    edit(room, "assert half(3) == 1.5", "assert half(4) == 2")
    found, ran = changed(room)
    assert {"@solution", "@release", "wrong/floor"} <= set(ran)
    (accept,) = found.false_accepts
    assert (accept.case, accept.test, accept.got) == ("wrong/floor", "test_half", "full")
    assert (found.run, found.taken, found.not_run) == (6, 10, {"nb/test_half": 4})
    edit(room, "assert half(4) == 2", "assert half(3) == 9, 'nine'")
    found, _ = changed(room)
    assert [fault.where for fault in found.faults] == [
        "source/toy/nb.ipynb, cell 5 (test_half), line 3: assert half(3) == 9, 'nine'"
    ]
    # what is wrong is said again, though nothing is run
    again, ran = changed(room)
    assert "@solution" not in ran and again.faults == found.faults


def test_an_expectation_is_judged_anew_without_a_run(room):
    room.write("cases/toy/wrong/floor.py", WRONG.replace("'zero'", "'full'"))
    found, ran = changed(room)
    assert ran == []
    assert [reject.case for reject in found.false_rejects] == ["wrong/floor"]


def test_a_cell_behind_the_last_test_is_looked_at_for_leaks(room):
    content = json.loads((room.root / "source/toy/nb.ipynb").read_text())
    content["cells"].append(plain("print('PWNED:' + 'loose')") | {"id": "last"})
    room.write("source/toy/nb.ipynb", json.dumps(content))
    assert all(tests == {SHOWN} for tests in not_known(room).values())
    found, _ = changed(room)
    assert {leak.name for leak in found.leaks} == {"loose"}
    assert set(found.not_run) <= {OUTPUTS}


def test_what_did_not_come_to_an_end_is_run_again(room, monkeypatch):
    edit(room, "assert half(3) == 1.5", "assert half(5) == 2.5")
    with monkeypatch.context() as patched:
        patched.setattr("autograder.verifying.trials.mark", lambda *args, **kwargs: 1 / 0)
        assert changed(room)[0].faults
    assert "@solution" in not_known(room)
    assert findings(changed(room)[0]) == ([], [], [], [])


# A memory that is not to be believed ------------------------------------------------------------


def remembered_as(room: Classroom, path: Path) -> str:
    return json.loads(path.read_text())["kept"]["trial"]


def flip(text: str) -> str:
    record = json.loads(text)
    for test in record["kept"]["observed"]["tests"].values():
        test["verdict"] = "full" if test["verdict"] == "zero" else "zero"
    return json.dumps(record)


def foreign(text: str) -> str:
    record = json.loads(text)
    record["kept"]["trial"] = "right/another"
    return json.dumps(record)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: "[" * 100_000,
        lambda text: "{}",
        lambda text: '{"digest": "", "kept": {}}',
        lambda text: "null",
        flip,
        foreign,
        lambda text: text.replace('"digest": "', '"digest": "0'),
    ],
    ids=["torn", "empty", "deep", "object", "nothing kept", "null", "verdicts", "another's", "digest"],
)
def test_what_was_torn_or_tampered_with_is_run_again(room, damage):
    for path in memories(room):
        path.write_text(damage(path.read_text()))
    assert len(not_known(room)) == 10
    assert set(chosen(room).values()) == {None}


def test_a_file_under_another_trial_s_name_is_not_believed(room):
    first, second = memories(room)[:2]
    names = {remembered_as(room, path) for path in (first, second)}
    text = first.read_text()
    first.write_text(second.read_text())
    second.write_text(text)
    assert set(not_known(room)) == names


def test_a_look_at_some_cases_forgets_nothing_of_the_others(room):
    context = room.context()
    attacks = read_cases(room.write("attacks/odd.py", RIGHT).parent, context.assignment)
    verify_changed(context, attacks, servers=room.servers)
    assert not_known(room) == {}


def test_where_nothing_can_be_kept_all_is_run_and_judged(room):
    for path in memories(room):
        path.unlink()
    memories_of = room.root / ".autograder/verifying"
    shutil.rmtree(memories_of)
    memories_of.write_text("no folder")
    found, ran = changed(room)
    assert findings(found) == ([], [], [], []) and len(ran) == 10


def test_a_kill_in_the_middle_loses_nothing_that_was_done(tmp_path):
    room = Classroom(tmp_path / "course")
    for number in range(6):
        room.write(f"cases/toy/right/{number}.py", RIGHT + f"import time; time.sleep(0.2)  # {number}\n")
    folder = room.root / ".autograder/verifying/toy"
    process = room.start("verify", "toy", "--jobs", "1")
    while not (folder.is_dir() and len(list(folder.glob("*.json"))) >= 3):
        assert process.poll() is None, process.communicate(timeout=60)
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    done = len(list(folder.glob("*.json")))
    ran = room.run("verify", "toy", "--changed", "--jobs", "2", "--json")
    found = json.loads(ran.out)
    assert ran.code == 0, ran.err
    assert done >= 3 and found["taken"] >= 2 * 3
    assert found["not_run"] == {}


# Following --------------------------------------------------------------------------------------


class Ended(Exception):
    pass


def test_a_saved_file_starts_a_round_and_a_broken_one_is_told(room):
    room.settings("preload = []\n")
    rounds: list[Verification] = []
    problems: list[str] = []
    changes = iter(
        [
            lambda: edit(room, "assert half(3) == 1.5", "assert half(4) == 2"),
            lambda: room.write("source/toy/nb.ipynb", "{"),
            lambda: room.write(
                "source/toy/nb.ipynb",
                notebook(solution(HALF, "half"), hidden_test("assert half(3) == 1.5", "test_half")),
            ),
        ]
    )

    def wait() -> None:
        try:
            change = next(changes)
        except StopIteration:
            raise Ended from None
        change()

    def on_problem(error: AutograderError) -> None:
        problems.append(str(error))

    with pytest.raises(Ended):
        follow(
            room.context, room.root / "cases/toy", 2, lambda found, _: rounds.append(found), on_problem, wait
        )
    assert [found.exit_code for found in rounds if not found.not_run] == [0, 1, 0]
    assert len(problems) == 1 and "nb.ipynb: the notebook is not valid JSON" in problems[0]


# The command ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options, words",
    [
        (["--watch"], "--watch goes with --changed"),
        (["--changed", "--mutants"], "leave out --mutants"),
        (["--changed", "--keep", "x"], "leave out --changed"),
        (["--changed", "--watch", "--json"], "leave out --json"),
    ],
)
def test_options_that_do_not_go_together_are_refused(room, options, words):
    ran = room.run("verify", "toy", *options)
    assert ran.code == 2 and words in ran.line


def test_the_command_says_what_was_taken_and_what_was_not_run(room):
    for number in range(4):
        room.write(f"cases/toy/right/other{number}.py", RIGHT + f"# {number}\n")
    settle(room)
    edit(room, "assert half(3) == 1.5", "assert half(5) == 2.5")
    ran = room.run("verify", "toy", "--changed", "--jobs", "1")
    assert ran.code == 0, ran.err
    assert "10 verdicts run now, 14 taken from earlier runs, 4 not run" in ran.out
    assert "not run: nb/test_half in 4 submissions" in ran.out


def test_an_assignment_of_otter_s_is_refused(room, monkeypatch):
    monkeypatch.setattr(Assignment, "is_template", False)
    with pytest.raises(UsageError, match="without --changed"):
        changed(room)
