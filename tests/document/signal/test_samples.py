from __future__ import annotations

import numpy as np
import pytest

from convlab.document.signal.model import FIGURES, Held, SignalKind, SignalSpec
from convlab.document.signal.samples import samples

THREE = Held(np.ones(3))


def no_file(path: str) -> Held:
    raise AssertionError(f"{path} must not be read")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (SignalSpec(SignalKind.BOX, 3.0, 3.0, 2.0), [0, 0, 2, 2, 2, 0, 0, 0]),
        (SignalSpec(SignalKind.BOX, 3.0, 4.0, 2.0), [0, 1, 2, 2, 2, 1, 0, 0]),
        (SignalSpec(SignalKind.TRIANGLE, 3.0, 4.0, 2.0), [0, 0, 1, 2, 1, 0, 0, 0]),
        (SignalSpec(SignalKind.DECAY, 1.0, 2.0, 8.0), [0, 8, 32**0.5, 4, 8**0.5, 2, 2**0.5, 1]),
        (SignalSpec(SignalKind.SPIKES, 1.0, 3.0, -2.0), [0, -2, 0, 0, -2, 0, 0, -2]),
        (SignalSpec(SignalKind.SAWTOOTH, 2.0, 4.0, 4.0), [0, 0, 0, 1, 2, 3, 0, 1]),
        (SignalSpec(SignalKind.DICE), [0, *[1 / 6] * 6, 0]),
        (SignalSpec(SignalKind.EDGE, 0.0), [1, -1, 0, 0, 0, 0, 0, 0]),
        (SignalSpec(SignalKind.STEP, 5.0, height=-2.0), [0, 0, 0, 0, 0, -2, -2, -2]),
        (SignalSpec(SignalKind.SINE, 1.0, 4.0, 3.0), [-3, 0, 3, 0, -3, 0, 3, 0]),
        (SignalSpec(SignalKind.SINC, 2.0, 1.0, 5.0), [0, 0, 5, 0, 0, 0, 0, 0]),
        (SignalSpec(SignalKind.ECHO, 1.0, 3.0, 0.25), [0, 1, 0, 0, 0.25, 0, 0, 0]),
        (SignalSpec(SignalKind.DRAWING, values=(3.0, -1.0)), [3, -1, 0, 0, 0, 0, 0, 0]),
        (SignalSpec(SignalKind.DRAWING, values=tuple(range(20))), [0, 1, 2, 3, 4, 5, 6, 7]),
        (SignalSpec(SignalKind.SOUND), [0] * 8),
    ],
)
def test_the_samples_are_those_computed_by_hand(spec: SignalSpec, expected: list[float]) -> None:
    made = samples(spec, 8, 1.0, no_file)
    assert made.dtype == np.float64
    np.testing.assert_allclose(made, expected, atol=1e-12)


def test_a_gaussian_falls_as_its_formula_says() -> None:
    made = samples(SignalSpec(SignalKind.GAUSSIAN, 2.0, 0.5, 3.0), 9, 0.5, no_file)
    np.testing.assert_allclose(made[4], 3.0)
    np.testing.assert_allclose(made[[3, 5]], 3.0 * np.exp(-0.5))
    np.testing.assert_allclose(made[[2, 6]], 3.0 * np.exp(-2.0))


def test_a_low_pass_sums_to_one_and_is_as_long_as_said() -> None:
    made = samples(SignalSpec(SignalKind.LOW_PASS, 0.0, 4.0), 40, 0.5, no_file)
    assert made.sum() == pytest.approx(1.0)
    assert np.count_nonzero(made) == 8


def test_a_chirp_turns_eight_times_as_quickly_in_the_end() -> None:
    made = samples(SignalSpec(SignalKind.CHIRP, 0.0, 64.0), 4096, 1.0, no_file)
    passes = np.flatnonzero((made[:-1] < 0) & (made[1:] >= 0))  # upwards through zero
    gaps = np.diff(passes)
    # u + 7 u² / 2U = 64 k has its first two solutions 60.8 and 116.4.
    assert gaps[0] == pytest.approx(55.6, abs=1)
    assert gaps[-1] == pytest.approx(8, abs=1)
    # In all as often as its mean frequency says, 4.5 times that of its beginning.
    assert len(passes) == pytest.approx(4096 / 64 * 4.5, abs=2)


