from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from convlab.engine import kernels
from convlab.engine.algorithms import fft, gemm, separable
from convlab.engine.algorithms.low_rank import MOST_GROWTH, MOST_TERMS, TOLERANCE, factor
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_arguments import fit_sizes
from tests.slow import noise

# Kernels as sums of products.


def test_sobel_is_exactly_one_column_times_one_row() -> None:
    [(tall, wide)] = factor(kernels.preset("Sobel vertical")) or ()
    assert tall.ravel().tolist() in ([1, 2, 1], [-1, -2, -1])
    assert (tall * wide).tolist() == kernels.preset("Sobel vertical").tolist()


@example(rank=2, rows=3, columns=20, seed=369)  # four parts come nearer to its small weights
@given(
    rank=st.integers(1, MOST_TERMS),
    rows=st.integers(1, 31),
    columns=st.integers(1, 31),
    seed=st.integers(0, 999),
)
def test_the_terms_are_as_many_as_the_rank_and_add_up(
    rank: int, rows: int, columns: int, seed: int
) -> None:
    kernel = noise(rows, rank, seed=seed) @ noise(rank, columns, seed=seed + 1)
    terms = factor(kernel)
    if terms is None:
        assert rank > 1  # too much of them cancels somewhere
        return
    singular = np.linalg.svd(kernel.astype(np.float64), compute_uv=False)
    assert len(terms) <= (singular > 1e-7 * singular[0]).sum()
    products = np.array([tall.astype(np.float64) * wide for tall, wide in terms])
    assert (np.abs(products.sum(axis=0) - kernel) <= TOLERANCE * np.abs(kernel)).all()
    assert (np.abs(products).sum(axis=0) <= MOST_GROWTH * np.abs(kernel)).all()


def test_weights_far_below_the_largest_are_kept() -> None:
    kernel = np.array([[1.0, 1.0], [1e-7, 3e-7]], np.float32)
    x = np.array([[0, 0, 0], [3e6, 2e6, 0]], np.float32)
    for algorithm in ("separable", "auto", "gemm"):
        found = conv2d(x, kernel, algorithm=algorithm)
        np.testing.assert_allclose(found, [[0.9, 0.2]], rtol=1e-5)


def test_a_weight_of_zero_is_not_what_products_leave_of_each_other() -> None:
    cross = kernels.preset("Laplacian 4")
    assert factor(cross) is None
    x = np.zeros((5, 5), np.float32)
    x[2, 2] = 1 / 3
    assert conv2d(x, cross).tolist() == conv2d(x, cross, algorithm="gemm").tolist()


def test_a_kernel_of_high_rank_is_no_sum_of_few() -> None:
    assert factor(noise(9, 9)) is None
    assert factor(np.eye(MOST_TERMS + 1, dtype=np.float32)) is None
    assert len(factor(np.eye(MOST_TERMS, dtype=np.float32)) or ()) == MOST_TERMS


def test_a_kernel_of_zeros_is_one_product_of_zeros() -> None:
    [(tall, wide)] = factor(np.zeros((3, 4), np.float32)) or ()
    assert (tall * wide).tolist() == np.zeros((3, 4)).tolist()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_kernel_that_is_not_finite_is_none(bad: float) -> None:
    assert factor(np.array([[1, bad], [1, 1]], np.float32)) is None


# What an algorithm rejects.


def test_separable_rejects_a_kernel_of_high_rank() -> None:
    with pytest.raises(ValueError, match="kernel of 9 × 9 is not the sum of 4"):
        conv2d(noise(20, 20), noise(9, 9), algorithm="separable")


@pytest.mark.parametrize("where", ["x", "weight"])
def test_fft_rejects_what_it_would_spread(where: str) -> None:
    x, weight = noise(20, 20), noise(9, 9)
    (x if where == "x" else weight)[2, 2] = np.nan
    with pytest.raises(ValueError, match=r"a NaN, an infinity, .* choose auto or gemm"):
        conv2d(x, weight, algorithm="fft")


def test_onnxruntime_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convlab.engine.algorithms.onnxruntime.is_installed", lambda: False)
    with pytest.raises(ValueError, match="pip install onnxruntime onnx"):
        conv2d(noise(9, 9), noise(3, 3), algorithm="onnxruntime")


