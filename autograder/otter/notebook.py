"""An otter assignment as a notebook of ours: a test cell for each question, placed by each submission.

The folder of such an assignment holds what an autograder zip of otter's holds: `otter_config.json`,
`tests/*.py`, and `files/` that lie beside every submission; and, if there is one, `solution/*.ipynb`.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import NotGradable, UsageError
from autograder.ipynb import read_notebook
from autograder.names import bound_names, read_names
from autograder.otter.questions import QuestionFile
from autograder.source import (
    MAX_SOURCE_BYTES,
    SCHEMA_VERSION,
    Role,
    SourceCell,
    SourceNotebook,
    compute_checksum,
)

CONFIG = "otter_config.json"
STAND_IN = Path(__file__).with_name("plain.py")
# Taken before the first cell runs, since a cell may change the working directory.
SETUP = """
def _take_stand_in():
    import importlib.util, sys
    spec = importlib.util.spec_from_file_location("otter", "otter.py")
    sys.modules["otter"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

_take_stand_in()
del _take_stand_in
"""
PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}

# What a test calls by these names is the library, whatever the student's notebook binds to them.
_USUAL_NAMES = {
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "plt": "import matplotlib.pyplot as plt",
    "sns": "import seaborn as sns",
    "nx": "import networkx as nx",
    "sm": "import statsmodels.api as sm",
    "tf": "import tensorflow as tf",
} | {
    name: f"import {name}"
    for name in (
        *("collections", "datetime", "functools", "inspect", "itertools", "json", "math", "numpy", "os"),
        *("pandas", "random", "re", "scipy", "sklearn", "statistics", "string", "sys", "time", "torch"),
    )
}


@dataclass(frozen=True, slots=True)
class OtterNotebook(SourceNotebook):
    """The questions of an otter assignment; which cells run before which question, the submission says.

    `checks` maps the names that `grader.check` takes to the ids of test cells. `seed` is set before every
    cell, or assigned to `seed_variable`. `solution` is the instructor's notebook, if it is known.
    """

    checks: Mapping[str, str]
    seed: int | None = None
    seed_variable: str | None = None
    solution: bytes | None = None

    @property
    def is_template(self) -> bool:
        return False

    @property
    def has_solution(self) -> bool:
        return self.solution is not None

    @property
    def rules(self) -> tuple[str, ...]:
        return str(self.seed), str(self.seed_variable)


def is_otter(folder: Path) -> bool:
    """Whether the assignment in `folder` is one of otter's."""
    return (folder / CONFIG).is_file()


def read_otter(name: str, folder: Path) -> OtterNotebook:
    """The assignment in `folder`. Raises UsageError for what its instructor has to mend."""
    config = _config(folder / CONFIG)
    tests = [
        QuestionFile.parse(path.stem, path.read_text("utf-8"), f"{name}/tests/{path.name}")
        for path in sorted((folder / "tests").glob("*.py"))
    ]
    if not tests:
        raise UsageError(f"{folder}: no test files in tests/; unpack an autograder zip of otter's there")
    solutions = sorted((folder / "solution").glob("*.ipynb"))
    stem = solutions[0].stem if solutions else name
    return otter_notebook(stem, tests, config, solutions[0].read_bytes() if solutions else None)


def support_files(folder: Path) -> dict[str, Path]:
    """What lies beside every submission, by path: the stand-in for otter, and the instructor's `files/`."""
    files = folder / "files"
    given = {p.relative_to(files).as_posix(): p for p in sorted(files.rglob("*")) if p.is_file()}
    return {"otter.py": STAND_IN} | given


def otter_notebook(
    name: str, tests: Sequence[QuestionFile], config: Mapping[str, Any], solution: bytes | None = None
) -> OtterNotebook:
    """The notebook `name` with these questions. Raises UsageError."""
    names = [test.name for test in tests]
    for test in tests:
        if names.count(test.name) > 1:
            raise UsageError(
                f"{name}: two test files are called {test.name!r}; give each question its own name"
            )
    seed, variable = config.get("seed"), config.get("seed_variable")
    read = frozenset().union(*(_names_read_by(test) for test in tests))
    return OtterNotebook(
        name=name,
        cells=tuple(_cell(number, test, read) for number, test in enumerate(tests, 1)),
        kernelspec=PYTHON,
        metadata={"kernelspec": PYTHON},
        student_names=read - _USUAL_NAMES.keys() - (vars(builtins).keys() - _bound_by(solution)),
        checks={test.check: test.name for test in tests},
        seed=seed,
        seed_variable=variable,
        solution=solution,
    )


def _bound_by(solution: bytes | None) -> frozenset[str]:
    """Names that the instructor's solution binds: a builtin among them is asked for."""
    if solution is None:
        return frozenset()
    try:
        cells = read_notebook(solution, MAX_SOURCE_BYTES).cells
    except NotGradable as error:
        raise UsageError(f"the solution: {error}") from None
    found: frozenset[str] = frozenset()
    for cell in cells:
        if cell.cell_type == "code":
            with contextlib.suppress(SyntaxError):
                found |= bound_names(cell.source or "")
    return found


def _config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text("utf-8") or "{}")
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read as JSON ({error})") from None
    if not isinstance(config, dict):
        raise UsageError(f"{path}: must be a table of settings")
    seed, variable = config.get("seed"), config.get("seed_variable")
    if seed is not None and (type(seed) is not int or not 0 <= seed < 2**32):
        raise UsageError(f"{path}: seed must be a whole number from 0 to 2**32 - 1")
    if variable is not None and not (isinstance(variable, str) and variable.isidentifier()):
        raise UsageError(f"{path}: seed_variable must be a name")
    if config.get("lang", "python") != "python":
        raise UsageError(f"{path}: only assignments in Python can be graded, not in {config['lang']}")
    return config


