"""How much memory all maps of a stack take, and how much they may."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator

from convlab.layers.base import Shape
from convlab.layers.graph import Graph

VALUE = 4  # a float32 [bytes]
MB = 2**20  # [bytes]
GB = 2**30  # [bytes]
MOST = GB
AT_ONCE = 4
"""The machine has so many times what the maps may take: while new ones are computed those on the
screen are still there, and others are on their way."""


def maps_bytes(graph: Graph, shape: Shape) -> int:
    """Return what the picture and every layer's result take together [bytes], as float32.

    >>> from convlab.layers import Conv2d
    >>> from convlab.layers.graph import chain
    >>> maps_bytes(Graph(chain([Conv2d(3, 6, 5)])), (3, 32, 32))  # 4 (3·32·32 + 6·28·28)
    31104

    Args:
        graph: The layers; those that are off are left out.
        shape: Of the picture, ``(C, H, W)``.

    Raises:
        ValueError: If a layer does not fit; the message names it.
    """
    return VALUE * sum(map(math.prod, graph.shapes(shape).values()))


def largest_allowed() -> int:
    """Return how much all maps may take [bytes]: a quarter of the machine's, 1 GB at most."""
    return min(MOST, _machine_memory() // AT_ONCE)


def check_memory(graph: Graph, shape: Shape, allowed: int | None = None) -> None:
    """Reject layers whose maps would take too much memory.

    Args:
        graph: The layers.
        shape: Of the picture, ``(C, H, W)``.
        allowed: How much they may take [bytes]. None: ``largest_allowed()``.

    Raises:
        ValueError: With both figures, and the largest picture of that aspect that would do; or if
            a layer does not fit.
    """
    limit = largest_allowed() if allowed is None else allowed
    needed = maps_bytes(graph, shape)
    if needed > limit:
        figures = " GB, more than the ".join(_in_gigabytes(needed, limit))
        remedy = _remedy(_fitting_size(graph, shape, limit))
        raise ValueError(f"These maps would need {figures} GB allowed: {remedy}.")


def _machine_memory() -> int:
    """Return the memory of the machine [bytes]; where nobody knows, what allows the most."""
    try:
        pages, page = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # not POSIX, or a name that it does not have
        return AT_ONCE * MOST
    return pages * page if pages > 0 and page > 0 else AT_ONCE * MOST


def _in_gigabytes(needed: int, limit: int) -> tuple[str, str]:
    """Write both figures with as many digits as tell them apart."""
    for digits in range(1, 9):
        texts = f"{needed / GB:.{digits}f}", f"{limit / GB:.{digits}f}"
        if texts[0] != texts[1] and float(texts[1]) > 0:
            break
    first, second = (text.rstrip("0").rstrip(".") for text in texts)
    return first, second


def _remedy(size: tuple[int, int] | None) -> str:
    if size is None:
        return "choose fewer maps"
    return f"choose an input of {size[1]} × {size[0]} or fewer maps"


def _fitting_size(graph: Graph, shape: Shape, limit: int) -> tuple[int, int] | None:
    """Return the largest smaller (rows, columns) of about the same aspect that fits, or None."""
    for size in _smaller_sizes(shape):
        try:
            if maps_bytes(graph, (shape[0], *size)) <= limit:
                return size
        except ValueError:  # too small for a kernel, or a linear layer takes one size only
            return None
    return None


def _smaller_sizes(shape: Shape) -> Iterator[tuple[int, int]]:
    """Give (rows, columns) from large to small, the longer side in round numbers [px]."""
    longest = max(shape[1:])
    side = longest
    while side > 1:
        step = 32 if side > 256 else 8 if side > 64 else 1
        side = (side - 1) // step * step
        rows, columns = (max(1, round(length * side / longest)) for length in shape[1:])
        yield rows, columns
