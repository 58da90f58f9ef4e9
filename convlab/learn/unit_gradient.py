"""What one unit answers to: its gradient with respect to the picture, in time for a live one.

The receptive field of a unit is a small part of every map below it. Only that box of the gradient
is propagated, layer by layer, so a unit of a deep convolution costs about as much on a large
picture as on a small one. Behind a layer that sees everything the box is the whole map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.border import Border, pad
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_transpose2d import conv_transpose2d
from convlab.engine.naming import parse_name
from convlab.engine.norm import inverse_deviation
from convlab.engine.pixel_shuffle import pixel_unshuffle
from convlab.engine.pool import max_pool2d_winners, window_areas
from convlab.engine.pool_axis import windows
from convlab.engine.shapes import Padding, Pair, effective_size, pair
from convlab.engine.upsample import Neighbours, Upsampling, by_factor, copies, neighbours
from convlab.engine.window import Layer as AxisLayer
from convlab.engine.window import Window
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
    Upsample,
    ZeroPad2d,
)
from convlab.layers.channels import Affine, ChannelSlice
from convlab.layers.graph import INPUT, Graph
from convlab.layers.merge import Merge
from convlab.learn.gradients.activation import ACTIVATIONS
from convlab.learn.gradients.group_norm import group_norm_gradient, layer_norm2d_gradient
from convlab.learn.gradients.pooling import (
    adaptive_avg_pool2d_gradient,
    avg_pool2d_gradient,
    global_avg_pool2d_gradient,
    max_pool2d_gradient,
)
from convlab.learn.gradients.prelu import prelu_gradient
from convlab.learn.gradients.response_norm import local_response_norm_gradient
from convlab.learn.gradients.upsample import collect
from convlab.learn.unit_box import NOWHERE, UnitGradient, empty, joined, place_of
from convlab.learn.unit_merges import merge_back


def unit_gradient(
    graph: Graph, results: Mapping[int, FloatArray], uid: int, unit: Sequence[int]
) -> UnitGradient:
    """Return the gradient of one unit with respect to the picture.

    Args:
        graph: The layers.
        results: What each node gave, as kept by a forward pass, and the picture ``(C, H, W)``, by
            uid.
        uid: Of the node of the unit, which is on; or INPUT.
        unit: (channel, row, column) in the node's result, or (index,) in a vector.

    Raises:
        ValueError: If there is no such node or unit, or a layer on its path is of a kind whose
            gradient is not known.
    """
    if uid not in results:
        raise ValueError(f"node {uid} has no result: run it first, or choose one that is on")
    found = {uid: _unit_box(results[uid].shape, unit)}
    with np.errstate(all="ignore"):  # infinities in the maps make NaN by right
        for node in reversed(graph.active):
            box = found.pop(node.uid, None)
            if box is None or box.is_empty:
                continue
            sources = graph.sources(node)
            inputs = [results[source] for source in sources]
            for place, source in enumerate(sources):
                if isinstance(node.layer, Merge):
                    part = merge_back(node.layer, box, place, inputs)
                else:
                    part = _step(node.layer, box, inputs[0], results[node.uid])
                found[source] = joined(found[source], part) if source in found else part
    picture = found.get(INPUT)
    return empty(len(results[INPUT])) if picture is None or picture.is_empty else picture


def _unit_box(shape: tuple[int, ...], unit: Sequence[int]) -> UnitGradient:
    """Return how the unit changes with its own layer's result: 1 in its place."""
    found = tuple(unit)
    if len(found) != len(shape) or not all(
        0 <= at < size for at, size in zip(found, shape, strict=True)
    ):
        raise ValueError(
            f"unit {found} does not exist in a result of shape {shape}: give one number for each "
            "of its sizes, from 0 to the size − 1"
        )
    is_vector = len(shape) == 1
    values: FloatArray = np.zeros(shape if is_vector else (shape[0], 1, 1), np.float32)
    values[found[0]] = 1
    return UnitGradient(values, NOWHERE if is_vector else (found[1], found[2]))


