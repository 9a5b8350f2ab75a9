import json
from dataclasses import fields, replace
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import autograder
from autograder.formats import NewerFormat
from autograder.result import (
    SCHEMA,
    CellResult,
    DamagedResult,
    NotebookResult,
    Outcome,
    Result,
    Status,
    TestResult,
    read_if_whole,
)

DESCRIBED = Draft202012Validator(
    json.loads((resources.files(autograder) / "result.schema.json").read_text("utf-8"))
)

RESULT = Result(
    schema=1,
    assignment="lab6",
    student="ada",
    status=Status.GRADED,
    key="k",
    tier=3,
    isolation="wall",
    seeds={"seed": 2020, "hidden_seed": 0},
    versions={"python": "3.11"},
    notebooks=(
        NotebookResult(
            "nb",
            tests=(
                TestResult("t1", 2.0, 2.0, Outcome.PASSED, seconds=0.1),
                TestResult("t2", 0.5, 3.0, Outcome.PARTIAL, "half"),
            ),
            cells=(CellResult(0, "a", "solution", True, Outcome.PASSED),),
        ),
    ),
    tampering=("a line",),
    withheld={"nb/t2": "text"},
)


def test_points_are_summed():
    assert (RESULT.points, RESULT.max_points) == (2.5, 5.0)


@pytest.mark.parametrize("points", [-0.1, 2.1, float("nan")])
def test_points_lie_between_zero_and_the_most(points):
    with pytest.raises(ValueError, match="not between"):
        TestResult("t", points, 2.0, Outcome.PASSED)


def test_a_result_survives_its_json():
    assert Result.from_json(RESULT.to_json()) == RESULT


texts = st.text(max_size=10)
tests = st.builds(
    TestResult, texts, st.just(0.5), st.floats(1, 10), st.sampled_from(Outcome), texts, st.floats(0, 9)
)
cells = st.builds(CellResult, st.integers(), texts, texts, st.booleans(), st.sampled_from(Outcome), texts)
notebooks = st.builds(
    NotebookResult,
    texts,
    st.sampled_from(Status),
    st.lists(tests, max_size=2).map(tuple),
    st.lists(cells, max_size=2).map(tuple),
    texts,
)
results = st.builds(
    Result,
    schema=st.just(1),
    status=st.sampled_from(Status),
    tier=st.none() | st.integers(0, 3),
    seeds=st.dictionaries(texts, st.integers() | st.booleans() | st.none(), max_size=2),
    versions=st.dictionaries(texts, texts, max_size=2),
    notebooks=st.lists(notebooks, max_size=2).map(tuple),
    tampering=st.lists(texts, max_size=2).map(tuple),
    withheld=st.dictionaries(texts, texts, max_size=2),
)


@settings(deadline=None)
@given(results)
def test_any_result_survives_its_json(result):
    read_back = Result.from_json(result.to_json())
    assert read_back == result
    assert read_back.seeds == result.seeds


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"status": "fine"}, "Result.status"),
        ({"tier": "3"}, "Result.tier"),
        ({"schema": True}, "schema: True"),
        ({"key": None}, "Result.key"),
        ({"notebooks": {}}, "Result.notebooks"),
        ({"notebooks": [{}]}, "Result.notebooks[0]"),
        ({"versions": {"a": 1}}, "Result.versions['a']"),
        ({"more": 1}, "more"),
        ({"schema": 0}, "schema: 0"),
        ({"schema": -1}, "schema: -1"),
        ({"schema": "x"}, "schema: 'x'"),
        ({"schema": None}, "schema: None"),
    ],
)
def test_a_damaged_result_names_the_place(change, place):
    content = json.loads(RESULT.to_json()) | change
    with pytest.raises(DamagedResult) as error:
        Result.from_json(json.dumps(content))
    assert place in str(error.value)
    assert not DESCRIBED.is_valid(content)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "[" * 100_000])
def test_text_that_is_no_result_is_damaged(text):
    with pytest.raises(DamagedResult):
        Result.from_json(text)


@pytest.mark.parametrize("key", ["key", "schema"])
def test_a_missing_key_is_damage(key):
    content = json.loads(RESULT.to_json())
    del content[key]
    with pytest.raises(DamagedResult, match=key):
        Result.from_json(json.dumps(content))
    assert not DESCRIBED.is_valid(content)


