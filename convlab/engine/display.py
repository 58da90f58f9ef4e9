"""From numbers to colours: float planes become contiguous uint8 BGRA, exact statistics, histograms.

Everything here loops over pixels, so it runs in the compute worker, never in the window's thread.
Planes are float32 ``(C, H, W)`` with C = 1 (painted through a map) or C = 3 (painted as red, green
and blue).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from convlab.engine.arrays import SIGN, AnyArray, ByteArray, FloatArray, frozen
from convlab.engine.color_maps import LEVELS, Palette, grey_map, heat_map, signed_map
from convlab.engine.cv import cv2
from convlab.engine.value_range import ROUNDING, nice_ceiling


class DisplayMode(StrEnum):
    """How a value becomes a colour; the value is the name used in files."""

    AUTO = "auto"  # a picture as a picture, all else signed; becomes one of the others
    SIGNED = "signed"  # blue below zero, neutral at zero, red above
    RAW = "raw"  # black at the lowest value, white at the highest
    ABSOLUTE = "absolute"  # black at zero, white at the largest magnitude
    CLIPPED = "clipped"  # black at zero and below, white at the picture's white and above
    HEAT = "heat"  # neutral at zero, the strongest colour at the most: of counts
    OFFSET = "offset"  # the picture's mid-grey at zero: the "+128" of 8-bit programs


class ScaleCurve(StrEnum):
    """How values are spread over a map; the value is the name used in files."""

    LINEAR = "linear"
    ROOT = "root"  # square roots of the magnitudes, so that small values are seen


class Scale(NamedTuple):
    """The values painted with the first and the last colour of a map, and what lies between."""

    low: float
    high: float
    curve: ScaleCurve = ScaleCurve.LINEAR

    def place(self, value: float) -> float:
        """Return where a value stands on the map, 0 for the first colour and 1 for the last."""
        low, high, value = self.bent(self.low), self.bent(self.high), self.bent(value)
        return (value - low) / (high - low)

    def value_at(self, place: float) -> float:
        """Return the value that stands at a place on the map, 0 to 1."""
        low, high = self.bent(self.low), self.bent(self.high)
        at = low + place * (high - low)
        return math.copysign(at * at, at) if self.curve is ScaleCurve.ROOT else at

    @property
    def rounding(self) -> float:
        """The magnitude up to which a value is no more than rounding beside the ends."""
        return ROUNDING * max(abs(self.low), abs(self.high))

    def bent(self, value: float) -> float:
        """Return a value as the curve bends it; between bent values the map is even."""
        if self.curve is ScaleCurve.LINEAR:
            return value
        return math.copysign(math.sqrt(abs(value)), value)


@dataclass(frozen=True, slots=True)
class Stats:
    """Exact figures over all values of a picture.

    Attributes:
        minimum: Smallest value.
        maximum: Largest value.
        mean: Arithmetic mean.
        std: Standard deviation of the population (divided by n, as ``numpy.std``).
        clipped: Fraction of the values that lie outside the painted scale, 0 to 1.
    """

    minimum: float
    maximum: float
    mean: float
    std: float
    clipped: float


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Counts ``(C, bins)`` of bins that are equally wide on the map of ``scale``.

    What lies beyond the scale is counted in the first and the last bin.
    """

    counts: AnyArray
    scale: Scale


_TOGETHER = 1 << 16  # values: a quarter of a megabyte

_MAPS = {DisplayMode.SIGNED: signed_map, DisplayMode.HEAT: heat_map}
_PIXELS = {
    (mode, palette): np.insert(map_of(palette)[:, ::-1], 3, 255, axis=1).view(np.int32).ravel()
    for mode, map_of in _MAPS.items()
    for palette in Palette
}


def color_map(mode: DisplayMode, palette: Palette = Palette.LIGHT) -> ByteArray:
    """Return the ``(256, 3)`` RGB map of a mode."""
    return _MAPS[mode](palette) if mode in _MAPS else grey_map()


def choose_scale(
    mode: DisplayMode, minimum: float, maximum: float, white: float, limit: float | None
) -> Scale:
    """Return the values at the two ends of the map.

    Args:
        mode: How values become colours.
        minimum: Smallest value of the picture.
        maximum: Largest value of the picture.
        white: The value a plain picture paints white.
        limit: A chosen largest magnitude; None takes the picture's own, unless that is no more
            than rounding beside ``white``.

    Raises:
        ValueError: The mode is AUTO, which is none yet.
    """
    largest = limit or _largest(max(abs(minimum), abs(maximum)), white)
    match mode:
        case DisplayMode.SIGNED:
            return Scale(-largest, largest)
        case DisplayMode.ABSOLUTE | DisplayMode.HEAT:
            return Scale(0.0, largest)
        case DisplayMode.CLIPPED:
            return Scale(0.0, limit or white)
        case DisplayMode.OFFSET:
            return Scale(-(limit or white) / 2, (limit or white) / 2)
        case DisplayMode.RAW:
            if limit is not None:
                return Scale(-limit if minimum < 0 else 0.0, limit)
            width = max(1.0, abs(minimum) * ROUNDING)  # a flat picture still needs a scale
            return Scale(minimum, maximum if maximum > minimum else minimum + width)
        case DisplayMode.AUTO:
            raise ValueError("A scale is that of a mode: choose one for AUTO first.")


