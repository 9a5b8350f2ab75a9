"""Pictures: plain, bounded, silent, and of what was asked no more than may be told."""

import json
import math
import warnings

import numpy as np
import pytest
import torch

from autograder import checks
from autograder.checks import pictures

X = np.linspace(-6, 6, 121)
GRID = np.linspace(-6, 6, 51)
CURVE = 1 / (1 + np.exp(-X))


def made(call) -> list[dict]:
    found: list[dict] = []
    with pictures.recorded(found.append):
        call()
    return found


def a_curve(found, expected=CURVE, x=X):
    return made(lambda: pictures.curve("sigmoid(x)", x, found, expected, given=True, labels=("x", "height")))


def a_map(found, expected):
    return made(lambda: pictures.probability_map("prob", GRID, GRID, found, expected, given=True))


def plane(w1=1.8, w2=2.2, b=-4.0):
    x1, x2 = np.meshgrid(GRID, GRID)
    return 1 / (1 + np.exp(-(w1 * x1 + w2 * x2 + b)))


def test_nobody_records_and_nothing_is_asked_of_the_answer():
    asked = []
    pictures.curve("x", X, lambda: asked.append(1), CURVE, given=True, labels=("x", "y"))
    assert asked == []


def test_a_curve_is_whole_numbers_within_the_raster():
    (picture,) = a_curve(CURVE)
    drawing = picture["drawing"]
    assert drawing["yours"] == drawing["asked"]
    (piece,) = drawing["asked"]
    assert piece[0] == [0, round(CURVE[0] * pictures.HEIGHT)] and piece[-1][0] == pictures.WIDTH
    assert all(type(number) is int for place in piece for number in place)
    assert [tick["text"] for tick in drawing["y"]["ticks"]] == ["0", "0.2", "0.4", "0.6", "0.8", "1"]


def test_the_answer_may_be_a_function_and_what_it_raises_costs_the_picture_alone():
    assert len(a_curve(lambda: CURVE)) == 1
    assert a_curve(lambda: 1 / 0) == []


def test_an_interrupt_is_not_swallowed():
    """The time limit of a test."""

    def never():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        a_curve(never)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "a text",
        ["a", "b"],
        object(),
        {},
        {1: 2},
        np.array(["a"] * 121),
        np.zeros(120),
        np.zeros((121, 1)),
        np.zeros(121, dtype=complex),
        np.zeros(10_000_000),
        [0.0] * 300_000,
        [[[]]] * 4,
        torch.zeros(3, 3),
        [1, [2]],
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_answer_that_is_no_such_curve_makes_no_picture_and_raises_nothing(answer):
    assert a_curve(answer) == []


@pytest.mark.parametrize("worst", [math.nan, math.inf, -math.inf, 1e308, -1e308])
def test_values_beyond_the_picture_interrupt_the_curve(worst):
    answer = CURVE.copy()
    answer[60] = worst
    drawing = a_curve(answer)[0]["drawing"]
    assert len(drawing["yours"]) == 2 and len(drawing["asked"]) == 1
    assert a_curve(np.full(121, worst))[0]["drawing"]["yours"] == []


def test_a_tensor_on_a_graph_can_be_pictured():
    assert len(a_curve(torch.tensor(CURVE, requires_grad=True) * 1.0)) == 1


def test_nothing_warns_and_the_state_of_numpy_is_as_before():
    with warnings.catch_warnings(), np.errstate(divide="raise"):
        warnings.simplefilter("error")
        made(lambda: pictures.history("loss", [0.0, -1.0, 1e-320], [1.0, 0.5, 0.1], given=True))
        assert np.geterr()["divide"] == "raise"


def test_a_picture_is_small_whatever_the_answer_is():
    for found in (
        a_curve(CURVE * 1e6),
        a_map(plane(), plane(0, 0, 0)),
        a_map(np.tile([0.1, 0.9], 1301)[:2601].reshape(51, 51), plane()),
    ):
        assert len(json.dumps(found[0])) < 20_000


def test_a_long_history_is_cut_where_it_stops_to_tell():
    drawing = made(lambda: pictures.history("loss", [1.0] * 5_000, [1.0, 0.1], given=True))[0]["drawing"]
    assert sum(map(len, drawing["yours"])) == 6


