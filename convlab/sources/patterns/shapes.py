"""Bars, gratings, a disc, noise and the zone plate: float32 grey between 0 and 1, or uint8 noise.

Angles are counter-clockwise from the x axis [degrees]; the y axis of a picture points down, so the
direction ``angle`` is (cos angle, -sin angle) in (x, y) and its normal (sin angle, cos angle).
"""

from __future__ import annotations

import numpy as np

from convlab.document.source import PatternOptions
from convlab.engine.arrays import ByteArray, FloatArray

BAR_SIZE = 320
BAR_LENGTH = 260.0
TURN_SECONDS = 6.0

GRATING_SHAPE = (480, 640)
GRATING_PERIOD = 40.0
GRATING_SPEED = 1.0

OBJECT_SHAPE = (240, 320)
OBJECT_RADIUS = 26.0
OBJECT_GROUND = 0.08

NOISE_SHAPE = (480, 640)
ZONE_PLATE_SIZE = 512


def _centred(size: int) -> FloatArray:
    """Pixel centres along one axis, measured from the middle: -1, 0, 1 for a size of 3 [px]."""
    return np.arange(size, dtype=np.float32) - np.float32((size - 1) / 2)


def _covered(distance: FloatArray, half: float) -> FloatArray:
    """How much of a pixel lies inside an edge ``half`` away from the axis, 0 to 1."""
    covered: FloatArray = np.clip(np.float32(half + 0.5) - np.abs(distance), 0.0, 1.0)
    return covered


def _bar(angle: float, width: float) -> FloatArray:
    radians = np.deg2rad(angle)
    cosine, sine = np.float32(np.cos(radians)), np.float32(np.sin(radians))
    x, y = _centred(BAR_SIZE), _centred(BAR_SIZE)[:, None]
    across = _covered(x * sine + y * cosine, width / 2)
    across *= _covered(x * cosine - y * sine, BAR_LENGTH / 2)
    return across


def bar(_t: float, options: PatternOptions) -> FloatArray:
    """Draw a white bar through the centre along ``options.angle``, antialiased."""
    return _bar(options.angle, options.width)


def rotating_bar(t: float, options: PatternOptions) -> FloatArray:
    """Draw the bar lying along the x axis at t = 0 and turning counter-clockwise once in 6 s."""
    return _bar(turned_to(t, options), options.width)


def turned_to(t: float, _options: PatternOptions) -> float:
    """Return the angle of the rotating bar [degrees]."""
    return 360.0 * t / TURN_SECONDS


def grating(t: float, options: PatternOptions) -> FloatArray:
    """Draw stripes along ``options.angle`` that drift across themselves, one period a second.

    sin(a + b) = sin a cos b + cos a sin b turns the picture into two outer products of short
    vectors, which is ten times faster than a sine per pixel.
    """
    rows, columns = GRATING_SHAPE
    wave = 2.0 * np.pi / GRATING_PERIOD
    radians = np.deg2rad(options.angle)
    along_x = wave * np.sin(radians) * _centred(columns) - 2.0 * np.pi * GRATING_SPEED * t
    along_y = wave * np.cos(radians) * _centred(rows)
    left = np.stack([np.cos(along_y), np.sin(along_y), np.ones(rows)], axis=1) * 0.5
    right = np.stack([np.sin(along_x), np.cos(along_x), np.ones(columns)])
    picture: FloatArray = left.astype(np.float32) @ right.astype(np.float32)
    return np.clip(picture, 0.0, 1.0, out=picture)


def movable_object(_t: float, options: PatternOptions) -> FloatArray:
    """Draw a bright disc on a dark ground, its centre at ``options.position`` (row, column)."""
    rows, columns = OBJECT_SHAPE
    row, column = options.position
    y = np.arange(rows, dtype=np.float32)[:, None] - np.float32(row * (rows - 1))
    x = np.arange(columns, dtype=np.float32) - np.float32(column * (columns - 1))
    disc = _covered(np.hypot(x, y), OBJECT_RADIUS)
    disc *= np.float32(1.0 - OBJECT_GROUND)
    disc += np.float32(OBJECT_GROUND)
    return disc


def noise(t: float, _options: PatternOptions) -> ByteArray:
    """Draw every pixel at random from 0 to 255; the same moment gives the same picture."""
    generator = np.random.default_rng(round(abs(t) * 1000.0))
    rows, columns = NOISE_SHAPE
    return np.frombuffer(generator.bytes(rows * columns), np.uint8).reshape(NOISE_SHAPE)


def zone_plate(_t: float, _options: PatternOptions) -> FloatArray:
    """Draw rings whose frequency grows from 0 in the centre to 1/2 per pixel at the border.

    One picture holds every frequency and direction: the radius where a filter's result goes grey
    is its cut-off (the phase is pi r^2 / N, so its slope at the radius r is r / N periods a pixel).
    """
    centred = _centred(ZONE_PLATE_SIZE)
    squares = centred**2 + (centred**2)[:, None]
    rings: FloatArray = 0.5 + 0.5 * np.cos(np.float32(np.pi / ZONE_PLATE_SIZE) * squares)
    return rings
