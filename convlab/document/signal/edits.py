"""Every edit of two signals that a person can make: SignalState -> SignalState.

An edit that cannot be raises ValueError with a message for the person; the state stays. One that
changes nothing gives the same state back; any other takes the scene's name away.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from convlab.document.signal.model import (
    LEAST_COUNT,
    LONGEST_DRAWING,
    MOST_COUNT,
    Held,
    SignalKind,
    SignalSpec,
    SignalState,
)
from convlab.document.signal.samples import samples
from convlab.document.signal.scenes import SCENES
from convlab.engine.arrays import AnyArray
from convlab.engine.conv1d import Mode, Signal
from convlab.engine.naming import parse_name

HIGHEST = 1e6
LEAST_STEP, LARGEST_STEP = 1e-6, 1e6
LARGEST_SEED = 2**32 - 1


def set_kind(
    state: SignalState, which: str, kind: str, present: AnyArray | None = None
) -> SignalState:
    """Give a signal another shape, as large as suits the present count.

    A drawing begins as what was there.

    Args:
        state: The signals.
        which: "f" or "g".
        kind: A SignalKind or its name.
        present: The samples as they are shown ``(count,)``: a drawing begins as those of a file.

    Raises:
        ValueError: There is no such shape, there are too many samples for a drawing, or those of
            a file are not given.
    """
    wanted = parse_name(SignalKind, kind, "kind")
    spec = _spec(state, which)
    if wanted is spec.kind:
        return state
    if wanted is SignalKind.DRAWING:
        return set_values(state, which, _present(state, which, present).tolist())
    return _with_spec(state, which, _fitted(wanted, state, spec))


def _fitted(kind: SignalKind, state: SignalState, before: SignalSpec) -> SignalSpec:
    """Return a shape that is well to be seen: its times are whole numbers of steps."""
    quarter = max(state.count // 4, 1) * state.step
    narrow = max(state.count // 16, 1) * state.step
    position, width, height = 0.0, quarter, 1.0
    match kind:
        case SignalKind.BOX | SignalKind.TRIANGLE:
            position = quarter
        case SignalKind.SAWTOOTH:
            width = max(quarter, 2 * state.step)  # a tooth of one step would be flat
        case SignalKind.GAUSSIAN:
            position, width = quarter, narrow
        case SignalKind.DECAY | SignalKind.LOW_PASS:
            width = 2 * narrow
        case SignalKind.TRACK:
            width = state.count * state.step
        case SignalKind.ECHO:
            height = 0.5
    return SignalSpec(kind, position, width, height, before.is_normalised, before.seed)


def set_position(state: SignalState, which: str, position: float) -> SignalState:
    """Move a signal; it stays within the samples [time].

    Raises:
        ValueError: It is not finite.
    """
    last = (state.count - 1) * state.step
    return _with(state, which, position=_bounded(position, 0.0, last, "position"))


def set_width(state: SignalState, which: str, width: float) -> SignalState:
    """Make a signal wider or narrower, from one step to all samples [time].

    Raises:
        ValueError: It is not finite.
    """
    return _with(state, which, width=_bounded(width, state.step, state.count * state.step, "width"))


def set_height(state: SignalState, which: str, height: float) -> SignalState:
    """Make a signal higher or lower; below zero it hangs.

    Raises:
        ValueError: It is not finite.
    """
    return _with(state, which, height=_bounded(height, -HIGHEST, HIGHEST, "height"))


def set_normalised(state: SignalState, which: str, is_normalised: bool) -> SignalState:
    """Scale a signal so that it sums to 1, or take it as it is."""
    return _with(state, which, is_normalised=is_normalised)


def set_seed(state: SignalState, which: str, seed: int) -> SignalState:
    """Choose other noise.

    Raises:
        ValueError: The seed is out of bounds.
    """
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(
            f"The seed {_said(seed)} is out of bounds: choose one from 0 to {LARGEST_SEED}."
        )
    return _with(state, which, seed=seed)


def draw(
    state: SignalState, which: str, index: int, value: float, present: AnyArray | None = None
) -> SignalState:
    """Set one sample of a signal by hand (see ``draw_line``)."""
    return draw_line(state, which, index, value, index, value, present)


def draw_line(
    state: SignalState,
    which: str,
    first: int,
    first_value: float,
    last: int,
    last_value: float,
    present: AnyArray | None = None,
) -> SignalState:
    """Draw a straight line between two samples; what is no drawing becomes one.

    Args:
        state: The signals.
        which: "f" or "g".
        first: Where the mouse was; outside of the samples is their end.
        first_value: The value there.
        last: Where the mouse is; may be before ``first``.
        last_value: The value there.
        present: The samples as they are shown ``(count,)``: needed to go on from those of a file.

    Raises:
        ValueError: A value is not finite, or there are too many samples for a drawing.
    """
    values = _present(state, which, present)
    ends = [
        (_inside(first, state.count), _bounded(first_value, -HIGHEST, HIGHEST, "value")),
        (_inside(last, state.count), _bounded(last_value, -HIGHEST, HIGHEST, "value")),
    ]
    # Where both are the same sample, the mouse's last value counts.
    (low, low_value), (high, high_value) = sorted(ends, key=lambda end: end[0])
    values[low : high + 1] = np.linspace(low_value, high_value, high - low + 1)
    values[ends[1][0]] = ends[1][1]
    return set_values(state, which, values.tolist())


def _inside(index: int, count: int) -> int:
    return min(max(index, 0), count - 1)


def _present(state: SignalState, which: str, present: AnyArray | None) -> Signal:
    """Return a copy of a signal's samples, to be drawn upon."""
    _check_drawn(state.count)
    if present is not None and present.shape == (state.count,):
        return np.array(present, np.float64)
    return samples(_spec(state, which), state.count, state.step, _refuse, state.is_continuous)


