"""The chunks of a PNG: checked, and brought down to those that make up its picture.

What a decoder would pass over is checked: checksums, missing rows, what text chunks unpack to. zlib-ng unpacks a
drawing's rows 25 times as fast as zlib, so that checking them costs next to nothing.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np
from zlib_ng import zlib_ng

if TYPE_CHECKING:
    from collections.abc import Iterator

UnpackingError: Final = cast("type[Exception]", zlib_ng.error)  # whose own annotation calls it an instance

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of a pixel, by the PNG's colour type
DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}  # bits, by colour type
GREY: Final = 0  # colour type
RGB: Final = 2  # colour type
PALETTE: Final = 3  # colour type
FILTERS: Final = 4  # the highest number of a row's filter
PICTURE: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")  # the chunks that make up the pixels, in their order
TEXT: Final = (b"zTXt", b"iTXt", b"iCCP")  # the chunks whose data may be packed, which makes them bombs
MAX_TEXT: Final = 1 << 20  # bytes, what all of them may unpack to
MAX_SURPLUS: Final = 1 << 16  # bytes, what the rows may unpack to beyond those that the picture has
WHOLE: Final = ((0, 0, 1, 1),)  # px: left, top, step to the right, step down of the only pass
ADAM7: Final = (  # px, likewise, of each pass of an interlaced picture (PNG specification, 8.2)
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


class PngError(ValueError):
    """The bytes cannot be used as a picture; the message says why and what to do."""


class NotPng(PngError):
    """The bytes are no PNG at all."""


class BrokenPng(PngError):
    """The bytes begin like a PNG but cannot be decoded."""


class TooLarge(PngError):
    """The picture has more pixels, or unpacks to more data, than allowed."""


class Header(NamedTuple):
    """The IHDR chunk (PNG specification, 11.2.1)."""

    width: int  # px
    height: int  # px
    bits: int  # of a sample
    colour: int  # colour type
    interlace: int  # 0, or 1 for Adam7


class Parts(NamedTuple):
    """What makes up the picture; empty what it has none of."""

    palette: bytes  # of PLTE
    transparency: bytes  # of tRNS
    rows: bytes  # unpacked, each with its filter's byte before it
    packed: bytes  # the same, packed


def read_header(png: bytes) -> Header:
    """Return what a PNG says of itself; raises BrokenPng where that makes no sense."""
    if png[8:16] != b"\0\0\0\rIHDR" or len(png) < 33:
        raise BrokenPng("The PNG is truncated or corrupt: it has no header.")
    width, height, bits, colour, compression, filtering, interlace = struct.unpack_from(">IIBBBBB", png, 16)
    if bits not in DEPTHS.get(colour, ()) or interlace > 1 or compression or filtering:
        raise BrokenPng("The PNG is corrupt: its header names a kind of pixel or packing that does not exist.")
    return Header(width, height, bits, colour, interlace)


def read_parts(png: bytes, header: Header) -> Parts:
    """Return what makes up the picture; checks all that is in the PNG, and raises BrokenPng or TooLarge."""
    found: dict[bytes, list[bytes]] = {kind: [] for kind in PICTURE}
    room, before = MAX_TEXT, b""
    for kind, data in _chunks(png):
        if kind in found:
            if found[kind] and not kind == before == b"IDAT":
                raise BrokenPng(f"The PNG is corrupt: it has a second chunk {kind.decode()}.")
            found[kind].append(data)
        elif kind in TEXT:
            room -= _text_size(kind, data, room)
        before = kind
    if not found[b"IEND"]:
        raise BrokenPng("The PNG is truncated: its end is missing.")
    palette, transparency, packed = (b"".join(found[kind]) for kind in PICTURE[1:4])
    if len(palette) % 3 or (header.colour == PALETTE and not 0 < len(palette) <= 3 << header.bits):
        raise BrokenPng("The PNG is corrupt: its palette is missing or does not fit.")
    return Parts(palette, _transparency(transparency, header, len(palette) // 3), *_unpack(packed, header))


def _transparency(data: bytes, header: Header, colours: int) -> bytes:
    """Return a tRNS chunk's data, its unused bits 0; where it does not fit the picture, nothing, as it is ignored."""
    if not data or header.colour == PALETTE:
        return data if len(data) <= colours else b""
    if len(data) != {GREY: 2, RGB: 6}.get(header.colour):
        return b""
    samples = np.frombuffer(data, ">u2") & ((1 << header.bits) - 1)
    return samples.astype(">u2").tobytes()


