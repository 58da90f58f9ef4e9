"""Make the sound that comes with the program: ``python tools/make_sounds.py``.

Writes ``resources/sounds``. The same numbers give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from convlab.io.sounds import Sound, write_sound  # noqa: E402

FOLDER = ROOT / "resources" / "sounds"
NAME = "plucked-strings.wav"
RATE = 22_050  # Hz
SECONDS = 3.0
LOUDEST = 0.8
FADE = 0.15  # s, at the end
_DAMPING = 0.996  # of a string, each time its wave comes round
# When a string is plucked [s], and how many semitones above the A of 220 Hz: up a chord and down.
MELODY = ((0.0, 0), (0.3, 3), (0.6, 7), (0.9, 12), (1.35, 10), (1.65, 7), (1.95, 3), (2.25, 0))

_Wave = NDArray[np.float64]


def melody() -> Sound:
    """Return plucked strings, one after the other."""
    samples = np.zeros(int(RATE * SECONDS))
    for number, (moment, semitones) in enumerate(MELODY):
        first = int(moment * RATE)
        samples[first:] += plucked(220 * 2 ** (semitones / 12), len(samples) - first, number)
    fade = int(FADE * RATE)
    samples[-fade:] *= np.linspace(1, 0, fade)
    samples *= LOUDEST / np.abs(samples).max()
    return Sound(samples[np.newaxis].astype(np.float32), RATE)


def plucked(frequency: float, count: int, seed: int) -> _Wave:
    """Return a string: noise as long as one wave, made smoother each time it comes round.

    Karplus and Strong, "Digital synthesis of plucked-string and drum timbres", 1983.
    """
    period = round(RATE / frequency)
    wave = np.random.default_rng(seed).uniform(-1, 1, period)
    wave -= wave.mean()  # it would not be heard, and hardly fade
    rounds = [wave := _round(wave) for _ in range(-(-count // period))]
    return np.concatenate(rounds)[:count]


def _round(wave: _Wave) -> _Wave:
    return _DAMPING * (wave + np.roll(wave, 1)) / 2


def main(folder: Path = FOLDER) -> None:
    """Write the file."""
    folder.mkdir(parents=True, exist_ok=True)
    write_sound(folder / NAME, melody())


if __name__ == "__main__":
    main()
