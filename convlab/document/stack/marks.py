"""What a map finds, marked on the picture: boxes around what makes it exceed a threshold.

A value of a map is made from a part of the picture, its receptive field; that is the box. A second
layer may say by how much each side of it lies off, as the networks of K. Zhang and others, Joint
Face Detection and Alignment Using Multitask Cascaded Convolutional Networks, 2016, do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from convlab.document.stack.column import MapColumn
from convlab.document.stack.model import Marks, Unit
from convlab.document.stack.path import Box, unit_path
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.cv import cv2
from convlab.layers.graph import INPUT, Graph

MOST = 32
"""Boxes that are drawn at most."""

OVERLAP = 0.3  # boxes that share more of their union are of one thing
_CANDIDATES = 512  # the strongest values of a map that are looked at
_INK = (60, 220, 255, 255)  # BGRA: seen on light and dark pictures


class FoundBox(NamedTuple):
    """One thing that was found.

    Attributes:
        left: Of the box in the picture that entered [px]; so are the others.
        top: First row.
        right: Behind the last column.
        bottom: Behind the last row.
        value: Of the map there.
    """

    left: float
    top: float
    right: float
    bottom: float
    value: float


def find_boxes(
    marks: Marks, graph: Graph, results: Mapping[int, FloatArray]
) -> tuple[FoundBox, ...]:
    """Return what a map finds, the strongest first; none where it is not there, or is none.

    Args:
        marks: Which map, and how strong it must be.
        graph: The layers that ran.
        results: The picture and what each layer gave, by uid.
    """
    result = None if marks.uid == INPUT else results.get(marks.uid)
    if result is None or result.ndim != 3 or marks.channel >= len(result):
        return ()
    scores = result[marks.channel]
    rows, columns = np.nonzero(scores > marks.threshold)
    values = scores[rows, columns]
    strongest = np.argsort(-values, kind="stable")[:_CANDIDATES]
    rows, columns, values = rows[strongest], columns[strongest], values[strongest]
    if not values.size:
        return ()
    boxes = _fields(marks, graph, results, rows, columns)
    offsets = results.get(marks.offsets) if marks.offsets else None
    if offsets is not None and offsets.shape == (4, *scores.shape):
        sizes = boxes[:, [2, 3, 2, 3]] - boxes[:, [0, 1, 0, 1]]
        boxes = boxes + offsets[:, rows, columns].T * sizes
    kept = _separate(boxes)
    return tuple(FoundBox._make((*boxes[at].tolist(), float(values[at]))) for at in kept)


def with_boxes(column: MapColumn, boxes: tuple[FoundBox, ...]) -> MapColumn:
    """Return the column of the picture with boxes drawn on it."""
    if column.tiles is None or not boxes:
        return column
    tiles = column.tiles.copy()
    height, width = tiles.shape[1:3]
    down, across = height / column.maps.shape[1], width / column.maps.shape[2]
    for box in boxes:
        first = round(box.left * across), round(box.top * down)
        last = round(box.right * across) - 1, round(box.bottom * down) - 1
        cv2.rectangle(tiles[0], first, last, _INK, 1)
    return replace(column, tiles=frozen(tiles))


def _fields(
    marks: Marks,
    graph: Graph,
    results: Mapping[int, FloatArray],
    rows: AnyArray,
    columns: AnyArray,
) -> AnyArray:
    """Return left, top, right and bottom of what values of a map are made from, ``(N, 4)``.

    They lie like those of two neighbours in the middle of the map, where padding is far.
    """
    shapes = {uid: each.shape for uid, each in results.items()}
    _, *sizes = shapes[marks.uid]
    middle = [(size - 1) // 2 for size in sizes]
    places = middle, [min(at + 1, size - 1) for at, size in zip(middle, sizes, strict=True)]
    units = (Unit(marks.uid, marks.channel, *place) for place in places)
    fields = [_corner(unit_path(graph, shapes, unit).get(INPUT)) for unit in units]
    (first, size), (second, _) = fields
    corners = first + (np.stack([columns, rows], axis=1) - middle[::-1]) * (second - first)
    return np.concatenate([corners, corners + size], axis=1)


def _corner(box: Box | None) -> tuple[AnyArray, AnyArray]:
    """Return (left, top) of a box and its (width, height)."""
    if box is None:
        return np.zeros(2), np.zeros(2)
    spans = box.columns, box.rows
    return np.array([span.first for span in spans]), np.array([span.length for span in spans])


def _separate(boxes: AnyArray) -> list[int]:
    """Return numbers of boxes, the strongest first, none of which covers much of another."""
    kept: list[int] = []
    areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0.0), axis=1)
    for number, box in enumerate(boxes):
        others = boxes[kept]
        inner = np.minimum(others[:, 2:], box[2:]) - np.maximum(others[:, :2], box[:2])
        shared = np.prod(np.maximum(inner, 0.0), axis=1)
        union = areas[kept] + areas[number] - shared
        if areas[number] > 0.0 and not (shared > OVERLAP * union).any():
            kept.append(number)
        if len(kept) == MOST:
            break
    return kept
