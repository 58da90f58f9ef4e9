"""Columns times rows, against the kernels that they add up to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.engine import kernels
from convlab.engine.rank_one import rank_one_parts


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**31))
def test_the_parts_add_up_to_the_kernel(rows: int, columns: int, seed: int) -> None:
    kernel = np.random.default_rng(seed).normal(size=(rows, columns)).astype(np.float32)
    parts = rank_one_parts(kernel)
    whole = sum(part.column[:, None] * part.row for part in parts)
    assert np.allclose(whole, kernel, atol=2e-4)
    assert sum(part.share for part in parts) == pytest.approx(1.0, abs=1e-6)
    assert [part.strength for part in parts] == pytest.approx(
        np.linalg.svd(kernel.astype(np.float64), compute_uv=False)[: len(parts)], rel=1e-5
    )


@pytest.mark.parametrize(
    ("name", "column", "row"),
    [
        ("Sobel vertical", [1, 2, 1], [1, 0, -1]),
        ("Scharr vertical", [1, 10 / 3, 1], [3, 0, -3]),
        ("Gaussian 3×3", [1, 2, 1], [1 / 16, 1 / 8, 1 / 16]),
        ("Box blur 3×3", [1, 1, 1], [1 / 9, 1 / 9, 1 / 9]),
    ],
)
def test_a_separable_kernel_is_one_readable_column_times_a_row(
    name: str, column: list[float], row: list[float]
) -> None:
    (part,) = rank_one_parts(kernels.preset(name))
    scale = part.column[0] / column[0]
    assert np.allclose(part.column, np.multiply(column, scale), atol=1e-5)
    assert np.allclose(part.row * scale, row, atol=1e-5)


def test_every_preset_has_as_many_parts_as_its_rank() -> None:
    for preset in kernels.PRESETS.values():
        assert len(rank_one_parts(preset.weights)) == kernels.analyse(preset.weights).rank


def test_zeros_have_no_part() -> None:
    assert rank_one_parts(np.zeros((3, 3))) == ()
