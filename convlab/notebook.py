"""Maps and pictures in a notebook: the colours of the window, and the bar that explains them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import ByteArray, FloatArray, frozen
from convlab.engine.color_maps import LEVELS, Palette, signed_map
from convlab.engine.conv_arguments import (
    check_photograph,
    check_rank,
    to_array,
    to_numbers,
    to_picture,
)
from convlab.engine.cv import cv2
from convlab.engine.display import DisplayMode, Scale, ScaleCurve, colorize, levels
from convlab.engine.naming import parse_name
from convlab.engine.shrink import strongest
from convlab.engine.value_range import nice_ceiling, typical_magnitude

_WIDTH = 960  # of all tiles together at most, beyond what one value takes [px]
_GAP = 4  # between tiles [px]
_SMALLEST = 96  # a map of fewer columns is enlarged by a whole factor [px]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """An array in colours; a notebook shows it by itself.

    Attributes:
        pixels: ``(H, W, 3)`` uint8, red, green, blue.
        limit: The magnitude of the strongest colour; None for a picture as it is.
        clipped: Share of the values beyond it, 0 to 1.
        curve: How values are spread over the colours.
        shape: Of the array.
    """

    pixels: ByteArray
    limit: float | None
    clipped: float
    curve: ScaleCurve
    shape: tuple[int, ...]

    def _repr_png_(self) -> bytes:
        return _png(self.pixels)

    def _repr_html_(self) -> str:
        picture = f'<img alt="{escape(self._words())}" src="{_source(self.pixels)}">'
        if self.limit is None:
            return f"<div>{picture}</div>"
        bar = np.repeat(signed_map(Palette.LIGHT)[np.newaxis], 12, axis=0)
        return (
            f"<div>{picture}<br><small>−{self.limit:g} "
            f'<img alt="" width="{LEVELS}" height="12" src="{_source(bar)}"> {self.limit:g}'
            f"{' (square roots)' if self.curve is ScaleCurve.ROOT else ''}, "
            f"{100 * self.clipped:.2g} % beyond</small></div>"
        )

    def __repr__(self) -> str:
        return f"<{self._words()}>"

    def _words(self) -> str:
        shape = " × ".join(map(str, self.shape))
        if self.limit is None:
            return f"picture of {shape}"
        return f"maps of {shape}, colours from −{self.limit:g} to {self.limit:g}"


def show(
    array: ArrayLike, *, limit: float | None = None, curve: str = "linear", columns: int = 0
) -> Shown:
    """Return an array in the signed colours, its maps as tiles, with a colour bar.

    Blue is negative, red positive, zero white, as in the window. One or three planes of uint8 or
    uint16 are a picture and are shown as one.

    >>> show(np.zeros((2, 40, 30), np.float32))
    <maps of 2 × 40 × 30, colours from −1 to 1>

    Args:
        array: A map ``(H, W)``, or maps ``(C, H, W)``.
        limit: The magnitude of the strongest colour; None: what 99.5 % do not exceed.
        curve: "linear", or "root", which lets small values be seen.
        columns: Tiles side by side; 0: as many as make it about square.

    Raises:
        ValueError: If it has other axes, holds no real numbers, or an argument cannot be used.
    """
    values = to_array(array, "array")
    check_rank(values, (2, 3), "(H, W) or (C, H, W)")
    check_photograph(values)
    if not (limit is None or 0 < limit < float("inf")):
        raise ValueError(f"limit {limit!r} cannot be used: give a number above 0")
    bend = parse_name(ScaleCurve, curve, "curve")
    planes = values.reshape(-1, *values.shape[-2:])
    if values.dtype in (np.uint8, np.uint16) and len(planes) in (1, 3):
        steps = np.rint(to_picture(planes) * 255).astype(np.uint8)
        pixels = np.moveaxis(np.repeat(steps, 3 // len(steps), axis=0), 0, -1)
        return Shown(frozen(np.ascontiguousarray(pixels)), None, 0.0, bend, values.shape)
    maps = to_numbers(planes, "array")
    limit = limit or nice_ceiling(typical_magnitude(maps))
    clipped = float(np.count_nonzero(np.abs(maps) > limit)) / maps.size
    pixels = _tiles(maps, Scale(-limit, limit, bend), columns)
    return Shown(frozen(pixels), limit, clipped, bend, values.shape)


def _tiles(maps: FloatArray, scale: Scale, columns: int) -> ByteArray:
    """Return all maps in colours beside and under each other, on white."""
    count, _, width = maps.shape
    across = min(columns, count) if columns > 0 else int(np.ceil(np.sqrt(count)))
    small = strongest(maps, max(across * width // _WIDTH, 1))
    enlarged = max(_SMALLEST // small.shape[2], 1)
    steps = levels(np.clip(np.nan_to_num(small), scale.low, scale.high), scale)
    height, width = (side * enlarged for side in steps.shape[1:])
    down = -(-count // across)
    canvas = np.full(
        (down * (height + _GAP) - _GAP, across * (width + _GAP) - _GAP, 3), 255, np.uint8
    )
    for number, plane in enumerate(steps):
        row, column = divmod(number, across)
        top, left = row * (height + _GAP), column * (width + _GAP)
        tile = colorize(plane[np.newaxis], DisplayMode.SIGNED)[..., 2::-1]
        canvas[top : top + height, left : left + width] = tile.repeat(enlarged, 0).repeat(
            enlarged, 1
        )
    return canvas


def _png(pixels: ByteArray) -> bytes:
    return bytes(cv2.imencode(".png", np.ascontiguousarray(pixels[..., ::-1]))[1])


def _source(pixels: ByteArray) -> str:
    return f"data:image/png;base64,{base64.b64encode(_png(pixels)).decode('ascii')}"