def test_a_history_has_an_axis_of_powers_of_ten():
    drawing = made(lambda: pictures.history("loss", [3.0, 0.3], [2.0, 0.02], given=True))[0]["drawing"]
    assert [tick["text"] for tick in drawing["y"]["ticks"]] == ["0.01", "0.1", "1", "10"]


def test_what_is_not_given_says_so():
    found = made(lambda: pictures.curve("x", X, CURVE, CURVE, given=False, labels=("x", "y")))
    assert found[0]["given"] is False


# What was asked ----------------------------------------------------------------------------------


def asked_of(picture):
    drawing = picture["drawing"]
    return {key: drawing[key] for key in ("asked", "band") if key in drawing}


def test_the_asked_curve_is_as_exact_as_the_raster_whatever_the_answer_is():
    """Else answers chosen for it would sharpen it: every other axis would round it in another way."""
    places = set()
    for scale in np.linspace(1, 3, 40):
        drawing = a_curve(CURVE * scale)[0]["drawing"]
        low, high = (float(drawing["y"]["ticks"][end]["text"]) for end in (0, -1))
        heights = [low + y / drawing["y"]["size"] * (high - low) for _, y in drawing["asked"][0]]
        places.add(round(heights[50] * pictures.HEIGHT))
    near = round(CURVE[50] * pictures.HEIGHT)
    assert places <= {near - 1, near, near + 1}


def test_the_asked_map_is_the_same_whatever_the_answer_is():
    rng = np.random.default_rng(0)
    told = {json.dumps(asked_of(a_map(rng.uniform(size=(51, 51)), plane())[0])) for _ in range(10)}
    assert len(told) == 1


def test_the_difference_of_a_map_follows_from_the_answer_and_the_coarse_map_alone():
    """Two references that look alike look alike beside every answer."""
    first, second = plane(), plane(b=-4.005)
    assert asked_of(a_map(first, first)[0]) == asked_of(a_map(first, second)[0])
    for answer in (plane(1, 1, 0), plane(b=-3.9), 1 - first):
        assert a_map(answer, first) == a_map(answer, second)


def test_a_right_map_differs_nowhere():
    apart = a_map(plane() + 1e-9, plane())[0]["drawing"]["apart"]
    assert np.count_nonzero(apart) == 0


def test_a_wrong_map_is_too_high_here_and_too_low_there():
    apart = np.array(a_map(1 - plane(), plane())[0]["drawing"]["apart"])
    assert apart[0, 0] == 2 and apart[-1, -1] == -2


def test_the_same_band_stands_for_many_lines_and_holds_each():
    data = np.array([[-3.0, -3.0], [5.0, 5.0]])
    bands = {}
    for b in np.linspace(-4.2, -3.8, 81):
        line = checks.LinearFit(np.array([1.8, 2.2]), b)
        (picture,) = made(lambda line=line: pictures.boundary("b", data, [0, 1], line, line, given=True))
        drawing = picture["drawing"]
        bands.setdefault(json.dumps(drawing["band"]), []).append(b)
        x1, y1 = drawing["yours"][0][0]
        (_, low), _, _, (_, high) = drawing["band"]
        if x1 == 0:
            assert low - 1 <= y1 <= high + 1
    assert len(bands) <= 4


@pytest.mark.parametrize(
    "w, b", [((math.nan, 1), 0), ((0, 0), 1), ((1, 0), math.inf), ((1, 0), -1e9), ((1e308, 1e308), 0)]
)
def test_a_line_that_is_none_or_elsewhere_is_not_drawn(w, b):
    right = checks.LinearFit(np.array([1.0, 1.0]), -1.0)
    wrong = checks.LinearFit(np.array(w), b)
    data = np.array([[-3.0, -3.0], [5.0, 5.0]])
    (picture,) = made(lambda: pictures.boundary("b", data, [0, 1], wrong, right, given=True))
    assert picture["drawing"]["band"]
    assert picture["drawing"]["yours"] == [] or w == (1e308, 1e308)


def test_vertical_and_level_lines_are_drawn():
    data = np.array([[-3.0, -3.0], [5.0, 5.0]])
    for w in ((1.0, 0.0), (0.0, 1.0)):
        line = checks.LinearFit(np.array(w), -1.0)
        (picture,) = made(lambda line=line: pictures.boundary("b", data, [0, 1], line, line, given=True))
        (start, end), band = picture["drawing"]["yours"][0], picture["drawing"]["band"]
        across = 0 if w[0] else 1
        assert start[across] == end[across] and len(band) == 4
