"""What a function should refuse, and what it may mutter."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .describing import describe
from .failure import CheckFailed


@contextmanager
def quiet() -> Iterator[None]:
    """No warning costs marks: some graders take anything on stderr for a failure."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def raises(wanted: type[Exception], call: Callable[[], object], what: str) -> None:
    """`call` raises `wanted` or a subclass; `what` says in words which call it is."""
    try:
        value = call()
    except wanted:
        return
    except Exception as error:
        raise CheckFailed(
            f"{what} should raise {wanted.__name__}, but it raised {type(error).__name__}."
        ) from None
    raise CheckFailed(f"{what} should raise {wanted.__name__}, but it returned {describe(value)}.")
