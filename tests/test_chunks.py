"""The chunks of a PNG."""

import zlib

import numpy as np
import pytest

from app.recognition import chunks, png
from tests.pictures import END, chunk, header, idat

UP = np.pad(
    np.full((9, 9), 3, np.uint8), ((0, 0), (1, 0)), constant_values=2
).tobytes()  # as differences to those above
COLOURS = np.pad(np.arange(81, dtype=np.uint8).reshape(9, 9) % 4, ((0, 0), (1, 0))).tobytes()
PALETTE = chunk(b"PLTE", bytes(range(12)))


@pytest.mark.parametrize("interlace", [0, 1])
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (9, 17)])
def test_rows_are_counted(interlace: int, size: tuple[int, int]) -> None:
    """Pictures with every row there pass, interlaced or not, in each kind of pixel."""
    width, height = size
    for colour, bits in ((0, 1), (0, 8), (0, 16), (2, 8), (4, 8), (6, 8), (6, 16)):
        rows = b"\0" * chunks.unpacked_size(chunks.Header(width, height, bits, colour, interlace))
        data = header(width, height, bits=bits, colour=colour, interlace=interlace) + idat(rows) + END
        assert (height, width) == png.read(data).shape[:2]


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        pytest.param(header(9, 9) + idat(UP + b"more"), header(9, 9) + idat(UP), id="more rows than there are"),
        pytest.param(
            header(9, 9) + chunk(b"IDAT", zlib.compress(UP) + b"more"), header(9, 9) + idat(UP), id="more than rows"
        ),
        pytest.param(header(9, 9) + PALETTE + idat(UP), header(9, 9) + idat(UP), id="palette of grey"),
        pytest.param(
            header(9, 9, colour=3) + chunk(b"tRNS", b"\0") + PALETTE + idat(COLOURS),
            header(9, 9, colour=3) + PALETTE + chunk(b"tRNS", b"\0") + idat(COLOURS),
            id="transparency before its palette",
        ),
        pytest.param(
            header(9, 9, colour=3) + PALETTE + chunk(b"tRNS", bytes(9)) + idat(COLOURS),
            header(9, 9, colour=3) + PALETTE + idat(COLOURS),
            id="more transparency than colours",
        ),
        pytest.param(header(9, 9) + chunk(b"tRNS", b"abc") + idat(UP), header(9, 9) + idat(UP), id="odd transparency"),
        pytest.param(
            header(9, 9) + chunk(b"tRNS", b"\7\3") + idat(UP),
            header(9, 9) + chunk(b"tRNS", b"\0\3") + idat(UP),
            id="transparency of more bits than there are",
        ),
    ],
)
@pytest.mark.parametrize("end", [END, chunk(b"IEND", b"more")])
def test_oddities(odd: bytes, plain: bytes, end: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    """What is odd and harmless is as if it were not there, and libpng does not get to see it: it would say so."""
    np.testing.assert_array_equal(png.read(plain + END), png.read(odd + end))
    assert ("", "") == capfd.readouterr()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(header(9, 9) + idat(UP)[:-12] + END, id="cut"),
        pytest.param(
            header(9, 9)
            + chunk(b"IDAT", zlib.compress(UP)[:9])
            + PALETTE
            + chunk(b"IDAT", zlib.compress(UP)[9:])
            + END,
            id="rows in two places",
        ),
        pytest.param(header(9, 9) + PALETTE + PALETTE + idat(UP) + END, id="two palettes"),
        pytest.param(
            header(9, 9, interlace=1)
            + idat(bytes(chunks.unpacked_size(chunks.Header(9, 9, 8, 0, 1)) - 10) + b"\5" * 10)
            + END,
            id="no such filter in the last pass",
        ),
    ],
)
def test_what_is_refused(data: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    """What cannot be read is refused before libpng is asked."""
    with pytest.raises(png.BrokenPng, match="corrupt"):
        png.read(data)
    assert ("", "") == capfd.readouterr()


def test_rows_without_end() -> None:
    """A few bytes more than the picture has are passed over; more are a bomb, whatever its header says."""
    png.read(header(9, 9) + idat(UP + bytes(chunks.MAX_SURPLUS)) + END)
    with pytest.raises(png.TooLarge, match="unpack to more"):
        png.read(header(9, 9) + idat(UP + bytes(chunks.MAX_SURPLUS + 1)) + END)
