"""Small assignments of otter's and submissions for them, drawn at random, to compare two graders on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.otter.writing import code, exception_file, notebook, ok_file, spec

# answers to three questions: right, wrong in the hidden part, wrong, raising, and nothing
ANSWERS = {
    "number": ("n = 5", "n = 6", "n = 'five'", "n = 1 / 0", ""),
    "twice": (
        "def twice(a):\n    return 2 * a",
        "def twice(a):\n    return 2 * a if a < 3 else 7",
        "def twice(a):\n    return None",
        "def twice(a):\n    raise ValueError('no')",
        "",
    ),
    "draw": (
        "import random\nd = random.random()",
        "d = 0.5",
        "d = 'd'",
        "d = nothing",
        "import numpy as np\nd = float(np.random.rand())",
    ),
}
DOCTESTS = {
    "number": (
        ">>> isinstance(n, (int, str))\nTrue",
        ">>> n\n5",
        ">>> n + 1\n6",
        ">>> for i in range(n - 3):\n...     print(i)\n0\n1",
    ),
    "twice": (
        ">>> twice(1)\n2",
        ">>> m = twice(3)\n>>> m\n6",
        ">>> [twice(i) for i in range(4)]\n[0, 2, 4, 6]",
        ">>> twice('a')\n'aa'",
        ">>> twice(1)\nTraceback (most recent call last):\nValueError: no",
    ),
    "draw": (">>> 0 <= d < 1\nTrue", ">>> type(d) == float\nTrue", ">>> d == 0.5\nFalse"),
}
FUNCTIONS = {
    "number": (
        "def test_{i}(n):\n    assert isinstance(n, (int, str))",
        "def test_{i}(env):\n    assert env['n'] == 5, 'n is five'",
        "def test_{i}(nothing, n):\n    assert nothing is None and n + 1 == 6",
    ),
    "twice": (
        "def test_{i}(twice):\n    assert twice(1) == 2",
        "def test_{i}(env):\n    assert env['twice'](3) == 6",
        "def test_{i}(twice):\n    assert twice([1]) == [1, 1]",
    ),
    "draw": (
        "def test_{i}(d):\n    assert 0 <= d < 1",
        "def test_{i}(env):\n    assert 'd' in env and env.get('d') != 0.5",
    ),
}
WORTH = st.sampled_from([None, 0, 1, 2, 0.5])


@dataclass(frozen=True)
class Generated:
    """Test files by name, settings, the notebook that is handed in, and what it is called."""

    tests: Mapping[str, str]
    config: Mapping[str, Any]
    submitted: bytes


@st.composite
def _question(draw: Any, name: str) -> str:
    more = {"all_or_nothing": draw(st.booleans())}
    if draw(st.booleans()):
        texts = draw(st.lists(st.sampled_from(DOCTESTS[name]), min_size=1, max_size=3))
        cases = [
            {"code": text, "hidden": draw(st.booleans()), "points": draw(WORTH), "locked": False}
            for text in texts
        ]
        return ok_file(spec(name, *cases, **more) | {"points": draw(_total(cases))})
    functions = draw(st.lists(st.sampled_from(FUNCTIONS[name]), min_size=1, max_size=3))
    worth = [draw(WORTH) for _ in functions]
    written = [
        (f"points={points!r}, hidden={draw(st.booleans())}", function.format(i=number))
        for number, (points, function) in enumerate(zip(worth, functions, strict=True))
    ]
    points = draw(_total([{"points": each} for each in worth]))
    return exception_file(name, *written, points=points, **more)


def _total(cases: list[dict[str, Any]]) -> st.SearchStrategy[Any]:
    """Points of the question that its cases do not exceed: none, a number, or a list for the cases."""
    fixed = sum(case["points"] or 0 for case in cases)
    each = st.lists(st.sampled_from([0, 1, 3]), min_size=len(cases), max_size=len(cases))
    return st.one_of(st.none(), st.sampled_from([fixed, fixed + 2]), each)


@st.composite
def generated(draw: Any) -> Generated:
    names = draw(st.lists(st.sampled_from(sorted(ANSWERS)), min_size=1, max_size=3, unique=True))
    config = draw(st.sampled_from([{}, {"seed": 42}, {"seed": 7, "seed_variable": "rng_seed"}]))
    cells: list[Any] = ["import otter\ngrader = otter.Notebook()"]
    for name in names:
        cells.append(draw(st.sampled_from(ANSWERS[name])))
        where = draw(st.sampled_from(["check", "metadata", "twice", "nowhere"]))
        if where == "metadata":
            cells[-1] = code(cells[-1], otter={"tests": [name]})
        elif where != "nowhere":
            cells.append(f"grader.check({name!r})")
        if where == "twice":
            cells += [draw(st.sampled_from(ANSWERS[name])), f'grader.check("{name}")']
        if draw(st.integers(0, 3)) == 0:
            cells.append(code("n = 0\nd = 'gone'", tags=["otter_ignore"] if draw(st.booleans()) else []))
    tests = {name: draw(_question(name)) for name in names}
    return Generated(tests, config, notebook(*cells))
