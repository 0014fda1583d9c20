"""What strangers may do to a connection, against a real server."""

from __future__ import annotations

import json
import re
import select
import socket
import statistics
import struct
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from app.web.protocol import AHEAD
from tests.conftest import serving, serving_process
from tests.test_bodies import check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = 1.0  # s, what a request may take to come in
CHUNKED = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n"
ASK = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def impatient(models_dir: Path) -> Iterator[str]:
    """Yield the URL of a server that waits SECONDS for a request."""
    with serving(DIGITS_MODELS=str(models_dir), DIGITS_DEVICE="cpu", DIGITS_RECEIVE_SECONDS=str(SECONDS)) as url:
        yield url


@pytest.fixture(scope="module")
def patient(models_dir: Path) -> Iterator[str]:
    """Yield the URL of a server that waits long, and takes 400 connections."""
    with serving(DIGITS_MODELS=str(models_dir), DIGITS_DEVICE="cpu", DIGITS_MAX_CONNECTIONS="400") as url:
        yield url


@contextmanager
def connected(url: str) -> Iterator[socket.socket]:
    where = urlsplit(url)
    with socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=10) as connection:
        yield connection


def everything(connection: socket.socket) -> bytes:
    """Return all that comes until the server closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def each(answers: bytes) -> list[bytes]:
    """Take answers that came one after the other apart."""
    return re.split(rb"(?<=.)(?=HTTP/1\.1 \d)", answers, flags=re.DOTALL)


def head(length: int) -> bytes:
    return f"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: {length}\r\n\r\n".encode()


def refused(answer: bytes, status: int, code: str) -> None:
    """Assert that raw bytes are one answer with a problem document, and end the connection."""
    top, _, body = answer.partition(b"\r\n\r\n")
    assert top.startswith(b"HTTP/1.1 %d " % status), answer
    assert b"content-type: application/problem+json" in top
    assert b"connection: close" in top
    assert b"content-security-policy: " in top
    document = json.loads(body)
    assert (status, code) == (document["status"], document["code"])


@pytest.mark.parametrize("begun", [b"", b"POST /pre", b"POST /predict HTTP/1.1\r\nHost: x\r\n", head(100) + b"\x89PNG"])
def test_a_request_that_never_ends(impatient: str, begun: bytes) -> None:
    """A head or body that does not come is given up after a while, and the client is told."""
    with connected(impatient) as connection:
        started = time.monotonic()
        connection.sendall(begun)
        refused(everything(connection), 408, "too_slow")
        assert SECONDS * 0.9 < time.monotonic() - started < SECONDS + 2


def test_a_request_that_drips(impatient: str) -> None:
    """A byte now and then does not buy more time."""
    with connected(impatient) as connection:
        started = time.monotonic()
        connection.sendall(head(100))
        while not select.select([connection], [], [], 0.1)[0] and time.monotonic() < started + SECONDS + 5:
            connection.sendall(b"\x89")
        assert time.monotonic() - started < SECONDS + 2
        refused(connection.recv(65536), 408, "too_slow")


def test_a_kept_connection_is_watched_too(impatient: str, png: bytes) -> None:
    """The second request of a connection has as long as the first."""
    with connected(impatient) as connection:
        connection.sendall(head(len(png)) + png)
        connection.sendall(b"POST")
        first, _, second = everything(connection).partition(b"}}")
        assert first.startswith(b"HTTP/1.1 200 ")
        refused(second, 408, "too_slow")


def test_a_head_without_end(impatient: str) -> None:
    """Headers without end are refused before they fill the memory."""
    with connected(impatient) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 70_000)
        refused(everything(connection), 431, "head_too_large")


@pytest.mark.parametrize("garbage", [b"\0\1\2\3\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"])
def test_no_http_at_all(impatient: str, garbage: bytes) -> None:
    """What is no HTTP gets a problem document all the same."""
    with connected(impatient) as connection:
        connection.sendall(garbage)
        refused(everything(connection), 400, "malformed_request")


def test_hundreds_of_slow_clients_slow_nobody(patient: str, png: bytes) -> None:
    """While 300 clients do not finish their requests, others are answered as ever."""

    def latency(client: httpx.Client) -> float:
        """Return the median of one round; the best of three, as other programs only ever slow a round."""
        rounds = []
        for _ in range(3):
            took = []
            for _ in range(15):
                answer = client.post("/predict", content=png)
                assert 200 == answer.status_code
                took.append(answer.elapsed.total_seconds())
            rounds.append(statistics.median(took))
        return min(rounds)

    with httpx.Client(base_url=patient) as client, ExitStack() as slow:
        before = latency(client)
        for number in range(300):
            connection = slow.enter_context(connected(patient))
            connection.sendall(head(5000) + b"\x89PNG" if number % 2 else b"POST /predict HTTP/1.1\r\nHost:")
        during = latency(client)
    assert during < 3 * before + 0.005


def test_too_many_connections(patient: str) -> None:
    """Beyond the limit on connections the answer is 503 with Retry-After, and once they have gone all is well."""
    with ExitStack() as idle:
        for _ in range(410):
            idle.enter_context(connected(patient))
        busy = httpx.get(f"{patient}/healthz")
        check(busy, 503, "busy")
        assert "1" == busy.headers["retry-after"]
        assert "nosniff" == busy.headers["x-content-type-options"]
    deadline = time.monotonic() + 10
    while httpx.get(f"{patient}/healthz").status_code == 503 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert 200 == httpx.get(f"{patient}/healthz").status_code


def test_trailers_without_end(patient: str) -> None:
    """What follows the last chunk of a body is no longer than a head may be."""
    with connected(patient) as connection:
        connection.sendall(CHUNKED + b"4\r\n\x89PNG\r\n0\r\n")
        refused(answered(connection, b"X-more: %b\r\n" % (b"x" * 4000), 1000), 431, "head_too_large")


def test_a_body_of_small_chunks(patient: str, png: bytes) -> None:
    """A body of a chunk for each byte, with a line behind it that is no header, is answered as any other."""
    chunks = (
        b"".join(b"1\r\n%b\r\n" % png[at : at + 1] for at in range(len(png))) + b"0\r\nX-Request-Id: 12345678\r\n\r\n"
    )
    with connected(patient) as connection:
        connection.sendall(CHUNKED)
        for start in range(0, len(chunks), 500):
            connection.sendall(chunks[start : start + 500])
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"x-request-id: 12345678" not in answer


def test_a_long_url(patient: str) -> None:
    """A URL that is longer than a head may be is refused as one."""
    with connected(patient) as connection:
        refused(
            answered(connection, b"GET /?" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 1), 431, "head_too_large"
        )


def test_too_many_ahead(patient: str) -> None:
    """A few requests may be sent before an answer is read, and all are answered; hundreds may not."""
    with connected(patient) as connection:
        connection.sendall(ASK * 10)
        found = b""
        while found.count(b"HTTP/1.1 200 ") < 10:
            found += connection.recv(65536)
    with connected(patient) as connection:
        *earlier, last = each(answered(connection, ASK * 500, 1))
        assert [b"HTTP/1.1 200"] * (AHEAD + 1) == [one[:12] for one in earlier]
        refused(last, 429, "too_many_ahead")


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        (b"\0\1\2\3\r\n\r\n", 400, "malformed_request"),
        (CHUNKED + b"xyz\r\n", 400, "malformed_request"),
        (b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", 408, "too_slow"),
    ],
    ids=["no HTTP", "no chunk", "no body"],
)
def test_who_asked_before_comes_first(impatient: str, png: bytes, more: bytes, status: int, code: str) -> None:
    """What is wrong with a request is said after the answers to those before it, and ends the connection."""
    with connected(impatient) as connection:
        connection.sendall((head(len(png)) + png) * 2 + more)
        *earlier, last = each(everything(connection))
        assert [b"HTTP/1.1 200"] * 2 == [one[:12] for one in earlier]
        refused(last, status, code)


@pytest.mark.parametrize(
    ("length", "kind", "status"), [(5_000_000, b"image/png", 413), (4_000_000, b"text/plain", 415)]
)
def test_an_answer_before_the_body_ends(patient: str, length: int, kind: bytes, status: int) -> None:
    """Who asks for one answer only gets it, however much of the request nobody has read."""
    begun = b"POST /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
    for _ in range(5):
        with connected(patient) as connection:
            connection.sendall(begun % (kind, length))
            for _ in range(length // 50_000):
                connection.sendall(bytes(50_000))
            assert everything(connection).startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize("body", [head(5_000_000), CHUNKED.replace(b"/predict", b"/nowhere") + b"1\r\nx\r\n"])
@pytest.mark.parametrize("more", [b"", b"xyz\r\n"])
def test_one_answer_to_a_request(impatient: str, body: bytes, more: bytes) -> None:
    """Who was answered before the body ended is not told too that it came too slowly, or was malformed."""
    with connected(impatient) as connection:
        connection.sendall(body)
        first = connection.recv(65536)
        connection.sendall(more)
        assert [first] == each(first + everything(connection))


def test_what_nobody_reads_ends(impatient: str) -> None:
    """Who sends on for ever after the answer is cut off."""
    with connected(impatient) as connection:
        connection.sendall(head(10**9).replace(b"Host", b"Connection: close\r\nHost"))
        assert everything(connection).startswith(b"HTTP/1.1 413 ")
        started = time.monotonic()
        with suppress(ConnectionError):
            while time.monotonic() < started + 8 * SECONDS:
                connection.sendall(bytes(1000))
                time.sleep(0.01)
        assert started + SECONDS / 2 < time.monotonic() < started + 4 * SECONDS


def test_who_left_is_sent_nothing(models_dir: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A client that goes in the middle of an answer, the next one asked for, is sent no more of it."""
    with serving_process(DIGITS_MODELS=str(models_dir), DIGITS_DEVICE="cpu") as (url, _):
        for _ in range(3):
            with connected(url) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # go at once
                connection.sendall(b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n" * 2)  # 1.4 MB each
                assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        time.sleep(0.5)
        assert 200 == httpx.get(f"{url}/healthz").status_code
    assert capfd.readouterr().err == ""


def test_who_reads_nothing_is_cut_off(impatient: str) -> None:
    """A client that reads none of its answers keeps its connection no longer than a request may take."""
    with connected(impatient) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        until = time.monotonic() + SECONDS + 8
        sent = False
        with suppress(ConnectionResetError, BrokenPipeError):
            while time.monotonic() < until:
                connection.sendall(b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n")
                time.sleep(0.1)  # 1.4 MB each: soon no buffer takes more, and fewer than AHEAD wait
            sent = True
        assert not sent


@pytest.mark.parametrize("more", [b"\r\n", b"0123456789"])
def test_what_begins_no_request_keeps_no_connection(patient: str, more: bytes) -> None:
    """An empty line, or the rest of a body that was refused before it came, keeps no connection for ever."""
    text = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n"
    with connected(patient) as connection:
        connection.sendall(ASK if more == b"\r\n" else text)
        assert connection.recv(65536).startswith(b"HTTP/1.1 ")
        connection.sendall(more)
        assert everything(connection) == b""  # closed, after the five seconds that uvicorn keeps an idle one


def test_an_upgrade_is_no_news(models_dir: Path, png: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    """Who asks for another protocol is answered as any other, body and all, and the log asks for no library."""
    with serving(DIGITS_MODELS=str(models_dir), DIGITS_DEVICE="cpu") as url, httpx.Client(base_url=url) as client:
        for protocol in ("websocket", "h2c"):
            client.headers = {"Connection": "Upgrade, HTTP2-Settings", "UPGRADE": protocol, "Content-Type": "image/png"}
            assert 200 == client.get("/healthz").status_code
            assert 200 == client.post("/predict", content=png).status_code
            chunks = (png[:30], png[30:])
            assert 200 == client.post("/predict", content=iter(chunks)).status_code
        head = b"POST /predict HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nContent-Length: %d" % len(png)
        with connected(url) as connection:  # in pieces, as where a head is long
            for piece in (head, b"\r\nUpgrade: h2c\r\n\r\n", png[:9], png[9:]):
                connection.sendall(piece)
                time.sleep(0.1)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
    assert "WebSocket" not in capfd.readouterr().err


def answered(connection: socket.socket, data: bytes, times: int) -> bytes:
    """Send until the server has had enough; return all that it says."""
    for _ in range(times):
        if select.select([connection], [], [], 0.005)[0]:  # else the rest would come to a closed connection
            break
        connection.sendall(data)
    return everything(connection)
