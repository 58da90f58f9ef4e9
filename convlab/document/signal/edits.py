"""The edits of two signals that are more than a parameter: SignalState -> SignalState.

An edit that cannot be raises ValueError with a message for the person; the state stays. One that
changes nothing gives the same state back; any other leaves the scene's name, for its story goes on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from convlab.document.signal.model import (
    HIGHEST,
    LONGEST_DRAWING,
    MOST_COUNT,
    Held,
    SignalKind,
    SignalSpec,
    SignalState,
)
from convlab.document.signal.samples import samples
from convlab.document.signal.scenes import SCENES
from convlab.document.table_form import FOUND, TableForm
from convlab.engine.arrays import AnyArray
from convlab.engine.conv1d import Signal
from convlab.engine.kernel_number import parse_number
from convlab.engine.naming import parse_name

_AS_NUMBERS = "type numbers, such as 0.1 0.2 1/4"

Point = tuple[int, float]  # a sample and its value


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
    return _changed(state, **{which: _fitted(wanted, state, spec)})


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
        case SignalKind.GAUSSIAN | SignalKind.SINC:
            position, width = quarter, narrow
        case SignalKind.DECAY | SignalKind.LOW_PASS:
            width = 2 * narrow
        case SignalKind.TRACK:
            width = state.count * state.step
        case SignalKind.ECHO | SignalKind.REVERB:
            height = 0.5
        case SignalKind.STEP:
            position = quarter
    return SignalSpec(kind, position, width, height, before.is_normalised, before.seed)


def within(state: SignalState, name: str, value: float) -> float:
    """Return the nearest value that a figure can have here: a handle dragged too far stops there.

    Args:
        state: The signals.
        name: "position", "width" or "height".
        value: What is wanted; no number stays none.
    """
    last, whole = (state.count - 1) * state.step, state.count * state.step
    low, high = {"position": (0.0, last), "width": (state.step, whole)}.get(
        name, (-HIGHEST, HIGHEST)
    )
    return min(max(value, low), high)


def draw_line(
    state: SignalState, which: str, start: Point, end: Point, present: AnyArray | None = None
) -> SignalState:
    """Draw a straight line between two samples, or one; what is no drawing becomes one.

    Args:
        state: The signals.
        which: "f" or "g".
        start: (index, value) where the mouse was; outside of the samples is their end.
        end: Where it is; may be before the start.
        present: The samples as they are shown ``(count,)``: needed to go on from those of a file.

    Raises:
        ValueError: A value is not finite, or there are too many samples for a drawing.
    """
    values = _present(state, which, present)
    ends = [(min(max(at, 0), state.count - 1), _bounded(value)) for at, value in (start, end)]
    # Where both are the same sample, the mouse's last value counts.
    (low, low_value), (high, high_value) = sorted(ends, key=lambda place: place[0])
    values[low : high + 1] = np.linspace(low_value, high_value, high - low + 1)
    values[ends[1][0]] = ends[1][1]
    return set_values(state, which, values.tolist())


def _present(state: SignalState, which: str, present: AnyArray | None) -> Signal:
    """Return a copy of a signal's samples, to be drawn upon."""
    _check_drawn(state.count)
    if present is not None and present.shape == (state.count,):
        return np.array(present, np.float64)
    return samples(_spec(state, which), state.count, state.step, _reject, state.is_continuous)


def _reject(path: str) -> Held:
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
    return _changed(state, count=max(state.count, len(numbers)), **{which: spec})


def typed_values(text: str) -> list[float]:
    """Return the values that somebody typed: parted by blanks or semicolons, else by commas.

    >>> typed_values("0,5 1/4; -1")
    [0.5, 0.25, -1.0]
    >>> typed_values("1, 2, 3")
    [1.0, 2.0, 3.0]

    Raises:
        ValueError: One of them is no number, or there are none.
    """
    parts = re.split(r"[;\s]+", text.strip())
    if len(parts) == 1 or any(part.endswith(",") for part in parts):
        parts = re.split(r"[,;\s]+", text.strip())
    try:
        numbers = [parse_number(part) for part in parts if part]
    except ValueError as error:
        raise ValueError(f"{error.args[0].partition(':')[0]}: {_AS_NUMBERS}.") from error
    if not numbers:
        raise ValueError(f"There are no values: {_AS_NUMBERS}.")
    return numbers


def set_file(
    state: SignalState, which: str, path: str, held: Held | None, table: TableForm = FOUND
) -> SignalState:
    """Take what a file holds: a sound, or a table as a drawing too long to be kept as one.

    Another sound for that of a scene is still told of by it; no other file is, so it comes whole,
    and the scene is left.

    Args:
        state: The signals.
        which: "f" or "g".
        path: Of the file.
        held: What was read there; None of a sound that comes with the program.
        table: How it was read, if it is a table.

    Raises:
        ValueError: There is no path.
    """
    if not path:
        raise ValueError("There is no file to take: choose a sound or a table.")
    is_table = held is not None and held.rate == 0
    kind = SignalKind.DRAWING if is_table else SignalKind.SOUND
    before = _spec(state, which)
    spec = SignalSpec(
        kind, 0.0, is_normalised=before.is_normalised, path=path, held=held, table=table
    )
    changed = _changed(state, **{which: spec})
    if not state.scene or before.kind is kind is SignalKind.SOUND or held is None:
        return changed
    return fit_file(leave_scene(changed), held.length, held.rate)


def hold_file(state: SignalState, which: str, held: Held) -> SignalState:
    """Take in what the file holds that a signal names already; it is the same scene still."""
    spec = replace(_spec(state, which), held=held)
    return replace(state, f=spec) if which == "f" else replace(state, g=spec)


def fit_file(state: SignalState, length: int, rate: int) -> SignalState:
    """Take all samples of a file, or as many as can be; of a sound also its time between them.

    Args:
        state: The signals.
        length: Samples in the file.
        rate: Of a sound its samples per second [Hz]; 0 of a table.
    """
    count = min(max(length, state.count), MOST_COUNT)
    return _changed(state, count=count, step=1 / rate if rate else state.step)


def swap(state: SignalState) -> SignalState:
    """Let f and g change places."""
    return _changed(state, f=state.g, g=state.f)


def load_scene(name: str, before: SignalState | None = None) -> SignalState:
    """Return the signals of a scene; the neuron stays that of before.

    Raises:
        ValueError: There is no such scene.
    """
    if name not in SCENES:
        raise ValueError(f"There is no scene {name!r}: choose one of {', '.join(SCENES)}.")
    scene = SCENES[name].state
    return scene if before is None else replace(scene, neuron=before.neuron)


def leave_scene(state: SignalState) -> SignalState:
    """Let the signals be one's own: the scene's text goes."""
    return replace(state, scene="")


def _spec(state: SignalState, which: str) -> SignalSpec:
    if which not in ("f", "g"):
        raise ValueError(f"There is no signal {which!r}: choose f or g.")
    return state.f if which == "f" else state.g


def _changed(state: SignalState, **changes: Any) -> SignalState:
    changed = replace(state, **changes)
    return state if changed == state else changed


def _bounded(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"The value {_said(value)} is not a finite number: give one.")
    return min(max(float(value), -HIGHEST), HIGHEST)


def _said(value: float) -> str:
    return f"{value:g}".replace("-", "−")
