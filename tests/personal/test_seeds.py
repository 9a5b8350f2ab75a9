"""Seeds and the key that they come from."""

import hashlib
import hmac
import pickle
import stat

import pytest

from autograder.course import Course
from autograder.errors import UsageError
from autograder.personal.given import PersonalData
from autograder.personal.seeds import CourseKey, example_seed
from autograder.settings import PersonalSettings


@pytest.fixture
def course(tmp_path) -> Course:
    (tmp_path / "course").mkdir()
    return Course.open(tmp_path / "course")


KEY = CourseKey(bytes(range(32)))


def test_a_seed_is_an_hmac_of_assignment_and_student_under_the_key():
    said = b"autograder: personal data, 1\0lab\0ada"
    assert KEY.seed("lab", "ada") == hmac.new(KEY.key, said, hashlib.sha256).digest()


def test_another_student_assignment_or_key_gives_another_seed():
    others = [KEY.seed("lab", "bob"), KEY.seed("lab2", "ada"), CourseKey(bytes(32)).seed("lab", "ada")]
    others += [KEY.seed("laba", "da"), example_seed(0), example_seed(1)]
    assert len({KEY.seed("lab", "ada"), *others}) == 7


def test_the_key_is_made_once_and_is_for_the_grader_alone(course):
    assert CourseKey.of(course) is None
    made = CourseKey.made(course)
    assert CourseKey.made(course) == CourseKey.of(course) == made
    path = CourseKey.path(course)
    assert len(path.read_bytes()) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_courses_have_two_keys(course, tmp_path):
    (tmp_path / "other").mkdir()
    assert CourseKey.made(course) != CourseKey.made(Course.open(tmp_path / "other"))


def test_what_is_printed_of_a_key_does_not_tell_it():
    assert KEY.key.hex() not in f"{KEY!r} {KEY} {KEY.digest}"
    assert repr(KEY.key) not in f"{KEY!r} {KEY}"


def test_a_damaged_key_is_refused_in_one_line(course):
    CourseKey.made(course)
    CourseKey.path(course).write_bytes(b"short")
    with pytest.raises(UsageError, match=r"personal\.key: is damaged; put your copy back"):
        CourseKey.of(course)


def test_what_another_machine_gets_are_seeds_and_not_the_key(course):
    """As a grader does that hands submissions to workers elsewhere."""
    given = PersonalData(course, "lab", PersonalSettings("a:b", ("t",)), (), "cpu")
    given._key = KEY
    seed = given.seed_of("ada")
    packed = pickle.dumps(given)
    assert KEY.key not in packed
    assert pickle.loads(packed).seed_of("ada") == seed
