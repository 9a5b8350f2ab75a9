"""The tables of `.autograder/web.db`. Times are seconds since 1970, in UTC."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from autograder.formats import Format

FORMAT: Format[Connection] = Format()  # a step changes the tables that are there; new ones are made anyway

metadata = MetaData()

about = Table("about", metadata, Column("key", String, primary_key=True), Column("value", Text))

accounts = Table(
    "accounts",
    metadata,
    Column("id", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("name", String, nullable=False),
    Column("password", String),  # argon2
    Column("link", String, unique=True),  # sha256 of what stands in the personal link
    Column("link_until", Float),
    Column("created", Float, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),  # sha256 of what stands in the cookie
    Column(
        "account",
        ForeignKey("accounts.id", ondelete="CASCADE", onupdate="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("created", Float, nullable=False),
    Column("seen", Float, nullable=False),
    Column("notice", Text),  # what the next page says once
)

# One row for each upload that was accepted; the file lies in .autograder/uploads before the row is written.
receipts = Table(
    "receipts",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("student", String, nullable=False),
    Column("assignment", String, nullable=False),
    Column("time", Float, nullable=False),
    Column("files", Text, nullable=False),  # JSON: name, size and sha256 of each
    Column("late", Float),  # seconds after the student's due date, none without one
    Column("state", String, nullable=False),
    Column("attempt", Integer),
    Column("note", Text, nullable=False, default=""),
    Column("revision", Integer, nullable=False, index=True),
    Index("receipts_of", "student", "assignment", "number"),
    Index("receipts_waiting", "state", "number"),
    sqlite_autoincrement=True,
)

# What staff asked of the grading process.
jobs = Table(
    "jobs",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),
    Column("assignment", String, nullable=False, index=True),
    Column("options", Text, nullable=False),  # JSON
    Column("by", String, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("added", Float, nullable=False),
    Column("started", Float),
    Column("ended", Float),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=False, default=0),
    Column("note", Text, nullable=False, default=""),
    Column("answer", Text),  # JSON
    Column("revision", Integer, nullable=False, index=True),
    sqlite_autoincrement=True,
)

releases = Table(
    "releases",
    metadata,
    Column("assignment", String, primary_key=True),
    Column("marks", Boolean, nullable=False),
    Column("feedback", Boolean, nullable=False),
    Column("time", Float, nullable=False),
    Column("by", String, nullable=False),
)

# Comments that graders wrote to be used again, by question.
phrases = Table(
    "phrases",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("assignment", String, nullable=False),
    Column("question", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("points", Float),
    Column("by", String, nullable=False),
    Index("phrases_of", "assignment", "question", "number"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("time", Float, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("assignment", String, nullable=False, default=""),
    Column("student", String, nullable=False, default=""),
    Column("question", String, nullable=False, default=""),
    Column("before", Text),
    Column("after", Text),
    Column("reason", Text, nullable=False, default=""),
    Column("address", String, nullable=False, default=""),
    Index("audit_of_student", "student", "number"),
    Index("audit_of_assignment", "assignment", "number"),
    Index("audit_of_who", "who", "number"),
    sqlite_autoincrement=True,
)
