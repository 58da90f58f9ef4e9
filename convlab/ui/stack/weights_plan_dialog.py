"""What a file of weights would do to the stack, shown before it does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from convlab.ui.theme import STRONG
from convlab.ui.widgets.forms import combo_box, describe, filled, push_button, wrapped_label

SIZE = 760, 480  # [px]
_AIR = 7  # above and below a line, together [px]
_HEADINGS = ("Layer", "Takes", "Shape", "Why")
_UID = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of the list.

    Attributes:
        cells: What stands in its columns.
        uid: Of its layer; None: it is of no layer.
        choices: Number of each array that fits the layer.
        chosen: Number of the one that it takes, or would; None: none.
    """

    cells: tuple[str, str, str, str]
    uid: int | None = None
    choices: tuple[int, ...] = ()
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class PlanText:
    """All that the dialog shows.

    Attributes:
        summary: How many layers take what; what is to be minded.
        sections: Headings, each with its lines.
        can_fill: Something is taken.
        asks: A person is to choose for some layers.
        has_chain: The file makes a stack of its own.
        names: Of the arrays, by number.
    """

    summary: str
    sections: tuple[tuple[str, Sequence[PlanLine]], ...]
    can_fill: bool
    asks: bool
    has_chain: bool
    names: Sequence[str]


