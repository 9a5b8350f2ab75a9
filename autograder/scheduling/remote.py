"""What a worker of Dask's is asked to do. Plain `dask worker` suffices, where this package is installed."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator

from dask.system import CPU_COUNT

from autograder.scheduling.parcels import Kind, pack_answer
from autograder.scheduling.station import Station


class _Stations:
    """The station of this process: of one assignment at a time, kept warm until another one comes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._station: Station | None = None
        self._digest = ""
        self._users = 0

    @contextlib.contextmanager
    def of(self, content: bytes, digest: str) -> Iterator[Station]:
        """The station for that assignment; another one's is ended when nobody uses it any more."""
        station = self._enter(content, digest)
        try:
            yield station
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    def _enter(self, content: bytes, digest: str) -> Station:
        with self._changed:
            while self._users and self._digest != digest:
                self._changed.wait()
            station = self._station
            if station is not None and (
                self._digest != digest or ((station.problem or not station.is_alive) and not self._users)
            ):
                station.close()
                station = None
            if station is None:
                # a quota of less than all cores says that others use them: which are free is not ours to say
                own_cores = len(os.sched_getaffinity(0)) <= CPU_COUNT
                station = self._station = Station(content, own_cores)
                self._digest = digest
            self._users += 1
            return station


_stations = _Stations()


def mark(content: bytes, digest: str, submission: bytes, is_trial: bool = False) -> bytes:
    """The answer to a parcel with a submission for the assignment in `content`, which has this digest."""
    try:
        with _stations.of(content, digest) as station:
            return station.trial(submission) if is_trial else station.mark(submission)
    except OSError as error:
        return pack_answer(Kind.UNFIT, f"it cannot start a grader ({error})")
