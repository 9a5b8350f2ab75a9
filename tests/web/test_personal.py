"""Each student downloads data of their own, and nobody another's."""

import io
import zipfile
from collections.abc import Iterator

import pytest

from autograder.personal.handing_out import own_file
from tests.building import notebook, plain
from tests.personal.example import RidgeRoom
from tests.web.conftest import Served, populate

ADDRESS = "/assignments/toy/files/personal.npz"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Served]:
    room = RidgeRoom(tmp_path_factory.mktemp("site") / "course")
    room.write("release/toy/nb.ipynb", notebook(plain("# what students get", "markdown")))
    room.write("release/toy/personal.npz", "the example")
    made = Served(room)
    populate(made.accounts)
    yield made
    made.site.store.close()


def test_everybody_downloads_their_own_alone_and_in_the_zip(site):
    files = {who: site.visitor(who).get(ADDRESS) for who in ("ada", "bob")}
    for who, answer in files.items():
        assert answer.status_code == 200
        assert answer.content == own_file(site.room.course, "toy", who).read_bytes()
        assert 'filename="personal.npz"' in answer.headers["content-disposition"]
        with zipfile.ZipFile(io.BytesIO(site.visitor(who).get("/assignments/toy/all.zip").content)) as packed:
            assert packed.read("toy/personal.npz") == answer.content
    assert files["ada"].content != files["bob"].content
    assert site.visitor("ada").get(ADDRESS).content == files["ada"].content


def test_the_file_is_listed_where_the_release_has_no_example(site):
    example = site.room.root / "release/toy/personal.npz"
    example.rename(example.with_name("away"))
    try:
        assert ADDRESS in site.visitor("ada").get("/assignments/toy").text
    finally:
        example.with_name("away").rename(example)


@pytest.mark.parametrize("name", ["../personal.npz", "ada/personal.npz", "../../.autograder/personal.key"])
def test_no_address_leads_to_another_s_data_or_to_the_key(site, name):
    for address in (f"/assignments/toy/files/{name}", f"/static/{name}"):
        assert site.visitor("bob").get(address).status_code in (303, 404)


def test_a_problem_with_the_key_is_said_and_nothing_else_is_given(site):
    own_file(site.room.course, "toy", "ada")
    key = site.room.key.read_bytes()
    site.room.key.unlink()
    try:
        answer = site.visitor("ada").get(ADDRESS)
        assert answer.status_code == 409 and "is lost" in answer.text
        assert not site.room.key.exists()
    finally:
        site.room.key.write_bytes(key)
