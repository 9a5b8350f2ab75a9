"""Downloads into attempts, and the attempt that counts into submitted/."""

import fcntl
import io
import json
import signal
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.collecting.attempts import Attempts
from autograder.collecting.collect import Collection, Options, collect
from autograder.errors import UsageError
from autograder.source import SourceNotebook
from autograder.students import import_students
from autograder.submission import read_submission
from autograder.verifying.cases import submitted_notebook
from tests.building import notebook
from tests.classroom import NUMBERS, Classroom
from tests.otter.writing import ok_file, spec

ROSTER = """id,first_name,last_name,email,lms_user_id
ada,Ada,Lovelace,ada@x.org,17
bob,Bob,Noyce,bob@x.org,18
cyd,Cyd,Charisse,cyd@x.org,19
"""
WRONG = "def half(x):\n    return 0"


@pytest.fixture
def room(tmp_path):
    made = Classroom(tmp_path / "course")
    import_students(made.course, made.write("students.csv", ROSTER))
    return made


SOURCE = SourceNotebook.parse("nb", notebook(*NUMBERS))


def nb(**answers: str) -> bytes:
    """A submission with these answers, all others right."""
    return submitted_notebook(SOURCE, {"why": "Since two.", **answers})


def download(room: Classroom, files: dict[str, bytes], day: int = 1, name: str = "download.zip") -> Path:
    with zipfile.ZipFile(room.root / name, "w") as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 11, day, 12, 0, 0)), data)
    return room.root / name


def run(room: Classroom, *files: Path, **options) -> Collection:
    return collect(room.course, "toy", files, Options(**options))


def changes(found: Collection) -> dict[str, str]:
    return {placed.student: placed.change for placed in found.placed}


def submitted(room: Classroom, student: str) -> dict[str, bytes]:
    folder = room.submitted(student)
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def attempts(room: Classroom, student: str) -> list[bytes]:
    kept = Attempts(room.course, "toy", student)
    return [(kept.files(attempt) / "nb.ipynb").read_bytes() for attempt in kept]


def tree(room: Classroom) -> dict[str, tuple[bytes, int]]:
    """All files of the course, with the times of their last change."""
    return {
        str(p.relative_to(room.root)): (p.read_bytes(), p.stat().st_mtime_ns)
        for p in sorted(room.root.rglob("*"))
        if p.is_file() and p.name != "lock"
    }


def test_a_download_is_laid_out_with_times_as_nbgrader_writes_them(room):
    found = run(
        room, download(room, {"lovelaceada_17_1_nb.ipynb": nb(), "noycebob_18_2_nb.ipynb": nb(half=WRONG)})
    )
    assert (changes(found), found.exit_code) == ({"ada": "new", "bob": "new"}, 0)
    assert submitted(room, "bob")["nb.ipynb"] == nb(half=WRONG)
    read = read_submission(room.submitted("ada"), "ada", "toy", room.course.settings.limits)
    assert read.timestamp == datetime(2026, 11, 1, 12).astimezone(UTC).replace(tzinfo=None)


def test_collecting_again_changes_nothing(room):
    first = download(
        room, {"a_17_1_nb.ipynb": nb(), "a_17_2_nb-1.ipynb": nb(half=WRONG), "b_18_3_nb.ipynb": nb()}
    )
    run(room, first)
    before = tree(room)
    assert changes(run(room, first)) == {"ada": "unchanged", "bob": "unchanged"}
    assert tree(room) == before


def test_a_later_download_replaces_and_every_attempt_is_kept(room):
    run(room, download(room, {"a_17_1_nb.ipynb": nb()}, day=1))
    found = run(room, download(room, {"a_17_2_nb-1.ipynb": nb(half=WRONG)}, day=2))
    assert changes(found) == {"ada": "replaced"}
    assert len(found.placed[0].earlier) == 1 and "a_17_1_nb.ipynb" in found.placed[0].earlier[0]
    assert submitted(room, "ada")["nb.ipynb"] == nb(half=WRONG)
    assert attempts(room, "ada") == [nb(), nb(half=WRONG)]


