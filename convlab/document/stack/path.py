"""The path of a unit: which part of every map before it the unit is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from convlab.document.stack.model import Unit
from convlab.engine.receptive_field import Interval
from convlab.layers import Flatten, Layer
from convlab.layers.base import Shape
from convlab.layers.graph import Graph


class Box(NamedTuple):
    """A part of a layer's result: maps, rows and columns, both ends included.

    A vector has its values as channels, and one row and column.
    """

    channels: Interval
    rows: Interval
    columns: Interval

    @classmethod
    def of(cls, unit: Unit) -> Box:
        """Return the box of a single unit."""
        at = (unit.channel, unit.row, unit.column)
        return cls(*(Interval(index, index) for index in at))


def unit_path(graph: Graph, shapes: Mapping[int, Shape], unit: Unit) -> dict[int, Box | None]:
    """Return what a unit is made from.

    Args:
        graph: The layers.
        shapes: Of the picture and of each node's result, by uid.
        unit: Of the result of a node that is on, or of the picture.

    Returns:
        A box for each node that the unit is made from, and for the picture, by uid: itself first.
        Where branches meet it holds what both need. None: made from padding only.
    """
    found: dict[int, Box | None] = {unit.uid: Box.of(unit)}
    for node in reversed(graph.active):
        if node.uid not in found:
            continue
        box, sources = found[node.uid], graph.sources(node)
        given = [shapes[uid] for uid in sources]
        for place, uid in enumerate(sources):
            part = None if box is None else _below(node.layer, given, place, box)
            found[uid] = _around(found.get(uid), part)
    return found


def _below(layer: Layer, shapes: Sequence[Shape], place: int, box: Box) -> Box | None:
    """Return the part of one of a layer's inputs from which a box of its result is made."""
    shape = shapes[place]
    if isinstance(layer, Flatten):
        return _unfolded(shape, box)
    maps = layer.maps_met_in(place, *box.channels, shapes)
    if not maps:
        return None
    channels = Interval(maps.start, maps.stop - 1)
    if layer.sees_all:
        return _whole(shape)._replace(channels=channels)
    axes = layer.axes(shape) if len(shape) == 3 else None
    if axes is None:
        return Box(channels, *_repeated(shape, box))
    spans = []
    for axis, span, size in zip(axes, (box.rows, box.columns), shape[1:], strict=True):
        met = axis.inputs(np.arange(span.first, span.last + 1))
        met = met[(met >= 0) & (met < size)]
        if not met.size:
            return None
        spans.append(Interval(int(met[0]), int(met[-1])))
    return Box(channels, *spans)


def _repeated(shape: Shape, box: Box) -> tuple[Interval, Interval]:
    """Return rows and columns of a map of which a value stands in the same place, or in all."""
    last = (*(size - 1 for size in shape[1:]), 0, 0)
    rows, columns = (
        Interval(min(span.first, end), min(span.last, end))
        for span, end in zip((box.rows, box.columns), last, strict=False)
    )
    return rows, columns


def _around(one: Box | None, other: Box | None) -> Box | None:
    """Return the smallest box that holds both."""
    if one is None or other is None:
        return one or other
    spans = (
        Interval(min(a.first, b.first), max(a.last, b.last))
        for a, b in zip(one, other, strict=True)
    )
    return Box(*spans)


def _whole(shape: Shape) -> Box:
    return Box(*(Interval(0, size - 1) for size in (*shape, 1, 1)[:3]))


def _unfolded(shape: Shape, box: Box) -> Box:
    """Return where values of a flattened picture lie in it; for several a box around them."""
    if len(shape) == 1:
        return box
    _, height, width = shape
    first, last = (divmod(index, height * width) for index in box.channels)
    if first[0] != last[0]:
        return Box(Interval(first[0], last[0]), Interval(0, height - 1), Interval(0, width - 1))
    rows = Interval(first[1] // width, last[1] // width)
    if rows.length > 1:
        return Box(Interval(first[0], first[0]), rows, Interval(0, width - 1))
    return Box(Interval(first[0], first[0]), rows, Interval(first[1] % width, last[1] % width))
