"""Addresses of databases, as nbgrader's `db_url` has them: checked, and shown without what is secret."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from autograder.errors import UsageError

SQLITE = "sqlite:///"
_SCHEMES = ("postgresql", "postgres")
_PORT = 5432


def checked(value: str) -> str:
    """An address for `autograder.toml`. Raises ValueError that says what it must be.

    A password must not stand in the course: libpq finds it in the user's own files, or in the environment.
    """
    try:
        parts = urlsplit(value)
        _ = parts.port
        named = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError:
        parts, named = urlsplit(""), {}
    if "://" not in value or not is_postgresql(value) or not (parts.path.strip("/") or "service" in named):
        raise ValueError(
            'an address like "postgresql://USER@HOST/DATABASE"; without it, gradebook.db is used'
        )
    if parts.password is not None or any(name in named for name in ("password", "sslpassword")):
        raise ValueError(
            "without a password, which belongs into ~/.pgpass or PGPASSWORD (docs/postgresql.md)"
        )
    return value


def is_postgresql(db_url: str) -> bool:
    """Whether it names a server, with whatever driver."""
    return db_url.partition(":")[0].partition("+")[0] in _SCHEMES


def for_libpq(db_url: str) -> str:
    """The address without SQLAlchemy's choice of a driver."""
    return f"postgresql://{db_url.partition('://')[2]}"


def for_sqlalchemy(db_url: str) -> str:
    """The address with the driver that we use, under every version of SQLAlchemy."""
    return f"postgresql+psycopg://{db_url.partition('://')[2]}"


def shown_address(db_url: str) -> str:
    """Where the database is, without who asks and with what: for messages."""
    parts = urlsplit(db_url)
    named = [(name, value) for name, value in parse_qsl(parts.query) if name in ("host", "port", "service")]
    where = parts.netloc.rpartition("@")[2]
    return f"postgresql://{where}{parts.path}" + (f"?{urlencode(named, safe='/')}" if named else "")


def require_same_as_nbgrader(root: Path, db_url: str) -> None:
    """Raises UsageError where `nbgrader_config.py` plainly names another database than we are going to use.

    It is not executed: what it works out is its own affair.
    """
    for theirs in _named_in(root / "nbgrader_config.py"):
        if _place(theirs, root) != _place(db_url, root):
            ours = (
                "autograder.toml" if is_postgresql(db_url) else "here it is gradebook.db, and autograder.toml"
            )
            raise UsageError(
                f"nbgrader_config.py names another gradebook in CourseDirectory.db_url than {ours} does; "
                "write the same `db_url` into both, without a password in autograder.toml"
            )


def _named_in(config: Path) -> Iterator[str]:
    try:
        tree = ast.parse(config.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            targets = [ast.unparse(target) for target in node.targets]
            if any(target.endswith("CourseDirectory.db_url") for target in targets):
                yield str(node.value.value)


def _place(db_url: str, root: Path) -> tuple[object, ...]:
    if not is_postgresql(db_url):
        return ((root / db_url.removeprefix(SQLITE)).resolve(),)
    parts = urlsplit(db_url)
    named = dict(parse_qsl(parts.query))
    host = parts.hostname or named.get("host") or ""
    return host, parts.port or int(named.get("port", _PORT)), unquote(parts.path), named.get("service")