def _largest(magnitude: float, white: float) -> float:
    return nice_ceiling(magnitude if magnitude > 4 * ROUNDING * white else white)


def extremes(planes: FloatArray) -> tuple[float, float]:
    """Return the exact smallest and largest value."""
    low, high, _, _ = cv2.minMaxLoc(_flat(planes))
    return float(low), float(high)


def levels(planes: FloatArray, scale: Scale) -> ByteArray:
    """Return which of 256 equal steps of a scale each value is nearest to, ``(C, H, W)`` uint8.

    Values outside the scale get its first or last step.
    """
    flat = _flat(planes)
    low, high = scale.bent(scale.low), scale.bent(scale.high)
    gain = (LEVELS - 1) / (high - low)
    steps = np.empty(flat.shape, np.uint8)
    # Roots take several passes, of which all but the first find their numbers in the cache.
    is_root = scale.curve is ScaleCurve.ROOT
    rows = max(_TOGETHER // flat.shape[1], 1) if is_root else len(flat)
    for first in range(0, len(flat), max(rows, 1)):
        some, target = flat[first : first + rows], steps[first : first + rows]
        some = _root(some) if is_root else some
        cv2.addWeighted(some, gain, some, 0.0, -low * gain, target, dtype=cv2.CV_8U)
    return steps.reshape(planes.shape)


def displayed(mode: DisplayMode, values: FloatArray, scale: Scale) -> FloatArray:
    """Return the numbers that a display stands for: what a program that shows it so would store.

    >>> values = np.array([-30.0, 0.0, 4.0], np.float32)
    >>> displayed(DisplayMode.CLIPPED, values, Scale(0.0, 10.0)).tolist()
    [0.0, 0.0, 4.0]
    >>> displayed(DisplayMode.OFFSET, values, Scale(-5.0, 5.0)).tolist()
    [0.0, 5.0, 9.0]
    """
    match mode:
        case DisplayMode.ABSOLUTE:
            return np.asarray(np.abs(values))
        case DisplayMode.CLIPPED:
            return np.asarray(np.clip(values, scale.low, scale.high))
        case DisplayMode.OFFSET:
            return np.asarray(np.clip(values, scale.low, scale.high) - np.float32(scale.low))
    return values


def histogram(counts: AnyArray, scale: Scale, bins: int = 64) -> Histogram:
    """Return level counts on a scale in fewer bins; ``bins`` divides 256."""
    merged = counts.reshape(len(counts), bins, LEVELS // bins).sum(axis=2)
    return Histogram(frozen(merged), scale)


def colorize(
    steps: ByteArray,
    mode: DisplayMode,
    places: tuple[int, ...] = (0, 1, 2),
    palette: Palette = Palette.LIGHT,
) -> ByteArray:
    """Return contiguous uint8 BGRA ``(H, W, 4)``, opaque.

    One plane goes through the mode's map. Several become red (place 0), green (1) and blue (2); a
    missing one stays black.

    Four bytes a pixel in the order of the screen, because those Qt paints as they are; three it
    scales down in four times the time, another order it converts first.
    """
    if len(steps) > 1:
        colors = [np.zeros_like(steps[0])] * 3
        for place, plane in zip(places, steps, strict=False):
            colors[place] = plane
        return np.asarray(cv2.merge([*colors[::-1], np.full_like(steps[0], 255)]), dtype=np.uint8)
    if mode not in _MAPS:
        return np.asarray(cv2.cvtColor(steps[0], cv2.COLOR_GRAY2BGRA), dtype=np.uint8)
    # One look-up of a whole pixel: the map's four bytes pass as one number.
    pixels = np.asarray(cv2.LUT(steps[0], _PIXELS[mode, palette]))
    return pixels.view(np.uint8).reshape(*steps.shape[1:], 4)


def to_bgra(rgb: ByteArray) -> ByteArray:
    """Return RGB ``(H, W, 3)`` as opaque BGRA, ``(H, W, 4)``."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA), dtype=np.uint8)


def _root(flat: FloatArray) -> FloatArray:
    """Return signed square roots."""
    if flat.min() >= 0.0:
        return np.asarray(cv2.sqrt(flat), np.float32)
    magnitudes = np.abs(flat)
    root = np.asarray(cv2.sqrt(magnitudes, magnitudes), np.float32)
    bits = root.view(np.uint32)
    np.bitwise_or(bits, flat.view(np.uint32) & SIGN, out=bits)
    return root


def _flat(planes: FloatArray) -> FloatArray:
    """View planes as one tall plane: OpenCV's reductions want two dimensions."""
    return np.ascontiguousarray(planes).reshape(-1, planes.shape[-1])
