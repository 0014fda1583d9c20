"""The options of `python -m training.train`: what they come to, and what cannot be used refused by name."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from training import options, train


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--device", "gpu"], "auto, cpu or cuda"),
        (["--device", "cuda:77"], "CUDA devices"),
        (["--output-dir", "/dev/null/x"], "cannot be written"),
        (["--strokes", "mine.jsonl"], "needs --best"),
        (["--strokes", "mine.jsonl", "--quick"], "needs --best"),
    ],
)
def test_bad_options(arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An option that cannot be used gives one line that says why, and status 2."""
    assert 2 == train.main(["--dataset", "mnist-5k", *arguments])
    captured = capsys.readouterr().err
    assert 1 == len(captured.splitlines())
    assert word in captured


@pytest.mark.parametrize(
    "arguments", [["--epochs", "0"], ["--network", "rnn"], ["--seed", "-1"], ["--threads", "9999"], ["--dataset", "x"]]
)
def test_unknown_options(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The parser's own refusals end with status 2 and name the option."""
    with pytest.raises(SystemExit, match="2"):
        train.main(arguments)
    assert arguments[0] in capsys.readouterr().err


def test_what_they_come_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both networks by the default recipe, unless another is named; drawings of one's own may be in several files."""
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path / "digits"))
    folder = ["--output-dir", str(tmp_path / "new")]
    plain = options.parse([*folder, "--device", "cpu"])
    assert (("ff", "cnn"), "default", None, ()) == (plain.networks, plain.recipe, plain.epochs, plain.strokes)
    assert (torch.device("cpu"), tmp_path / "digits", 0) == (plain.device, plain.data_dir, plain.seed)
    assert (tmp_path / "new").is_dir()  # where weights are to go is known to be there before anything is learnt
    files = ["--strokes", "a.jsonl", "--strokes", "b.jsonl"]
    best = options.parse([*folder, "--best", *files, "--network", "cnn", "--epochs", "3", "--data-dir", "elsewhere"])
    assert (("cnn",), "best", 3, Path("elsewhere")) == (best.networks, best.recipe, best.epochs, best.data_dir)
    assert (Path("a.jsonl"), Path("b.jsonl")) == best.strokes


@pytest.mark.parametrize(
    ("read", "text", "number"),
    [
        (options.positive, "1", 1),
        (options.positive, "0", None),
        (options.positive, "1.5", None),
        (options.natural, "0", 0),
        (options.natural, "2147483647", 2**31 - 1),
        (options.natural, "2147483648", None),
        (options.natural, "-1", None),
        (options.thread_count, "1", 1),
        (options.thread_count, "99999", None),
    ],
)
def test_numbers(read: Callable[[str], int], text: str, number: int | None) -> None:
    """Counts begin at 1, seeds at 0; seeds fit 31 bits, threads the machine; nothing else is read."""
    if number is None:
        with pytest.raises(argparse.ArgumentTypeError, match=text):
            read(text)
    else:
        assert number == read(text)
