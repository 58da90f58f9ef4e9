"""What a person wants of the neuron, as edits of the document."""

from __future__ import annotations

from collections.abc import Callable

from convlab.document.document import Document
from convlab.document.learning import neuron_edits as edits
from convlab.document.learning.neuron import NeuronActivation, NeuronInput
from convlab.ui.lab_edits import LabEdits


class NeuronEdits(LabEdits):
    """One method for each intent; what an edit rejects is said in the page's message."""

    def set_weight(self, index: int, value: float) -> None:
        """Change a weight; the changes of one drag are one step of undo."""
        self._idle.stop()  # what a dial began must not end a drag
        text = f"weight {index + 1} of the neuron"
        self._edit(lambda document: edits.set_weight(document, index, value), text, text)

    def drag_threshold(self, value: float) -> None:
        """Drag the threshold; a whole drag is one step of undo."""
        self._idle.stop()
        text = "threshold of the neuron"
        self._edit(lambda document: edits.set_threshold(document, value), text, text)

    def set_threshold(self, value: float) -> None:
        """Choose the threshold; the steps of one dial are one step of undo."""
        text = "threshold of the neuron"
        self._edit_dial(lambda document: edits.set_threshold(document, value), text)

    def set_input(self, index: int, value: float) -> None:
        """Set an input by hand; the changes of one drag are one step of undo."""
        self._idle.stop()
        text = f"input {index + 1} of the neuron"
        self._edit(lambda document: edits.set_input(document, index, value), text, text)

    def set_activation(self, name: str) -> None:
        """Choose the activation by its name."""
        activation = NeuronActivation(name)
        self._change(lambda document: edits.set_activation(document, activation), "activation")

    def set_source(self, name: str) -> None:
        """Choose by its name where the inputs come from."""
        source = NeuronInput(name)
        self._change(lambda document: edits.set_source(document, source), "choose inputs")

    def load_example(self, name: str) -> None:
        """Take an example."""
        self._change(lambda document: edits.load_example(document, name), f"example {name}")

    def use_as_kernel(self) -> None:
        """Make the weights the kernel."""
        self._change(edits.use_as_kernel, "use the neuron as the kernel")

    def _change(self, make: Callable[[Document], Document], text: str) -> None:
        self._edit(make, text)
