"""Forms and uploads, read within bounds of size and time: files go to disk while they come in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

FORM_BYTES = 256 * 1024
MAX_FILES, MAX_FIELDS, FIELD_BYTES = 50, 200, 64 * 1024
_SPOOLED = 64 * 1024  # bytes of a file that are held in memory


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of the body of one request, with everything in it."""

    size: int = FORM_BYTES
    seconds: float = 30.0
    stall_seconds: float = 10.0
    files: int = 0


class Rejected(Exception):
    """A body that is not taken, with the status of HTTP for it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


async def read_form(request: Request, bounds: Bounds) -> FormData:
    """The fields and files of a form. Raises Rejected, with 400, 408, 413 or 415."""
    stated = request.headers.get("content-length", "0")
    if stated.isdecimal() and int(stated) > bounds.size:
        raise _too_large(bounds)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            return await _Files(
                request.headers,
                _bounded(request, bounds),
                max_files=bounds.files,
                max_fields=MAX_FIELDS,
                max_part_size=FIELD_BYTES,
            ).parse()
        if kind == "application/x-www-form-urlencoded":
            return await FormParser(request.headers, _bounded(request, bounds), max_fields=MAX_FIELDS).parse()
    except MultiPartException as error:
        raise Rejected(400, f"this form cannot be read: {error.message}") from None
    except ClientDisconnect:
        raise Rejected(400, "the browser went away") from None
    if stated == "0" and "transfer-encoding" not in request.headers:
        return FormData()
    raise Rejected(415, "only forms are taken here")


async def _bounded(request: Request, bounds: Bounds) -> AsyncGenerator[bytes, None]:
    end, left = time.monotonic() + bounds.seconds, bounds.size
    stream = request.stream()
    while True:
        patience = min(bounds.stall_seconds, end - time.monotonic())
        try:
            chunk = await asyncio.wait_for(anext(stream), max(patience, 0.0))
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Rejected(408, "it came too slowly; try again where the connection is better") from None
        left -= len(chunk)
        if left < 0:
            raise _too_large(bounds)
        yield chunk


def _too_large(bounds: Bounds) -> Rejected:
    return Rejected(413, f"this is too large: at most {bounds.size / 2**20:.3g} MiB are taken")


class _Files(MultiPartParser):
    spool_max_size = _SPOOLED