def test_reverb_is_the_sound_and_noise_that_halves() -> None:
    made = samples(SignalSpec(SignalKind.REVERB, 3.0, 500.0, 0.5, seed=1), 5000, 1.0, no_file)
    assert made[:4].tolist() == [0, 0, 0, 1]
    powers = [np.mean(made[first : first + 500] ** 2) for first in (4, 504, 1004)]
    assert powers[0] / powers[1] == pytest.approx(4, rel=0.3)  # half the height
    assert powers[1] / powers[2] == pytest.approx(4, rel=0.3)


def test_noise_is_as_strong_as_its_height() -> None:
    made = samples(SignalSpec(SignalKind.NOISE, height=3.0, seed=2), 10_000, 1.0, no_file)
    assert made.std() == pytest.approx(3.0, rel=0.03)
    assert abs(made.mean()) < 0.1


def test_the_noise_of_a_track_depends_on_its_seed() -> None:
    one, again, other = (
        samples(SignalSpec(SignalKind.TRACK, 0.0, 50.0, 2.0, seed=seed), 50, 1.0, no_file)
        for seed in (4, 4, 5)
    )
    np.testing.assert_array_equal(one, again)
    assert not np.allclose(one, other)


def test_a_file_is_cut_or_goes_on_with_zeros() -> None:
    asked: list[str] = []

    def read(path: str) -> Held:
        asked.append(path)
        return Held(np.array([1, 2, 3], np.float32))

    spec = SignalSpec(SignalKind.SOUND, path="a.wav")
    assert samples(spec, 2, 1.0, read).tolist() == [1, 2]
    assert samples(spec, 5, 1.0, read).tolist() == [1, 2, 3, 0, 0]
    table = SignalSpec(SignalKind.DRAWING, path="a.csv")
    assert samples(table, 3, 1.0, read).tolist() == [1, 2, 3]
    assert asked == ["a.wav", "a.wav", "a.csv"]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_rejected(bad: float) -> None:
    spec = SignalSpec(SignalKind.SOUND, path="a.wav")
    with pytest.raises(ValueError, match=r"^Value 1 is not a finite number: .*\.$"):
        samples(spec, 4, 1.0, lambda _path: Held(np.array([0.0, bad])))


def test_normalised_values_sum_to_one_or_have_an_area_of_one() -> None:
    spec = SignalSpec(SignalKind.DRAWING, is_normalised=True, values=(1.0, 3.0))
    assert samples(spec, 3, 0.5, no_file).tolist() == [0.25, 0.75, 0]
    assert samples(spec, 3, 0.5, no_file, is_continuous=True).tolist() == [0.5, 1.5, 0]


@pytest.mark.parametrize("values", [(1.0, -1.0), (0.1, 0.2, -0.3), ()])
def test_a_sum_of_zero_is_left_alone(values: tuple[float, ...]) -> None:
    spec = SignalSpec(SignalKind.DRAWING, is_normalised=True, values=values)
    assert samples(spec, 3, 1.0, no_file).tolist()[: len(values)] == list(values)


@pytest.mark.parametrize("kind", SignalKind)
@pytest.mark.parametrize("dial", ["position", "width", "height"])
def test_the_dials_are_those_that_change_something(kind: SignalKind, dial: str) -> None:
    numbers = {"position": 8.0, "width": 8.0, "height": 1.0}
    held = {"values": (1.0, 2.0), "path": "" if kind is SignalKind.DRAWING else "a.wav"}
    before, after = [
        samples(SignalSpec(kind, **(numbers | change), **held), 32, 1.0, lambda _p: THREE)  # type: ignore[arg-type]
        for change in ({}, {dial: 5.0})
    ]
    assert np.array_equal(before, after) is (dial not in FIGURES[kind])
