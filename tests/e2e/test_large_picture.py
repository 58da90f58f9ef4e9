"""A picture with many more pixels than the window: what is seen at fit, and what numbers say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.e2e.driver import Driver
from tests.pictures import save_png

LINES = range(1501, 2200, 97)  # columns [px]
AT = LINES[0]


@pytest.fixture
def line(tmp_path: Path) -> Path:
    """A grey picture of 3000x2000 with white lines of one pixel."""
    path = tmp_path / "line.png"
    pixels = np.full((2000, 3000, 3), 100, np.uint8)
    pixels[:, LINES] = 255
    save_png(path, pixels)
    return path


def test_a_line_of_one_pixel_is_seen_at_fit_and_its_numbers_are_exact(
    step: Driver, line: Path
) -> None:
    step.drop_file(line)
    step.until(lambda: step.shape == (2000, 3000, 3) and step.shown.is_complete)
    step.until(lambda: step.shown.output.scale.high < 10)  # the range has followed, from 40
    painted = step.shown.output

    assert painted.bgra.shape[1] < 1000, "no more than the window has room for"
    picture = step.output.grab().toImage()
    darkest = []
    for column in LINES:
        place = step.output.cell_center(1000, column) * picture.devicePixelRatio()
        near = range(round(place.x()) - 3, round(place.x()) + 4)
        colors = [picture.pixelColor(across, round(place.y())) for across in near]
        darkest.append(min(color.lightness() for color in colors))
    assert max(darkest) < 190, "of 247: no line is lost"
    step.point(step.output, 1000, AT - 1)
    step.until(lambda: len(step.shown.sums) == 1)
    edge = -4 * np.float32(155) / np.float32(255)
    assert step.result[1000, AT - 1] == pytest.approx(edge, rel=1e-5)
    assert painted.figures is not None
    assert painted.figures.stats.minimum == pytest.approx(edge, rel=1e-5)
    assert painted.figures.stats.maximum == pytest.approx(-edge, rel=1e-5)
