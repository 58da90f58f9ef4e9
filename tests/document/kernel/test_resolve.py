from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convlab.document.frame import Frame
from convlab.document.kernel import edits
from convlab.document.kernel.job import KernelJob
from convlab.document.kernel.model import (
    Axis,
    Channels,
    Combine,
    Display,
    Geometry,
    KernelState,
    KernelViewing,
    Weights,
    to_weights,
)
from convlab.document.kernel.resolve import output_over, resolve
from convlab.engine.border import Border
from convlab.engine.color import ColorSpace
from convlab.engine.shapes import Padding


def frame(height: int, width: int, channels: int = 1) -> Frame:
    shape = (height, width) if channels == 1 else (height, width, channels)
    return Frame(np.zeros(shape, np.uint8), 0, 0.0)


def kernel(rows: int, columns: int) -> Weights:
    return to_weights(np.arange(rows * columns).reshape(rows, columns))


def job(
    size: tuple[int, int],
    cells: tuple[int, int],
    geometry: Geometry,
    probe: tuple[int, int] | None = None,
) -> KernelJob:
    state = KernelState(kernel(*cells), geometry=geometry)
    return resolve(state, KernelViewing(probe=probe), frame(*size), 1)


@st.composite
def jobs(draw: st.DrawFn) -> KernelJob:
    """Any job whose kernel fits."""
    sizes = st.integers(1, 12)
    padding = draw(
        st.sampled_from(["valid", "same", "full"])
        | st.builds(Padding, *[st.integers(0, 4) for _ in range(4)])
    )
    geometry = Geometry(padding, draw(st.integers(1, 4)), draw(st.integers(1, 3)))
    cells = draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    try:
        return job((draw(sizes), draw(sizes)), cells, geometry)
    except ValueError:
        assume(False)
        raise


def test_a_job_takes_over_every_choice() -> None:
    geometry = Geometry("same", 2, 1, Border.REFLECT, 0.5, flip=True)
    state = KernelState(kernel(2, 3), geometry, Channels(ColorSpace.HSV), Display(limit=3.0))
    picture = frame(10, 8, 3)

    result = resolve(state, KernelViewing((1, 2), profile=Axis.COLUMN), picture, 7)

    assert result.generation == 7
    assert result.frame is picture
    assert result.state == state
    assert result.layer.weight.tolist() == [[[[0, 1, 2], [3, 4, 5]]]] * 3
    assert (result.layer.groups, result.layer.flip, result.layer.value) == (3, True, 0.5)
    assert result.padding == (0, 1, 1, 1)
    assert result.input_size == (10, 8)
    assert result.output_size == (5, 4)
    assert result.viewing == KernelViewing((1, 2), profile=Axis.COLUMN)


def test_a_grey_picture_has_one_plane_whatever_was_chosen() -> None:
    state = edits.toggle_mute(KernelState(channels=Channels(ColorSpace.RGB)), 0)
    assert resolve(state, KernelViewing(), frame(6, 6), 1).state.channels == Channels(
        ColorSpace.GREY
    )


@pytest.mark.parametrize(
    ("size", "cells", "geometry", "expected"),
    [
        (6, 3, Geometry("valid"), 4),
        (6, 3, Geometry(Padding(1, 1, 1, 1)), 6),
        (6, 3, Geometry("same"), 6),
        (6, 3, Geometry("full"), 8),
        (7, 3, Geometry("valid", stride=2), 3),
        (7, 3, Geometry("valid", stride=3), 2),
        (7, 3, Geometry("valid", dilation=2), 3),
        (7, 3, Geometry("same", stride=2), 4),
        (32, 5, Geometry("valid"), 28),
        (128, 4, Geometry("same"), 128),
    ],
)
def test_sizes_that_must_come_out(size: int, cells: int, geometry: Geometry, expected: int) -> None:
    assert job((size, size), (cells, cells), geometry).output_size == (expected, expected)


def test_rows_and_columns_are_not_mixed_up() -> None:
    result = job((9, 20), (3, 6), Geometry(Padding(1, 0, 2, 0), stride=2))
    assert result.output_size == (4, 9)
    assert result.padding == Padding(1, 0, 2, 0)


def test_nothing_pointed_at_stays_nothing() -> None:
    assert job((6, 6), (3, 3), Geometry("valid")).viewing.probe is None


@pytest.mark.parametrize(
    ("probe", "kept"),
    [((0, 0), (0, 0)), ((3, 3), (3, 3)), ((9, 1), (3, 1)), ((1, 99), (1, 3)), ((-5, -1), (0, 0))],
)
def test_the_probe_stays_on_an_output_of_4_by_4(
    probe: tuple[int, int], kept: tuple[int, int]
) -> None:
    assert job((6, 6), (3, 3), Geometry("valid"), probe).viewing.probe == kept


@given(jobs())
def test_the_output_over_an_anchor_is_the_one_whose_anchor_it_is(any_job: KernelJob) -> None:
    for cell in np.ndindex(any_job.output_size):
        row, column = (
            at * axis.stride - axis.before + axis.dilation * ((axis.kernel - 1) // 2)
            for at, axis in zip(cell, any_job.axes, strict=True)
        )
        assert output_over(any_job, (row, column)) == cell


@given(jobs(), st.integers(0, 11), st.integers(0, 11))
def test_no_other_anchor_lies_nearer_to_the_pixel(
    any_job: KernelJob, row: int, column: int
) -> None:
    def distance(axis: int, cell: int, pixel: int) -> int:
        window = any_job.axes[axis]
        inner = window.dilation * ((window.kernel - 1) // 2)
        return abs(cell * window.stride - window.before + inner - pixel)

    found = output_over(any_job, (row, column))

    for axis, pixel in enumerate((row, column)):
        best = min(distance(axis, cell, pixel) for cell in range(any_job.output_size[axis]))
        assert distance(axis, found[axis], pixel) == best


def test_a_kernel_that_does_not_fit_is_rejected_with_numbers_and_remedy() -> None:
    with pytest.raises(ValueError, match=r"kernel of 5 does not fit .* 3 px .* add 2 px"):
        job((9, 3), (3, 5), Geometry("valid"))
    with pytest.raises(ValueError, match=r"with dilation 3: 7.* 6 px .*smaller kernel or dilation"):
        job((6, 9), (3, 3), Geometry("valid", dilation=3))


def test_the_lab_is_a_layer_that_filters_each_plane_or_adds_them_up() -> None:
    each = Channels(ColorSpace.RGB, frozenset({1}))
    state = KernelState(kernel(2, 3), channels=each)
    assert (state.layer().in_channels, state.layer().weight.shape) == (2, (2, 1, 2, 3))
    summed = replace(state, channels=replace(each, combine=Combine.SUM)).layer()
    assert (summed.in_channels, summed.groups, summed.weight.shape) == (2, 1, (1, 2, 2, 3))
