"""Random initialisation: the weights as they are before a network has learned anything."""

from __future__ import annotations

from typing import Any

import numpy as np

from convlab.engine.arrays import FloatArray, frozen
from convlab.layers import Layer, Stack
from convlab.layers.base import ChannelLayer
from convlab.layers.weights import he_normal
from convlab.learn.parameters import learned_fields, with_fields

_SEEDS = 2**31


def reinitialised(stack: Stack, seed: int) -> Stack:
    """Return the stack re-initialised: He's random weights, biases of 0, normalisation as at first.

    Args:
        stack: Any layers; each gets draws of its own.
        seed: The same gives the same weights.
    """
    seeds = np.random.default_rng(seed).integers(0, _SEEDS, len(stack.layers)).tolist()
    return Stack(_reinitialised(*pair) for pair in zip(stack.layers, seeds, strict=True))


def _reinitialised(layer: Layer, seed: int) -> Layer:
    names = learned_fields(layer)
    if not names:
        return layer
    kept = [name for name in ("running_mean", "running_var") if hasattr(layer, name)]
    return with_fields(layer, {name: _initial(layer, name, seed) for name in (*names, *kept)})


def _initial(layer: Any, name: str, seed: int) -> FloatArray:
    shape = getattr(layer, name).shape
    if name == "weight" and len(shape) > 1:
        return he_normal(shape, seed)
    start = layer.starts[name] if isinstance(layer, ChannelLayer) else 0.0
    return frozen(np.full(shape, start, np.float32))
