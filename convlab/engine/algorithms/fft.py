"""Products of spectra instead of sums of products: the time hardly depends on the kernel's size.

The picture is cut into tiles that overlap by the kernel's size less one, and what wraps around
inside a tile is thrown away (overlap-save; Stockham, "High-speed convolution and correlation",
1966). All pixels of a tile feel each other, so a NaN or an infinity would spread over it.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np

from convlab.engine.algorithms.full_plane import REJECTION, stays_in_reach, wanted, with_gaps
from convlab.engine.algorithms.problem import Problem, Sizes
from convlab.engine.arrays import FloatArray
from convlab.engine.border import pad
from convlab.engine.cv import cv2
from convlab.engine.shapes import Pair

# Products of 2, 3 and 5 that OpenCV transforms fastest; larger ones leave the cache.
_TILES = (16, 32, 48, 64, 96, 128, 192, 256, 320, 384, 480, 640, 800)
_START_UP = 24  # what a tile costs besides its pixels, in rows or columns more
_INVERSE = cv2.DFT_INVERSE | cv2.DFT_SCALE


def rejection(problem: Problem) -> str | None:
    """Return why the problem cannot be run like this, or None if it can."""
    return None if stays_in_reach(problem) else REJECTION


def run(problem: Problem) -> FloatArray:
    """Return ``(N, O, H', W')`` float32; without padding it is a view of a larger array.

    The problem must not be one that ``rejection`` rejects.
    """
    sizes, planes = problem.sizes, problem.x
    if any(sizes.padding):
        planes = pad(planes, sizes.padding, sizes.border, problem.value)
    kernels = with_gaps(problem.weight, sizes.dilation)
    tile = tile_size(sizes)
    fresh = tile[0] - sizes.span[0] + 1, tile[1] - sizes.span[1] + 1
    height, width = (size - span + 1 for size, span in zip(sizes.padded, sizes.span, strict=True))
    # The last tile lies against the edge, so that it needs no zeros.
    starts = (
        [min(start, max(size - side, 0)) for start in range(0, size - span + 1, step)]
        for size, side, span, step in zip(sizes.padded, tile, sizes.span, fresh, strict=True)
    )
    places = list(product(*starts))
    whole = np.empty((sizes.pictures, sizes.outputs, height, width), np.float32)
    for picture, results in zip(planes, whole, strict=True):
        spectra = [_spectra(picture, place, tile) for place in places]
        for output, result in enumerate(results):
            first = output // (sizes.outputs // sizes.groups) * sizes.depth
            responses = [_spectrum(kernel, tile) for kernel in kernels[output]]
            for (top, left), spectrum in zip(places, spectra, strict=True):
                part = result[top : top + fresh[0], left : left + fresh[1]]
                rows, columns = part.shape
                seen = spectrum[first : first + sizes.depth]
                part[:] = _correlate(seen, responses)[:rows, :columns]
        if problem.bias is not None:
            results += problem.bias[:, np.newaxis, np.newaxis]
    return wanted(whole, problem)


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


def _spectra(picture: FloatArray, place: tuple[int, ...], tile: Pair) -> list[FloatArray]:
    """Return the spectrum of each channel under the tile at (row, column)."""
    rows, columns = (slice(at, at + size) for at, size in zip(place, tile, strict=True))
    return [_spectrum(plane[rows, columns], tile) for plane in picture]


def _spectrum(part: FloatArray, tile: Pair) -> FloatArray:
    """Return the spectrum of a part of a picture, zeros added up to the tile's size."""
    rows, columns = part.shape
    if (rows, columns) == tile:
        return np.asarray(cv2.dft(part), dtype=np.float32)
    whole = np.zeros(tile, np.float32)
    whole[:rows, :columns] = part
    # Telling OpenCV which rows are zero makes it slower.
    return np.asarray(cv2.dft(whole), dtype=np.float32)


def _correlate(seen: list[FloatArray], responses: list[FloatArray]) -> FloatArray:
    """Return the tile that belongs to the sum of products of spectra."""
    terms = (
        cv2.mulSpectrums(spectrum, response, 0, conjB=True)
        for spectrum, response in zip(seen, responses, strict=True)
    )
    total = next(terms)
    for term in terms:
        cv2.add(total, term, total)
    return np.asarray(cv2.dft(total, flags=_INVERSE), dtype=np.float32)
