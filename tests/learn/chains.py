"""The gradient of a unit of a chain, which most tests look at."""

from __future__ import annotations

from collections.abc import Sequence

from convlab.engine.arrays import FloatArray
from convlab.layers import Layer, Stack
from convlab.layers.graph import INPUT, Graph
from convlab.learn.unit_box import UnitGradient
from convlab.learn.unit_gradient import unit_gradient


def chain_gradient(
    layers: Sequence[Layer], x: FloatArray, results: Sequence[FloatArray], unit: Sequence[int]
) -> UnitGradient:
    """Return the gradient of a unit of the last layer with respect to the picture."""
    return unit_gradient(
        Graph.of(Stack(layers)), {INPUT: x, **dict(enumerate(results, 1))}, len(layers), unit
    )
