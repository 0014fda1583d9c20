"""Changed copies of a batch."""

import torch

from training.augment import Augmentation

NONE = Augmentation(turn=0, shear=0, scale=0, shift=0, bend=0, width=0)


def blob() -> torch.Tensor:  # (64, 1, 28, 28)
    batch = torch.zeros(64, 1, 28, 28)
    batch[:, :, 10:18, 12:16] = 1
    return batch


def test_no_amount_no_change() -> None:
    """With every amount at nought a frame stays itself."""
    torch.testing.assert_close(blob(), NONE(blob(), torch.Generator().manual_seed(0)), atol=1e-4, rtol=0)


def test_changes_each_frame_its_own_way() -> None:
    """Frames stay in 0 … 1 and keep about their ink, yet no two are alike; the seed decides how."""
    changed = Augmentation()(blob(), torch.Generator().manual_seed(0))
    assert 0 <= float(changed.min()) <= float(changed.max()) <= 1
    assert 64 == len({frame.numpy().tobytes() for frame in changed})
    assert 0.7 < float(changed.sum() / blob().sum()) < 1.4
    torch.testing.assert_close(changed, Augmentation()(blob(), torch.Generator().manual_seed(0)))


def test_shift() -> None:
    """A shift moves the centre of mass by about as many pixels as stated."""
    changed = Augmentation(0, 0, 0, 2.0, 0, width=0)(blob(), torch.Generator().manual_seed(0))[:, 0]
    columns = (changed.sum(dim=1) @ torch.arange(28.0)) / changed.sum(dim=(1, 2))  # (64,)
    assert 1.5 < float(columns.std()) < 2.6


def test_width() -> None:
    """Width alone makes some strokes thinner and some thicker, in place."""
    changed = Augmentation(0, 0, 0, 0, 0, width=0.8)(blob(), torch.Generator().manual_seed(0))
    ink = changed.sum(dim=(1, 2, 3))
    assert float(ink.min()) < 32 * 0.8
    assert float(ink.max()) > 32 * 1.2
