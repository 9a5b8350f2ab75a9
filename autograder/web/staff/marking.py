"""Written answers, one after the other: made to be marked with the keyboard alone, names hidden."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlencode

from starlette.responses import Response

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.errors import UsageError
from autograder.handmarking import Given, Overtaken, Place, Standing, standings
from autograder.marks.pseudonyms import Pseudonyms
from autograder.web.classtable import ClassTable, Question
from autograder.web.phrases import Phrases
from autograder.web.staff.common import assignment_of, base_of, class_of, number_in, shown
from autograder.web.staff.executed import executed
from autograder.web.staff.writing import given_in, told, write
from autograder.web.store import Entry
from autograder.web.visiting import NotFound, Visit

PHRASE_KEYS = "qwertyiop"
UNDONE_AT_MOST = 200  # lines of the trail to look back


@dataclass(frozen=True, slots=True)
class Queue:
    """The answers to one question that humans mark, in an order that tells nothing of their authors."""

    question: Question
    students: tuple[str, ...]  # by pseudonym
    pseudonyms: Mapping[str, str]
    open: frozenset[str]

    @property
    def done(self) -> int:
        return len(self.students) - len(self.open)

    def student(self, pseudonym: str) -> str:
        """Raises NotFound."""
        for student in self.students:
            if self.pseudonyms[student] == pseudonym:
                return student
        raise NotFound

    def beside(self, student: str, step: int) -> str | None:
        """The pseudonym of who comes `step` places later."""
        place = self.students.index(student) + step
        return self.pseudonyms[self.students[place]] if 0 <= place < len(self.students) else None

    def next_open(self, after: str | None = None) -> str | None:
        """The pseudonym of the next one that waits, from the start again at the end."""
        place = self.students.index(after) + 1 if after in self.students else 0
        order = (*self.students[place:], *self.students[:place])
        return next((self.pseudonyms[student] for student in order if student in self.open), None)


def _queue(table: ClassTable, path: str, key: bytes) -> Queue:
    return table.once(("queue", path, key), lambda: _queue_in(table, path, key))


def _queue_in(table: ClassTable, path: str, key: bytes) -> Queue:
    column = table.column(path)
    everyone = table.once(("pseudonyms", key), lambda: _pseudonyms(table, key))
    names = {
        who: everyone[who]
        for who, line in table.lines.items()
        if line.cells and (line.cells[column].is_open or line.cells[column].by_hand)
    }
    students = tuple(sorted(names, key=names.__getitem__))
    return Queue(table.questions[column], students, names, frozenset(table.waiting(path)))


def _pseudonyms(table: ClassTable, key: bytes) -> Mapping[str, str]:
    pseudonyms = Pseudonyms(key)
    return {who: pseudonyms.of_student(who) for who in table.lines}


def _queue_of(visit: Visit, table: ClassTable) -> Queue:
    """Of the question in the address. Raises NotFound for one that no human marks."""
    path = f"{visit.path('notebook')}/{visit.path('cell')}"
    if path not in {question.path for question in table.questions if question.by_hand}:
        raise NotFound
    return _queue(table, path, Pseudonyms.of(visit.site.course).key)


def questions(visit: Visit) -> Response:
    """What humans mark, and how far they are."""
    table = class_of(visit)
    key = Pseudonyms.of(visit.site.course).key
    queues = [_queue(table, question.path, key) for question in table.questions if question.by_hand]
    return shown(visit, "to_mark.html", "marking", queues=queues)


def answer(visit: Visit) -> Response:
    """The answer that is asked for, or the first that waits."""
    queue = _queue_of(visit, class_of(visit))
    who = visit.asked("who") or queue.next_open() or ""
    if not who:
        return shown(visit, "all_marked.html", "marking", queue=queue, names=_names(visit))
    return _answer(visit, queue, queue.student(who))


def _answer(
    visit: Visit,
    queue: Queue,
    student: str,
    status: int = 200,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    course, assignment = visit.site.course, assignment_of(visit)
    notebook, _, cell = queue.question.path.partition("/")
    standing = standings(course, assignment, student).get(queue.question.path)
    if standing is None:
        raise NotFound
    notebook_shown = executed(course, assignment, student, notebook)
    line = class_of(visit).lines.get(student)
    return shown(
        visit,
        "answer.html",
        "marking",
        status,
        queue=queue,
        names=_names(visit),
        who=queue.pseudonyms[student],
        line=line,
        place=queue.students.index(student) + 1,
        standing=standing,
        answer=notebook_shown.cell(cell),
        missing=notebook_shown.missing,
        model=_model_answer(course, assignment, queue.question.path),
        before=queue.beside(student, -1),
        after=queue.beside(student, 1),
        phrases=list(
            zip(PHRASE_KEYS, Phrases(visit.site.store).of(assignment, queue.question.path), strict=False)
        ),
        problem=problem,
        typed=typed or _as_typed(standing),
        back=lambda pseudonym: _address(visit, queue, pseudonym),
    )


def _as_typed(standing: Standing) -> Mapping[str, str]:
    def text(value: float | None) -> str:
        return "" if value is None else f"{value:g}"

    return {
        "points": text(standing.manual_score),
        "extra": text(standing.extra_credit),
        "comment": standing.manual_comment or "",
    }


def _names(visit: Visit) -> bool:
    return (visit.field("names") or visit.asked("names")) == "shown"


def _address(visit: Visit, queue: Queue, who: str | None, names: bool | None = None) -> str:
    notebook, _, cell = queue.question.path.partition("/")
    path = f"{base_of(assignment_of(visit))}/marking/{quote(notebook, safe='')}/{quote(cell, safe='')}"
    with_names = _names(visit) if names is None else names
    asked = {"who": who or "", "names": "shown" if with_names else ""}
    asked = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(asked)}" if asked else path


def mark(visit: Visit) -> Response:
    """Writes the mark, and goes on to the next answer that waits."""
    queue = _queue_of(visit, class_of(visit))
    student = queue.student(visit.field("who"))
    notebook, _, cell = queue.question.path.partition("/")
    place = Place(assignment_of(visit), student, notebook, cell)
    try:
        points = number_in(visit.field("points"), "points")
        extra = number_in(visit.field("extra"), "extra credit")
        write(visit, "mark", place, Given(points, extra, visit.field("comment")), visit.field("seen"))
    except Overtaken as error:
        return _answer(visit, queue, student, 409, _overtaken(error), _typed(visit))
    except UsageError as error:
        return _answer(
            visit, queue, student, 422, f"{str(error).partition(': ')[2] or error}.", _typed(visit)
        )
    queue = _queue_of(visit, class_of(visit))
    return visit.to(_address(visit, queue, queue.next_open(student)))


def _overtaken(error: Overtaken) -> str:
    points = "no points" if error.now.points is None else f"{error.now.points:g} points"
    return (
        f"Somebody else has marked this answer meanwhile: {points}. "
        "What you typed is still here; save again to put it in the place of theirs, or go on."
    )


def _typed(visit: Visit) -> Mapping[str, str]:
    """What stood in the form, so that nothing has to be typed twice."""
    return {name: visit.field(name) for name in ("points", "extra", "comment")}


def undo(visit: Visit) -> Response:
    """Takes the last mark back that whoever asks gave to this question, and shows that answer again."""
    queue = _queue_of(visit, class_of(visit))
    assignment = assignment_of(visit)
    lines = visit.site.store.trail(
        who=visit.me.id, assignment=assignment, question=queue.question.path, limit=UNDONE_AT_MOST
    )
    entry = _last_mark(lines)
    if entry is None or entry.student not in queue.students:
        return visit.to(_address(visit, queue, None), "There is no mark of yours to take back.")
    notebook, _, cell = queue.question.path.partition("/")
    place = Place(assignment, entry.student, notebook, cell)
    who = queue.pseudonyms[entry.student]
    now = standings(visit.site.course, assignment, entry.student).get(place.path)
    if now is None or told(now) != json.loads(entry.after or "{}"):
        reason = "Somebody has changed your last mark since; it was not taken back."
        return visit.to(_address(visit, queue, who), reason)
    write(visit, "undo", place, given_in(json.loads(entry.before or "{}")), now.version)
    return visit.to(_address(visit, queue, who), "Your last mark is taken back.")


def _last_mark(lines: Sequence[Entry]) -> Entry | None:
    """The newest mark that was not taken back."""
    taken_back = 0
    for entry in lines:
        if entry.what == "undo":
            taken_back += 1
        elif entry.what == "mark":
            if not taken_back:
                return entry
            taken_back -= 1
    return None


def keep_phrase(visit: Visit) -> Response:
    """Keeps a comment to be used again, or drops one."""
    queue = _queue_of(visit, class_of(visit))
    assignment, phrases = assignment_of(visit), Phrases(visit.site.store)
    back = _address(visit, queue, visit.field("who") or None)
    number = visit.field("remove")
    if number.isdecimal():
        phrases.remove(assignment, queue.question.path, int(number[:15]))
        return visit.to(back, "The comment is removed.")
    points = number_in(visit.field("points"), "points")
    phrases.add(assignment, queue.question.path, visit.field("text"), points, visit.me.id)
    return visit.to(back, "The comment is kept for the next answers.")


def _model_answer(course: Course, assignment: str, path: str) -> str:
    """The instructor's own text of the cell, with its scheme of marks."""
    folder = course.source(assignment)
    stamp = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.ipynb")))
    with _reading_source:  # once, whoever else asks meanwhile
        return _model_answers(assignment, folder, stamp).get(path, "")


_reading_source = threading.Lock()


@lru_cache(maxsize=16)
def _model_answers(assignment: str, folder: Path, stamp: object) -> Mapping[str, str]:
    try:
        loaded = Assignment.from_folder(assignment, folder)
    except UsageError:  # being edited just now
        return {}
    return {f"{n.name}/{cell.id}": cell.source for n in loaded.notebooks for cell in n.anchors}
