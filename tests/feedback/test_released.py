"""Our pages go out through nbgrader's exchange as its own would."""

import pytest

from autograder.feedback.publishing import publish_class
from tests.classroom import REPOSITORY, Classroom
from tests.commands import nbgrader

SECRET = "s" * 128


@pytest.mark.ci
def test_nbgrader_releases_our_pages(tmp_path, servers):
    from nbgrader.utils import notebook_hash

    room = Classroom(tmp_path / "course", servers)
    exchange = tmp_path / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    more = f'c.CourseDirectory.course_id = "toys"\nc.Exchange.root = "{exchange}"\n'
    room.write("nbgrader_config.py", (REPOSITORY / "nbgrader_config.py").read_text() + more)
    for student, name, text in (
        ("ann", "timestamp.txt", "2026-11-20 10:00:00 UTC"),
        ("ann", "submission_secret.txt", SECRET),
        ("by_mail", "note.txt", "no secret"),
    ):
        room.hand_in(student)
        room.write(f"submitted/{student}/toy/{name}", text)
    room.grade()
    publish_class(room.course, room.context().assignment, anyway=True, jobs=1)
    said = nbgrader(room.root, "release_feedback", "toy")
    assert "Feedback for student 'by_mail' cannot be released" in said
    released = exchange / "toys" / "feedback" / f"{notebook_hash(secret=SECRET, notebook_id='nb')}.html"
    assert released.read_text() == (room.root / "feedback/ann/toy/nb.html").read_text()
