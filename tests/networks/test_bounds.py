"""What a model says of itself is checked before anything is made of it: one message each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from convlab.networks.bounds import BuildError
from convlab.networks.building import build
from tests.networks.models import model_of, one_node

PICTURE = (1, 3, 8, 9)
FLOAT = TensorProto.FLOAT


def relu(name: str = "y", *inputs: str) -> onnx.NodeProto:
    return helper.make_node("Relu", list(inputs) or ["x"], [name], name=f"makes {name}")


def weights(**fields: Any) -> onnx.ModelProto:
    """A model that adds weights of which something is wrong."""
    tensor = helper.make_tensor("w", FLOAT, [3, 1, 1], [1, 2, 3])
    for name, value in fields.items():
        if isinstance(value, list):
            tensor.ClearField(name)
            getattr(tensor, name).extend(value)
        elif isinstance(value, TensorProto.Segment):
            tensor.segment.CopyFrom(value)
        else:
            setattr(tensor, name, value)
    return model_of([helper.make_node("Add", ["x", "w"], ["y"])], PICTURE, [tensor])


def in_a_constant(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same weights as an attribute of a node."""
    [tensor] = model.graph.initializer
    model.graph.node.insert(0, helper.make_node("Constant", [], ["w"], value=tensor))
    del model.graph.initializer[:]
    return model


def calling(*functions: tuple[str, list[str]]) -> onnx.ModelProto:
    """Functions by their names, each with those that it calls one after the other."""
    opsets, own = [helper.make_opsetid("", 17)], helper.make_opsetid("own", 1)
    model = model_of([helper.make_node(functions[0][0], ["x"], ["y"], domain="own")], PICTURE)
    model.opset_import.append(own)
    for name, calls in functions:
        nodes = [
            helper.make_node(call, ["a"], ["b" if number == len(calls) - 1 else f"t{number}"],
                             domain="" if call == "Relu" else "own")
            for number, call in enumerate(calls)
        ]  # fmt: skip
        model.functions.append(
            helper.make_function("own", name, ["a"], ["b"], nodes, [*opsets, own])
        )
    return model


def deciding() -> onnx.ModelProto:
    body = helper.make_graph([], "body", [], [])
    node = helper.make_node("If", ["x"], ["y"], name="choice", then_branch=body, else_branch=body)
    return model_of([node], PICTURE)


def sparse() -> onnx.ModelProto:
    model = weights()
    values = helper.make_tensor("w", FLOAT, [1], [1.0])
    indices = helper.make_tensor("", TensorProto.INT64, [1], [1])
    model.graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [3]))
    del model.graph.initializer[:]
    return model


def of_opset(*versions: int) -> onnx.ModelProto:
    model = one_node("Relu", PICTURE)
    del model.opset_import[:]
    model.opset_import.extend(helper.make_opsetid("", version) for version in versions)
    return model


def bomb(depth: int) -> onnx.ModelProto:
    """Each function calls the next twice."""
    links = [(f"f{number}", [f"f{number + 1}"] * 2) for number in range(depth)]
    return calling(*links, (f"f{depth}", ["Relu"]))


def deep(depth: int) -> onnx.ModelProto:
    links = [(f"f{number}", [f"f{number + 1}"]) for number in range(depth)]
    return calling(*links, (f"f{depth}", ["Relu"]))


def resized(*sizes: int) -> onnx.ModelProto:
    return one_node("Resize", PICTURE, None, None, np.array(sizes, np.int64))


def chain_of_large_results() -> onnx.ModelProto:
    sides = [helper.make_node("Relu", [f"t{n}" if n else "x"], [f"t{n + 1}"]) for n in range(6)]
    return model_of(sides, (1, 3, 5000, 5000))


def overloaded() -> onnx.ModelProto:
    many = [numpy_helper.from_array(np.zeros(1, np.float32), f"w{n}") for n in range(20_001)]
    return model_of([relu()], PICTURE, many)


def parsed(model: onnx.ModelProto, before: bytes, after: bytes) -> onnx.ModelProto:
    """A model some of whose bytes are others."""
    made = onnx.ModelProto()
    made.ParseFromString(model.SerializeToString().replace(before, after))
    return made


