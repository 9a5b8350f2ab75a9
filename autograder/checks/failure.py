"""How a check says no."""


class CheckFailed(AssertionError):
    """A student's value is not what was asked for; the message is written for the student."""


def require(condition: bool, message: str) -> None:
    """Raise `CheckFailed` with `message` unless `condition` holds."""
    if not condition:
        raise CheckFailed(message)
