"""What the window shows of one neuron."""

from __future__ import annotations

from dataclasses import dataclass

from convlab.document.frame import Frame
from convlab.document.learning.neuron import Neuron, NeuronViewing


@dataclass(frozen=True, slots=True, eq=False)
class NeuronShown:
    """What the window paints of a neuron.

    Attributes:
        neuron: Its weights and threshold.
    """

    neuron: Neuron

    is_complete = True


class NeuronView:
    """Makes it; not thread-safe, one worker owns it."""

    def run(self, frame: Frame, neuron: Neuron, viewing: NeuronViewing) -> NeuronShown:
        """Return what is painted of a neuron that looks at a picture."""
        del frame, viewing
        return NeuronShown(neuron)
