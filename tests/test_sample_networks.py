"""The networks that come along: what they see, and every number beside ONNX Runtime's."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import convlab
from convlab import paths
from convlab.document.frame import Frame
from convlab.document.stack.arithmetic import Curve, Products, WeightedSum
from convlab.document.stack.detail import unit_detail
from convlab.document.stack.map_range import noises_after
from convlab.document.stack.model import Unit
from convlab.document.stack.picture import prepare
from convlab.engine.arrays import FloatArray
from convlab.engine.cv import cv2
from convlab.layers.forward import Forward
from convlab.layers.graph import INPUT
from convlab.networks.class_names import names_in
from convlab.networks.guess import guess_input
from convlab.networks.network import Network
from convlab.networks.whole import WholeSession
from tests.networks.models import every_result
from tests.pictures import load_image

onnx = pytest.importorskip("onnx", reason="the networks are files of ONNX")
pytest.importorskip("onnxruntime", reason="ONNX Runtime is the oracle")

TOLERANCE = 1e-5
OBJECTS, FACES = "everyday-objects", "faces"


@cache
def network(name: str) -> Network:
    return convlab.load_network(paths.resource("networks", f"{name}.onnx"))


def square(name: str, side: int) -> FloatArray:
    """Return the middle of a sample picture, ``(3, side, side)`` of 0 to 255."""
    pixels = load_image(paths.resource("pictures", f"{name}.jpg"))
    rows, columns = pixels.shape[:2]
    part = min(rows, columns)
    top, left = (rows - part) // 2, (columns - part) // 2
    cut = np.ascontiguousarray(pixels[top : top + part, left : left + part])
    small = cv2.resize(cut, (side, side), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small.transpose(2, 0, 1), np.float32)


def probabilities(picture: str) -> tuple[FloatArray, tuple[str, ...]]:
    """Return what the camera's picture would give, and the names of the classes."""
    opened = network(OBJECTS)
    pixels = load_image(paths.resource("pictures", f"{picture}.jpg"))
    x = prepare(Frame(pixels, 0, 0.0), guess_input(opened).input, (0, 0))
    return opened(x), names_in(opened.facts, 1000)


def test_coffee_is_espresso() -> None:
    found, names = probabilities("coffee")
    lines = paths.imagenet_classes().read_text(encoding="utf-8").splitlines()
    assert list(names) == lines
    assert names[int(found.argmax())] == "espresso"
    assert found.max() >= 0.9


def test_chelsea_is_a_cat() -> None:
    cats = range(281, 286)  # tabby, tiger cat, Persian, Siamese, Egyptian Mau
    found, _ = probabilities("chelsea")
    assert int(found.argmax()) in cats
    assert found[list(cats)].sum() >= 0.8


def test_the_map_of_faces_is_bright_at_the_face() -> None:
    """It fills rows 80 to 176 and columns 176 to 272 of 512; of the fifth part of the height."""
    results = network(FACES).forward((square("astronaut", 64) - 127.5) / 128)
    found = results["faces"][1]
    row, column = np.unravel_index(int(found.argmax()), found.shape)
    assert found.max() >= 0.999  # with rows and columns exchanged it is 0.997
    # A value of the map looks at 12 pixels, and the next at those two further.
    assert abs((2 * row + 6) * 8 - 128) <= 16
    assert abs((2 * column + 6) * 8 - 224) <= 16
    rows, columns = np.nonzero(found >= 0.99)
    assert np.abs(rows - row).max() <= 4
    assert np.abs(columns - column).max() <= 4


@pytest.mark.parametrize("name", [OBJECTS, FACES])
def test_every_tensor_is_that_of_the_runtime_in_both_ways(name: str) -> None:
    """A layer of ours is given what the runtime gave before.

    In a chain both add up their roundings: in Lite0 the runtime's own numbers are up to 1.5e-5 off
    those of float64, where a normalisation makes them larger and a ReLU6 cuts the rest off. By as
    much its runs with and without blocks of channels differ: a session's numbers are held against
    those of the runtime as it is usually run, and its answers against both.
    """
    opened = network(name)
    x = np.random.default_rng(0).standard_normal(opened.shape, np.float32)
    path = paths.resource("networks", f"{name}.onnx")
    expected = every_result(onnx.load(str(path)), x[np.newaxis])
    wanted = {INPUT: x} | {node.uid: expected[node.name][0] for node in opened.graph}
    session = WholeSession(opened.graph, opened.shape, [node.uid for node in opened.graph])
    whole = session.run(x, opened.graph)
    usual = every_result(onnx.load(str(path)), x[np.newaxis], is_optimised=True)
    for node in opened.graph:
        alone = node.layer.result_of([wanted[uid] for uid in node.inputs])
        for found, oracle in ((alone, wanted[node.uid]), (whole[node.uid], usual[node.name][0])):
            worst = np.abs(found - oracle).max()
            assert worst <= TOLERANCE * np.abs(oracle).max(), node.name
    chain = Forward().run(opened.graph, x)
    for uid in opened.graph.ends:
        for answer in (chain[uid], whole[uid]):
            worst = np.abs(answer - wanted[uid]).max()
            assert worst <= TOLERANCE * np.abs(wanted[uid]).max()


def test_rounding_is_told_from_values_in_every_layer() -> None:
    """The estimate holds what two ways to compute differ by, and hides nothing that is there."""
    opened = network(OBJECTS)
    graph, x = (
        opened.graph,
        prepare(
            Frame(load_image(paths.resource("pictures", "coffee.jpg")), 0, 0.0),
            guess_input(opened).input,
            (0, 0),
        ),
    )
    session = WholeSession(graph, opened.shape, [node.uid for node in graph])
    found, other = {INPUT: x} | session.run(x, graph), Forward().run(graph, x)
    noises = noises_after(graph, {uid: float(np.abs(each).max()) for uid, each in found.items()})
    for node in graph:
        rounding = np.abs(found[node.uid] - other[node.uid]).max()
        assert rounding <= noises[node.uid] <= 2e-3 * np.abs(found[node.uid]).max(), node.name


def test_the_sum_of_a_unit_is_the_number_of_the_session() -> None:
    opened = network(OBJECTS)
    graph, rng = opened.graph, np.random.default_rng(1)
    x = ((square("coffee", 224) - 127) / 128).astype(np.float32)
    session = WholeSession(graph, opened.shape, [node.uid for node in graph])
    results = {INPUT: x} | session.run(x, graph)
    explained = [node for node in graph if node.layer.kind in ("conv2d", "linear", "relu6")]
    for number in rng.integers(len(explained), size=100):
        node = explained[number]
        before, after = results[node.inputs[0]], results[node.uid]
        place = [int(rng.integers(size)) for size in after.shape]
        detail = unit_detail(node.layer, [before], after, Unit(node.uid, *place))
        value = after[tuple(place)]
        if isinstance(detail, Products | WeightedSum):
            terms = np.append(detail.products, detail.bias or 0.0).astype(np.float64)
            assert abs(terms.sum() - value) <= TOLERANCE * np.abs(terms).sum()
        else:
            assert isinstance(detail, Curve)
            assert detail.result == value == np.clip(detail.x, 0, 6)
