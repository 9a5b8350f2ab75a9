"""Pictures as SVG, in words too, and what somebody can read out of them."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from scipy.optimize import minimize

import reference
from autograder import checks
from autograder.feedback.drawing import Drawing, draw
from autograder.pictures import Picture, checked

X = np.linspace(-6, 6, 121)
CURVE = reference.sigmoid(X, 1.5, -1.0)


def pictured(call) -> Picture:
    found: list[dict] = []
    with checks.pictures.recorded(found.append):
        call()
    (picture,) = checked(found)
    return picture


def a_curve(found, title="sigmoid(x)") -> Picture:
    return pictured(lambda: checks.pictures.curve(title, X, found, CURVE, given=True, labels=("x", "height")))


def a_boundary(found) -> Picture:
    X, y = reference.course_data()
    return pictured(lambda: checks.pictures.boundary("b", X, y, found, reference.course_fit(), given=True))


def a_map(found) -> Picture:
    x1, x2 = reference.course_grid()
    wanted = reference.course_probability_map()
    return pictured(
        lambda: checks.pictures.probability_map("prob", x1[0], x2[:, 0], found, wanted, given=True)
    )


def words(picture: Picture) -> str:
    return " ".join(drawing.caption for drawing in draw(picture))


@pytest.mark.parametrize(
    "found, said",
    [
        (CURVE, "lies on the asked one, as far as one can see"),
        (CURVE + 0.1, "lies on the asked one in 0 of 121 places, above it in 121"),
        (np.where(X > 0, np.nan, CURVE), "and is no number, or outside of the picture, in 60"),
        (np.full(121, np.nan), "holds no numbers"),
    ],
)
def test_a_curve_is_told_in_words(found, said):
    assert said in words(a_curve(found))


def test_a_line_is_told_in_words():
    assert "runs within the band" in words(a_boundary(reference.course_fit()))
    level = checks.LinearFit(np.array([0.0, 1.0]), 0.0)
    assert "outside of the band" in words(a_boundary(level))
    assert "does not cross" in words(a_boundary(checks.LinearFit(np.array([1.0, 1.0]), 1e9)))


def test_a_map_is_three_drawings_and_told_in_words():
    wanted = reference.course_probability_map()
    assert len(draw(a_map(wanted))) == 3 and "in no field" in words(a_map(wanted))
    assert re.search(r"too low in \d+ of 64 fields .* too high in \d+", words(a_map(1 - wanted)))
    assert "hold no probability" in words(a_map(wanted * 3 - 1))


def test_a_drawing_is_an_image_with_a_name_and_a_description_and_whole_numbers():
    for drawing in [
        *draw(a_curve(CURVE)),
        *draw(a_boundary(reference.course_fit())),
        *draw(a_map(np.zeros((51, 51)))),
    ]:
        root = ElementTree.fromstring(drawing.svg)
        assert root.get("role") == "img" and root.find("{*}title").text and root.find("{*}desc").text
        for path in root.iter("{http://www.w3.org/2000/svg}path"):
            assert "." not in path.get("transform", "")


def test_a_title_is_text():
    (drawing,) = draw(a_curve(CURVE, "</title><script>alert(1)</script>"))
    assert "<script" not in drawing.svg


# What can be read out ----------------------------------------------------------------------------
# Somebody takes the SVG apart, knows how it was made, and computes the best estimate of what was asked.


def places(drawing: Drawing, colour: str) -> np.ndarray:
    """Corners of the one path that is filled with this colour, in pixels."""
    for path in ElementTree.fromstring(drawing.svg).iter("{http://www.w3.org/2000/svg}path"):
        if colour in path.get("fill", ""):
            return np.array(re.findall(r"[ML](-?\d+),(-?\d+)", path.get("d", "")), dtype=float)
    raise AssertionError("no such path")


def test_the_boundary_read_out_of_its_picture_is_no_answer():
    """Even for somebody who is told how long the weights are, which no picture shows."""
    picture = a_boundary(checks.LinearFit(np.array([0.0, 1.0]), 0.0))
    corners = places(draw(picture)[0], "--series-2")
    assert len(corners) >= 4
    across, up = (
        [float(axis.ticks[0].text), float(axis.ticks[-1].text)]
        for axis in (picture.drawing.x, picture.drawing.y)
    )
    size = picture.drawing.x.size
    ends = []
    for side in (0, size):
        height = size - corners[np.abs(corners[:, 0] - side) < 1, 1].mean()
        ends.append([np.interp(side, [0, size], across), up[0] + height / size * (up[1] - up[0])])
    (a, c), (b, d) = ends
    normal = np.array([c - d, b - a])
    best = reference.course_fit()
    w = normal / np.linalg.norm(normal) * np.linalg.norm(best.w)
    line = checks.LinearFit(w, -float(w @ [a, c]))
    problem = checks.LogisticProblem(*reference.course_data())
    near = best.w / np.linalg.norm(best.w) @ w / np.linalg.norm(w)
    assert near > 0.99  # it was read out well
    with pytest.raises(checks.CheckFailed):
        checks.is_optimum(line, best, problem, "the fit")


def test_the_map_read_out_of_its_picture_is_no_answer():
    """The levels of the fields, and the mean of all models that have them."""
    drawing = draw(a_map(np.zeros((51, 51))))[1]
    levels = np.zeros((8, 8), dtype=int)
    for path in ElementTree.fromstring(drawing.svg).iter("{http://www.w3.org/2000/svg}path"):
        if "--accent" in path.get("fill", "") and path.get("fill-opacity"):
            corner = re.match(r"M(-?\d+),(-?\d+)h(\d+)v(-?\d+)", path.get("d", ""))
            x, y, width, _ = (int(number) for number in corner.groups())
            level = round(float(path.get("fill-opacity")) * 3)
            first, last = round(x / 190 * 8), round((x + width) / 190 * 8)
            levels[7 - round(y / 190 * 8), first:last] = level
    wanted = reference.course_probability_map()
    assert (levels == asked_levels(wanted)).all()  # it was read out well
    x1, x2 = reference.course_grid()

    def model(theta):
        return reference.sigmoid_2d(x1, x2, *theta)

    def misfit(theta):
        means = fields(model(theta)) * 4
        return float(
            (np.clip(levels - means, 0, None) ** 2 + np.clip(means - levels - 1, 0, None) ** 2).sum()
        )

    rng = np.random.default_rng(0)
    centre = minimize(
        lambda theta: float(((fields(model(theta)) * 4 - levels - 0.5) ** 2).sum()), [1.0, 1.0, -2.0]
    )
    start = minimize(
        misfit, centre.x, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 4000}
    )
    assert misfit(start.x) < 1e-6
    alike, theta = [], start.x
    for _ in range(3_000):
        step = theta + rng.normal(size=3) * [0.15, 0.15, 0.3] * rng.choice([0.05, 0.2, 0.6, 1.5])
        theta = step if misfit(step) < 1e-6 and np.abs(step).max() < 30 else theta
        alike.append(theta)
    for guess in (centre.x, start.x, np.mean(alike, axis=0), np.median(alike, axis=0)):
        assert np.abs(model(guess) - wanted).max() > 0.02
    apart = [np.abs(model(guess) - wanted).max() for guess in alike[::50]]
    assert np.mean(np.array(apart) <= 0.02) < 0.1


def fields(values: np.ndarray) -> np.ndarray:
    for axis in (0, 1):
        parts = np.array_split(values, 8, axis=axis)
        values = np.stack([part.mean(axis=axis) for part in parts], axis=axis)
    return values


def asked_levels(values: np.ndarray) -> np.ndarray:
    return np.minimum(np.floor(fields(values) * 4), 3).astype(int)


def test_the_losses_read_out_of_their_picture_are_none_of_the_list():
    """A pixel is ten times as high as what is tolerated."""
    losses = np.geomspace(5.3, 0.21, 20)
    picture = pictured(lambda: checks.pictures.history("loss", losses * 1.1, losses, given=True))
    ticks = picture.drawing.y.ticks
    low, high = (np.log10(float(tick.text)) for tick in (ticks[0], ticks[-1]))
    size = picture.drawing.y.size
    read = [10 ** (low + y / size * (high - low)) for _, y in picture.drawing.asked[0]]
    assert np.allclose(read, losses, rtol=0.03)
    with pytest.raises(checks.CheckFailed):
        checks.same_losses(read, losses, "losses", rtol=1e-3)
