"""The table of the stack, live, and the arithmetic of the layer chosen in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
    QStaticText,
)
from PySide6.QtWidgets import QAbstractItemView, QBoxLayout, QHeaderView, QTableView, QWidget

from convlab.document.stack.sums import (
    comparison,
    multiply_add_sum,
    parameter_sum,
    size_sums,
    value_sum,
)
from convlab.document.stack.table import HEADERS, as_tsv, rows
from convlab.layers import Layer, LayerSummary
from convlab.layers.base import Shape
from convlab.ui.stack.parameter_card import ParameterCard
from convlab.ui.stack.stack_table_model import (
    BIASES,
    CUMULATIVE_STRIDE,
    SIZE,
    WEIGHTS,
    StackTableModel,
)
from convlab.ui.theme import theme
from convlab.ui.widgets.forms import as_panel, describe, filled

INPUT_ROW = -1
ROW_HEIGHT = 24  # [px]
MARGIN = 12  # of a cell, both sides together [px]
MOST_SPARE = 14  # that a column of numbers takes of what is left over [px]
SPARED = ((WEIGHTS, BIASES), (CUMULATIVE_STRIDE,))
"""Columns that are left out where there is little room, the first first."""
CARD_WIDTH = 320  # [px]
BESIDE_FROM = 860  # from here on the card stands beside the table [px]
BARS_FROM = 260  # lower, the bars are left out [px]

CHOOSE = "Choose a layer to see its sums, and what a fully connected layer would need instead."
UNKNOWN = "This layer, or one before it, does not fit: its size is not known."
ALONE = "It learns no weights between neighbours: there is nothing to compare."

_NAME = "Table of the stack"
_SYMBOLS = "<div style='white-space: nowrap'>n<sub>h</sub> × n<sub>w</sub> × n<sub>c</sub></div>"


class StackTable(QWidget):
    """Rows for the input, each layer, and the total; beside or below it the chosen row's sums."""

    row_chosen = Signal(int)
    """Index of the layer clicked or gone to, −1 for the input."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stack_table")
        self.setAccessibleName(_NAME)
        as_panel(self)
        self._input_shape: Shape = (1, 1, 1)
        self._layers: tuple[Layer, ...] = ()
        self._summaries: tuple[LayerSummary, ...] = ()
        self._selecting = False
        self._model = StackTableModel(self)
        self._view = _View(self._model)
        self._card = ParameterCard()
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        filled(self._box, (self._view, 1), self._card, margins=(0, 0, 0, 0), spacing=0)
        self._view.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.show_stack((1, 1, 1), (), (), ())

    @property
    def row(self) -> int:
        """Index of the layer that is selected, −1 for the input."""
        return max(self._view.currentIndex().row() - 1, INPUT_ROW)

    def show_stack(
        self,
        input_shape: Shape,
        names: Sequence[str],
        layers: Sequence[Layer],
        summaries: Sequence[LayerSummary],
    ) -> None:
        """Show a stack; nothing is emitted, and the selected row stays as far as there is one.

        Args:
            input_shape: Of the picture, ``(C, H, W)``.
            names: What a person calls each layer; the table numbers them.
            layers: From the picture upwards.
            summaries: Of the layers that fit, from the first on.
        """
        self._input_shape, self._layers = tuple(input_shape), tuple(layers)
        self._summaries = tuple(summaries)
        kept = self.row
        self._selecting = True
        self._model.set_rows(rows(self._input_shape, self._layers, names, self._summaries))
        self._view.fit_columns()
        self._selecting = False
        self.select_row(min(kept, len(self._layers) - 1))
        self._show_arithmetic()

    def select_row(self, index: int) -> None:
        """Select a layer, or the input with −1; nothing is emitted, an unknown one is ignored."""
        if not INPUT_ROW <= index < len(self._layers):
            return
        self._selecting = True
        self._view.selectRow(index + 1)
        self._view.setCurrentIndex(self._model.index(index + 1, 0))
        self._selecting = False
        self._show_arithmetic()

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = self.width() >= BESIDE_FROM
        direction = QBoxLayout.Direction
        self._box.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
        self._card.setMaximumWidth(CARD_WIDTH if beside else 16_777_215)
        self._card.setMinimumWidth(CARD_WIDTH if beside else 0)
        self._card.set_tall(beside)
        self._card.show_bars(beside or self.height() >= BARS_FROM)
        super().resizeEvent(event)

    def _on_row_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid() and not self._selecting:
            self._show_arithmetic()
            self.row_chosen.emit(current.row() - 1)

    def _show_arithmetic(self) -> None:
        """Write out the sums of the selected row as far as they are known."""
        index = self.row
        title = self._model.rows[index + 1].title
        if index == INPUT_ROW:
            self._card.show_layer(title, (("values", value_sum(self._input_shape)),), CHOOSE)
            return
        layer = self._layers[index]
        if index >= len(self._summaries):
            self._card.show_layer(title, (("parameters", parameter_sum(layer)),), UNKNOWN)
            return
        before, after = self._summaries[index].input_shape, self._summaries[index].shape
        compared = comparison(layer, before, after)
        words = ALONE if compared is None else compared.text
        self._card.show_layer(title, _sums(layer, before, after), words, compared)


class _View(QTableView):
    """One row at a time; copies all of them."""

    def __init__(self, model: StackTableModel) -> None:
        super().__init__()
        self._rows = model
        self._widths = [0] * len(HEADERS)
        self._kinds: tuple[str, ...] = ()
        describe(
            self,
            "stack_table_view",
            _NAME,
            "Sizes, numbers to learn and multiply-adds of each layer. Click a row for its sums; "
            "Ctrl+C copies the table.",
        )
        self.setHorizontalHeader(_SymbolHeader(self))
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)

    def fit_columns(self) -> None:
        """Make columns wide enough; with the same layers they never get narrower again."""
        titles = tuple(row.title for row in self._rows.rows)
        if titles != self._kinds:
            self._kinds, self._widths = titles, [0] * len(HEADERS)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        for column, header in enumerate(HEADERS):
            found = (header, *self._rows.column_texts(column))
            needed = max(metrics.horizontalAdvance(text) for text in found) + MARGIN
            self._widths[column] = max(self._widths[column], needed)
        self._spread()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(as_tsv(self._rows.rows))
            return
        super().keyPressEvent(event)

    def _spread(self) -> None:
        """Share out the room that is left over, most of it to the names of the layers.

        Where there is too little, some columns are left out: their cells' tips say it as well.
        """
        room = self.viewport().width()
        needed = sum(self._widths)
        for columns in SPARED:
            spared = needed > room
            for column in columns:
                self.setColumnHidden(column, spared)
                needed -= self._widths[column] if spared else 0
        others = [column for column in range(1, len(HEADERS)) if not self.isColumnHidden(column)]
        rest = max(room - self._widths[0] - sum(self._widths[column] for column in others), 0)
        spare = min(rest // (len(others) + 1), MOST_SPARE)
        for column in others:
            self.setColumnWidth(column, self._widths[column] + spare)
        self.setColumnWidth(0, self._widths[0] + rest - spare * len(others))


class _SymbolHeader(QHeaderView):
    """Writes the symbols of the sizes with their subscripts."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("stack_table_header")
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(MARGIN)
        self._symbols = QStaticText(_SYMBOLS)
        self._symbols.setTextFormat(Qt.TextFormat.RichText)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        if logicalIndex != SIZE:
            super().paintSection(painter, rect, logicalIndex)
            return
        painter.save()
        painter.fillRect(rect, QColor(theme().panel))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(theme().line))
        painter.setPen(QColor(theme().quiet))
        painter.setFont(self.font())
        self._symbols.prepare(font=self.font())
        size = self._symbols.size()
        at = QPointF(rect.right() - 5 - size.width(), rect.center().y() - size.height() / 2)
        painter.drawStaticText(at, self._symbols)
        painter.restore()


def _sums(layer: Layer, before: Shape, after: Shape) -> tuple[tuple[str, str], ...]:
    """Return a layer's formulas with its numbers put in, the most important first."""
    found = [
        ("parameters", parameter_sum(layer)),
        ("values", value_sum(after)),
        ("multiply-adds", multiply_add_sum(layer, before, after)),
    ]
    sizes = size_sums(layer, before)
    if sizes is not None:
        found.append(("rows", sizes[0]))
        found.append(("columns", sizes[1]))
    return tuple(found)
