import re
from collections.abc import Callable

import numpy as np
import pytest

from convlab import conv2d, kernels
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.linearity import is_convolution
from tests.engine.linearity_cases import Case, random_case

RNG = np.random.default_rng(0)


def wrong(cases: range) -> list[tuple[int, Case, dict[str, float]]]:
    found = []
    for number in cases:
        case = random_case(number)
        verdict = is_convolution(case.operation, case.shape)
        if (verdict.linear, verdict.shift_equivariant) != (case.is_linear, case.is_equivariant):
            found.append((number, case, verdict.residuals))
    return found


def test_random_operations_are_told_apart() -> None:
    assert wrong(range(100)) == []


@pytest.mark.slow
def test_of_a_thousand_random_operations_none_is_misjudged() -> None:
    found = wrong(range(1000))
    print(f"{len(found)} of 1,000 verdicts are wrong")
    assert found == []


def brighter(x: FloatArray) -> AnyArray:
    return x + 0.001


@pytest.mark.parametrize(
    ("operation", "linear", "equivariant", "text"),
    [
        (np.positive, True, True, "A convolution: linear and shift-equivariant."),
        (brighter, False, True, "affine, not linear"),
        (np.transpose, True, False, "depends on the place"),
        (lambda x: x * np.linspace(1, 1.01, 24), True, False, "linear, but what it does depends"),
        (lambda x: x + np.arange(24), False, True, "affine"),
        (lambda x: np.clip(x, 0, 1), False, True, "not linear"),
        (lambda x: np.rint(x * 255) / 255, False, True, "not linear"),
        (lambda x: x.reshape(12, 2, 12, 2).max((1, 3)), False, False, "nor shift-equivariant."),
        (lambda x: x.sum(), True, False, "depends on the place"),
        (lambda x: x + RNG.standard_normal(x.shape), False, False, "not linear"),
        (np.sqrt, False, True, "not linear"),
        (lambda x: np.roll(x, 3, 1), True, True, "A convolution"),
        (np.zeros_like, True, True, "A convolution"),
    ],
)
def test_each_kind_has_its_verdict(
    operation: Callable[[FloatArray], AnyArray], linear: bool, equivariant: bool, text: str
) -> None:
    verdict = is_convolution(operation, (24, 24))
    assert verdict.linear is linear
    assert verdict.shift_equivariant is equivariant
    assert verdict.is_convolution is (linear and equivariant)
    assert text in verdict.text


def test_a_bias_is_affine_and_a_constant_border_is_not() -> None:
    with_bias = is_convolution(lambda x: conv2d(x, np.ones((3, 3)), 0.5, padding=1), (16, 16))
    assert with_bias.affine
    assert not with_bias.linear
    with_border = is_convolution(
        lambda x: conv2d(x, np.ones((3, 3)), padding=1, border="constant", value=5), (16, 16)
    )
    assert with_border.linear


def test_layers_of_several_channels_are_judged() -> None:
    weight = np.random.default_rng(0).standard_normal((4, 3, 3, 3)).astype(np.float32)
    assert is_convolution(lambda x: conv2d(x, weight, padding=1), (3, 16, 16)).is_convolution
    with_relu = is_convolution(lambda x: np.maximum(conv2d(x, weight, padding=1), 0), (3, 16, 16))
    assert not with_relu.linear
    assert with_relu.shift_equivariant


def test_the_operation_cannot_change_the_pictures() -> None:
    def destroy(x: FloatArray) -> AnyArray:
        out = 2 * x
        x[:] = 0
        return out

    assert is_convolution(destroy, (16, 16)).is_convolution


@pytest.mark.parametrize("shape", [(16,), (4, 16), (0, 16, 16), (1, 1, 16, 16)])
def test_shapes_too_small_are_said(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="at least 8 rows and columns"):
        is_convolution(np.abs, shape)


def test_what_cannot_be_judged_is_said() -> None:
    with pytest.raises(ValueError, match="gave no finite number"):
        kernels.is_convolution(lambda x: x * np.nan, (16, 16))
    with pytest.raises(ValueError, match=re.escape("gave shapes (256,) and (")):
        is_convolution(lambda x: x[x >= 0], (16, 16))
