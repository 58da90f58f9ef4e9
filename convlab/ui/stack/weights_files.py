"""Filling layers with weights from a file: which file, which of its arrays, and what was taken."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from convlab.io.weights_match import Filling, Offer, fill, offer_weights
from convlab.layers import Layer
from convlab.runtime.session import Session
from convlab.ui.file_desk import FileDesk
from convlab.ui.stack.stack_edits import StackEdits
from convlab.ui.stack.weights_dialog import WeightsDialog
from convlab.ui.stack.weights_words import choices, question, taken
from convlab.ui.widgets.map_words import titles
from convlab.ui.widgets.message_bar import MessageAction, MessageBar

WEIGHTS = "weights"
"""Owner of a message."""

WEIGHTS_FILTER = "Weights (*.npy *.npz *.safetensors *.csv *.txt);;All files (*)"


class WeightsFiles(QObject):
    """Asks for files with weights, has them read, and fills layers of the stack lab.

    Args:
        parent: Owns it; the dialogs lie over it.
        session: Whose stack is filled.
        desk: Has the files read. Its message says what was taken: it has the room that the
            filter's panel lacks.
        edits: Fill the layers.
        message: Where to say why nothing can be taken.
    """

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        desk: FileDesk,
        edits: StackEdits,
        message: MessageBar,
    ) -> None:
        super().__init__(parent)
        self._parent, self._session, self._edits = parent, session, edits
        self._desk, self._message = desk, message
        self._filled: dict[int, Layer] = {}  # what the message speaks of
        session.watch("document.stack", self._on_stack_changed)

    def ask(self, uid: int) -> None:
        """Ask for a file with weights for a layer."""
        name, _ = QFileDialog.getOpenFileName(
            self._parent, "Weights for the layer", "", WEIGHTS_FILTER
        )
        if name:
            self._read(Path(name), uid)

    def _read(self, path: Path, uid: int, for_all: bool = False) -> None:
        """Read weights for a layer; where only one array fits, it is taken.

        Args:
            path: The file.
            uid: Of the layer.
            for_all: Fill all layers around it as well.
        """
        state = self._session.document.stack

        def read() -> Offer | Filling:
            offer = offer_weights(path, state, uid)
            return offer if len(offer.fitting) > 1 else fill(offer, offer.likely, for_all)

        self._desk.do(WEIGHTS, read, self._take, self._message)

    def _take(self, read: Offer | Filling) -> None:
        if isinstance(read, Filling):
            self._fill(read)
        else:
            self._ask_which(read)

    def _ask_which(self, offer: Offer) -> None:
        """Let a person choose among several arrays that fit."""
        title = titles(self._session.document.stack).get(offer.uid, "the layer")
        dialog = WeightsDialog(
            self._parent,
            question(offer, title),
            choices(offer),
            offer.fitting.index(offer.likely),
            offer.can_fill_more,
        )

        def choose(row: int, for_all: bool) -> None:
            chosen = partial(fill, offer, offer.fitting[row], for_all)
            self._desk.do(WEIGHTS, chosen, self._fill, self._message)

        dialog.chosen.connect(choose)
        dialog.open()

    def _fill(self, filling: Filling) -> None:
        """Fill the layers, in one step of undo, and say what was taken."""
        arrays = {each.uid: each.arrays for each in filling.filled}
        if not self._edits.set_arrays(arrays):
            return  # it is said in the panel why not
        self._filled = self._layers([each.uid for each in filling.filled])
        self._desk.message.show_message(taken(filling), WEIGHTS, self._actions(filling))

    def _actions(self, filling: Filling) -> tuple[MessageAction, ...]:
        """Offer the other layers, where nothing was asked; the file is read again for them."""
        offer = filling.offer
        if filling.for_all or len(offer.fitting) > 1 or not offer.can_fill_more:
            return ()
        fill_all = partial(self._read, offer.path, offer.uid, for_all=True)
        return (MessageAction("Fill all layers", fill_all),)

    def _layers(self, uids: list[int]) -> dict[int, Layer]:
        slots = self._session.document.stack.slots
        return {slot.uid: slot.layer for slot in slots if slot.uid in uids}

    def _on_stack_changed(self) -> None:
        """What was taken is undone or edited: nothing is left to be said of it."""
        now = self._layers(list(self._filled))
        if any(now.get(uid) is not layer for uid, layer in self._filled.items()):
            self._filled = {}
            self._desk.message.clear(WEIGHTS)
