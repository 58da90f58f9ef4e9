"""Layers from layers: an edit makes a new one, which keeps the weights that it can."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.conv_arguments import to_array
from convlab.engine.shapes import Padding, pair, parse_padding
from convlab.engine.upsample import Upsampling
from convlab.layers.base import ChannelLayer, KernelLayer, Layer, WeightedLayer, check_channels
from convlab.layers.conv import Conv2d, ConvTranspose2d
from convlab.layers.dense import Linear
from convlab.layers.filters import cells_text, check_place, filter_of, inputs_of, kernels_in
from convlab.layers.group_norm import GroupNorm
from convlab.layers.parameters import channel_numbers, parameter, parse, shown, value_of
from convlab.layers.prelu import PReLU
from convlab.layers.regrowing import regrown_kernels, regrown_matrix, regrown_vector
from convlab.layers.upsample import Upsample

# Values of fields of a layer by name, which dataclasses.replace takes.
Fields: TypeAlias = dict[str, Any]
AnyLayer = TypeVar("AnyLayer", bound=Layer)

_LARGEST = float(np.finfo(np.float32).max)


def with_parameter(layer: AnyLayer, name: str, value: object) -> AnyLayer:
    """Return the layer with one parameter changed (see ``with_parameters``)."""
    return with_parameters(layer, {name: value})


def with_parameters(layer: AnyLayer, changes: Mapping[str, object]) -> AnyLayer:
    """Return the layer with parameters changed together; the same object if nothing differs.

    Depthwise stays depthwise when its inputs change, and as many groups as inputs make the outputs
    a multiple of them. A bias that is switched on is zero.

    Raises:
        ValueError: If a value is rejected, if they do not fit each other, or if the layer would
            have too many weights.
    """
    new: Fields = {}
    for name, value in changes.items():
        found = parameter(type(layer), name)
        parsed = parse(found, value)
        if shown(found, parsed) != value_of(layer, found):
            new[name] = parsed
    return _replaced(layer, **(new | _following(layer, new))) if new else layer


def with_weight(layer: AnyLayer, weight: ArrayLike) -> AnyLayer:
    """Return the layer with other weights of the same shape.

    Raises:
        ValueError: If the layer has none, their shape differs, or one is not finite.
    """
    if not isinstance(layer, WeightedLayer | ChannelLayer):
        raise ValueError(f"{type(layer).__name__} has no weights: choose another layer")
    new = _finite(weight, "weight")
    return layer if np.array_equal(new, layer.weight) else _replaced(layer, weight=new)


def with_arrays(layer: AnyLayer, arrays: Mapping[str, FloatArray]) -> AnyLayer:
    """Return the layer with other arrays of the same shapes, such as weight and bias.

    Raises:
        ValueError: If the layer has no such array, a shape differs, or a number is not finite.
    """
    for name, array in arrays.items():
        old = getattr(layer, name, None)
        if not isinstance(old, np.ndarray):
            raise ValueError(f"{type(layer).__name__} has no {name}: choose another layer")
        if old.shape != array.shape:
            raise ValueError(f"{name} has the shape {array.shape}, expected {old.shape}")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} is not finite: give numbers that float32 holds")
    return _replaced(layer, **arrays)


def with_filter(layer: AnyLayer, output: int, input: int, kernel: ArrayLike) -> AnyLayer:
    """Return the layer with one kernel changed.

    Args:
        layer: A layer with weights; those of Linear are kernels of one cell.
        output: Which map it helps to make.
        input: Which channel of the whole input it is laid on (see ``inputs_of``).
        kernel: ``(kh, kw)``.

    Raises:
        ValueError: If there is no such kernel, its size differs, or a cell is not finite.
    """
    old, new = filter_of(layer, output, input), _finite(kernel, "kernel")
    _check_size(new.shape, old.shape)
    assert isinstance(layer, WeightedLayer)
    if np.array_equal(new, old):
        return layer
    weight, inputs = layer.weight.copy(), inputs_of(layer, output)
    kernels_in(layer, weight, output, inputs)[input - inputs.start] = new
    return _replaced(layer, weight=frozen(weight))


def with_cell(
    layer: AnyLayer, output: int, input: int, row: int, column: int, value: float
) -> AnyLayer:
    """Return the layer with one cell of one kernel changed (see ``with_filter``).

    Raises:
        ValueError: If there is no such cell, or the value is not finite.
    """
    kernel = filter_of(layer, output, input).astype(np.float64)
    if not (0 <= row < kernel.shape[0] and 0 <= column < kernel.shape[1]):
        cells = cells_text(kernel.shape)
        raise ValueError(f"there is no cell ({row}, {column}) in a kernel of {cells}")
    kernel[row, column] = value
    return with_filter(layer, output, input, kernel)


def with_bias(layer: AnyLayer, output: int, value: float) -> AnyLayer:
    """Return the layer with one number of its bias changed.

    Raises:
        ValueError: If the layer has no bias, no such output, or the value is not finite.
    """
    bias = getattr(layer, "bias", None)
    if not isinstance(bias, np.ndarray):
        raise ValueError(f"this {type(layer).__name__} has no bias: switch one on first")
    check_place("output", output, len(bias))
    changed = bias.copy()
    changed[output] = _finite(value, "bias")
    return layer if np.array_equal(changed, bias) else _replaced(layer, bias=frozen(changed))


def with_number(layer: AnyLayer, name: str, channel: int, value: float) -> AnyLayer:
    """Return the layer with one of the numbers that it has for each channel changed.

    >>> from convlab.layers import BatchNorm2d
    >>> with_number(BatchNorm2d(3), "running_mean", 1, 0.5).running_mean.tolist()
    [0.0, 0.5, 0.0]

    Args:
        layer: A layer with such numbers, as a batch normalisation.
        name: Of the field that holds them (see ``channel_numbers``).
        channel: Whose number.
        value: The new one.

    Raises:
        ValueError: If there is no such number or channel, or the value does not fit.
    """
    found = next((each for each in channel_numbers(type(layer)) if each.name == name), None)
    if found is None:
        raise ValueError(f"{type(layer).__name__} has no {name} for each channel")
    held: FloatArray = getattr(layer, name)
    place = number_place(held, channel)
    changed = held.copy()
    changed[place] = parse(found, value)
    return layer if np.array_equal(changed, held) else _replaced(layer, **{name: frozen(changed)})


def number_place(held: FloatArray, channel: int) -> int:
    """Return where the number of a channel is kept: one may do for all.

    Raises:
        ValueError: If there is no such channel.
    """
    if len(held) == 1:
        return 0
    check_place("channel", channel, len(held))
    return channel


def with_dense_map(layer: AnyLayer, output: int, channel: int, weights: ArrayLike) -> AnyLayer:
    """Return a fully connected layer with the weights of one map of its input changed.

    Its input is maps ``(C, H, W)`` laid out one after another, as Flatten does; so are the weights
    of each output (see ``dense_maps``).

    Args:
        layer: A Linear.
        output: Whose weights.
        channel: Of the map.
        weights: ``(H, W)``, as large as that map.

    Raises:
        ValueError: If the layer is no Linear, there is no such output or map, or a number is not
            finite.
    """
    if not isinstance(layer, Linear):
        raise ValueError(f"{type(layer).__name__} does not take flattened maps")
    new = _finite(weights, "weight").ravel()
    check_place("output", output, layer.out_features)
    check_place("map", channel, layer.in_features // new.size)
    held = layer.weight.copy()
    held[output, channel * new.size : (channel + 1) * new.size] = new
    is_same = np.array_equal(held, layer.weight)
    return layer if is_same else _replaced(layer, weight=frozen(held))


def with_kernel(
    layer: AnyLayer, output: int, channel: int, kernel: ArrayLike, size: tuple[int, int]
) -> AnyLayer:
    """Return the layer with what it multiplies one map of its input with changed.

    Args:
        layer: A layer with weights.
        output: Which map, or value, it helps to make.
        channel: Of the map that is multiplied.
        kernel: ``(kh, kw)``; of a fully connected layer as large as the map.
        size: (rows, columns) of the kernels there are.

    Raises:
        ValueError: If there is no such kernel, its size differs, or a cell is not finite.
    """
    if not isinstance(layer, Linear):
        return with_filter(layer, output, channel, kernel)
    new = _finite(kernel, "kernel")
    _check_size(new.shape, size)
    return with_dense_map(layer, output, channel, new)


def with_kernel_cell(
    layer: AnyLayer,
    output: int,
    channel: int,
    cell: tuple[int, int],
    value: float,
    size: tuple[int, int],
) -> AnyLayer:
    """Return the layer with one weight changed, at (row, column) of what multiplies one map.

    Raises:
        ValueError: As ``with_kernel``, or there is no such cell.
    """
    row, column = cell
    if not isinstance(layer, Linear):
        return with_cell(layer, output, channel, row, column, value)
    rows, columns = size
    if not (0 <= row < rows and 0 <= column < columns):
        raise ValueError(f"there is no cell {cell} in a map of {cells_text(size)}")
    return with_cell(layer, output, (channel * rows + row) * columns + column, 0, 0, value)


def padding_in_pixels(layer: Conv2d) -> Padding:
    """Return what the padding of a convolution comes to [px]."""
    rows, columns = layer.weight.shape[2:]
    return parse_padding(layer.padding, (rows, columns), layer.dilation)


def _replaced(layer: AnyLayer, **changes: Any) -> AnyLayer:
    changed: AnyLayer = replace(layer, **changes)  # type: ignore[type-var]  # all are dataclasses
    return changed


def _following(layer: Layer, new: Fields) -> Fields:
    """Return the fields that change along with others: weights, for the most part."""
    match layer:
        case KernelLayer():
            return _kernels(layer, new | _channels(layer, new))
        case Linear():
            return _matrix(layer, new)
        case PReLU() if "init" in new:
            return {"weight": None}
        case PReLU() if "num_parameters" in new:
            return _vectors(layer, new["num_parameters"])
        case GroupNorm() if "num_channels" in new:
            groups = math.gcd(new["num_channels"], new.get("num_groups", layer.num_groups))
            return {"num_groups": groups} | _vectors(layer, new["num_channels"])
        case ChannelLayer() if layer.channels_field in new:
            return _vectors(layer, new[layer.channels_field])
        case Upsample() if new.get("mode") == Upsampling.NEAREST:
            return {"align_corners": False}
    return {}


def _channels(layer: KernelLayer, new: Fields) -> Fields:
    """Keep depthwise depthwise; outputs follow groups that are as many as inputs."""
    inputs, outputs = new.get("in_channels", layer.in_channels), layer.out_channels
    groups = new.get("groups", inputs if layer.is_depthwise else layer.groups)
    if "in_channels" in new and layer.is_depthwise:
        outputs = outputs // layer.in_channels * inputs
    if groups == inputs and outputs % groups:
        outputs = max(round(outputs / groups), 1) * groups
    return {"in_channels": inputs, "out_channels": outputs, "groups": groups} | new


def _kernels(layer: KernelLayer, new: Fields) -> Fields:
    inputs, outputs, groups = new["in_channels"], new["out_channels"], new["groups"]
    check_channels(inputs, outputs, groups)
    size = pair(new.get("kernel_size", layer.kernel_size), "kernel_size")
    is_transposed = isinstance(layer, ConvTranspose2d)
    outer, inner = (inputs, outputs) if is_transposed else (outputs, inputs)
    shape = (outer, inner // groups, *size)
    new["weight"] = regrown_kernels(layer.weight, layer.groups, shape, groups)
    return new | _offsets(layer, new, outputs)


def _matrix(layer: Linear, new: Fields) -> Fields:
    inputs = new.get("in_features", layer.in_features)
    outputs = new.get("out_features", layer.out_features)
    weight = regrown_matrix(layer.weight, (outputs, inputs))
    return {"weight": weight} | _offsets(layer, new, outputs)


def _offsets(layer: WeightedLayer, new: Fields, outputs: int) -> Fields:
    if "bias" in new or layer.offsets is None:
        return {}
    return {"bias": regrown_vector(layer.offsets, outputs, 0.0)}


def _vectors(layer: ChannelLayer, size: int) -> Fields:
    return {
        name: regrown_vector(getattr(layer, name), size, start)
        for name, start in layer.starts.items()
    }


def _finite(values: ArrayLike, name: str) -> FloatArray:
    numbers = to_array(values, name).astype(np.float64)
    rejected = numbers[~(np.abs(numbers) <= _LARGEST)]
    if rejected.size:
        raise ValueError(f"{name} {rejected[0]:g} cannot be used: give a number that float32 holds")
    return numbers.astype(np.float32)


def _check_size(new: tuple[int, ...], old: tuple[int, ...]) -> None:
    if new != old:
        raise ValueError(
            f"a kernel of {cells_text(new)} does not fit among kernels of {cells_text(old)}: "
            "change the size of all of them first"
        )
