"""Which of several arrays in a file a layer is to have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from convlab.ui.widgets.forms import describe, push_button, wrapped_label

SIZE = 560, 340  # [px]
_HEADINGS = ("Array", "Shape", "With it", "Likely")


@dataclass(frozen=True, slots=True)
class WeightsChoice:
    """A row of the list.

    Attributes:
        name: Of the array.
        shape: As people read it.
        others: What comes with it.
        note: Why it is the likely one; empty for all others.
    """

    name: str
    shape: str
    others: str
    note: str


class WeightsDialog(QDialog):
    """Lists what fits, with the likely one chosen; it is gone once it is answered.

    Args:
        parent: The window it belongs to.
        question: What is asked.
        choices: The rows.
        likely: Number of the row that is chosen at first.
        with_all: Whether all layers can be filled.

    Signals:
        chosen: Number of the row, and whether all layers are to be filled.
    """

    chosen = Signal(int, bool)

    def __init__(
        self,
        parent: QWidget,
        question: str,
        choices: Sequence[WeightsChoice],
        likely: int,
        with_all: bool,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("weights_dialog")
        self.setWindowTitle("Weights for the layer")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._list = describe(
            QTreeWidget(), "weights_list", "Arrays that fit", "What stands in the file and fits."
        )
        self._fill_list(choices, likely)
        self._all = QCheckBox("Fill all layers, in the file's order")
        describe(
            self._all,
            "weights_all_check",
            "All layers",
            "The layers before this one take what stands before in the file, those behind it what "
            "stands behind. One step of undo.",
        )
        self._all.setVisible(with_all)
        text = wrapped_label("weights_question", question)
        text.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.addWidget(text)
        layout.addWidget(self._list)
        layout.addWidget(self._all, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._buttons())
        self.resize(*SIZE)
        self._list.setFocus()

    def _fill_list(self, choices: Sequence[WeightsChoice], likely: int) -> None:
        self._list.setHeaderLabels(_HEADINGS)
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        items = [QTreeWidgetItem(list(astuple(row))) for row in choices]
        self._list.addTopLevelItems(items)
        self._list.setCurrentItem(items[likely])
        header = self._list.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.itemActivated.connect(self.accept)

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox()
        fill = push_button("weights_fill_button", "Fill", "Take the chosen array.")
        fill.setDefault(True)
        cancel = push_button("weights_cancel_button", "Cancel", "Leave the layer as it is.")
        box.addButton(fill, QDialogButtonBox.ButtonRole.AcceptRole)
        box.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        return box

    def accept(self) -> None:
        """Report what is chosen."""
        row = self._list.currentIndex().row()
        if row >= 0:
            super().accept()
            self.chosen.emit(row, self._all.isChecked())
