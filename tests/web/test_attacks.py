"""Attacks on the site, each as somebody would try it. None may succeed."""

import io
import threading
import zipfile

import pytest
from starlette.testclient import TestClient

from autograder.web import security
from autograder.web.accounts import digest
from autograder.web.intake import uploads_of
from autograder.web.store import Release
from tests.web.conftest import Served, populate
from tests.web.test_access import PAGES, path_of

SCRIPT = "<script>alert(1)</script>"
OUT = (
    "../bob/nb.ipynb",
    "..%2f..%2fgradebook.db",
    "/etc/passwd",
    "%2e%2e",
    "%2e%2e%2f",
    "%00",
    "..\\..\\gradebook.db",
)


# ids and paths --------------------------------------------------------------------------------------


@pytest.mark.parametrize("guess", OUT)
def test_no_path_leads_out_of_what_is_offered(served, guess):
    receipt, ada = served.receipt("ada"), served.visitor("ada")
    for address in (
        f"/assignments/toy/files/{guess}",
        f"/assignments/{guess}",
        f"/assignments/toy/receipts/{receipt.id}/files/{guess}",
        f"/assignments/toy/receipts/{guess}",
        f"/assignments/toy/feedback/{guess}",
        f"/static/{guess}",
    ):
        answer = ada.get(address)
        assert answer.status_code in (303, 404) or "What your code may use" in answer.text
        assert b"root:" not in answer.content and b"SQLite format" not in answer.content


def test_a_link_in_the_release_or_the_feedback_leads_nowhere(served):
    secret = served.room.write("source/toy/secret.txt", "SECRET")
    (served.room.root / "release/toy/linked.txt").symlink_to(secret)
    (served.room.root / "release/toy/folder").symlink_to(secret.parent)
    served.room.write("feedback/ada/toy/nb.html", "mine")
    (served.room.root / "feedback/ada/toy/other.html").symlink_to(secret)
    served.site.store.set_release("toy", Release(feedback=True), "ina")
    ada = served.visitor("ada")
    for path in ("files/linked.txt", "files/folder/secret.txt", "feedback/other"):
        assert ada.get(f"/assignments/toy/{path}").status_code == 404
    assert b"SECRET" not in ada.get("/assignments/toy/all.zip").content
    assert ada.get("/assignments/toy/feedback/nb").text == "mine"


def test_a_receipt_s_number_alone_opens_nothing(served):
    """Also with another assignment of one's own around it."""
    served.room.write("release/other/nb.ipynb", "{}")
    receipt = served.receipt("ada")
    for account, assignment in (("bob", "toy"), ("bob", "other"), ("ada", "other")):
        path = f"/assignments/{assignment}/receipts/{receipt.id}"
        assert served.visitor(account).get(path).status_code == 404
        assert served.visitor(account).get(f"{path}/files/nb.ipynb").status_code == 404


def test_a_student_id_in_form_query_or_header_changes_nothing(served):
    bob = served.visitor("bob")
    served.hand_in(bob)
    names = {"student": "ada", "who": "ada", "id": "ada"}
    bob.post(
        "/assignments/toy/uploads?student=ada",
        names,
        files=[("files", ("nb.ipynb", b"x"))],
        headers={"x-student": "ada", "x-forwarded-user": "ada", "remote-user": "ada"},
    )
    assert served.site.receipts.of("ada") == []
    assert len(served.site.receipts.of("bob")) == 2


# scripts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [f"{SCRIPT}.ipynb", '"><img src=x onerror=alert(1)>.ipynb', "'onload='x.ipynb", "{{7*7}}.ipynb"]
)
def test_a_file_s_name_is_text_on_every_page(served, name):
    plain = name.rpartition("/")[2]
    receipt = served.receipt("ada", (name, b"x"))
    assert receipt.files[0].name == plain.replace('"', "%22")  # as browsers send it
    ada = served.visitor("ada")
    for path in ("/assignments/toy", f"/assignments/toy/receipts/{receipt.id}"):
        page = ada.get(path).text
        assert "<script>alert" not in page and "<img" not in page and "49.ipynb" not in page


