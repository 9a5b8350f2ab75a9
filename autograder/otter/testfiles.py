"""A test cell as a test file of otter's: exception-based, one question a cell, named by its grade_id.

The cell runs among the student's own names, as in nbgrader and under `isolation = "shared"`.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograder.names import python_of
from autograder.source import SourceCell, stub_of


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a test that adds up parts (`checks.Parts`): what it is called and worth."""

    what: str
    points: float


@dataclass(frozen=True, slots=True)
class Question:
    """A test cell as otter will ask it.

    `visible` is the code of it that students may read, empty if there is none. `parts` are the cases of a
    cell that ends with the points of the `checks.Parts` called `adds_up`; another cell has one case.
    """

    name: str
    points: float
    cell: str
    visible: str
    parts: tuple[Part, ...] = ()
    adds_up: str = ""

    @property
    def is_hidden(self) -> bool:
        """Whether some of the cell is for the grader alone."""
        return not self.visible or self.cell != self.visible

    @classmethod
    def of(cls, cell: SourceCell) -> Question:
        """The question that a test cell asks. The cell must be Python."""
        code = python_of(cell.source)
        points = cell.points or 0.0
        adds_up, parts = _parts_of(code)
        if not math.isclose(sum(part.points for part in parts), points):
            adds_up, parts = "", ()
        return cls(cell.id, points, code, _visible_part(cell), parts, adds_up)


def _visible_part(cell: SourceCell) -> str:
    """What the release shows of a test, if it tries out anything."""
    try:
        code = python_of(stub_of(cell))
    except SyntaxError:  # the hidden region was the body of something
        return ""
    idle = (ast.Import, ast.ImportFrom, ast.Pass)
    return code if any(not isinstance(node, idle) for node in ast.parse(code).body) else ""


def _parts_of(code: str) -> tuple[str, tuple[Part, ...]]:
    """The parts of a cell that ends with `NAME.points`, if every one is there whatever happens before it."""
    body = ast.parse(code).body
    match body[-1] if body else None:
        case ast.Expr(value=ast.Attribute(value=ast.Name(id=name), attr="points")):
            parts = tuple(_parts_in(body, name))
        case _:
            return "", ()
    everywhere = [
        node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Attribute) and node.attr == "worth"
    ]
    distinct = {part.what for part in parts}
    return (name, parts) if parts and len(everywhere) == len(parts) == len(distinct) else ("", ())


def _parts_in(body: list[ast.stmt], name: str) -> Iterator[Part]:
    for node in body:
        match node:
            case ast.With(
                items=[
                    ast.withitem(
                        context_expr=ast.Call(
                            func=ast.Attribute(value=ast.Name(id=owner), attr="worth"),
                            args=[
                                ast.Constant(value=int() | float() as points),
                                ast.Constant(value=str(what)),
                            ],
                            keywords=[],
                        )
                    )
                ]
            ) if owner == name and what:
                yield Part(what, float(points))


_HEAD = """\
\"\"\"Made by `autograder export otter` from the cell of this name: change the cell, not this file.\"\"\"

from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points!r}
all_or_nothing = {all_or_nothing!r}
"""

# Otter survives an Exception that it can print. Another one, such as a SystemExit, or one whose `__str__`
# fails, would cost the student every question.
_RUN = '''

def told(error):
    try:
        if isinstance(error, AssertionError):
            return str(error)[:1000]
    except BaseException:
        pass
    return f"the test ended with {type(error).__name__}"


def run(code, env):
    """Runs the cell among the student's names."""
    try:
        exec(compile(code, name, "exec"), env)
    except BaseException as error:
        raise AssertionError(told(error)) from None
'''

_CASE = """

@test_case({options})
def {function}(env):
    run({code}, env)
"""

_FAILURES = '''

seen = []


def failures(env):
    """What failed, by part. The cell runs once, and every case looks at what came of it."""
    if not seen:
        seen.append(None)
        run(CELL, env)
        seen[0] = dict(env[{adds_up!r}].points.failures)
    if seen[0] is None:
        raise AssertionError("the test did not come to its end")
    return seen[0]
'''

_PART = """

@test_case(name={what!r}, points={points!r}, hidden={hidden!r})
def part_{number}(env):
    if {what!r} in failures(env):
        raise AssertionError(told(failures(env)[{what!r}]))
"""


def for_grader(question: Question) -> str:
    """The file for the grader: with all of the cell."""
    return "".join(_pieces(question))


def for_students(question: Question) -> str:
    """The file for students: of a cell with a hidden part it has the visible one alone."""
    if question.is_hidden:
        question = replace(question, cell=question.visible, parts=(), adds_up="")
    return "".join(_pieces(question))


def _pieces(question: Question) -> Iterator[str]:
    parts, is_hidden = question.parts, question.is_hidden
    points = None if parts else question.points  # each part has its own
    yield _HEAD.format(name=question.name, points=points, all_or_nothing=not parts)
    shows = bool(question.visible and not (parts and not is_hidden))
    if shows:
        yield _text("VISIBLE", question.visible)
    if is_hidden or parts:
        yield _text("CELL", question.cell)
    yield _RUN
    if shows:
        options = "points=0, hidden=False" if parts else "hidden=False"
        yield _CASE.format(options=options, function="visible", code="VISIBLE")
    if parts:
        yield _FAILURES.format(adds_up=question.adds_up)
        for number, part in enumerate(parts, 1):
            yield _PART.format(what=part.what, points=part.points, hidden=is_hidden, number=number)
    elif is_hidden:
        yield _CASE.format(options="hidden=True", function="hidden", code="CELL")


def _text(name: str, code: str) -> str:
    """An assignment that can be read line by line, whatever quotes the code holds."""
    lines = "".join(f"    {line!r}\n" for line in code.splitlines(keepends=True) or [""])
    return f"\n{name} = (\n{lines})\n"
