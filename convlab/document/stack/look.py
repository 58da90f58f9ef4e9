"""What is behind the unit pointed at: its arithmetic, its path, its map and its gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from convlab.document.painted import Painted, paint
from convlab.document.stack.arithmetic import Detail, Probabilities
from convlab.document.stack.column import MapColumn
from convlab.document.stack.detail import unit_detail
from convlab.document.stack.model import INPUT, Slot, Unit
from convlab.document.stack.parts import Parts, take_apart
from convlab.document.stack.path import Box, unit_path
from convlab.document.stack.tiles import map_scale
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.display import DisplayMode, Scale
from convlab.layers import Conv2d
from convlab.layers.base import Shape
from convlab.learn.unit_gradient import unit_gradient


@dataclass(frozen=True, slots=True, eq=False)
class UnitLook:
    """Everything about one unit.

    Attributes:
        unit: The unit, inside its map.
        value: Its value.
        map_size: (rows, columns) of its map; (1, 1) in a vector.
        detail: How that came about; None for the picture itself.
        boxes: What it is made from, by uid, itself included; None where that is padding only.
        input: The picture in full; None unless the unit is pinned.
        map: The unit's map in full; None unless the unit is pinned.
        gradient: Of the unit with respect to the picture, painted where it is not zero; None unless
            wanted.
        parts: What each channel adds to the unit's map; None unless wanted, and of a convolution.
        name: Of the class that the unit stands for; empty if it stands for none.
    """

    unit: Unit
    value: float
    map_size: tuple[int, int]
    detail: Detail | None
    boxes: dict[int, Box | None]
    input: Painted | None = None
    map: Painted | None = None
    gradient: Painted | None = None
    parts: Parts | None = None
    name: str = ""


def look_at(
    unit: Unit,
    slots: Sequence[Slot],
    x: FloatArray,
    results: Sequence[FloatArray],
) -> UnitLook | None:
    """Return what is behind a unit; None if its layer is not there.

    Args:
        unit: Any; it is kept inside its map.
        slots: The layers that ran.
        x: The picture.
        results: What each layer gave.
    """
    values = (x, *results)
    index = next((n for n, slot in enumerate((None, *slots)) if _uid(slot) == unit.uid), None)
    if index is None or index >= len(values):
        return None
    unit = inside(unit, values[index].shape)
    shapes = [value.shape for value in values[: index + 1]]
    layers = [slot.layer for slot in slots[:index]]
    boxes = unit_path(layers, shapes, unit)
    uids = (INPUT, *(slot.uid for slot in slots[:index]))
    detail = None
    if index:
        detail = unit_detail(layers[-1], values[index - 1], values[index], unit)
    value = float(values[index][place(unit, values[index].shape)])
    rows, columns = (*shapes[-1][1:], 1, 1)[:2]
    return UnitLook(unit, value, (rows, columns), detail, dict(zip(uids, boxes, strict=True)))


def with_name(look: UnitLook, names: Sequence[str]) -> UnitLook:
    """Return the look with the name of its class, and in a softmax those of all others.

    Args:
        look: Of a unit.
        names: Of the values of its layer; none if they are no classes.
    """
    if not names:
        return look
    detail = look.detail
    if isinstance(detail, Probabilities):
        detail = replace(detail, names=tuple(names))
    return replace(look, detail=detail, name=names[look.unit.channel])


def with_pictures(look: UnitLook, columns: Sequence[MapColumn], white: float) -> UnitLook:
    """Return the look with the picture and the unit's map in full."""
    column = next(column for column in columns if column.uid == look.unit.uid)
    tile = column.place_of(look.unit)[0]
    plane = column.maps[tile : tile + 1]
    scale = column.scales[tile] if column.scales else None
    map_ = picture(plane, white) if look.unit.uid == INPUT else signed(plane, scale)
    return replace(look, input=picture(columns[0].maps, white), map=map_)


def with_gradient(
    look: UnitLook, slots: Sequence[Slot], x: FloatArray, results: Sequence[FloatArray]
) -> UnitLook:
    """Return the look with the gradient of the unit with respect to the picture, as one plane.

    Its channels are added up, so that the sign tells whether more light raises the unit.
    """
    count = 1 + next(n for n, slot in enumerate(slots) if slot.uid == look.unit.uid)
    layers = [slot.layer for slot in slots[:count]]
    at = place(look.unit, results[count - 1].shape)
    found = unit_gradient(layers, x, results[:count], at)
    whole = frozen(found.full(x.shape).sum(axis=0, keepdims=True))
    part = whole if found.is_empty else found.values.sum(axis=0, keepdims=True)
    corner = (0, 0) if found.is_empty else found.corner
    return replace(look, gradient=replace(signed(part), planes=whole, origin=corner))


def with_parts(
    look: UnitLook, slots: Sequence[Slot], x: FloatArray, results: Sequence[FloatArray]
) -> UnitLook:
    """Return the look with what each channel adds to the unit's map, if a convolution made it."""
    index = next(n for n, slot in enumerate(slots) if slot.uid == look.unit.uid)
    layer = slots[index].layer
    if not isinstance(layer, Conv2d):
        return look
    before = results[index - 1] if index else x
    output = look.unit.channel
    return replace(look, parts=take_apart(layer, before, results[index][output], output))


def inside(unit: Unit, shape: Shape) -> Unit:
    """Keep a unit in its map when that has shrunk under it."""
    sizes = (*shape, 1, 1)[:3]
    at = (unit.channel, unit.row, unit.column)
    channel, row, column = (min(max(i, 0), n - 1) for i, n in zip(at, sizes, strict=True))
    return Unit(unit.uid, channel, row, column)


def place(unit: Unit, shape: Shape) -> tuple[int, ...]:
    """Return the index of a unit in its layer's result."""
    return (unit.channel, unit.row, unit.column)[: len(shape)]


def picture(planes: FloatArray, white: float) -> Painted:
    """Paint a picture as it is, or one of its channels in grey."""
    return paint(planes, DisplayMode.CLIPPED, Scale(0.0, white))


def signed(plane: AnyArray, scale: Scale | None = None) -> Painted:
    """Paint a map in signed colours, in a range of its own unless one is given."""
    plane = np.ascontiguousarray(plane, np.float32)
    return paint(plane, DisplayMode.SIGNED, scale or map_scale(plane))


def _uid(slot: Slot | None) -> int:
    return INPUT if slot is None else slot.uid
