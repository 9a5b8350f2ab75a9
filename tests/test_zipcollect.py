"""`nbgrader zip_collect` with our reading of file names."""

import json
import zipfile

from autograder.students import import_students
from tests.classroom import Classroom
from tests.commands import nbgrader

CONFIG = 'c = get_config()\nc.ZipCollectApp.collector_plugin = "autograder.dropin.zipcollect.Collector"\n'
ROSTER = """id,first_name,last_name,lms_user_id
ada,Ada,Lovelace,17
bob,Bob,Noyce,18
kim1,Kim,Lee,
kim2,Kim,Lee,
"""
FILES = (
    "lovelaceada_LATE_17_5001_nb-1.ipynb",
    "Bob Noyce_123_assignsubmission_file_/nb (1).ipynb",
    "Kim Lee_124_assignsubmission_file_/nb.ipynb",
    "Bob Noyce_123_assignsubmission_onlinetext_/nb.ipynb",
    "lovelaceada_17_5001_notes.txt",
    "something.ipynb",
)


def test_nbgrader_lays_out_what_is_sure_and_skips_the_rest(tmp_path):
    room = Classroom(tmp_path / "course")
    room.write("nbgrader_config.py", CONFIG)
    import_students(room.course, room.write("students.csv", ROSTER))
    room.write("release/toy/nb.ipynb", (room.root / "source/toy/nb.ipynb").read_bytes())
    archive = room.write("downloaded/toy/archive/download.zip", b"")
    with zipfile.ZipFile(archive, "w") as made:
        for name in FILES:
            made.writestr(name, json.dumps({"name": name}))
    said = nbgrader(room.root, "zip_collect", "toy")
    found = {str(p.relative_to(room.root / "submitted")) for p in (room.root / "submitted").rglob("*.*")}
    assert found == {"ada/toy/nb.ipynb", "bob/toy/nb.ipynb"}
    assert "'kim1' and 'kim2' are called so" in said
    assert "something.ipynb is called neither as Canvas nor as Moodle calls submissions" in said
