from __future__ import annotations

import os
import sys
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from convlab.engine.arrays import FloatArray
from convlab.layers import Conv2d, Linear
from convlab.layers.channels import Affine
from convlab.layers.merge import Concat
from convlab.networks.bounds import LARGEST, BuildError
from convlab.networks.building import build
from convlab.networks.network import Network
from tests.networks.models import every_result, light, model_of, one_node

pytest.importorskip("onnxruntime", reason="ONNX Runtime is the oracle")

RNG = np.random.default_rng(0)
TOLERANCE = 1e-5  # of a tensor's largest magnitude
PICTURE, VECTOR = (1, 6, 9, 11), (1, 12)


def some(*shape: int) -> FloatArray:
    return RNG.standard_normal(shape, np.float32)


def ints(*numbers: int) -> Any:
    return np.array(numbers, np.int64)


# Each with whether a layer of ours computes it.
OURS = [
    one_node("Conv", PICTURE, some(4, 6, 3, 3), some(4), pads=(1, 0, 2, 1), strides=(2, 1)),
    one_node("Conv", PICTURE, some(6, 2, 3, 3), group=3, dilations=(2, 1)),
    one_node("Conv", PICTURE, some(4, 6, 3, 4), auto_pad="SAME_UPPER", strides=(2, 2)),
    one_node("Conv", PICTURE, some(4, 6, 3, 4), auto_pad="SAME_LOWER", strides=(3, 2)),
    one_node("Conv", PICTURE, some(4, 6, 2, 4), auto_pad="VALID"),
    one_node("Conv", (1, 5, 17), some(4, 5, 3), some(4), pads=(1, 2), strides=(2,)),
    one_node("ConvTranspose", PICTURE, some(6, 4, 3, 2), some(4), strides=(2, 3), pads=(1, 0, 1, 0),
             output_padding=(1, 0)),
    one_node("ConvTranspose", PICTURE, some(6, 2, 3, 3), group=2, dilations=(1, 2)),
    one_node("MaxPool", PICTURE, kernel_shape=(3, 2), strides=(2, 2), pads=(1, 0, 1, 0)),
    one_node("MaxPool", PICTURE, kernel_shape=(3, 3), strides=(2, 2), pads=(0, 0, 1, 1)),
    one_node("MaxPool", PICTURE, kernel_shape=(2, 2), strides=(2, 2), ceil_mode=1),
    one_node("MaxPool", PICTURE, kernel_shape=(3, 3), strides=(2, 2), auto_pad="SAME_UPPER"),
    one_node("AveragePool", PICTURE, kernel_shape=(3, 3), strides=(2, 2), pads=(1, 1, 1, 1)),
    one_node("AveragePool", PICTURE, kernel_shape=(3, 3), pads=(1, 1, 1, 1), count_include_pad=1),
    one_node("BatchNormalization", PICTURE, some(6), some(6), some(6), np.abs(some(6)),
             epsilon=1e-3),
    one_node("BatchNormalization", VECTOR, some(12), some(12), some(12), np.abs(some(12))),
    one_node("Relu", PICTURE), one_node("Sigmoid", VECTOR), one_node("Tanh", PICTURE),
    one_node("Abs", PICTURE), one_node("LeakyRelu", PICTURE, alpha=0.2),
    one_node("HardSwish", PICTURE), one_node("HardSigmoid", PICTURE, alpha=1 / 6),
    one_node("Clip", PICTURE, np.float32(0), np.float32(6)),
    one_node("Clip", PICTURE, np.float32(0)),
    one_node("Clip", PICTURE, opset=7, min=0.0, max=6.0),
    one_node("Gelu", PICTURE, opset=20), one_node("Gelu", PICTURE, opset=20, approximate="tanh"),
    one_node("Gemm", VECTOR, some(12, 5), some(5), alpha=0.5, beta=2.0),
    one_node("Gemm", VECTOR, some(5, 12), some(1), transB=1),
    one_node("MatMul", VECTOR, some(12, 5)),
    one_node("Flatten", PICTURE), one_node("Reshape", PICTURE, ints(0, -1)),
    one_node("Squeeze", (1, 7, 1, 1), ints(2, 3)), one_node("Squeeze", (1, 7, 1, 1), ints(-1, -2)),
    one_node("Softmax", PICTURE, axis=1), one_node("Softmax", VECTOR),
    one_node("Softmax", VECTOR, opset=11), one_node("Softmax", (1, 9, 1, 1), opset=7),
    one_node("Add", PICTURE, some(6, 1, 1)), one_node("Mul", PICTURE, some(1, 6, 1, 1)),
    one_node("Sub", PICTURE, np.float32(0.5)), one_node("Div", PICTURE, some(6, 1, 1)),
    one_node("Mul", VECTOR, some(12)), one_node("Dropout", PICTURE),
    one_node("GlobalAveragePool", PICTURE), one_node("ReduceMean", PICTURE, axes=(2, 3)),
    one_node("ReduceMean", PICTURE, axes=(-1, -2), keepdims=0),
    one_node("Slice", PICTURE, ints(1), ints(5), ints(1), ints(2)),
    one_node("Slice", PICTURE, ints(-3), ints(100), ints(1)),
    one_node("Split", PICTURE, ints(1, 2, 3), axis=1, outputs=3),
    one_node("Split", PICTURE, axis=1, outputs=2, opset=11),
    one_node("Resize", PICTURE, None, np.array([1, 1, 2, 3], np.float32), mode="nearest",
             coordinate_transformation_mode="asymmetric", nearest_mode="floor"),
    one_node("Resize", PICTURE, None, None, ints(1, 6, 18, 22), mode="linear"),
    one_node("Resize", PICTURE, None, None, ints(1, 6, 27, 33), mode="nearest"),
    one_node("Resize", PICTURE, None, np.array([1, 1, 2, 2], np.float32), mode="linear",
             coordinate_transformation_mode="align_corners"),
    one_node("PRelu", PICTURE, some(6, 1, 1)), one_node("PRelu", PICTURE, some(1)),
    one_node("LRN", PICTURE, size=5, alpha=0.3, beta=0.6, bias=2.0),
    one_node("Pad", PICTURE, ints(0, 0, 1, 2, 0, 0, 3, 4)),
    one_node("Pad", PICTURE, pads=(0, 0, 1, 2, 0, 0, 3, 4), opset=10),
    one_node("DepthToSpace", (1, 8, 3, 4), blocksize=2, mode="CRD"),
    one_node("InstanceNormalization", PICTURE, some(6), some(6), epsilon=1e-3),
    one_node("GroupNormalization", PICTURE, some(6), some(6), num_groups=3, opset=21),
    one_node("Upsample", PICTURE, np.array([1, 1, 2, 2], np.float32), opset=9),
]  # fmt: skip
FOREIGN = [
    one_node("Clip", PICTURE, np.float32(-1), np.float32(0.5)),
    one_node("HardSigmoid", PICTURE),
    one_node("Elu", PICTURE),
    one_node("Exp", VECTOR),
    one_node("Pad", PICTURE, ints(0, 0, 1, 1, 0, 0, 1, 1), mode="reflect"),
    one_node("Pad", PICTURE, ints(0, 1, 0, 0, 0, 1, 0, 0)),
    one_node("Pad", PICTURE, ints(0, 0, 1, 1, 0, 0, 1, 1), np.float32(2)),
    one_node("DepthToSpace", (1, 8, 3, 4), blocksize=2),
    one_node("Transpose", PICTURE, perm=(0, 1, 3, 2)),
    one_node("Reshape", PICTURE, ints(1, 2, 3, 9, 11)),
    one_node("Reshape", VECTOR, ints(1, 3, 2, 2)),
    one_node("Reshape", VECTOR, ints(3, 4)),
    one_node("Softmax", PICTURE, axis=3),
    one_node("Softmax", PICTURE, axis=1, opset=11),
    one_node("Split", PICTURE, axis=3, outputs=2, opset=18, num_outputs=2),
    one_node("ReduceMean", PICTURE, axes=(1,)),
    one_node("Mul", PICTURE, some(9, 11)),
    one_node("Sub", PICTURE, some(1, 6, 9, 11)),
    one_node("AveragePool", PICTURE, kernel_shape=(3, 3), pads=(1, 1, 0, 0), count_include_pad=1),
]