def test_a_notebook_comes_back_as_a_download_and_never_as_a_page(served):
    html = f"<html>{SCRIPT}</html>".encode()
    receipt = served.receipt("ada", ("nb.ipynb", html), ("page.html", html), ("x.svg", html))
    for name in ("nb.ipynb", "page.html", "x.svg"):
        answer = served.visitor("ada").get(f"/assignments/toy/receipts/{receipt.id}/files/{name}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_released_feedback_page_runs_nothing_and_is_of_an_origin_of_its_own(served):
    served.room.write("feedback/ada/toy/nb.html", SCRIPT)
    served.site.store.set_release("toy", Release(feedback=True), "ina")
    policy = served.visitor("ada").get("/assignments/toy/feedback/nb").headers["content-security-policy"]
    assert policy.startswith("sandbox;") and "allow-scripts" not in policy and "script-src" not in policy


def test_feedback_and_marks_are_not_there_before_they_are_released(served):
    served.room.write("feedback/ada/toy/nb.html", "mine")
    ada = served.visitor("ada")
    assert ada.get("/assignments/toy/feedback/nb").status_code == 404
    assert "Feedback" not in ada.get("/assignments/toy").text
    served.site.store.set_release("toy", Release(feedback=True), "ina")
    assert ada.get("/assignments/toy/feedback/nb").status_code == 200
    served.site.store.set_release("toy", Release(), "ina")
    assert ada.get("/assignments/toy/feedback/nb").status_code == 404


def test_no_page_has_a_script_or_a_style_in_it(served):
    served.receipt("ada")
    for account in ("", "ada"):
        for path in ("/sign-in", "/account", "/assignments", "/assignments/toy", "/nothing"):
            page = served.visitor(account).get(path).text
            assert "<script>" not in page and " style=" not in page and "<style" not in page
            assert " onclick" not in page and "hx-on" not in page


def test_a_name_on_the_roster_is_text(served):
    from autograder.web.people import Role

    served.accounts.add("eve", Role.STUDENT, SCRIPT)
    assert "<script>alert" not in served.visitor("eve").get("/account").text


# forms of others ----------------------------------------------------------------------------------------


def test_every_answer_has_the_headers_that_keep_others_out(served):
    for path in ("/", "/sign-in", "/nothing", "/static/style.css", "/enter/x", "/assignments/toy"):
        for account in ("", "ada"):
            headers = served.visitor(account).get(path).headers
            policy = headers["content-security-policy"]
            assert "script-src 'self'" in policy and "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            if not path.startswith("/static"):
                assert headers["cache-control"] == "no-store"


def test_a_name_that_somebody_points_at_us_is_not_answered(served):
    client = TestClient(served.app, base_url="http://rebound.example")
    assert client.get("/sign-in").status_code == 400


def test_a_link_that_is_only_looked_at_changes_nobody_s_session(served):
    """Else a picture on another page could sign a victim in as the attacker."""
    (link,) = served.accounts.new_links([served.accounts.require("bob")])
    ada = served.visitor("ada")
    ada.get(f"/enter/{link.secret}")
    assert "Ada Lovelace" in ada.get("/account").text
    answer = ada.post(f"/enter/{link.secret}", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403 and "Ada Lovelace" in ada.get("/account").text


# sessions -----------------------------------------------------------------------------------------------


def test_what_lies_in_the_database_signs_nobody_in(served):
    ada = served.visitor("ada")
    token = ada.client.cookies["session"]
    raw = b"".join(path.read_bytes() for path in (served.room.course.state).glob("web.db*"))
    assert token.encode() not in raw and digest(token).encode() in raw
    thief = served.visitor()
    thief.client.cookies.set("session", digest(token))
    assert thief.get("/account").status_code == 303


def test_a_session_ends_for_whoever_has_the_cookie(served):
    ada, thief = served.visitor("ada"), served.visitor()
    thief.client.cookies.set("session", ada.client.cookies["session"])
    assert thief.get("/account").status_code == 200  # that is what a cookie is
    assert ada.post("/sign-out").status_code == 303
    assert thief.get("/account").status_code == 303


def test_signing_in_makes_a_new_session_and_ends_the_one_that_was_there(served):
    """A cookie that an attacker laid into the browser is worth nothing after it."""
    (link,) = served.accounts.new_links([served.accounts.require("ada")])
    victim = served.visitor()
    victim.client.cookies.set("session", "chosen by the attacker", domain="127.0.0.1", path="/")
    victim.post(f"/enter/{link.secret}")
    thief = served.visitor()
    thief.client.cookies.set("session", "chosen by the attacker")
    assert thief.get("/account").status_code == 303


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(served, room):
    (link,) = served.accounts.new_links([served.accounts.require("ada")])
    cookie = served.visitor().post(f"/enter/{link.secret}").headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie
    made = Served(room, url="https://grades.example.edu")
    (link,) = made.accounts.new_links([made.accounts.require("ada")])
    answer = made.visitor().post(f"/enter/{link.secret}")
    assert answer.headers["set-cookie"].startswith("__Host-session=")
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "max-age" in answer.headers["strict-transport-security"]
    made.site.store.close()


def test_an_idle_session_ends(served, monkeypatch):
    import time

    ada, later = served.visitor("ada"), time.time() + 13 * 3600
    monkeypatch.setattr("autograder.web.sessions.time.time", lambda: later)
    assert ada.get("/account").status_code == 303


def test_an_account_that_is_removed_is_out_at_once(served):
    ada = served.visitor("ada")
    served.accounts.remove("ada")
    assert ada.get("/account").status_code == 303


# too much, and too slow ---------------------------------------------------------------------------------


def small(room) -> Served:
    room.settings('preload = ["numpy"]\n[limits]\nsubmission_bytes = 100000\n')
    made = Served(room, upload_seconds=1.0, stall_seconds=0.3)
    populate(made.accounts)
    return made


def test_what_is_too_large_is_refused_while_it_comes_in(room):
    served = small(room)
    answer = served.hand_in(served.visitor("ada"), ("nb.ipynb", b"x" * 300_000))
    assert answer.status_code == 413 and "too large" in answer.text
    assert served.site.receipts.of("ada") == []
    served.site.store.close()


def test_a_stated_length_is_not_believed(room):
    served = small(room)
    ada = served.visitor("ada")
    read = 0

    def body():
        nonlocal read
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="nb.ipynb"\r\n\r\n'
        for _ in range(1000):
            read += 1
            yield b"x" * 10_000

    kind = {"content-type": "multipart/form-data; boundary=b"}
    answer = ada.client.post("/assignments/toy/uploads", content=body(), headers=kind)
    assert answer.status_code == 413
    served.site.store.close()


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=b"]
)
def test_a_body_that_is_no_form_is_refused(served, kind):
    answer = served.visitor("ada").client.post(
        "/assignments/toy/uploads", content=b"{}" * 10, headers={"content-type": kind}
    )
    assert answer.status_code in (400, 403, 415)
    assert served.site.receipts.of("ada") == []


def test_a_form_of_very_many_fields_or_files_is_refused(served):
    ada = served.visitor("ada")
    many = {f"f{n}": "x" for n in range(1000)}
    assert ada.post("/account/password", many).status_code == 400
    files = [("files", (f"{n}.ipynb", b"x")) for n in range(200)]
    assert ada.post("/assignments/toy/uploads", files=files).status_code == 400


def test_an_archive_is_not_opened_by_the_web_server(served):
    """A bomb is bytes here, like everything else; the grading process bounds what it reads of it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nb.ipynb", b"0" * 50_000_000)
    assert len(packed.getvalue()) < 1_000_000
    receipt = served.receipt("ada", ("bomb.zip", packed.getvalue()))
    folder = uploads_of(served.room.course, "ada", "toy") / receipt.id
    assert [path.name for path in folder.iterdir()] == ["bomb.zip"]


def test_somebody_who_asks_all_the_time_is_told_to_wait(served, monkeypatch):
    monkeypatch.setattr(security, "PAGES", security.RateLimitItemPerMinute(60))
    ada = served.visitor("ada")
    answers = [ada.get("/account").status_code for _ in range(90)]
    assert answers[0] == 200 and answers[-1] == 429
    assert served.visitor("bob").get("/account").status_code == 200


def test_a_link_is_too_long_to_be_guessed_and_guessing_locks_nobody_out(served):
    browser = served.visitor()
    (link,) = served.accounts.new_links([served.accounts.require("ada")])
    assert len(link.secret) >= 32
    for n in range(120):
        assert browser.get(f"/enter/guess{n}").status_code == 404
    assert browser.get(f"/enter/{link.secret}").status_code == 200


def test_uploads_of_many_at_once_are_all_taken(served):
    answers = []

    def hand_in(n: int) -> None:
        visitor = served.visitor("ada" if n % 2 else "bob")
        answers.append(served.hand_in(visitor, ("nb.ipynb", b"%d" % n)).status_code)

    threads = [threading.Thread(target=hand_in, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 12
    assert len(served.site.receipts.of("ada")) == len(served.site.receipts.of("bob")) == 6


def test_odd_addresses_are_answered_without_a_fault(served):
    for account in ("", "ada", "ina"):
        visitor = served.visitor(account)
        for page in PAGES:
            for value in ("%ff", "a%0d%0aSet-Cookie:x", "%F0%9F%98%80", "x" * 3000, "' OR 1=1 --"):
                path = path_of(page, **dict.fromkeys(("assignment", "receipt", "file", "secret"), value))
                if page.method == "GET":
                    answer = visitor.get(path)
                    assert answer.status_code < 500, (path, answer.text)
                    assert "set-cookie" not in answer.headers