QUANTISED = np.array(1, np.float32), np.array(0, np.uint8)
BAD: dict[str, tuple[Callable[[], onnx.ModelProto], str]] = {
    "too old": (lambda: of_opset(6), r"operators are of version 6, and those of 7 to \d+ are"),
    "too new": (lambda: of_opset(999), "operators are of version 999, and those of 7 to"),
    "of no version": (of_opset, "does not say of which version its operators are: export"),
    "many nodes": (lambda: model_of([relu()] * 2001, PICTURE), "2001 nodes, and 2000 are the most"),
    "many nodes in functions": (lambda: bomb(40), "nodes, and 2000 are the most"),
    "function in itself": (lambda: calling(("f", ["f"])), r"\(f\): its function calls itself"),
    "deep functions": (lambda: deep(200), "its functions call each other too deeply"),
    "many names": (overloaded, "20003 names of tensors, and 20000 are the most"),
    "subgraphs": (deciding, r"node 'choice' \(If\): it decides while it runs: export"),
    "unknown domain": (
        lambda: model_of([helper.make_node("Magic", ["x"], ["y"], domain="org.me")], PICTURE),
        r"node 'y' \(Magic\): its operation is of 'org.me', which nobody knows here: export",
    ),
    "quantised operation": (
        lambda: one_node("QuantizeLinear", PICTURE, *QUANTISED),
        r"node 'the node' \(QuantizeLinear\): it computes with whole numbers: export",
    ),
    "quantised weights": (
        lambda: weights(data_type=TensorProto.FLOAT8E4M3FN),
        "its weights 'w' are numbers of float8e4m3fn: export it again with float32",
    ),
    "unknown type": (lambda: weights(data_type=77), "are numbers of no known kind: export"),
    "texts": (lambda: weights(data_type=TensorProto.STRING), "its weights 'w' are texts: export"),
    "sparse": (sparse, "its weights 'w' are sparse: export it with dense ones"),
    "negative size": (lambda: weights(dims=[3, -1, 1]), "'w' have a negative size: it is damaged"),
    "huge size": (lambda: weights(dims=[1 << 40, 9]), "more than 512 MB of weights: take a small"),
    "cut off": (lambda: weights(dims=[3, 2, 1]), "'w' should be 6 numbers and are 3: it is dam"),
    "not whole": (
        lambda: weights(float_data=[], raw_data=b"12345"),
        "'w' should be 3 numbers and are 1.25: it is damaged",
    ),
    "in pieces": (
        lambda: weights(segment=TensorProto.Segment(begin=0, end=3)),
        "its weights 'w' are in several pieces",
    ),
    "circle": (
        lambda: model_of([relu("a", "b"), relu("b", "a")], PICTURE),
        r"node 'makes a' \(Relu\): it takes 'b', which only node 'makes b' behind it makes: exp",
    ),
    "from nowhere": (lambda: model_of([relu("y", "z")], PICTURE), "'z' is made by no node before"),
    "two of a name": (
        lambda: model_of([relu("a"), relu("a")], PICTURE),
        r"\(Relu\): another one gives a result 'a', too: export it again",
    ),
    "two weights of a name": (
        lambda: model_of([relu()], PICTURE, [*weights().graph.initializer] * 2),
        "two of its weights have one name: export it again",
    ),
    "name that is no text": (
        lambda: parsed(one_node("Relu", PICTURE), b"the node", b"the \xff\xfede"),
        r"its name b'the \\xff\\xfede' is no text: it is damaged",
    ),
    "large result": (
        lambda: resized(1, 3, 80_000, 90_000),
        r"node 'the node' \(Resize\): with its result of 3 × 80000 × 90000 all would take more",
    ),
    "large results": (
        chain_of_large_results,
        r"node 't\d' \(Relu\): with its result of 3 × 5000 × 5000 all would take more than \d+ MB",
    ),
    "large picture": (
        lambda: one_node("Relu", (1, 3, 1 << 20, 1 << 20)),
        "with its picture of 3 × 1048576 × 1048576 all would take more than",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_what_is_out_of_bounds_is_one_message(kind: str) -> None:
    make, message = BAD[kind]
    with pytest.raises(BuildError, match=message):
        build(make())


@pytest.mark.parametrize(
    "kind", ["quantised weights", "texts", "negative size", "huge size", "cut off", "in pieces"]
)
def test_weights_in_constants_are_no_exception(kind: str) -> None:
    model = BAD[kind][0]()
    with pytest.raises(BuildError, match=BAD[kind][1]):
        build(in_a_constant(model))


@pytest.mark.parametrize(
    "model",
    [
        one_node("Squeeze", (1, 7, 1, 1), np.array([[2, 3]])),
        one_node("Slice", PICTURE, *(np.array(number) for number in (0, 2, 1))),
        one_node("Resize", PICTURE, None, np.ones((4, 1), np.float32)),
    ],
)
def test_numbers_in_other_shapes_are_no_layer_of_ours(model: onnx.ModelProto) -> None:
    """Whether they mean anything, whoever runs the node says."""
    try:
        [node] = build(model).graph
    except BuildError as error:
        assert "node 'the node'" in str(error)  # noqa: PT017
    else:
        assert node.layer.kind == "onnx"
