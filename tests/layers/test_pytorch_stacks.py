"""The same stacks with the same weights give what PyTorch gave, at every layer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convlab.engine.arrays import FloatArray
from convlab.layers.forward import Forward
from convlab.layers.graph import Graph
from convlab.layers.registry import KINDS
from tests.fixtures.pytorch import (
    FILE,
    PyTorchStack,
    how_made,
    pytorch_stacks,
    with_gradient,
)

STACKS = pytorch_stacks()
TOLERANCE = 2e-5  # of the largest magnitude
LARGEST_FILE = 400_000  # [bytes]

each_stack = pytest.mark.parametrize("one", STACKS.values(), ids=list(STACKS))


HERE = Path(__file__).parent
OWN_ORACLES: dict[str, str] = {}
"""Kinds that PyTorch lacks, and the file of tests beside this one that compares each with an
oracle of its own."""


@each_stack
def test_every_layer_gives_what_pytorch_gave(one: PyTorchStack) -> None:
    found = one.stack.forward(one.picture)
    for place, (ours, theirs) in enumerate(zip(found, one.results, strict=True)):
        assert ours.shape == theirs.shape
        error = float(np.abs(ours - theirs).max() / np.abs(theirs).max())
        assert error <= TOLERANCE, f"layer {place + 1}, {type(one.layers[place]).__name__}"


@each_stack
def test_the_shapes_foretold_are_pytorchs(one: PyTorchStack) -> None:
    shapes = [result.shape for result in one.results]
    assert one.stack.shapes(one.picture.shape) == shapes


@each_stack
def test_a_stack_run_again_and_again_gives_the_same(one: PyTorchStack) -> None:
    runner = Forward()
    once = runner.run(Graph.of(one.stack), one.picture.copy())
    again = runner.run(Graph.of(one.stack), one.picture)
    for first, second, theirs in zip(once.values(), again.values(), one.results, strict=True):
        np.testing.assert_array_equal(first, second)
        assert np.abs(first - theirs).max() <= TOLERANCE * np.abs(theirs).max()


def test_every_kind_of_layer_was_compared() -> None:
    compared = {layer.kind for one in STACKS.values() for layer in one.layers}
    assert compared.isdisjoint(OWN_ORACLES), "PyTorch has them: compare with PyTorch"
    assert compared | OWN_ORACLES.keys() == set(KINDS)
    for kind, file in OWN_ORACLES.items():
        assert KINDS[kind].__name__ in (HERE / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("one", with_gradient().values(), ids=list(with_gradient()))
def test_the_gradient_tells_how_the_unit_changes(one: PyTorchStack) -> None:
    """Finite differences of our own forward, along the gradient and across it."""
    assert one.unit is not None
    assert one.gradient is not None
    assert one.gradient.shape == one.picture.shape
    norm = float(np.linalg.norm(one.gradient))
    step = np.float32(0.01 / norm)

    def unit(picture: FloatArray) -> float:
        return float(one.stack.forward(picture)[-1][one.unit])

    rise = unit(one.picture + step * one.gradient) - unit(one.picture - step * one.gradient)
    assert rise / (2 * step * norm**2) == pytest.approx(1.0, rel=0.02)
    outside = (one.gradient == 0).astype(np.float32)
    changed = unit(one.picture + np.float32(1e-3) * outside) - unit(one.picture)
    assert changed == pytest.approx(0.0, abs=1e-4 * norm)


def test_four_stacks_have_a_gradient() -> None:
    assert sorted(with_gradient()) == [
        "normalised",
        "normalised by itself",
        "three stages",
        "transposed",
    ]


def test_the_file_is_small_and_says_how_it_was_made() -> None:
    assert FILE.stat().st_size < LARGEST_FILE
    assert "make_pytorch_stacks.py with PyTorch 2" in how_made()
