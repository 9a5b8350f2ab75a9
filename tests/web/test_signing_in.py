"""Links, passwords and sessions."""

import pytest

from autograder.errors import UsageError
from autograder.web.visiting import path_here


def link_of(served, account: str) -> str:
    (link,) = served.accounts.new_links([served.accounts.require(account)])
    return f"/enter/{link.secret}"


def test_a_personal_link_signs_in_when_it_is_confirmed(served):
    path, browser = link_of(served, "ada"), served.visitor()
    asked = browser.get(path)
    assert asked.status_code == 200 and "Ada Lovelace" in asked.text
    assert "set-cookie" not in asked.headers  # a mail program that looks at links signs nobody in
    entered = browser.post(path)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert browser.get("/account").status_code == 200


def test_a_new_link_ends_the_old_one_and_the_sessions(served):
    old, ada = link_of(served, "ada"), served.visitor("ada")
    link_of(served, "ada")
    assert served.visitor().get(old).status_code == 404
    assert ada.get("/account").status_code == 303


def test_an_old_link_is_none(served):
    (link,) = served.accounts.new_links([served.accounts.require("ada")], days=-1)
    assert served.visitor().get(f"/enter/{link.secret}").status_code == 404


def test_a_password_is_set_once_signed_in_and_opens_the_account(served):
    ada, again = served.visitor("ada"), served.visitor()
    new = {"password": "a longer sentence", "again": "a longer sentence"}
    assert ada.post("/account/password", new).status_code == 303
    entered = again.post("/sign-in", {"who": "ada", "password": "a longer sentence", "next": "/account"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/account")
    assert again.get("/account").status_code == 200


def test_changing_a_password_needs_the_old_one_and_ends_other_sessions(served):
    served.accounts.set_password("ada", "a longer sentence")
    ada, elsewhere = served.visitor("ada"), served.visitor("ada")
    new = {"password": "quite another one", "again": "quite another one"}
    assert ada.post("/account/password", {**new, "old": "a wrong sentence"}).status_code == 400
    assert ada.post("/account/password", {**new, "old": "a longer sentence"}).status_code == 303
    assert ada.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaa", "x" * 201])
def test_a_poor_password_is_refused(served, password):
    with pytest.raises(UsageError, match="password"):
        served.accounts.set_password("ada", password)


def test_a_wrong_password_says_no_more_than_a_wrong_id(served):
    served.accounts.set_password("ada", "a longer sentence")
    answers = [
        served.visitor().post("/sign-in", {"who": who, "password": "a wrong sentence"}).text
        for who in ("ada", "bob", "nobody")
    ]
    texts = {
        answer.replace(f'value="{who}"', "")
        for who, answer in zip(("ada", "bob", "nobody"), answers, strict=True)
    }
    assert len(texts) == 1 and "do not belong together" in texts.pop()


def test_guessing_passwords_ends_after_ten_attempts(served):
    browser = served.visitor()
    answers = [
        browser.post("/sign-in", {"who": "ada", "password": f"attempt number {n}"}).status_code
        for n in range(12)
    ]
    assert answers[0] == 422 and answers[-1] == 429


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "javascript:alert(1)", "/a\nb"],
)
def test_signing_in_leads_to_no_other_site(path):
    assert path_here(path) == "/"
