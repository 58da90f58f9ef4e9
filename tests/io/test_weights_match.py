"""Which arrays go where: by shape, name and order, as files of other programs name them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from convlab.document.stack.model import StackInput, StackState
from convlab.engine.arrays import FloatArray
from convlab.io.tensors import pack_tensors
from convlab.io.weights import WeightsError, bundled
from convlab.io.weights_match import Offer, fill, offer_weights
from convlab.layers import Conv2d, Layer, Linear, ReLU
from tests.slow import noise

VGG: tuple[Layer, ...] = (
    Conv2d(3, 4, 3), ReLU(), Conv2d(4, 4, 3), ReLU(), Conv2d(4, 4, 3), ReLU(), Conv2d(4, 4, 3),
    Linear(4, 10),
)  # fmt: skip


def vgg(root: str = "") -> dict[str, FloatArray]:
    """A state dict of VGG, three layers of one shape; the tenth layer comes last by number."""
    arrays = {f"{root}features.0.weight": noise(4, 3, 3, 3), f"{root}features.0.bias": noise(4)}
    for number in (2, 5, 10):
        arrays[f"{root}features.{number}.weight"] = noise(4, 4, 3, 3) + np.float32(number)
        arrays[f"{root}features.{number}.bias"] = noise(4) + np.float32(number)
    return arrays | {f"{root}head.weight": noise(10, 4), f"{root}head.bias": noise(10)}


def offered(
    tmp_path: Path, arrays: Mapping[str, FloatArray], layers: tuple[Layer, ...], uid: int
) -> Offer:
    path = tmp_path / "net.safetensors"
    path.write_bytes(pack_tensors(arrays))
    return offer_weights(path, StackState.of(layers, "net", StackInput()), uid)


@pytest.mark.parametrize(("uid", "number"), [(3, 2), (5, 5), (7, 10)])
def test_the_likely_one_stands_where_the_layer_stands(
    tmp_path: Path, uid: int, number: int
) -> None:
    arrays = vgg()
    offer = offered(tmp_path, arrays, VGG, uid)
    assert [offer.bundles[k].prefix for k in offer.fitting] == [
        "features.2", "features.5", "features.10",
    ]  # fmt: skip
    assert offer.bundles[offer.likely].prefix == f"features.{number}"
    filled = fill(offer, offer.likely)
    assert filled.arrays.keys() == {"weight", "bias"}
    np.testing.assert_array_equal(filled.arrays["weight"], arrays[f"features.{number}.weight"])
    np.testing.assert_array_equal(filled.arrays["bias"], arrays[f"features.{number}.bias"])
    assert not filled.arrays["bias"].flags.writeable


def test_a_bias_that_only_one_side_has_hinders_nothing(tmp_path: Path) -> None:
    arrays = vgg()
    del arrays["features.0.bias"]
    offer = offered(tmp_path, arrays, VGG, 1)
    assert fill(offer, offer.likely).arrays.keys() == {"weight"}
    offer = offered(tmp_path, vgg(), (Conv2d(3, 4, 3, bias=False),), 1)
    assert fill(offer, offer.likely).arrays.keys() == {"weight"}


def test_a_bias_of_another_length_does_not_fit(tmp_path: Path) -> None:
    arrays = {"conv1.weight": noise(4, 3, 3, 3), "conv1.bias": noise(5)}
    with pytest.raises(WeightsError, match=r"comes with conv1\.weight does not fit .*\(5,\)"):
        offered(tmp_path, arrays, VGG, 1)


def test_other_shapes_are_listed(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"has the shape \(7, 3, 3, 3\), it holds features\.0"):
        offered(tmp_path, vgg(), (Conv2d(3, 7, 3),), 1)


def test_what_is_not_finite_is_named(tmp_path: Path) -> None:
    arrays = vgg()
    arrays["features.5.bias"] = np.full(4, np.nan, np.float32)
    offer = offered(tmp_path, arrays, VGG, 3)
    fill(offer, offer.likely)
    with pytest.raises(WeightsError, match=r"features\.5\.bias in it is not finite"):
        fill(offer, offer.fitting[1])


@pytest.mark.parametrize(
    ("weight", "bias", "prefix"),
    [
        ("features.0.weight", "features.0.bias", "features.0"),
        ("module.conv1.weight", "module.conv1.bias", "module.conv1"),
        ("3.weight", "3.bias", "3"),
        ("conv1_w", "conv1_b", "conv1"),
        ("conv1/kernel:0", "conv1/bias:0", "conv1"),
        ("Conv.W", "Conv.B", "Conv"),
        ("weight", "bias", ""),
        ("onnx::Conv_193", "onnx::Conv_194", "onnx::Conv_193"),
        ("arr_0", "arr_1", "arr_0"),
    ],
)
def test_weight_and_bias_are_found_by_name_or_order(weight: str, bias: str, prefix: str) -> None:
    arrays = {weight: noise(4, 3, 3, 3), bias: noise(4)}
    (bundle,) = bundled(arrays)
    assert bundle.prefix == prefix
    assert bundle.names == {"weight": weight, "bias": bias}


def test_what_only_looks_alike_stays_apart() -> None:
    arrays = {"a.weight": noise(2, 2), "a.kernel": noise(2, 2), "b.weight": noise(3, 2)}
    assert [bundle.prefix for bundle in bundled(arrays)] == ["a", "a.kernel", "b"]
    arrays = {"first": noise(4, 2), "second": noise(5), "third": noise(6)}
    assert [bundle.prefix for bundle in bundled(arrays)] == ["first", "second", "third"]
