"""What the gradebook is asked for, whatever kind of database it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import AutograderError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table
    from sqlalchemy.orm import Session

# a statement with parameters like `:name`, and their values, to its rows
Query = Callable[[str, Mapping[str, object]], Sequence[Sequence[Any]]]

BUSY_SECONDS = 60.0  # how long a transaction waits for those of others
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a transaction has to itself, or shares with its like, by name."""

    name: str
    shared: bool = False


class Watch(ABC):
    """Tells whether a database changed, cheaply enough to be asked at each page. To be closed."""

    @abstractmethod
    def state(self) -> object:
        """Another one after every transaction that wrote."""

    @abstractmethod
    def is_ours(self, before: object, now: object, own: Sequence[int]) -> bool:
        """Whether nothing but transactions of these numbers lies between two states."""

    @abstractmethod
    def close(self) -> None: ...


class Database(ABC):
    """A database of nbgrader's. As a string, what messages call it, which is never a secret.

    Copies of it go to the folder `backups`, where that is given.
    """

    tables_statement: str  # to the names of the tables that are there

    def __init__(self, url: str, backups: Path | None) -> None:
        self.url = url  # as SQLAlchemy and nbgrader take it
        self.backups = backups

    @abstractmethod
    def described(self) -> str:
        """Where it is, and what speaks against using it, in a few words. Raises the driver's errors."""

    # Reading: without nbgrader and SQLAlchemy, which take long to import

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Query | None]:
        """As `reading`, with errors as the driver raises them."""

    @abstractmethod
    def exists(self) -> bool:
        """Whether there is a gradebook yet. Raises what `explained` makes of an error."""

    @contextmanager
    def reading(self, shown: object = None, mend: str = "") -> Iterator[Query | None]:
        """A way to ask it; None where there is no gradebook yet.

        Errors of the database are raised as UsageError or GraderFault, which call it `shown`, and say `mend`
        where nothing better is known.
        """
        with self.explaining(shown, mend), self._reading() as query:
            yield query

    def rows(self, statement: str, **values: object) -> list[Sequence[Any]]:
        """What one statement gives; none where there is no gradebook. Raises as `reading`."""
        with self.reading() as query:
            return [] if query is None else list(query(statement, values))

    def counts(self, which: Mapping[str, str], values: Mapping[str, object]) -> dict[str, int]:
        """How many rows there are, by table, of those that a condition is given for. Raises as `reading`."""
        with self.reading() as query:
            if query is None:
                return {}
            there = {name for (name,) in query(self.tables_statement, {})}
            return {
                table: query(f"SELECT count(*) FROM {table} WHERE {condition}", values)[0][0]
                for table, condition in which.items()
                if table in there
            }

    @abstractmethod
    def watch(self) -> Watch: ...

    # Writing

    @abstractmethod
    def engine(self) -> Engine:
        """An engine whose transactions wait for those of others. To be disposed of."""

    @abstractmethod
    def claim(self, connection: Connection, *claims: Claim) -> None:
        """Waits until no other transaction of ours has one of these, but for those that share it."""

    @abstractmethod
    def insert(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """New rows, which all name the same columns: every one that has no default in the database."""

    @abstractmethod
    def number_of(self, session: Session) -> int:
        """The number of the session's transaction, as `Watch.is_ours` knows it."""

    @abstractmethod
    def is_passing(self, error: BaseException) -> bool:
        """Whether the transaction that ended in this error may succeed when it is tried again."""

    @abstractmethod
    def is_lost(self, error: BaseException) -> bool:
        """Whether the database could not be reached, or no longer."""

    @abstractmethod
    def erase(self, which: Mapping[str, str], values: Mapping[str, object]) -> None:
        """Deletes the rows, table by table in this order, in one transaction. Raises as `reading`."""

    # Copies, which are SQLite files of nbgrader's schema whatever they are copies of

    @abstractmethod
    def back_up(self, folder: Path) -> Path:
        """Copies it while others may write; the copy. Raises as `reading`."""

    @abstractmethod
    def put_back(self, copy: Path, check: Callable[[Query], None] = lambda query: None) -> None:
        """Makes it again what it was when the copy was made. `check` may look first, and raise."""

    # Errors

    @abstractmethod
    def explained(self, error: BaseException, shown: object, mend: str) -> AutograderError | None:
        """An error of the driver's for the instructor; None for what is a mistake in our own code."""

    @contextmanager
    def explaining(self, shown: object = None, mend: str = "") -> Iterator[None]:
        """Errors of the driver, also those that SQLAlchemy wraps, as `explained` ones."""
        try:
            yield
        except Exception as error:
            told = self.explained(driver_error(error), shown or self, mend or self._mend)
            if told is None:
                raise
            raise told from None

    @property
    def _mend(self) -> str:
        where = f" from {self.backups}" if self.backups is not None else ""
        return f"restore a backup{where} if it is damaged; run `nbgrader db upgrade` if it is old"


def driver_error(error: BaseException) -> BaseException:
    """What SQLAlchemy wrapped, or the error itself."""
    return getattr(error, "orig", None) or error


def time_of(value: object) -> datetime | None:
    """A column of times, naive UTC, which SQLite keeps as text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]


def interval_of(value: object) -> timedelta | None:
    """A column of intervals, which SQLAlchemy keeps as a time after 1970 where there are none."""
    if isinstance(value, str):
        return datetime.fromisoformat(value) - _EPOCH
    return value  # type: ignore[return-value]
