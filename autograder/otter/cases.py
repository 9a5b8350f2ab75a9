"""otter's questions in the examiner: points with the reason for each that was lost."""

from __future__ import annotations

import ast
from typing import Any

from autograder.checks.parts import Points
from autograder.otter import plain
from autograder.runtime.handles import TypeCalls, type_of


class Question(plain.Question):
    """As in the student's process; what failed goes to the student in words, and `type` knows handles."""

    def rewritten(self, source: str) -> str:
        if "type" not in source:
            return source
        return ast.unparse(ast.fix_missing_locations(TypeCalls().visit(ast.parse(source)))) + "\n"

    def builtins(self) -> dict[str, Any]:
        return {**super().builtins(), "__type_of__": type_of}

    @property
    def points(self) -> Points:
        total = Points(super().points)
        total.failures = tuple(self.failures)
        return total
