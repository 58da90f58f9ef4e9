import math

import numpy as np
import pytest

from convlab.engine import packed_spectrum as packed
from convlab.engine.arrays import FloatArray
from convlab.engine.blur import blur_of
from convlab.engine.wave_model import Model, model_of, relative_noise
from tests.slow import noise

BLUR = blur_of(np.full((1, 9), 1 / 9, np.float32), (240, 320))


def model(steepness: float, level: float, said: float, down: float = 1.0) -> Model:
    """That of a blurred picture of known spectrum, with noise."""
    spectrum = packed.forward(noise(240, 320))
    spectrum *= 0.05 * np.exp(-steepness / 2 * np.maximum(packed.log_frequency((240, 320)), -9))
    spectrum[60:180, 1:-1] *= down  # the fast half of the waves down
    blurred: FloatArray = packed.times(spectrum, BLUR.response)
    blurred += packed.forward(level * noise(240, 320, seed=1))
    return model_of(blurred, BLUR, blurred.size, said)


@pytest.mark.parametrize("steepness", [1.0, 2.0, 3.5])
def test_picture_and_noise_are_found(steepness: float) -> None:
    found = model(steepness, 0.01, 0.0)
    assert math.isclose(found.steepness, steepness, abs_tol=0.2)
    assert math.isclose(found.scale, 0.05**2, rel_tol=0.6)
    assert math.isclose(found.noise, 1e-4, rel_tol=0.1)


def test_the_dial_is_believed_where_the_waves_agree() -> None:
    assert math.isclose(model(2.0, 0.01, 1.0e-4).noise, 1e-4, rel_tol=1e-9)
    assert model(2.0, 0.01, 1.0).noise < 2e-4


def test_what_falls_faster_down_is_weaker_there_alone() -> None:
    usual, weaker = (model(2.0, 1e-4, 1e-8, down=each) for each in (1.0, 0.3))
    change = weaker.ratio - usual.ratio  # log of noise over picture
    assert np.allclose(change[0, :7], -2 * math.log(0.3), atol=0.5)
    assert np.allclose(change[3:], 0, atol=0.5)


def test_the_ratio_lies_between_its_octaves() -> None:
    found = model(2.0, 0.01, 1e-4)
    ratio = relative_noise(found, (240, 320))
    assert ratio[0, 0] == 0
    assert math.isclose(ratio[-1, -1], math.exp(found.ratio[0, 0]), rel_tol=1e-4)  # 1/2, 1/2
    assert math.isclose(ratio[60, 159], math.exp(found.ratio[1, 1]), rel_tol=1e-4)  # 1/4, 1/4
    assert math.isclose(ratio[60, 0], math.exp(found.ratio[2, 7]), rel_tol=1e-1)
    assert np.allclose(relative_noise(found, (240, 320), 3.0), 3 * ratio, rtol=1e-4)