def free_memory() -> int:
    """Return how much memory nobody uses, where that is told; else none [bytes]."""
    if sys.platform == "win32":
        return 0
    return os.sysconf("SC_PHYS_PAGES" if sys.platform == "darwin" else "SC_AVPHYS_PAGES") * (
        os.sysconf("SC_PAGE_SIZE")
    )


def name_of(model: onnx.ModelProto) -> str:
    node = model.graph.node[0]
    return str(node.op_type) + "".join(f"-{each.name}" for each in node.attribute)


def compare(model: onnx.ModelProto, seed: int = 1, most_bytes: int = LARGEST) -> Network:
    """Hold every tensor against ONNX Runtime's and return the network."""
    network = Network.of(build(model, most_bytes=most_bytes))
    x = np.random.default_rng(seed).standard_normal((1, *network.shape), np.float32)
    rank = len(model.graph.input[0].type.tensor_type.shape.dim)
    expected = every_result(model, x[:, :, 0] if rank == 3 else x)
    results = network.forward(x[0])
    assert network.outputs
    for name, result in results.items():
        if name in expected:
            whole = expected.pop(name)
            worst = np.abs(result.ravel() - whole.ravel()).max()
            assert worst <= TOLERANCE * max(np.abs(whole).max(), 1e-30), name
    # Those of constants, of what was dropped, and what only has another name.
    same = {each.output[0] for each in model.graph.node if each.op_type in ("Unsqueeze", "Reshape")}
    dropped = {name for node in model.graph.node for name in node.output[1:]}
    assert expected.keys() <= same | dropped
    return network


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_a_layer_of_ours_computes_what_the_runtime_does(model: onnx.ModelProto) -> None:
    network = compare(model)
    assert all(node.kind != "onnx" for node in network.nodes)