class WeightsPlanDialog(QDialog):
    """Lists which layer takes what, and what is left; it is gone once it is answered.

    Args:
        parent: The window it belongs to.
        title: What it is called.

    Signals:
        array_chosen: uid of a layer, and the number of the array it is to take; None: none.
        likely_wanted: The first guess wherever there is a choice.
        fill_wanted: All is to be taken as it is listed.
        chain_wanted: The file is to become a stack of its own.
    """

    array_chosen = Signal(int, object)
    likely_wanted = Signal()
    fill_wanted = Signal()
    chain_wanted = Signal()

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        self.setObjectName("weights_plan_dialog")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._summary = wrapped_label("weights_plan_summary")
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._search = describe(
            QLineEdit(), "weights_plan_search", "Search", "Layers and arrays with these letters."
        )
        self._search.setPlaceholderText("Search layers and arrays")
        self._search.setClearButtonEnabled(True)
        self._list = self._make_list()
        self._choice = combo_box(
            "weights_plan_choice", "Array", "What the layer takes that is chosen in the list."
        )
        self._choice.setSizeAdjustPolicy(
            self._choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._choice_label = wrapped_label("weights_plan_choice_label")
        self._lines: dict[int, PlanLine] = {}
        self._names: Sequence[str] = ()
        self._fill = push_button("weights_plan_fill", "Fill", "Take all as it is listed.")
        self._likely = push_button(
            "weights_plan_likely",
            "Take the likely ones",
            "Where several arrays fit, the one that stands where the layer does.",
        )
        self._chain = push_button(
            "weights_plan_chain",
            "New stack",
            "Make a stack of what the names in the file tell, and leave this one.",
        )
        self._arrange()
        self._search.textChanged.connect(self._filter)
        self._list.currentItemChanged.connect(self._show_choice)
        self._choice.activated.connect(self._on_chosen)
        self._likely.clicked.connect(self._on_likely)
        self._chain.clicked.connect(self._on_chain)
        self.resize(*SIZE)
        self._list.setFocus()

    @staticmethod
    def _make_list() -> QTreeWidget:
        tree = describe(
            QTreeWidget(),
            "weights_plan_list",
            "What goes where",
            "Which layer takes which array, and what is left.",
        )
        tree.setHeaderLabels(_HEADINGS)
        tree.setUniformRowHeights(True)
        tree.setAllColumnsShowFocus(True)
        tree.setRootIsDecorated(False)
        tree.setIndentation(12)
        tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = tree.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        return tree

    def _arrange(self) -> None:
        box = QDialogButtonBox()
        self._fill.setDefault(True)
        cancel = push_button("weights_plan_cancel", "Cancel", "Leave the stack as it is.")
        for button, role in (
            (self._fill, QDialogButtonBox.ButtonRole.AcceptRole),
            (cancel, QDialogButtonBox.ButtonRole.RejectRole),
            (self._chain, QDialogButtonBox.ButtonRole.ActionRole),
            (self._likely, QDialogButtonBox.ButtonRole.ActionRole),
        ):
            box.addButton(button, role)
        for button in (self._likely, self._chain, cancel):
            button.setAutoDefault(False)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        line = filled(QHBoxLayout(), self._choice_label, (self._choice, 1))
        filled(
            QVBoxLayout(self), self._summary, self._search, (self._list, 1), line, box, spacing=8
        )

    def show_text(self, text: PlanText) -> None:
        """Show what a plan says; the line that was chosen stays so."""
        self._summary.setText(text.summary)
        chosen = self._uid(self._list.currentItem())
        self._names = text.names
        self._lines = {
            line.uid: line for _, lines in text.sections for line in lines if line.uid is not None
        }
        with QSignalBlocker(self._list):
            self._list.clear()
            for title, lines in text.sections:
                self._add_section(title, lines)
        self._fit_columns()
        self._fill.setEnabled(text.can_fill)
        self._likely.setVisible(text.asks)
        self._chain.setVisible(text.has_chain)
        self._filter(self._search.text())
        self._choose(chosen)

    def wait(self) -> None:
        """Let nobody take what is listed until the next list is there."""
        self._fill.setEnabled(False)

    def _add_section(self, title: str, lines: Sequence[PlanLine]) -> None:
        heading = QTreeWidgetItem([title])
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = heading.font(0)
        font.setWeight(STRONG)
        heading.setFont(0, font)
        self._list.addTopLevelItem(heading)
        heading.setFirstColumnSpanned(True)
        height = self.fontMetrics().height() + _AIR
        heading.setSizeHint(0, QSize(0, height))
        for line in lines:
            item = QTreeWidgetItem(heading, list(line.cells))
            item.setData(0, _UID, line.uid)
            for column, text in enumerate(line.cells):
                item.setToolTip(column, text)
        heading.setExpanded(True)

    def _fit_columns(self) -> None:
        room = self._list.viewport().width() or SIZE[0]
        for column, share in enumerate((0.27, 0.33, 0.17)):
            wanted = self._list.sizeHintForColumn(column) + 12
            self._list.setColumnWidth(column, min(wanted, round(share * room)))

    def _choose(self, uid: int | None) -> None:
        """Choose the line of a layer, or the first that asks, or the first there is."""
        items = self._items()
        found = [item for item in items if uid is not None and self._uid(item) == uid]
        for item in [*found, *items][:1]:
            self._list.setCurrentItem(item)
        self._show_choice()

    def _headings(self) -> list[QTreeWidgetItem]:
        tops = (self._list.topLevelItem(at) for at in range(self._list.topLevelItemCount()))
        return [top for top in tops if top is not None]

    def _items(self) -> list[QTreeWidgetItem]:
        return [item for heading in self._headings() for item in _lines(heading)]

    @staticmethod
    def _uid(item: QTreeWidgetItem | None) -> int | None:
        uid: int | None = None if item is None else item.data(0, _UID)
        return uid

    def _filter(self, text: str) -> None:
        """Hide the lines without these letters."""
        letters = text.casefold()
        for heading in self._headings():
            items = _lines(heading)
            for item in items:
                cells = (item.text(column) for column in range(len(_HEADINGS)))
                item.setHidden(not any(letters in cell.casefold() for cell in cells))
            heading.setHidden(all(item.isHidden() for item in items))

    def _show_choice(self, *_: object) -> None:
        """Offer what fits the chosen layer."""
        uid = self._uid(self._list.currentItem())
        line = None if uid is None else self._lines.get(uid)
        with QSignalBlocker(self._choice):
            self._choice.clear()
            for number in line.choices if line else ():
                self._choice.addItem(self._names[number], number)
            if line and line.choices:
                self._choice.addItem("nothing: it stays as it is", None)
                at = self._choice.findData(line.chosen) if line.chosen is not None else -1
                self._choice.setCurrentIndex(at if at >= 0 else self._choice.count() - 1)
        self._choice.setEnabled(bool(line and line.choices))
        title = line.cells[0].partition("  ")[0] if line else ""
        self._choice_label.setText(f"{title} takes")
        self._choice_label.setVisible(bool(line and line.choices))

    def _on_chosen(self, _: int) -> None:
        uid = self._uid(self._list.currentItem())
        if uid is not None:
            self.wait()
            self.array_chosen.emit(uid, self._choice.currentData())

    def _on_likely(self) -> None:
        self.wait()
        self.likely_wanted.emit()

    def _on_chain(self) -> None:
        super().accept()
        self.chain_wanted.emit()

    def accept(self) -> None:
        """Take all as it is listed."""
        if self._fill.isEnabled():
            super().accept()
            self.fill_wanted.emit()


def _lines(heading: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (heading.child(row) for row in range(heading.childCount()))
    return [item for item in found if item is not None]
