"""Every address of the site, asked for by everybody. What `routes` says is what happens."""

import io
import re
import zipfile

import pytest

from autograder.checks.personal import unpacked
from autograder.personal.handing_out import own_file
from autograder.web import live
from autograder.web.people import Needs, Role
from autograder.web.routes import PAGES
from autograder.web.visiting import Page, routes_of
from tests.building import notebook, plain
from tests.personal.example import RidgeRoom
from tests.web.conftest import Served, populate


@pytest.fixture(autouse=True)
def streams_end_at_once(monkeypatch):
    """As for somebody who has too many open: who may listen is decided before."""
    monkeypatch.setattr(live, "LISTENERS_EACH", 0)


WHO = {"": None, "bob": Role.STUDENT, "gus": Role.GRADER, "ina": Role.INSTRUCTOR}
VALUES = {
    "assignment": "toy",
    "file": "nb.ipynb",
    "name": "style.css",
    "notebook": "nb",
    "secret": "not-a-secret",
    "student": "ada",
}


def path_of(page: Page, **values: str) -> str:
    """The address with something in each of its places."""
    return re.sub(r"{(\w+)(?::\w+)?}", lambda m: {**VALUES, **values}.get(m[1], "1"), page.path)


def ask(visitor, page: Page, path: str):
    return visitor.get(path) if page.method == "GET" else visitor.post(path)


@pytest.fixture
def receipt(served):
    """One of ada's, graded, with feedback and marks released: all that there is to see of hers."""
    made = served.receipt("ada", ("nb.ipynb", b"CANARY of ada"))
    served.site.receipts.keep(made, 1)
    served.site.receipts.grade("ada", "toy", 1)
    served.room.write("feedback/ada/toy/nb.html", "CANARY of ada")
    return made


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.method} {page.path}")
def test_a_page_is_for_those_whom_the_table_names(served, receipt, page):
    path = path_of(page, receipt=receipt.id)
    for account, role in WHO.items():
        answer = ask(served.visitor(account), page, path)
        if page.needs.admits(role):
            assert answer.status_code not in (401, 403), (account, answer.text)
        elif role is not None:
            assert answer.status_code == 403, account
        elif page.method == "GET":
            assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")
        else:
            assert answer.status_code == 401


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.needs in (Needs.STUDENT, Needs.SIGNED_IN, Needs.ANYBODY)],
    ids=lambda page: f"{page.method} {page.path}",
)
def test_nothing_of_another_student_is_in_any_answer(served, receipt, page):
    from autograder.web.store import Release

    served.site.store.set_release("toy", Release(marks=True, feedback=True), "ina")
    answer = ask(served.visitor("bob"), page, path_of(page, receipt=receipt.id))
    for of_ada in ("CANARY", "Ada", receipt.id, receipt.files[0].sha256):
        assert of_ada not in answer.text
    if "{receipt}" in page.path:
        assert answer.status_code == 404


@pytest.fixture(scope="module")
def personal(tmp_path_factory):
    """A course in which data are each student's own; the site, and bytes of ada's data."""
    room = RidgeRoom(tmp_path_factory.mktemp("personal") / "course")
    room.write("release/toy/nb.ipynb", notebook(plain("# what students get", "markdown")))
    made = Served(room)
    populate(made.accounts)
    hers = unpacked(own_file(room.course, "toy", "ada").read_bytes())
    yield made, hers["y"].tobytes()
    made.site.store.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.method} {page.path}")
def test_nobody_gets_another_student_s_data(personal, page):
    """Not even staff, who have the course's folder for that."""
    site, hers = personal
    for account in ("", "bob", "gus", "ina"):
        for file in ("personal.npz", "ada/personal.npz", "ada.npz"):
            path = path_of(page, file=file, name=file, notebook="personal")
            answer = ask(site.visitor(account), page, path)
            if answer.headers.get("content-type") == "application/zip":
                with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
                    assert not [name for name in packed.namelist() if hers in packed.read(name)]
            assert hers not in answer.content


def test_the_search_for_another_student_s_data_finds_one_s_own(personal):
    site, hers = personal
    assert hers in site.visitor("ada").get("/assignments/toy/files/personal.npz").content


@pytest.mark.parametrize("page", [page for page in PAGES if page.method != "GET"], ids=lambda page: page.path)
def test_a_form_needs_the_token_of_its_session(served, page):
    """Also one that looks as if it came from us."""
    for account in ("ada", "gus", "ina"):
        visitor = served.visitor(account)
        visitor.csrf = served.visitor("bob").csrf
        assert visitor.post(path_of(page)).status_code == 403


@pytest.mark.parametrize("page", [page for page in PAGES if page.method != "GET"], ids=lambda page: page.path)
@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
    ids=["origin", "null", "fetch metadata"],
)
def test_a_form_of_another_site_is_refused(served, page, headers):
    for account in WHO:
        answer = served.visitor(account).post(path_of(page), headers=headers)
        assert answer.status_code == 403 and "another site" in answer.text


def test_what_is_asked_for_with_another_method_is_not_done(served):
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        for page in PAGES:
            answer = served.visitor("ina").client.request(method, path_of(page))
            assert answer.status_code in (404, 405), (method, page.path)


def test_a_student_s_address_has_no_place_for_a_student(served):
    for page in PAGES:
        if page.needs is Needs.STUDENT:
            assert set(re.findall(r"{(\w+)", page.path)) <= {"assignment", "receipt", "file", "notebook"}


def test_a_page_without_a_role_does_not_start(served):
    page = PAGES[0]
    with pytest.raises(TypeError, match="does not say whom it is for"):
        routes_of((Page(page.method, page.path, page.endpoint, None),), served.site)