def _refuse(path: str) -> Held:
    raise ValueError("The file is not read yet: wait for its samples before you draw upon them.")


def _check_drawn(count: int) -> None:
    if count > LONGEST_DRAWING:
        raise ValueError(
            f"A drawing holds {LONGEST_DRAWING} values, and here are {count}: "
            "choose fewer samples first."
        )


def set_values(state: SignalState, which: str, values: Sequence[float]) -> SignalState:
    """Take values as a drawing; there are at least as many samples afterwards.

    Raises:
        ValueError: There are none or too many, or one is not a finite number within bounds.
    """
    if len(values) == 0:
        raise ValueError("There are no values to take: give at least one number.")
    _check_drawn(len(values))
    numbers = tuple(float(value) for value in values)
    for index, number in enumerate(numbers):
        if not abs(number) <= HIGHEST:
            raise ValueError(
                f"Value {index} is {_said(number)}: give numbers from {_said(-HIGHEST)} "
                f"to {_said(HIGHEST)}."
            )
    spec = SignalSpec(SignalKind.DRAWING, 0.0, seed=_spec(state, which).seed, values=numbers)
    state = _with_spec(state, which, spec)
    return _changed(state, count=max(state.count, len(numbers)))


def set_file(state: SignalState, which: str, path: str, held: Held | None) -> SignalState:
    """Take what a file holds: a sound, or a table as a drawing too long to be kept as one.

    Args:
        state: The signals.
        which: "f" or "g".
        path: Of the file.
        held: What was read there; None of a sound that comes with the program.

    Raises:
        ValueError: There is no path.
    """
    if not path:
        raise ValueError("There is no file to take: choose a sound or a table.")
    is_table = held is not None and held.rate == 0
    kind = SignalKind.DRAWING if is_table else SignalKind.SOUND
    is_normalised = _spec(state, which).is_normalised
    spec = SignalSpec(kind, 0.0, is_normalised=is_normalised, path=path, held=held)
    return _with_spec(state, which, spec)


def hold_file(state: SignalState, which: str, held: Held) -> SignalState:
    """Take in what the file holds that a signal names already; it is the same scene still."""
    spec = replace(_spec(state, which), held=held)
    return replace(state, f=spec) if which == "f" else replace(state, g=spec)


def set_count(state: SignalState, count: int) -> SignalState:
    """Choose how many samples there are; the signals keep their times.

    Raises:
        ValueError: There are too few or too many.
    """
    if not LEAST_COUNT <= count <= MOST_COUNT:
        raise ValueError(
            f"{_said(count)} samples are out of bounds: choose from {LEAST_COUNT} to {MOST_COUNT}."
        )
    return _changed(state, count=count)


def fit_file(state: SignalState, length: int, rate: int) -> SignalState:
    """Take all samples of a file, or as many as can be; of a sound also its time between them.

    Args:
        state: The signals.
        length: Samples in the file.
        rate: Of a sound its samples per second [Hz]; 0 of a table.
    """
    count = min(max(length, state.count), MOST_COUNT)
    return _changed(state, count=count, step=1 / rate if rate else state.step)


def set_step(state: SignalState, step: float) -> SignalState:
    """Choose the time between two samples; the signals keep their times.

    Raises:
        ValueError: It is not finite, or out of bounds.
    """
    if not LEAST_STEP <= step <= LARGEST_STEP:
        raise ValueError(
            f"A step of {_said(step)} is out of bounds: choose one from {_said(LEAST_STEP)} "
            f"to {_said(LARGEST_STEP)}."
        )
    return _changed(state, step=float(step))


def set_continuous(state: SignalState, is_continuous: bool) -> SignalState:
    """Take the signals as curves, or as stems."""
    return _changed(state, is_continuous=is_continuous)


def set_mode(state: SignalState, mode: str) -> SignalState:
    """Choose which part of the result is kept.

    Raises:
        ValueError: There is no such mode.
    """
    return _changed(state, mode=parse_name(Mode, mode, "mode"))


def set_flipped(state: SignalState, is_flipped: bool) -> SignalState:
    """Turn g, for convolution, or leave it as it is, for correlation."""
    return _changed(state, is_flipped=is_flipped)


def swap(state: SignalState) -> SignalState:
    """Let f and g change places."""
    return _changed(state, f=state.g, g=state.f)


def load_scene(name: str) -> SignalState:
    """Return the signals of a scene.

    Raises:
        ValueError: There is no such scene.
    """
    if name not in SCENES:
        raise ValueError(f"There is no scene {name!r}: choose one of {', '.join(SCENES)}.")
    return SCENES[name].state


def _spec(state: SignalState, which: str) -> SignalSpec:
    if which not in ("f", "g"):
        raise ValueError(f"There is no signal {which!r}: choose f or g.")
    return state.f if which == "f" else state.g


def _with(state: SignalState, which: str, **changes: Any) -> SignalState:
    return _with_spec(state, which, replace(_spec(state, which), **changes))


def _with_spec(state: SignalState, which: str, spec: SignalSpec) -> SignalState:
    _spec(state, which)
    return _changed(state, **{which: spec})


def _changed(state: SignalState, **changes: Any) -> SignalState:
    """Return the state with changes; it is then no scene any more."""
    changed = replace(state, **changes)
    return state if changed == state else replace(changed, scene="")


def _bounded(value: float, least: float, largest: float, name: str) -> float:
    """Return a number within bounds: a handle that is dragged too far stops there."""
    if not math.isfinite(value):
        raise ValueError(f"The {name} {_said(value)} is not a finite number: give one.")
    return min(max(float(value), least), largest)


def _said(value: float) -> str:
    return f"{value:g}".replace("-", "−")
