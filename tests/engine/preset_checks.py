"""Simple pictures of 41×41, what presets make of them, and the table of what each must do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.engine.conv2d import conv2d

SIZE = 41
MIDDLE = SIZE // 2


def answer(name: str, picture: FloatArray) -> float:
    """Return what a preset gives in the middle of a picture."""
    return float(answers(name, picture)[MIDDLE, MIDDLE])


def answers(name: str, picture: FloatArray) -> FloatArray:
    return conv2d(picture, kernels.preset(name), padding="same", border="replicate")


def flat(value: float = 1.0) -> FloatArray:
    return np.full((SIZE, SIZE), value, np.float32)


def impulse() -> FloatArray:
    picture = np.zeros((SIZE, SIZE), np.float32)
    picture[MIDDLE, MIDDLE] = 1
    return picture


def left_of(degrees: float) -> FloatArray:
    """Return each pixel's distance to the left of a line through the middle.

    The line runs at an angle, counter-clockwise from the horizontal.
    """
    row, column = np.mgrid[:SIZE, :SIZE] - MIDDLE
    angle = np.radians(degrees)
    return np.asarray(-row * np.cos(angle) - column * np.sin(angle), np.float32)


def edge(degrees: float, offset: float = 0.0) -> FloatArray:
    """Bright on the left of the line; the line itself is half bright."""
    return np.asarray(np.clip(left_of(degrees) + 0.5 + offset, 0, 1), np.float32)


def line(degrees: float, width: float = 1.0) -> FloatArray:
    """A bright line through the middle."""
    return np.asarray(np.clip((width + 1) / 2 - np.abs(left_of(degrees)), 0, 1), np.float32)


def disc(radius: float) -> FloatArray:
    row, column = np.mgrid[:SIZE, :SIZE] - MIDDLE
    return np.asarray(np.hypot(row, column) <= radius, np.float32)


def grating(degrees: float, wavelength: float) -> FloatArray:
    return np.asarray(np.cos(2 * np.pi * left_of(degrees) / wavelength), np.float32)


CHECKS: dict[str, Callable[[str], None]] = {}
"""What each preset must do, by its name."""


def checks(*names: str) -> Callable[[Callable[[str], None]], Callable[[str], None]]:
    """Register a check for presets."""

    def register(check: Callable[[str], None]) -> Callable[[str], None]:
        CHECKS.update(dict.fromkeys(names, check))
        return check

    return register
