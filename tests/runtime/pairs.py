"""Both ends of the mirrors in one process, without a wire between them."""

from typing import Any

from autograder.runtime.mirrors import Mirrors
from autograder.runtime.wire import Decoder, Encoder, Unsendable, WireError


class StudentsObject:
    """What the examiner gets for an object that is no data."""


class Pair:
    """The examiner's and the student's mirrors; `send` and `answer` cross, there and back."""

    def __init__(self) -> None:
        self.examiner = Mirrors(0, self._handle_back, self._handle_in, lenient=False)
        self.student = Mirrors(1, self._handle_out, self._nothing_in, lenient=True)
        self.handle: object = StudentsObject()

    def send(self, *values: Any) -> Any:
        """The student's twins of what the examiner sends: one, or a tuple."""
        self.student.forget(self.examiner.forget_unshared())
        out = Encoder(self._handle_back, self.examiner.claim)
        out.value(values)
        self.student.apply(memoryview(self.examiner.changes()))
        came = Decoder(bytes(out.out), self._nothing_in, self.student.get).whole()
        return came[0] if len(values) == 1 else came

    def answer(self, value: Any = None) -> Any:
        """What the examiner has of the student's value, once the student's changes are taken over."""
        out = Encoder(self._handle_out, self.student.known)
        out.value(value)
        self.examiner.apply(memoryview(self.student.changes()))
        return Decoder(bytes(out.out), self._handle_in, self.examiner.get).whole()

    def _handle_back(self, out: Encoder, obj: object) -> None:
        if obj is not self.handle:
            raise Unsendable(f"an object of type {type(obj).__name__}")
        out.number(b"h", 1)

    def _handle_out(self, out: Encoder, obj: object) -> None:
        out.number(b"h", 1)

    def _handle_in(self, tag: int, data: Decoder) -> object:
        if tag != ord("h"):
            raise WireError(f"unknown tag {tag}")
        data.i64()
        return self.handle

    def _nothing_in(self, tag: int, data: Decoder) -> object:
        raise WireError(f"unknown tag {tag}")
