"""otter's test files, in both formats: what their cases are called and worth. Nothing of them is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import dedent
from typing import Any

from autograder.errors import UsageError


@dataclass(frozen=True, slots=True)
class QuestionCase:
    """One case of a question. `code` are doctests, or nothing in the exception format.

    `points` is None where the file does not say it.
    """

    name: str
    hidden: bool
    points: float | None
    message: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """One question: its cases in order, each with its points.

    `check` is what `grader.check` calls it. `source` is the text of a file of the exception format, empty for
    doctests.
    """

    check: str
    name: str
    cases: tuple[QuestionCase, ...]
    all_or_nothing: bool
    source: str = ""

    @property
    def possible(self) -> float:
        """The points of all cases, added up one by one as they are earned."""
        total = 0.0
        for case in self.cases:
            total += case.points or 0.0
        return total

    @classmethod
    def parse(cls, check: str, text: str, where: str) -> QuestionFile:
        """A file `tests/CHECK.py`, of either format. Raises UsageError, naming `where`."""
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError) as error:
            raise UsageError(f"{where}: is not Python ({error}); make it again with `otter assign`") from None
        values = dict(_assigned(tree, where))
        if "test" in values:
            return cls.from_spec(check, values["test"], where)
        if "name" not in values:
            raise UsageError(
                f"{where}: defines neither `test` nor `name`; is it a test file of otter-grader 4 or newer?"
            )
        name = str(values["name"])
        found = list(_decorated(tree, name, where))
        return cls(
            check,
            name,
            tuple(with_points(values.get("points"), found, where)),
            bool(values.get("all_or_nothing", False)),
            text,
        )

    @classmethod
    def from_spec(cls, check: str, spec: object, where: str) -> QuestionFile:
        """A question in the doctest format, as a dictionary. Raises UsageError, naming `where`."""
        match spec:
            case {"name": name, "suites": [{"cases": list(cases), **suite}]}:
                pass
            case _:
                raise UsageError(f"{where}: a test has a name and exactly one suite of cases")
        if suite.get("type", "doctest") != "doctest" or suite.get("setup") or suite.get("teardown"):
            raise UsageError(f"{where}: only suites of doctests without setup and teardown can be run")
        found = [_case(str(name), number, case, where) for number, case in enumerate(cases, 1)]
        assert isinstance(spec, Mapping)
        points = with_points(spec.get("points"), found, where)
        return cls(check, str(name), tuple(points), bool(spec.get("all_or_nothing", False)))


def _case(question: str, number: int, case: object, where: str) -> QuestionCase:
    if not isinstance(case, Mapping) or not isinstance(case.get("code"), str):
        raise UsageError(f"{where}: case {number} has no code")
    return QuestionCase(
        name=str(case.get("name", f"{question} - {number}")),
        hidden=bool(case.get("hidden", True)),
        points=_points(case.get("points"), where),
        message=str(case.get("failure_message") or ""),
        code=dedent(case["code"]),
    )


def with_points(total: object, cases: Sequence[QuestionCase], where: str) -> Iterable[QuestionCase]:
    """The cases with the points that otter gives them.

    `total` is what the question says: a list for the cases, a number for all of them, or None. With a
    number, cases without points share what the others leave. With None they are worth nothing, unless no
    case has points: then one point is shared. Raises UsageError.
    """
    if isinstance(total, Sequence) and not isinstance(total, str):
        if len(total) != len(cases):
            raise UsageError(
                f"{where}: {len(total)} points for {len(cases)} cases; give each case one number"
            )
        given = zip(cases, total, strict=True)
        return with_points(None, [replace(case, points=_points(p, where)) for case, p in given], where)
    whole = _points(total, where)
    fixed = sum(case.points for case in cases if case.points is not None)
    if whole is None:
        whole = 1.0 if fixed == 0 and all(case.points in (0, None) for case in cases) else fixed
    if fixed > whole:
        raise UsageError(
            f"{where}: its cases are worth {fixed:g} points, the question {whole:g}; correct one"
        )
    others = sum(case.points is None for case in cases)
    share = (whole - fixed) / others if others else 0.0
    return [case if case.points is not None else replace(case, points=share) for case in cases]


def _points(value: object, where: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise UsageError(f"{where}: points must be a number that is not negative, not {value!r}")
    return float(value)


def _assigned(tree: ast.Module, where: str) -> Iterable[tuple[str, Any]]:
    """Names at top level that are bound to a literal."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            try:
                yield name, ast.literal_eval(node.value)
            except ValueError:
                if name in ("test", "name", "points", "all_or_nothing"):
                    raise UsageError(f"{where}: {name!r} must be written out as a literal") from None


def _decorated(tree: ast.Module, question: str, where: str) -> Iterable[QuestionCase]:
    """The functions under `@test_case(...)`; a later one of the same name takes the place of the earlier."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    number = 0
    for node in functions.values():
        call = next((c for c in node.decorator_list if _is_test_case(c)), None)
        if call is None:
            continue
        number += 1
        given: dict[str, Any] = {}
        assert isinstance(call, ast.Call)
        names = ("name", "points", "hidden", "success_message", "failure_message")
        try:
            given = {k: ast.literal_eval(v) for k, v in zip(names, call.args, strict=False)}
            given |= {str(k.arg): ast.literal_eval(k.value) for k in call.keywords}
        except ValueError:
            raise UsageError(f"{where}: write the arguments of @test_case out as literals") from None
        yield QuestionCase(
            name=str(given.get("name") or f"{question} - {number}"),
            hidden=bool(given.get("hidden", False)),
            points=_points(given.get("points"), where),
            message=str(given.get("failure_message") or ""),
        )


def _is_test_case(node: ast.expr) -> bool:
    name = node.func if isinstance(node, ast.Call) else None
    return (isinstance(name, ast.Name) and name.id == "test_case") or (
        isinstance(name, ast.Attribute) and name.attr == "test_case"
    )