def test_more_points_than_there_are_is_damage():
    content = json.loads(RESULT.to_json())
    content["notebooks"][0]["tests"][0]["points"] = 3
    with pytest.raises(DamagedResult, match=r"t1: 3.0 points are not between 0 and 2.0"):
        Result.from_json(json.dumps(content))


# Of other versions ------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{}, {"key": None}, {"invented_later": []}])
def test_a_result_of_a_newer_version_is_not_taken_for_damage(tmp_path, more):
    path = tmp_path / "result.json"
    path.write_text(json.dumps(json.loads(RESULT.to_json()) | {"schema": SCHEMA + 1} | more))
    for read in (Result.read, read_if_whole):
        with pytest.raises(NewerFormat) as error:
            read(path)
        assert str(error.value).startswith(f"{path}: written by a newer version")
        assert "\n" not in str(error.value)


# As it is described for others ------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, definition",
    [
        (Result, []),
        (NotebookResult, ["$defs", "notebook"]),
        (TestResult, ["$defs", "test"]),
        (CellResult, ["$defs", "cell"]),
    ],
)
def test_every_field_is_described_and_no_other(kind, definition):
    described = DESCRIBED.schema
    for step in definition:
        described = described[step]
    names = [field.name for field in fields(kind)]
    assert [*described["properties"]] == described["required"] == names
    assert described["additionalProperties"] is False


def test_every_outcome_and_status_is_described():
    kinds = DESCRIBED.schema["$defs"]
    assert kinds["outcome"]["enum"] == list(Outcome) and kinds["status"]["enum"] == list(Status)
    assert DESCRIBED.schema["properties"]["schema"]["const"] == SCHEMA


@settings(deadline=None)
@given(results)
def test_any_result_is_as_described(result):
    DESCRIBED.validate(json.loads(result.to_json()))


@pytest.mark.parametrize(
    "place, value",
    [("tests", [{}]), ("cells", [3]), ("status", "fine"), ("reason", None), ("more", 1), ("name", 3)],
)
def test_what_is_refused_within_a_notebook_is_not_as_described(place, value):
    content = json.loads(RESULT.to_json())
    content["notebooks"][0][place] = value
    with pytest.raises(DamagedResult):
        Result.from_json(json.dumps(content))
    assert not DESCRIBED.is_valid(content)


def test_a_result_is_written_whole_and_leaves_no_other_file(tmp_path):
    path = tmp_path / "lab6" / "ada" / "result.json"
    RESULT.write_atomically(path)
    replace(RESULT, key="new").write_atomically(path)
    assert Result.read(path) == replace(RESULT, key="new")
    assert [entry.name for entry in path.parent.iterdir()] == ["result.json"]


def test_a_failed_write_leaves_the_old_result(tmp_path):
    path = tmp_path / "result.json"
    RESULT.write_atomically(path)
    endless = CellResult(0, "a", "solution", True, Outcome.PASSED, seconds=float("inf"))
    with pytest.raises(ValueError, match="JSON compliant"):
        replace(RESULT, notebooks=(NotebookResult("nb", cells=(endless,)),)).write_atomically(path)
    assert Result.read(path) == RESULT
    assert [entry.name for entry in tmp_path.iterdir()] == ["result.json"]


def test_no_file_is_no_result(tmp_path):
    assert Result.read(tmp_path / "result.json") is None


def test_a_damaged_file_is_named(tmp_path):
    path = tmp_path / "result.json"
    path.write_text("{")
    with pytest.raises(DamagedResult, match=r"result\.json"):
        Result.read(path)


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.MEMORY, Outcome.CRASHED, Outcome.FAULT])
def test_some_outcomes_are_never_final(outcome):
    test = TestResult("t", 0.0, 1.0, outcome)
    assert not replace(RESULT, notebooks=(NotebookResult("nb", tests=(test,)),)).is_final


def test_a_failed_test_is_final_and_a_fault_is_not():
    failed = NotebookResult("nb", tests=(TestResult("t", 0.0, 1.0, Outcome.FAILED),))
    assert replace(RESULT, notebooks=(failed,)).is_final
    assert not replace(RESULT, status=Status.FAULT).is_final
