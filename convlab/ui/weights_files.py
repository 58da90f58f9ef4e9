"""Filling layers with weights from a file: which file, which of its arrays, and what was taken."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from convlab.io.weights_match import Filling, Offer
from convlab.layers import Layer
from convlab.runtime.files import FileTask, FileWorker
from convlab.ui.stack.weights_dialog import WeightsDialog
from convlab.ui.stack.weights_words import choices, question, taken
from convlab.ui.widgets.map_words import titles
from convlab.ui.widgets.message_bar import MessageAction, MessageBar

if TYPE_CHECKING:
    from convlab.ui.main_window import MainWindow

WEIGHTS_FILTER = "Weights (*.npy *.npz *.safetensors *.csv *.txt);;All files (*)"


class WeightsFiles(QObject):
    """Asks for files with weights, has them read, and fills layers of the stack lab.

    Args:
        window: Whose stack is filled.
        worker: Reads the files.
        message: Where to say what was taken: it has the room that the filter's panel lacks.
    """

    def __init__(self, window: MainWindow, worker: FileWorker, message: MessageBar) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._worker = worker
        self._message = message
        self._filled: dict[int, Layer] = {}  # what the message speaks of
        self._session.document_changed.connect(self._on_document_changed)

    def ask(self) -> None:
        """Ask for a file with weights for the layer whose kernels are in the grid."""
        uid = self._window.stack_lab.filter_uid
        folder = self._window.settings.text("folder")
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Weights for the layer", folder, WEIGHTS_FILTER
        )
        if name and uid is not None:
            self._worker.open_weights(Path(name), self._session.document.stack, uid)

    def ask_which(self, offer: Offer) -> None:
        """Let a person choose among several arrays that fit."""
        title = titles(self._session.document.stack).get(offer.uid, "the layer")
        dialog = WeightsDialog(
            self._window,
            question(offer, title),
            choices(offer),
            offer.fitting.index(offer.likely),
            offer.can_fill_more,
        )
        dialog.chosen.connect(
            lambda row, for_all: self._worker.take_weights(offer, offer.fitting[row], for_all)
        )
        dialog.open()

    def take(self, filling: Filling) -> None:
        """Fill the layers, in one step of undo, and say what was taken."""
        arrays = {each.uid: each.arrays for each in filling.filled}
        if not self._window.stack_lab.edits.set_arrays(arrays):
            return  # it is said in the panel why not
        self._filled = self._layers([each.uid for each in filling.filled])
        self._message.show_message(taken(filling), FileTask.OPEN_WEIGHTS, self._actions(filling))

    def _actions(self, filling: Filling) -> tuple[MessageAction, ...]:
        """Offer the other layers, where nothing was asked; the file is read again for them."""
        offer = filling.offer
        if filling.for_all or len(offer.fitting) > 1 or not offer.can_fill_more:
            return ()
        path, uid = offer.path, offer.uid

        def fill_all() -> None:
            self._worker.open_weights(path, self._session.document.stack, uid, for_all=True)

        return (MessageAction("Fill all layers", fill_all),)

    def _layers(self, uids: list[int]) -> dict[int, Layer]:
        slots = self._session.document.stack.slots
        return {slot.uid: slot.layer for slot in slots if slot.uid in uids}

    def _on_document_changed(self) -> None:
        """What was taken is undone or edited: nothing is left to be said of it."""
        now = self._layers(list(self._filled))
        if any(now.get(uid) is not layer for uid, layer in self._filled.items()):
            self._filled = {}
            self._message.clear(FileTask.OPEN_WEIGHTS)