def test_an_earlier_download_is_kept_and_does_not_count(room):
    run(room, download(room, {"a_17_2_nb.ipynb": nb()}, day=2))
    assert changes(run(room, download(room, {"a_17_1_nb.ipynb": nb(half=WRONG)}, day=1))) == {
        "ada": "unchanged"
    }
    assert submitted(room, "ada")["nb.ipynb"] == nb()
    assert len(attempts(room, "ada")) == 2


def test_the_same_content_later_is_the_same_attempt_and_keeps_its_time(room):
    run(room, download(room, {"a_17_1_nb.ipynb": nb()}, day=1))
    before = submitted(room, "ada")
    assert changes(run(room, download(room, {"a_17_2_nb.ipynb": nb()}, day=2))) == {"ada": "unchanged"}
    assert submitted(room, "ada") == before
    assert len(attempts(room, "ada")) == 1


def test_going_back_to_an_earlier_answer_is_an_attempt(room):
    for day, answers in enumerate(({}, {"half": WRONG}, {}), 1):
        run(room, download(room, {"a_17_1_nb.ipynb": nb(**answers)}, day))
    assert attempts(room, "ada") == [nb(), nb(half=WRONG), nb()]
    assert submitted(room, "ada")["nb.ipynb"] == nb()


def test_what_stood_there_before_becomes_an_attempt_to_the_last_file(room):
    room.hand_in("ada", half=WRONG)
    room.write("submitted/ada/toy/.secret/notes", "by hand")
    room.write("submitted/ada/toy/link.txt", "").unlink()
    (room.submitted("ada") / "link.txt").symlink_to("/etc/passwd")
    assert changes(run(room, download(room, {"a_17_1_nb.ipynb": nb()}))) == {"ada": "replaced"}
    assert submitted(room, "ada").keys() == {"nb.ipynb", "timestamp.txt"}
    kept = room.root / ".autograder/attempts/toy/ada/001/files"
    assert (kept / ".secret/notes").read_text() == "by hand"
    assert (kept / "link.txt").readlink() == Path("/etc/passwd")


def test_what_was_mended_by_hand_stays_when_the_same_is_collected_again(room):
    path = download(room, {"a_17_1_nb.ipynb": b"{"})
    run(room, path)
    (room.submitted("ada") / "nb.ipynb").write_bytes(nb())
    assert changes(run(room, path)) == {"ada": "unchanged"}
    assert attempts(room, "ada") == [b"{", nb()]


def test_a_student_s_own_timestamp_and_secret_count_for_nothing(room):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for name in ("timestamp.txt", "submission_secret.txt", "result.json"):
            archive.writestr(f"lab/{name}", "2020-01-01 00:00:00 UTC")
        archive.writestr("lab/nb.ipynb", nb())
        archive.writestr("lab/data/x.csv", "1")
    run(room, download(room, {"a_17_1_lab.zip": inner.getvalue()}))
    found = submitted(room, "ada")
    assert found.keys() == {"nb.ipynb", "data/x.csv", "timestamp.txt"}
    assert found["timestamp.txt"].startswith(b"2026")


@pytest.mark.parametrize(
    "name", ["nb (1).ipynb", "nb-1.ipynb", "NB.ipynb", "nb - Copy.ipynb", "nb-Copy1.ipynb", "solution.ipynb"]
)
def test_a_notebook_of_another_name_gets_its_own_where_that_is_clear(room, name):
    found = run(room, download(room, {f"a_17_1_{name}": nb()}))
    assert submitted(room, "ada").keys() == {"nb.ipynb", "timestamp.txt"}
    assert found.exit_code == 0


def test_where_it_is_not_clear_all_are_left_and_flagged(room):
    found = run(room, download(room, {"ada/nb (1).ipynb": nb(), "ada/nb (2).ipynb": nb(half=WRONG)}))
    assert found.flags[0].what.startswith(
        "more than one notebook could be nb.ipynb (nb (1).ipynb, nb (2).ipynb)"
    )
    assert submitted(room, "ada").keys() == {"nb (1).ipynb", "nb (2).ipynb", "timestamp.txt"}
    assert found.exit_code == 1


def test_a_submission_of_something_else_is_laid_out_and_flagged(room):
    found = run(room, download(room, {"a_17_1_essay.pdf": b"%PDF"}))
    assert "none of the assignment's notebooks is there, but no notebook" in found.flags[0].what
    assert submitted(room, "ada")["essay.pdf"] == b"%PDF"


