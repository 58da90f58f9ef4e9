from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.engine.formula import size_formula, symbolic_formula
from convlab.engine.shapes import (
    Padding,
    anchor,
    ceil_padding,
    check_whole,
    effective_size,
    output_size,
    pair,
    parse_padding,
    transposed_size,
)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (2, (2, 2, 2, 2)),
        (np.int64(2), (2, 2, 2, 2)),
        ((1, 2), (1, 1, 2, 2)),
        ([1, 2, 3, 4], (1, 2, 3, 4)),
        ("valid", (0, 0, 0, 0)),
        ("same", (1, 1, 1, 2)),
        ("full", (2, 2, 3, 3)),
    ],
)
def test_padding_of_a_3_by_4_kernel(spec: Any, expected: tuple[int, ...]) -> None:
    assert parse_padding(spec, (3, 4), (1, 1)) == expected


def test_same_splits_the_dilated_total_with_the_odd_cell_behind() -> None:
    assert parse_padding("same", (2, 4), (3, 3)) == Padding(1, 2, 4, 5)
    assert parse_padding("full", (2, 4), 3) == Padding(3, 3, 9, 9)


@pytest.mark.parametrize(
    "spec",
    [-1, (1, -1), (1, 2, 3), (), (1, 2, 3, 4, 5), 1.5, True, (True, 1), None, "Same", "", [1.0]],
)
def test_other_padding_is_rejected_with_what_is_allowed(spec: Any) -> None:
    with pytest.raises(ValueError, match=r'allowed are one number.*"valid", "same" and "full"'):
        parse_padding(spec, (3, 3), (1, 1))


def test_pair() -> None:
    assert pair(2, "stride") == (2, 2)
    assert pair((1, 3), "stride") == (1, 3)
    assert pair(np.array([2, 1]), "stride") == (2, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [0, -1, True, 1.0, "2", None, (1, 2, 3), (1, 0), (1, True), ()])
def test_pair_rejects(value: Any) -> None:
    with pytest.raises(ValueError, match=r"dilation .* whole number of at least 1"):
        pair(value, "dilation")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((6, 3, 0, 0, 1, 1), 4),
        ((6, 3, 1, 1, 1, 1), 6),
        ((7, 3, 0, 0, 2, 1), 3),
        ((7, 3, 0, 0, 3, 1), 2),
        ((7, 3, 0, 1, 3, 1), 2),
        ((6, 3, 0, 1, 3, 1), 2),
        ((32, 5, 0, 0, 1, 1), 28),
        ((7, 3, 0, 0, 1, 2), 3),
        ((3, 3, 0, 0, 9, 1), 1),
    ],
)
def test_sizes_that_must_come_out(
    arguments: tuple[int, int, int, int, int, int], expected: int
) -> None:
    assert output_size(*arguments) == expected


@given(size=st.integers(1, 200), kernel=st.integers(1, 31), stride=st.integers(1, 5))
def test_same_gives_the_ceiling_and_full_every_overlap(size: int, kernel: int, stride: int) -> None:
    same = parse_padding("same", (kernel, kernel), (1, 1))
    assert output_size(size, kernel, same.top, same.bottom, stride, 1) == -(-size // stride)
    full = parse_padding("full", (kernel, kernel), (1, 1))
    assert output_size(size, kernel, full.top, full.bottom, 1, 1) == size + kernel - 1


def test_a_kernel_that_does_not_fit_is_rejected_with_the_numbers() -> None:
    with pytest.raises(ValueError, match=r"kernel of 5 does not fit .* 3 px with 0 px .* add 2 px"):
        output_size(3, 5, 0, 0, 1, 1)
    with pytest.raises(ValueError, match=r"kernel of 3 \(with dilation 4: 9\).* 5 px with 2 px"):
        output_size(5, 3, 1, 1, 1, 4)


@pytest.mark.parametrize("value", [0, -3, True, 2.0, "2", None, (2,), np.array([1, 2])])
def test_whole_numbers_only(value: Any) -> None:
    check_whole("factor", 1, 1)
    check_whole("factor", np.int16(3), 1)
    with pytest.raises(ValueError, match=r"factor .* whole number of at least 1"):
        check_whole("factor", value, 1)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((4, 3, 0, 0, 1, 1), 6),
        ((4, 3, 1, 1, 2, 1), 7),
        ((4, 3, 1, 1, 2, 1, 1), 8),
        ((4, 2, 0, 0, 2, 1), 8),
        ((3, 3, 0, 1, 1, 2), 6),
        ((1, 1, 0, 0, 5, 1), 1),
    ],
)
def test_transposed_sizes(arguments: Any, expected: int) -> None:
    assert transposed_size(*arguments) == expected


@given(
    size=st.integers(1, 30),
    kernel=st.integers(1, 6),
    before=st.integers(0, 4),
    after=st.integers(0, 4),
    stride=st.integers(1, 5),
    dilation=st.integers(1, 3),
)
def test_a_transposed_convolution_gives_back_the_size_it_is_given(
    size: int, kernel: int, before: int, after: int, stride: int, dilation: int
) -> None:
    room = size + before + after - effective_size(kernel, dilation)
    if room < 0:
        return
    small = output_size(size, kernel, before, after, stride, dilation)
    assert transposed_size(small, kernel, before, after, stride, dilation, room % stride) == size


