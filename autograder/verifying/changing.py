"""`autograder verify --changed`: what depends on something that changed is run again, the nearest first.

A round runs the solution, the release, the answers of another student where data are personal, every case
that was edited, and of the others the few that are likely to tell most. The rest of what changed is counted
as not run. `verify` as a whole stays the gate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.errors import UsageError
from autograder.regions import SOLUTION as SOLUTION_REGION
from autograder.regions import without_marks
from autograder.runtime.servers import Servers
from autograder.verifying.cases import Case
from autograder.verifying.judging import Verification, observe
from autograder.verifying.remembering import SHOWN, Memory, content_of
from autograder.verifying.trials import ANOTHER, Answer, Trial, is_solution, run_trials
from autograder.verifying.verify import RELEASE, judged, trials_of

# of the cases that were not edited, for each worker in one round; starting servers takes as long as many
EACH, EACH_BY_NEW_SERVERS = 2, 8
OUTPUTS = "outputs"  # what stands in `not_run` for the cells that are no tests


@dataclass
class Round(Verification):
    """What is known after a round: `run` verdicts are its own, `taken` of earlier runs; by test, `not_run`
    would have been too many at once.
    """

    run: int = 0
    taken: int = 0
    not_run: dict[str, int] = field(default_factory=dict)


def verify_changed(
    context: Context,
    cases: Iterable[Case],
    *,
    memory: Memory | None = None,
    jobs: int = 1,
    servers: Servers | None = None,
    on_start: Callable[[int], None] = lambda total: None,
    on_trial: Callable[[str], None] = lambda case: None,
) -> Round:
    """One round over what changed since it was verified; what did not change is taken from `memory`.

    Round after round, less is in `not_run`. Raises UsageError for an assignment of otter's, of whose
    notebooks only the whole is known.
    """
    assignment = context.assignment
    if not assignment.is_template:
        raise UsageError(f"{assignment.name} is an assignment of otter's; verify it without --changed")
    cases, memory = list(cases), memory or Memory(context)
    trials = trials_of(context, cases)
    known = {trial.name: memory.fresh(trial) for trial in trials}
    chosen = next_round(assignment, memory, trials, jobs * (EACH if servers else EACH_BY_NEW_SERVERS))
    whole = {trial.name: trial for trial in trials}
    run: Counter[str] = Counter()

    def note(trial: Trial, answer: Answer) -> None:
        found = observe(answer)
        run[trial.name] = len(found.tests)
        known[trial.name] = memory.put(whole[trial.name], found, trial)
        on_trial(trial.name)

    on_start(len(chosen))
    if chosen:
        run_trials(context, chosen, jobs=jobs, servers=servers, on_answer=note)
    verification = judged(context, cases, trials, {name: each.observed for name, each in known.items()})
    left = (memory.not_known(trial) for trial in trials)
    return Round(
        **vars(verification),
        run=run.total(),
        taken=sum(len(each.observed.tests) for each in known.values()) - run.total(),
        not_run=dict(Counter(test or OUTPUTS for tests in left for test in sorted(tests))),
    )


def next_round(assignment: Assignment, memory: Memory, trials: Sequence[Trial], more: int) -> list[Trial]:
    """What always comes first, edited cases, and so many more of the others, each with what is old."""
    stale = {trial.name: tests for trial in trials if (tests := memory.not_known(trial))}
    pending = [trial for trial in trials if trial.name in stale]
    first = [t for t in pending if _is_always_first(t) or _is_edited(memory, t)]
    named = {trial.name for trial in first}
    others = [trial for trial in pending if trial.name not in named]
    others.sort(key=lambda trial: _rank(assignment, trial, stale[trial.name]))
    return [_part_of(t, stale[t.name], memory) for t in (*first, *others[:more])]


def _is_always_first(trial: Trial) -> bool:
    return is_solution(trial.name) or trial.name in (RELEASE, ANOTHER)


def _part_of(trial: Trial, stale: Collection[str], memory: Memory) -> Trial:
    """The trial, with no more than the tests that are to be run, and those that have to run before them."""
    tests = memory.tests_with({name for name in stale if name != SHOWN})
    if tests | {SHOWN} == memory.keys_of(trial).keys():
        return trial
    notebooks = trial.notebooks
    if SHOWN not in stale:
        # what comes behind the last of these tests need not run; what comes before may leave files
        asked = {test.partition("/")[0] for test in tests}
        notebooks = notebooks[: max(map(notebooks.index, asked)) + 1]
    return replace(trial, only=tests, notebooks=notebooks)


def _is_edited(memory: Memory, trial: Trial) -> bool:
    known = memory.get(trial)
    return known is None or known.content != content_of(trial)


def _rank(assignment: Assignment, trial: Trial, stale: Collection[str]) -> tuple[int, int, str]:
    """Cases that should fail a test that is to be run, the nearest to the solution first; then the rest."""
    verdicts = [v for (nb, test), v in trial.expect.items() if f"{nb}/{test}" in stale and v != "full"]
    should_fail = any(verdict is not None for verdict in verdicts)
    if not should_fail:
        return 2, 0, trial.name
    if trial.name.startswith("@"):  # an answer without knowledge lies far off
        return 1, 0, trial.name
    return 0, _distance(assignment, trial), trial.name


def _distance(assignment: Assignment, trial: Trial) -> int:
    """How many characters of the solution the answers change."""
    from rapidfuzz.distance import Levenshtein

    return sum(
        Levenshtein.distance(
            without_marks(cell.source, SOLUTION_REGION), trial.answers[notebook.name, cell.id]
        )
        for notebook in assignment.notebooks
        for cell in notebook.cells
        if (notebook.name, cell.id) in trial.answers
    )
