"""The signal lab: playing, long signals on the screen, and long sounds beside SciPy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer

import convlab.bench.rivals as rivals
from convlab.bench.live import WARM_UP, on_source, open_window, run
from convlab.bench.table import Row, at_least, at_most, medians
from convlab.document.document import Document, Lab
from convlab.document.signal.job import SignalShown
from convlab.document.signal.model import SignalKind, SignalSpec, SignalState
from convlab.engine.conv1d import convolve_channels
from convlab.ui.main_window import MainWindow

STILL = "pattern:step"
PLAYED = 1000  # samples
LONG = 100_000  # samples
SPEED = 600.0  # each frame shows another sample [samples/s]
TURN = 3.0  # [s], in which playing does not come to its end
EDITS = 40
LIMIT = 2000  # [ms]
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
    tasks: dict[str, rivals.Task | None] = {
        "convlab": lambda: convolve_channels(sound, response),
        "SciPy": rivals.scipy_sound(sound, response),
    }
    present = {name: task for name, task in tasks.items() if task is not None}
    times = dict(zip(present, medians(list(present.values()), rounds, 2), strict=True))
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
    name = f"playing with {PLAYED:,} samples".replace(",", " ")
    return [at_least(name, rate, "frames/s", 60)]


def _play(window: MainWindow) -> None:
    viewing = window.session.viewing
    signal = replace(viewing.signal, position=0, speed=SPEED, is_playing=True)
    window.session.look(replace(viewing, signal=signal))


def _rate(window: MainWindow) -> float:
    """Return how many different positions of g are painted per second."""
    seen: set[int] = set()

    def on_painted() -> None:
        shown = window.pump.shown
        if isinstance(shown, SignalShown):
            seen.add(shown.window.position)

    painted = window.signal_lab.view.painted
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
    name = f"edit of {LONG:,} samples to painted".replace(",", " ")
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
        window.signal_lab.forms["g"].figure_chosen.emit("width", width)

    return _until(window, edit, lambda shown: shown.job.state.g.width == width)


def _until(
    window: MainWindow, act: Callable[[], None], is_there: Callable[[SignalShown], bool]
) -> float:
    """Return the time from an act to its result painted [ms]."""
    loop = QEventLoop()

    def on_painted() -> None:
        shown = window.pump.shown
        if isinstance(shown, SignalShown) and is_there(shown):
            loop.quit()

    painted = window.signal_lab.view.painted
    painted.connect(on_painted)
    QTimer.singleShot(LIMIT, loop.quit)
    started = perf_counter()
    act()
    loop.exec()
    elapsed = (perf_counter() - started) * 1000
    painted.disconnect(on_painted)
    return elapsed
