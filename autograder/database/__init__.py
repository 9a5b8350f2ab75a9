"""nbgrader's database: how it is read, written in transactions, copied and put back.

Nothing outside of this room knows what kind of database it is.
"""

from autograder.database.base import Claim, Database, Query, Watch, interval_of, time_of
from autograder.database.opening import database_at
from autograder.database.writing import Writer

__all__ = ["Claim", "Database", "Query", "Watch", "Writer", "database_at", "interval_of", "time_of"]
