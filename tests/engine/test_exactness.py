"""Exactness over thousands of random cases: every way to convolve against float64.

The error of a map is max |found - exact|, divided by the largest sum of |pixel| * |weight| (and
|bias|) over all places where the kernel overlaps the padded picture. Rounding is relative to what
is added up, not to what is left: an edge kernel on a bright wall adds up hundreds and leaves next
to nothing. Places that a stride skips, and those where the kernel juts out, count for the scale
because ways that work on whole planes, such as Fourier transforms, round there as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

import convlab
from convlab.engine.algorithms.problem import Algorithm
from tests.engine.float64_reference import conv2d_and_scale
from tests.engine.random_cases import BORDERS, DTYPES, LAYOUTS, WEIGHT_KINDS, Case, draw_case

LIMIT = 2e-5
CASES_PER_CHUNK = 100
QUICK = range(5)
FULL = range(5, 55)
# Plain loops in Python: only where they are short.
MOST_REFERENCE_PRODUCTS = 1_000

# These take every case; others may reject one that does not suit them.
TAKE_ALL = ("auto", "reference", "gemm", "opencv")
OPTIONAL = {"onnxruntime"} if find_spec("onnxruntime") is None else set()


@pytest.mark.parametrize(
    "chunk", [*QUICK, *(pytest.param(n, marks=pytest.mark.slow) for n in FULL)]
)
def test_every_way_is_exact_and_changes_no_input(chunk: int) -> None:
    compared: Counter[str] = Counter()
    for number in range(CASES_PER_CHUNK):
        case = draw_case(chunk, number)
        try:
            compared.update(ways_found_exact(case))
        except Exception as error:
            error.add_note(f"draw_case({chunk}, {number}): {case}")
            raise
    for way in Algorithm:
        if way in TAKE_ALL and way is not Algorithm.REFERENCE:
            assert compared[way] == CASES_PER_CHUNK
        elif way not in OPTIONAL:
            assert compared[way] > 0, f"{way} was never tried"


def ways_found_exact(case: Case) -> Iterator[str]:
    """Run a case in every way that takes it; give the names of those that did."""
    before = [buffer.tobytes() for buffer in case.buffers]
    exact, scale = conv2d_and_scale(case.x, case.weight, case.bias, **case.options)
    for way in Algorithm:
        products = exact.size * case.weight.shape[-2] * case.weight.shape[-1]
        if way is Algorithm.REFERENCE and products > MOST_REFERENCE_PRODUCTS:
            continue
        try:
            found = convlab.conv2d(
                case.x, case.weight, case.bias, **case.options, algorithm=way.value
            )
        except ValueError as error:
            # A rejection names the way; any other ValueError is a mistake.
            if way in TAKE_ALL or way.value not in str(error):
                raise
            continue
        assert found.shape == exact.shape, way
        assert found.dtype == np.float32, way
        off = np.abs(found - exact)
        # Not as a quotient: a scale of 0 allows no error at all.
        assert (off <= LIMIT * scale).all(), (
            f"{way} is off by {off.max():g} where the sums reach {scale.max():g}"
        )
        yield way
    assert [buffer.tobytes() for buffer in case.buffers] == before, "an input was changed"


def test_the_full_run_has_5_000_cases() -> None:
    assert len(FULL) * CASES_PER_CHUNK >= 5_000
    assert not set(QUICK) & set(FULL)


def test_a_case_is_the_same_each_time() -> None:
    one, two = draw_case(3, 7), draw_case(3, 7)
    assert str(one) == str(two) != str(draw_case(3, 8))
    np.testing.assert_array_equal(one.x, two.x)
    np.testing.assert_array_equal(one.weight, two.weight)


def test_the_quick_cases_reach_every_corner() -> None:
    """Each of these must be met often enough to be no accident."""
    seen: Counter[Any] = Counter()
    for chunk in QUICK:
        for number in range(CASES_PER_CHUNK):
            seen.update(traits(draw_case(chunk, number)))
    expected = {*BORDERS, *LAYOUTS, *WEIGHT_KINDS, *(np.dtype(dtype).name for dtype in DTYPES)}
    expected |= {"plane", "picture", "batch", "valid", "same", "full", "per side", "bias"}
    expected |= {"read-only", "flip", "stride", "dilation", "groups", "depthwise"}
    expected |= {"even kernel", "rectangular kernel", "kernel of 1 cell", "kernel beyond 20"}
    assert min(seen[name] for name in expected) >= 5, seen
    assert seen["rank 1"] >= 100
    assert seen["rank 2"] >= 50


def traits(case: Case) -> Iterator[str]:
    options, (rows, columns) = case.options, case.weight.shape[-2:]
    yield ("plane", "picture", "batch")[case.x.ndim - 2]
    yield case.x.dtype.name
    yield options["border"]
    yield from {word for words in case.notes for word in words}
    padding = options["padding"]
    facts = {
        "per side": isinstance(padding, tuple) and len(padding) == 4,
        "bias": case.bias is not None,
        "flip": options["flip"],
        "stride": options["stride"] != 1,
        "dilation": np.max(options["dilation"]) > 1,
        "groups": options["groups"] > 1 and case.weight.shape[1] > 1,
        "depthwise": options["groups"] > 1 and case.weight.shape[1] == 1,
        "even kernel": rows % 2 == columns % 2 == 0,
        "rectangular kernel": rows != columns,
        "kernel of 1 cell": rows == columns == 1,
        "kernel beyond 20": rows > 20 and columns > 20,
    }
    yield from (name for name, holds in facts.items() if holds)
    if isinstance(padding, str):
        yield padding


# The float64 reference itself, by hand.


def exactly(x: Any, weight: Any, bias: Any = None, **options: Any) -> Any:
    defaults: dict[str, Any] = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    more: dict[str, Any] = {"border": "zeros", "value": 0.0, "flip": False}
    found, _ = conv2d_and_scale(np.array(x), np.array(weight), bias, **(defaults | more | options))
    return found.tolist()


def test_reference_vertical_edge() -> None:
    step = [[10, 10, 10, 0, 0, 0]] * 6
    assert exactly(step, [[1, 0, -1]] * 3) == [[0, 30, 30, 0]] * 4
    assert exactly(step, [[1, 0, -1]] * 3, flip=True) == [[0, -30, -30, 0]] * 4
    assert exactly(step, [[1, 0, -1]] * 3, 2.0, stride=(3, 2)) == [[2, 32]] * 2


@pytest.mark.parametrize(
    ("border", "expected"),
    [
        ("zeros", [0, 0, 1, 2, 3, 4, 0, 0]),
        ("constant", [7, 7, 1, 2, 3, 4, 7, 7]),
        ("replicate", [1, 1, 1, 2, 3, 4, 4, 4]),
        ("reflect", [3, 2, 1, 2, 3, 4, 3, 2]),
        ("circular", [3, 4, 1, 2, 3, 4, 1, 2]),
    ],
)
def test_reference_borders(border: str, expected: list[int]) -> None:
    row = {"border": border, "value": 7.0, "padding": (0, 0, 2, 2)}
    assert exactly([[1, 2, 3, 4]], [[1]], **row) == [expected]


def test_reference_names_of_padding_dilation_and_groups() -> None:
    assert exactly([[1, 2, 3]], [[0, 0, 0, 1]], padding="same") == [[3, 0, 0]]
    assert exactly([[1, 2, 3]], [[1, 10]], padding="full") == [[10, 21, 32, 3]]
    assert exactly([[1, 2, 3]], [[1, 10]], dilation=2) == [[31]]
    grouped = exactly([[[1]], [[2]]], [[[[3]]], [[[5]]]], groups=2)
    assert grouped == [[[3]], [[10]]]
    white = np.full((1, 1), 255, np.uint8), np.full((1, 1), 65535, np.uint16)
    assert [exactly(picture, [[4]]) for picture in white] == [[[4]], [[4]]]


def test_the_scale_is_the_largest_sum_of_magnitudes() -> None:
    options: dict[str, Any] = {"padding": 0, "dilation": 1, "groups": 1, "border": "zeros"}
    options |= {"value": 0, "flip": False}
    row, edge = np.array([[1, 1, -5, 1]]), np.array([[1, -1]])
    _, scale = conv2d_and_scale(row, edge, -2, stride=3, **options)
    assert scale.tolist() == [[1 + 5 + 2]]
    _, jutting_out = conv2d_and_scale(row, np.array([[0, 0, 3]]), None, stride=3, **options)
    assert jutting_out.tolist() == [[15]]
    _, nothing = conv2d_and_scale(row, np.zeros((1, 2)), None, stride=3, **options)
    assert nothing.tolist() == [[0]]
