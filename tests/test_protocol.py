"""What strangers may do to a connection, against a real server."""

from __future__ import annotations

import select
import socket
import statistics
import struct
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import httpx
import pytest

from app.web.refusals import AHEAD
from tests.connections import ASK, CHUNKED, answered, connected, each, everything, head, refused
from tests.problems import check
from tests.processes import serving
from tests.waiting import answers, eventually

if TYPE_CHECKING:
    from pathlib import Path


def test_a_head_without_end(live_server: str) -> None:
    """Headers without end are refused before they fill the memory."""
    with connected(live_server) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 70_000)
        refused(everything(connection), 431, "head_too_large")


@pytest.mark.parametrize("garbage", [b"\0\1\2\3\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"])
def test_no_http_at_all(live_server: str, garbage: bytes) -> None:
    """What is no HTTP gets a problem document all the same."""
    with connected(live_server) as connection:
        connection.sendall(garbage)
        refused(everything(connection), 400, "malformed_request")


def test_hundreds_of_slow_clients_slow_nobody(live_server: str, png: bytes) -> None:
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

    with httpx.Client(base_url=live_server) as client, ExitStack() as slow:
        before = latency(client)
        for number in range(300):
            connection = slow.enter_context(connected(live_server))
            connection.sendall(head(5000) + b"\x89PNG" if number % 2 else b"POST /predict HTTP/1.1\r\nHost:")
        during = latency(client)
    assert during < 3 * before + 0.005


def test_too_many_connections(models_dir: Path) -> None:
    """Beyond the limit on connections the answer is 503 with Retry-After, and once they have gone all is well."""
    with serving(DIGITS_MODELS=str(models_dir), DIGITS_DEVICE="cpu", DIGITS_MAX_CONNECTIONS="40") as url:
        with ExitStack() as idle:
            for _ in range(39):
                idle.enter_context(connected(url))
            assert 200 == httpx.get(f"{url}/healthz").status_code
            idle.enter_context(connected(url))
            busy = httpx.get(f"{url}/healthz")
            check(busy, 503, "busy")
            assert "1" == busy.headers["retry-after"]
            assert "nosniff" == busy.headers["x-content-type-options"]
        eventually(lambda: answers(f"{url}/healthz"))


def test_trailers_without_end(live_server: str) -> None:
    """What follows the last chunk of a body is no longer than a head may be."""
    with connected(live_server) as connection:
        connection.sendall(CHUNKED + b"4\r\n\x89PNG\r\n0\r\n")
        refused(answered(connection, b"X-more: %b\r\n" % (b"x" * 4000), 1000), 431, "head_too_large")


def test_a_body_of_small_chunks(live_server: str, png: bytes) -> None:
    """A body of a chunk for each byte, with a line behind it that is no header, is answered as any other."""
    chunks = (
        b"".join(b"1\r\n%b\r\n" % png[at : at + 1] for at in range(len(png))) + b"0\r\nX-Request-Id: 12345678\r\n\r\n"
    )
    with connected(live_server) as connection:
        connection.sendall(CHUNKED)
        for start in range(0, len(chunks), 500):
            connection.sendall(chunks[start : start + 500])
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"x-request-id: 12345678" not in answer


def test_a_long_url(live_server: str) -> None:
    """A URL that is longer than a head may be is refused as one."""
    with connected(live_server) as connection:
        refused(
            answered(connection, b"GET /?" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 1), 431, "head_too_large"
        )


def test_too_many_ahead(live_server: str) -> None:
    """A few requests may be sent before an answer is read, and all are answered; hundreds may not."""
    with connected(live_server) as connection:
        connection.sendall(ASK * 10)
        found = b""
        while found.count(b"HTTP/1.1 200 ") < 10:
            found += connection.recv(65536)
    with connected(live_server) as connection:
        *earlier, last = each(answered(connection, ASK * 500, 1))
        assert [b"HTTP/1.1 200"] * (AHEAD + 1) == [one[:12] for one in earlier]
        refused(last, 429, "too_many_ahead")


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_how_large_a_head_may_be(live_server: str, pieces: int) -> None:
    """A head of 64 KiB is read and a byte more is too much, however it comes in, and whatever comes before it."""
    for length, status in ((65_536, b"200"), (65_537, b"431")):
        for before in (b"", ASK):
            begun = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: "
            asked = before + begun + b"x" * (length - len(begun) - 4) + b"\r\n\r\n"
            with connected(live_server) as connection:
                for number in range(pieces):
                    connection.sendall(asked[number * len(asked) // pieces : (number + 1) * len(asked) // pieces])
                    time.sleep(0.02)
                *_, last = each(everything(connection))
                assert last.startswith(b"HTTP/1.1 " + status), (length, before)


@pytest.mark.parametrize(
    ("length", "kind", "status"), [(5_000_000, b"image/png", 413), (4_000_000, b"text/plain", 415)]
)
def test_an_answer_before_the_body_ends(live_server: str, length: int, kind: bytes, status: int) -> None:
    """Who asks for one answer only gets it, however much of the request nobody has read."""
    begun = b"POST /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
    for _ in range(5):
        with connected(live_server) as connection:
            connection.sendall(begun % (kind, length))
            for _ in range(length // 50_000):
                connection.sendall(bytes(50_000))
            assert everything(connection).startswith(b"HTTP/1.1 %d " % status)


def test_http_1_0_is_not_told_to_go_on(live_server: str, png: bytes) -> None:
    """A client that asks by HTTP/1.0 gets its answer alone, whatever it expects (RFC 9110, 10.1.1)."""
    expecting = head(len(png)).replace(b"HTTP/1.1\r\n", b"HTTP/1.0\r\nExpect: 100-continue\r\n")
    with connected(live_server) as connection:
        connection.sendall(expecting)
        assert not select.select([connection], [], [], 0.2)[0]
        connection.sendall(png)
        assert everything(connection).startswith(b"HTTP/1.1 200 ")


def test_who_left_is_sent_nothing(models_dir: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A client that goes in the middle of an answer, the next one asked for, is sent no more of it."""
    with serving(DIGITS_MODELS=str(models_dir), DIGITS_DEVICE="cpu") as url:
        for _ in range(3):
            with connected(url) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # go at once
                connection.sendall(b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n" * 2)  # 1.4 MB each
                assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        time.sleep(0.5)
        assert 200 == httpx.get(f"{url}/healthz").status_code
    assert "" == capfd.readouterr().err


@pytest.mark.parametrize("more", [b"\r\n", b"0123456789"])
def test_what_begins_no_request_keeps_no_connection(live_server: str, more: bytes) -> None:
    """An empty line, or the rest of a body that was refused before it came, keeps no connection for ever."""
    text = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n"
    with connected(live_server) as connection:
        connection.sendall(ASK if more == b"\r\n" else text)
        assert connection.recv(65536).startswith(b"HTTP/1.1 ")
        connection.sendall(more)
        assert b"" == everything(connection)  # closed, after the five seconds that uvicorn keeps an idle one


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
        with connected(url) as connection:  # behind another request the body would be lost
            connection.sendall(ASK + head + b"\r\nUpgrade: h2c\r\n\r\n" + png)
            first, last = each(everything(connection))
            assert first.startswith(b"HTTP/1.1 200 ")
            refused(last, 400, "no_upgrade")
    assert "WebSocket" not in capfd.readouterr().err
