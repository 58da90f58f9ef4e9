"""The numbers of a stack that are learned: every weight and bias, from the picture upwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias, cast

import numpy as np

from convlab.engine.arrays import FloatArray
from convlab.layers import Layer, Stack

_LEARNED = ("weight", "bias")

Parameters: TypeAlias = tuple[FloatArray, ...]


def learned_fields(layer: Layer) -> tuple[str, ...]:
    """Return the names of a layer's fields that are learned: weight, then bias, if it has them."""
    return tuple(name for name in _LEARNED if isinstance(getattr(layer, name, None), np.ndarray))


def parameters_of(stack: Stack) -> Parameters:
    """Return every weight and bias, layer by layer, the weight first."""
    return tuple(getattr(layer, name) for layer in stack.layers for name in learned_fields(layer))


def with_parameters(stack: Stack, parameters: Sequence[FloatArray]) -> Stack:
    """Return the stack with other weights and biases.

    Args:
        stack: The layers.
        parameters: In the order and shapes of ``parameters_of``.

    Raises:
        ValueError: If their count or a shape is another.
    """
    count = len(parameters_of(stack))
    if len(parameters) != count:
        raise ValueError(
            f"{len(parameters)} parameters do not fit a stack that has {count}: "
            "give one for each weight and bias"
        )
    left = iter(parameters)
    return Stack(
        with_fields(layer, {name: next(left) for name in learned_fields(layer)})
        for layer in stack.layers
    )


def with_fields(layer: Layer, fields: dict[str, FloatArray]) -> Layer:
    """Return a layer with other fields; itself if there are none.

    Raises:
        ValueError: If one does not fit.
    """
    if not fields:
        return layer
    if not all(_takes_the_place(new, getattr(layer, name)) for name, new in fields.items()):
        return cast(Layer, replace(cast(Any, layer), **fields))
    # A layer's constructor checks and copies all it is given, which in each step takes a while.
    made = object.__new__(type(layer))
    vars(made).update(vars(layer) | fields)
    return made


def _takes_the_place(new: FloatArray, old: FloatArray | None) -> bool:
    """Tell whether numbers may stand in a layer as they are: read-only, alike in shape and type."""
    return (
        old is not None
        and new.shape == old.shape
        and new.dtype == old.dtype
        and new.flags.c_contiguous
        and not new.flags.writeable
    )
