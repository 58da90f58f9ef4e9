"""The button that adds a layer, and the list of kinds to choose from."""

from __future__ import annotations

from convlab.layers.catalog import entries
from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_box import ChoiceButton


class AddLayerButton(ChoiceButton):
    """Offers kinds of layers; ``chosen`` tells the kind.

    Args:
        text: What stands on it.
    """

    def __init__(self, text: str = "+ Add layer") -> None:
        super().__init__(
            "add_layer_button",
            "Add a layer",
            "Put a new layer behind the chosen one, fitting what comes out there.",
            text,
        )
        self.list.choices = [
            Choice(entry.title, entry.kind, entry.family, entry.summary) for entry in entries()
        ]
