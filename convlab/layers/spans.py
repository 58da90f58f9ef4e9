"""What the units of a layer see of the picture, given what the units of its inputs see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from convlab.engine.receptive_field import Span
from convlab.layers.base import Layer, Shape
from convlab.layers.summary import Fields

Spans: TypeAlias = tuple[Span, Span] | None
"""Along rows and columns; None: each unit sees all."""

PICTURE: Spans = (Span.of_picture(), Span.of_picture())


def spans_after(layer: Layer, shapes: Sequence[Shape], below: Sequence[Spans]) -> Spans:
    """Return what the units of a layer's result see.

    Args:
        layer: Any.
        shapes: Of its inputs.
        below: What the units of its inputs see.
    """
    if layer.sees_all:
        return None
    spans = below[0]
    for other in below[1:]:
        spans = _beside(spans, other)
    axes = layer.axes(shapes[0]) if spans is not None else None
    if spans is None or axes is None:
        return spans
    return spans[0].after(axes[0]), spans[1].after(axes[1])


def fields_of(spans: Spans) -> Fields | None:
    """Return the receptive fields along rows and columns."""
    return None if spans is None else (spans[0].field, spans[1].field)


def _beside(one: Spans, other: Spans) -> Spans:
    if one is None or other is None:
        return None
    rows, columns = one[0].beside(other[0]), one[1].beside(other[1])
    return None if rows is None or columns is None else (rows, columns)
