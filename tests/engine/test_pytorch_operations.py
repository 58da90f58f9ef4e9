"""Random cases of every operation against PyTorch: some hundred stored ones, and all in one run."""

from __future__ import annotations

import numpy as np
import pytest

from convlab.engine.arrays import AnyArray
from tests.fixtures.make_pytorch_operations import (
    COUNT,
    FILE,
    ROWS,
    drawn,
    some_of,
    stored_case,
)
from tests.fixtures.operations import (
    NAMES,
    Case,
    draw_case,
    our_gradients,
    our_layer,
    ours,
)

TOLERANCE = 2e-5  # of the sum of the magnitudes that make up a number
OF_GRADIENTS = 1e-4
MANY = 10_000
PART = 250  # a single test may take 100 s
LARGER = 96  # every twentieth picture [px]
LARGEST_FILE = 150_000  # [bytes]


def beyond(found: AnyArray, wanted: AnyArray, magnitude: AnyArray, tolerance: float) -> int:
    """Return how many numbers are off by more than a share of their magnitude."""
    error = np.abs(found.reshape(wanted.shape) - wanted)
    return int(np.count_nonzero(~(error <= tolerance * magnitude + 1e-30)))


def gradients_of(case: Case, shape: tuple[int, ...]) -> list[AnyArray]:
    """Return what the layer of a case makes of a gradient; nothing where there is no layer."""
    layer = our_layer(case)
    if layer is None:
        return []
    return [*our_gradients(layer, case.arrays["x"], case.gradient(shape))]


def test_stored_results() -> None:
    """Fails with every case that is off, and by what it was drawn."""
    with np.load(FILE, allow_pickle=False) as stored:
        rows = [stored[name].astype(np.float64) for name in ROWS]
        sums = stored["drawn"]
    failed = []
    for number in range(COUNT):
        case = stored_case(number)
        assert drawn(case) == pytest.approx(sums[number], rel=1e-9, abs=1e-9), "make the file again"
        out, magnitude, gradient, of_gradient = (row[number] for row in rows)
        result = ours(case)
        off = beyond(some_of(case, result), out, magnitude, TOLERANCE)
        for found in gradients_of(case, result.shape)[:1]:
            off += beyond(some_of(case, found), gradient, of_gradient, OF_GRADIENTS)
        if off:
            failed.append((number, case.name, case.options))
    assert not failed


def test_every_operation_is_among_the_stored_ones() -> None:
    names = [stored_case(number).name for number in range(COUNT)]
    assert {name: names.count(name) >= 9 for name in NAMES} == dict.fromkeys(NAMES, True)
    assert FILE.stat().st_size < LARGEST_FILE


@pytest.mark.slow
@pytest.mark.parametrize("part", range(MANY // PART))
def test_ten_thousand_cases_in_one_run(part: int) -> None:
    torch = pytest.importorskip("torch", reason="the oracle is PyTorch, which no extra installs")
    from tests.fixtures.torch_operations import expected

    torch.set_num_threads(1)
    failed = []
    for seed in range(PART * part, PART * (part + 1)):
        case = draw_case(seed, LARGER if seed % 20 == 7 else 24)
        wanted, result = expected(case), ours(case)
        assert result.shape == wanted.out.shape, case
        off = beyond(result, wanted.out, wanted.magnitude, TOLERANCE)
        for found, gradient, magnitude in zip(
            gradients_of(case, result.shape), wanted.gradients, wanted.magnitudes, strict=False
        ):
            off += beyond(found, gradient, magnitude, OF_GRADIENTS)
        if off:
            failed.append((seed, case.name, case.options))
    assert not failed
