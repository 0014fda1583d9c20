"""What is sent over a connection: answers in one packet, and to their end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Outgoing:
    """A transport that holds an answer's head back until the body comes: one system call, and one packet, for both.

    Where an answer ends the connection before all of its request has come in, the rest is read and thrown away, for
    `seconds` at most: closed at once, the system would tell the client that its connection was reset, and take the
    answer from it (RFC 9112, 9.6).
    """

    def __init__(
        self,
        transport: asyncio.Transport,
        is_coming_in: Callable[[], bool],
        on_unread: Callable[[], None],
        seconds: float,
    ) -> None:
        self.lingers = False
        self.seconds = seconds
        self._transport = transport
        self._is_coming_in = is_coming_in  # tells whether there is more of a request to come
        self._on_unread = on_unread  # is called where there is more to send when the connection is closed
        self._head = b""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send, unless it is the head of an answer."""
        if not self._head and data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 1"):
            self._head = data
        else:
            head, self._head = self._head, b""
            self._transport.write(head + data)

    def flush(self) -> None:
        """Send what is held back."""
        if self._head:
            self.write(b"")

    def is_closing(self) -> bool:
        """Tell whether nothing more can be sent."""
        return self.lingers or self._transport.is_closing()

    def close(self) -> None:
        """Send what is held back, and close; at once where all has come in, else when the client does."""
        if self.is_closing() or not self._is_coming_in():
            self.end()
        else:
            self.linger()

    def linger(self) -> None:
        """Send what is held back, and that it was the last; close when the client does."""
        self.flush()
        self.lingers = True
        self._transport.write_eof()
        asyncio.get_running_loop().call_later(self.seconds, self.end)

    def end(self) -> None:
        """Send what is held back, and close, whatever may come in."""
        self.flush()
        if not self._transport.is_closing() and self._transport.get_write_buffer_size():
            self._on_unread()
        self._transport.close()
