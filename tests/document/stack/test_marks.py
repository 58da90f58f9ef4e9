"""Boxes around what a map finds, beside the formulas of the network they come from."""

from __future__ import annotations

import numpy as np
import pytest

from convlab import paths
from convlab.document.frame import Frame
from convlab.document.stack import edits
from convlab.document.stack.evaluate import StackEvaluator
from convlab.document.stack.job import StackJob, StackShown
from convlab.document.stack.marks import OVERLAP, FoundBox, find_boxes
from convlab.document.stack.model import Marks, StackState, StackViewing
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.io.ready_stacks import read_ready_stack
from convlab.layers import Conv2d, MaxPool2d
from convlab.layers.graph import INPUT, Graph, Node
from tests.pictures import load_image

RNG = np.random.default_rng(0)
# As PNet: what a value is made from has 12 pixels a side, and the next lies 2 further.
GRAPH = Graph(
    [
        Node(1, Conv2d(1, 1, 3)),
        Node(2, MaxPool2d(2), (1,)),
        Node(3, Conv2d(1, 1, 3), (2,)),
        Node(4, Conv2d(1, 1, 3), (3,)),
        Node(5, Conv2d(1, 2, 1), (4,)),
        Node(6, Conv2d(1, 4, 1), (4,)),
    ]
)
MARKS = Marks(5, 1, 0.5, 6)


def results(scores: AnyArray, offsets: AnyArray | None = None) -> dict[int, FloatArray]:
    rows, columns = scores.shape
    shapes = GRAPH.shapes((1, 2 * rows + 10, 2 * columns + 10))
    assert shapes[5] == (2, rows, columns)
    found = {uid: np.zeros(shape, np.float32) for uid, shape in shapes.items()}
    found[5][1] = scores
    if offsets is not None:
        found[6][:] = offsets
    return found


def test_a_box_is_what_the_value_is_made_from() -> None:
    scores = np.zeros((8, 9), np.float32)
    scores[3, 5] = 0.75
    assert find_boxes(MARKS, GRAPH, results(scores)) == (FoundBox(10, 6, 22, 18, 0.75),)


def test_offsets_are_parts_of_the_size_of_a_box() -> None:
    scores, offsets = np.zeros((8, 9), np.float32), np.zeros((4, 8, 9), np.float32)
    scores[3, 5] = 1.0
    offsets[:, 3, 5] = 0.25, -0.5, -0.25, 0.5  # left, top, right, bottom
    (box,) = find_boxes(MARKS, GRAPH, results(scores, offsets))
    assert box == FoundBox(13, 0, 19, 24, 1.0)
    (without,) = find_boxes(Marks(5, 1, 0.5), GRAPH, results(scores, offsets))
    assert without == FoundBox(10, 6, 22, 18, 1.0)


def overlap(one: FoundBox, other: FoundBox) -> float:
    """Return what two boxes share of their union, counted in whole pixels."""
    planes = np.zeros((2, 80, 80), bool)
    for plane, box in zip(planes, (one, other), strict=True):
        left, top, right, bottom = (int(side) for side in box[:4])
        plane[top:bottom, left:right] = True
    return float((planes[0] & planes[1]).sum() / (planes[0] | planes[1]).sum())


def test_of_boxes_of_one_thing_the_strongest_stays() -> None:
    scores = RNG.random((20, 20)).astype(np.float32)
    found = find_boxes(MARKS, GRAPH, results(scores))
    every = [
        FoundBox(2 * c, 2 * r, 2 * c + 12, 2 * r + 12, 0) for r in range(20) for c in range(20)
    ]
    values = [box.value for box in found]
    assert values == sorted(values, reverse=True)
    assert values[0] == scores.max()
    for number, box in enumerate(found):
        assert all(overlap(box, other) <= OVERLAP for other in found[:number])
    if len(found) < 32:
        dropped = [box for box in every if scores[int(box.top) // 2, int(box.left) // 2] > 0.5]
        assert all(any(overlap(box, kept) > OVERLAP for kept in found) for box in dropped)


@pytest.mark.parametrize("marks", [Marks(), Marks(9, 1), Marks(5, 7), Marks(5, 1, 1.0)])
def test_what_is_not_there_marks_nothing(marks: Marks) -> None:
    assert find_boxes(marks, GRAPH, results(np.ones((3, 3), np.float32))) == ()


def run(state: StackState) -> StackShown:
    pixels = load_image(paths.resource("pictures", "astronaut.jpg"))
    viewing = StackViewing(in_sight=frozenset({INPUT}), cell_width=80)
    return StackEvaluator().run(StackJob(1, Frame(pixels, 0, 0.0), state, viewing))


def test_the_face_of_the_astronaut_is_marked_on_the_picture() -> None:
    """Of 60 × 80, cut from 384 × 512: rows 3 to 18 and columns 27 to 43 are the face."""
    pytest.importorskip("onnx", reason="the network is a file of ONNX")
    faces = edits.replace_stack(StackState(next_uid=50), read_ready_stack("faces"))
    assert faces.marks.uid == 50 + len(faces.slots) - 1, "uids follow"
    painted = run(faces).picture.tiles
    bare = run(StackState(faces.slots, faces.input)).picture.tiles
    assert painted is not None
    assert bare is not None
    rows, columns = np.nonzero((painted[0] != bare[0]).any(axis=2))
    assert rows.size, "a box is drawn"
    assert np.array_equal(painted[1:], bare[1:]), "on the picture alone"
    assert 0 <= rows.min() <= rows.max() <= 24
    assert 22 <= columns.min() <= columns.max() <= 48
