"""Answers out of what was handed in, and which of them are alike."""

import json
import tokenize

import pytest
from click.testing import CliRunner

from autograder.answers import Question, export_answers
from autograder.cli import main
from autograder.errors import UsageError
from autograder.marks.pseudonyms import Pseudonyms
from autograder.similarity import similarities, tokens_of
from tests.building import locked, manual, solution
from tests.classroom import Classroom

TEMPLATE = "def fit(x, y):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
SOLVED = "def fit(x, y):\n    ### BEGIN SOLUTION\n    return x @ y\n    ### END SOLUTION"
LOOP = """def fit(x, y):
    total = 0.0
    for step in range(100):
        total = total + sum(x) * y - len(x)
        if total > 10:
            break
    return total / 2"""
RENAMED = """def fit(x, y):
    # my own work, honestly
    acc   =   0.0
    for i in range(100):

        acc = acc + sum(x) * y - len(x)
        if acc > 10:
            break
    return acc / 2"""
NEARLY = LOOP.replace("break", "return 0")
OTHER = """def fit(x, y):
    import numpy as np
    w = np.linalg.solve(np.dot(x.T, x), np.dot(x.T, y))
    assert np.isfinite(w).all()
    return {"w": w, "b": np.mean(y - x.dot(w))}"""
QUESTION = Question("nb", "fit", True, TEMPLATE)


@pytest.fixture
def room(tmp_path) -> Classroom:
    cells = (locked("import math", "setup"), solution(SOLVED, "fit"), manual("Because.", "why", 4))
    return Classroom(tmp_path / "course", None, *cells)


def tokens(text: str, question: Question = QUESTION) -> str:
    return tokens_of(text, question)


def test_a_folder_a_question_has_the_answers_and_the_template(room, tmp_path):
    room.hand_in("ada", fit=LOOP, why="Since.\x00\u202e")
    room.hand_in("-rf", fit="def fit(:")
    count, notes = export_answers(room.course, "toy", tmp_path / "out", str)
    files = {str(p.relative_to(tmp_path / "out")): p.read_text() for p in (tmp_path / "out").rglob("*.*")}
    assert files["nb/fit/answers/ada.py"] == LOOP
    assert files["nb/fit/answers/-rf.py"] == "def fit(:"
    assert files["nb/fit/template/template.py"] == TEMPLATE
    assert files["nb/why/answers/ada.md"] == "Since.\x00\u202e"
    assert (count, notes) == (4, [])


def test_what_is_no_answer_leaves_no_file_and_what_cannot_be_read_is_said(room, tmp_path):
    room.hand_in("ada", fit=TEMPLATE, why="")
    (room.hand_in("bob") / "nb.ipynb").write_bytes(b"\xff")
    (room.hand_in("cyd") / "nb.ipynb").unlink()
    link = room.hand_in("eve") / "nb.ipynb"
    link.unlink()
    link.symlink_to(room.root / "autograder.toml")
    count, notes = export_answers(room.course, "toy", tmp_path / "out", str)
    assert not (tmp_path / "out/nb/fit/answers/ada.py").exists()
    assert [note.partition(":")[0] for note in notes] == ["bob", "cyd", "eve"]
    assert count == len(list((tmp_path / "out").rglob("answers/*")))


def test_an_id_as_long_as_a_file_name_has_a_file(room, tmp_path):
    room.hand_in("x" * 255, fit=LOOP)
    export_answers(room.course, "toy", tmp_path / "out", str)
    (path,) = (tmp_path / "out/nb/fit/answers").iterdir()
    assert path.read_text() == LOOP and path.name.startswith("xxxx")


def test_a_folder_that_is_there_is_not_written_into(room, tmp_path):
    room.hand_in("ada")
    with pytest.raises(UsageError, match="name a new folder"):
        export_answers(room.course, "toy", tmp_path, str)


def test_files_may_bear_pseudonyms(room, tmp_path):
    room.hand_in("ada", fit=LOOP)
    arguments = ["--course", str(room.root), "export", "answers", "toy", "--pseudonyms", "--to"]
    ran = CliRunner().invoke(main, [*arguments, str(tmp_path / "out")])
    assert ran.exit_code == 0, ran.output
    (path,) = (tmp_path / "out/nb/fit/answers").iterdir()
    assert path.stem == Pseudonyms.of(room.course).of_student("ada")


