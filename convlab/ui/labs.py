"""The labs in one table: all that is known of them outside of their own rooms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from convlab.document.document import Lab
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.pages import KernelPageEvaluator
from convlab.document.learning.evaluate import LearningEvaluator
from convlab.document.request import LabEvaluator, PageEvaluator
from convlab.document.signal.evaluate import SignalEvaluator
from convlab.document.stack.evaluate import StackEvaluator
from convlab.io.own_kernels import SUFFIX as KERNEL_SUFFIX
from convlab.io.signal_files import TOLD_APART as SIGNALS
from convlab.io.signal_files import own_sound
from convlab.io.weights import STATE_DICTS

if TYPE_CHECKING:
    from convlab.ui.docked_lab import DockedLab, LabServices


@dataclass(frozen=True, slots=True)
class LabSpec:
    """One lab.

    Attributes:
        name: Of its part of the document, too.
        title: On its tab.
        key: Shows it.
        tip: What it is for.
        guide: The heading of its section in the guide.
        module: Where its widget is; imported when the lab is first wanted.
        widget: The widget's class there.
        evaluator: Makes what computes it.
        suffixes: Endings of the files that it reads by itself, in small letters.
        pages: Makes what computes the pages beside its picture; None: it has none.
        network_panel: Name of its panel that says how a picture enters a network, if it shows those
            that are opened; one lab does.
    """

    name: Lab
    title: str
    key: str
    tip: str
    guide: str
    module: str
    widget: str
    evaluator: Callable[[], LabEvaluator]
    suffixes: tuple[str, ...] = ()
    pages: Callable[[], PageEvaluator] | None = None
    network_panel: str = ""

    @property
    def command(self) -> str:
        """The name of the command that shows it."""
        return f"{self.name.value}_lab"

    @property
    def text(self) -> str:
        """What it is called in a text."""
        return f"{self.name.value.capitalize()} lab"

    def make(self, services: LabServices) -> DockedLab:
        """Return a new widget."""
        lab: DockedLab = getattr(import_module(self.module), self.widget)(services)
        return lab


LABS = (
    LabSpec(
        Lab.KERNEL,
        "Kernel",
        "1",
        "One kernel on a live picture.",
        "Kernel lab",
        "convlab.ui.kernel.kernel_lab",
        "KernelLab",
        KernelEvaluator,
        suffixes=(KERNEL_SUFFIX,),
        pages=KernelPageEvaluator,
    ),
    LabSpec(
        Lab.STACK,
        "Stack",
        "2",
        "Layers of a network, every map of them live.",
        "Stack lab",
        "convlab.ui.stack.stack_lab",
        "StackLab",
        StackEvaluator,
        network_panel="stack_input_dock",
        suffixes=STATE_DICTS,
    ),
    LabSpec(
        Lab.SIGNAL,
        "Signals",
        "3",
        "One signal slides over another.",
        "Signal lab",
        "convlab.ui.signals.signal_lab",
        "SignalLab",
        partial(SignalEvaluator, own_sound),
        suffixes=SIGNALS,
    ),
    LabSpec(
        Lab.LEARNING,
        "Learning",
        "4",
        "Kernels and networks that learn.",
        "The learning lab",
        "convlab.ui.learning.learning_lab",
        "LearningLab",
        LearningEvaluator,
    ),
)
"""In the order of their tabs; the first is made with the window, the others soon after."""

EVALUATORS = {spec.name: spec.evaluator for spec in LABS}
NETWORK_LAB = next(spec for spec in LABS if spec.network_panel)
"""Shows networks that are opened."""

PAGE_EVALUATORS = {spec.name: spec.pages for spec in LABS if spec.pages is not None}


def lab_of_file(path: str) -> Lab | None:
    """Return the lab that reads a file by itself; None: it is a picture, a film or a project."""
    return next((spec.name for spec in LABS if path.lower().endswith(spec.suffixes)), None)
