"""What a person wants of the network's page, turned into edits of the document."""

from __future__ import annotations

from convlab.document.learning import network_edits as edits
from convlab.document.learning.network import OWN_DATA
from convlab.document.learning.training import Training
from convlab.ui.labs.lab_edits import LabEdits


class NetworkEdits(LabEdits):
    """One method for each intent."""

    def set_data(self, name: str) -> None:
        """Choose a data set that comes with the program."""
        if name != OWN_DATA:
            self._edit(lambda document: edits.set_data(document, name), "choose data")

    def set_own_data(self, path: str) -> None:
        """Choose a file of one's own."""
        self._edit(lambda document: edits.set_own_data(document, path), "choose data")

    def set_architecture(self, name: str) -> None:
        """Choose where the layers come from."""
        self._edit(lambda document: edits.set_architecture(document, name), "choose network")

    def set_start(self, name: str) -> None:
        """Choose the initial weights."""
        self._edit(lambda document: edits.set_start(document, name), "choose initial weights")

    def set_epochs(self, epochs: int) -> None:
        """Choose how often every picture is seen."""
        self._edit_dial(lambda document: edits.set_epochs(document, epochs), "set epochs")

    def set_batch(self, batch: int) -> None:
        """Choose the batch size."""
        self._edit_dial(lambda document: edits.set_batch(document, batch), "set batch size")

    def set_rule(self, name: str) -> None:
        """Choose the optimiser."""
        self._edit(lambda document: edits.set_rule(document, name), "choose optimiser")

    def set_rate(self, rate: float) -> None:
        """Choose the learning rate."""
        self._edit_dial(lambda document: edits.set_rate(document, rate), "set learning rate")

    def set_seed(self, seed: int) -> None:
        """Choose the seed of the random numbers."""
        self._edit_dial(lambda document: edits.set_seed(document, seed), "set seed")

    def open_in_stack_lab(self, training: Training) -> None:
        """Put what was learned into the stack lab."""
        self._edit(
            lambda document: edits.open_in_stack_lab(document, training),
            f"open {training.title.lower()}",
        )
