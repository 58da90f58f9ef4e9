from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convlab.engine.pool import avg_pool2d, global_avg_pool2d, max_pool2d
from tests import slow
from tests.engine.winners import winning_pixels
from tests.slow import noise

COUNT = np.arange(1.0, 17.0).reshape(4, 4)

# Numbers worked out by hand.


def test_two_by_two() -> None:
    assert max_pool2d(COUNT, 2).tolist() == [[6, 8], [14, 16]]
    assert avg_pool2d(COUNT, 2).tolist() == [[3.5, 5.5], [11.5, 13.5]]
    assert winning_pixels(COUNT, 2).tolist() == [[5, 7], [13, 15]]


def test_overlapping_windows() -> None:
    assert max_pool2d(COUNT, 3, stride=1).tolist() == [[11, 12], [15, 16]]
    assert avg_pool2d(COUNT, (1, 3), stride=1).tolist() == [
        [r * 4 + 2, r * 4 + 3] for r in range(4)
    ]


def test_padding_never_wins_and_counts_in_the_mean_unless_told_otherwise() -> None:
    assert max_pool2d([[-3, -2]], (1, 2), padding=(0, 1)).tolist() == [[-3, -2]]
    assert avg_pool2d([[4, 8]], (1, 2), padding=(0, 1)).tolist() == [[2, 4]]
    alone = avg_pool2d([[4, 8]], (1, 2), padding=(0, 1), count_include_pad=False)
    assert alone.tolist() == [[4, 8]]


def test_dilation() -> None:
    assert max_pool2d([[9, 1, 2, 7, 3]], (1, 2), stride=1, dilation=(1, 2)).tolist() == [[9, 7, 3]]


def test_ceil_mode_divides_by_what_lies_within_the_padding() -> None:
    row = [[2, 4, 6]]
    assert max_pool2d(row, (1, 2)).tolist() == [[4]]
    assert max_pool2d(row, (1, 2), ceil_mode=True).tolist() == [[4, 6]]
    assert avg_pool2d(row, (1, 2), ceil_mode=True).tolist() == [[3, 6]]
    # Windows start at -1, 2: the second holds the 6, one padding and one cell beyond it.
    padded = avg_pool2d(row, (1, 3), stride=3, padding=(0, 1), ceil_mode=True)
    assert padded.tolist() == [[2, 3]]


def test_a_window_does_not_start_in_the_padding_behind() -> None:
    # Starts at -1, 1 and 3: rounded up there were three windows, but no pixel has index 3.
    assert max_pool2d([[1, 2, 3]], (1, 2), padding=(0, 1), ceil_mode=True).tolist() == [[1, 3]]


def test_global_mean() -> None:
    assert global_avg_pool2d(COUNT[None]).tolist() == [[[8.5]]]
    assert global_avg_pool2d(np.stack([COUNT[None], -COUNT[None]])).tolist() == [
        [[[8.5]]],
        [[[-8.5]]],
    ]
    whole = np.full((1, 2000, 2000), 0.1, np.float32)
    assert global_avg_pool2d(whole).item() == np.float32(0.1)


def test_ties_go_to_the_first_and_nan_to_the_last() -> None:
    assert winning_pixels([[5, 5], [5, 5]], 2).tolist() == [[0]]
    x = [[np.nan, 9.0], [np.nan, np.inf]]
    assert np.isnan(max_pool2d(x, 2)).all()
    assert winning_pixels(x, 2).tolist() == [[2]]
    nothing = np.full((2, 2), -np.inf)
    assert max_pool2d(nothing, 2, padding=1).tolist() == nothing.tolist()
    assert winning_pixels(nothing, 2, padding=1).tolist() == [[0, 1], [2, 3]]


def test_a_dilated_window_that_meets_nothing() -> None:
    options: dict[str, Any] = {"padding": 1, "dilation": 2, "stride": 1}
    assert max_pool2d([[7.0]], 2, **options).tolist() == [[-np.inf]]