def without_metadata(data: bytes) -> bytes:
    content = json.loads(data)
    for cell in content["cells"]:
        cell["metadata"] = {}
    return json.dumps(content).encode()


def test_lost_ids_are_flagged_with_the_hint_and_restored_where_asked_for(room):
    path = download(room, {"a_17_1_nb.ipynb": without_metadata(nb(half=WRONG))})
    found = run(room, path)
    assert found.flags[0].what == "nb.ipynb has lost its cells' ids; try --match-by-order"
    found = run(room, path, by_order=True)
    assert (found.flags, [each.notebook for each in found.restored]) == ([], ["nb"])
    restored = submitted(room, "ada")["nb.ipynb"]
    assert b'"grade_id": "half"' in restored
    assert (
        room.root / ".autograder/attempts/toy/ada/002/original/nb.ipynb"
    ).read_bytes() == without_metadata(nb(half=WRONG))
    assert changes(run(room, path)) == {"ada": "unchanged"}
    assert submitted(room, "ada")["nb.ipynb"] == restored


def test_what_was_restored_once_stays_so_when_it_is_collected_without_that(room):
    path = download(room, {"a_17_1_nb.ipynb": without_metadata(nb())})
    run(room, path, by_order=True)
    found = run(room, path)
    assert (changes(found), found.flags) == ({"ada": "unchanged"}, [])
    assert b'"grade_id": "half"' in submitted(room, "ada")["nb.ipynb"]


def test_of_two_submissions_of_one_time_all_members_of_a_group_get_the_same(room):
    path = download(room, {"a_17_9_nb.ipynb": nb(half=WRONG), "a_19_10_nb.ipynb": nb()})
    run(room, path)
    run(room, path, groups=room.write("groups.csv", "group,student_id\n1,ada\n1,cyd\n"))
    assert submitted(room, "ada") == submitted(room, "cyd")


def test_whoever_is_unknown_and_what_is_evil_is_reported_and_the_rest_goes_on(room):
    found = run(
        room, download(room, {"x_44_1_nb.ipynb": nb(), "../a_17_1_nb.ipynb": nb(), "b_18_1_nb.ipynb": nb()})
    )
    assert changes(found) == {"bob": "new"}
    assert "not in the roster" in found.not_placed[0].reason
    assert found.refused[0].reason == "a path that leads out of its folder"
    assert found.exit_code == 1
    assert not (room.root.parent / "a_17_1_nb.ipynb").exists()


def test_a_damaged_archive_that_was_handed_in_is_that_student_s_alone(room):
    found = run(room, download(room, {"a_17_1_lab.zip": b"PK no zip", "b_18_1_nb.ipynb": nb()}))
    assert changes(found) == {"bob": "new"}
    assert found.refused[0].reason == "no zip archive, or a damaged one"
    assert found.not_placed[0].reason == "ada: no file of it can be taken"


def test_a_submission_keeps_to_the_limits_of_one(room):
    room.settings('preload = ["numpy"]\n[limits]\nfiles = 3\n')
    path = download(room, {f"ada/{name}": nb() for name in ("nb.ipynb", "1.csv", "2.csv", "3.csv")})
    found = run(room, path)
    assert submitted(room, "ada").keys() == {"nb.ipynb", "1.csv", "timestamp.txt"}
    assert len(found.refused) == 2
    assert changes(run(room, path)) == {"ada": "unchanged"}


def test_a_dry_run_tells_and_writes_nothing(room):
    room.hand_in("ada", half=WRONG)
    path = download(room, {"a_17_1_nb.ipynb": nb(), "b_18_1_nb.ipynb": nb()})
    before = tree(room)
    found = run(room, path, dry_run=True)
    assert changes(found) == {"ada": "replaced", "bob": "new"}
    assert tree(room) == before
    assert changes(run(room, path)) == changes(found)


