"""Edits of the kernel lab: KernelState -> KernelState, one function per action.

An edit that cannot be raises ValueError with a message for the person; the document stays.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from convlab.document.kernel.model import MAX_KERNEL_SIZE, KernelState, to_weights
from convlab.document.kernel.per_channel import MOST_CHANNELS, PerChannel
from convlab.engine import kernels
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.layers.parameters import with_value

LARGEST = float(np.finfo(np.float32).max)


def set_cell(state: KernelState, row: int, column: int, value: float) -> KernelState:
    """Change one cell of the kernel.

    Raises:
        ValueError: The value is not a finite float32 number.
    """
    weights = state.array()
    weights[row, column] = _finite(value)
    return set_kernel(state, weights)


def set_kernel(state: KernelState, weights: AnyArray) -> KernelState:
    """Replace the whole kernel by a 2-D array.

    Raises:
        ValueError: Not 1 to 31 cells a side, or a value is not finite.
    """
    weights = np.asarray(weights)
    if weights.ndim != 2 or not all(1 <= side <= MAX_KERNEL_SIZE for side in weights.shape):
        size = "×".join(str(side) for side in weights.shape)
        raise ValueError(f"A kernel of {size} cells does not fit: 1 to {MAX_KERNEL_SIZE} a side.")
    if not (np.abs(weights.astype(np.float64)) <= LARGEST).all():
        raise ValueError("A kernel's cells must be finite numbers: change the infinite one.")
    return replace(state, weights=to_weights(weights))


def set_kernels(state: KernelState, bank: FloatArray) -> KernelState:
    """Give each channel a kernel of its own, ``(channels, kh, kw)``.

    Raises:
        ValueError: There is another number of channels, or a kernel does not fit.
    """
    names = state.channels.space.channels
    if len(bank) != len(names) or len(bank) != MOST_CHANNELS:
        raise ValueError(
            f"The text has {len(bank)} kernels, one for each channel, and the input is "
            f"{', '.join(names)}: choose as many channels above it, or paste one kernel."
        )
    chosen = state.per_channel.chosen
    kept = PerChannel(True, chosen, tuple(map(to_weights, bank)))
    return replace(set_kernel(state, bank[chosen]), per_channel=kept)


def load_preset(state: KernelState, name: str) -> KernelState:
    """Take a preset kernel by its name."""
    return set_kernel(state, kernels.preset(name))


def resize_kernel(state: KernelState, rows: int, columns: int) -> KernelState:
    """Grow with zeros or cut, keeping the cells around the anchor where they are."""
    old = state.array()
    rows, columns = (min(max(side, 1), MAX_KERNEL_SIZE) for side in (rows, columns))
    return set_kernel(state, kernels.resized(old, rows, columns))


def give_each_channel_a_kernel(state: KernelState, is_on: bool) -> KernelState:
    """Let each channel have a kernel of its own, at first the same; or all have the edited one."""
    per_channel = state.per_channel
    kept = per_channel.kernels or (state.weights,) * MOST_CHANNELS
    return replace(state, per_channel=replace(per_channel, is_on=is_on, kernels=kept))


def choose_channel(state: KernelState, channel: int) -> KernelState:
    """Edit the kernel of another channel.

    Raises:
        ValueError: There is no such channel, or it has no kernel of its own.
    """
    per_channel, names = state.per_channel, state.channels.space.channels
    if not state.has_several or not 0 <= channel < len(names):
        allowed = ", ".join(names) if state.has_several else "none: give each channel a kernel"
        raise ValueError(f"Channel {channel} has no kernel: choose one of {allowed}.")
    if channel == per_channel.chosen:
        return state
    chosen = per_channel.array(channel, state.array())
    kept = replace(per_channel.with_kernel(per_channel.chosen, state.weights), chosen=channel)
    return replace(state, weights=to_weights(chosen), per_channel=kept)


def clear_other_channels(state: KernelState) -> KernelState:
    """Let the edited kernel's channel alone count: the kernels of the others become 0."""
    nothing = to_weights(np.zeros_like(state.array()))
    kept = replace(state.per_channel, kernels=(nothing,) * MOST_CHANNELS)
    return replace(state, per_channel=kept)


def with_dial(state: KernelState, name: str, value: object) -> KernelState:
    """Turn a dial of the generator, and take the kernel that it makes.

    Raises:
        ValueError: There is no such dial, or the value is of another kind or out of range.
    """
    return replace(state, generator=with_value(state.generator, name, value)).generated()


def rotate_kernel(state: KernelState) -> KernelState:
    """Turn the kernel by 90 degrees counter-clockwise."""
    return set_kernel(state, np.rot90(state.array()))


def rotate_kernel_back(state: KernelState) -> KernelState:
    """Turn the kernel by 90 degrees clockwise."""
    return set_kernel(state, np.rot90(state.array(), -1))


def mirror_kernel(state: KernelState) -> KernelState:
    """Swap left and right."""
    return set_kernel(state, np.fliplr(state.array()))


def flip_kernel(state: KernelState) -> KernelState:
    """Swap top and bottom."""
    return set_kernel(state, np.flipud(state.array()))


def transpose_kernel(state: KernelState) -> KernelState:
    """Swap rows and columns."""
    return set_kernel(state, state.array().T)


def negate_kernel(state: KernelState) -> KernelState:
    """Change the sign of every cell."""
    return set_kernel(state, -state.array() + 0.0)


def toggle_mute(state: KernelState, channel: int) -> KernelState:
    """Mute a channel or bring it back; the last one left cannot be muted."""
    muted = state.channels.muted ^ {channel}
    if len(muted) == len(state.channels.space.channels):
        raise ValueError("One channel must stay: unmute another one first.")
    return replace(state, channels=replace(state.channels, muted=muted))


def solo(state: KernelState, channel: int) -> KernelState:
    """Mute all other channels; a second time brings them back."""
    others = frozenset(range(len(state.channels.space.channels))) - {channel}
    muted = frozenset() if state.channels.muted == others else others
    return replace(state, channels=replace(state.channels, muted=muted))


def _finite(value: float) -> float:
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise ValueError(f"{value:g} does not fit in a float32: choose a finite number.")
    return value
