"""A rich 720p scene that rolls by without costing anything: the moving source of the benchmark.

The scene is a helix: leaving a row at its right end, one enters the next row at its left end, and
the last row leads to the first. Every window of consecutive pixels is then a seamless picture AND a
contiguous array, so a frame is a view into the scene that is stored twice; nothing is copied.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from convlab.document.source import PatternOptions
from convlab.engine.arrays import ByteArray, FloatArray, frozen
from convlab.engine.cv import cv2

HEIGHT, WIDTH = 720, 1280
RIGHTWARD = 150.0
DOWNWARD = 60.0

_FINE = 2  # Shapes are drawn this much larger, then averaged.
_GROUND = ((27, 38, 59), (52, 73, 94), (39, 60, 80))
_COLOURS = (
    (231, 111, 81), (244, 162, 97), (233, 196, 106), (42, 157, 143), (69, 123, 157),
    (168, 218, 220), (241, 250, 238), (230, 57, 70), (131, 56, 236), (255, 183, 197),
)  # fmt: skip


def drift(t: float, _options: PatternOptions) -> ByteArray:
    """Show the scene at the time ``t`` [s]: 720x1280 RGB, moving right and down by whole pixels."""
    start = (-int(DOWNWARD * t) * WIDTH - int(RIGHTWARD * t)) % (HEIGHT * WIDTH)
    pixels = _helix()[start : start + HEIGHT * WIDTH]
    return pixels.reshape(HEIGHT, WIDTH, 3)


@cache
def _helix() -> ByteArray:
    """The scene's pixels in reading order, twice: (2 H W, 3)."""
    torus = _ground() + _texture()[..., None]
    torus = _with_shapes(np.clip(torus, 0.0, 255.0).astype(np.uint8)).astype(np.float32)
    torus += 0.5 * _texture()[..., None]
    pixels = _sheared(np.clip(torus, 0.0, 255.0)).astype(np.uint8).reshape(-1, 3)
    return frozen(np.concatenate([pixels, pixels]))


def _sheared(torus: FloatArray) -> FloatArray:
    """Raise each column by its share of one row, so that the right end meets the next row."""
    x, y = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
    sheared = cv2.remap(torus, x, y + x / WIDTH, cv2.INTER_CUBIC, borderMode=cv2.BORDER_WRAP)
    return np.clip(np.asarray(sheared, np.float32), 0.0, 255.0)


def _ground() -> FloatArray:
    """Soft clouds of three colours that meet themselves at every side."""
    y = np.linspace(0.0, 2.0 * np.pi, HEIGHT, endpoint=False, dtype=np.float32)[:, None]
    x = np.linspace(0.0, 2.0 * np.pi, WIDTH, endpoint=False, dtype=np.float32)
    first = 0.5 + 0.5 * np.sin(x + np.sin(2.0 * y))
    second = 0.5 + 0.5 * np.sin(y - np.sin(x + 1.0))
    low, middle, high = (np.array(colour, np.float32) for colour in _GROUND)
    blend: FloatArray = low + (middle - low) * first[..., None] + (high - low) * second[..., None]
    return blend


def _texture() -> FloatArray:
    """Fine grain around 0.0 that wraps, because it is blurred with wrapped borders."""
    grain = np.random.default_rng(3).standard_normal((HEIGHT, WIDTH)).astype(np.float32)
    margin = 8
    wrapped = np.pad(grain, margin, mode="wrap")
    blurred = np.asarray(cv2.GaussianBlur(wrapped, (0, 0), 1.1), np.float32)
    return 24.0 * blurred[margin:-margin, margin:-margin]


def _with_shapes(ground: ByteArray) -> ByteArray:
    """Put shapes of every kind on the ground; those across a side come in again opposite."""
    size = (WIDTH * _FINE, HEIGHT * _FINE)
    canvas = np.asarray(cv2.resize(ground, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    generator = np.random.default_rng(20)
    for number, (row, column) in enumerate(_places(generator)):
        radius = int(generator.integers(26, 74)) * _FINE
        angle = float(generator.uniform(0.0, 90.0))
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                centre = ((column + dx * WIDTH) * _FINE, (row + dy * HEIGHT) * _FINE)
                _shape(canvas, number, centre, radius, angle)
    small = cv2.resize(canvas, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _places(generator: np.random.Generator) -> list[tuple[int, int]]:
    """Jittered places on a grid, so that the shapes neither pile up nor line up (row, column)."""
    places = []
    for row in range(4):
        for column in range(7):
            jitter = generator.integers(-36, 37, 2)
            shift = 90 * (row % 2)
            places.append(
                (90 + 180 * row + int(jitter[0]), 90 + 183 * column + shift + int(jitter[1]))
            )
    return places


def _shape(
    canvas: ByteArray, number: int, centre: tuple[int, int], radius: int, angle: float
) -> None:
    """Draw one of seven kinds of shape with its shadow."""
    colour = _COLOURS[(number * 3) % len(_COLOURS)]
    accent = _COLOURS[(number * 3 + 5) % len(_COLOURS)]
    offset = 5 * _FINE
    shadow = (centre[0] + offset, centre[1] + offset)
    kind = number % 7
    _outline(canvas, kind, shadow, radius, angle, (20, 28, 42))
    _outline(canvas, kind, centre, radius, angle, colour)
    if kind in (0, 3):
        cv2.circle(canvas, centre, radius // 2, accent, -1, cv2.LINE_AA)
    if kind == 1:
        _stripes(canvas, centre, radius, angle, accent)


def _outline(
    canvas: ByteArray,
    kind: int,
    centre: tuple[int, int],
    radius: int,
    angle: float,
    colour: tuple[int, int, int],
) -> None:
    """Fill a disc, square, triangle or hexagon, or draw a ring, an ellipse or a cross."""
    if kind == 0:
        cv2.circle(canvas, centre, radius, colour, -1, cv2.LINE_AA)
    elif kind == 4:
        cv2.circle(canvas, centre, radius, colour, radius // 4, cv2.LINE_AA)
    elif kind == 5:
        cv2.ellipse(canvas, centre, (radius, radius // 2), angle, 0, 360, colour, -1, cv2.LINE_AA)
    elif kind == 6:
        for turn in (0.0, 90.0):
            start, end = _corners(centre, radius, angle + turn, 2)
            cv2.line(canvas, start, end, colour, radius // 3, cv2.LINE_AA)
    else:
        corners = _corners(centre, radius, angle, {1: 4, 2: 3, 3: 6}[kind])
        cv2.fillPoly(canvas, [np.array(corners, np.int32)], colour, cv2.LINE_AA)


def _stripes(
    canvas: ByteArray, centre: tuple[int, int], radius: int, angle: float, colour: tuple[int, ...]
) -> None:
    """Three lines across a square, parallel to its sides."""
    for share in (-0.35, 0.0, 0.35):
        middle = _corners(centre, round(abs(share) * radius), angle + 45.0, 2)[share < 0]
        start, end = _corners(middle, round(radius * 0.5), angle + 135.0, 2)
        cv2.line(canvas, start, end, colour, radius // 9, cv2.LINE_AA)


def _corners(
    centre: tuple[int, int], radius: float, angle: float, count: int
) -> list[tuple[int, int]]:
    """The corners of a regular polygon; two of them are the ends of a line."""
    turns = np.deg2rad(angle + 360.0 * np.arange(count) / count)
    x, y = centre[0] + radius * np.cos(turns), centre[1] + radius * np.sin(turns)
    return [(round(float(a)), round(float(b))) for a, b in zip(x, y, strict=True)]