def test_the_latest_of_a_group_is_each_member_s(room):
    groups = room.write("groups.csv", "group,student_id\n1,ada\n1,bob\n")
    first = download(room, {"a_17_1_nb.ipynb": nb(half=WRONG), "c_19_1_nb.ipynb": nb()}, day=1, name="1.zip")
    second = download(room, {"b_18_1_nb.ipynb": nb()}, day=2, name="2.zip")
    found = run(room, first, second, groups=groups)
    assert submitted(room, "ada") == submitted(room, "bob")
    assert submitted(room, "ada")["nb.ipynb"] == nb()
    assert [(placed.student, placed.by, len(placed.earlier)) for placed in found.placed] == [
        ("ada", "bob", 1),
        ("bob", "", 1),
        ("cyd", "", 0),
    ]
    assert changes(run(room, first, second, groups=groups)) == dict.fromkeys(
        ("ada", "bob", "cyd"), "unchanged"
    )


def test_gradescope_gives_all_submitters_what_one_handed_in(room):
    metadata = (
        "submission_7:\n  :submitters:\n  - :name: A\n    :sid: ada\n  - :name: B\n    :email: bob@x.org\n"
        "  :created_at: 2026-11-03 10:00:00 Z\n"
    )
    path = download(
        room,
        {
            "assignment_1_export/submission_metadata.yml": metadata.encode(),
            "assignment_1_export/submission_7/nb.ipynb": nb(),
        },
    )
    run(room, path)
    assert submitted(room, "ada") == submitted(room, "bob")
    assert submitted(room, "ada")["timestamp.txt"] == b"2026-11-03 10:00:00.000000 UTC"


def test_files_may_be_named_one_by_one(room):
    folder = room.root / "unpacked"
    folder.mkdir()
    for name in ("lovelaceada_17_1_nb.ipynb", "lovelaceada_17_2_data.csv", "noycebob_18_1_nb.ipynb"):
        (folder / name).write_bytes(nb())
    assert changes(run(room, *sorted(folder.iterdir()))) == {"ada": "new", "bob": "new"}
    assert submitted(room, "ada").keys() == {"nb.ipynb", "data.csv", "timestamp.txt"}


def test_a_zip_named_by_a_student_s_id_is_that_student_s(room):
    path = download(room, {"lab/nb.ipynb": nb()}, name="cyd.zip")
    assert changes(run(room, path)) == {"cyd": "new"}
    assert submitted(room, "cyd").keys() == {"nb.ipynb", "timestamp.txt"}


def test_new_students_come_in_only_where_that_is_asked_for(room):
    path = download(room, {"zed/nb.ipynb": nb(), "ada/nb.ipynb": nb()})
    assert changes(run(room, path)) == {"ada": "new"}
    assert changes(run(room, path, new_students=True)) == {"ada": "unchanged", "zed": "new"}


