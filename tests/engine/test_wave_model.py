import math

import numpy as np
import pytest

from convlab.engine import packed_spectrum as packed
from convlab.engine.arrays import FloatArray
from convlab.engine.blur import blur_of
from convlab.engine.wave_model import Waves
from tests.slow import noise

BLUR = blur_of(np.full((1, 9), 1 / 9, np.float32), (240, 320))


def waves(steepness: float, level: float) -> Waves:
    """Those of a blurred picture of known spectrum, with noise."""
    spectrum = packed.forward(noise(240, 320))
    spectrum *= 0.05 * np.exp(-steepness / 2 * np.maximum(packed.log_frequency((240, 320)), -9))
    blurred: FloatArray = packed.times(spectrum, BLUR.response)
    blurred += packed.forward(level * noise(240, 320, seed=1))
    return Waves.of(blurred, BLUR.strength, blurred.size)


@pytest.mark.parametrize("steepness", [1.0, 2.0, 3.5])
def test_picture_and_noise_are_found(steepness: float) -> None:
    found = waves(steepness, 0.01).model(0.0)
    assert math.isclose(found.steepness, steepness, abs_tol=0.2)
    assert math.isclose(found.scale, 0.05**2, rel_tol=0.6)
    assert 1.1e-4 < found.noise < 1.4e-4  # rather too much


def test_the_dial_is_believed_where_the_waves_agree() -> None:
    assert math.isclose(waves(2.0, 0.01).model(1.0e-4).noise, 1e-4, rel_tol=1e-9)
    assert waves(2.0, 0.01).model(1.0).noise < 2e-4
