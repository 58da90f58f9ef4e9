"""Operators that slide windows over maps, or change their size.

After the operators' specification, https://onnx.ai/onnx/operators/.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.shapes import Padding, Pair, effective_size
from convlab.layers import (
    AvgPool2d,
    Conv2d,
    ConvTranspose2d,
    GlobalAvgPool2d,
    MaxPool2d,
    PixelShuffle,
    Upsample,
    ZeroPad2d,
)
from convlab.networks.call import Call, Layout, NotOurs, Value
from convlab.networks.operators.common import Reader, floats


def _conv(call: Call) -> Value:
    x, weight, bias = call.value(), call.constant(1), call.constant(2)
    weight = _planes(x, weight)
    groups = call.attribute("group", 1)
    kernel = _pair(weight.shape[2:])
    dilation = _sides(call, "dilations", 1)
    stride = _sides(call, "strides", 1)
    layer = Conv2d(
        weight.shape[1] * groups,
        weight.shape[0],
        kernel,
        stride,
        _padding(call, x, kernel, stride, dilation),
        dilation,
        groups,
        _flat(bias),
        weight=weight,
    )
    return call.add(layer, x)


def _conv_transpose(call: Call) -> Value:
    x, weight, bias = call.value(), call.constant(1), call.constant(2)
    if call.attribute("output_shape") or call.attribute("auto_pad", "NOTSET") != "NOTSET":
        raise NotOurs
    if x.layout is not Layout.PLAIN:
        raise NotOurs
    groups = call.attribute("group", 1)
    layer = ConvTranspose2d(
        weight.shape[0],
        weight.shape[1] * groups,
        _pair(weight.shape[2:]),
        _sides(call, "strides", 1),
        _symmetric(_pads(call)),
        _sides(call, "output_padding", 0),
        groups,
        _flat(bias),
        _sides(call, "dilations", 1),
        weight=floats(weight),
    )
    return call.add(layer, x)


def _max_pool(call: Call) -> Value:
    if call.uses(1):  # where each largest value stood
        raise NotOurs
    pool = _pool(call)
    for ceil in (False, True):
        layer = MaxPool2d(pool.kernel, pool.stride, pool.before, pool.dilation, ceil)
        if layer.output_shape(pool.x.shape)[1:] == pool.counts:
            return call.add(layer, pool.x)
    raise NotOurs


def _avg_pool(call: Call) -> Value:
    pool, counts = _pool(call), bool(call.attribute("count_include_pad", 0))
    if pool.dilation != (1, 1) or (counts and not pool.is_symmetric):
        raise NotOurs
    for ceil in (False, True):
        layer = AvgPool2d(pool.kernel, pool.stride, pool.before, ceil, counts)
        if layer.output_shape(pool.x.shape)[1:] == pool.counts:
            return call.add(layer, pool.x)
    raise NotOurs


class _Pool(NamedTuple):
    """Where the windows of a pooling lie: what is padded behind only says how many there are."""

    x: Value
    kernel: Pair
    stride: Pair
    before: Pair
    dilation: Pair
    counts: Pair
    is_symmetric: bool


def _pool(call: Call) -> _Pool:
    x = call.value()
    if x.layout is not Layout.PLAIN or len(x.shape) != 3:
        raise NotOurs
    kernel = _pair(call.attribute("kernel_shape"))
    stride, dilation = _sides(call, "strides", 1), _sides(call, "dilations", 1)
    pads = _padding(call, x, kernel, stride, dilation)
    counts = []
    for axis, around in enumerate((pads.top + pads.bottom, pads.left + pads.right)):
        room = x.shape[1 + axis] + around - effective_size(kernel[axis], dilation[axis])
        steps = -(-room // stride[axis]) if call.attribute("ceil_mode", 0) else room // stride[axis]
        counts.append(steps + 1)
    before = pads.top, pads.left
    is_symmetric = before == (pads.bottom, pads.right)
    return _Pool(x, kernel, stride, before, dilation, (counts[0], counts[1]), is_symmetric)


def _global_avg_pool(call: Call) -> Value:
    x = call.value()
    if x.layout is Layout.LINE:
        raise NotOurs
    return call.add(GlobalAvgPool2d(), x)


def _pad(call: Call) -> Value:
    x = call.value()
    pads = [int(number) for number in call.constant(1, call.attribute("pads"))]
    value = call.constant(2, call.attribute("value", 0.0))
    if call.attribute("mode", "constant") != "constant" or value or call.input(3) is not None:
        raise NotOurs
    if x.layout is not Layout.PLAIN or len(pads) != 8 or any(pads[:2] + pads[4:6]) or min(pads) < 0:
        raise NotOurs
    return call.add(ZeroPad2d((pads[3], pads[7], pads[2], pads[6])), x)


def _depth_to_space(call: Call) -> Value:
    if call.attribute("mode", "DCR") != "CRD" or call.value().layout is not Layout.PLAIN:
        raise NotOurs
    return call.add(PixelShuffle(call.attribute("blocksize")), call.value())


def _resize(call: Call) -> Value:
    x = call.value()
    if x.layout is not Layout.PLAIN or len(x.shape) != 3 or call.attribute("antialias", 0):
        raise NotOurs
    has_region = call.name == "Resize" and call.opset > 10
    scales = call.constant(2 if has_region else 1, call.attribute("scales"))
    sizes = call.constant(3) if has_region else None
    if sizes is not None and len(sizes) == 4:
        scales = [size / before for size, before in zip(sizes, x.model_shape, strict=True)]
    if scales is None or len(scales) != 4 or any(scale % 1 for scale in scales):
        raise NotOurs
    if tuple(scales[:2]) != (1, 1):
        raise NotOurs
    factors = int(scales[2]), int(scales[3])
    mode = call.attribute("mode", "nearest")
    usual = "half_pixel" if has_region else "asymmetric"
    places = call.attribute("coordinate_transformation_mode", usual)
    if mode == "nearest":
        rounding = call.attribute("nearest_mode", "round_prefer_floor" if has_region else "floor")
        known = (("asymmetric", "floor"), ("half_pixel", "round_prefer_floor"))
        if (places, rounding) not in known:
            raise NotOurs
        return call.add(Upsample(factors), x)
    if mode != "linear" or places not in ("half_pixel", "pytorch_half_pixel", "align_corners"):
        raise NotOurs
    return call.add(Upsample(factors, "bilinear", places == "align_corners"), x)


def _planes(x: Value, weight: AnyArray) -> FloatArray:
    """Return the kernels of a convolution with two axes each."""
    if weight.ndim == 3 and x.layout is Layout.LINE:
        return floats(weight)[:, :, np.newaxis]
    if weight.ndim != 4 or x.layout is not Layout.PLAIN:
        raise NotOurs
    return floats(weight)


def _padding(call: Call, x: Value, kernel: Pair, stride: Pair, dilation: Pair) -> Padding:
    """Return the cells added on each side; where a rule says how many, for the size of ``x``."""
    rule = call.attribute("auto_pad", "NOTSET")
    if rule == "VALID":
        return Padding(0, 0, 0, 0)
    if not rule.startswith("SAME"):
        return _pads(call)
    found = []
    for size, cells, step, gap in zip(x.shape[1:], kernel, stride, dilation, strict=True):
        needed = max((-(-size // step) - 1) * step + effective_size(cells, gap) - size, 0)
        half = needed // 2
        found.append((half, needed - half) if rule == "SAME_UPPER" else (needed - half, half))
    (top, bottom), (left, right) = found
    return Padding(top, bottom, left, right)


def _pads(call: Call) -> Padding:
    pads = call.attribute("pads", (0, 0, 0, 0))
    if len(pads) == 2:
        pads = 0, pads[0], 0, pads[1]
    top, left, bottom, right = pads
    return Padding(top, bottom, left, right)


def _symmetric(padding: Padding) -> Pair:
    """Return padding of rows and of columns.

    Raises:
        NotOurs: There is more on one side.
    """
    if padding.top != padding.bottom or padding.left != padding.right:
        raise NotOurs
    return padding.top, padding.left


def _sides(call: Call, name: str, usual: int) -> Pair:
    return _pair(call.attribute(name, (usual, usual)))


def _pair(numbers: Sequence[int]) -> Pair:
    """Return two numbers; what has one axis has one row."""
    if len(numbers) == 1:
        return 1, int(numbers[0])
    rows, columns = numbers
    return int(rows), int(columns)


def _flat(bias: AnyArray | None) -> FloatArray | None:
    return None if bias is None else floats(bias)


READERS: dict[str, Reader] = {
    "AveragePool": _avg_pool,
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "DepthToSpace": _depth_to_space,
    "GlobalAveragePool": _global_avg_pool,
    "MaxPool": _max_pool,
    "Pad": _pad,
    "Resize": _resize,
    "Upsample": _resize,
}
