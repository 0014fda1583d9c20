"""Clients that keep a service busy, and remember what became of it."""

from __future__ import annotations

import threading
from typing import Self

import httpx

from tests.waiting import eventually


class Load:
    """Clients that ask again and again over kept connections, and remember what became of it."""

    def __init__(self, url: str, png: bytes, clients: int = 4) -> None:
        self.answers: list[tuple[int, str]] = []
        self.broken: list[Exception] = []
        self.stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(url, png)) for _ in range(clients)]

    def _ask(self, url: str, png: bytes) -> None:
        with httpx.Client(base_url=url, timeout=20) as client:
            while not self.stop.is_set():
                try:
                    answer = client.post("/predict", content=png)
                except httpx.ConnectError:
                    return  # nobody listens any more
                except httpx.TransportError as error:
                    self.broken.append(error)
                    return
                version = answer.json()["model"]["version"] if answer.status_code == 200 else ""
                self.answers.append((answer.status_code, version))

    def wait_for(self, answers: int, version: str = "") -> None:
        """Wait until so many answers have come, of these weights if they are named."""
        eventually(lambda: answers <= sum(found == 200 and version in ("", given) for found, given in self.answers))

    def wait_for_the_end(self) -> None:
        """Wait until no client finds anybody to ask."""
        eventually(lambda: not any(thread.is_alive() for thread in self._threads))

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join()