# Tokens -------------------------------------------------------------------------------------------


def test_names_comments_and_layout_do_not_count():
    assert tokens(LOOP) == tokens(RENAMED)


def test_library_functions_and_numbers_count():
    assert tokens("y = np.exp(x)") != tokens("y = np.log(x)")
    assert tokens("y = x + 1") != tokens("y = x + 2")


def test_lines_of_the_template_do_not_count():
    assert tokens(TEMPLATE) == ""
    assert tokens("def fit(x, y):\n    return x") == tokens("\n    return x")


@pytest.mark.parametrize(
    "text",
    [
        "def fit(:",
        "!ls",
        "'open",
        '"""open',
        "x = (",
        "\x00",
        "  x\n y",
        "é€ = 1",
        "\ud800",
        "%%bash\nrm 'x",
        "f'{",
    ],
)
def test_what_does_not_tokenise_falls_back_to_words(text):
    assert tokens(text + " something more") != ""


def test_a_huge_answer_is_cut():
    assert len(tokens("x = 1\n" * 100_000)) == 2_000


def test_token_kinds_that_are_left_out_are_known_to_this_python():
    assert all(tokenize.tok_name[kind] for kind in (tokenize.COMMENT, tokenize.NL, tokenize.ENDMARKER))


# Similarity ---------------------------------------------------------------------------------------


def test_equal_answers_are_one_line_and_near_ones_a_pair(room):
    for student, answer in {
        "ada": LOOP,
        "bob": RENAMED,
        "cyd": NEARLY,
        "dan": OTHER,
        "eve": "fit = 1",
    }.items():
        room.hand_in(student, fit=answer)
    fit, _ = similarities(room.course, "toy", top=5)
    assert (fit.question, fit.answered, fit.compared) == ("nb/fit", 5, 4)
    assert [group.students for group in fit.same] == [("ada", "bob")]
    (pair,) = fit.pairs
    assert {pair.one.students, pair.other.students} == {("ada", "bob"), ("cyd",)} and 80 < pair.score < 100


def test_what_many_write_is_no_accusation(room):
    for number in range(8):
        room.hand_in(f"s{number}", fit=LOOP if number < 6 else OTHER)
    fit, _ = similarities(room.course, "toy", top=5)
    common, rare = sorted(fit.same, key=lambda group: -len(group.students))
    assert common.is_common and common.share == 0.75
    assert not rare.is_common


def test_prose_is_compared_by_its_words(room):
    text = (
        "The loss is convex because its Hessian is a sum of outer products with weights that are positive. "
    )
    room.hand_in("ada", why=text * 2)
    room.hand_in("bob", why=(text * 2).upper().replace(" ", "\n"))
    _, why = similarities(room.course, "toy", top=5)
    assert [group.students for group in why.same] == [("ada", "bob")]


def test_only_the_closest_are_shown(room):
    for number in range(12):
        room.hand_in(f"s{number:02}", fit=LOOP.replace("total / 2", "total" + " + x" * number))
    fit, _ = similarities(room.course, "toy", top=3)
    assert len(fit.pairs) == 3
    assert fit.pairs[0].score >= fit.pairs[-1].score > 90


def test_the_report_shows_it_for_people_and_for_programs(room):
    room.hand_in("ada", fit=LOOP)
    room.hand_in("bob", fit=RENAMED)
    start = ["--course", str(room.root), "report", "toy", "--similarity"]
    shown = CliRunner().invoke(main, start).stdout
    assert "ada, bob, 100% of those who answered" in shown and "alike is no proof" in shown
    fit = json.loads(CliRunner().invoke(main, [*start, "--json"]).stdout)[0]
    assert fit["same"][0]["students"] == ["ada", "bob"]
    refused = CliRunner().invoke(main, [*start, "--student", "ada"])
    assert refused.exit_code == 2 and "leave out --student" in refused.stderr


def test_a_class_that_handed_nothing_in_is_told(room):
    with pytest.raises(UsageError, match="nobody has handed in"):
        similarities(room.course, "toy", top=1)
