"""The contact sheet of misreadings."""

from pathlib import Path

import torch

from app.recognition import png
from app.recognition.networks import NETWORKS
from training import sheet
from training.data import Digits


def test_sheet(tmp_path: Path) -> None:
    """Only misreadings are on it, the most confident first, and each frame can be seen."""
    torch.manual_seed(0)
    network = NETWORKS["cnn"]().eval()
    frames = torch.randint(0, 255, (300, 28, 28), dtype=torch.uint8)
    answers = network(frames.unsqueeze(1) / 255).argmax(dim=1)
    labels = torch.where(torch.arange(300) < 200, (answers + 1) % 10, answers)
    with torch.inference_mode():
        found = sheet.misread(network, [Digits("noise", frames, labels)])
    assert sheet.WORST == len(found)
    assert all(one.label == (one.answer + 1) % 10 for one in found)
    assert sorted((one.confidence for one in found), reverse=True) == [one.confidence for one in found]
    sheet.write(tmp_path / "sheet.png", found)
    pixels = png.read((tmp_path / "sheet.png").read_bytes())
    assert (
        pixels[: 28 * sheet.LARGER : sheet.LARGER, : 28 * sheet.LARGER : sheet.LARGER].tolist()
        == found[0].frame.tolist()
    )


def test_nothing_misread(tmp_path: Path) -> None:
    """Without misreadings the sheet is empty."""
    sheet.write(tmp_path / "sheet.png", [])
    assert 0 == png.read((tmp_path / "sheet.png").read_bytes()).max()
