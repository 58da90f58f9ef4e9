"""Words on a dark wall under a wandering torch: the first thing a person without a camera sees.

Wall and words are drawn once, so is the light, twice as large as the picture. A frame is then one
multiplication of the wall with the window of the light that puts its bright spot in place.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from convlab.document.source import PatternOptions
from convlab.engine.arrays import AnyArray, ByteArray, FloatArray, frozen
from convlab.engine.cv import cv2

HEIGHT, WIDTH = 480, 640

_FINE = 3  # Drawn this much larger, then averaged: smooth letters in every version of OpenCV.
_WALL = (112.0, 104.0, 98.0)
_INK = (255.0, 247.0, 230.0)
_MARGIN = 46
_WIDEST = 510
_BASE_LINES = (138, 282, 426)
_KERNEL = ((1, 0, -1), (2, 0, -2), (1, 0, -1))
_CELL = 38

_LAMP = (1.0, 0.97, 0.86)
_HALO = (0.98, 0.70, 0.42)
_NIGHT = (0.085, 0.105, 0.165)


def torch(t: float, _options: PatternOptions) -> ByteArray:
    """Draw the wall at the time ``t`` [s]: 480x640 RGB."""
    row, column = _spot(t)
    light = _light()[HEIGHT - row : 2 * HEIGHT - row, WIDTH - column : 2 * WIDTH - column]
    picture: ByteArray = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    cv2.multiply(_wall(), light, dst=picture, scale=1.0 / 255.0)
    return picture


def _spot(t: float) -> tuple[int, int]:
    """Where the torch points: a slow figure whose two speeds never quite repeat (row, column)."""
    row = 0.5 + 0.34 * math.sin(0.83 * t + 0.4)
    column = 0.5 + 0.36 * math.sin(0.61 * t - 0.9) + 0.04 * math.sin(1.7 * t)
    return round(row * HEIGHT), round(column * WIDTH)


@cache
def _wall() -> ByteArray:
    """Plaster with four words on it, evenly lit."""
    ink = _lettering()[..., None]
    plaster = np.array(_WALL, np.float32) * _plaster()[..., None]
    picture = plaster + (np.array(_INK, np.float32) - plaster) * ink
    return frozen(np.clip(picture, 0.0, 255.0).astype(np.uint8))


def _plaster() -> FloatArray:
    """Roughness around 1.0: noise of four grain sizes, shaded as if lit from the upper left."""
    generator = np.random.default_rng(7)
    relief = np.zeros((HEIGHT, WIDTH), np.float32)
    for grain, height in ((2, 0.10), (5, 0.26), (16, 0.8), (80, 3.0)):
        coarse = generator.standard_normal((HEIGHT // grain, WIDTH // grain), np.float32)
        smooth = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
        relief += height * np.asarray(smooth, np.float32)
    slope = np.asarray(cv2.filter2D(relief, -1, np.diag((-0.5, 0.0, 0.5))), np.float32)
    return np.clip(1.0 + 0.55 * slope + 0.02 * relief, 0.4, 1.6).astype(np.float32)


def _lettering() -> FloatArray:
    """How much of each pixel is ink, 0 to 1: four words and a kernel."""
    canvas: AnyArray = np.zeros((HEIGHT * _FINE, WIDTH * _FINE), np.uint8)
    right = WIDTH - _MARGIN
    _write(canvas, "flip", _MARGIN, _BASE_LINES[0])
    _write(canvas, "slide", right - _width("slide"), _BASE_LINES[0])
    _write(canvas, "multiply", _MARGIN, _BASE_LINES[1])
    _write(canvas, "sum", _MARGIN, _BASE_LINES[2])
    _draw_kernel(canvas, right - 3 * _CELL - 34, _BASE_LINES[2] - 2 * _CELL - 24)
    small = cv2.resize(canvas, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / 255.0


_FONT = cv2.FONT_HERSHEY_DUPLEX
_STROKE = 10


@cache
def _scale() -> float:
    """The letters' size that lets the longest word fill the line, whatever the font."""
    (width, _), _ = cv2.getTextSize("multiply", _FONT, 10.0, _STROKE * _FINE)
    return 10.0 * _WIDEST * _FINE / width


def _width(word: str) -> int:
    """How wide a word comes out [px]."""
    (width, _), _ = cv2.getTextSize(word, _FONT, _scale(), _STROKE * _FINE)
    return width // _FINE


def _write(canvas: AnyArray, word: str, x: int, y: int) -> None:
    """Write one word that starts at ``x`` and stands on ``y`` [px]."""
    place = (x * _FINE, y * _FINE)
    cv2.putText(canvas, word, place, _FONT, _scale(), 255, _STROKE * _FINE, cv2.LINE_AA)


def _draw_kernel(canvas: AnyArray, left: int, top: int) -> None:
    """Draw a 3x3 kernel as a grid with its numbers."""
    cell = _CELL * _FINE
    for row, numbers in enumerate(_KERNEL):
        for column, number in enumerate(numbers):
            x, y = left * _FINE + column * cell, top * _FINE + row * cell
            cv2.rectangle(canvas, (x, y), (x + cell, y + cell), 190, 2 * _FINE, cv2.LINE_AA)
            _write_number(canvas, str(number), (x + cell // 2, y + cell // 2))


def _write_number(canvas: AnyArray, text: str, centre: tuple[int, int]) -> None:
    """Write a number in the middle of its cell."""
    font, scale, stroke = cv2.FONT_HERSHEY_SIMPLEX, 0.62 * _FINE, 2 * _FINE
    (width, height), _ = cv2.getTextSize(text, font, scale, stroke)
    place = (centre[0] - width // 2, centre[1] + height // 2)
    cv2.putText(canvas, text, place, font, scale, 255, stroke, cv2.LINE_AA)


@cache
def _light() -> ByteArray:
    """The torch in the middle of a field twice the picture's size, in RGB; 255 leaves the wall."""
    size = (2 * WIDTH, 2 * HEIGHT)
    light = np.asarray(cv2.resize(_coarse_light(), size, interpolation=cv2.INTER_LINEAR))
    # Half a grey level of noise hides the rings that rounding would draw into the soft edge.
    dither = np.random.default_rng(11).random((2 * HEIGHT, 2 * WIDTH, 1), np.float32)
    return frozen(np.clip(255.0 * light + dither, 0.0, 255.0).astype(np.uint8))


def _coarse_light() -> FloatArray:
    """The light on every fourth pixel, where the exponentials cost a sixteenth."""
    y = np.arange(-HEIGHT, HEIGHT, 4, dtype=np.float32)[:, None, None]
    x = np.arange(-WIDTH, WIDTH, 4, dtype=np.float32)[None, :, None]
    radius = np.hypot(x, y)
    lamp = np.exp(-((radius / 140.0) ** 4)) * np.array(_LAMP, np.float32)
    halo = np.exp(-((radius / 260.0) ** 2)) * np.array(_HALO, np.float32)
    return np.asarray(np.array(_NIGHT, np.float32) + 0.48 * (lamp + halo), np.float32)
