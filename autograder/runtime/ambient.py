"""What surrounds a call and travels with it: random state, grad mode, default dtype, errstate.

In one process a test that says `np.random.seed(0); f()` decides what f draws. Across the wall
a generator is shared from the moment in which a test cell sets its state until the cell ends.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from .randomness import get_state, set_random_state, set_state

_SETTERS = {
    "random": (("random", "seed"), ("random", "setstate")),
    "numpy": (("numpy.random", "seed"), ("numpy.random", "set_state")),
    "torch": (
        ("torch", "manual_seed"),
        ("torch", "seed"),
        ("torch", "set_rng_state"),
        ("torch.random", "manual_seed"),
        ("torch.random", "seed"),
        ("torch.random", "set_rng_state"),
    ),
}


class Ambient:
    """The surroundings of the test cell that runs, as its examiner sees them."""

    def __init__(self) -> None:
        self._shared: set[str] = set()
        self._usual: dict[str, Any] = {}

    def install(self) -> None:
        """Notices from now on when a global generator is seeded. Once a process, before the fork."""
        for name, places in _SETTERS.items():
            for module, function in places:
                if (found := sys.modules.get(module)) is not None:
                    setattr(found, function, self._noticing(name, getattr(found, function)))

    def _noticing(self, name: str, setter: Callable[..., Any]) -> Callable[..., Any]:
        def noticing(*args: Any, **kwargs: Any) -> Any:
            self._shared.add(name)
            return setter(*args, **kwargs)

        noticing.__name__ = getattr(setter, "__name__", name)
        noticing.__doc__ = setter.__doc__
        return noticing

    def begin(self, seed: int | None) -> None:
        """A new cell: nothing is shared, and what is set now is what both sides have."""
        if seed is not None:
            set_random_state(seed)
        self._shared.clear()
        self._usual = _modes()

    def outgoing(self) -> dict[str, Any]:
        """What differs from the usual, for the student's side to take over during the call."""
        modes = _modes()
        if modes.keys() != self._usual.keys():  # a library has come since, by the test or with a tensor
            self._usual = _defaults() | self._usual
        told = {key: value for key, value in modes.items() if value != self._usual[key]}
        if self._shared:
            told["random"] = {name: get_state(name) for name in self._shared}
        return told

    def incoming(self, states: object) -> None:
        """The random states after the student's code drew; their form is checked by the setters."""
        if type(states) is not dict:
            raise ValueError("random states of the wrong form")
        for name, state in states.items():
            if name in self._shared:
                set_state(name, state)


def _defaults() -> dict[str, Any]:
    modes: dict[str, Any] = {}
    if (torch := sys.modules.get("torch")) is not None:
        modes |= {"grad": True, "dtype": torch.float32}
    if "numpy" in sys.modules:
        modes["errstate"] = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
    return modes


def _modes() -> dict[str, Any]:
    """What is set now."""
    modes: dict[str, Any] = {}
    if (torch := sys.modules.get("torch")) is not None:
        modes["grad"] = torch.is_grad_enabled()
        modes["dtype"] = torch.get_default_dtype()
    if (numpy := sys.modules.get("numpy")) is not None:
        modes["errstate"] = numpy.geterr()
    return modes
