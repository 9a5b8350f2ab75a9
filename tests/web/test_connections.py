"""Over a real socket: slow bodies, silent connections, and pages that change while one looks."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from autograder.web import connections
from tests.web.conftest import Served, populate

PATIENCE = 20.0


@pytest.fixture
def listening(room, monkeypatch) -> Iterator[tuple[Served, int]]:
    """The site behind uvicorn, with little patience, and its port."""
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.5)
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        made.listen()
        port = made.getsockname()[1]
        served = Served(room, port=port, upload_seconds=2.0, stall_seconds=0.5)
        populate(served.accounts)
        config = uvicorn.Config(
            served.app,
            log_level="error",
            access_log=False,
            http=connections.ImpatientProtocol,
            ws="none",
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([made],))
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield served, port
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()


def upload_head(served: Served, length: int) -> bytes:
    visitor = served.visitor("ada")
    return (
        f"POST /assignments/toy/uploads HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n"
        f"Cookie: session={visitor.client.cookies['session']}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    ).encode()


def answer_of(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    connection.settimeout(PATIENCE)
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            found += part
    return found


@pytest.mark.parametrize("pause", [None, 0.2], ids=["silent", "a byte now and then"])
def test_an_upload_that_comes_too_slowly_is_ended(listening, pause):
    served, port = listening
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(upload_head(served, 100_000) + b"--b\r\n")
        with contextlib.suppress(OSError):
            end = time.monotonic() + (4.0 if pause else 0)
            while time.monotonic() < end:
                connection.sendall(b"x")
                time.sleep(pause or 0)
        assert answer_of(connection).startswith(b"HTTP/1.1 408")
    assert served.site.receipts.of("ada") == []


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "], ids=["nothing", "half"]
)
def test_a_connection_without_a_whole_request_is_closed(listening, sent):
    _, port = listening
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(sent)
        assert b"200" not in answer_of(connection)


def test_a_page_that_is_slow_to_be_read_is_not_cut(listening):
    _, port = listening
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        for _ in range(3):
            assert client.get("/sign-in").status_code == 200
            time.sleep(0.7)  # longer than headers may take: the connection is idle, not slow


def events(answer: httpx.Response) -> Iterator[tuple[str, str]]:
    """Name and text of each event."""
    name, text = "", []
    for line in answer.iter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            text.append(value)
        elif not line and name:
            yield name, "\n".join(text)
            name, text = "", []


def test_a_page_tells_how_far_the_grading_is_until_it_is_over(listening):
    served, port = listening
    receipt = served.receipt("ada")
    session = served.visitor("ada").client.cookies["session"]
    served.receipt("bob", ("CANARY.ipynb", json.dumps({}).encode()))
    with (
        httpx.Client(
            base_url=f"http://127.0.0.1:{port}", cookies={"session": session}, timeout=PATIENCE
        ) as client,
        client.stream("GET", "/assignments/toy/live") as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        heard = events(answer)
        first = next(heard)
        served.site.receipts.keep(receipt, 1)
        second = next(heard)
        served.site.receipts.grade("ada", "toy", 1)
        third, last = next(heard), next(heard)
    assert [first[0], second[0], third[0], last[0]] == ["progress", "progress", "progress", "done"]
    assert "Received, and safe" in first[1] and first[1] != second[1] and "Graded." in third[1]
    assert "CANARY" not in first[1] + second[1] + third[1]
