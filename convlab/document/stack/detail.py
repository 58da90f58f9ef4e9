"""How the value of one unit came about, for every kind of layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from convlab.document.stack.arithmetic import (
    Choice,
    Copy,
    Curve,
    Detail,
    Mixture,
    Pooling,
    Probabilities,
    Products,
    TransposedProducts,
    WeightedSum,
)
from convlab.document.stack.detail_branches import merged, scaled, sliced
from convlab.document.stack.detail_norm import batch_normalised, group_normalised, weakened
from convlab.document.stack.model import Unit
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.border import Border, sources
from convlab.engine.shapes import pair
from convlab.engine.upsample import Upsampling, by_factor, neighbours
from convlab.engine.window import IndexArray, TransposedWindow, Window
from convlab.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    GroupNorm,
    Layer,
    LayerNorm2d,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    PixelShuffle,
    PReLU,
    Softmax,
    Upsample,
    ZeroPad2d,
)
from convlab.layers.activation import Activation
from convlab.layers.channels import Affine, ChannelSlice
from convlab.layers.filters import inputs_of
from convlab.layers.merge import Merge
from convlab.networks.foreign import OnnxNode

SAMPLES = 121  # of a function's graph: odd, so that the bend at 0 is one of them


def unit_detail(
    layer: Layer, inputs: Sequence[FloatArray], y: FloatArray, unit: Unit
) -> Detail | None:
    """Return the arithmetic behind one unit of a layer's result; None: nobody knows it.

    Args:
        layer: What was computed.
        inputs: What it took, float32 ``(C, H, W)`` or ``(F,)`` each.
        y: Its result, float32.
        unit: A place in ``y``; its uid is not looked at.

    Raises:
        ValueError: If the result has no such unit, or the layer is of an unknown kind.
    """
    place = unit_place(y.shape, unit)
    if isinstance(layer, OnnxNode):
        return None
    if isinstance(layer, Merge):
        return merged(layer, inputs, y, place)
    detail = next((_DETAILS[kind] for kind in type(layer).__mro__ if kind in _DETAILS), None)
    if detail is None:
        raise ValueError(f"The arithmetic of a {layer.kind} layer is not known: point at another.")
    with np.errstate(all="ignore"):  # an infinity and its opposite make NaN by right
        return detail(layer, inputs[0], y, place)


def unit_place(shape: tuple[int, ...], unit: Unit) -> tuple[int, ...]:
    """Return a unit's index in a result of that shape.

    Raises:
        ValueError: If there is no such unit.
    """
    place = (unit.channel, unit.row, unit.column)
    sizes = (*shape, 1, 1)[:3]
    if not all(0 <= at < size for at, size in zip(place, sizes, strict=True)):
        raise ValueError(f"Unit {place} does not exist: the result has the shape {shape}.")
    return place[: len(shape)]


def products(layer: Conv2d, x: FloatArray, y: FloatArray, place: tuple[int, ...]) -> Products:
    """Return what a convolution adds up for one value of its result.

    Args:
        layer: The convolution.
        x: Its input ``(C, H, W)``.
        y: Its result.
        place: (channel, row, column) in the result.
    """
    channel, row, column = place
    down, across = layer.axes(x.shape)
    corner = row * down.stride - down.before, column * across.stride - across.before
    channels = inputs_of(layer, channel)
    cells = _cells(down, row), _cells(across, column)
    patch, padded = met(layer, x[channels.start : channels.stop], *cells)
    weight = layer.weight[channel]
    kernel = weight[:, ::-1, ::-1] if layer.flip else weight
    terms = patch * kernel
    return Products(
        channels=channels,
        corner=corner,
        step=(down.dilation, across.dilation),
        patch=frozen(patch),
        padded=frozen(padded),
        kernel=frozen(kernel.copy()),
        flipped=layer.flip,
        products=frozen(terms),
        partials=frozen(_partials(terms)),
        bias=_bias(layer, channel),
        result=float(y[place]),
    )


def met(
    layer: Conv2d, x: FloatArray, rows: IndexArray, columns: IndexArray
) -> tuple[FloatArray, AnyArray]:
    """Return what a layer's windows meet in some rows and columns, and where that is padding.

    Args:
        layer: The convolution.
        x: Maps of its input ``(C, H, W)``.
        rows: ``(n,)``; those in the padding are outside the maps.
        columns: ``(m,)``.

    Returns:
        The values ``(C, n, m)``, new, and True for each cell in the padding ``(n, m)``.
    """
    down, across = layer.axes(x.shape)
    own_rows = _sources(down, x.shape[1], rows, layer.border)
    own_columns = _sources(across, x.shape[2], columns, layer.border)
    values = x[:, own_rows[:, None], own_columns]
    own = np.logical_or.outer(own_rows < 0, own_columns < 0)
    values[:, own] = layer.value if layer.border == Border.CONSTANT else 0.0
    inside = [
        (at >= 0) & (at < size) for at, size in zip((rows, columns), x.shape[1:], strict=True)
    ]
    return values, ~np.logical_and.outer(*inside)


def _cells(axis: Window, at: int) -> IndexArray:
    """Return the pixels that a unit's window meets; those in the padding are outside the map."""
    return at * axis.stride - axis.before + axis.dilation * np.arange(axis.kernel)


