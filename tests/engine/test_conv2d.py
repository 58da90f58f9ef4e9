from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate2d

import convlab
from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_arguments import build_problem
from tests.slow import noise

FAST = [Algorithm.OPENCV, Algorithm.GEMM]
ALL = [*FAST, Algorithm.AUTO, Algorithm.REFERENCE]
VERTICAL = [[1, 0, -1]] * 3
# Largest error, relative to the sum of magnitudes that can come together in one pixel.
TOLERANCE = 2e-6


def step() -> FloatArray:
    """6×6: left half 10, right half 0."""
    return np.repeat([[10, 10, 10, 0, 0, 0]], 6, axis=0).astype(np.float32)


def checker() -> FloatArray:
    """6×6: 10 at the top left and the bottom right."""
    return np.kron(np.array([[10, 0], [0, 10]]), np.ones((3, 3))).astype(np.float32)


# Numbers worked out by hand.


@pytest.mark.parametrize("algorithm", ALL)
def test_vertical_edge(algorithm: str) -> None:
    bright_left = conv2d(step(), VERTICAL, algorithm=algorithm)
    assert bright_left.tolist() == [[0, 30, 30, 0]] * 4
    bright_right = conv2d(step()[:, ::-1], VERTICAL, algorithm=algorithm)
    assert bright_right.tolist() == [[0, -30, -30, 0]] * 4
    assert np.abs(bright_right).tolist() == [[0, 30, 30, 0]] * 4


@pytest.mark.parametrize(
    ("name", "peak"), [("Prewitt vertical", 30), ("Sobel vertical", 40), ("Scharr vertical", 160)]
)
def test_named_edges(name: str, peak: float) -> None:
    out = conv2d(step(), convlab.kernels.preset(name))
    assert out.tolist() == [[0, peak, peak, 0]] * 4


@pytest.mark.parametrize("algorithm", ALL)
def test_horizontal_edge_on_the_checker(algorithm: str) -> None:
    out = conv2d(checker(), np.rot90(VERTICAL, -1), algorithm=algorithm)
    band = [30, 10, -10, -30]
    assert out.tolist() == [[0] * 4, band, band, [0] * 4]


def test_the_band_is_two_pixels_wide_on_a_large_picture() -> None:
    x = np.zeros((1000, 1000), np.float32)
    x[:, :500] = 10
    out = conv2d(x, VERTICAL)
    assert out.shape == (998, 998)
    assert np.flatnonzero(out[0]).tolist() == [498, 499]
    assert np.count_nonzero(out) == 2 * 998


@pytest.mark.parametrize("algorithm", ALL)
def test_impulse(algorithm: str) -> None:
    x = np.zeros((5, 5), np.float32)
    x[2, 2] = 1
    weight = np.arange(1, 10).reshape(3, 3)
    assert conv2d(x, weight, algorithm=algorithm).tolist() == [[9, 8, 7], [6, 5, 4], [3, 2, 1]]
    flipped = conv2d(x, weight, flip=True, algorithm=algorithm)
    assert flipped.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


@pytest.mark.parametrize(
    ("padding", "products"), [("full", [(0, 0)]), ("same", [(0, 0), (0, 1), (1, 0), (1, 1)])]
)
def test_how_many_products_true_convolution_has_at_the_corner(
    padding: str, products: list[tuple[int, int]]
) -> None:
    weight = np.arange(1, 10).reshape(3, 3)
    fed = []
    for row, column in np.ndindex(4, 4):
        x = np.zeros((4, 4))
        x[row, column] = 1
        if conv2d(x, weight, padding=padding, flip=True)[0, 0]:
            fed.append((row, column))
    assert fed == products


@pytest.mark.parametrize(
    ("size", "options", "expected"),
    [
        (6, {"padding": 1}, 6),
        (7, {"stride": 2}, 3),
        (7, {"stride": 3}, 2),
        (7, {"padding": "same", "stride": 2}, 4),
        (7, {"padding": "full"}, 9),
        (7, {"dilation": 2}, 3),
    ],
)
def test_sizes(size: int, options: dict[str, Any], expected: int) -> None:
    assert conv2d(noise(size, size), VERTICAL, **options).shape == (expected, expected)


def test_volume() -> None:
    out = conv2d(noise(3, 32, 32), noise(6, 3, 5, 5))
    assert out.shape == (6, 28, 28)
    assert out.size == 4704