@pytest.mark.parametrize("kernel", [1, 2, 3, 5, 9, 17])
def test_nan_stays_in_its_windows(kernel: int) -> None:
    x = np.zeros((20, 20), np.float32)
    x[10, 10] = np.nan
    out = max_pool2d(x, kernel, stride=1, padding=kernel // 2)
    assert np.isnan(out).sum() == min(kernel, len(out)) ** 2
    assert (
        np.isnan(avg_pool2d(x, kernel, stride=1, padding=kernel // 2)).sum() == np.isnan(out).sum()
    )


# The oracle.


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    kernel = draw(st.tuples(*[st.integers(1, 9)] * 2))
    return {
        "size": draw(st.tuples(*[st.integers(1, 20)] * 2)),
        "kernel": kernel,
        "stride": draw(st.tuples(*[st.integers(1, 5)] * 2)),
        "padding": tuple(draw(st.integers(0, cells // 2)) for cells in kernel),
        "dilation": draw(st.tuples(*[st.integers(1, 3)] * 2)),
        "ceil": draw(st.booleans()),
        "seed": draw(st.integers(0, 2**16)),
    }


@settings(max_examples=300, deadline=None)
@given(case=cases(), whole=st.booleans())
def test_largest_values_and_their_places(case: dict[str, Any], whole: bool) -> None:
    x = noise(2, 2, *case["size"], seed=case["seed"])
    x = np.round(x) if whole else x  # whole numbers make ties
    arguments = case["kernel"], case["stride"], case["padding"], case["dilation"], case["ceil"]
    options = dict(zip(("stride", "padding", "dilation", "ceil_mode"), arguments[1:], strict=True))
    expected = slow.max_pool2d(x.astype(float), *arguments)
    assume(expected.size)
    out = max_pool2d(x, case["kernel"], **options)
    assert out.dtype == np.float32
    np.testing.assert_array_equal(out, expected)
    is_met = np.isfinite(expected)  # by a pixel: a dilated window may lie on padding only
    index = np.where(is_met, winning_pixels(x, case["kernel"], **options), 0)
    picked = np.take_along_axis(x.reshape(2, 2, -1), index.reshape(2, 2, -1), -1)
    np.testing.assert_array_equal(picked.reshape(index.shape)[is_met], expected[is_met])


@settings(max_examples=300, deadline=None)
@given(case=cases(), include=st.booleans())
def test_means(case: dict[str, Any], include: bool) -> None:
    x = noise(2, 2, *case["size"], seed=case["seed"])
    arguments = case["kernel"], case["stride"], case["padding"]
    expected = slow.avg_pool2d(x.astype(float), *arguments, case["ceil"], include)
    assume(expected.size)
    out = avg_pool2d(
        x,
        case["kernel"],
        stride=case["stride"],
        padding=case["padding"],
        ceil_mode=case["ceil"],
        count_include_pad=include,
    )
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, expected, rtol=0, atol=2e-6)


# Inputs.


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d, winning_pixels])
def test_every_memory_layout_gives_the_same_and_none_is_changed(pool: Any) -> None:
    x = noise(2, 9, 8)
    expected = pool(x, 3, stride=2, padding=1)
    frozen = x.copy()
    frozen.flags.writeable = False
    spread = np.zeros((2, 18, 16), np.float32)
    spread[:, ::2, ::2] = x
    flipped = x[:, ::-1, ::-1].copy()[:, ::-1, ::-1]
    for picture in (np.asfortranarray(x), flipped, spread[:, ::2, ::2], frozen, x.astype(float)):
        before = picture.copy()
        np.testing.assert_array_equal(pool(picture, 3, stride=2, padding=1), expected)
        np.testing.assert_array_equal(picture, before)
    whole = pool(frozen, 1)
    assert whole.flags.writeable
    assert not np.shares_memory(whole, frozen)


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
def test_ranks_and_whole_numbers(pool: Any) -> None:
    assert pool(noise(6, 4), 2).shape == (3, 2)
    assert pool(noise(3, 6, 4), 2).shape == (3, 3, 2)
    batch = pool(noise(5, 3, 6, 4), 2)
    assert batch.shape == (5, 3, 3, 2)
    np.testing.assert_array_equal(batch[1], pool(noise(5, 3, 6, 4)[1], 2))
    assert pool(np.full((2, 2), 255, np.uint8), 2).tolist() == [[1]]
    assert pool(np.full((2, 2), 255, np.int32), 2).tolist() == [[255]]


# Rejections.


@pytest.mark.parametrize(
    ("size", "kernel", "options", "message"),
    [
        ((5,), 2, {}, r"\(5,\) .* \(H, W\), \(C, H, W\)"),
        ((1, 1, 1, 5, 5), 2, {}, "cannot be used here"),
        ((5, 5), 0, {}, "kernel_size 0 .* at least 1"),
        ((5, 5), 2.0, {}, "kernel_size 2.0"),
        ((5, 5), (1, 2, 3), {}, "kernel_size"),
        ((5, 5), 2, {"stride": 0}, "stride 0"),
        ((5, 5), 2, {"padding": -1}, "padding -1 .* at least 0"),
        ((5, 5), 3, {"padding": 2}, "padding 2 is more than half the kernel of 3: give at most 1"),
        ((5, 5), 7, {}, "kernel of 7 .* 5 px"),
        ((5, 5), 6, {"ceil_mode": True, "stride": 1}, "kernel of 6 .* 5 px"),
    ],
)
def test_what_does_not_fit_is_rejected(size: Any, kernel: Any, options: Any, message: str) -> None:
    for pool in (max_pool2d, avg_pool2d):
        with pytest.raises(ValueError, match=message):
            pool(np.zeros(size), kernel, **options)


def test_other_rejections() -> None:
    with pytest.raises(ValueError, match="dilation 0"):
        max_pool2d(COUNT, 2, dilation=0)
    with pytest.raises(ValueError, match="dilation 4: 5"):
        max_pool2d(COUNT, 2, dilation=4)
    with pytest.raises(ValueError, match=r"\(4, 4\) .* \(C, H, W\)"):
        global_avg_pool2d(COUNT)
