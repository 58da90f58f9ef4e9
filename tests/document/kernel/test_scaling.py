from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.document.document import Document
from convlab.document.frame import Frame
from convlab.document.kernel import edits
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import Channels, Combine, KernelState, KernelViewing
from convlab.document.kernel.resolve import resolve
from convlab.document.kernel.scaling import Scaling
from convlab.document.parts import with_parameter
from convlab.engine.color import ColorSpace
from convlab.engine.conv2d import conv2d
from convlab.engine.display import DisplayMode, Scale


def answer(state: KernelState, pixels: np.ndarray, probe: tuple[int, int] = (2, 2)) -> KernelShown:
    viewing = KernelViewing(probe=probe)
    return KernelEvaluator().run(resolve(state, viewing, Frame(pixels, 0, 0.0, 1.0), 1))


def ones(**parts: object) -> KernelState:
    return edits.set_kernel(KernelState(**parts), np.ones((3, 3)))  # type: ignore[arg-type]


@given(st.floats(-9, 9).filter(lambda divisor: abs(divisor) > 0.1), st.floats(-9, 9))
def test_the_output_is_the_sum_divided_and_the_offset_added(divisor: float, offset: float) -> None:
    picture = np.random.default_rng(1).random((6, 7)).astype(np.float32)
    state = KernelState(scaling=Scaling(divisor, offset=offset))
    shown = answer(state, picture)
    plain = replace(state, scaling=Scaling()).layer()
    summed = conv2d(picture[None], plain.weight, algorithm="reference", **plain.arguments)
    np.testing.assert_allclose(shown.output.planes, summed / divisor + offset, rtol=1e-4, atol=1e-4)
    (sum_,) = shown.sums
    told = sum_.products.sum() + (sum_.bias or 0.0)
    assert told == pytest.approx(sum_.result, rel=1e-4, abs=1e-4)


def test_normalised_nine_ones_are_a_mean() -> None:
    state = ones(scaling=Scaling(normalise=True))
    assert state.scaling.divisors(state.bank()).tolist() == [9.0]
    flat = np.full((6, 6), 0.75, np.float32)
    np.testing.assert_allclose(answer(state, flat).output.planes, 0.75, rtol=1e-6)


def test_a_sum_of_planes_is_normalised_by_all_that_is_added_up() -> None:
    channels = Channels(ColorSpace.RGB, combine=Combine.SUM)
    state = ones(channels=channels, scaling=Scaling(normalise=True))
    assert state.scaling.divisors(state.bank()).tolist() == [27.0]
    flat = np.full((6, 6, 3), 0.5, np.float32)
    np.testing.assert_allclose(answer(state, flat).output.planes, 0.5, rtol=1e-6)


@pytest.mark.parametrize("name", ["Sobel vertical", "Laplacian 8", "Laplacian of Gaussian 9×9"])
def test_a_sum_of_zero_is_never_divided_by(name: str) -> None:
    state = edits.load_preset(KernelState(scaling=Scaling(normalise=True)), name)
    assert state.applied()[0, 0].tolist() == state.array().tolist()


def test_a_divisor_of_zero_is_rejected_with_a_remedy() -> None:
    with pytest.raises(ValueError, match=r"divided by 0.*another divisor"):
        with_parameter(Document(), "kernel.scaling", "divisor", 0.0)


def test_an_edge_kernel_with_an_offset_is_a_grey_picture() -> None:
    picture = np.random.default_rng(1).random((8, 8)).astype(np.float32)
    shown = answer(KernelState(scaling=Scaling(offset=0.5)), picture)
    assert (shown.output.mode, shown.output.scale) == (DisplayMode.CLIPPED, Scale(0.0, 1.0))
    assert answer(KernelState(), picture).output.mode is DisplayMode.SIGNED


def test_an_offset_makes_a_mean_brighter() -> None:
    flat = np.full((8, 8), 0.5, np.float32)
    shown = answer(ones(scaling=Scaling(9.0, offset=0.25)), flat)
    np.testing.assert_allclose(shown.output.planes, 0.75, rtol=1e-6)
    assert shown.output.mode is DisplayMode.CLIPPED
