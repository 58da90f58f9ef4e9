"""Products of spectra instead of sums of products: the time hardly depends on the kernel's size.

The picture is cut into tiles that overlap by the kernel's size less one, and what wraps around
inside a tile is thrown away (overlap-save; Stockham, "High-speed convolution and correlation",
1966). Tiles with dark places beside bright ones are transformed in float64, or not at all: see
``tile_precision``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product, repeat
from typing import Any, NamedTuple

import numpy as np

from convlab.engine import buffers
from convlab.engine.algorithms.full_plane import slide, wanted, with_gaps
from convlab.engine.algorithms.problem import UNTAMED, Problem, Sizes
from convlab.engine.algorithms.tile_precision import (
    Frame,
    Light,
    Weights,
    empty_windows,
    is_bright_enough,
)
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.border import Border, pad
from convlab.engine.cv import cv2
from convlab.engine.shapes import Pair

# Products of 2, 3 and 5 that OpenCV transforms fastest; larger ones leave the cache.
_TILES = (16, 32, 48, 64, 96, 128, 192, 256, 320, 384, 480, 640, 800)
_START_UP = 24  # what a tile costs besides its pixels, in rows or columns more
_INVERSE = cv2.DFT_INVERSE | cv2.DFT_SCALE
_SINGLE: np.dtype[Any] = np.dtype(np.float32)
_DOUBLE: np.dtype[Any] = np.dtype(np.float64)
_MOST_KEPT = 1 << 24  # numbers of spectra of kernels
_DIRECT_CELLS = 400  # a kernel of fewer slides faster than it is transformed in float64


def rejection(problem: Problem) -> str | None:
    """Return why the problem cannot be run like this, or None if it can."""
    return None if problem.is_tame else UNTAMED


def run(problem: Problem) -> FloatArray:
    """Return ``(N, O, H', W')`` float32; without padding it is a view of a larger array.

    The problem must not be one that ``rejection`` rejects.
    """
    sizes, planes = problem.sizes, problem.x
    if any(sizes.padding):
        planes = pad(planes, sizes.padding, sizes.border, problem.value)
    kernels = with_gaps(problem.weight, sizes.dilation)
    height, width = (size - span + 1 for size, span in zip(sizes.padded, sizes.span, strict=True))
    whole = buffers.empty((sizes.pictures, sizes.outputs, height, width))
    places, share = _places(problem), sizes.outputs // sizes.groups
    for group in range(sizes.groups):
        mine = kernels[group * share : (group + 1) * share]
        weights = [Weights.of(mine[:, channel]) for channel in range(sizes.depth)]
        channels = slice(group * sizes.depth, (group + 1) * sizes.depth)
        outputs = slice(group * share, (group + 1) * share)
        for picture, results in zip(planes[:, channels], whole[:, outputs], strict=True):
            _run_group(picture, mine, weights, places, tile_size(sizes), results)
    if problem.bias is not None:
        whole += problem.bias[:, np.newaxis, np.newaxis]
    return wanted(whole, problem)


class _Place(NamedTuple):
    """Where a tile lies on the padded picture, and where it is more than padding with zeros."""

    rows: slice
    columns: slice
    frame: Frame


def _places(problem: Problem) -> list[_Place]:
    """Return all tiles; the last ones lie against the edge, and need no zeros."""
    sizes = problem.sizes
    is_black = sizes.border is Border.ZEROS or (
        sizes.border is Border.CONSTANT and problem.value == 0.0
    )
    first = sizes.padding[::2] if is_black else (0, 0)
    length = sizes.picture if is_black else sizes.padded
    rows, columns = map(_along, sizes.padded, tile_size(sizes), sizes.span, first, length)
    return [
        _Place(down, across, (top, left)) for (down, top), (across, left) in product(rows, columns)
    ]


def _along(size: int, side: int, span: int, first: int, length: int) -> list[tuple[slice, Pair]]:
    """Return the tiles along one direction, and the part of each that is in the picture."""
    starts = (
        min(start, max(size - side, 0)) for start in range(0, size - span + 1, side - span + 1)
    )
    ends = ((start, min(start + side, size)) for start in starts)
    return [
        (slice(start, stop), (max(first - start, 0), min(first + length, stop) - start))
        for start, stop in ends
    ]


@dataclass(frozen=True, slots=True)
class _Tile:
    """A part of the channels that one group of kernels sees.

    Attributes:
        seen: ``(C, h, w)``.
        spectra: Of each channel, float32 or float64; None: the kernels slide.
        empty: Which windows hold zeros only; None: not looked at.
    """

    seen: FloatArray
    spectra: list[AnyArray] | None
    empty: AnyArray | None


def _run_group(
    picture: FloatArray,
    kernels: FloatArray,
    weights: list[Weights],
    places: list[_Place],
    side: Pair,
    results: FloatArray,
) -> None:
    """Fill ``(O, H', W')`` from ``(C, H, W)`` and kernels ``(O, C, kh, kw)``."""
    most = max(_MOST_KEPT // (len(picture) * math.prod(side)), 1)
    for first in range(0, len(kernels), most):
        some = slice(first, first + most)
        _run_outputs(picture, kernels[some], weights, places, side, results[some])


def _run_outputs(
    picture: FloatArray,
    kernels: FloatArray,
    weights: list[Weights],
    places: list[_Place],
    side: Pair,
    results: FloatArray,
) -> None:
    """Do the same, tile by tile, with the spectra of all these kernels kept."""
    responses: dict[np.dtype[Any], list[list[AnyArray]]] = {}
    scratch = {kind: np.empty(side, kind) for kind in (_SINGLE, _DOUBLE)}
    for place in places:
        tile = _transform(picture[:, place.rows, place.columns], weights, place.frame, side)
        rows, columns = (
            size - span + 1
            for size, span in zip(tile.seen.shape[1:], kernels.shape[2:], strict=True)
        )
        top, left = place.rows.start, place.columns.start
        parts = results[:, top : top + rows, left : left + columns]
        if tile.spectra is None:
            for part, own in zip(parts, kernels, strict=True):
                part[:] = _slide(tile.seen, own)[:rows, :columns]
            continue
        kind = tile.spectra[0].dtype
        if kind not in responses:
            responses[kind] = [[_spectrum(cells, side, kind) for cells in own] for own in kernels]
        for part, response in zip(parts, responses[kind], strict=True):
            found = _correlate(tile.spectra, response, scratch[kind])
            part[:] = found[:rows, :columns]
            if tile.empty is not None:
                part[tile.empty] = 0.0


def _transform(seen: FloatArray, weights: list[Weights], frame: Frame, side: Pair) -> _Tile:
    """Return a tile in as many digits as it needs."""
    kind, empty = _SINGLE, None
    lights = [Light.of(plane) for plane in seen]
    if not all(map(is_bright_enough, seen, weights, repeat(frame), lights)):
        kind = _DOUBLE
        if math.prod(weights[0].span) > _DIRECT_CELLS:
            empty = empty_windows(seen, weights, lights)
        if empty is None:
            return _Tile(seen, None, None)
    return _Tile(seen, [_spectrum(plane, side, kind) for plane in seen], empty)


def tile_size(sizes: Sizes) -> Pair:
    """Return the height and width of a tile that waste least on the overlap [px]."""
    rows, columns = (
        min(_tiles_for(size, span), key=lambda tile: _effort(tile, size, span))
        for size, span in zip(sizes.padded, sizes.span, strict=True)
    )
    return rows, columns


def tile_count(sizes: Sizes) -> int:
    """Return into how many tiles a plane is cut."""
    return math.prod(
        math.ceil((size - span + 1) / (side - span + 1))
        for size, side, span in zip(sizes.padded, tile_size(sizes), sizes.span, strict=True)
    )


def _tiles_for(size: int, span: int) -> list[int]:
    """Tiles with room for more than the kernel; all of the picture in one where there is none."""
    roomy = [tile for tile in _TILES if 2 * tile >= 3 * span]
    return roomy or [cv2.getOptimalDFTSize(size)]


def _effort(tile: int, size: int, span: int) -> int:
    return math.ceil((size - span + 1) / (tile - span + 1)) * (tile + _START_UP)


def _spectrum(part: FloatArray, side: Pair, kind: np.dtype[Any]) -> AnyArray:
    """Return the spectrum of a part of a picture, zeros added up to the tile's size."""
    rows, columns = part.shape
    if (rows, columns) == side:
        return np.asarray(cv2.dft(part.astype(kind, copy=False)))
    whole = np.zeros(side, kind)
    whole[:rows, :columns] = part
    # Telling OpenCV which rows are zero makes it slower.
    return np.asarray(cv2.dft(whole))


def _correlate(seen: list[AnyArray], responses: list[AnyArray], total: AnyArray) -> AnyArray:
    """Return the tile that belongs to the sum of products of spectra, in ``total``."""
    (first, response), *others = zip(seen, responses, strict=True)
    cv2.mulSpectrums(first, response, 0, total, conjB=True)
    for spectrum, response in others:
        cv2.add(total, cv2.mulSpectrums(spectrum, response, 0, conjB=True), total)
    cv2.dft(total, total, _INVERSE)
    return total


def _slide(seen: FloatArray, kernels: FloatArray) -> FloatArray:
    """Return the same as sums of products."""
    total, scratch = buffers.empty(seen.shape[1:]), buffers.empty(seen.shape[1:])
    for number, (plane, kernel) in enumerate(zip(seen, kernels, strict=True)):
        slide(plane, kernel, scratch if number else total, (0, 0))
        if number:
            cv2.add(total, scratch, total)
    return total
