"""How the two signals of a Document stand in a project file, with bounds."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from convlab.document.signal.model import (
    HIGHEST,
    LONGEST_DRAWING,
    MOST_COUNT,
    SignalSpec,
    SignalState,
    SignalTab,
)
from convlab.document.signal.pair_neuron import PairNeuron
from convlab.io.attachments import ENTRY, Attachments
from convlab.io.layer_form import Tensors
from convlab.io.part_form import PartForm
from convlab.io.record_form import form_of, from_form, to_form
from convlab.io.table_memory import TABLE_FORM

_Height = Annotated[float, Meta(ge=-HIGHEST, le=HIGHEST)]
_Text = Annotated[str, Meta(max_length=4096)]
_Entry = Annotated[str, Meta(pattern=ENTRY)]

SpecForm = form_of(
    SignalSpec,
    values=Annotated[tuple[_Height, ...], Meta(max_length=LONGEST_DRAWING)],
    path=_Text,
    # What lies at the path, if it travels inside.
    held=(_Entry | UnsetType, msgspec.field(name="file", default=UNSET)),
    table=(TABLE_FORM, msgspec.field(default_factory=TABLE_FORM)),  # older files have none
)
NeuronForm = form_of(PairNeuron)
SignalForm = form_of(
    SignalState,
    f=SpecForm,
    g=SpecForm,
    scene=_Text,
    neuron=(NeuronForm, msgspec.field(default_factory=NeuronForm)),  # older files have none
)


def _write(state: SignalState, files: Attachments) -> dict[str, Any]:
    f, g = _spec_form(state.f, files), _spec_form(state.g, files)
    return {"signal": to_form(state, f=f, g=g)}


def _spec_form(spec: SignalSpec, files: Attachments) -> msgspec.Struct:
    entry = None if spec.held is None else files.add_held(spec.held, spec.path, spec.table)
    path = spec.path if entry is None else PurePath(spec.path).name
    return to_form(spec, path=path, held=entry or UNSET)


def _read(form: Any, _: Tensors, files: Attachments) -> SignalState:
    f, g = _spec(form.signal.f, files), _spec(form.signal.g, files)
    state: SignalState = from_form(form.signal, f=f, g=g)
    return state


def _spec(form: Any, files: Attachments) -> SignalSpec:
    table = from_form(form.table)
    held = None if form.held is UNSET else files.held(form.held, form.path, table)
    spec: SignalSpec = from_form(form, held=held, table=table)
    return spec


SIGNAL = PartForm(
    {"signal": SignalForm},
    _write,
    _read,
    may_lack=True,
    view={
        "tab": SignalTab,
        "c": Annotated[int, Meta(gt=-MOST_COUNT, lt=2 * MOST_COUNT)],
    },
)
