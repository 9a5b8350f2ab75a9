"""A student's notebook, question by question: what was asked, answered, found, given and said.

Pure: from the assignment, the executed notebook, the result, the gradebook's marks and the tests' pictures.
Of a test it takes the verdict, the message and that part of its text which students were given, no more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder.feedback.drawing import Drawing, draw
from autograder.feedback.marks import CellMark, NotebookMarks
from autograder.ipynb import read_notebook
from autograder.pages.showing import Shown, code, markdown, outputs, without_handles
from autograder.pictures import Picture
from autograder.result import NotebookResult, Outcome, Status, TestResult
from autograder.source import Role, SourceCell, SourceNotebook, stub_of

MOST_BYTES = 400 * 2**20  # of an executed notebook

_WORDS = {
    Outcome.PASSED: ("passed", "good"),
    Outcome.PARTIAL: ("passed in part", "warn"),
    Outcome.FAILED: ("not passed", "bad"),
    Outcome.ERROR: ("ended with an error", "bad"),
    Outcome.TIMEOUT: ("took too long", "bad"),
    Outcome.MEMORY: ("took too much memory", "bad"),
    Outcome.CRASHED: ("your code ended the process", "bad"),
    Outcome.FAULT: ("not marked yet", "warn"),
    Outcome.SKIPPED: ("not run", "bad"),
}
_FAULT = "This could not be marked, which is no fault of yours; it will be looked at."
_LEAD = re.compile(r"^\*\*(.{1,120}?)\*\*", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+(.{1,120}?)\s*#*$", re.MULTILINE)
_POINTS = re.compile(r"\s*\([^()]*\bpoints?\b[^()]*\)", re.IGNORECASE)
_WHAT = re.compile(r"^#+\s*(?:[\d.]+\s*points?\s*:\s*)?(.{1,200}?)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the notebook as it ran.

    `whose` is "answer", "own" for another one of the student's, or "check" for one of the notebook's.
    """

    whose: str
    source: Shown
    outputs: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture's title and its drawings, side by side."""

    title: str
    drawings: tuple[Drawing, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One test, or one answer or task that a human marks: in words, with its points of `most`."""

    id: str
    what: str
    words: str
    tone: str
    message: str
    score: float | None
    most: float
    extra: float
    by_hand: bool
    pictures: tuple[Pictured, ...] = ()

    @property
    def waits(self) -> bool:
        return self.score is None


@dataclass(frozen=True, slots=True)
class Question:
    """An answer with its tests. `score` counts what is marked so far, extra points among it."""

    anchor: str
    title: str
    asked: Shown | None
    verdicts: tuple[Verdict, ...]
    cells: tuple[Cell, ...]
    comments: tuple[str, ...]

    @property
    def score(self) -> float | None:
        """None where nothing is marked yet."""
        if all(verdict.waits for verdict in self.verdicts):
            return None
        return sum((verdict.score or 0.0) + verdict.extra for verdict in self.verdicts)

    @property
    def most(self) -> float:
        return sum(verdict.most for verdict in self.verdicts)

    @property
    def waits(self) -> bool:
        return any(verdict.waits for verdict in self.verdicts)

    @property
    def words(self) -> tuple[str, str]:
        """How it stands, and the tone of that."""
        if self.waits:
            return "waits for a person", "warn"
        score = self.score or 0.0
        if score >= self.most:
            return "all points", "good"
        return ("some points", "warn") if score > 0 else ("no points", "bad")


@dataclass(frozen=True, slots=True)
class Feedback:
    """The page of one notebook. `before` are cells that stand above the first question."""

    assignment: str
    notebook: str
    student: str
    name: str
    notes: tuple[str, ...]
    penalty: float
    before: tuple[Cell, ...]
    questions: tuple[Question, ...]

    @property
    def raw(self) -> float:
        return sum(question.score or 0.0 for question in self.questions)

    @property
    def extra(self) -> float:
        return sum(verdict.extra for question in self.questions for verdict in question.verdicts)

    @property
    def score(self) -> float:
        """As nbgrader counts it: never below zero."""
        return max(0.0, self.raw - self.penalty)

    @property
    def most(self) -> float:
        return sum(question.most for question in self.questions)

    @property
    def has_pictures(self) -> bool:
        return any(verdict.pictures for question in self.questions for verdict in question.verdicts)

    @property
    def waiting(self) -> float:
        """Points that a human has still to give or not."""
        return sum(v.most for question in self.questions for v in question.verdicts if v.waits)


def feedback_of(
    assignment: str,
    student: str,
    source: SourceNotebook,
    part: NotebookResult,
    executed: bytes | None,
    marks: NotebookMarks,
    pictures: Mapping[str, tuple[Picture, ...]],
) -> Feedback:
    """The page's content. `executed` is the notebook in `autograded/`, `pictures` are by the test's id, and
    only those that may be shown."""
    made = _Maker(source, part, marks, pictures)
    made.walk(list(_cells_of(executed)) if executed is not None and part.status is Status.GRADED else [])
    return Feedback(
        assignment=assignment,
        notebook=source.name,
        student=student,
        name=marks.name,
        notes=tuple(_notes(part)),
        penalty=marks.penalty,
        before=tuple(made.before),
        questions=tuple(made.questions()),
    )


def _notes(part: NotebookResult) -> Iterator[str]:
    if part.status is Status.MISSING:
        yield f"{part.name}.ipynb was not handed in."
    elif part.status is Status.NOT_GRADABLE:
        yield f"{part.name}.ipynb could not be marked by the grader and waits for a person: {part.reason}."
    elif part.status is Status.FAULT:
        yield _FAULT


# The executed notebook ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ran:
    id: str
    cell_type: str
    source: str
    outputs: object
    attachments: Mapping[str, Any]


def _cells_of(executed: bytes) -> Iterator[_Ran]:
    """Raises NotGradable if the file is no notebook."""
    cells = read_notebook(executed, MOST_BYTES).cells
    raw = json.loads(executed.decode("utf-8-sig"))["cells"]
    for cell, whole in zip(cells, raw, strict=True):
        shown = whole.get("outputs") if isinstance(whole, dict) else None
        yield _Ran(cell.grade_id or "", cell.cell_type, cell.source or "", shown, cell.attachments)


class _Maker:
    """Walks through the assignment's cells and the student's own, and opens a question at every answer."""

    def __init__(
        self,
        source: SourceNotebook,
        part: NotebookResult,
        marks: NotebookMarks,
        pictures: Mapping[str, tuple[Picture, ...]],
    ) -> None:
        self.source = source
        self.marks = marks
        self.pictures = pictures
        self.tests = {test.id: test for test in part.tests}
        self.anchors = {cell.id: cell for cell in source.anchors}
        self.given = {(c.cell_type, c.source.strip()) for c in source.cells if c.role is Role.PLAIN}
        self.part = part
        self.before: list[Cell] = []
        self.opened = self._grouped()
        self.cells: dict[str, list[Cell]] = {name: [] for name in self.opened}

    def _grouped(self) -> dict[str, list[SourceCell]]:
        """The graded cells and answers of every question, by the cell that opens it."""
        groups: dict[str, list[SourceCell]] = {}
        opener = ""
        for cell in self.source.anchors:
            if cell.role.is_answer or cell.role is Role.TASK or (cell.role is Role.TEST and not opener):
                opener = cell.id
            if cell.role is not Role.LOCKED:
                groups.setdefault(opener, []).append(cell)
        return groups

    def walk(self, ran: list[_Ran]) -> None:
        """Puts every cell of the executed notebook that has something to show under its question."""
        place = self.before
        for cell in ran:
            anchor = self.anchors.get(cell.id)
            if anchor is not None and anchor.id in self.opened:
                place = self.cells[anchor.id]
            shown = self._shown(cell, anchor)
            if shown is not None:
                place.append(shown)

    def _shown(self, cell: _Ran, anchor: SourceCell | None) -> Cell | None:
        if anchor is None:
            if not cell.source.strip() or (cell.cell_type, cell.source.strip()) in self.given:
                return None
            return _cell("own", cell)
        if anchor.role is Role.LOCKED:
            checked = _cell("check", cell)
            return checked if checked.outputs else None
        return _cell("answer", cell) if anchor.role.is_answer else None

    def questions(self) -> Iterator[Question]:
        texts = _texts_before(self.source)
        for opener, group in self.opened.items():
            text = texts.get(opener)
            verdicts = tuple(self._verdict(cell) for cell in group if cell.role.is_graded)
            comments = tuple(self.marks.comments[cell.id] for cell in group if cell.id in self.marks.comments)
            if verdicts or self.cells[opener] or comments:
                yield Question(
                    anchor=f"question-{opener}",
                    title=_title(text.source if text else "", opener),
                    asked=markdown(text.source, text.attachments) if text else None,
                    verdicts=verdicts,
                    cells=tuple(self.cells[opener]),
                    comments=comments,
                )

    def _verdict(self, cell: SourceCell) -> Verdict:
        mark = self.marks.cells.get(cell.id, CellMark())
        test = self.tests.get(cell.id)
        if cell.role is not Role.TEST or test is None:
            return self._of_a_human(cell, mark)
        words, tone = _WORDS[test.outcome]
        score: float | None = test.points if mark.score is None else mark.score
        if mark.by_hand is not None:
            words = f"{words}; marked by a person"
        elif test.outcome is Outcome.FAULT:
            score = None
        return Verdict(
            id=cell.id,
            what=_what(cell),
            words=words,
            tone=tone,
            message=_FAULT if test.outcome is Outcome.FAULT else test.message,
            score=score,
            most=cell.points or 0.0,
            extra=mark.extra,
            by_hand=mark.by_hand is not None,
            pictures=tuple(_pictured(self.pictures.get(cell.id, ()), test)),
        )

    def _of_a_human(self, cell: SourceCell, mark: CellMark) -> Verdict:
        waits = (mark.by_hand is None and mark.waits) or mark.score is None
        if waits:
            words, tone = "waits for a person", "warn"
        elif mark.by_hand is not None:
            words, tone = "marked by a person", ""
        else:
            words, tone = ("not handed in" if self.part.status is Status.MISSING else "not answered"), "bad"
        what = "The answer in words" if cell.cell_type == "markdown" else "The answer"
        if cell.role is Role.TASK:
            what = "The task"
        elif cell.role is Role.TEST:
            what = _what(cell)
        score = None if waits else mark.score
        return Verdict(
            id=cell.id,
            what=what,
            words=words,
            tone=tone,
            message="",
            score=score,
            most=cell.points or 0.0,
            extra=mark.extra,
            by_hand=mark.by_hand is not None,
        )


def _cell(whose: str, cell: _Ran) -> Cell:
    if cell.cell_type == "code":
        return Cell(whose, code(cell.source), without_handles(tuple(outputs(cell.outputs))))
    if cell.cell_type == "markdown":
        return Cell(whose, markdown(cell.source, cell.attachments), ())
    return Cell(whose, Shown("output", cell.source), ())


def _pictured(pictures: tuple[Picture, ...], test: TestResult) -> Iterator[Pictured]:
    if test.outcome is not Outcome.PASSED:
        for picture in pictures:
            yield Pictured(picture.title, draw(picture))


def _texts_before(source: SourceNotebook) -> dict[str, SourceCell]:
    """The instructor's text before each answer or task: the nearest, with no other answer between."""
    found: dict[str, SourceCell] = {}
    last: SourceCell | None = None
    for cell in source.cells:
        if cell.role is Role.TASK:
            found[cell.id] = replace(cell, source=stub_of(cell))  # without the mark scheme
            last = None
        elif cell.role.is_answer:
            if last is not None:
                found[cell.id] = last
            last = None
        elif cell.cell_type == "markdown":
            last = cell
    return found


def _title(text: str, cell_id: str) -> str:
    """What the instructor's text calls the question: its bold beginnings, else its heading, else the id."""
    leads = [_POINTS.sub("", lead).strip(" .:") for lead in _LEAD.findall(text)]
    headings = [_POINTS.sub("", heading).strip(" .:") for heading in _HEADING.findall(text)]
    return " \u00b7 ".join(filter(None, leads)) or next(filter(None, headings), "") or cell_id


def _what(test: SourceCell) -> str:
    """The first line of the test that students have, if it is a comment; else its id."""
    first = stub_of(test).lstrip().partition("\n")[0]
    found = _WHAT.match(first)
    words = found[1] if found else ""
    return words[:1].upper() + words[1:] if words and "HIDDEN TESTS" not in words else test.id
