"""The button that finds a layer of a network by its name, its kind or its shape."""

from __future__ import annotations

from convlab.document.stack.folding import Block
from convlab.document.stack.job import StackShown
from convlab.layers.catalog import entry_of
from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_box import ChoiceButton
from convlab.ui.widgets.map_words import card_title, shape_text, summaries

MANY = 12  # layers: the button is there for more than so many


class FindLayerButton(ChoiceButton):
    """Offers the layers; ``chosen`` tells the uid, as text."""

    def __init__(self) -> None:
        super().__init__(
            "find_layer_button",
            "Find a layer",
            "Find a layer by its name, its kind or its shape (Ctrl+F): parts of words in any "
            "order, as <i>depthwise 112</i>.",
            "Find",
        )
        self._shown: StackShown | None = None
        self.hide()

    def show_layers(self, shown: StackShown | None) -> None:
        """Offer the layers of a result."""
        self._shown = shown
        self.setVisible(shown is not None and len(shown.job.state.slots) > MANY)

    def open_list(self) -> None:
        """Open the list; its entries are made when they are wanted."""
        if self._shown is not None:
            self.list.choices = choices(self._shown)
            super().open_list()


def choices(shown: StackShown) -> list[Choice]:
    """Return the layers: each with its block, its name in its file, its kind and its shape."""
    state = shown.job.state
    known = summaries(state, shown)
    groups = _groups(shown)
    found = []
    for number, slot in enumerate(state.slots, 1):
        summary = known.get(slot.uid)
        shape = "" if summary is None else shape_text(summary.shape).replace(" ", "")
        parts = shape, slot.name, entry_of(slot.layer).title
        line = "   ".join(part for part in parts if part)
        group = groups.get(slot.uid, "")
        found.append(Choice(card_title(number, slot.layer), str(slot.uid), group, line))
    return found


def _groups(shown: StackShown) -> dict[int, str]:
    """Return the title of the block of each layer that is in one: the inner of those seen."""
    folded = [piece.block for piece in shown.folded.pieces if piece.block is not None]
    blocks: list[Block] = [*shown.folded.open, *folded]
    return {uid: block.title for block in blocks for uid in block.uids}
