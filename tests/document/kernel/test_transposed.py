from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.document.frame import Frame
from convlab.document.kernel import edits
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import Channels, Combine, Geometry, KernelState, KernelViewing
from convlab.document.kernel.resolve import resolve
from convlab.document.kernel.scaling import Scaling
from convlab.document.kernel.transposed import (
    copies_of,
    overlap_text,
    pixels_summed,
    shown_padding,
    spread,
)
from convlab.engine.color import ColorSpace
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_transpose2d import conv_transpose2d
from convlab.engine.shapes import Padding
from convlab.engine.window import TransposedWindow

RNG = np.random.default_rng(2)


def shown(state: KernelState, pixels: np.ndarray, **viewing: object) -> KernelShown:
    viewed = KernelViewing(**viewing)  # type: ignore[arg-type]
    return KernelEvaluator().run(resolve(state, viewed, Frame(pixels, 0, 0.0, 1.0), 1))


def transposed(kernel: np.ndarray, **geometry: object) -> KernelState:
    made = Geometry(transposed=True, **geometry)  # type: ignore[arg-type]
    return edits.set_kernel(KernelState(geometry=made), kernel)


@given(
    st.tuples(st.integers(2, 6), st.integers(2, 6)),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(0, 2),
    st.booleans(),
)
def test_it_is_the_sum_of_copies(
    size: tuple[int, int],
    kernel: tuple[int, int],
    stride: int,
    dilation: int,
    padding: int,
    flip: bool,
) -> None:
    padding = min(padding, dilation * (min(kernel) - 1))
    picture, weights = (RNG.random(shape).astype(np.float32) for shape in (size, kernel))
    options = {"stride": stride, "dilation": dilation}
    state = transposed(weights, padding=Padding(*[padding] * 4), flip=flip, **options)
    laid = weights[::-1, ::-1] if flip else weights
    try:
        expected = conv_transpose2d(picture, laid, padding=padding, **options)
    except ValueError:
        with pytest.raises(ValueError, match="px"):
            shown(state, picture)
        return
    found = shown(state, picture).output.planes[0]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_same_makes_the_stride_times_the_size(kernel: int, stride: int) -> None:
    state = transposed(np.ones((kernel, kernel)), padding="same", stride=stride)
    job = shown(state, np.ones((4, 5), np.float32)).job
    assert job.output_size == (4 * stride, 5 * stride)
    assert (job.source_size, job.spread) == ((4, 5), stride)


def test_three_cells_and_a_stride_of_two_are_a_checkerboard() -> None:
    state = transposed(np.ones((3, 3)), padding="valid", stride=2)
    output = shown(state, np.ones((3, 3), np.float32)).output.planes[0]
    assert output[1:6, 1:6].tolist() == [
        [1, 2, 1, 2, 1],
        [2, 4, 2, 4, 2],
        [1, 2, 1, 2, 1],
        [2, 4, 2, 4, 2],
        [1, 2, 1, 2, 1],
    ]
    words = overlap_text(copies_of(state))
    assert words.startswith("Checkerboard: outputs sum 1, 2 or 4 pixels by turns. 4 × 4 cells")


def test_four_cells_overlap_evenly() -> None:
    state = transposed(np.ones((4, 4)), padding="same", stride=2)
    output = shown(state, np.ones((4, 4), np.float32)).output.planes[0]
    assert (output[1:-1, 1:-1] == 4).all()
    assert overlap_text(copies_of(state)) == "Even: each output sums 4 pixels."


@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 3))
def test_what_is_summed_is_counted_by_copies_of_ones(
    kernel: int, stride: int, dilation: int
) -> None:
    copies = [TransposedWindow(kernel, stride, dilation=dilation)] * 2
    ones = conv_transpose2d(
        np.ones((20, 20)), np.ones((kernel, kernel)), stride=stride, dilation=dilation
    )
    inside = ones[15 : 15 + stride, 15 : 15 + stride]
    assert sorted({int(value) for value in inside.ravel()}) == pixels_summed(copies)


