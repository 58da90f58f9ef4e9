"""How what learns in a Document stands in a project file, with bounds.

What was learned is not in it: the same seed learns the same again, and a network that was trained
is a stack.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from convlab.document.learning import kernel_edits, neuron_edits
from convlab.document.learning.model import LearningState
from convlab.document.learning.network import NetworkTask
from convlab.document.learning.neuron import INPUTS, Neuron, NeuronActivation, NeuronInput
from convlab.document.learning.one_kernel import KernelTask, Stroke, TargetKind
from convlab.engine import kernels
from convlab.io.record_form import form_of, from_form, to_form
from convlab.io.refusal import Refusal

_Share = Annotated[float, Meta(ge=0.0, le=1.0)]
_Signed = Annotated[float, Meta(ge=-1.0, le=1.0)]
_Text = Annotated[str, Meta(max_length=4096)]
_Points = Annotated[
    list[tuple[_Share, _Share]], Meta(min_length=1, max_length=kernel_edits.LONGEST_STROKE)
]
_Weight = Annotated[float, Meta(ge=-neuron_edits.LARGEST_WEIGHT, le=neuron_edits.LARGEST_WEIGHT)]
_Nine = Annotated[list[_Weight], Meta(min_length=INPUTS, max_length=INPUTS)]
_NineShares = Annotated[list[_Share], Meta(min_length=INPUTS, max_length=INPUTS)]


class _Form(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a form has in common: all of it must be there, and nothing else."""


class StrokeForm(_Form):
    """One movement of the brush."""

    points: _Points
    radius: _Share
    value: _Signed


KernelTaskForm = form_of(
    KernelTask,
    preset=_Text,
    strokes=Annotated[list[StrokeForm], Meta(max_length=kernel_edits.MOST_STROKES)],
)
NetworkTaskForm = form_of(NetworkTask, data=_Text, path=_Text)


class NeuronForm(_Form):
    """A neuron."""

    weights: _Nine
    threshold: Annotated[
        float, Meta(ge=-neuron_edits.LARGEST_THRESHOLD, le=neuron_edits.LARGEST_THRESHOLD)
    ]
    activation: NeuronActivation
    source: NeuronInput
    by_hand: _NineShares
    example: _Text


class LearningForm(_Form):
    """The tasks of the learning lab."""

    kernel: KernelTaskForm  # type: ignore[valid-type]
    network: NetworkTaskForm  # type: ignore[valid-type]
    neuron: NeuronForm


def learning_form(state: LearningState) -> LearningForm:
    """Return what is written of what learns."""
    strokes = [
        StrokeForm(points=list(stroke.points), radius=stroke.radius, value=stroke.value)
        for stroke in state.kernel.strokes
    ]
    neuron = {name: getattr(state.neuron, name) for name in NeuronForm.__struct_fields__}
    nine = {name: list(neuron[name]) for name in ("weights", "by_hand")}
    return LearningForm(
        kernel=to_form(KernelTaskForm, state.kernel, strokes=strokes),
        network=to_form(NetworkTaskForm, state.network),
        neuron=NeuronForm(**neuron | nine),
    )


def make_learning(form: LearningForm) -> LearningState:
    """Return what learns, of a form whose types hold.

    Raises:
        Refusal: It names a kernel that is not there, or one that cannot be learned.
    """
    neuron = msgspec.structs.asdict(form.neuron)
    strokes = tuple(
        Stroke(tuple(stroke.points), stroke.radius, stroke.value)
        for stroke in msgspec.structs.asdict(form.kernel)["strokes"]
    )
    nine = {name: tuple(neuron[name]) for name in ("weights", "by_hand")}
    return LearningState(
        _with_target(from_form(KernelTask, form.kernel, strokes=strokes)),
        from_form(NetworkTask, form.network),
        Neuron(**neuron | nine),
    )


def _with_target(task: KernelTask) -> KernelTask:
    """Return the task; a kernel that is to be learned must be there, and fit."""
    if task.preset not in kernels.names():
        raise Refusal(f"it wants to learn a kernel {task.preset[:80]!r}, which is not there")
    size = max(kernels.preset(task.preset).shape)
    if task.target is TargetKind.PRESET and size > task.size:
        raise Refusal(f"a kernel of {task.size} cells a side cannot become one of {size}")
    return task
