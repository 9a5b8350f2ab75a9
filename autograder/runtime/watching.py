"""What a test asks of the student's code, what its checks measure, and the pictures that it makes.

Calls and measurements are for the instructor, and only where somebody asked for them (`autograder explain`).
Pictures, which are for the student, are kept in every run.
"""

from __future__ import annotations

import contextlib
import sys
from collections import deque
from collections.abc import Iterator
from typing import Any

MAX_CALLS = 20  # the last ones
MAX_MEASUREMENTS = 2_000
MAX_TEXT = 400  # characters of a value
MAX_PICTURES = 2  # the last ones: the check that fails comes after its picture


class Watch:
    """The calls of one test, the last ones, and every measurement of its checks."""

    def __init__(self) -> None:
        self.calls: deque[tuple[str, str]] = deque(maxlen=MAX_CALLS)
        self.measurements: list[tuple[str, str, float, str, str, str]] = []

    def call(self, name: str, args: tuple[object, ...], named: tuple[tuple[str, object], ...]) -> str:
        """A call as one would write it, taken before the student can change its arguments."""
        parts = [*map(shown, args), *(f"{key}={shown(value)}" for key, value in named)]
        return f"{name}({', '.join(parts)})"

    def came_back(self, call: str, result: object) -> None:
        """What the call gave: a value or the exception that it raised."""
        failed = isinstance(result, BaseException)
        text = f"raised {type(result).__name__}: {result}"[:MAX_TEXT] if failed else shown(result)
        self.calls.append((call, text))

    def measurement(self, found: Any) -> None:
        """A `checks.Measurement`."""
        if len(self.measurements) < MAX_MEASUREMENTS:
            values = shown(found.answer), shown(found.expected)
            said = (found.what, found.quantity, float(found.distance), found.tolerance)
            self.measurements.append((*said, *values))

    @contextlib.contextmanager
    def on_checks(self) -> Iterator[None]:
        """Notes what the checks measure meanwhile, if the test uses them."""
        measuring = sys.modules.get("autograder.checks.measuring")
        with measuring.watched(self.measurement) if measuring else contextlib.nullcontext():
            yield

    def seen(self) -> dict[str, Any]:
        """Plain data for the wire."""
        return {"calls": list(self.calls), "measurements": self.measurements}


class Album:
    """The pictures of one test, the last ones (`checks.pictures`)."""

    def __init__(self) -> None:
        self.pictures: deque[dict[str, Any]] = deque(maxlen=MAX_PICTURES)

    @contextlib.contextmanager
    def on_checks(self) -> Iterator[None]:
        """Takes what is pictured meanwhile, if the test uses checks."""
        pictures = sys.modules.get("autograder.checks.pictures")
        with pictures.recorded(self.pictures.append) if pictures else contextlib.nullcontext():
            yield


def shown(value: object) -> str:
    """A value in a few words or numbers. It is one of ours: data that has crossed, or a handle."""
    import numpy as np

    with np.printoptions(threshold=20, edgeitems=3, precision=6):
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.nn.Module):
            state = {name: p.detach().cpu().numpy() for name, p in value.named_parameters()}
            text = f"{type(value).__name__} with {state}"
        elif torch is not None and isinstance(value, torch.Tensor):
            text = f"tensor({value.detach().cpu().numpy()}, {value.dtype})"
        elif isinstance(value, np.ndarray):
            text = f"array({value}, {value.dtype}, shape {value.shape})"
        else:
            text = repr(value)
    text = " ".join(text.split())
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]} ..."
