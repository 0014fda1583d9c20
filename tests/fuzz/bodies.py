"""Mutated PNGs and bodies against the application itself: ``python -m tests.fuzz.bodies --runs 100000``.

None may bring a status of 500 or more, or anything that is no problem document where it is refused, and after all of
them no file, task or memory may be left behind. Half of the PNGs are damaged byte by byte, half chunk by chunk with
checksums put right again, so that what lies behind the checksums is reached too.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import random
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import psutil

from app.main import create_app
from app.recognition import chunks, png
from app.settings import Settings
from tests.models import write_models
from tests.pictures import END, SEVEN, chunk, draw, header, idat, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

LIMIT: Final = 200_000  # bytes of a body
WORDS: Final = (b"\0", b"\xff", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"IDAT", b"IEND", b"\r\n", b'"')
KINDS: Final = (
    b"IHDR",
    b"IDAT",
    b"IEND",
    b"PLTE",
    b"tRNS",
    b"zTXt",
    b"iTXt",
    b"iCCP",
    b"acTL",
    b"fdAT",
    b"eXIf",
    b"abcd",
)


def seeds() -> list[bytes]:
    """Return good PNGs of every kind of pixel, to damage."""
    levels = draw(*SEVEN)
    found = [png.write(levels), png.write(np.dstack([levels] * 3)), png.write(np.dstack([levels] * 4))]
    for colour, depths in chunks.DEPTHS.items():
        for bits in depths:
            for interlace in (0, 1):
                head = header(9, 7, bits=bits, colour=colour, interlace=interlace)
                palette = (
                    [chunk(b"PLTE", bytes(3 << bits)), chunk(b"tRNS", b"\0\x80")] if colour == chunks.PALETTE else []
                )
                rows = bytes(chunks.unpacked_size(chunks.Header(9, 7, bits, colour, interlace)))
                found.append(b"".join([head, *palette, idat(rows), END]))
    return found


def by_bytes(data: bytes, chance: random.Random) -> bytes:
    """Flip, cut, insert, repeat: one to four times, anywhere."""
    for _ in range(chance.randint(1, 4)):
        place, length = chance.randrange(len(data) + 1), chance.randint(1, 8)
        new = chance.choice([chance.randbytes(length), chance.choice(WORDS), data[place : place + 40], b""])
        data = data[:place] + new + data[place + chance.choice([0, len(new), length, length * 50]) :]
    return data


def by_chunks(data: bytes, chance: random.Random) -> bytes:
    """Damage, drop, double, move or invent chunks, and put the checksums right."""
    parts = list(chunks._chunks(data))
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(parts))
        kind, content = parts[place]
        parts[place : place + 1] = chance.choice(
            [
                [(kind, by_bytes(content, chance))],
                [],
                [(kind, content)] * 2,
                [(chance.choice(KINDS), content)],
                [(chance.choice(KINDS), by_bytes(zlib.compress(bytes(chance.randint(0, 2_000_000))), chance))],
                [(kind, zlib.compress(by_bytes(bytes(500), chance)))],
            ]
        )
        if not parts:
            parts = [(b"IEND", b"")]
    if chance.random() < 0.1:
        chance.shuffle(parts)
    return join(parts)


def requests(runs: int, seed: int) -> Iterator[tuple[str, str, bytes]]:
    """Yield path with query, content type and body."""
    chance = random.Random(seed)  # noqa: S311
    good = seeds()
    for _ in range(runs):
        body = chance.choice([by_bytes, by_chunks])(chance.choice(good), chance)
        path = chance.choice(["/predict", "/predict", "/predict?model=ff", "/predict?normalize=false", "/inspect"])
        form = chance.randrange(8)
        if form < 5:
            yield path, "image/png", body
        elif form == 5:
            text = json.dumps({"image": base64.b64encode(body).decode()}).encode()
            yield path, "application/json", text if chance.random() < 0.5 else by_bytes(text, chance)
        else:
            part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="7.png"\r\n\r\n%b\r\n' % body
            many = part * chance.randint(1, 3) + b"--x--\r\n"
            path = "/predict/batch" if form == 6 else path
            yield path, "multipart/form-data; boundary=x", many if chance.random() < 0.5 else by_bytes(many, chance)


async def ask(app: FastAPI, state: dict[str, Any], path: str, media_type: str, body: bytes) -> tuple[int, bytes]:
    """Return status and body of one answer."""
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": query.encode(),
        "state": dict(state),
        "headers": [(b"content-type", media_type.encode())],
        "http_version": "1.1",
        "scheme": "http",
    }
    to_come = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return to_come.pop() if to_come else await asyncio.get_running_loop().create_future()

    async def send(message: Any) -> None:  # noqa: ANN401
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


def held() -> tuple[int, int, float]:
    """Return how many files and tasks are open, and the resident memory in MiB."""
    process = psutil.Process()
    return process.num_fds(), len(asyncio.all_tasks()), process.memory_info().rss / 2**20


async def fuzz(runs: int, seed: int) -> Counter[int]:
    """Send so many requests; return how many answers had each status. AssertionError where one is not as it must be."""
    statuses: Counter[int] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(models=write_models(Path(folder)), device="cpu", max_body_bytes=LIMIT))
        async with app.router.lifespan_context(app) as state:
            before = held()
            for number, (path, media_type, body) in enumerate(requests(runs, seed)):
                if number == runs // 5:  # caches and pools are full by now
                    before = held()
                status, answer = await ask(app, dict(state or {}), path, media_type, body)
                statuses[status] += 1
                said = f"{status} for {media_type} {body!r} to {path}"
                assert status in {200, 400, 413, 415, 422}, said
                assert status == 200 or json.loads(answer)["status"] == status, said
            after = held()
    print(f"{runs:,} requests: {dict(sorted(statuses.items()))}")
    for when, (files, tasks, memory) in {"before": before, "after": after}.items():
        print(f"{when:6} {files} files, {tasks} tasks, {memory:.0f} MiB")
    assert (before[0], before[1]) == (after[0], after[1]), "files or tasks were left open"
    assert after[2] < before[2] + 30, "memory grew"
    return statuses


def main() -> None:
    """Read the options and go."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=100_000, help="how many requests (default %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other requests (default %(default)s)")
    options = parser.parse_args()
    asyncio.run(fuzz(options.runs, options.seed))
    sys.exit(0)


if __name__ == "__main__":
    main()
