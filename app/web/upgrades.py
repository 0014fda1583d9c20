"""Requests to go on in another protocol: none is spoken, so they are answered as if they had not asked."""

from __future__ import annotations


def has_body(headers: list[tuple[bytes, bytes]]) -> bool:
    """Tell whether there is more to a request than its head."""
    return any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in headers)


def without_upgrade(data: bytes) -> bytes:
    """Give a head's `Upgrade` another name: no other protocol is spoken, and the parser would leave it the body.

    One that is not in the packet's first head, or not whole, stays: it is refused where there is a body.
    """
    end = data.find(b"\r\n\r\n")
    head = data[:end] if end >= 0 else data
    at = head.lower().find(b"\r\nupgrade:")  # https://github.com/MagicStack/httptools/issues/124
    return data if at < 0 else data[: at + 2] + b"x-" + data[at + 2 :]