def _step(layer: Layer, box: UnitGradient, before: FloatArray, after: FloatArray) -> UnitGradient:
    """Backpropagate a box through one layer."""
    slope = _ELEMENTWISE.get(type(layer))
    if slope is not None:
        place = place_of(box)
        return replace(box, values=slope(layer, box.values, before[place], after[place]))
    move = _SPATIAL.get(type(layer))
    if move is None:
        name = type(layer).__name__
        raise ValueError(f"the gradient of {name} is not known: choose a unit below it")
    return move(layer, box, before)


# ---- convolutions ----


def _conv2d_backward(layer: Conv2d, box: UnitGradient, before: FloatArray) -> UnitGradient:
    weight = layer.weight[:, :, ::-1, ::-1] if layer.flip else layer.weight
    scattered = conv_transpose2d(
        box.values, weight, stride=layer.stride, dilation=layer.dilation, groups=layer.groups
    )
    axes = layer.axes(before.shape)
    border = parse_name(Border, layer.border, "border")
    is_fixed = border in (Border.ZEROS, Border.CONSTANT)
    found = UnitGradient(scattered, _first_met(axes, box.corner))
    return _cropped(found, before.shape) if is_fixed else _folded(found, before.shape, axes, border)


def _conv_transpose2d_backward(
    layer: ConvTranspose2d, box: UnitGradient, before: FloatArray
) -> UnitGradient:
    """Correlate the part of the gradient that the pixels in question were scattered to."""
    corner, starts, reach = [], [], []
    axes, sides = layer.axes(before.shape), box.values.shape[1:]
    for axis, first, length, size in zip(axes, box.corner, sides, before.shape[1:], strict=True):
        pixels = _contributors(axis, first, length, size)
        if not pixels.size:
            return empty(len(before))
        corner.append(int(pixels[0]))
        starts.append(corner[-1] * axis.stride - axis.before - first)
        steps = int(pixels[-1]) - corner[-1]
        reach.append(steps * axis.stride + effective_size(axis.kernel, axis.dilation))
    values = conv2d(
        _part(box.values, (starts[0], starts[1]), (reach[0], reach[1]), 0.0),
        layer.weight,
        stride=layer.stride,
        dilation=layer.dilation,
        groups=layer.groups,
    )
    return UnitGradient(values, (corner[0], corner[1]))


def _contributors(axis: AxisLayer, first: int, length: int, size: int) -> AnyArray:
    """Return the pixels that contribute to a box, along one direction."""
    pixels = axis.inputs(np.arange(first, first + length))
    return pixels[(pixels >= 0) & (pixels < size)]


def _part(x: FloatArray, corner: Pair, size: Pair, outside: float) -> FloatArray:
    """Return the part of a map that begins at a corner, which may lie outside, and overlaps it."""
    inside = _cropped(UnitGradient(x, (-corner[0], -corner[1])), (len(x), *size))
    (top, left), (height, width) = inside.corner, inside.values.shape[1:]
    sides = Padding(top, size[0] - top - height, left, size[1] - left - width)
    return pad(inside.values, sides, Border.CONSTANT, outside) if any(sides) else inside.values


def _first_met(axes: tuple[Window, Window], corner: Pair) -> Pair:
    """Return the first cell that the windows of a box meet [px]; negative in the padding."""
    rows, columns = (at * axis.stride - axis.before for at, axis in zip(corner, axes, strict=True))
    return rows, columns


def _cropped(box: UnitGradient, shape: tuple[int, ...]) -> UnitGradient:
    """Leave out what lies on padding."""
    top, left = (max(-at, 0) for at in box.corner)
    bottom, right = (max(size - at, 0) for at, size in zip(box.corner, shape[1:], strict=True))
    row, column = (max(at, 0) for at in box.corner)
    return UnitGradient(box.values[:, top:bottom, left:right], (row, column))


def _folded(
    box: UnitGradient, shape: tuple[int, ...], axes: tuple[Window, Window], border: Border
) -> UnitGradient:
    """Add what lies on padding to the pixels that the border repeats there."""
    values, corner = box.values, []
    for along, axis in enumerate(axes):
        first, size = box.corner[along], shape[1 + along]
        sources = _repeated(size, axis, border)[first + axis.before :][: values.shape[1]]
        folded: FloatArray = np.zeros(
            (len(values), int(np.ptp(sources)) + 1, values.shape[2]), np.float32
        )
        corner.append(int(sources.min()))
        for row, source in enumerate(sources - corner[-1]):
            folded[:, source] += values[:, row]
        values = folded.swapaxes(1, 2)  # the columns next, then back
    return UnitGradient(np.ascontiguousarray(values), (corner[0], corner[1]))


