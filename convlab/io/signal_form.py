"""How the two signals of a Document stand in a project file, with bounds."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from convlab.document.signal.edits import HIGHEST, LARGEST_SEED, LARGEST_STEP, LEAST_STEP
from convlab.document.signal.model import (
    LEAST_COUNT,
    LONGEST_DRAWING,
    MOST_COUNT,
    SignalKind,
    SignalSpec,
    SignalState,
)
from convlab.engine.conv1d import Mode
from convlab.io.attachments import ENTRY, Attachments

_LONGEST_TIME = MOST_COUNT * LARGEST_STEP

_Count = Annotated[int, Meta(ge=LEAST_COUNT, le=MOST_COUNT)]
_Step = Annotated[float, Meta(ge=LEAST_STEP, le=LARGEST_STEP)]
_Time = Annotated[float, Meta(ge=-_LONGEST_TIME, le=_LONGEST_TIME)]
_Length = Annotated[float, Meta(ge=LEAST_STEP, le=_LONGEST_TIME)]
_Height = Annotated[float, Meta(ge=-HIGHEST, le=HIGHEST)]
_Seed = Annotated[int, Meta(ge=0, le=LARGEST_SEED)]
_Text = Annotated[str, Meta(max_length=4096)]
_Entry = Annotated[str, Meta(pattern=ENTRY)]


class SpecForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One signal."""

    kind: SignalKind
    position: _Time
    width: _Length
    height: _Height
    is_normalised: bool
    seed: _Seed
    values: Annotated[list[_Height], Meta(max_length=LONGEST_DRAWING)]
    path: _Text
    file: _Entry | UnsetType = UNSET  # what lies at the path, if it travels inside


class SignalForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Both signals, and how they are convolved."""

    f: SpecForm
    g: SpecForm
    count: _Count
    step: _Step
    is_continuous: bool
    mode: Mode
    is_flipped: bool = msgspec.field(name="is_turned")
    scene: _Text


def signal_form(state: SignalState, files: Attachments) -> SignalForm:
    """Return what is written of the signals, and add their files."""
    return SignalForm(
        f=_spec_form(state.f, files),
        g=_spec_form(state.g, files),
        count=state.count,
        step=state.step,
        is_continuous=state.is_continuous,
        mode=state.mode,
        is_flipped=state.is_flipped,
        scene=state.scene,
    )


def _spec_form(spec: SignalSpec, files: Attachments) -> SpecForm:
    entry = None if spec.held is None else files.add_held(spec.held, spec.path)
    return SpecForm(
        kind=spec.kind,
        position=spec.position,
        width=spec.width,
        height=spec.height,
        is_normalised=spec.is_normalised,
        seed=spec.seed,
        values=list(spec.values),
        path=spec.path if entry is None else PurePath(spec.path).name,
        file=entry or UNSET,
    )


def make_signal(form: SignalForm, files: Attachments) -> SignalState:
    """Return the signals of a form; its types hold.

    Raises:
        Refusal: A file is missing.
    """
    return SignalState(
        _make_spec(form.f, files),
        _make_spec(form.g, files),
        form.count,
        form.step,
        form.is_continuous,
        form.mode,
        form.is_flipped,
        form.scene,
    )


def _make_spec(form: SpecForm, files: Attachments) -> SignalSpec:
    return SignalSpec(
        form.kind,
        form.position,
        form.width,
        form.height,
        form.is_normalised,
        form.seed,
        tuple(form.values),
        form.path,
        None if form.file is UNSET else files.held(form.file, form.path),
    )
