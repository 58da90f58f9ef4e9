"""Small grey pictures of circles, squares, triangles and crosses, drawn at random.

Each has its own place, size, angle, contrast and noise, so no two are alike, and no single pixel
tells the class.
"""

from __future__ import annotations

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.shapes import check_whole
from convlab.learn.losses import Labels

NAMES = ("circle", "square", "triangle", "cross")
SIDE = 16  # px
RADII = 4.5, 7.0  # of the circle around the shape [px]
TILT = 0.25  # either way [radians]: a square on its corner would be half a circle
BACKGROUNDS = 0.0, 0.3  # grey, 0 black to 1 white
CONTRASTS = 0.4, 0.7  # between the shape and the background
NOISE = 0.08  # standard deviation
_FINE = 3  # each pixel is the mean of so many times so many points
_TOGETHER = 256  # pictures drawn at a time


def draw_shapes(count: int, seed: int = 0) -> tuple[FloatArray, Labels]:
    """Draw shapes, as many of each class as of any other.

    Args:
        count: How many pictures.
        seed: The same gives the same pictures, bit for bit.

    Returns:
        ``(count, 1, 16, 16)`` float32 from 0 to 1, and ``(count,)`` int64, indices of NAMES.

    Raises:
        ValueError: If the count is below 1 or the seed below 0.
    """
    check_whole("count", count, 1)
    check_whole("seed", seed, 0)
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % len(NAMES)).astype(np.int64)
    drawn = [_draw(labels[first : first + _TOGETHER], rng) for first in range(0, count, _TOGETHER)]
    return np.concatenate(drawn)[:, np.newaxis], labels


def _draw(labels: Labels, rng: np.random.Generator) -> FloatArray:
    """Return a picture for each label, ``(n, 16, 16)``."""
    count = len(labels)
    radius = rng.uniform(*RADII, count)
    room = SIDE / 2 - radius  # that the middle may be off, so that the shape stays inside
    middle = SIDE / 2 + rng.uniform(-1, 1, (2, count)) * room
    covered = _coverage(labels, middle, radius, rng.uniform(-TILT, TILT, count))
    background = rng.uniform(*BACKGROUNDS, (count, 1, 1))
    contrast = rng.uniform(*CONTRASTS, (count, 1, 1))
    noise = NOISE * rng.standard_normal(covered.shape)
    return np.clip(background + contrast * covered + noise, 0, 1).astype(np.float32)


def _coverage(labels: Labels, middle: AnyArray, radius: AnyArray, angle: AnyArray) -> AnyArray:
    """Return which share of each pixel lies inside the shape, ``(n, 16, 16)``."""
    points = (np.arange(SIDE * _FINE) + 0.5) / _FINE
    radius, angle = radius[:, np.newaxis, np.newaxis], angle[:, np.newaxis, np.newaxis]
    down = (points[:, np.newaxis] - middle[0][:, np.newaxis, np.newaxis]) / radius
    right = (points[np.newaxis] - middle[1][:, np.newaxis, np.newaxis]) / radius
    u = np.cos(angle) * right + np.sin(angle) * down
    v = np.cos(angle) * down - np.sin(angle) * right
    inside = np.zeros(u.shape, np.bool_)
    for label, shape in enumerate((_circle, _square, _triangle, _cross)):
        is_it = labels == label
        inside[is_it] = shape(u[is_it], v[is_it])
    blocks = inside.reshape(len(labels), SIDE, _FINE, SIDE, _FINE)
    return np.asarray(blocks.mean(axis=(2, 4)))


# Each tells which points (u, v) are inside; the circle around the shape has the radius 1.


def _circle(u: AnyArray, v: AnyArray) -> AnyArray:
    return np.asarray(u**2 + v**2 <= 0.9**2)


def _square(u: AnyArray, v: AnyArray) -> AnyArray:
    return np.asarray(np.maximum(np.abs(u), np.abs(v)) <= np.sqrt(0.5))


def _triangle(u: AnyArray, v: AnyArray) -> AnyArray:
    lean = np.sqrt(0.75) * u
    return np.asarray(np.maximum(np.maximum(v, lean - 0.5 * v), -lean - 0.5 * v) <= 0.5)


def _cross(u: AnyArray, v: AnyArray) -> AnyArray:
    narrow, wide = np.minimum(np.abs(u), np.abs(v)), np.maximum(np.abs(u), np.abs(v))
    return np.asarray((narrow <= 0.28) & (wide <= 0.95))