@pytest.mark.parametrize("model", FOREIGN, ids=name_of)
def test_what_no_layer_computes_runs_as_it_stands_in_the_file(model: onnx.ModelProto) -> None:
    network = compare(model)
    assert [node.kind for node in network.nodes][-1] == "onnx"


@pytest.mark.parametrize("name", ["squeezenet", "shufflenet", "resnet50", "densenet121"])
def test_every_tensor_of_known_networks_is_that_of_the_runtime(name: str) -> None:
    compare(light(name, 1))


@pytest.mark.slow  # VGG-19 alone draws 144 million weights
@pytest.mark.skipif(
    free_memory() < 6 << 30,
    reason="the weights of VGG-19, held in several forms, take 4 GB",
)
@pytest.mark.parametrize(
    "name", ["bvlc_alexnet", "inception_v1", "inception_v2", "vgg19", "zfnet512"]
)
def test_every_tensor_of_large_networks_is_that_of_the_runtime(name: str) -> None:
    compare(light(name, 1), most_bytes=640 << 20)  # VGG-19 has 548 MB, more than a file may


def test_what_is_larger_than_a_file_may_be_is_rejected_before_it_is_computed() -> None:
    large = np.array([300, 1 << 19], np.int64)  # 600 MB
    nodes = [
        helper.make_node("ConstantOfShape", ["size"], ["w"]),
        helper.make_node("MatMul", ["x", "w"], ["y"]),
    ]
    model = model_of(nodes, (1, 300), [numpy_helper.from_array(large, "size")])
    with pytest.raises(BuildError, match="would take more than 511 MB"):
        build(model)


def test_a_product_and_a_sum_become_one_dense_layer() -> None:
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["h"]),
        helper.make_node("Add", ["b", "h"], ["y"]),
    ]
    given = [numpy_helper.from_array(some(12, 5), "w"), numpy_helper.from_array(some(5), "b")]
    model = model_of(nodes, VECTOR, given)
    [node] = build(model).graph
    assert isinstance(node.layer, Linear)
    assert node.layer.offsets is not None
    x = some(*VECTOR)
    found = Network.of(build(model)).forward(x[0])["y"]
    assert np.allclose(found, every_result(model, x)["y"][0], atol=1e-5)


