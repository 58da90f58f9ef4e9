"""What a person wants of the network's page, as edits of the document."""

from __future__ import annotations

from convlab.document.learning import network_edits as edits
from convlab.document.learning.network import OWN_DATA
from convlab.document.learning.training import Training
from convlab.ui.lab_edits import LabEdits


class NetworkEdits(LabEdits):
    """One method for each intent."""

    def set_data(self, name: str) -> None:
        """Choose a data set that comes with the program."""
        if name != OWN_DATA:
            self._edit(lambda document: edits.set_data(document, name), "choose data")

    def set_own_data(self, path: str) -> None:
        """Choose a file of one's own."""
        self._edit(lambda document: edits.set_own_data(document, path), "choose data")

    def set_parameter(self, name: str, value: object) -> None:
        """Change one parameter of the task."""
        self.set("learning.network", name, value)

    def open_in_stack_lab(self, training: Training) -> None:
        """Put what was learned into the stack lab."""
        self._edit(
            lambda document: edits.open_in_stack_lab(document, training),
            f"open {training.title.lower()}",
        )
