"""Who is signed in: a random token in a cookie, its digest in the store."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from autograder.web import schema
from autograder.web.accounts import digest
from autograder.web.people import Account, Role
from autograder.web.store import Store

IDLE_SECONDS = 12 * 3600.0
LONGEST_SECONDS = 7 * 86_400.0
_SEEN_EVERY = 60.0  # so that a page does not write each time

_TABLE = schema.sessions
_PEOPLE = schema.accounts.c
# asked at each page, so it is made once
_FIND = (
    select(_TABLE.c.seen, _TABLE.c.notice, _PEOPLE.id, _PEOPLE.role, _PEOPLE.name, _PEOPLE.password)
    .join(schema.accounts, _PEOPLE.id == _TABLE.c.account)
    .where(
        _TABLE.c.id == bindparam("id"),
        _TABLE.c.seen > bindparam("idle"),
        _TABLE.c.created > bindparam("oldest"),
    )
)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in. `csrf` belongs into each of their forms; `notice` is said once."""

    id: str
    account: Account
    csrf: str
    notice: str | None = None


class Sessions:
    """The sessions of a site."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._signer = Signer(store.get("secret") or "", salt="csrf")

    def begin(self, account: Account) -> str:
        """The token of a new session, for a cookie."""
        token, now = secrets.token_urlsafe(32), time.time()
        with self._store.writing() as connection:
            connection.execute(delete(_TABLE).where(_TABLE.c.seen < now - IDLE_SECONDS))
            connection.execute(
                insert(_TABLE).values(id=digest(token), account=account.id, created=now, seen=now)
            )
        return token

    def find(self, token: str) -> Session | None:
        """The session of a token, None if there is none, or no longer."""
        now, which = time.time(), digest(token)
        since = {"id": which, "idle": now - IDLE_SECONDS, "oldest": now - LONGEST_SECONDS}
        with self._store.reading() as connection:
            row = connection.execute(_FIND, since).first()
        if row is None:
            return None
        seen, notice, account, role, name, password = row
        if notice or seen < now - _SEEN_EVERY:
            with self._store.writing() as connection:
                connection.execute(update(_TABLE).where(_TABLE.c.id == which).values(seen=now))
        return Session(
            which, Account(account, Role(role), name, password is not None), self._csrf(which), notice
        )

    def end(self, session: Session) -> None:
        with self._store.writing() as connection:
            connection.execute(delete(_TABLE).where(_TABLE.c.id == session.id))

    def end_all(self, account: str) -> None:
        """Of somebody, wherever they are signed in."""
        with self._store.writing() as connection:
            connection.execute(delete(_TABLE).where(_TABLE.c.account == account))

    def say(self, session: Session, notice: str | None) -> None:
        """What the next page says; None that it was said."""
        with self._store.writing() as connection:
            connection.execute(update(_TABLE).where(_TABLE.c.id == session.id).values(notice=notice))

    def _csrf(self, session: str) -> str:
        return self._signer.get_signature(session).decode()

    def is_of(self, session: Session, csrf: str) -> bool:
        """Whether a form was one that we made for this session."""
        try:
            self._signer.unsign(f"{session.id}.{csrf}")
        except BadSignature:
            return False
        return True