# Tiles and strips.


@pytest.mark.parametrize(("height", "width"), [(64, 64), (65, 700), (1, 2000), (530, 61)])
@pytest.mark.parametrize("size", [1, 2, 17, 31])
def test_tiles_join_without_a_seam(height: int, width: int, size: int) -> None:
    x, weight = noise(2, height, width), noise(2, 2, size, size)
    slow = conv2d(x, weight, [1, 2], padding="full", algorithm="gemm")
    fast = conv2d(x, weight, [1, 2], padding="full", algorithm="fft")
    np.testing.assert_allclose(fast, slow, atol=2e-5 * np.abs(slow).max())


def test_equal_sizes_are_found_again() -> None:
    given = (3, 20, 30), (6, 3, 5, 5), 1, "same", 1, 1, "zeros"
    one, other = fit_sizes(*given), fit_sizes(*given)
    assert one is not other
    assert one == other
    assert hash(one) == hash(other)
    assert one != fit_sizes((3, 20, 30), (6, 3, 5, 5), 1, "same", 1, 1, "reflect")


def test_large_pictures_are_cut_into_tiles() -> None:
    sizes = fit_sizes((4000, 4000), (31, 31), 1, 0, 1, 1, "zeros")
    rows, columns = fft.tile_size(sizes)
    assert rows < 4000
    assert columns < 4000
    assert fft.tile_count(sizes) == -(-3970 // (rows - 30)) * -(-3970 // (columns - 30))


@pytest.mark.parametrize("shape", [(6, 3, 4, 1), (70, 40, 60, 61), (300, 200, 7, 7)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("has_bias", [True, False])
def test_one_product_of_what_lies_there(
    shape: tuple[int, int, int, int], dtype: str, has_bias: bool
) -> None:
    channels, outputs, height, width = shape
    x, weight = noise(channels, height, width), noise(outputs, channels, 1, 1, seed=1)
    x[0, 1, 0], x[1, 0, 0] = np.nan, np.inf
    bias = noise(outputs, seed=2) if has_bias else None
    out = conv2d(x, weight, bias, algorithm="gemm", dtype=dtype)
    with np.errstate(invalid="ignore"):
        exact = np.einsum("oc,chw->ohw", weight[:, :, 0, 0].astype(float), x.astype(float))
        exact += 0.0 if bias is None else bias[:, None, None]
    size = np.einsum("oc,chw->ohw", abs(weight[:, :, 0, 0]), np.nan_to_num(abs(x), posinf=0)) + 4
    finite = np.isfinite(exact)
    assert out.dtype == dtype
    assert (~finite).sum() == 2 * outputs
    assert (np.abs(out[finite] - exact[finite]) <= 1e-6 * size[finite]).all()
    np.testing.assert_array_equal(out[~finite], exact[~finite].astype(dtype))


@pytest.mark.parametrize("strip", [(1, 1), (1, 3), (2, 10), (3, 4)])
def test_strips_join_without_a_seam(
    strip: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    x, weight = noise(3, 3, 20, 17), noise(4, 3, 3, 3)
    options = {"stride": 2, "padding": 1, "algorithm": "gemm"}
    whole = conv2d(x, weight, **options)  # type: ignore[arg-type]
    monkeypatch.setattr(gemm, "strip_of", lambda sizes: strip)
    gemm._pieces.cache_clear()
    strips = conv2d(x, weight, **options)  # type: ignore[arg-type]
    gemm._pieces.cache_clear()
    np.testing.assert_allclose(strips, whole, atol=1e-5)


@pytest.mark.parametrize("padding", ["valid", "same", "full", (1, 0, 2, 1)])
@pytest.mark.parametrize("border", ["zeros", "reflect"])
@pytest.mark.parametrize("rows", [2, 7])
def test_bands_join_without_a_seam(
    padding: str, border: str, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, weight = noise(45, 20), noise(rows, 1) * noise(1, 3)
    slow = conv2d(x, weight, padding=padding, border=border, algorithm="gemm")
    monkeypatch.setattr(separable, "_BAND", 1)
    fast = conv2d(x, weight, padding=padding, border=border, algorithm="separable")
    np.testing.assert_allclose(fast, slow, atol=1e-5 * np.abs(slow).max())
