"""The sound that comes with the program."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from convlab import paths
from convlab.io.sounds import unpack_sound
from tools import make_sounds


def test_the_tool_makes_the_sound_that_comes_with_the_program(tmp_path: Path) -> None:
    make_sounds.main(tmp_path)
    files = tmp_path / make_sounds.NAME, paths.sample_sounds()[0]
    made, shipped = (unpack_sound(file.read_bytes(), file.name) for file in files)
    np.testing.assert_allclose(made.samples, shipped.samples, atol=2 / 32768)


def test_a_plucked_string_repeats_and_fades() -> None:
    wave = make_sounds.plucked(220.5, 22_050, seed=0)
    later = {lag: wave[2_000 + lag : 12_000 + lag] for lag in (0, 37, 100)}
    assert np.corrcoef(later[0], later[100])[0, 1] > 0.95, "one wave of 22,050 / 220.5 samples on"
    assert np.corrcoef(later[0], later[37])[0, 1] < 0.9
    assert abs(wave[:10_000].mean()) < 1e-3
    assert np.abs(wave[-2_000:]).max() < 0.5 * np.abs(wave[:2_000]).max()
