"""How what learns in a Document stands in a project file, with bounds.

What was learned is not in it: the same seed learns the same again, and a network that was trained
is a stack.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from convlab.document.learning import kernel_task_edits
from convlab.document.learning.model import LearningState
from convlab.document.learning.network import NetworkTask
from convlab.document.learning.neuron import INPUTS, LARGEST_WEIGHT, Neuron
from convlab.document.learning.one_kernel import KernelTask, Stroke, TargetKind
from convlab.engine import kernels
from convlab.io.record_form import form_of, from_form, to_form
from convlab.io.refusal import Refusal

_Share = Annotated[float, Meta(ge=0.0, le=1.0)]
_Signed = Annotated[float, Meta(ge=-1.0, le=1.0)]
_Text = Annotated[str, Meta(max_length=4096)]
_Points = Annotated[
    list[tuple[_Share, _Share]], Meta(min_length=1, max_length=kernel_task_edits.LONGEST_STROKE)
]
_Weight = Annotated[float, Meta(ge=-LARGEST_WEIGHT, le=LARGEST_WEIGHT)]
_Nine = Annotated[list[_Weight], Meta(min_length=INPUTS, max_length=INPUTS)]
_NineShares = Annotated[list[_Share], Meta(min_length=INPUTS, max_length=INPUTS)]


StrokeForm = form_of(Stroke, points=_Points, radius=_Share, value=_Signed)
KernelTaskForm = form_of(
    KernelTask,
    preset=_Text,
    strokes=Annotated[
        list[StrokeForm],  # type: ignore[valid-type]
        Meta(max_length=kernel_task_edits.MOST_STROKES),
    ],
)
NetworkTaskForm = form_of(NetworkTask, data=_Text, path=_Text)


NeuronForm = form_of(Neuron, weights=_Nine, by_hand=_NineShares, example=_Text)
LearningForm = form_of(
    LearningState, kernel=KernelTaskForm, network=NetworkTaskForm, neuron=NeuronForm
)


def learning_form(state: LearningState) -> msgspec.Struct:
    """Return what is written of what learns."""
    strokes = [
        to_form(StrokeForm, stroke, points=list(stroke.points)) for stroke in state.kernel.strokes
    ]
    neuron = state.neuron
    return LearningForm(
        kernel=to_form(KernelTaskForm, state.kernel, strokes=strokes),
        network=to_form(NetworkTaskForm, state.network),
        neuron=to_form(
            NeuronForm, neuron, weights=list(neuron.weights), by_hand=list(neuron.by_hand)
        ),
    )


def make_learning(form: msgspec.Struct) -> LearningState:
    """Return what learns, of a form whose types hold.

    Raises:
        Refusal: It names a kernel that is not there, or one that cannot be learned.
    """
    parts: dict[str, Any] = msgspec.structs.asdict(form)
    kernel, neuron = parts["kernel"], parts["neuron"]
    strokes = tuple(
        Stroke(tuple(stroke.points), stroke.radius, stroke.value) for stroke in kernel.strokes
    )
    nine = {name: tuple(getattr(neuron, name)) for name in ("weights", "by_hand")}
    return LearningState(
        _with_target(from_form(KernelTask, kernel, strokes=strokes)),
        from_form(NetworkTask, parts["network"]),
        from_form(Neuron, neuron, **nine),
    )


def _with_target(task: KernelTask) -> KernelTask:
    """Return the task; a kernel that is to be learned must be there, and fit."""
    if task.preset not in kernels.names():
        raise Refusal(f"it wants to learn a kernel {task.preset[:80]!r}, which is not there")
    size = max(kernels.preset(task.preset).shape)
    if task.target is TargetKind.PRESET and size > task.size:
        raise Refusal(f"a kernel of {task.size} cells a side cannot become one of {size}")
    return task
