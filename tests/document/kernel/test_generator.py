from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import convlab
from convlab.document.document import Document
from convlab.document.kernel import edits
from convlab.document.kernel.generator import Generator, GeneratorKind
from convlab.document.kernel.model import KernelState, to_weights
from convlab.document.parts import with_parameter
from convlab.engine import kernels
from convlab.layers.parameters import is_used, parameters, with_value

KINDS = list(GeneratorKind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_code_makes_the_same_kernel(kind: GeneratorKind) -> None:
    generator = Generator(kind, (7, 10), 33.5, 1.3, 1.7, 2.5, 6.5, 2, 5.5, 40.0, 0.8)
    made = eval(generator.code, {"kernels": convlab.kernels})
    assert made.shape == (7, 10)
    np.testing.assert_allclose(made, generator.array(), atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_each_dial_of_a_formula_changes_the_kernel_and_no_other_does(kind: GeneratorKind) -> None:
    generator = Generator(kind, phase=30.0)
    before = generator.array()
    for dial in parameters(generator):
        if dial.name in ("kind", "size"):
            continue
        value = getattr(generator, dial.name)
        other = with_value(generator, dial.name, type(value)(value + 1 if value < 2 else value / 2))
        is_other = not np.array_equal(other.array(), before)
        assert is_other == is_used(generator, dial), dial.name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_dials_at_their_ends_make_finite_kernels(kind: GeneratorKind, end: str) -> None:
    for size in ((1, 1), (2, 2), (1, 31), (4, 3), (31, 31)):
        generator = Generator(kind, size)
        for dial in parameters(generator):
            if dial.name not in ("kind", "size"):
                value = type(getattr(generator, dial.name))(getattr(dial, end))
                generator = with_value(generator, dial.name, value)
        made = generator.array()
        assert made.shape == size
        assert np.isfinite(made).all()


def test_setting_a_dial_of_the_document_makes_the_kernel() -> None:
    document = with_parameter(Document(), "kernel.generator", "degrees", 70.0)
    assert document.kernel.weights == to_weights(kernels.oriented_edge(9, 70))
    untouched = with_parameter(document, "kernel.geometry", "stride", 2)
    assert untouched.kernel.weights == document.kernel.weights


def test_a_dial_makes_the_kernel_even_where_it_stood_there_before() -> None:
    state = edits.with_dial(KernelState(), "kind", GeneratorKind.EDGE)
    assert state.weights == to_weights(kernels.oriented_edge(9, 45))
    with pytest.raises(ValueError, match="angle 361 does not fit: give 0 to 360"):
        edits.with_dial(state, "degrees", 361.0)
    by_hand = edits.load_preset(state, "Identity")
    assert by_hand.generator == state.generator


def test_the_default_is_within_its_own_bounds() -> None:
    for field in dataclasses.fields(Generator):
        value = getattr(Generator(), field.name)
        assert with_value(Generator(), field.name, value) == Generator()
