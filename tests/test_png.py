"""PNG bytes <-> pixels."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from app.recognition import png
from tests.pictures import END, chunk, header, idat


def test_write_and_read() -> None:
    """Grey and colour pixels come back as they were; 16 bits of grey come back as their upper 8."""
    levels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    np.testing.assert_array_equal(levels, png.read(png.write(levels)))
    np.testing.assert_array_equal(levels[..., 0], png.read(png.write(levels[..., 0].copy())))
    buffer = io.BytesIO()
    Image.fromarray(levels[..., 0].astype(np.uint16) * 257).save(buffer, format="PNG")
    np.testing.assert_array_equal(levels[..., 0], png.read(buffer.getvalue()))


ROWS = idat(b"\0" * 90)  # nine rows of nine pixels
SOME_TEXT = chunk(b"zTXt", b"k\0\0" + zlib.compress(b"x" * 1_000_000))
BOMB = chunk(b"zTXt", b"k\0\0" + zlib.compress(b"x" * 80_000_000))
BOMB_OF_WORDS = b"k\0\1\0en\0k\0" + zlib.compress(b"x" * 80_000_000)
GOOD = png.write(np.arange(10_000, dtype=np.uint8).reshape(100, 100))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"", png.NotPng, id="nothing"),
        pytest.param(b"GIF89a...", png.NotPng, id="gif"),
        pytest.param(GOOD[:8], png.BrokenPng, id="signature only"),
        pytest.param(GOOD[: len(GOOD) // 2], png.BrokenPng, id="truncated"),
        pytest.param(GOOD[:45] + b"XXXX" + GOOD[49:], png.BrokenPng, id="bad crc"),
        pytest.param(header(9, 9) + ROWS[:-1] + b"\0", png.BrokenPng, id="bad crc of image data"),
        pytest.param(header(9, 10) + ROWS + END, png.BrokenPng, id="a row is missing"),
        pytest.param(GOOD[:-12], png.BrokenPng, id="no end"),
        pytest.param(GOOD[:-3], png.BrokenPng, id="cut within the end"),
        pytest.param(header(9, 9, colour=3) + ROWS + END, png.BrokenPng, id="no palette"),
        pytest.param(header(9, 9, colour=1) + ROWS + END, png.BrokenPng, id="unknown colour type"),
        pytest.param(header(9, 9) + b"".join([SOME_TEXT] * 100) + ROWS + END, png.TooLarge, id="bombs of text"),
        pytest.param(header(0, 0) + END, png.BrokenPng, id="0x0"),
        pytest.param(header(9, 9) + END, png.BrokenPng, id="no image data"),
        pytest.param(header(9, 9) + header(9, 9)[8:] + ROWS + END, png.BrokenPng, id="two headers"),
        pytest.param(header(9, 9) + idat(b"\7" * 90) + END, png.BrokenPng, id="no such filter"),
        pytest.param(
            header(9, 9) + chunk(b"IDAT", zlib.compress(b"\0" * 90)[:-4]) + END, png.BrokenPng, id="no checksum of rows"
        ),
        pytest.param(header(9, 9) + chunk(b"iTXt", BOMB_OF_WORDS) + ROWS + END, png.TooLarge, id="bomb of words"),
        pytest.param(header(60_000, 60_000), png.TooLarge, id="bomb of pixels"),
        pytest.param(header(5000, 1) + idat(b"\0" * 5001), png.TooLarge, id="long side"),
        pytest.param(header(9, 9) + BOMB + ROWS + END, png.TooLarge, id="bomb of text"),
    ],
)
def test_bad_pngs(data: bytes, error: type[Exception]) -> None:
    """Whatever is wrong with a PNG has its own kind of error, and a message."""
    with pytest.raises(error, match=r"\w+"):
        png.read(data)


@pytest.mark.parametrize("more", [b"\0", b"\n" * 20])
def test_what_follows_the_end_is_ignored(more: bytes) -> None:
    """Bytes behind the end of a PNG change nothing, as in browsers."""
    np.testing.assert_array_equal(png.read(GOOD), png.read(GOOD + more))


@pytest.mark.parametrize("colour", [b"", b"\0\5"])
def test_rows_without_filters(colour: bytes) -> None:
    """Rows that no filter changed come back as they are, and with a transparent level as RGBA."""
    levels = np.arange(63, dtype=np.uint8).reshape(7, 9)
    rows = np.pad(levels, ((0, 0), (1, 0))).tobytes()
    transparent = chunk(b"tRNS", colour) if colour else b""
    found = png.read(header(9, 7) + transparent + idat(rows) + END)
    expected = np.dstack([levels, levels, levels, np.where(levels == 5, 0, 255)]) if colour else levels
    np.testing.assert_array_equal(expected, found)
    assert found.flags.c_contiguous
    assert found.flags.writeable
