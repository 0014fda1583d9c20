"""What a report measures that nobody learnt from."""

from training import outsiders, sources
from training.sources import Source
from training.strokes import NOTHING


def test_outsiders() -> None:
    """Printed letters, shapes and scribbles for the report are no digits, and no two alike."""
    for maker in (outsiders.letter, outsiders.shape, outsiders.scribble):
        made = sources.make([Source("x", 40, maker)], 0)["x"]
        assert [NOTHING] * 40 == made.labels.tolist()
        assert 40 == len({frame.numpy().tobytes() for frame in made.frames})
