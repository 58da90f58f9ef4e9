"""What the window shows of one neuron: its sum, its output, and the same neuron at every place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from convlab.document.cache import StageCache
from convlab.document.frame import Frame
from convlab.document.learning.neuron import (
    INPUTS,
    SIDE,
    Neuron,
    NeuronActivation,
    NeuronInput,
    NeuronViewing,
    Nine,
)
from convlab.document.learning.neuron_examples import EXAMPLES
from convlab.document.painted import Painted, paint
from convlab.engine.activate import FUNCTIONS
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.color import ColorSpace, to_planes
from convlab.engine.conv2d import conv2d
from convlab.engine.display import DisplayMode, Scale, choose_scale, extremes
from convlab.engine.value_range import nice_ceiling

POINTS = 81  # of an activation's graph
LEAST_REACH = 4.0  # a graph goes at least so far to both sides: sigmoid and tanh are seen to level
MOST_REACH = 1e38  # float32 ends soon after


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """The activation's graph and the neuron's point on it.

    Attributes:
        x: The sum minus the threshold.
        result: The output.
        inputs: Where the graph is sampled, rising, around 0, ``(n,)``.
        outputs: The function there, ``(n,)``.
    """

    x: float
    result: float
    inputs: FloatArray
    outputs: FloatArray


class Trial(NamedTuple):
    """One case of a logical example, tried: its inputs, whether it fires, whether it should."""

    inputs: tuple[float, ...]
    fires: bool
    expected: bool


@dataclass(frozen=True, slots=True, eq=False)
class NeuronShown:
    """What the window paints of a neuron.

    Attributes:
        neuron: Its weights and threshold.
        place: (row, column) of the middle of its patch [px].
        inputs: What it sees, row by row; beyond the picture it sees 0.
        terms: Weight times input, each.
        total: Their sum, as the engine adds.
        output: What the activation makes of ``total − threshold``.
        white: The input that is painted white.
        reach: The lowest and highest total that inputs between 0 and white can give, and 0.
        graph: The activation.
        trials: The cases of a logical example.
        picture: What it looks at.
        outputs: The output of the same neuron at every place of the picture.
    """

    neuron: Neuron
    place: tuple[int, int]
    inputs: Nine
    terms: Nine
    total: float
    output: float
    white: float
    reach: tuple[float, float]
    graph: Graph
    trials: tuple[Trial, ...]
    picture: Painted
    outputs: Painted

    is_complete = True

    @property
    def drive(self) -> float:
        """The sum minus the threshold: what the activation is given."""
        return self.graph.x

    @property
    def fires(self) -> bool:
        """Whether the sum exceeds the threshold."""
        return self.drive > 0.0


class NeuronView:
    """Makes it; not thread-safe, one worker owns it."""

    def __init__(self) -> None:
        self._cached = StageCache()

    def run(self, frame: Frame, neuron: Neuron, viewing: NeuronViewing) -> NeuronShown:
        """Return what is painted of a neuron that looks at a picture."""
        picture = self._cached("picture", frame, lambda: _painted_picture(frame))
        key = frame, neuron.weights
        sums = self._cached("sums", key, lambda: convolve(picture.planes[0], neuron.weights))
        outputs = self._cached(
            "outputs",
            (*key, neuron.threshold, neuron.activation),
            lambda: _painted_outputs(neuron, activate(neuron, sums)),
        )
        rows, columns = sums.shape
        row, column = viewing.place or (rows // 2, columns // 2)
        place = min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)
        if neuron.source is NeuronInput.PICTURE:
            inputs, white = patch_at(picture.planes[0], place), picture.scale.high
            total, output = float(sums[place]), float(outputs.planes[0][place])
        else:
            inputs, white = neuron.by_hand, 1.0
            total = weighted_sum(neuron, inputs)
            output = activate(neuron, np.array([total], np.float32)).item()
        reach = _reach(neuron.weights, white)
        return NeuronShown(
            neuron=neuron,
            place=place,
            inputs=inputs,
            terms=_terms(neuron.weights, inputs),
            total=total,
            output=output,
            white=white,
            reach=reach,
            graph=_graph(neuron, total, output, reach),
            trials=try_cases(neuron),
            picture=picture,
            outputs=outputs,
        )


def convolve(plane: FloatArray, weights: Nine) -> FloatArray:
    """Return the weighted sums around every pixel of ``(H, W)``; outside it lies 0.

    The weights lie on the picture as they are written: they are a kernel, correlated.
    """
    return conv2d(plane, np.array(weights, np.float32).reshape(SIDE, SIDE), padding="same")


def weighted_sum(neuron: Neuron, inputs: Nine) -> float:
    """Return the sum of weight × input for nine inputs, as the engine adds it."""
    patch = np.array(inputs, np.float32).reshape(SIDE, SIDE)
    weights = np.array(neuron.weights, np.float32).reshape(SIDE, SIDE)
    return float(conv2d(patch, weights).item())


def activate(neuron: Neuron, sums: FloatArray) -> FloatArray:
    """Return the outputs for sums of any shape: ``activation(sums − threshold)``."""
    return FUNCTIONS[neuron.activation](sums - np.float32(neuron.threshold))


def patch_at(plane: FloatArray, place: tuple[int, int]) -> Nine:
    """Return the 3×3 values around a pixel of ``(H, W)``, row by row; outside it lies 0."""
    around = np.zeros((SIDE, SIDE), np.float32)
    top, left = place[0] - 1, place[1] - 1
    seen = plane[max(top, 0) : top + SIDE, max(left, 0) : left + SIDE]
    down, right = max(-top, 0), max(-left, 0)
    around[down : down + seen.shape[0], right : right + seen.shape[1]] = seen
    return tuple(around.ravel().tolist())


def try_cases(neuron: Neuron) -> tuple[Trial, ...]:
    """Return what the neuron does in each case of the logical example it was taken from."""
    example = EXAMPLES.get(neuron.example)
    if example is None:
        return ()
    trials = []
    for case in example.cases:
        inputs = case.inputs + (0.0,) * (INPUTS - len(case.inputs))
        fires = _drive(neuron, weighted_sum(neuron, inputs)) > 0.0
        trials.append(Trial(case.inputs, fires, case.fires))
    return tuple(trials)


def _terms(weights: Nine, inputs: Nine) -> Nine:
    with np.errstate(all="ignore"):  # a picture may hold infinities; 0 times one is NaN by right
        products = np.array(weights, np.float32) * np.array(inputs, np.float32) + np.float32(0)
    return tuple(products.tolist())


def _drive(neuron: Neuron, total: float) -> float:
    return float(np.float32(total) - np.float32(neuron.threshold))


def _reach(weights: Nine, white: float) -> tuple[float, float]:
    return (
        white * sum(min(weight, 0.0) for weight in weights),
        white * sum(max(weight, 0.0) for weight in weights),
    )


def _graph(neuron: Neuron, total: float, output: float, reach: tuple[float, float]) -> Graph:
    """Sample the activation as far as this neuron's sums can go."""
    ends = [abs(end - neuron.threshold) for end in (*reach, total)]
    far = min(MOST_REACH, nice_ceiling(max(LEAST_REACH, *ends)))
    inputs = np.linspace(-far, far, POINTS, dtype=np.float32)
    # A step has both its values at 0.
    inputs = np.insert(inputs, POINTS // 2 + 1, np.nextafter(np.float32(0), np.float32(1)))
    outputs = FUNCTIONS[neuron.activation](inputs)
    return Graph(_drive(neuron, total), output, frozen(inputs), frozen(outputs))


def _painted_picture(frame: Frame) -> Painted:
    """Return the picture in grey, from 0 to white; with values below zero in signed colours."""
    planes = frozen(to_planes(frame.pixels, ColorSpace.GREY))
    low, high = extremes(planes)
    if low < 0.0 and not frame.is_ranged:
        return paint(
            planes, DisplayMode.SIGNED, choose_scale(DisplayMode.SIGNED, low, high, 1.0, None)
        )
    is_inside = high <= frame.white or frame.is_ranged
    white = frame.white if is_inside else nice_ceiling(high)
    return paint(planes, DisplayMode.CLIPPED, Scale(0.0, white))


def _painted_outputs(neuron: Neuron, outputs: FloatArray) -> Painted:
    """Return the outputs on the scale of their activation."""
    planes = frozen(outputs[np.newaxis])
    if neuron.activation is NeuronActivation.TANH:
        return paint(planes, DisplayMode.SIGNED, Scale(-1.0, 1.0))
    high = 1.0
    if neuron.activation is NeuronActivation.RELU:
        high = nice_ceiling(extremes(planes)[1])
    return paint(planes, DisplayMode.CLIPPED, Scale(0.0, high))