def test_an_edge_that_exists_only_in_red() -> None:
    x = np.stack([step(), np.full((6, 6), 5), np.full((6, 6), 5)])
    weight = np.zeros((1, 3, 3, 3))
    weight[0, 0] = VERTICAL
    assert conv2d(x, weight)[0].tolist() == [[0, 30, 30, 0]] * 4


@pytest.mark.parametrize("algorithm", ALL)
def test_the_odd_cell_of_an_even_kernel_is_behind(algorithm: str) -> None:
    pick_first = conv2d([[1, 2, 3]], [[1, 0]], padding="same", algorithm=algorithm)
    assert pick_first.tolist() == [[1, 2, 3]]
    pick_last = conv2d([[1, 2, 3]], [[0, 0, 0, 1]], padding="same", algorithm=algorithm)
    assert pick_last.tolist() == [[3, 0, 0]]


# Oracles.


@pytest.mark.parametrize("algorithm", FAST)
@pytest.mark.parametrize("kernel", [(1, 1), (3, 3), (2, 5), (4, 4), (11, 11), (12, 12), (31, 31)])
@pytest.mark.parametrize("mode", ["valid", "full"])
def test_against_scipy(algorithm: str, kernel: tuple[int, int], mode: str) -> None:
    x, weight = noise(40, 53), noise(*kernel, seed=1)
    exact = x.astype(float), weight.astype(float)
    for flip, oracle in ((False, correlate2d), (True, convolve2d)):
        out = conv2d(x, weight, padding=mode, flip=flip, algorithm=algorithm)
        expected = oracle(*exact, mode=mode)
        assert np.abs(out - expected).max() <= 2e-6 * np.abs(expected).max()


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Draw arguments of conv2d that fit each other; the reference's work is bounded."""
    large = draw(st.booleans())
    kernel = draw(st.tuples(*[st.integers(1, 31 if large else 5)] * 2))
    size = draw(st.tuples(*[st.integers(1, 31 if large else 12)] * 2))
    groups = 1 if large else draw(st.integers(1, 3))
    depth = draw(st.integers(1, 1 if large else 3))
    outputs = groups * draw(st.integers(1, 2))
    pictures = draw(st.integers(1, 2))
    dilation = draw(st.tuples(*[st.integers(1, 1 if large else 3)] * 2))
    border = draw(st.sampled_from(Border))
    limit = {Border.REFLECT: -1, Border.CIRCULAR: 0}.get(border, 8)
    sides = [st.integers(0, min(length + limit, 16)) for length in size for _ in range(2)]
    padding = draw(
        st.one_of(st.tuples(*sides), st.sampled_from(["valid", "same", "full"]))
        if border in (Border.ZEROS, Border.CONSTANT, Border.REPLICATE)
        else st.tuples(*sides)
    )
    seed = draw(st.integers(0, 2**16))
    bias = noise(outputs, seed=seed + 2) if draw(st.booleans()) else None
    return {
        "x": noise(pictures, depth * groups, *size, seed=seed),
        "weight": noise(outputs, depth, *kernel, seed=seed + 1),
        "bias": bias,
        "stride": draw(st.tuples(*[st.integers(1, 4)] * 2)),
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "border": border,
        "value": draw(st.floats(-4, 4, width=32)),
        "flip": draw(st.booleans()),
    }


@settings(max_examples=500, deadline=None)
@given(case=cases())
def test_all_algorithms_agree_with_the_slow_loops(case: dict[str, Any]) -> None:
    try:
        problem, _ = build_problem(**case)
    except ValueError:
        assume(False)
    assume(np.prod(problem.sizes.out_shape) * problem.weight[0].size < 60_000)
    expected = conv2d(**case, algorithm="reference")
    scale = np.abs(case["weight"]).sum(axis=(1, 2, 3)).max() * max(np.abs(case["x"]).max(), 4) + 4
    for algorithm in (*FAST, Algorithm.AUTO):
        out = conv2d(**case, algorithm=algorithm)
        assert out.shape == expected.shape == problem.sizes.out_shape
        assert out.dtype == np.float32
        assert np.abs(out - expected).max() <= TOLERANCE * scale


