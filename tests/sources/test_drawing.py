from __future__ import annotations

import numpy as np

from convlab.document.drawing import Drawing, of_pixels
from convlab.sources.drawing import DrawingSource


def test_it_gives_each_drawing_once() -> None:
    source = DrawingSource()
    first = source.read()
    assert first is not None
    assert np.array_equal(first.pixels, Drawing().array())
    assert source.read() is None
    source.set_drawing(of_pixels(np.full((3, 4), 10.0), white=10.0))
    second = source.read()
    assert second is not None
    assert (second.index, second.white) == (1, 10.0)
    assert second.pixels.tolist() == [[10.0] * 4] * 3
    assert not second.pixels.flags.writeable
    assert source.read() is None
    source.close()
