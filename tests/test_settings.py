import re
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.settings import FeedbackSettings, Limits, Settings, StudentSettings


def settings(root: Path, text: str) -> Settings:
    (root / "autograder.toml").write_text(text)
    return Settings.load(root)


def test_a_course_without_the_file_has_the_defaults(tmp_path):
    assert Settings.load(tmp_path) == Settings()


def test_the_version_of_the_file_is_no_setting(tmp_path):
    assert settings(tmp_path, "schema = 1\nseed = 3") == Settings(seed=3)


def test_every_key_is_read(tmp_path):
    read = settings(
        tmp_path,
        'test_path = ["."]\npreload = ["numpy"]\nmin_tier = 2\nisolation = "shared"\nseed = false\n'
        "hidden_seed = 7\njobs = 3\nmax_tier = 2\n"
        '[student]\npython = "env/bin/python"\n[limits]\ncell_seconds = 5\nmemory_mb = 100\n'
        '[feedback]\npictures = "all"\n',
    )
    assert read == Settings(
        test_path=(".",),
        preload=("numpy",),
        min_tier=2,
        isolation="shared",
        seed=False,
        hidden_seed=7,
        jobs=3,
        max_tier=2,
        student=StudentSettings("env/bin/python"),
        limits=Limits(cell_seconds=5.0, memory_mb=100),
        feedback=FeedbackSettings("all"),
    )


def test_an_assignment_overrides_what_it_names_and_keeps_the_rest(tmp_path):
    read = settings(
        tmp_path,
        "hidden_seed = 1\n[limits]\nfiles = 3\n"
        '[assignments.lab6]\nseed = 1\nshared_cells = ["a"]\nlimits = { cell_seconds = 2 }\n',
    )
    lab6 = read.for_assignment("lab6")
    assert (lab6.seed, lab6.hidden_seed, lab6.shared_cells) == (1, 1, ("a",))
    assert lab6.limits == Limits(cell_seconds=2.0, files=3)
    assert read.for_assignment("other").seed == 2020


def test_an_unknown_key_is_named_with_its_file_and_the_nearest_key(tmp_path):
    with pytest.raises(UsageError, match=r"autograder\.toml: unknown key 'hiden_seed' .*'hidden_seed'"):
        settings(tmp_path, "hiden_seed = 1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("min_tier = 4", "'min_tier' must be a whole number, at least 0 and at most 3"),
        ("jobs = true", "'jobs' must be a whole number"),
        ("seed = true", "'seed' must be a whole number"),
        ("seed = -1", "'seed' must be a whole number"),
        ('device = "gpu"', '\'device\' must be "cpu" or "cuda"'),
        ('isolation = "none"', '\'isolation\' must be "wall" or "shared"'),
        ('test_path = "."', "'test_path' must be a list of strings"),
        ("[limits]\ncell_seconds = 0", "'limits.cell_seconds' must be a positive number"),
        ("[limits]\ncell_seconds = inf", "'limits.cell_seconds' must be a positive number"),
        ("[student]\npyton = 'x'", "did you mean 'python'"),
        ("[student]\npython = 3", "'student.python' must be text"),
        ('[feedback]\npictures = "some"', '\'feedback.pictures\' must be "given" or "all"'),
        ("[assignments.a.feedback]\npicture = 1", "did you mean 'pictures'"),
        ("limits = 3", "'limits' must be a table"),
        ("assignments = 3", "'assignments' must be a table"),
        ("[assignments]\nlab6 = 3", "'assignments.lab6' must be a table"),
        ("[assignments.lab6]\njobs = 3", "unknown key 'assignments.lab6.jobs'"),
        ("[assignments.lab6.limits]\nfiles = 0", "'assignments.lab6.limits.files'"),
        ("x =", "not valid TOML"),
        ("schema = 0", "'schema' must be a whole number, at least 1"),
        ("schema = '1'", "'schema' must be a whole number, at least 1"),
        ("schema = true", "'schema' must be a whole number, at least 1"),
        ("schema = 2", "written by a newer version of this program"),
        ("cell_seconds = 3", "unknown key 'cell_seconds' (write it as 'limits.cell_seconds')"),
        ("[limits]\nseed = 3", "unknown key 'limits.seed' (write it as 'seed')"),
        ("[assignments.a]\njobs = 3", "unknown key 'assignments.a.jobs' (write it as 'jobs')"),
        ("shared_cells = ['a']", "(write it as 'assignments.NAME.shared_cells')"),
        ("timeout = 30", "(write it as 'limits.cell_seconds')"),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_key(tmp_path, text, message):
    with pytest.raises(UsageError) as error:
        settings(tmp_path, text)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_text_is_a_usage_error(tmp_path):
    (tmp_path / "autograder.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read"):
        Settings.load(tmp_path)


PERSONAL = {"draw": "own:draw", "tests": ["test_x"]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"draw": None}, "'assignments.lab.personal.draw' is missing"),
        ({"tests": None}, "'assignments.lab.personal.tests' is missing"),
        ({"tests": []}, "must be a list of the tests"),
        ({"draw": "own"}, 'as "module:function"'),
        ({"draw": "../own:draw"}, 'as "module:function"'),
        ({"solve": "own:"}, 'as "module:function"'),
        ({"maker": "x"}, "unknown key 'assignments.lab.personal.maker'"),
    ],
    ids=str,
)
def test_personal_data_that_are_not_described_are_refused(change, said):
    table = {key: value for key, value in {**PERSONAL, **change}.items() if value is not None}
    with pytest.raises(UsageError, match=re.escape(said)):
        Settings.from_table({"assignments": {"lab": {"personal": table}}}, "autograder.toml")


def test_personal_data_are_of_one_assignment_and_name_their_modules():
    table = {"assignments": {"lab": {"personal": {**PERSONAL, "solve": "pack.age:solve"}}}}
    settings = Settings.from_table(table, "autograder.toml")
    found = settings.for_assignment("lab").personal
    assert found is not None and found.modules == {"own", "pack"}
    assert settings.for_assignment("other").personal is None