@pytest.mark.parametrize("algorithm", FAST)
def test_strips_meet_without_a_seam(algorithm: str) -> None:
    """A picture high enough for several strips of the matrix product, the last one shorter."""
    x, weight = noise(3, 301, 400), noise(4, 3, 5, 5, seed=1)
    out = conv2d(x, weight, padding="same", stride=(1, 2), algorithm=algorithm)
    each = [
        [correlate2d(plane.astype(float), kernel, mode="same") for kernel in kernels]
        for plane, kernels in zip(x, weight.swapaxes(0, 1), strict=True)
    ]
    expected = np.sum(each, axis=0)
    assert np.abs(out - expected[:, :, ::2]).max() <= 2e-6 * np.abs(expected).max()


def test_linear_and_shift_equivariant() -> None:
    x, y, weight = noise(20, 20), noise(20, 20, seed=1), noise(3, 3, seed=2)
    together = conv2d(x + 2 * y, weight)
    np.testing.assert_allclose(together, conv2d(x, weight) + 2 * conv2d(y, weight), atol=1e-5)
    # Whole numbers: the last bit of other sums depends on where in the row OpenCV's lanes end.
    x, weight = np.round(9 * x), np.round(9 * weight)
    moved = conv2d(np.roll(x, (2, 3), (0, 1)), weight, padding="same", border="circular")
    still = conv2d(x, weight, padding="same", border="circular")
    np.testing.assert_array_equal(moved, np.roll(still, (2, 3), (0, 1)))


# Inputs.


@pytest.mark.parametrize("algorithm", ALL)
def test_every_memory_layout_gives_the_same(algorithm: str) -> None:
    x, weight = noise(2, 9, 8), noise(3, 2, 3, 4, seed=1)
    expected = conv2d(x, weight, padding="same", algorithm=algorithm)
    spread = np.zeros((2, 18, 16), np.float32)
    spread[:, ::2, ::2] = x
    frozen = x.copy()
    frozen.flags.writeable = False
    layouts: list[tuple[Any, Any]] = [
        (np.asfortranarray(x), np.asfortranarray(weight)),
        (x[:, ::-1, ::-1].copy()[:, ::-1, ::-1], weight[..., ::-1].copy()[..., ::-1]),
        (spread[:, ::2, ::2], weight),
        (frozen, weight),
        (x.astype(">f4"), weight.astype(np.float64)),
        (x.tolist(), weight.tolist()),
    ]
    for picture, kernel in layouts:
        out = conv2d(picture, kernel, padding="same", algorithm=algorithm)
        np.testing.assert_allclose(out, expected, atol=1e-6)


@pytest.mark.parametrize("algorithm", ALL)
@pytest.mark.parametrize("options", [{}, {"padding": "same"}, {"padding": 9}, {"flip": True}])
def test_inputs_are_neither_changed_nor_handed_out(algorithm: str, options: Any) -> None:
    arrays = noise(1, 6, 6), noise(1, 1, 1, 1, seed=1), noise(1, seed=2)
    before = [array.copy() for array in arrays]
    out = conv2d(*arrays, **options, algorithm=algorithm)
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)
        assert not np.shares_memory(out, array)
    assert out.flags.writeable


@pytest.mark.parametrize(
    ("dtype", "brightest"),
    [(np.uint8, 255), (np.uint16, 65535), (np.int16, 1), (np.int64, 1), (bool, 1), (np.float16, 1)],
)
def test_pictures_of_whole_numbers(dtype: Any, brightest: int) -> None:
    x = np.full((2, 2), brightest).astype(dtype)
    assert conv2d(x, [[1]]).tolist() == [[1, 1], [1, 1]]
    assert conv2d(np.full((1, 1), 7, dtype=np.int32), np.array([[3]], np.uint8)).tolist() == [[21]]


def test_ranks() -> None:
    weight = noise(2, 3, 3, 3)
    batch = conv2d(noise(4, 3, 6, 7), weight)
    assert batch.shape == (4, 2, 4, 5)
    single = conv2d(noise(4, 3, 6, 7)[1], weight)
    np.testing.assert_allclose(single, batch[1], atol=1e-5)
    assert conv2d(noise(6, 7), weight[0, 0]).shape == (4, 5)


@pytest.mark.parametrize("bias", [1.5, [1.5], np.float32(1.5)])
def test_bias_of_a_plane(bias: Any) -> None:
    assert conv2d([[1.0]], [[2.0]], bias).tolist() == [[3.5]]


