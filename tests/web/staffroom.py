"""A class on which staff works: graded without a grader, with answers that are hostile."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from urllib.parse import quote

from autograder.assignment import Assignment
from autograder.gradebook import Projection
from autograder.handmarking import Place, Standing, standings
from autograder.result import Outcome
from autograder.verifying.cases import submitted_notebook
from tests.building import TOY
from tests.classroom import Classroom
from tests.test_gradebook import graded

HOSTILE = '<script src="/PWNED.js"></script><img src=x onerror=alert(1)>'
HOSTILE_ID = '<b onmouseover="alert(1)">=1+1'
WHY = "/staff/toy/marking/nb/why"


def staffroom(root, students: int = 2) -> Classroom:
    """ada, bob and more of the toy assignment; their written answers wait for a human."""
    room = Classroom(root, None, *TOY)
    assignment = Assignment.load(room.course, "toy")
    names = ["ada", "bob", *(f"s{number}" for number in range(2, students))]
    with Projection(room.course.db_url) as projection:
        projection.register(assignment, datetime(2020, 1, 10, 12))
        for student in names:
            result = graded(Outcome.PASSED if student == "ada" else Outcome.FAILED, student=student)
            result.write_atomically(room.course.result_path("toy", student))
            projection.project(result, assignment, datetime(2020, 1, 10, 11))
    for student in names:
        hand_in(room, student, f"The answer of {student}, **in bold**.")
    with closing(sqlite3.connect(room.course.gradebook)) as connection, connection:
        connection.execute("UPDATE student SET first_name = 'Ada', last_name = 'Lovelace' WHERE id = 'ada'")
    return room


def hand_in(room: Classroom, student: str, answer: str) -> None:
    """Lays what was handed in, and what would have been executed of it."""
    source = Assignment.load(room.course, "toy").notebook("nb")
    data = submitted_notebook(source, {"why": answer})
    room.write(f"submitted/{student}/toy/nb.ipynb", data)
    content = json.loads(data)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": f"printed by {student}"}]
    room.write(f"autograded/{student}/toy/nb.ipynb", json.dumps(content))


def standing(room: Classroom, student: str, cell: str = "why") -> Standing:
    return standings(room.course, "toy", student)[Place("toy", student, "nb", cell).path]


def at(student: str) -> str:
    return f"/staff/toy/students/{quote(student, safe='')}"