def _repeated(size: int, axis: Window, border: Border) -> AnyArray:
    """Return which pixel stands in each cell of a padded line: the line of indices, padded."""
    line = np.arange(size, dtype=np.float32)[:, None]
    return pad(line, Padding(axis.before, axis.after, 0, 0), border)[:, 0].astype(np.int64)


# ---- pooling ----


def _max_pool_backward(layer: MaxPool2d, box: UnitGradient, before: FloatArray) -> UnitGradient:
    axes = layer.axes(before.shape)
    corner = _first_met(axes, box.corner)
    met = _part(before, corner, _reach(axes, box), -np.inf)  # padding never wins
    winners = max_pool2d_winners(
        met, layer.kernel_size, stride=layer.stride, dilation=layer.dilation
    )
    values = max_pool2d_gradient(box.values, met, winners)
    return _cropped(UnitGradient(values, corner), before.shape)


def _reach(axes: tuple[Window, Window], box: UnitGradient) -> Pair:
    """Return how many rows and columns the windows of a box span together [px]."""
    rows, columns = (
        (length - 1) * axis.stride + effective_size(axis.kernel, axis.dilation)
        for axis, length in zip(axes, box.values.shape[1:], strict=True)
    )
    return rows, columns


def _avg_pool_backward(layer: AvgPool2d, box: UnitGradient, before: FloatArray) -> UnitGradient:
    axes = layer.axes(before.shape)
    size = before.shape[1], before.shape[2]
    rows, columns = windows(
        size, layer.kernel_size, layer.stride, layer.padding, 1, layer.ceil_mode
    )
    areas = window_areas(rows, columns, layer.count_include_pad)[place_of(box)[1:]]
    # Backpropagated as if no window met padding: each would divide by all of its cells.
    shares = box.values * (rows.kernel * columns.kernel / areas)
    reach = len(before), *_reach(axes, box)
    values = avg_pool2d_gradient(shares, reach, layer.kernel_size, stride=layer.stride)
    return _cropped(UnitGradient(values, _first_met(axes, box.corner)), before.shape)


def _adaptive_pool_backward(
    layer: AdaptiveAvgPool2d, box: UnitGradient, before: FloatArray
) -> UnitGradient:
    values = adaptive_avg_pool2d_gradient(box.full(layer.output_shape(before.shape)), before.shape)
    met = []
    for axis, first, length in zip(
        layer.axes(before.shape), box.corner, box.values.shape[1:], strict=True
    ):
        pixels = axis.inputs(np.arange(first, first + length))
        met.append((int(pixels[0]), int(pixels[-1]) + 1))
    (top, bottom), (left, right) = met
    return UnitGradient(values[:, top:bottom, left:right], (top, left))


# ---- upsampling, and layers without places ----


