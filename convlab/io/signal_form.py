"""How the two signals of a Document stand in a project file, with bounds."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from convlab.document.signal.model import HIGHEST, LONGEST_DRAWING, SignalSpec, SignalState
from convlab.document.signal.pair_neuron import PairNeuron
from convlab.io.attachments import ENTRY, Attachments
from convlab.io.record_form import form_of, from_form, to_form

_Height = Annotated[float, Meta(ge=-HIGHEST, le=HIGHEST)]
_Text = Annotated[str, Meta(max_length=4096)]
_Entry = Annotated[str, Meta(pattern=ENTRY)]

SpecForm = form_of(
    SignalSpec,
    values=Annotated[list[_Height], Meta(max_length=LONGEST_DRAWING)],
    path=_Text,
    # What lies at the path, if it travels inside.
    held=(_Entry | UnsetType, msgspec.field(name="file", default=UNSET)),
)
NeuronForm = form_of(PairNeuron)
SignalForm = form_of(
    SignalState,
    f=SpecForm,
    g=SpecForm,
    scene=_Text,
    neuron=(NeuronForm, msgspec.field(default_factory=NeuronForm)),  # older files have none
)


def signal_form(state: SignalState, files: Attachments) -> msgspec.Struct:
    """Return what is written of the signals, and add their files."""
    return to_form(
        SignalForm,
        state,
        f=_spec_form(state.f, files),
        g=_spec_form(state.g, files),
        neuron=to_form(NeuronForm, state.neuron),
    )


def _spec_form(spec: SignalSpec, files: Attachments) -> msgspec.Struct:
    entry = None if spec.held is None else files.add_held(spec.held, spec.path)
    return to_form(
        SpecForm,
        spec,
        values=list(spec.values),
        path=spec.path if entry is None else PurePath(spec.path).name,
        held=entry or UNSET,
    )


def make_signal(form: msgspec.Struct, files: Attachments) -> SignalState:
    """Return the signals of a form; its types hold.

    Raises:
        Refusal: A file is missing.
    """
    parts = msgspec.structs.asdict(form)
    return from_form(
        SignalState,
        form,
        f=_make_spec(parts["f"], files),
        g=_make_spec(parts["g"], files),
        neuron=from_form(PairNeuron, parts["neuron"]),
    )


def _make_spec(form: msgspec.Struct, files: Attachments) -> SignalSpec:
    parts = msgspec.structs.asdict(form)
    held = None if parts["held"] is UNSET else files.held(parts["held"], parts["path"])
    return from_form(SignalSpec, form, values=tuple(parts["values"]), held=held)
