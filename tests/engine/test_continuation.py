import numpy as np
import pytest

from convlab.engine import continuation
from convlab.engine.arrays import AnyArray
from convlab.engine.blur import blur_of
from tests.slow import noise


def circulant(values: AnyArray) -> AnyArray:
    """The matrix that multiplies each wave of a plane by a real value."""
    waves = np.fft.fft2(np.eye(values.size).reshape(-1, *values.shape))
    return np.asarray(np.fft.ifft2(waves * values).real.reshape(values.size, values.size))


@pytest.mark.parametrize("shape", [(10, 12), (9, 15)])  # packed spectra of even and of odd sides
@pytest.mark.parametrize("axis", [0, 1])
def test_added_lines_are_the_likeliest(shape: tuple[int, int], axis: int) -> None:
    kernel = np.full((3, 1) if axis == 0 else (1, 3), 1 / 3, np.float32)
    added = (4, 0) if axis == 0 else (0, 4)
    known = tuple(slice(side - more) for side, more in zip(shape, added, strict=True))
    whole = noise(*shape)
    steps = [np.fft.fftfreq(side) for side in shape]
    squares = steps[0][:, np.newaxis] ** 2 + steps[1] ** 2
    strength = np.abs(np.fft.fft2(kernel, shape)) ** 2
    precision = circulant(squares / (strength + np.exp(-2) * squares))
    is_known = np.zeros(shape, bool)
    is_known[known] = True
    seen, hidden = np.flatnonzero(is_known), np.flatnonzero(~is_known)
    pull = precision[np.ix_(hidden, seen)] @ whole.ravel()[seen]
    wanted = np.linalg.solve(precision[np.ix_(hidden, hidden)], -pull)
    filling = continuation._filling(blur_of(kernel, shape), added, -4, 4)  # 1 / f²
    inside = whole[known].shape
    continuation._fill(whole, (inside[0], inside[1]), filling)
    assert np.allclose(whole.ravel()[hidden], wanted, atol=1e-4)


def test_what_joins_stays_as_large_as_it_is() -> None:
    waves = np.sin(np.arange(60, dtype=np.float32) * (2 * np.pi / 60))
    plane = np.add.outer(np.linspace(0, 1, 40, dtype=np.float32), waves)
    assert continuation.joined_shape(plane, (1, 9), None) == (40, 60)
    assert continuation.joined_shape(plane, (9, 1), None)[0] >= 48 + 8
    assert continuation.joined_shape(plane, (9, 1), True) == (40, 60)
    assert continuation.joined_shape(plane, (1, 1), False) == (40, 60)
