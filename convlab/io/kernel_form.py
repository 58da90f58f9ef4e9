"""How the kernel lab's part of a Document stands in a project file, with bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import UNSET, Meta, UnsetType

from convlab.document.comparison import CLOSED, Comparison
from convlab.document.kernel.analysis import Analysis
from convlab.document.kernel.counting import MOST, Counting
from convlab.document.kernel.design.model import Design, Example, Trial, Undoing, Waves
from convlab.document.kernel.generator import Generator
from convlab.document.kernel.model import (
    MAX_KERNEL_SIZE,
    Channels,
    Display,
    Geometry,
    KernelState,
    Weights,
    to_weights,
)
from convlab.document.kernel.per_channel import MOST_CHANNELS, PerChannel
from convlab.document.kernel.scaling import Scaling
from convlab.engine.shapes import LARGEST, Padding
from convlab.io.attachments import Attachments
from convlab.io.part_form import PartForm
from convlab.io.record_form import LARGEST_FLOAT, Finite, form_of, from_form, to_form
from convlab.io.rejection import Rejection
from convlab.io.strokes_form import StrokesForm

_Row = Annotated[tuple[Finite, ...], Meta(min_length=1, max_length=MAX_KERNEL_SIZE)]
_Rows = Annotated[tuple[_Row, ...], Meta(min_length=1, max_length=MAX_KERNEL_SIZE)]

_Cells = Annotated[int, Meta(ge=1, le=MAX_KERNEL_SIZE)]
_Sides = Annotated[int, Meta(ge=0, le=LARGEST)]
_Step = Annotated[int, Meta(ge=1, le=LARGEST)]
_Limit = Annotated[float, Meta(gt=0.0, le=LARGEST_FLOAT)]
_Count = Annotated[int, Meta(ge=1, le=MOST)]
_Muted = Annotated[int, Meta(ge=0, le=2)]

# A script may go beyond what forms offer.
GeometryForm = form_of(
    Geometry,
    padding=Literal["valid", "same", "full"] | tuple[_Sides, _Sides, _Sides, _Sides],
    stride=_Step,
    dilation=_Step,
    value=Finite,
)
ChannelsForm = form_of(Channels, muted=Annotated[tuple[_Muted, ...], Meta(max_length=2)])
DisplayForm = form_of(Display, limit=_Limit | None)
CountingForm = form_of(Counting, size=tuple[_Count, _Count])
PerChannelForm = form_of(
    PerChannel,
    is_on=bool,
    chosen=Annotated[int, Meta(ge=0, lt=MOST_CHANNELS)],
    kernels=Annotated[tuple[_Rows, ...], Meta(max_length=MOST_CHANNELS)],
)
ScalingForm = form_of(Scaling, divisor=Finite, offset=Finite)
GeneratorForm = form_of(Generator, size=tuple[_Cells, _Cells])
AnalysisForm = form_of(Analysis)
DesignForm = form_of(
    Design,
    example=form_of(Example, strokes=StrokesForm),
    waves=form_of(Waves, strokes=StrokesForm),
    trial=form_of(Trial),
    undoing=form_of(Undoing),
)


_TYPES: dict[str, Any] = {
    "kernel": _Rows,
    "geometry": GeometryForm,
    "channels": ChannelsForm,
    "display": DisplayForm,
}
_LATER: dict[str, Any] = {
    "scaling": ScalingForm,
    "generator": GeneratorForm,
    "counting": CountingForm,
    "per_channel": PerChannelForm,
    "design": DesignForm,
    "analysis": AnalysisForm,
}
ComparisonForm = form_of(Comparison)
HeldForm = msgspec.defstruct(
    "HeldForm",
    [*_TYPES.items(), *((key, kind | UnsetType, UNSET) for key, kind in _LATER.items())],
    kw_only=True,
    forbid_unknown_fields=True,
)
"""What is held for comparison: it holds nothing itself."""


def _write(state: KernelState, _: Attachments) -> dict[str, Any]:
    written = _write_alone(state)
    if state.comparison != CLOSED:
        written["kernel_comparison"] = to_form(state.comparison)
    if state.held is not None:
        written["kernel_held"] = HeldForm(**_write_alone(state.held))
    return written


def _write_alone(state: KernelState) -> dict[str, Any]:
    return {
        "kernel": state.weights,
        "geometry": to_form(state.geometry),
        "channels": to_form(state.channels, muted=tuple(sorted(state.channels.muted))),
        "display": to_form(state.display),
        "per_channel": UNSET if state.per_channel == PerChannel() else to_form(state.per_channel),
        "counting": UNSET if state.counting == Counting() else to_form(state.counting),
        "design": UNSET if state.design == Design() else to_form(state.design),
        "analysis": UNSET if state.analysis == Analysis() else to_form(state.analysis),
        "scaling": UNSET if state.scaling == Scaling() else to_form(state.scaling),
        "generator": UNSET if state.generator == Generator() else to_form(state.generator),
    }


def _read(form: Any, *_: object) -> KernelState:
    comparison, held = form.kernel_comparison, form.kernel_held
    return replace(
        _read_alone(form),
        comparison=CLOSED if comparison is UNSET else from_form(comparison),
        held=None if held is UNSET else _read_alone(held),
    )


def _read_alone(form: Any) -> KernelState:
    padding = form.geometry.padding
    sides = padding if isinstance(padding, str) else Padding(*padding)
    return KernelState(
        _weights(form.kernel),
        from_form(form.geometry, padding=sides),
        _channels(form.channels),
        from_form(form.display),
        _scaling(form.scaling),
        Generator() if form.generator is UNSET else from_form(form.generator),
        Counting() if form.counting is UNSET else from_form(form.counting),
        _per_channel(form.per_channel),
        Design() if form.design is UNSET else from_form(form.design),
        Analysis() if form.analysis is UNSET else from_form(form.analysis),
    )


def _weights(rows: Sequence[Sequence[float]]) -> Weights:
    if len({len(row) for row in rows}) > 1:
        raise Rejection("the rows of its kernel differ in length")
    return to_weights(np.array(rows))


def _channels(form: Any) -> Channels:
    channels: Channels = from_form(form, muted=frozenset(form.muted))
    if not channels.muted < set(range(len(channels.space.channels))):
        raise Rejection(f"the channels that it mutes leave nothing of {channels.space}")
    return channels


def _per_channel(form: Any) -> PerChannel:
    if form is UNSET:
        return PerChannel()
    if len(form.kernels) not in (0 if not form.is_on else MOST_CHANNELS, MOST_CHANNELS):
        raise Rejection(f"{len(form.kernels)} of its {MOST_CHANNELS} channels have a kernel")
    return PerChannel(form.is_on, form.chosen, tuple(map(_weights, form.kernels)))


def _scaling(form: Any) -> Scaling:
    if form is UNSET:  # in older files
        return Scaling()
    if form.divisor == 0:
        raise Rejection("its divisor is 0")
    scaling: Scaling = from_form(form)
    return scaling


# In the file it lies open, beside the parts of the other labs: it was there before them.
KERNEL = PartForm(
    _TYPES,
    _write,
    _read,
    later=_LATER | {"kernel_comparison": ComparisonForm, "kernel_held": HeldForm},
)
