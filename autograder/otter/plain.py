"""What stands in for the library `otter` while a notebook is graded; a plain file that needs nothing of ours.

As `otter.py` it lies in the student's working directory: `grader.check("q1")` says nothing there, since who
grades runs the tests. Tests that cannot run behind the wall run out of it, in the student's process.
"""

from __future__ import annotations

import builtins
import doctest
import functools
import inspect
import re
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any

MAX_SHOWN = 200  # characters of a value in a message


class Notebook:
    """`otter.Notebook`, which does nothing: tests are run by who grades, where a cell asks for them."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None


class test_case:
    """otter's decorator for a test of the exception format."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __call__(self, function: Callable[..., None]) -> test_case:
        self.function = function
        return self


class Failed(AssertionError):
    """A case that failed, in words for the student."""


class Question:
    """The cases of one question, run one after another; a failed one does not stop the next.

    Names that a case reads are looked up in the namespace of the cell that calls. `possible` are the points
    of all cases together.
    """

    def __init__(self, possible: float, all_or_nothing: bool = False) -> None:
        self.possible = possible
        self.all_or_nothing = all_or_nothing
        self.earned = 0.0
        self.failures: list[tuple[str, Exception]] = []

    def doctest(self, points: float, name: str, text: str, message: str = "", hidden: bool = True) -> None:
        """A case in the format of doctests. `message` is what the student reads if it fails."""
        names = sys._getframe(1).f_globals
        self._run(points, name, message, lambda: _run_doctest(name, text, names, hidden, self.rewritten))

    def exceptions(self, source: str, cases: list[tuple[float, str, str]]) -> None:
        """A test file of the exception format, with points, name and message of each of its cases."""
        names = sys._getframe(1).f_globals
        functions = _functions_of(self.rewritten(source), self.builtins())
        for (points, name, message), function in zip(cases, functions, strict=True):
            self._run(points, name, message, functools.partial(_call, function, names))

    def _run(self, points: float, name: str, message: str, case: Callable[[], None]) -> None:
        try:
            case()
        except MemoryError:
            raise
        except Exception as error:
            print(f"{name}: {type(error).__name__}: {error}")
            self.failures.append((name, Failed(message) if message else error))
        else:
            self.earned += points

    def rewritten(self, source: str) -> str:
        """The text of a test as it is to be compiled."""
        return source

    def builtins(self) -> dict[str, Any]:
        """The builtins of a test file of the exception format."""
        return dict(vars(builtins))

    @property
    def points(self) -> float:
        """The points of the cases that passed, or of all or nothing. Raises where there are none to lose."""
        if self.failures and not self.possible:
            raise self.failures[0][1]
        return 0.0 if self.failures and self.all_or_nothing else self.earned


# doctests -----------------------------------------------------------------------------------------


class _Checker(doctest.OutputChecker):
    """Exact as otter's, but a scalar of numpy 2 counts as what numpy 1 printed for it, and the other way."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return super().check_output(want, got, optionflags) or super().check_output(
            _as_numpy_1(want), _as_numpy_1(got), optionflags
        )


_SCALAR = re.compile(r"np\.(?:float|int|uint|complex|longdouble|str_|bytes_|bool_?)\d*\(([^()]*)\)")


def _as_numpy_1(text: str) -> str:
    return _SCALAR.sub(r"\1", text).replace("np.True_", "True").replace("np.False_", "False")


class _Runner(doctest.DocTestRunner):
    """Keeps the first thing that went wrong, and prints nothing."""

    def __init__(self) -> None:
        super().__init__(_Checker(), verbose=False)
        self.difference: tuple[str, str] | None = None
        self.error: BaseException | None = None

    def report_failure(self, out: object, test: object, example: doctest.Example, got: str) -> None:
        if self.difference is None:
            self.difference = example.want, got

    def report_unexpected_exception(
        self, out: object, test: object, example: object, exc_info: tuple[Any, BaseException, Any]
    ) -> None:
        if self.error is None:
            self.error = exc_info[1]


def _run_doctest(
    name: str, text: str, names: Mapping[str, Any], hidden: bool, rewritten: Callable[[str], str]
) -> None:
    """Raises for the first example that differs; every example runs, as in otter."""
    examples = doctest.DocTestParser().get_examples(text, name)
    for example in examples:
        example.source = rewritten(example.source)
    test = doctest.DocTest(examples, dict(names), name, None, None, text)
    runner = _Runner()
    runner.run(test, clear_globs=False)
    if runner.error is not None:
        raise runner.error
    if runner.difference is not None:
        want, got = (part.strip()[:MAX_SHOWN] for part in runner.difference)
        print(f"{name}: expected {want!r}, got {got!r}")
        raise Failed("a value differs" if hidden else f"expected {want or 'nothing'}, got {got or 'nothing'}")


# the exception format -----------------------------------------------------------------------------


def _functions_of(source: str, known_builtins: dict[str, Any]) -> list[Callable[..., None]]:
    """The test functions that a test file defines, in order."""
    file: dict[str, Any] = {"__name__": "otter_test", "__builtins__": known_builtins}
    ours = types.ModuleType("otter"), types.ModuleType("otter.test_files")
    ours[1].test_case = test_case  # type: ignore[attr-defined]
    known = {module.__name__: sys.modules.get(module.__name__) for module in ours}
    sys.modules.update({module.__name__: module for module in ours})
    try:
        exec(compile(source, "<test file>", "exec"), file)
    finally:
        for name, module in known.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
    return [value.function for value in file.values() if isinstance(value, test_case)]


def _call(function: Callable[..., None], names: Mapping[str, Any]) -> None:
    """Calls it with the values of its parameters' names; None where there is no such name."""
    environment = Environment(names)
    wanted = inspect.signature(function).parameters
    function(**{name: environment if name == "env" else environment.get(name) for name in wanted})


class Environment(Mapping[str, Any]):
    """What a test may read of the namespace in which the student's cells ran."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def __getitem__(self, name: str) -> Any:
        if name in self._names:
            return self._names[name]
        outer = self._names["__builtins__"]
        if isinstance(outer, types.ModuleType):
            raise KeyError(name)
        try:
            return outer[name]
        except NameError:
            raise KeyError(name) from None

    def __contains__(self, name: object) -> bool:
        try:
            self[str(name)]
        except KeyError:
            return False
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
