from __future__ import annotations

import csv
import io

import numpy as np

from convlab.document.frame import Frame
from convlab.document.stack.model import InputSpace, StackInput
from convlab.document.stack.survey import MapRows, Survey, to_csv
from convlab.engine.arrays import AnyArray
from convlab.layers import Conv2d, Flatten, Linear, ReLU
from convlab.layers.graph import Graph
from convlab.layers.stack import Stack

RNG = np.random.default_rng(0)
# One map of what is brighter than 0.5, one of what is darker, one that never fires.
WEIGHT = np.array([1, -1, 0], np.float32).reshape(3, 1, 1, 1)
BIAS = np.array([-0.5, 0.5, -1], np.float32)
LINEAR = np.array([[1, 0], [0, 1]], np.float32)
WANTED = StackInput(InputSpace.GREY)


def frame(values: list[list[float]]) -> Frame:
    return Frame(np.array(values, np.float32), 0, 0.0)


def chain(*layers: object) -> Graph:
    return Graph.of(Stack(layers))  # type: ignore[arg-type]


def test_maps_that_never_fire_are_found_and_the_others_measured() -> None:
    survey = Survey(chain(Conv2d(1, 3, 1, weight=WEIGHT, bias=BIAS), ReLU()), WANTED)
    pictures = [[[0.75, 1.0], [0.5, 0.5]], [[0.25, 0.75], [0.5, 0.5]]]
    for values in pictures:
        survey.add(frame(values))
    found = survey.result()
    assert found.pictures == 2
    relu = found.layers[1]
    assert relu.fired.tolist() == [2, 1, 0]
    assert relu.never == (2,)
    never = MapRows(found, only_never=True)
    assert [(row.layer, row.map, row.fired) for row in never] == [
        *(("1 conv2d", 2, 0), ("2 relu", 2, 0))
    ]
    assert relu.mean.tolist() == [1.0 / 8, 0.25 / 8, 0.0]
    assert relu.largest.tolist() == [0.5, 0.25, 0.0]
    assert relu.zeros.tolist() == [5 / 8, 7 / 8, 1.0]
    above = np.maximum(np.array(pictures).ravel() - 0.5, 0)
    assert np.isclose(relu.std[0], above.std())


def test_labels_are_compared_with_the_classes() -> None:
    """Of two pixels the brighter one is said."""
    graph = chain(Flatten(), Linear(2, 2, bias=None, weight=LINEAR))
    survey = Survey(graph, WANTED, ("left side", "Right"))
    for values, label in (
        ([1.0, 0.0], "Left_Side"),
        ([0.0, 1.0], "left side"),
        ([0.0, 1.0], "right"),
        ([0.0, 1.0], "1"),
        ([0.0, 1.0], "elsewhere"),
        ([0.0, 1.0], ""),
    ):
        survey.add(frame([values]), label)
    found = survey.result()
    assert found.pictures == 6
    assert (found.labelled, found.right, found.near) == (4, 3, 4)
    counted = {each.name: (each.pictures, each.right) for each in found.classes}
    assert counted == {"left side": (2, 1), "Right": (2, 2)}


def test_pictures_of_different_sizes_weigh_the_same() -> None:
    survey = Survey(chain(ReLU()), WANTED)
    survey.add(frame([[1.0]]))
    survey.add(Frame(np.zeros((10, 10), np.float32), 0, 0.0))
    assert survey.result().layers[0].mean.tolist() == [0.5]


def test_the_table_holds_every_map() -> None:
    survey = Survey(chain(Flatten(), Linear(2, 2, bias=None, weight=LINEAR)), WANTED, ("a", "b"))
    survey.add(frame([[0.25, 0.5]]), "b")
    result = survey.result()
    rows = list(csv.reader(io.StringIO(to_csv(result))))
    assert rows[0][:3] == ["layer", "map", "fired in"]
    assert rows[1] == ["1 flatten", "0", "1", "1", "0.25", "0", "0", "0.25"]
    every = MapRows(result)
    assert len(every) == 4
    assert [(row.layer, row.map) for row in every] == [
        *(("1 flatten", 0), ("1 flatten", 1), ("2 linear", 0), ("2 linear", 1))
    ]
    assert every[-1].largest == 0.5
    assert len(MapRows(result, only_never=True)) == 0
    assert rows[-1] == ["b", "1", "1", "1"]


def test_random_pictures_are_measured_as_by_numpy() -> None:
    weight: AnyArray = RNG.standard_normal((4, 3, 3, 3)).astype(np.float32)
    graph = chain(Conv2d(3, 4, 3, weight=weight, bias=None))
    survey, seen = Survey(graph, StackInput(size=(8, 8))), []
    for _ in range(5):
        pixels = RNG.integers(256, size=(8, 8, 3), dtype=np.uint8)
        survey.add(Frame(pixels, 0, 0.0))
        x = pixels.transpose(2, 0, 1) / 255
        windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(1, 2))
        seen.append(np.einsum("cyxij,ocij->oyx", windows, weight.astype(np.float64)))
    exact = np.stack(seen, axis=1).reshape(4, -1)
    (layer,) = survey.result().layers
    assert np.allclose(layer.mean, exact.mean(axis=1), atol=1e-5)
    assert np.allclose(layer.std, exact.std(axis=1), atol=1e-5)
    assert np.allclose(layer.largest, exact.max(axis=1), atol=1e-5)