def alone(png: bytes, header: Header, parts: Parts) -> bytes:
    """Return a PNG of the picture and nothing else."""
    palette = parts.palette if header.colour == PALETTE else b""
    filled = zip(PICTURE[:-1], (png[16:29], palette, parts.transparency, parts.packed), strict=True)
    kept = [_chunk(kind, data) for kind, data in filled if data]
    return b"".join([SIGNATURE, *kept, _chunk(b"IEND", b"")])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return b"".join([len(data).to_bytes(4), kind, data, zlib_ng.crc32(data, zlib_ng.crc32(kind)).to_bytes(4)])


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and data of each chunk up to IEND; what follows that is none of the picture."""
    position, kind = len(SIGNATURE), b""
    while position + 12 <= len(png) and kind != b"IEND":
        end = position + 12 + int.from_bytes(png[position : position + 4])
        chunk = png[position:end]
        kind = chunk[4:8]
        if len(chunk) < end - position or zlib_ng.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
            raise BrokenPng(f"The PNG is truncated or corrupt: wrong checksum at byte {position}.")
        yield kind, chunk[8:-4]
        position = end


def _unpack(packed: bytes, header: Header) -> tuple[bytes, bytes]:
    """Return the rows unpacked, as far as the picture needs them, and packed; checks that they are all there."""
    expected = unpacked_size(header)
    try:
        unpacker = zlib_ng.decompressobj()
        rows = unpacker.decompress(packed, expected + MAX_SURPLUS + 1)
    except UnpackingError as error:
        raise BrokenPng("The PNG is corrupt: its rows cannot be unpacked.") from error
    if len(rows) < expected:
        raise BrokenPng(f"The PNG is truncated: {len(rows):,} of {expected:,} bytes of pixels are there.")
    if len(rows) > expected + MAX_SURPLUS:
        raise TooLarge(f"The PNG's pixels unpack to more than the {expected:,} bytes that a picture of its size has.")
    if len(rows) == expected and not unpacker.eof:
        raise BrokenPng("The PNG is truncated: the end of its pixels, with their checksum, is missing.")
    if len(rows) > expected or unpacker.unused_data:
        rows = rows[:expected]
        packed = zlib_ng.compress(rows, 0)
    start = 0
    for count, size in _passes(header):
        if max(rows[start : start + count * size : size]) > FILTERS:
            raise BrokenPng("The PNG is corrupt: a row names a filter that does not exist.")
        start += count * size
    return rows, packed


def unpacked_size(header: Header) -> int:
    """Return how many bytes the rows take, each with its filter's byte."""
    return sum(count * size for count, size in _passes(header))


def _passes(header: Header) -> list[tuple[int, int]]:
    """Return how many rows each pass has, and how many bytes each of them takes, with its filter's."""
    pixel = header.bits * SAMPLES[header.colour]  # bits
    grid = ADAM7 if header.interlace else WHOLE
    sizes = [(-(-(header.width - left) // right), -(-(header.height - top) // down)) for left, top, right, down in grid]
    return [(rows, 1 + (columns * pixel + 7) // 8) for columns, rows in sizes if columns > 0 and rows > 0]


def _text_size(kind: bytes, data: bytes, room: int) -> int:
    """Return how many bytes a chunk of text unpacks to; 0 where it is none that can be, as nobody will read it."""
    # Behind the keyword: 1 byte of method; in iTXt 2 of method, then language and translation.
    packed = data.partition(b"\0")[2]
    packed = packed[1:] if kind != b"iTXt" else packed[2:].partition(b"\0")[2].partition(b"\0")[2]
    try:
        size = len(zlib_ng.decompressobj().decompress(packed, room + 1))
    except UnpackingError:
        return 0
    if size > room:
        raise TooLarge(f"The PNG's text unpacks to more than {MAX_TEXT:,} bytes. Leave it out.")
    return size
