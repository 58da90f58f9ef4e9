"""Files hand out numbers in either byte order: every function must read the same ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import convlab
from convlab.engine import activate, dense, norm, upsample
from convlab.engine.color import ColorSpace, to_planes
from convlab.layers import Conv2d, ReLU

WEIGHT = np.arange(2 * 3 * 3 * 3, dtype=np.float32).reshape(2, 3, 3, 3)
TYPES = ["u2", "i2", "i4", "f2", "f4", "f8"]
READERS: dict[str, Callable[[Any], Any]] = {
    "conv2d": lambda x: convlab.conv2d(x, WEIGHT, x[0, 0, :2], padding=1),
    "weight": lambda x: convlab.conv2d(np.eye(8), x[0]),
    "conv_transpose2d": lambda x: convlab.conv_transpose2d(x, WEIGHT[:, :, None, 0].swapaxes(0, 1)),
    "conv1d": lambda x: convlab.conv1d(x[0, 0], x[1, 1]),
    "max_pool2d": lambda x: convlab.max_pool2d(x, 2),
    "avg_pool2d": lambda x: convlab.avg_pool2d(x, 2),
    "relu": activate.relu,
    "softmax": lambda x: activate.softmax(x, 0),
    "batch_norm2d": lambda x: norm.batch_norm2d(x, x[:, 0, 0], x[:, 1, 1] ** 2 + 1),
    "upsample": lambda x: upsample.upsample(x, 2),
    "linear": lambda x: dense.linear(x, x[0, :2]),
    "Stack": lambda x: convlab.Stack([Conv2d(3, 2, 3, weight=WEIGHT), ReLU()]).forward(x)[-1],
    "grey": lambda x: to_planes(x[0], ColorSpace.GREY),
    "kernels": lambda x: convlab.kernels.analyse(x[0]),
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", TYPES)
def test_either_byte_order_gives_the_same(name: str, kind: str) -> None:
    x = np.arange(3 * 5 * 4).reshape(3, 5, 4).astype(kind)
    found = [READERS[name](x.astype(order + kind)) for order in "<>"]
    np.testing.assert_equal(*found)


@pytest.mark.parametrize("space", ColorSpace)
@pytest.mark.parametrize("kind", ["u2", "f4"])
def test_colours_of_either_byte_order_are_the_same(space: ColorSpace, kind: str) -> None:
    pixels = np.arange(4 * 5 * 3).reshape(4, 5, 3).astype(kind)
    little, big = (to_planes(pixels.astype(order + kind), space) for order in "<>")
    np.testing.assert_array_equal(little, big)


def test_a_picture_of_16_bits_is_divided_by_its_white_in_either_order() -> None:
    white = np.full((1, 1), 65535, ">u2")
    assert convlab.conv2d(white, [[1.0]]).tolist() == [[1.0]]