def test_the_sum_has_the_pixels_and_shows_the_gaps_as_padding() -> None:
    picture = np.arange(1.0, 10.0, dtype=np.float32).reshape(3, 3)
    kernel = np.arange(1.0, 10.0).reshape(3, 3)
    state = replace(transposed(kernel, padding="valid", stride=2), scaling=Scaling(2.0, offset=1))
    found = shown(state, picture, probe=(2, 2))
    (sum_,) = found.sums
    expected = conv_transpose2d(picture, kernel / 2, 1.0, stride=2)
    assert sum_.result == pytest.approx(float(expected[2, 2]))
    assert sum_.products.sum() + 1 == pytest.approx(sum_.result)
    assert sum_.padded.tolist() == [[False, True, False], [True] * 3, [False, True, False]]
    assert found.job.state.lays_flipped is state.lays_flipped is True


def test_colours_are_filtered_each_or_added_up() -> None:
    picture = RNG.random((4, 5, 3)).astype(np.float32)
    kernel = RNG.random((3, 3)).astype(np.float32)
    planes = np.moveaxis(picture, 2, 0)
    each = np.stack([conv_transpose2d(plane, kernel, stride=2) for plane in planes])
    state = transposed(kernel, padding="valid", stride=2)
    for combine, expected in ((Combine.EACH, each), (Combine.SUM, each.sum(0, keepdims=True))):
        state = replace(state, channels=Channels(ColorSpace.RGB, combine=combine))
        found = shown(state, picture).output.planes
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_cutting_off_more_than_there_is_has_a_remedy() -> None:
    state = transposed(np.ones((3, 3)), padding=Padding(3, 0, 0, 0), stride=2)
    with pytest.raises(ValueError, match="choose at most 2"):
        shown(state, np.ones((4, 4), np.float32))
    assert shown_padding(state) == Padding(3, 0, 0, 0)


def test_a_picture_too_large_to_be_spread_is_rejected_before_it_is_made() -> None:
    with pytest.raises(ValueError, match="choose a smaller stride or picture"):
        shown(transposed(np.ones((3, 3)), stride=64), np.zeros((480, 640), np.uint8))


def test_pixels_are_spread_with_zeros_between_them() -> None:
    planes = np.arange(1, 7, dtype=np.uint8).reshape(1, 2, 3)
    assert spread(planes, 2).tolist() == [[[1, 0, 2, 0, 3], [0] * 5, [4, 0, 5, 0, 6]]]
    assert spread(planes, 1) is planes


@pytest.mark.parametrize("combine", list(Combine))
@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize(
    ("stride", "padding"), [(2, "same"), (2, "valid"), (3, "same"), (2, "full")]
)
def test_no_zeros_are_multiplied_and_the_numbers_are_those_of_the_spread_picture(
    combine: Combine, flip: bool, stride: int, padding: str
) -> None:
    """The picture is so large that columns are merged; in float64 it is spread, as the oracle."""
    picture = RNG.integers(0, 256, (70, 90, 3), np.uint8)
    kernel = RNG.standard_normal((5, 4)).astype(np.float32)
    state = transposed(kernel, stride=stride, padding=padding, flip=flip)
    state = replace(
        state, channels=Channels(ColorSpace.RGB, combine=combine), scaling=Scaling(2, offset=0.25)
    )
    found = shown(state, picture, probe=(31, 40))
    layer, planes = found.job.layer, found.input.planes
    assert planes.shape == (3, 69 * stride + 1, 89 * stride + 1)
    expected = conv2d(planes, layer.weight, layer.offsets, **layer.arguments, dtype="float64")
    output = found.output.planes
    assert output.shape == expected.shape
    np.testing.assert_allclose(output, expected, atol=2e-6 * float(np.abs(kernel).sum()))
    assert [sum_.result for sum_ in found.sums] == pytest.approx(output[:, 31, 40], abs=1e-5)
    assert found.timing.plan.reason.startswith("no zeros are multiplied")


def test_copies_are_not_compared_with_what_lies_otherwise() -> None:
    picture = np.ones((4, 4), np.float32)
    state = transposed(np.ones((3, 3)), padding="valid", stride=2)
    comparison = replace(state.comparison, is_open=True)
    for held, is_apart in ((KernelState(), True), (state, False)):
        wanted = replace(state, held=held, comparison=comparison)
        assert bool(shown(wanted, picture).job.held_error) is is_apart
