"""The drawing that begins with a picture: as it is where it is small, else made smaller."""

from __future__ import annotations

import numpy as np

from convlab.document.drawing import LARGEST_SIDE, WHITES, Drawing, of_pixels
from convlab.document.frame import Frame
from convlab.engine.arrays import frozen
from convlab.engine.color import ColorSpace, split, to_unit
from convlab.engine.cv import cv2


def drawing_of(frame: Frame) -> Drawing:
    """Return the grey picture of a frame as a drawing of at most LARGEST_SIDE a side.

    Its values stay where the picture's white is one of WHITES; what is below black or above white
    is cut.

    Raises:
        ValueError: The picture is narrower than a drawing can be.
    """
    grey = to_unit(frozen(split(frame.pixels, ColorSpace.GREY)))[0]
    rows, columns = grey.shape
    factor = LARGEST_SIDE / max(rows, columns)
    if factor < 1.0:
        size = max(round(columns * factor), 1), max(round(rows * factor), 1)
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
    white = frame.white if frame.white in WHITES else WHITES[0]
    return of_pixels(np.clip(grey * np.float32(white / frame.white), 0.0, white), white)
