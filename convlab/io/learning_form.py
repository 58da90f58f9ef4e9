"""How what learns in a Document stands in a project file, with bounds.

What was learned is not in it: the same seed learns the same again, and a network that was trained
is a stack.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from msgspec import Meta

from convlab.document.learning.model import LearningPage, LearningState
from convlab.document.learning.network import NetworkTask
from convlab.document.learning.neuron import INPUTS, LARGEST_WEIGHT, Neuron
from convlab.document.learning.one_kernel import KernelTask, TargetKind
from convlab.engine import kernels
from convlab.io.part_form import PartForm
from convlab.io.record_form import form_of, from_form, to_form
from convlab.io.rejection import Rejection
from convlab.io.strokes_form import StrokesForm

_Share = Annotated[float, Meta(ge=0.0, le=1.0)]
_Text = Annotated[str, Meta(max_length=4096)]
_Weight = Annotated[float, Meta(ge=-LARGEST_WEIGHT, le=LARGEST_WEIGHT)]
_Nine = Annotated[tuple[_Weight, ...], Meta(min_length=INPUTS, max_length=INPUTS)]
_NineShares = Annotated[tuple[_Share, ...], Meta(min_length=INPUTS, max_length=INPUTS)]


KernelTaskForm = form_of(
    KernelTask,
    preset=_Text,
    strokes=StrokesForm,
)
NetworkTaskForm = form_of(NetworkTask, data=_Text, path=_Text)


NeuronForm = form_of(Neuron, weights=_Nine, by_hand=_NineShares, example=_Text)
LearningForm = form_of(
    LearningState, kernel=KernelTaskForm, network=NetworkTaskForm, neuron=NeuronForm
)


def _read(form: Any, *_: object) -> LearningState:
    state: LearningState = from_form(form.learning)
    kernel = replace(state.kernel, preset=kernels.current_name(state.kernel.preset))
    _check_target(kernel)
    return replace(state, kernel=kernel)


def _check_target(task: KernelTask) -> None:
    """Reject a kernel to be learned that is not there, or does not fit."""
    if task.preset not in kernels.names():
        raise Rejection(f"it wants to learn a kernel {task.preset[:80]!r}, which is not there")
    size = max(kernels.preset(task.preset).shape)
    if task.target is TargetKind.PRESET and size > task.size:
        raise Rejection(f"a kernel of {task.size} cells a side cannot become one of {size}")


LEARNING = PartForm(
    {"learning": LearningForm},
    lambda state, _: {"learning": to_form(state)},
    _read,
    may_lack=True,
    view={"page": LearningPage},
)
