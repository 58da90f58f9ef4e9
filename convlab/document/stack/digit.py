"""A digit cut out of a picture as those were that the bundled network has learned from.

The handwritten digits of the UCI repository were made so: a bitmap of 32 × 32 that the digit fills,
divided into blocks of 4 × 4 whose black pixels were counted, which gives 8 × 8 numbers from 0 to 16
(E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
1998; C. Kaynak, Methods of Combining Multiple Classifiers and Their Applications to Handwritten
Digit Recognition, MSc thesis, Bogazici University, 1995). A network that has seen only such digits
knows no others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convlab.engine.arrays import ByteArray, FloatArray
from convlab.engine.cv import cv2

BOX = 32
"""Side of the box that a digit fills [px]."""

LARGEST_DRAWING = 64
"""In a picture of up to so many pixels a side all ink is the digit: it was painted [px]."""

_LARGEST_SIDE = 256  # a larger picture is made smaller first: its noise is averaged away [px]
_LEAST_INK = 0.12  # what differs less from the paper is noise or shadow, 0 to 1
_CLOSED = 48  # gaps in a stroke of up to one in so many pixels of the picture are closed
_LEAST_PIXELS = 2  # a digit has more
_INK = 312  # pixels of the box that are black in the digits learned from, whichever digit it is
_REACH = 3.0  # a pen's line is made thicker or thinner on each side by no more [px of the box]


def cut_digit(picture: FloatArray, size: tuple[int, int]) -> FloatArray:
    """Return the ink of a picture, scaled to fill the height of a box and averaged in blocks.

    The median of the picture's border is the paper; ink is what differs from it, lighter or darker,
    by more than Otsu's threshold. A digit that is wider than high fills the width instead.

    Args:
        picture: ``(H, W)``, 0 to 1.
        size: (rows, columns) of the result; 8 × 8 are blocks of 4 × 4 [px].

    Returns:
        float32 of that size, 0 (paper) to 1 (ink); all zeros if there is no ink.
    """
    ink = _ink(_smaller(picture))
    mask = _strokes(ink)
    box = np.zeros((BOX, BOX), np.float32)
    if np.count_nonzero(mask) >= _LEAST_PIXELS:
        ink = np.where(mask > 0, ink, np.float32(0))
        box = _of_usual_pen(_filling(ink, cv2.boundingRect(mask)))
    rows, columns = size
    how = cv2.INTER_AREA if max(size) <= BOX else cv2.INTER_NEAREST_EXACT
    return np.asarray(cv2.resize(box, (columns, rows), interpolation=how), np.float32)


def _smaller(picture: FloatArray) -> FloatArray:
    longest = max(picture.shape)
    if longest <= _LARGEST_SIDE:
        return picture
    rows, columns = (max(round(side * _LARGEST_SIDE / longest), 1) for side in picture.shape)
    small = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def _ink(picture: FloatArray) -> FloatArray:
    """Return by how much each pixel differs from the paper."""
    border = np.concatenate([picture[0], picture[-1], picture[1:-1, 0], picture[1:-1, -1]])
    ink = np.abs(picture - np.median(border))
    if max(picture.shape) > LARGEST_DRAWING:  # a camera's noise is no ink
        ink = cv2.GaussianBlur(ink, (3, 3), 0)
    return np.asarray(ink, np.float32)


def _strokes(ink: FloatArray) -> ByteArray:
    """Return where the digit's ink is: 255 there, 0 elsewhere."""
    steps = np.rint(np.clip(ink, 0.0, 1.0) * 255).astype(np.uint8)
    found = cv2.threshold(steps, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]
    mask = np.asarray(found, np.uint8)
    if not mask.any() or steps[mask > 0].mean() < 255 * _LEAST_INK:
        return np.zeros_like(steps)
    return mask & _largest_blob(mask) if max(ink.shape) > LARGEST_DRAWING else mask


def _largest_blob(mask: ByteArray) -> ByteArray:
    """Return the largest connected part, one that lies inside the picture before all others.

    What touches the edge is rather the end of the paper or a shadow.
    """
    reach = max(mask.shape) // _CLOSED + 1
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    if count < 2:
        return mask
    left, top, width, height, area = boxes[1:].T
    inside = (left > 0) & (top > 0)
    inside &= (left + width < mask.shape[1]) & (top + height < mask.shape[0])
    best = 1 + int(np.lexsort((area, inside))[-1])
    return np.where(labels == best, np.uint8(255), np.uint8(0))


def _filling(ink: FloatArray, found: Sequence[int]) -> ByteArray:
    """Return the part of the picture with the digit, scaled into the middle of the box: 0 or 1."""
    left, top, width, height = found
    part = np.ascontiguousarray(ink[top : top + height, left : left + width])
    factor = BOX / max(height, width)
    rows, columns = max(round(height * factor), 1), max(round(width * factor), 1)
    how = cv2.INTER_AREA if factor < 1.0 else cv2.INTER_LINEAR
    scaled = cv2.resize(part / np.median(part[part > 0]), (columns, rows), interpolation=how)
    first, start = (BOX - rows) // 2, (BOX - columns) // 2
    box = np.zeros((BOX, BOX), np.uint8)
    box[first : first + rows, start : start + columns] = scaled >= 0.5
    return box


def _of_usual_pen(box: ByteArray) -> FloatArray:
    """Return the digit in lines as thick as those of the digits learned from.

    Those have the same amount of ink, whichever digit it is; so as many pixels are black as lie
    nearest to the middle of the lines, as far as that can be called the same digit.
    """
    outside, inside = (
        cv2.distanceTransform(part, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) for part in (1 - box, box)
    )
    distance = outside - inside  # from the edge of the lines, below zero in the ink
    reach = float(np.partition(distance.ravel(), _INK)[_INK])
    return np.asarray(distance <= np.clip(reach, -_REACH, _REACH), np.float32)
