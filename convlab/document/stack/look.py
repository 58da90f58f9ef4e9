"""What is behind the unit pointed at: its arithmetic, its path, its map and its gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from convlab.document.painted import DEFAULT_STYLE, Painted, SignedStyle, paint
from convlab.document.stack.activity import MapStatistics, statistics_of
from convlab.document.stack.arithmetic import Detail, Probabilities
from convlab.document.stack.column import MapColumn
from convlab.document.stack.detail import unit_detail
from convlab.document.stack.incoming import Below, Incoming, incoming, laid_out_from
from convlab.document.stack.map_range import signed_scale
from convlab.document.stack.marks import FoundBox
from convlab.document.stack.model import StackViewing, Unit
from convlab.document.stack.path import Box, unit_path
from convlab.document.stack.tiles import Shades
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.display import DisplayMode, Scale
from convlab.layers.base import Shape
from convlab.layers.graph import INPUT, Graph
from convlab.learn.unit_gradient import unit_gradient


@dataclass(frozen=True, slots=True, eq=False)
class UnitLook:
    """Everything about one unit.

    Attributes:
        unit: The unit, inside its map.
        value: Its value.
        map_size: (rows, columns) of its map; (1, 1) in a vector.
        detail: How that came about; None for the picture itself.
        sources: uids of what its layer takes, in order; none for the picture itself.
        boxes: What it is made from, by uid, itself included; None where that is padding only.
        input: The picture in full; None unless the unit is pinned.
        map: The unit's map in full; None unless the unit is pinned.
        gradient: Of the unit with respect to the picture, painted where it is not zero; None unless
            wanted.
        incoming: What comes into the unit's map; None unless it is pinned, and of the picture.
        statistics: Of the unit's map; None unless the unit is pinned.
        name: Of the class that the unit stands for; empty if it stands for none.
        found: What a map finds in the picture; none unless the unit is of that.
    """

    unit: Unit
    value: float
    map_size: tuple[int, int]
    detail: Detail | None
    sources: tuple[int, ...]
    boxes: dict[int, Box | None]
    input: Painted | None = None
    map: Painted | None = None
    gradient: Painted | None = None
    incoming: Incoming | None = None
    statistics: MapStatistics | None = None
    name: str = ""
    found: tuple[FoundBox, ...] = ()


def look_at(
    viewing: StackViewing,
    graph: Graph,
    results: Mapping[int, FloatArray],
    columns: Mapping[int, MapColumn],
    shades: Shades,
    style: SignedStyle = DEFAULT_STYLE,
) -> UnitLook | None:
    """Return what is behind the unit pointed at, in full if it is pinned; None if it is not there.

    Args:
        viewing: Its unit is kept inside its map.
        graph: The layers that ran; all are on.
        results: The picture, and what each layer gave, by uid.
        columns: The same as maps.
        shades: How the picture is painted.
        style: How maps are painted.
    """
    if viewing.unit is None or viewing.unit.uid not in results:
        return None
    shapes = {uid: result.shape for uid, result in results.items()}
    uid = viewing.unit.uid
    unit = inside(viewing.unit, shapes[uid])
    node = graph[uid] if uid != INPUT else None
    given = [] if node is None else [results[source] for source in node.inputs]
    look = UnitLook(
        unit,
        float(results[uid][place(unit, shapes[uid])]),
        (*shapes[uid][1:], 1, 1)[:2],
        None if node is None else unit_detail(node.layer, given, results[uid], unit),
        () if node is None else node.inputs,
        unit_path(graph, shapes, unit),
    )
    look = _with_name(look, columns[uid].names)
    if not viewing.pinned:
        return look
    look = _with_pictures(look, columns[INPUT], columns[uid], shades, style)
    if node is None:
        return look
    if viewing.wants_gradient:
        look = replace(look, gradient=_gradient(look, graph, results, style))
    assert look.map is not None
    below = [_below(graph, results, columns[source], shades) for source in node.inputs]
    at = place(unit, shapes[uid])
    come = incoming(node.layer, below, at, viewing.channels, look.map.scale, style)
    return replace(look, incoming=come)


def _below(
    graph: Graph, results: Mapping[int, FloatArray], column: MapColumn, shades: Shades
) -> Below:
    """Return maps that a layer takes."""
    uids = [*(node.uid for node in graph.path(column.uid))]
    layers = [graph[uid].layer for uid in uids]
    shape = laid_out_from(layers, [results[uid].shape for uid in (INPUT, *uids)])
    is_picture = column.uid == INPUT
    return Below(results[column.uid], shape, column.scales, shades if is_picture else None)


def _with_name(look: UnitLook, names: tuple[str, ...]) -> UnitLook:
    """Return the look with the name of its class, and in a softmax those of all others."""
    if not names:
        return look
    detail = look.detail
    if isinstance(detail, Probabilities):
        detail = replace(detail, names=names)
    return replace(look, detail=detail, name=names[look.unit.channel])


def _with_pictures(
    look: UnitLook, first: MapColumn, column: MapColumn, shades: Shades, style: SignedStyle
) -> UnitLook:
    """Return the look with the picture and the unit's map in full."""
    tile = column.place_of(look.unit)[0]
    plane = column.maps[tile : tile + 1]
    scale = column.scales[tile] if column.scales else None
    map_ = signed(plane, style, scale)
    if look.unit.uid == INPUT:
        map_ = picture(plane, Shades((shades.scales[tile],)))
    statistics = statistics_of(column.values[tile], map_.scale)
    return replace(look, input=picture(first.maps, shades), map=map_, statistics=statistics)


def _gradient(
    look: UnitLook, graph: Graph, results: Mapping[int, FloatArray], style: SignedStyle
) -> Painted:
    """Return the gradient of the unit with respect to the picture, as one plane.

    Its channels are added up, so that the sign tells whether more light raises the unit.
    """
    x, uid = results[INPUT], look.unit.uid
    found = unit_gradient(graph, results, uid, place(look.unit, results[uid].shape))
    whole = frozen(found.full(x.shape).sum(axis=0, keepdims=True))
    part = whole if found.is_empty else found.values.sum(axis=0, keepdims=True)
    corner = (0, 0) if found.is_empty else found.corner
    return replace(signed(part, style), planes=whole, origin=corner)


def inside(unit: Unit, shape: Shape) -> Unit:
    """Keep a unit in its map when that has shrunk under it."""
    sizes = (*shape, 1, 1)[:3]
    at = (unit.channel, unit.row, unit.column)
    channel, row, column = (min(max(i, 0), n - 1) for i, n in zip(at, sizes, strict=True))
    return Unit(unit.uid, channel, row, column)


def place(unit: Unit, shape: Shape) -> tuple[int, ...]:
    """Return the index of a unit in its layer's result."""
    return (unit.channel, unit.row, unit.column)[: len(shape)]


def picture(planes: FloatArray, shades: Shades) -> Painted:
    """Paint a picture as it is seen, or one of its channels in grey."""
    colors = frozen(shades.colored(shades.levels(planes)))
    return Painted(colors, frozen(planes), DisplayMode.CLIPPED, shades.scales[0])


def signed(plane: AnyArray, style: SignedStyle, scale: Scale | None = None) -> Painted:
    """Paint a map in signed colours, in a range of its own unless one is given."""
    plane = np.ascontiguousarray(plane, np.float32)
    scale = scale or signed_scale(plane, style.curve)
    return paint(plane, DisplayMode.SIGNED, scale, style.palette)
