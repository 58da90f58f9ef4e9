"""The table of a stack: sizes, windows, parameters, operations, receptive fields, memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from convlab.document.stack.sums import sliding_windows
from convlab.engine.counts import Cost
from convlab.engine.window import Layer as AxisLayer
from convlab.layers import (
    GlobalAvgPool2d,
    Layer,
    LayerSummary,
    PixelShuffle,
    Stack,
    Upsample,
    ZeroPad2d,
)
from convlab.layers.base import Shape
from convlab.layers.fitting import check
from convlab.layers.graph import Graph, chain
from convlab.layers.memory import MB, VALUE
from convlab.layers.summary import Fields

DASH = "–"
HEADERS = (
    "layer",
    "n_h × n_w × n_c",
    "f",
    "p",
    "s",
    "weights",
    "biases",
    "parameters",
    "MACs",
    "RF",
    "cum. s",
    "MB",
)
"""The columns, in the symbols of the learning texts; ``texts`` and ``plain`` have the same."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. None and a dash: not known, because a layer below does not fit.

    Attributes:
        title: The layer with its number, the input, or the total.
        shape: Of the result, ``(C, H, W)`` or ``(F,)``. None also for the total.
        filter: Rows × columns of the window, one number if they are equal, in cells.
        padding: Around the input [px].
        stride: Of the window [px].
        cost: Parameters and operations for one picture.
        field: Rows × columns of the receptive field in the picture [px], or "all".
        field_stride: Cumulative stride: between the fields of neighbouring units [px].
        map_bytes: Memory of the maps [bytes].
    """

    title: str
    shape: Shape | None = None
    filter: str = DASH
    padding: str = DASH
    stride: str = DASH
    cost: Cost | None = None
    field: str = DASH
    field_stride: str = DASH
    map_bytes: int | None = None


def rows(
    input_shape: Shape,
    layers: Sequence[Layer],
    names: Sequence[str],
    summaries: Sequence[LayerSummary] | None = None,
) -> list[Row]:
    """Return the input's row, one row per layer, and the total.

    Args:
        input_shape: Of the picture, ``(C, H, W)``.
        layers: From the picture upwards.
        names: What a person calls each layer; the number is put before it.
        summaries: Of the layers that fit, as ``known_summaries`` gives them. None: work them out.
    """
    if summaries is None:
        summaries = known_summaries(input_shape, layers)
    titles = [f"{number}  {name}" for number, name in enumerate(names, 1)]
    known = [
        _layer_row(title, layer, summary)
        for title, layer, summary in zip(titles, layers, summaries, strict=False)
    ]
    first = Row(
        "Input", input_shape, field="1 × 1", field_stride="1", map_bytes=_bytes(input_shape)
    )
    unknown = [Row(title) for title in titles[len(known) :]]
    return [first, *known, *unknown, _total_row([first, *known], bool(unknown))]


def known_summaries(input_shape: Shape, layers: Sequence[Layer]) -> list[LayerSummary]:
    """Return what each layer is, up to the first that does not fit."""
    _, misfit = check(Graph(chain(layers)), input_shape)
    fitting = layers if misfit is None else layers[: misfit.uid - 1]
    return Stack(fitting).summary(input_shape)


def texts(row: Row) -> tuple[str, ...]:
    """Return the row as it is read, with thousands marked; one text per header."""
    weights, biases, parameters, multiply_adds = (
        DASH if number is None else f"{number:,}" for number in _numbers(row.cost)
    )
    return (
        row.title,
        size_text(row.shape),
        row.filter,
        row.padding,
        row.stride,
        weights,
        biases,
        parameters,
        multiply_adds,
        row.field,
        row.field_stride,
        DASH if row.map_bytes is None else megabytes(row.map_bytes),
    )


def plain(row: Row) -> tuple[str, ...]:
    """Return the row for other programs: numbers without marks and in full."""
    numbers = ("" if number is None else str(number) for number in _numbers(row.cost))
    size = "" if row.map_bytes is None else f"{row.map_bytes / MB:.9g}"
    between = row.filter, row.padding, row.stride
    found = row.title, size_text(row.shape), *between, *numbers, row.field, row.field_stride, size
    return tuple("" if text == DASH else text for text in found)


def as_tsv(table: Sequence[Row]) -> str:
    """Return the table with its headers, columns parted by tabs, for a spreadsheet."""
    return "\n".join("\t".join(line) for line in (HEADERS, *map(plain, table))) + "\n"


def size_text(shape: Shape | None) -> str:
    """Return rows × columns × channels, or the length of a vector."""
    if shape is None:
        return DASH
    return " × ".join(f"{number:,}" for number in (*shape[1:], shape[0]))


def megabytes(size: int) -> str:
    """Write bytes as MB (1,048,576 bytes) with two decimals; what is less is no zero."""
    return "< 0.01" if 0 < size < 0.01 * MB else f"{size / MB:,.2f}"


def _layer_row(title: str, layer: Layer, summary: LayerSummary) -> Row:
    return Row(
        title,
        summary.shape,
        *_window_texts(layer, summary.input_shape),
        summary.cost,
        *_field_texts(summary.fields, is_map=len(summary.shape) == 3),
        _bytes(summary.shape),
    )


def _total_row(known: Sequence[Row], cut: bool) -> Row:
    """Add up for m = 1 picture; where a layer does not fit, only what is before it."""
    return Row(
        "Total so far" if cut else "Total (m = 1)",
        cost=sum((row.cost for row in known if row.cost), Cost()),
        map_bytes=sum(row.map_bytes or 0 for row in known),
    )


def _numbers(cost: Cost | None) -> tuple[int | None, ...]:
    if cost is None:
        return None, None, None, None
    return cost.weights, cost.biases, cost.parameters, cost.multiply_adds


def _bytes(shape: Shape) -> int:
    return VALUE * math.prod(shape)


def _window_texts(layer: Layer, shape: Shape) -> tuple[str, str, str]:
    """Return filter size, padding and stride, or dashes where nothing slides."""
    axes = sliding_windows(layer, shape)
    if axes is None or isinstance(layer, Upsample | PixelShuffle):
        return DASH, DASH, DASH
    rows, columns = axes
    size = _both(rows.kernel, columns.kernel)
    if max(rows.dilation, columns.dilation) > 1:
        size += f", d {_both(rows.dilation, columns.dilation)}"
    if isinstance(layer, ZeroPad2d):
        return DASH, _both(_sides(rows), _sides(columns)), DASH
    if isinstance(layer, GlobalAvgPool2d):  # it stands in one place only
        return size, "0", DASH
    return size, _both(_sides(rows), _sides(columns)), _both(rows.stride, columns.stride)


def _sides(axis: AxisLayer) -> str:
    return str(axis.before) if axis.before == axis.after else f"{axis.before}+{axis.after}"


def _field_texts(fields: Fields | None, is_map: bool) -> tuple[str, str]:
    """Return receptive field and cumulative stride; values of a vector do not lie side by side."""
    if fields is None:
        return "all", DASH
    rows, columns = fields
    stride = _both(rows.stride, columns.stride) if is_map else DASH
    return f"{rows.size:,} × {columns.size:,}", stride


def _both(rows: object, columns: object) -> str:
    """Return one text where both directions have the same."""
    return str(rows) if rows == columns else f"{rows} × {columns}"