@pytest.mark.parametrize("algorithm", ["auto", "gemm", "reference"])
def test_nan_and_infinity_go_through(algorithm: str) -> None:
    x = np.zeros((7, 7), np.float32)
    x[1, 1], x[5, 5] = np.nan, np.inf
    out = conv2d(x, np.ones((3, 3)), padding="same", algorithm=algorithm)
    assert np.isnan(out[:3, :3]).all()
    assert np.isinf(out[4:, 4:]).all()
    assert out[0, 6] == out[6, 0] == out[3, 3] == 0


def test_auto_keeps_nan_local_under_large_kernels() -> None:
    x = np.zeros((40, 40), np.float32)
    x[0, 0] = np.nan
    out = conv2d(x, np.ones((15, 15)), padding="same")
    assert np.isnan(out).sum() == 8 * 8


def test_numbers_beyond_float32_become_infinite_and_it_is_said() -> None:
    with pytest.warns(RuntimeWarning, match="numbers of x beyond 3.4e38.*dtype='float64'"):
        assert conv2d([[1e300]], [[1.0]]).tolist() == [[np.inf]]


@pytest.mark.parametrize("algorithm", ["auto", "gemm", "reference"])
def test_sums_beyond_float32_become_infinite_and_it_is_said(algorithm: str) -> None:
    with pytest.warns(RuntimeWarning, match="1 of 2 sums are beyond 3.4e38.*dtype='float64'"):
        found = conv2d([[3e38, 3e38, -3e38]], [[2.0, 2.0]], algorithm=algorithm)
    assert found.tolist() == [[np.inf, 0.0]]


@pytest.mark.parametrize("algorithm", ["auto", "gemm", "reference"])
@pytest.mark.parametrize("border", Border)
def test_float64_keeps_what_float32_cuts(algorithm: str, border: str) -> None:
    whole = np.array([[(1 << 24) + 1, 1 << 24, (1 << 50) + 1]], np.int64)
    wide: dict[str, Any] = {"algorithm": algorithm, "dtype": "float64", "border": border}
    found = conv2d(whole, [[1, -1]], **wide)
    assert found.dtype == np.float64
    assert found.tolist() == [[1.0, float((1 << 24) - (1 << 50) - 1)]]
    assert conv2d(whole, [[1, -1]], algorithm=algorithm)[0, 0] == 0.0  # 24 bits
    assert conv2d([[1 + 1e-9]], [[1.0]], [-1], **wide).item() == (1 + 1e-9) - 1
    far = conv2d([[1e300, -1e300]], [[2.0]], value=1e300, padding=(0, 0, 1, 0), **wide)
    assert far[0, 1:].tolist() == [2e300, -2e300]
    assert conv2d(np.full((1, 1), 1, np.uint16), [[1.0]], **wide).item() == 1 / 65535


def test_float64_against_scipy() -> None:
    x, weight = noise(3, 40, 37).astype(float), noise(2, 3, 5, 4, seed=1).astype(float)
    found = conv2d(x, weight, dtype=np.float64, stride=2)
    for out, kernels in zip(found, weight, strict=True):
        expected = sum(correlate2d(*pair, mode="valid") for pair in zip(x, kernels, strict=True))
        np.testing.assert_allclose(out, expected[::2, ::2], atol=1e-13)


def test_nothing_is_said_of_infinities_that_were_given() -> None:
    assert conv2d([[np.inf, 1.0]], [[3e38]]).tolist() == [[np.inf, np.float32(3e38)]]


# Rejections.