def _cell(number: int, test: QuestionFile, read: frozenset[str]) -> SourceCell:
    libraries = [_USUAL_NAMES[name] for name in sorted(read & _USUAL_NAMES.keys())]
    behind = _hidden(*libraries, "from autograder.otter.cases import Question as _Question", _text(test))
    beside = _hidden("from otter import Question as _Question", _text(test))
    nbgrader = {
        "grade": True,
        "grade_id": test.name,
        "locked": True,
        "points": test.possible,
        "schema_version": SCHEMA_VERSION,
        "solution": False,
        "task": False,
    }
    return SourceCell(
        role=Role.TEST,
        id=test.name,
        cell_type="code",
        source=behind,
        points=test.possible,
        metadata={"nbgrader": nbgrader},
        cell_id=f"question-{number}",
        checksum=compute_checksum(Role.TEST, test.name, "code", behind, test.possible),
        beside=beside,
    )


def _hidden(*lines: str) -> str:
    """As a hidden test of nbgrader's, which feedback for students leaves out."""
    return "\n".join(["### BEGIN HIDDEN TESTS", *lines, "### END HIDDEN TESTS"])


def _text(test: QuestionFile) -> str:
    """The calls that run the cases, as an instructor reads them in the executed notebook."""
    lines = [f"_question = _Question({test.possible!r}, all_or_nothing={test.all_or_nothing})"]
    if test.source:
        cases = [(case.points, case.name, case.message) for case in test.cases]
        lines.append(f"_question.exceptions({_long(test.source)}, {cases!r})")
    for case in test.cases if not test.source else ():
        arguments = f"{case.points!r}, {case.name!r}, {_long(case.code)}"
        arguments += f", {case.message!r}" if case.message else ""
        arguments += "" if case.hidden else ", hidden=False"
        lines.append(f"_question.doctest({arguments})")
    return "\n".join([*lines, "_question.points"])


def _long(text: str) -> str:
    """A literal of a text of several lines that can be read."""
    literal = f'r"""{text}"""'
    with_end = '"""' in text or text.endswith(('"', "\\"))
    return repr(text) if with_end or ast.literal_eval(literal) != text else literal


def _names_read_by(test: QuestionFile) -> frozenset[str]:
    """Names that the cases of a question look up in the namespace of the student's cells."""
    import doctest

    found: set[str] = set()
    for case in test.cases:
        if case.code:
            for example in doctest.DocTestParser().get_examples(case.code):
                found |= _read(example.source)
    if test.source:
        found |= set(_asked_for(ast.parse(test.source)))
    return frozenset(found) - {"env"}


def _read(source: str) -> frozenset[str]:
    try:
        return read_names(source)
    except SyntaxError:  # the case fails for everybody, as it does in otter
        return frozenset()


def _asked_for(tree: ast.Module) -> Iterator[str]:
    """Parameters of the test functions, and whatever text may be a key of `env`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            yield from (argument.arg for argument in (*node.args.args, *node.args.kwonlyargs))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value
