"""Accounts, their passwords and their personal links."""

from __future__ import annotations

import functools
import hashlib
import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from autograder.course import valid_name
from autograder.errors import AutograderError, UsageError, did_you_mean
from autograder.web import schema
from autograder.web.people import Account, Role
from autograder.web.store import Store

LINK_DAYS = 180
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
MAX_LENGTH = 128

_AT_ONCE = threading.BoundedSemaphore(4)  # passwords that are looked at; each takes a core, and memory
_PATIENCE = 2.0  # seconds

_TABLE = schema.accounts
_COLUMNS = (_TABLE.c.id, _TABLE.c.role, _TABLE.c.name, _TABLE.c.password.is_not(None))


@dataclass(frozen=True, slots=True)
class Link:
    """What opens an account: `secret` is shown once, and kept as a digest only."""

    account: Account
    secret: str

    def address(self, site: str) -> str:
        return f"{site.rstrip('/')}/enter/{self.secret}"


class Busy(AutograderError):
    """So many sign in that somebody has to wait."""


class Accounts:
    """Those who may sign in to this course."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Account]:
        """By id."""
        with self._store.reading() as connection:
            return [_account(row) for row in connection.execute(select(*_COLUMNS).order_by(_TABLE.c.id))]

    def get(self, account: str) -> Account | None:
        with self._store.reading() as connection:
            row = connection.execute(select(*_COLUMNS).where(_TABLE.c.id == account)).first()
        return None if row is None else _account(row)

    def require(self, account: str) -> Account:
        """The account; a UsageError that names the nearest if there is none."""
        found = self.get(account)
        if found is None:
            near = did_you_mean(account, (each.id for each in self.all()))
            raise UsageError(f"no account {account!r}{near}; `autograder accounts` lists them")
        return found

    def add(self, account: str, role: Role, name: str = "") -> Account:
        """Raises UsageError where the id is taken, or none."""
        if not valid_name(account) or len(account) > MAX_LENGTH:
            raise UsageError(f"{account!r} cannot be an id: no separators, no dot in front, printable only")
        if self.get(account) is not None:
            raise UsageError(f"there is an account {account!r} already; `autograder accounts` lists them")
        made = Account(account, role, name.strip()[:MAX_LENGTH] or account)
        self._insert([made])
        return made

    def add_students(self, people: Iterable[tuple[str, str]]) -> list[Account]:
        """Accounts for students, by id and name, where there are none; those that are new."""
        known = {each.id for each in self.all()}
        made = [Account(who, Role.STUDENT, name or who) for who, name in people if who not in known]
        self._insert(made)
        return made

    def _insert(self, made: list[Account]) -> None:
        now = time.time()
        rows = [{"id": one.id, "role": str(one.role), "name": one.name, "created": now} for one in made]
        if rows:
            with self._store.writing() as connection:
                connection.execute(insert(_TABLE), rows)

    def remove(self, account: str) -> None:
        """Ends its sessions as well."""
        with self._store.writing() as connection:
            connection.execute(delete(_TABLE).where(_TABLE.c.id == account))

    # links -------------------------------------------------------------------------------------------

    def new_links(self, accounts: Iterable[Account], days: float = LINK_DAYS) -> list[Link]:
        """New personal links. Older ones, and all sessions of these accounts, end."""
        made = [Link(account, secrets.token_urlsafe(24)) for account in accounts]
        until = time.time() + days * 86_400
        with self._store.writing() as connection:
            for link in made:
                connection.execute(
                    update(_TABLE)
                    .where(_TABLE.c.id == link.account.id)
                    .values(link=digest(link.secret), link_until=until)
                )
                connection.execute(
                    delete(schema.sessions).where(schema.sessions.c.account == link.account.id)
                )
        return made

    def by_link(self, secret: str) -> Account | None:
        """Whom a personal link is for, None if it is none or too old."""
        with self._store.reading() as connection:
            row = connection.execute(
                select(*_COLUMNS).where(_TABLE.c.link == digest(secret), _TABLE.c.link_until > time.time())
            ).first()
        return None if row is None else _account(row)

    # passwords ---------------------------------------------------------------------------------------

    def set_password(self, account: str, password: str, keep_session: str = "") -> None:
        """Ends all sessions of the account but `keep_session`. Raises UsageError for a poor password."""
        if problem := poor(password, account):
            raise UsageError(problem)
        hashed = _hasher().hash(password)
        sessions = schema.sessions.c
        with self._store.writing() as connection:
            connection.execute(update(_TABLE).where(_TABLE.c.id == account).values(password=hashed))
            connection.execute(
                delete(schema.sessions).where(sessions.account == account, sessions.id != keep_session)
            )

    def by_password(self, account: str, password: str) -> Account | None:
        """The account, if that is its password. As slow where there is no such account. Raises Busy."""
        with self._store.reading() as connection:
            row = connection.execute(
                select(*_COLUMNS, _TABLE.c.password).where(_TABLE.c.id == account)
            ).first()
        hashed = row[-1] if row is not None else None
        if not _AT_ONCE.acquire(timeout=_PATIENCE):
            raise Busy("too many people are signing in; try again in a moment, or use your personal link")
        try:
            _hasher().verify(hashed or _nobody(), password[: LONGEST_PASSWORD + 1])
        except (VerificationError, InvalidHashError):
            return None
        finally:
            _AT_ONCE.release()
        return _account(row[:-1]) if row is not None and hashed else None


def poor(password: str, account: str) -> str:
    """What is wrong with a password, or nothing (NIST SP 800-63B: length, no rules of composition)."""
    if len(password) < SHORTEST_PASSWORD:
        return f"a password needs at least {SHORTEST_PASSWORD} characters; a sentence is easy to remember"
    if len(password) > LONGEST_PASSWORD:
        return f"a password has at most {LONGEST_PASSWORD} characters"
    if len(set(password)) < 4 or account.casefold() == password.casefold():
        return "this password is too easy to guess"
    return ""


def digest(secret: str) -> str:
    """What is kept of a secret of full strength: whoever reads the database cannot sign in with it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@functools.cache
def _hasher() -> PasswordHasher:
    """With the least that OWASP's cheat sheet on password storage asks for: pages go on while it works."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@functools.cache
def _nobody() -> str:
    """The hash of a password that nobody has."""
    return _hasher().hash(secrets.token_hex(32))


def _account(row: Iterable[object]) -> Account:
    account, role, name, has_password = row
    return Account(str(account), Role(str(role)), str(name), bool(has_password))
