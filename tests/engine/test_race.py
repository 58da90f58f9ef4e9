from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from convlab.engine import race as races
from convlab.engine.conv1d import Signal
from convlab.engine.race import Measurement, crossover, race


def measured(count: int, direct_ms: float | None, fourier_ms: float) -> Measurement:
    return Measurement(count, direct_ms, fourier_ms, 0.0)


def test_one_length_after_the_other_and_equal_to_rounding() -> None:
    results = list(race((16, 300, 2000)))
    assert [result.count for result in results] == [16, 300, 2000]
    for result in results:
        assert result.direct_ms is not None
        assert result.direct_ms > 0
        assert result.fourier_ms > 0
        assert result.difference is not None
        assert result.difference < 1e-12


def test_it_is_measured_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that progress can be shown, and the rest left."""
    lengths: list[int] = []

    def count(f: Signal, g: Signal) -> Signal:
        lengths.append(len(f))
        return np.convolve(f, g)

    monkeypatch.setattr(races, "convolve_fourier", count)
    running = race((4, 8, 16))
    assert lengths == []
    next(running)
    assert set(lengths) == {4}
    running.close()


def test_the_direct_way_stops_when_it_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def dawdle(f: Signal, g: Signal) -> Signal:
        now[0] += 0.03 if len(f) >= 8 else 0.001
        return np.convolve(f, g)

    monkeypatch.setattr(races, "convolve_direct", dawdle)
    monkeypatch.setattr(races, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    results = list(race((4, 8, 16, 32), longest_direct=0.025))
    assert [result.direct_ms is None for result in results] == [False, False, True, True]
    assert [result.difference is None for result in results] == [False, False, True, True]


def test_the_difference_of_a_wrong_result_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(races, "convolve_fourier", lambda f, g: 1.5 * np.convolve(f, g))
    assert next(race((8,))).difference == pytest.approx(0.5)


def test_the_crossover_lies_on_a_straight_line_between_logarithms() -> None:
    """Direct n², spectra 100 n: they meet at 100, wherever it was measured."""
    results = [measured(n, n * n, 100 * n) for n in (10, 30, 250, 1000)]
    assert crossover(results) == pytest.approx(100)
    results = [measured(10, 1, 2), measured(40, 2, 1), measured(100, None, 1)]
    assert crossover(results) == pytest.approx(20)


def test_of_several_crossings_the_last_counts() -> None:
    results = [measured(n, direct, 1) for n, direct in ((1, 0.5), (2, 2), (4, 0.5), (16, 2))]
    assert crossover(results) == pytest.approx(8)


@pytest.mark.parametrize(
    "results",
    [
        [],
        [measured(10, 1, 2)],
        [measured(10, 1, 2), measured(20, 1, 2)],
        [measured(10, 2, 1), measured(20, 3, 1)],
        [measured(10, 1, 2), measured(20, None, 1)],
    ],
)
def test_a_crossover_that_was_not_seen(results: list[Measurement]) -> None:
    assert crossover(results) is None


def test_lengths_that_are_none() -> None:
    with pytest.raises(ValueError, match="0 values cannot be convolved: give at least 1"):
        next(race((0, 4)))