def test_shape_arithmetic_is_folded() -> None:
    nodes = [
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Gather", ["shape", "zero"], ["batch"], axis=0),
        helper.make_node("Unsqueeze", ["batch", "axes"], ["row"]),
        helper.make_node("Concat", ["row", "rest"], ["wanted"], axis=0),
        helper.make_node("Reshape", ["x", "wanted"], ["y"]),
    ]
    given = [
        numpy_helper.from_array(np.array(0, np.int64), "zero"),
        numpy_helper.from_array(ints(0), "axes"),
        numpy_helper.from_array(ints(-1), "rest"),
    ]
    [node] = Network.of(build(model_of(nodes, PICTURE, given))).nodes
    assert (node.kind, node.shape) == ("flatten", (6 * 9 * 11,))


def test_a_network_with_channels_last_needs_no_transposition() -> None:
    nodes = [
        helper.make_node("Transpose", ["x"], ["t"], perm=(0, 3, 1, 2)),
        helper.make_node("Conv", ["t", "w"], ["c"]),
        helper.make_node("Transpose", ["c"], ["u"], perm=(0, 2, 3, 1)),
        helper.make_node("Add", ["u", "b"], ["a"]),
        helper.make_node("Concat", ["a", "u"], ["y"], axis=3),
    ]
    given = [numpy_helper.from_array(some(4, 3, 3, 3), "w"), numpy_helper.from_array(some(4), "b")]
    model = model_of(nodes, (1, 9, 11, 3), given)
    built = build(model)
    assert built.facts.is_channels_last
    assert built.shape == (3, 9, 11)
    assert [type(node.layer) for node in built.graph] == [Conv2d, Affine, Concat]
    x = some(3, 9, 11)
    expected = every_result(model, x.transpose(1, 2, 0)[np.newaxis])
    result = Network.of(built).forward(x)["y"]
    assert np.allclose(result.transpose(1, 2, 0), expected["y"][0], atol=1e-5)


def test_what_follows_a_value_with_channels_last_gets_it_as_the_model_has_it() -> None:
    nodes = [
        helper.make_node("Transpose", ["x"], ["t"], perm=(0, 2, 3, 1)),
        helper.make_node("Reshape", ["t", "s"], ["y"]),
    ]
    model = model_of(nodes, PICTURE, [numpy_helper.from_array(ints(1, -1), "s")])
    x = some(*PICTURE)
    result = Network.of(build(model)).forward(x[0])["y"]
    assert np.array_equal(result, every_result(model, x)["y"][0])


