"""Filling layers with weights from a file: which file, which of its arrays, and what was taken."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from convlab.document.file_name import shown_name
from convlab.io.rejection import Rejection
from convlab.io.weights_chain import chain_state, said_of
from convlab.io.weights_match import Filling, Offer, fill, offer_weights
from convlab.io.weights_plan import Choices, Plan, read_plan
from convlab.layers import Layer
from convlab.runtime.session import Session
from convlab.ui.file_desk import FileDesk
from convlab.ui.stack.stack_edits import StackEdits
from convlab.ui.stack.weights_dialog import WeightsDialog
from convlab.ui.stack.weights_plan_dialog import WeightsPlanDialog
from convlab.ui.stack.weights_plan_words import plan_taken, plan_text
from convlab.ui.stack.weights_words import choices, question, taken
from convlab.ui.widgets.map_words import titles
from convlab.ui.widgets.message_bar import MessageAction, MessageBar

WEIGHTS = "weights"
"""Owner of a message."""

WEIGHTS_FILTER = "Weights (*.npy *.npz *.safetensors *.csv *.tsv *.txt);;All files (*)"


class WeightsFiles(QObject):
    """Asks for files with weights, has them read, and fills layers of the stack lab.

    Args:
        parent: Owns it; the dialogs lie over it.
        session: Whose stack is filled.
        desk: Has the files read. Its message says what was taken: it has the room that the
            filter's panel lacks.
        edits: Fill the layers.
        message: Where to say why nothing can be taken.

    Signals:
        file_answered: The path of a file for the whole stack, and whether it was read.
    """

    file_answered = Signal(str, bool)

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

    def read(self, path: Path) -> None:
        """Read weights for the whole stack, or for a new one where it can take none."""
        state = self._session.document.stack

        def taken(plan: Plan) -> None:
            self.file_answered.emit(str(path), True)
            self._show_plan(plan)

        failed = partial(self.file_answered.emit, str(path), False)
        self._desk.open(path, partial(read_plan, path, state, {}), taken, fail=failed)

    def _read(self, path: Path, uid: int) -> None:
        """Read weights for a layer; where only one array fits, it is taken."""
        state = self._session.document.stack

        def read() -> Offer | Filling:
            offer = offer_weights(path, state, uid)
            return offer if len(offer.fitting) > 1 else fill(offer, offer.likely)

        self._desk.open(path, read, self._take, self._message)

    # ---- one layer ----

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
            number = offer.fitting[row]
            if for_all:
                self._plan(offer.path, {offer.uid: number})
            else:
                self._desk.do(WEIGHTS, partial(fill, offer, number), self._fill, self._message)

        dialog.chosen.connect(choose)
        dialog.open()

    def _fill(self, filling: Filling) -> None:
        """Fill the layer, in one step of undo, and say what was taken."""
        offer = filling.offer
        if not self._edits.set_arrays({offer.uid: filling.arrays}):
            return  # it is said in the panel why not
        actions: tuple[MessageAction, ...] = ()
        if len(offer.fitting) == 1 and offer.can_fill_more:
            fill_all = partial(self._plan, offer.path, {offer.uid: filling.chosen})
            actions = (MessageAction("Fill all layers…", fill_all),)
        self._say([offer.uid], taken(filling), actions)

    # ---- all layers ----

    def _plan(self, path: Path, choices: Choices) -> None:
        """Read what a file would do to all layers, and show it."""
        state = self._session.document.stack
        self._desk.do(WEIGHTS, partial(read_plan, path, state, choices), self._show_plan)

    def _show_plan(self, plan: Plan) -> None:
        if not (plan.taken or plan.in_question):
            self._make_chain(plan)
            return
        dialog = WeightsPlanDialog(self._parent, f"Weights from {shown_name(plan.path)}")
        shown, is_open = plan, True

        def show(changed: Plan) -> None:
            nonlocal shown
            shown = changed
            if is_open:
                dialog.show_text(plan_text(shown))

        def change(how: Callable[[Plan], Plan]) -> None:
            self._desk.do(WEIGHTS, partial(how, shown), show, fail=lambda: show(shown))

        def close() -> None:
            nonlocal is_open
            is_open = False

        dialog.array_chosen.connect(
            lambda uid, number: change(lambda plan: plan.with_choice(uid, number))
        )
        dialog.likely_wanted.connect(lambda: change(Plan.with_likely))
        dialog.fill_wanted.connect(lambda: self._fill_all(shown))
        dialog.chain_wanted.connect(lambda: self._make_chain(shown))
        dialog.finished.connect(close)
        show(plan)
        dialog.open()

    def _fill_all(self, plan: Plan) -> None:
        """Fill the layers, in one step of undo, and say what was taken."""
        if self._edits.set_layers(plan.layers):
            self._say(list(plan.layers), plan_taken(plan))

    def _make_chain(self, plan: Plan) -> None:
        """Put the stack that the file tells in the place of this one, and say what was assumed."""
        if isinstance(plan.chain, Rejection):
            return
        try:
            state = chain_state(plan.chain, plan.path.stem, self._session.document.stack)
        except ValueError as error:
            self._desk.message.show_message(f"{shown_name(plan.path)}: {error}", WEIGHTS)
            return
        self._edits.take(state)
        slots = self._session.document.stack.slots
        text = f"{shown_name(plan.path)}: {said_of(plan.chain)}"
        self._say([slot.uid for slot in slots], text, is_warning=True)

    # ---- what is said ----

    def _say(
        self,
        uids: list[int],
        text: str,
        actions: tuple[MessageAction, ...] = (),
        is_warning: bool = False,
    ) -> None:
        """Say what was taken, until that is undone or edited."""
        self._filled = self._layers(uids)
        self._desk.message.show_message(text, WEIGHTS, actions, is_warning=is_warning)

    def _layers(self, uids: list[int]) -> dict[int, Layer]:
        slots = self._session.document.stack.slots
        return {slot.uid: slot.layer for slot in slots if slot.uid in uids}

    def _on_stack_changed(self) -> None:
        """What was taken is undone or edited: nothing is left to be said of it."""
        now = self._layers(list(self._filled))
        if any(now.get(uid) is not layer for uid, layer in self._filled.items()):
            self._filled = {}
            self._desk.message.clear(WEIGHTS)