def test_transposed_sizes_that_cannot_be() -> None:
    with pytest.raises(ValueError, match=r"3 makes 5 px of 3 px, and padding 2 \+ 3 .* at most 4"):
        transposed_size(3, 3, 2, 3, 1, 1)
    for wrong in (-1, 2):
        with pytest.raises(ValueError, match=rf"output padding {wrong} .* 0 to 1"):
            transposed_size(3, 3, 0, 0, 2, 1, wrong)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((6, 3, 0, 0, 2, 1), 1),
        ((7, 3, 0, 0, 2, 1), 0),
        ((7, 3, 0, 0, 3, 1), 2),
        ((7, 3, 1, 1, 3, 1), 1),  # it would start on the padding behind
        ((5, 2, 0, 0, 2, 1), 1),
        ((1, 2, 0, 0, 2, 1), 1),  # nothing but an incomplete position
        ((6, 3, 0, 0, 4, 2), 3),
    ],
)
def test_ceil_padding(arguments: Any, expected: int) -> None:
    assert ceil_padding(*arguments) == expected


@given(
    size=st.integers(1, 40),
    kernel=st.integers(1, 6),
    stride=st.integers(1, 6),
    dilation=st.integers(1, 3),
    data=st.data(),
)
def test_ceil_mode_places_every_start_that_floor_or_the_picture_has(
    size: int, kernel: int, stride: int, dilation: int, data: st.DataObject
) -> None:
    before, after = (data.draw(st.integers(0, kernel // 2)) for _ in range(2))
    span, end = effective_size(kernel, dilation), size + before + after
    if end - span <= -stride:
        with pytest.raises(ValueError, match="does not fit"):
            ceil_padding(size, kernel, before, after, stride, dilation)
        return
    behind = ceil_padding(size, kernel, before, after, stride, dilation)
    assert behind >= after
    starts = [0]
    while starts[-1] + span < end and starts[-1] + stride < size + before:
        starts.append(starts[-1] + stride)
    assert output_size(size, kernel, before, behind, stride, dilation) == len(starts)


def test_ceil_padding_rejects_what_lacks_a_whole_stride() -> None:
    with pytest.raises(ValueError, match=r"kernel of 5 does not fit .* 3 px"):
        ceil_padding(3, 5, 0, 0, 2, 1)


@pytest.mark.parametrize(("size", "expected"), [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2), (6, 2)])
def test_the_anchor_is_what_same_puts_in_front(size: int, expected: int) -> None:
    assert anchor((size, 3)) == (expected, 1)
    assert parse_padding("same", (size, 3), (1, 1)).top == expected


@pytest.mark.parametrize(
    ("arguments", "numbers", "letters"),
    [
        ((6, 3, 0, 0, 1, 1), "6 − 3 + 1 = 4", "N − F + 1"),
        ((6, 3, 1, 1, 1, 1), "6 − 3 + 1 + 2×1 = 6", "N − F + 1 + 2p"),
        ((6, 4, 1, 2, 1, 1), "6 − 4 + 1 + 1 + 2 = 6", "N − F + 1 + p₁ + p₂"),
        ((7, 3, 0, 0, 2, 1), "floor((7 − 3)/2) + 1 = 3", "floor((N − F)/s) + 1"),
        ((7, 3, 1, 1, 2, 1), "floor((7 + 2×1 − 3)/2) + 1 = 4", "floor((N + 2p − F)/s) + 1"),
        (
            (7, 3, 1, 1, 2, 2),
            "floor((7 + 2×1 − 2×(3 − 1) − 1)/2) + 1 = 3",
            "floor((N + 2p − d(F − 1) − 1)/s) + 1",
        ),
        ((7, 3, 0, 0, 1, 2), "7 − (2×(3 − 1) + 1) + 1 = 3", "N − (d(F − 1) + 1) + 1"),
        ((2, 2, 0, 1, 1, 1), "2 − 2 + 1 + 0 + 1 = 2", "N − F + 1 + p₁ + p₂"),
    ],
)
def test_the_formula_grows_as_needed(
    arguments: tuple[int, int, int, int, int, int], numbers: str, letters: str
) -> None:
    assert size_formula(*arguments) == numbers
    assert symbolic_formula(*arguments[2:]) == letters


@given(
    size=st.integers(1, 40),
    kernel=st.integers(1, 9),
    before=st.integers(0, 4),
    after=st.integers(0, 4),
    stride=st.integers(1, 5),
    dilation=st.integers(1, 3),
)
def test_the_formula_is_true(
    size: int, kernel: int, before: int, after: int, stride: int, dilation: int
) -> None:
    arguments = (size, kernel, before, after, stride, dilation)
    if size + before + after < effective_size(kernel, dilation):
        with pytest.raises(ValueError, match="does not fit"):
            size_formula(*arguments)
        return
    left, right = size_formula(*arguments).split(" = ")
    python = left.replace("−", "-").replace("×", "*").replace("floor(", "(")
    assert eval(python.replace("/", "//")) == int(right) == output_size(*arguments)


@pytest.mark.parametrize("value", [{1}, {1: 2}, b"x", bytearray(b"xy"), 10**30, (1, 10**7)])
def test_what_is_in_no_order_or_too_large_is_no_stride(value: Any) -> None:
    with pytest.raises(ValueError, match=r"stride .* cannot be used"):
        pair(value, "stride")


def test_numpy_numbers_are_numbers() -> None:
    two: Any = np.array(2)
    three: Any = np.int64(3)
    assert pair(two, "stride") == (2, 2)
    assert pair(three, "stride") == (3, 3)
