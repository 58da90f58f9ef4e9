"""How the kernel lab's part of a Document stands in a project file, with bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import Meta

from convlab.document.kernel.model import (
    MAX_KERNEL_SIZE,
    Channels,
    Display,
    Geometry,
    KernelState,
    Weights,
    to_weights,
)
from convlab.engine.shapes import LARGEST, Padding
from convlab.io.record_form import LARGEST_FLOAT, Finite, form_of, from_form, to_form
from convlab.io.refusal import Refusal

_Row = Annotated[list[Finite], Meta(min_length=1, max_length=MAX_KERNEL_SIZE)]
Rows = Annotated[list[_Row], Meta(min_length=1, max_length=MAX_KERNEL_SIZE)]
"""The cells of a kernel."""

_Sides = Annotated[int, Meta(ge=0, le=LARGEST)]
_Step = Annotated[int, Meta(ge=1, le=LARGEST)]
_Limit = Annotated[float, Meta(gt=0.0, le=LARGEST_FLOAT)]
_Muted = Annotated[int, Meta(ge=0, le=2)]

# A script may go beyond what forms offer.
GeometryForm = form_of(
    Geometry,
    padding=Literal["valid", "same", "full"] | tuple[_Sides, _Sides, _Sides, _Sides],
    stride=_Step,
    dilation=_Step,
    value=Finite,
)
ChannelsForm = form_of(Channels, muted=Annotated[list[_Muted], Meta(max_length=2)])
DisplayForm = form_of(Display, limit=_Limit | None)


def kernel_fields(state: KernelState) -> dict[str, Any]:
    """Return what is written of the kernel lab, by its keys in the project."""
    return {
        "kernel": [list(row) for row in state.weights],
        "geometry": to_form(GeometryForm, state.geometry),
        "channels": to_form(ChannelsForm, state.channels, muted=sorted(state.channels.muted)),
        "display": to_form(DisplayForm, state.display),
    }


def make_kernel(
    rows: Sequence[Sequence[float]],
    geometry: msgspec.Struct,
    channels: msgspec.Struct,
    display: msgspec.Struct,
) -> KernelState:
    """Return the kernel lab's state of forms whose types hold.

    Raises:
        Refusal: The rows differ in length, or all channels are muted.
    """
    state = KernelState(_weights(rows), from_form(Geometry, geometry))
    sides = state.geometry.padding
    if not isinstance(sides, str):
        state = replace(state, geometry=replace(state.geometry, padding=Padding(*sides)))
    return replace(state, channels=_channels(channels), display=from_form(Display, display))


def _weights(rows: Sequence[Sequence[float]]) -> Weights:
    if len({len(row) for row in rows}) > 1:
        raise Refusal("the rows of its kernel differ in length")
    return to_weights(np.array(rows))


def _channels(form: msgspec.Struct) -> Channels:
    channels = from_form(Channels, form)
    channels = replace(channels, muted=frozenset(channels.muted))
    if not channels.muted < set(range(len(channels.space.channels))):
        raise Refusal(f"the channels that it mutes leave nothing of {channels.space}")
    return channels
