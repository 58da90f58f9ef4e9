"""What the worker is asked for in the learning lab (LearningJob) and its answer (LearningShown)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from convlab.document.frame import Frame
from convlab.document.learning.kernel_training import KernelTrainingShown
from convlab.document.learning.model import LearningState, LearningViewing
from convlab.document.learning.network_view import NetworkShown
from convlab.document.learning.neuron_view import NeuronShown
from convlab.document.learning.training import Training
from convlab.engine.color_maps import Palette

PageShown: TypeAlias = KernelTrainingShown | NetworkShown | NeuronShown


@dataclass(frozen=True, slots=True, eq=False)
class LearningJob:
    """What is to be shown of what learns.

    Attributes:
        generation: Number of the request; a later one has seen later edits.
        frame: The newest picture.
        state: What learns, and how.
        viewing: What is looked at.
        training: Where the network's training stands; None before the first.
        palette: The colours of signed maps.
    """

    generation: int
    frame: Frame
    state: LearningState
    viewing: LearningViewing
    training: Training | None
    palette: Palette = Palette.LIGHT

    @property
    def input_size(self) -> tuple[int, int]:
        """(rows, columns) of the picture."""
        rows, columns = self.frame.pixels.shape[:2]
        return rows, columns


@dataclass(frozen=True, slots=True)
class LearningTiming:
    """What everything took this time [ms]."""

    total: float


@dataclass(frozen=True, slots=True, eq=False)
class LearningShown:
    """Everything the window paints for one job.

    Attributes:
        job: What was asked for.
        page: What the page on the screen shows.
        timing: What it took.
    """

    job: LearningJob
    page: PageShown
    timing: LearningTiming

    @property
    def is_complete(self) -> bool:
        """Nothing is left to be said, or to be learned, about this frame."""
        return self.page.is_complete