def _shuffle_backward(layer: PixelShuffle, box: UnitGradient, before: FloatArray) -> UnitGradient:
    factor, (channels, height, width) = layer.upscale_factor, box.values.shape
    (row, top), (column, left) = (divmod(at, factor) for at in box.corner)
    rows, columns = -(-(top + height) // factor), -(-(left + width) // factor)
    squares: FloatArray = np.zeros((channels, rows * factor, columns * factor), np.float32)
    squares[:, top : top + height, left : left + width] = box.values
    return UnitGradient(pixel_unshuffle(squares, factor), (row, column))


def _upsample_backward(layer: Upsample, box: UnitGradient, before: FloatArray) -> UnitGradient:
    values, corner = box.values, []
    scales = pair(layer.scale_factor, "scale_factor")
    for axis, (scale, size) in enumerate(zip(scales, before.shape[1:], strict=True), 1):
        first = box.corner[axis - 1]
        places = _mixed(layer, size, scale, slice(first, first + box.values.shape[axis]))
        start, stop = int(places.before[0]), int(places.after[-1]) + 1
        moved = Neighbours(places.before - start, places.after - start, places.share)
        values = collect(values, moved, stop - start, axis)
        corner.append(start)
    return UnitGradient(values, (corner[0], corner[1]))


def _mixed(layer: Upsample, size: int, scale: int, units: slice) -> Neighbours:
    """Return which old pixels some new ones are mixed from, along one direction."""
    axis, is_nearest = by_factor(size, scale), layer.mode == Upsampling.NEAREST
    found = copies(axis) if is_nearest else neighbours(axis, layer.align_corners)
    return Neighbours(found.before[units], found.after[units], found.share[units])


def _flatten_backward(layer: Flatten, box: UnitGradient, before: FloatArray) -> UnitGradient:
    """Lay the vector out as a map again, and leave out rows and columns of zeros."""
    values = box.values.reshape(before.shape)
    rows = np.flatnonzero(values.any(axis=(0, 2)))
    columns = np.flatnonzero(values.any(axis=(0, 1)))
    if not rows.size:
        return empty(len(before))
    kept = values[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return UnitGradient(kept.copy(), (int(rows[0]), int(columns[0])))


def _batch_norm_backward(
    layer: BatchNorm2d, gradient: FloatArray, before: FloatArray, after: FloatArray
) -> FloatArray:
    scale = layer.weight * inverse_deviation(layer.running_var, layer.num_features, layer.eps)
    return np.asarray(gradient * scale[:, None, None])


def _affine_backward(
    layer: Affine, gradient: FloatArray, before: FloatArray, after: FloatArray
) -> FloatArray:
    return gradient * layer.weight.reshape(-1, *(1,) * (gradient.ndim - 1))


def _slice_backward(layer: ChannelSlice, box: UnitGradient, before: FloatArray) -> UnitGradient:
    values: FloatArray = np.zeros((len(before), *box.values.shape[1:]), np.float32)
    values[layer.start : layer.stop : layer.step] = box.values
    return replace(box, values=values)


# Layers that make each value from those in its place: (layer, gradient, input, output).
_ELEMENTWISE: dict[type[Layer], Callable[[Any, FloatArray, FloatArray, FloatArray], FloatArray]] = {
    **ACTIVATIONS,
    Affine: _affine_backward,
    BatchNorm2d: _batch_norm_backward,
    Dropout: lambda layer, gradient, before, after: gradient,
    PReLU: lambda layer, gradient, before, after: prelu_gradient(gradient, before, layer.weight).x,
    LayerNorm2d: lambda layer, gradient, before, after: (
        layer_norm2d_gradient(gradient, before, layer.weight, eps=layer.eps).x
    ),
    LocalResponseNorm: lambda layer, gradient, before, after: local_response_norm_gradient(
        gradient, before, **layer.arguments
    ),
}

# Layers that read other places: (layer, box, input).
_SPATIAL: dict[type[Layer], Callable[[Any, UnitGradient, FloatArray], UnitGradient]] = {
    ChannelSlice: _slice_backward,
    Conv2d: _conv2d_backward,
    ConvTranspose2d: _conv_transpose2d_backward,
    MaxPool2d: _max_pool_backward,
    AvgPool2d: _avg_pool_backward,
    GlobalAvgPool2d: lambda layer, box, before: UnitGradient(
        global_avg_pool2d_gradient(box.values, before.shape), NOWHERE
    ),
    AdaptiveAvgPool2d: _adaptive_pool_backward,
    Upsample: _upsample_backward,
    PixelShuffle: _shuffle_backward,
    ZeroPad2d: lambda layer, box, before: _cropped(
        UnitGradient(box.values, _first_met(layer.axes(before.shape), box.corner)), before.shape
    ),
    GroupNorm: lambda layer, box, before: UnitGradient(
        group_norm_gradient(
            box.full(before.shape), before, layer.num_groups, layer.weight, eps=layer.eps
        ).x,
        NOWHERE,
    ),
    Linear: lambda layer, box, before: UnitGradient(np.asarray(box.values @ layer.weight), NOWHERE),
    Flatten: _flatten_backward,
}