def test_a_link_in_place_of_the_folder_is_left_alone(room, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (room.root / "submitted/ada").mkdir(parents=True)
    (room.root / "submitted/ada/toy").symlink_to(tmp_path / "elsewhere")
    found = run(room, download(room, {"a_17_1_nb.ipynb": nb(), "b_18_1_nb.ipynb": nb()}))
    assert changes(found) == {"bob": "new"}
    assert "something else than a folder" in found.not_placed[0].reason
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_damaged_record_is_passed_over_and_its_number_is_not_used_again(room):
    run(room, download(room, {"a_17_1_nb.ipynb": nb()}))
    (room.root / ".autograder/attempts/toy/ada/001/attempt.json").write_text("{")
    run(room, download(room, {"a_17_1_nb.ipynb": nb(half=WRONG)}, day=2))
    numbers = sorted(p.name for p in (room.root / ".autograder/attempts/toy/ada").iterdir())
    assert numbers == ["001", "002", "003"]


@pytest.mark.parametrize(
    "options, words",
    [
        ({"keep": "best", "dry_run": True}, "leave out --keep best"),
        ({"origin": "gradescope"}, "no submission_metadata.yml"),
    ],
)
def test_options_that_cannot_be_are_one_line(room, options, words):
    with pytest.raises(UsageError, match=words):
        run(room, download(room, {"a_17_1_nb.ipynb": nb()}), **options)


def test_without_a_roster_the_way_to_one_is_told(tmp_path, room):
    empty = Classroom(tmp_path / "empty")
    with pytest.raises(UsageError, match="autograder students import"):
        run(empty, download(room, {"ada/nb.ipynb": nb()}))


def test_the_best_attempt_counts_where_that_is_asked_for_and_of_two_equal_ones_the_earlier(room, servers):
    handed_in = ({"half": WRONG}, {}, {"why": "Because."}, {"double": "x = 1", "half": WRONG})
    paths = [
        download(room, {"a_17_1_nb.ipynb": nb(**answers), "b_18_1_nb.ipynb": nb()}, day, f"{day}.zip")
        for day, answers in enumerate(handed_in, 1)
    ]
    found = run(room, *paths, keep="best")
    ada, bob = found.placed
    assert submitted(room, "ada")["nb.ipynb"] == nb()
    assert (ada.attempt, ada.points, len(ada.earlier)) == (2, 5, 3)
    assert (bob.change, bob.points) == ("new", None)  # one attempt needs no grading
    assert submitted(room, "ada")["timestamp.txt"].startswith(b"2026-11-02")
    assert changes(run(room, *paths, keep="last"))["ada"] == "replaced"


def test_killed_at_any_moment_each_student_has_the_old_or_the_new(room):
    old, new = nb(), nb(half=WRONG)
    count = 40
    roster = "id,lms_user_id\n" + "".join(f"s{n},{1000 + n}\n" for n in range(count))
    import_students(room.course, room.write("more.csv", roster))
    run(room, download(room, {f"s_{1000 + n}_1_nb.ipynb": old for n in range(count)}, day=1))
    path = download(room, {f"s_{1000 + n}_2_nb.ipynb": new for n in range(count)}, day=2)
    for delay in (0.3, 0.5, 0.7, 0.8, 0.9, 1.0):
        process = room.start("collect", "toy", str(path))
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        for n in range(count):
            found = submitted(room, f"s{n}")
            assert found["nb.ipynb"] in (old, new)
            assert found["timestamp.txt"].startswith(
                b"2026-11-01" if found["nb.ipynb"] == old else b"2026-11-02"
            )
    found = run(room, path)
    assert len(found.placed) == count and found.exit_code == 0
    assert all(attempts(room, f"s{n}") == [old, new] for n in range(count))
    assert not [path for path in room.root.rglob(".*") if path.name.startswith((".new", ".old"))]


# the command line -------------------------------------------------------------------------------


def test_the_command_tells_what_it_did_and_its_exit_code_what_to_look_at(room):
    path = download(room, {"a_17_1_nb.ipynb": nb(), "x\x1b[31m_44_1_nb.ipynb": nb()})
    ran = room.run("collect", "toy", str(path))
    assert ran.code == 1
    assert "ada: new, 2026-11-01" in ran.out and "\x1b" not in ran.out
    assert ran.out.splitlines()[-1] == "toy: 1 new, 1 refused; the last attempt counts"
    shown = json.loads(room.run("collect", "toy", str(path), "--json").out)
    assert shown["placed"][0]["change"] == "unchanged"


def test_two_commands_do_not_collect_at_once(room):
    path = download(room, {"a_17_1_nb.ipynb": nb()})
    run(room, path)
    with (room.root / ".autograder/attempts/toy/lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(UsageError, match="being collected by another command"):
            run(room, path)


def test_a_file_system_that_cannot_exchange_two_names_gets_two_renames(room, monkeypatch):
    monkeypatch.setattr("autograder.collecting.attempts._RENAME_EXCHANGE", 1 << 20)  # EINVAL
    room.hand_in("ada", half=WRONG)
    run(room, download(room, {"a_17_1_nb.ipynb": nb()}))
    assert submitted(room, "ada")["nb.ipynb"] == nb()
    assert [path.name for path in room.submitted("ada").parent.iterdir()] == ["toy"]


def test_a_notebook_of_an_otter_assignment_keeps_its_name_and_needs_no_ids(room):
    room.write("source/hw/otter_config.json", "{}")
    case = {"code": ">>> x == 5\nTrue", "points": 1}
    room.write("source/hw/tests/five.py", ok_file(spec("five", case)))
    for name in ("one", "two"):
        room.write(f"handed in/bob/{name}.ipynb", without_metadata(nb()))
    room.write("handed in/ada/my homework.ipynb", without_metadata(nb()))
    found = collect(room.course, "hw", [room.root / "handed in"])
    assert [(flag.student, flag.what[:40]) for flag in found.flags] == [
        ("bob", "more than one notebook could be hw.ipynb")
    ]
    assert (room.root / "submitted/ada/hw/my homework.ipynb").is_file()