def _sources(axis: Window, size: int, cells: IndexArray, border: str) -> IndexArray:
    """Return the pixels whose values some cells hold, -1 where the padding has its own."""
    found = sources(size, axis.before, axis.after, Border(border))
    return found[cells + axis.before]


def _partials(products: FloatArray) -> FloatArray:
    return np.asarray(products.sum((1, 2), dtype=np.float64), np.float32)


def _bias(layer: Conv2d | ConvTranspose2d | Linear, channel: int) -> float | None:
    return None if layer.offsets is None else float(layer.offsets[channel])


def _transposed_products(
    layer: ConvTranspose2d, x: FloatArray, y: FloatArray, place: tuple[int, ...]
) -> TransposedProducts:
    channel, row, column = place
    down, across = layer.axes(x.shape)
    rows, cell_rows = landing(down, x.shape[1], row)
    columns, cell_columns = landing(across, x.shape[2], column)
    channels = inputs_of(layer, channel)
    used = slice(channels.start, channels.stop)
    values = x[used, rows[:, None], columns]
    kernel = channel % (layer.out_channels // layer.groups)
    weights = layer.weight[used, kernel, cell_rows[:, None], cell_columns]
    products = values * weights
    return TransposedProducts(
        channels=channels,
        rows=frozen(rows),
        columns=frozen(columns),
        cell_rows=frozen(cell_rows),
        cell_columns=frozen(cell_columns),
        values=frozen(values),
        weights=frozen(weights),
        products=frozen(products),
        partials=frozen(_partials(products)),
        bias=_bias(layer, channel),
        result=float(y[place]),
    )


def landing(axis: TransposedWindow, size: int, at: int) -> tuple[IndexArray, IndexArray]:
    """Return the pixels that feed an output along one axis, rising, and by which cells."""
    cells = np.arange(axis.kernel)[::-1]
    places = at + axis.before - axis.dilation * cells
    pixels = places // axis.stride
    lands = (places % axis.stride == 0) & (pixels >= 0) & (pixels < size)
    return pixels[lands], cells[lands]


def _weighted_sum(
    layer: Linear, x: FloatArray, y: FloatArray, place: tuple[int, ...]
) -> WeightedSum:
    weights = layer.weight[place[0]]
    products = frozen(x * weights)
    bias, result = _bias(layer, place[0]), float(y[place])
    return WeightedSum(frozen(x[:]), weights, products, bias, result)


def _choice(
    layer: MaxPool2d | AvgPool2d | GlobalAvgPool2d | AdaptiveAvgPool2d,
    x: FloatArray,
    y: FloatArray,
    place: tuple[int, ...],
) -> Choice:
    channel, row, column = place
    plane, (down, across) = x[channel], layer.axes(x.shape)
    rows, columns = down.inputs(np.array([row])), across.inputs(np.array([column]))
    row_met, column_met = (
        (cells >= 0) & (cells < size)
        for cells, size in zip((rows, columns), plane.shape, strict=True)
    )
    inside = np.logical_and.outer(row_met, column_met)
    values = np.zeros(inside.shape, np.float32)
    values[inside] = plane[rows[row_met]][:, columns[column_met]].ravel()
    counted = _counted(layer, rows, columns, plane.shape, inside)
    best = _best(values, inside)
    return Choice(
        pooling=Pooling.LARGEST if isinstance(layer, MaxPool2d) else Pooling.MEAN,
        channel=channel,
        corner=(int(rows[0]), int(columns[0])),
        step=(down.dilation, across.dilation),
        values=frozen(values),
        inside=frozen(inside),
        counted=frozen(counted),
        best=best,
        largest=-math.inf if best is None else float(values[best]),
        mean=float(values[counted].mean(dtype=np.float64)) if counted.any() else math.nan,
        strided=_strided(plane, int(row * down.stride), int(column * across.stride)),
        result=float(y[place]),
    )


def _counted(
    layer: Layer, rows: IndexArray, columns: IndexArray, size: tuple[int, ...], inside: AnyArray
) -> AnyArray:
    """Return which cells of the window the mean is taken over."""
    if not (isinstance(layer, AvgPool2d) and layer.count_include_pad):
        return inside.copy()
    # What "ceil mode" adds lies beyond the padding, and is never counted.
    below, beside = pair(layer.padding, "padding", 0)
    return np.logical_and.outer(rows < size[0] + below, columns < size[1] + beside)


def _best(values: FloatArray, inside: AnyArray) -> tuple[int, int] | None:
    if not inside.any():
        return None
    hidden = np.where(inside, values, -np.inf)
    if np.isneginf(hidden.max()):
        hidden = inside.astype(np.float32)  # a value of -infinity is still before the padding
    row, column = np.unravel_index(int(hidden.argmax()), values.shape)
    return int(row), int(column)


def _strided(plane: FloatArray, row: int, column: int) -> float | None:
    if row >= plane.shape[0] or column >= plane.shape[1]:
        return None
    return float(plane[row, column])


def _curve(layer: Activation, x: FloatArray, y: FloatArray, place: tuple[int, ...]) -> Curve:
    """Sample the function up to a power of 2 beyond the value, so that its graph stands still."""
    value, result = float(x[place]), float(y[place])
    reach = layer.reach
    if math.isfinite(value):
        reach = max(reach, 2.0 ** math.ceil(math.log2(max(1.2 * abs(value), 1.0))))
    inputs = np.linspace(-reach, reach, SAMPLES, dtype=np.float32)
    return Curve(layer, value, result, frozen(inputs), frozen(layer.forward(inputs)))


def _shares(layer: Softmax, x: FloatArray, y: FloatArray, place: tuple[int, ...]) -> Probabilities:
    scores, probabilities = (np.moveaxis(array, 0, -1)[place[1:]] for array in (x, y))
    powers = np.exp(scores - scores.max())
    return Probabilities(
        asked=place[0],
        scores=frozen(scores.copy()),
        largest=float(scores.max()),
        powers=frozen(powers),
        total=float(powers.sum()),
        probabilities=frozen(probabilities.copy()),
        result=float(y[place]),
    )


def _learned_curve(layer: PReLU, x: FloatArray, y: FloatArray, place: tuple[int, ...]) -> Curve:
    return _curve(layer.of_channel(place[0]), x, y, place)


def _mixture(layer: Upsample, x: FloatArray, y: FloatArray, place: tuple[int, ...]) -> Mixture:
    channel, row, column = place
    down, across = pair(layer.scale_factor, "scale_factor")
    rows, row_shares = mixed(layer, x.shape[1], down, row)
    columns, column_shares = mixed(layer, x.shape[2], across, column)
    values = x[channel, rows[:, None], columns]
    weights = np.outer(row_shares, column_shares)
    return Mixture(
        channel=channel,
        rows=frozen(rows),
        columns=frozen(columns),
        values=frozen(values),
        weights=frozen(weights),
        products=frozen(values * weights),
        result=float(y[place]),
    )


def mixed(layer: Upsample, size: int, scale: int, at: int) -> tuple[IndexArray, FloatArray]:
    """Return the pixels behind a new one along one axis, and the share of each."""
    if layer.mode == Upsampling.NEAREST:
        return np.array([at // scale]), np.ones(1, np.float32)
    found = neighbours(by_factor(size, scale), layer.align_corners)
    before, after, share = int(found.before[at]), int(found.after[at]), found.share[at]
    if before == after or share == 0:
        return np.array([before]), np.ones(1, np.float32)
    pixels, shares = np.array([before, after]), np.array([1 - share, share], np.float32)
    return pixels[shares > 0], shares[shares > 0]  # 0.99999999 is 1 in float32


def _copy(layer: Dropout, x: FloatArray, y: FloatArray, place: tuple[int, ...]) -> Copy:
    return Copy(layer, place, place, float(x[place]), float(y[place]))


def _padded_copy(layer: ZeroPad2d, x: FloatArray, y: FloatArray, place: tuple[int, ...]) -> Copy:
    source = place[0], place[1] - layer.sides.top, place[2] - layer.sides.left
    is_inside = all(0 <= at < size for at, size in zip(source, x.shape, strict=True))
    result = float(y[place])
    return Copy(layer, source if is_inside else (), place, result, result)


def _shuffled_copy(
    layer: PixelShuffle, x: FloatArray, y: FloatArray, place: tuple[int, ...]
) -> Copy:
    factor = layer.upscale_factor
    (row, down), (column, across) = (divmod(at, factor) for at in place[1:])
    source = (place[0] * factor + down) * factor + across, row, column
    return Copy(layer, source, place, float(x[source]), float(y[place]))


def _flat_copy(layer: Flatten, x: FloatArray, y: FloatArray, place: tuple[int, ...]) -> Copy:
    source = tuple(int(at) for at in np.unravel_index(place[0], x.shape))
    return Copy(layer, source, place, float(x[source]), float(y[place]))


# (layer, input, result, place in the result), for each kind or the kinds derived from it.
_DETAILS: dict[type, Callable[[Any, FloatArray, FloatArray, tuple[int, ...]], Detail]] = {
    Conv2d: products,
    ConvTranspose2d: _transposed_products,
    Linear: _weighted_sum,
    MaxPool2d: _choice,
    AvgPool2d: _choice,
    GlobalAvgPool2d: _choice,
    AdaptiveAvgPool2d: _choice,
    Activation: _curve,
    Softmax: _shares,
    PReLU: _learned_curve,
    BatchNorm2d: batch_normalised,
    GroupNorm: group_normalised,
    LayerNorm2d: group_normalised,
    LocalResponseNorm: weakened,
    Upsample: _mixture,
    Flatten: _flat_copy,
    Dropout: _copy,
    ZeroPad2d: _padded_copy,
    PixelShuffle: _shuffled_copy,
    ChannelSlice: sliced,
    Affine: scaled,
}
