"""The signal lab: playing, long signals on the screen, and long sounds beside SciPy."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np

import convlab.bench.rivals as rivals
from convlab.bench.live import WARM_UP, on_source, open_window, run, time_until
from convlab.bench.table import Row, Task, at_least, at_most, times_of
from convlab.document.document import Document, Lab
from convlab.document.request import AnyShown
from convlab.document.signal.job import SignalShown
from convlab.document.signal.model import SignalKind, SignalSpec, SignalState
from convlab.engine.conv1d import convolve_channels
from convlab.ui.main_window import MainWindow
from convlab.ui.signals.signal_lab import SignalLab

STILL = "pattern:step"
PLAYED = 1000  # samples
LONG = 100_000  # samples
SPEED = 600.0  # each frame shows another sample [samples/s]
TURN = 3.0  # [s], in which playing does not come to its end
EDITS = 40
SOUND, RESPONSE = 30 * 44_100, 2 * 44_100  # samples
_NOISE = np.random.default_rng(0)


def measure(rounds: int = 9) -> list[Row]:
    """Return all figures of the signal lab; the application is there."""
    return [*_playing_rows(), *_long_rows(), *sound_rows(rounds)]


# The engine alone.


def sound_rows(rounds: int) -> list[Row]:
    """Return a stereo sound of 30 s through a response of 2 s, in turns with SciPy."""
    sound = _NOISE.standard_normal((2, SOUND)).astype(np.float32)
    response = _NOISE.standard_normal((2, RESPONSE)).astype(np.float32)
    tasks: dict[str, Task | None] = {
        "convlab": lambda: convolve_channels(sound, response),
        "SciPy": rivals.scipy_sound(sound, response),
    }
    times = times_of(tasks, rounds)
    rows = [Row(f"30 s of stereo through 2 s, {who}", t, "ms") for who, t in times.items()]
    if "SciPy" in times:
        share = times["convlab"] / times["SciPy"]
        rows.append(at_most("30 s of stereo through 2 s against SciPy", share, "x", 1.0))
    return rows


# The window.


def _playing_rows() -> list[Row]:
    """Return how many results are painted per second while g slides by itself."""
    with open_window(_with_signals(PLAYED), Lab.SIGNAL) as window:
        run(WARM_UP)
        _play(window)
        run(TURN / 10)
        rate = _rate(window)
    name = f"playing with {PLAYED:,} samples"
    return [at_least(name, rate, "frames/s", 60)]


def _play(window: MainWindow) -> None:
    viewing = window.session.viewing
    signal = replace(viewing.signal, c=0, speed=SPEED, is_playing=True)
    window.session.look(replace(viewing, signal=signal))


def _rate(window: MainWindow) -> float:
    """Return how many different positions of g are painted per second."""
    seen: set[int] = set()

    def on_painted() -> None:
        shown = window.pump.shown
        if isinstance(shown, SignalShown):
            seen.add(shown.window.c)

    painted = window.labs.of(SignalLab).view.painted
    painted.connect(on_painted)
    started = perf_counter()
    run(TURN)
    elapsed = perf_counter() - started
    painted.disconnect(on_painted)
    return len(seen) / elapsed


def _long_rows() -> list[Row]:
    """Return the time from an edit of a long signal to its result painted."""
    with open_window(_with_signals(LONG), Lab.SIGNAL) as window:
        run(WARM_UP)
        times = [_edit(window, LONG / 3 + number) for number in range(EDITS)]
    name = f"edit of {LONG:,} samples to painted"
    return [
        at_most(name, float(np.median(times)), "ms", 50),
        Row("the same, worst", max(times), "ms"),
    ]


def _with_signals(count: int) -> Document:
    """Return two signals that are nowhere zero, so that all of both is convolved."""
    f = SignalSpec(SignalKind.TRACK, 0.0, float(count), 1.0)
    g = SignalSpec(SignalKind.DECAY, 0.0, count / 2, 1.0)
    return replace(on_source(STILL), signal=SignalState(f, g, count))


def _edit(window: MainWindow, width: float) -> float:
    """Return the time from g made wider to what comes of it painted [ms]."""

    def edit() -> None:
        window.labs.of(SignalLab).forms["g"].parameter_chosen.emit("width", width)

    def is_there(shown: AnyShown) -> bool:
        return isinstance(shown, SignalShown) and shown.job.state.g.width == width

    return time_until(window, window.labs.of(SignalLab).view.painted, edit, is_there)