REJECTED: list[tuple[str, Any, Any, dict[str, Any], str]] = [
    ("plane with a stack", noise(5, 5), noise(1, 1, 3, 3), {}, r"\(5, 5\).*\(1, 1, 3, 3\)"),
    ("picture with a plane", noise(3, 5, 5), noise(3, 3), {}, r"\(3, 5, 5\).*\(O, C / groups"),
    ("rank 1", noise(5), noise(3), {}, "do not go together"),
    ("rank 5", noise(1, 1, 1, 5, 5), noise(1, 1, 3, 3), {}, "do not go together"),
    ("channels", noise(3, 5, 5), noise(2, 2, 3, 3), {}, "3 channels .* 2 × 1 = 2"),
    ("groups", noise(4, 5, 5), noise(3, 2, 3, 3), {"groups": 2}, "3 output channels .* 2 groups"),
    ("no groups", noise(4, 5, 5), noise(3, 4, 3, 3), {"groups": 0}, "groups 0"),
    ("true groups", noise(1, 5, 5), noise(3, 1, 3, 3), {"groups": True}, "groups True"),
    ("half groups", noise(1, 5, 5), noise(3, 1, 3, 3), {"groups": 1.5}, "groups 1.5"),
    ("groups of a plane", noise(5, 5), noise(3, 3), {"groups": 2}, "1 channels"),
    ("long bias", noise(1, 5, 5), noise(2, 1, 3, 3), {"bias": [1, 2, 3]}, "give 2 numbers"),
    ("one bias for two", noise(1, 5, 5), noise(2, 1, 3, 3), {"bias": 1.0}, "give 2 numbers"),
    ("bias of rank 2", noise(1, 5, 5), noise(2, 1, 3, 3), {"bias": [[1, 2]]}, r"\(1, 2\)"),
    ("bias of words", noise(5, 5), noise(3, 3), {"bias": "a"}, "bias is text"),
    ("complex", noise(5, 5) * 1j, noise(3, 3), {}, "x holds complex"),
    ("objects", np.array([[None]]), noise(1, 1), {}, "x holds object"),
    ("text", [["a"]], noise(1, 1), {}, "x is text"),
    ("complex weight", noise(5, 5), noise(3, 3) * 1j, {}, "weight holds complex"),
    ("ragged", [[1, 2], [3]], noise(1, 1), {}, "x is ragged"),
    ("empty", np.zeros((0, 5)), noise(3, 3), {}, r"x of shape \(0, 5\) is empty"),
    ("empty bytes", np.zeros((0, 5), np.uint8), noise(3, 3), {}, "is empty"),
    ("no pictures", np.zeros((0, 1, 5, 5)), noise(1, 1, 3, 3), {}, "is empty"),
    ("empty weight", noise(5, 5), np.zeros((3, 0)), {}, r"weight of shape \(3, 0\) is empty"),
    ("large kernel", noise(5, 5), noise(3, 7), {}, "kernel of 7 .* 5 px with 0 px"),
    ("dilated", noise(5, 5), noise(3, 3), {"dilation": 3}, "dilation 3: 7"),
    ("stride", noise(5, 5), noise(3, 3), {"stride": 0}, "stride 0"),
    ("dilation", noise(5, 5), noise(3, 3), {"dilation": (1, True)}, "dilation"),
    ("padding", noise(5, 5), noise(3, 3), {"padding": "equal"}, "'equal' is unknown"),
    ("negative padding", noise(5, 5), noise(3, 3), {"padding": -1}, "none negative"),
    ("border", noise(5, 5), noise(3, 3), {"border": "mirror"}, "'mirror' is unknown.*circular"),
    ("reflect", noise(2, 5), noise(3, 3), {"border": "reflect", "padding": 2}, "2 px high"),
    ("circular", noise(2, 5), noise(3, 3), {"border": "circular", "padding": 3}, "2 px high"),
    ("value", noise(5, 5), noise(3, 3), {"value": float("nan")}, "border value nan"),
    ("value of words", noise(5, 5), noise(3, 3), {"value": "dark"}, "border value 'dark'"),
    ("dtype", noise(5, 5), noise(3, 3), {"dtype": "int8"}, "dtype 'int8' .* 'float64'"),
    ("no dtype", noise(5, 5), noise(3, 3), {"dtype": "wide"}, "dtype 'wide' .* 'float64'"),
    (
        "float64 by OpenCV",
        noise(5, 5),
        noise(3, 3),
        {"dtype": "float64", "algorithm": "opencv"},
        "opencv does not fit: it computes in float32",
    ),
    (
        "algorithm",
        noise(5, 5),
        noise(3, 3),
        {"algorithm": "magic"},
        "auto, reference, gemm, opencv, separable, depthwise, fft, onnxruntime",
    ),
]


@pytest.mark.parametrize(
    ("x", "weight", "options", "message"),
    [pytest.param(*case[1:], id=case[0]) for case in REJECTED],
)
def test_what_does_not_fit_is_rejected(
    x: Any, weight: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        conv2d(x, weight, **options)
