"""What `verify --changed` and pytest make of personal data: nothing is taken that depends on other ones."""

import pytest

from autograder.personal.given import EXAMPLES
from autograder.verifying.changing import EACH, next_round, verify_changed
from autograder.verifying.following import follow
from autograder.verifying.judging import Observed
from autograder.verifying.remembering import Memory, content_of
from autograder.verifying.trials import Trial
from autograder.verifying.verify import trials_of, verify
from tests.personal.example import RidgeRoom
from tests.test_pytest_plugin import run
from tests.verifying.test_changing import as_expected

ALWAYS = {"@solution", *(f"@solution/student{n + 1}" for n in range(1, EXAMPLES)), "@release"}
ALWAYS |= {"@another-student"}


def trials(room: RidgeRoom) -> list[Trial]:
    return trials_of(room.context(), ())


def old(room: RidgeRoom) -> set[str]:
    """The trials of which something would have to be run."""
    memory = Memory(room.context())
    return {trial.name for trial in trials(room) if memory.not_known(trial)}


def settle(room: RidgeRoom) -> None:
    memory = Memory(room.context())
    for trial in trials(room):
        memory.put(trial, Observed(dict(as_expected(memory, trial)), {}))


@pytest.fixture
def settled(room) -> RidgeRoom:
    """Its assignment is remembered as verified, each trial as it should come out."""
    settle(room)
    return room


def test_the_same_answers_by_another_s_data_are_another_trial(settled):
    assert old(settled) == set()
    solved = [trial for trial in trials(settled) if trial.solved and not trial.answers]
    assert len(solved) == EXAMPLES + 1
    assert len({content_of(trial) for trial in solved}) == len(solved)


@pytest.mark.parametrize(
    "path, before, after",
    [
        ("own_data.py", "size=(40, 3)", "size=(41, 3)"),
        ("own_data.py", "solve(X.T @ X + penalty", "solve(penalty + X.T @ X"),
        ("helping.py", "COLUMNS = 3", "COLUMNS = 4"),
        ("autograder.toml", 'solve = "own_data:solve"\n', ""),
    ],
    ids=["draw", "solve", "a module that they import", "settings"],
)
def test_what_makes_the_data_makes_everything_old(room, path, before, after):
    room.write("helping.py", "COLUMNS = 3\n")
    room.change("own_data.py", "import numpy as np\n", "import numpy as np\nimport helping\n")
    settle(room)
    assert old(room) == set()
    room.change(path, before, after)
    assert old(room) == {trial.name for trial in trials(room)}


def test_a_round_begins_with_every_student_who_is_made_up_and_with_another_s_answers(settled):
    settled.change("source/toy/nb.ipynb", "atol=1e-6", "atol=1e-7")
    context = settled.context()
    first = next_round(context.assignment, Memory(context), trials(settled), EACH)
    assert {trial.name for trial in first[: len(ALWAYS)]} == ALWAYS


def test_a_test_that_stops_being_personal_is_found_in_one_round_without_the_key(room):
    with room.context().servers() as servers:
        assert verify(room.context(), (), servers=servers).exit_code == 0
        assert old(room) == set()
        room.change("source/toy/nb.ipynb", "right = checks.personal.expected(solve)", "right = {'w': w}")
        found = verify_changed(room.context(), (), jobs=2, servers=servers)
    assert [(one.case, one.test) for one in found.false_accepts] == [
        ("@constant/w", "test_w"),
        ("@another-student", "test_w"),
    ]
    assert "answers to another student's data" in found.false_accepts[1].message
    assert found.false_accepts[1].where == "source/toy/nb.ipynb, cell 3 (test_w)"
    assert not room.key.exists()


class Ended(Exception):
    pass


def test_the_module_that_draws_is_watched(settled):
    rounds, saved = [], iter([True])

    def wait() -> None:
        if not next(saved, False):
            raise Ended
        settled.change("own_data.py", "uniform(0.5, 2.0)", "uniform(0.5, 3.0)")

    with pytest.raises(Ended):
        follow(
            settled.context,
            settled.root / "cases/toy",
            2,
            lambda found, _: rounds.append(found),
            lambda error: pytest.fail(str(error)),
            wait,
        )
    assert (rounds[0].run, rounds[-1].not_run) == (0, {})
    assert sum(found.run for found in rounds) == len(trials(settled))
    assert all(found.exit_code == 0 for found in rounds)


def test_pytest_has_items_for_made_up_students_and_another_s_answers(room):
    room.write("pytest.ini", "[pytest]\n")
    room.write("cases/toy/right/same.py", "# /// case\n# ///\n# %% w\n" + SAME)
    ran = run(room, "cases/toy", "-k", "solution or another or same")
    assert ran.code == 0, ran.out
    assert f"{EXAMPLES + 2} passed" in ran.summary
    assert not room.key.exists()


SAME = "w = np.linalg.inv(X.T @ X + strength * np.eye(3)) @ (X.T @ y)\n"