def test_an_open_size_is_the_one_asked_for() -> None:
    model = one_node("Relu", (1, 3, 5, 5))
    for place in (0, 2, 3):
        model.graph.input[0].type.tensor_type.shape.dim[place].dim_param = "n"
    assert build(model).shape == (3, 224, 224)
    assert build(model, (7, 8)).shape == (3, 7, 8)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (one_node("Relu", (8, 3, 5, 5)), "8 pictures at once"),
        (one_node("Relu", (1, 2, 3, 4, 5)), "5 dimensions"),
        (
            one_node("Conv", PICTURE, some(4, 5, 3, 3)),
            r"node 'the node' \(Conv\): .*this layer takes 5",
        ),
        (one_node("Conv", (1, 6, 2, 2), some(4, 6, 3, 3)), r"node 'the node' \(Conv\)"),
        (
            model_of([helper.make_node("Add", ["x", "z"], ["y"])], PICTURE),
            "its input 'z' is made by",
        ),
        (model_of([helper.make_node("Relu", ["x"], ["a"])] * 2001, PICTURE), "2001 nodes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_named(model: onnx.ModelProto, message: str) -> None:
    with pytest.raises(BuildError, match=message):
        build(model)


def test_a_second_input_is_named() -> None:
    model = one_node("Relu", PICTURE)
    model.graph.input.append(helper.make_tensor_value_info("mask", 1, (1,)))
    with pytest.raises(BuildError, match=r"2 inputs \(x, mask\)"):
        build(model)


def test_what_would_take_all_memory_is_rejected_before_it_is_computed() -> None:
    nodes = [
        helper.make_node("ConstantOfShape", ["s"], ["c"]),
        helper.make_node("Add", ["x", "c"], ["y"]),
    ]
    model = model_of(nodes, PICTURE, [numpy_helper.from_array(ints(1 << 20, 1 << 20), "s")])
    with pytest.raises(BuildError, match="would take more than"):
        build(model)


def test_sizes_that_are_negative_are_open() -> None:
    assert build(one_node("Relu", (-1, 3, -1, -(2**63)))).shape == (3, 224, 224)


def test_layers_remember_what_the_names_of_their_weights_begin_with() -> None:
    node = helper.make_node("Conv", ["x", "layer1.0.conv1.weight"], ["getitem_3"])
    weight = numpy_helper.from_array(some(2, 3, 3, 3), "layer1.0.conv1.weight")
    relu = helper.make_node("Relu", ["getitem_3"], ["y"])
    graph = build(model_of([node, relu], (1, 3, 8, 8), [weight])).graph
    assert [(each.name, each.origin) for each in graph] == [
        ("getitem_3", "layer1.0.conv1"),
        ("y", ""),
    ]


def half(nodes: list[Any], kind: int, picture: int) -> onnx.ModelProto:
    """Return a model whose weights are of a kind of numbers, and whose picture of another."""
    numbers = np.random.default_rng(5)
    weights = [
        helper.make_tensor(name, kind, shape, numbers.standard_normal(np.prod(shape)))
        for name, shape in (("w", (4, 3, 3, 3)), ("b", (4,)), ("s", (4, 1, 1)), ("e", (1,)))
    ]
    model = model_of(nodes, (1, 3, 8, 9), weights)
    model.graph.input[0].type.tensor_type.elem_type = picture
    model.graph.output[0].type.tensor_type.elem_type = picture
    return model


@pytest.mark.parametrize("kind", [TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.DOUBLE])
@pytest.mark.parametrize("is_mixed", [True, False])
def test_other_floating_point_numbers_are_computed_in_float32(kind: int, is_mixed: bool) -> None:
    """As ``model.half()`` is exported, and as converters write it that keep the kind of the ends.

    The operation without a layer takes a constant, too: one of its kind would fit no float32.
    """
    make = helper.make_node
    nodes = [
        *([make("Cast", ["x"], ["h"], to=kind)] * is_mixed),
        make("Conv", ["h" if is_mixed else "x", "w", "b"], ["c"], pads=[1, 1, 1, 1]),
        make("Mul", ["c", "s"], ["m"]),
        make("PRelu", ["m", "s"], ["p"]),
        make("Mod", ["p", "e"], ["r"], fmod=1),
        *([make("Cast", ["r"], ["y"], to=TensorProto.FLOAT)] * is_mixed),
    ]
    network = Network.of(build(half(nodes, kind, TensorProto.FLOAT if is_mixed else kind)))
    x = np.random.default_rng(6).random((3, 8, 9), np.float32)
    plain = [node for node in nodes if node.op_type != "Cast"]
    plain[0].input[0] = "x"
    twin = half(plain, TensorProto.FLOAT, TensorProto.FLOAT)
    for tensor, stored in zip(
        twin.graph.initializer, half(nodes, kind, 1).graph.initializer, strict=True
    ):
        rounded = numpy_helper.to_array(stored).astype(np.float32)
        tensor.CopyFrom(numpy_helper.from_array(rounded, tensor.name))
    expected = every_result(twin, x[None])
    found = network.forward(x)
    assert list(found) == ["c", "m", "p", "r"]
    for value, name in zip(found.values(), ("c", "m", "p", "r"), strict=True):
        exact = expected[name][0]
        assert np.abs(value - exact).max() <= TOLERANCE * np.abs(exact).max()
