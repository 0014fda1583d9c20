"""Files of models/: verified on reading, atomic on writing."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from app.recognition import weights
from app.recognition.classifier import UNSURE_BELOW
from app.recognition.networks import NETWORKS, DigitClassifier


@pytest.fixture
def network() -> DigitClassifier:
    torch.manual_seed(3)
    return NETWORKS["ff"]()


@pytest.fixture
def folder(tmp_path: Path, network: DigitClassifier) -> Path:
    """A folder with an untrained network in it."""
    state = network.state_dict()
    history = weights.History((0, 50), {key: torch.stack([value, value]) for key, value in state.items()})
    weights.write(tmp_path, "ff", network, {"name": "ff"}, history)
    return tmp_path


def test_round_trip(folder: Path, network: DigitClassifier) -> None:
    """What was written is read back, with its facts, version and history."""
    trained = weights.read(folder, "ff")
    batch = torch.rand(2, 1, 28, 28)
    torch.testing.assert_close(network(batch), trained.network(batch))
    assert trained.facts["sha256"][:12] == trained.version
    history = weights.read_history(folder, "ff")
    assert (0, 50) == history.images
    torch.testing.assert_close(network.state_dict()["layers.1.weight"], history.state(1)["layers.1.weight"])
    assert ["ff.history.safetensors", "ff.json", "ff.safetensors"] == sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("moment", [-1, 2])
def test_unknown_moment(folder: Path, moment: int) -> None:
    """Asking for a moment that is not there says which there are."""
    with pytest.raises(IndexError, match="0 … 1"):
        weights.read_history(folder, "ff").state(moment)


@pytest.mark.parametrize("name", ["ff.safetensors", "ff.json", "ff.history.safetensors"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "flipped"])
def test_damage_is_seen(folder: Path, name: str, damage: str) -> None:
    """A missing, empty, cut or altered file is refused by a message that names it."""
    path = folder / name
    data = path.read_bytes()
    path.unlink()
    if damage != "missing":
        flipped = bytes([data[0] ^ 255]) + data[1:]
        path.write_bytes({"empty": b"", "cut": data[: len(data) // 2], "flipped": flipped}[damage])
    with pytest.raises(weights.WeightsError, match=name.split(".")[0]):
        weights.read_history(folder, "ff") if "history" in name else weights.read(folder, "ff")


def test_other_layers(folder: Path) -> None:
    """The weights of another network are refused, also when their digest is right."""
    with pytest.raises(weights.WeightsError, match="ff"):
        weights.read_bare(folder / "ff.safetensors", "cnn")


def test_not_finite(tmp_path: Path, network: DigitClassifier) -> None:
    """Weights that hold a NaN are refused."""
    state = network.state_dict()
    state["layers.1.bias"][0] = float("nan")
    save_file(state, tmp_path / "nan.safetensors")
    with pytest.raises(weights.WeightsError, match="finite"):
        weights.read_bare(tmp_path / "nan.safetensors", "ff")


@pytest.mark.parametrize("threshold", [None, "0.5", True, float("nan"), -0.1, 1.1])
def test_threshold_is_a_share(folder: Path, threshold: object) -> None:
    """A threshold that is no number from 0 to 1, with which every or no picture would be a digit, is refused."""
    facts = weights.read_facts(folder, "ff")
    assert UNSURE_BELOW == weights.read(folder, "ff").unsure_below
    (folder / "ff.json").write_text(json.dumps(facts | {"unsure_below": 0.25}))
    assert 0.25 == weights.read(folder, "ff").unsure_below
    (folder / "ff.json").write_text(json.dumps(facts | {"unsure_below": threshold}))
    with pytest.raises(weights.WeightsError, match=r"ff\.json: unsure_below"):
        assert not weights.read(folder, "ff").unsure_below


@pytest.mark.parametrize("images", [[5, 9], [0, 0], [0, -3], [0.0, float("nan")], [0.0, 50.0], [False, True]])
def test_moments_rise(folder: Path, images: list[float]) -> None:
    """A history whose moments are no whole numbers of images, from 0 on and one after the other, is refused."""
    path = folder / "ff.history.safetensors"
    save_file(load_file(path) | {weights.MOMENTS: torch.tensor(images)}, path)
    with pytest.raises(weights.WeightsError, match=r"ff\.history.*moments"):
        weights.read_history(folder, "ff")


def test_no_moments(folder: Path) -> None:
    """A history without any moment is refused."""
    path = folder / "ff.history.safetensors"
    save_file({key: value[:0].clone() for key, value in load_file(path).items()}, path)
    with pytest.raises(weights.WeightsError, match=r"ff\.history.*moments"):
        weights.read_history(folder, "ff")


def test_diverged(folder: Path, network: DigitClassifier) -> None:
    """Weights that are no numbers, and facts that JSON has no word for, are not written: the earlier files stay."""
    history = weights.read_history(folder, "ff")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(ValueError, match="JSON"):
        weights.write(folder, "ff", network, {"cost": float("nan")}, history)
    with torch.no_grad():
        network.get_parameter("layers.1.bias")[0] = float("nan")
    with pytest.raises(FloatingPointError, match="diverged"):
        weights.write(folder, "ff", network, {}, history)
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("kind", ["no images", "one number", "two rows", "too few", "uneven", "not finite"])
def test_history_fits(folder: Path, kind: str) -> None:
    """A history whose moments cannot be told apart, or hold a NaN, is refused."""
    path = folder / "ff.history.safetensors"
    states = load_file(path)
    images = states.pop(weights.MOMENTS)
    others = {"no images": None, "one number": images[0], "two rows": images[None], "too few": images[:1]}
    if kind == "not finite":
        states["layers.3.bias"][1, 2] = float("nan")
    if kind == "uneven":
        states["layers.3.bias"] = states["layers.3.bias"][:1].clone()
    said = others.get(kind, images)
    save_file(states | ({} if said is None else {weights.MOMENTS: said.clone()}), path)
    with pytest.raises(weights.WeightsError, match="ff"):
        weights.read_history(folder, "ff")


def test_facts_must_be_an_object(folder: Path) -> None:
    """A facts file that holds something else than an object is refused."""
    (folder / "ff.json").write_text(json.dumps([1]))
    with pytest.raises(weights.WeightsError, match="object"):
        weights.read_facts(folder, "ff")


def test_all_or_nothing(folder: Path) -> None:
    """Where one file cannot be written, none is replaced and nothing is left behind."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "blocked").write_text("a file, not a folder")
    with pytest.raises(OSError, match="blocked"):
        weights.replace({folder / "ff.json": b"new", folder / "blocked" / "x": b"new"})
    (folder / "blocked").unlink()
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}


def test_half_replaced(folder: Path, network: DigitClassifier) -> None:
    """Where a file cannot be moved into its place after another was, the error says which are new and which are not."""
    history = weights.read_history(folder, "ff")
    (folder / "ff.json").unlink()
    (folder / "ff.json").mkdir()
    with pytest.raises(
        weights.WeightsError, match=r"ff.json cannot .* ff.history.safetensors and ff.safetensors alread"
    ):
        weights.write(folder, "ff", network, {}, history)
    assert [] == list(folder.glob(".*"))
