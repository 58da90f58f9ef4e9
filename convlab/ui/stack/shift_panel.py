"""What a shift of the picture does to every layer: do the maps move along, do the values stay?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from convlab.layers.shift_test import ShiftReport
from convlab.ui.numbers import show_fixed, show_number
from convlab.ui.widgets.forms import (
    STRETCH,
    as_panel,
    describe,
    filled,
    push_button,
    quiet_label,
    spin_box,
    wrapped_label,
)

FARTHEST = 64  # [px]
ROUNDING = 1e-5  # what float32 leaves of an exact equality, as a share
WIDEST_TABLE = 660  # [px]
ROW_HEIGHT = 23  # [px]
PADDING = 6  # room beside a text [px]
LONG_NAME = "10 Transposed convolution"  # shall be read whole

# Title, tooltip, and the widest of usual texts.
HEADINGS = (
    ("Layer", "From the picture upwards.", ""),
    (
        "Should move by",
        "The shift divided by the distance of neighbouring units' fields: in units of this map. "
        "By a part of a unit no map can move.",
        "63/64 ↓, 63/64 ←",
    ),
    (
        "Equivariance error",
        "The largest difference between the new map and the old one moved "
        "by that much, as a share of the largest value. 0: the map moved along exactly. Only units "
        "that touch neither padding nor the seam are compared.",
        "0.000",
    ),
    (
        "Change in place",
        "How much the values changed where they are, as a share of their mean magnitude. 0: the "
        "values stayed, which is invariance.",
        "0.000",
    ),
)
NOTE = "Equivariance (the map moves along) is not invariance (the value stays)."
HINT = "Shift the picture down or to the right, and see which maps move along."
NONE = "—"
Named = tuple[str, ShiftReport]

STYLE = """
    QTableWidget { background: transparent; border: none; color: palette(text); }
    QTableWidget::item { border-bottom: 1px solid palette(mid); padding: 0 5px; }
    QHeaderView { background: transparent; }
    QHeaderView::section { background: transparent; color: palette(placeholder-text); border: none;
        border-bottom: 1px solid palette(mid); padding: 2px 6px; }
"""


class ShiftPanel(QWidget):
    """Shows a shift and its reports, and reports the shift a person wants.

    Signals:
        shift_chosen: (rows, columns) down and to the right [px].
    """

    shift_chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("shift_panel")
        self.setAccessibleName("Shift test")
        as_panel(self)
        tip = "The picture is moved before it enters and wraps around at the edge [px]."
        self._rows = spin_box("shift_rows_spin", "Shift down", tip, -FARTHEST, FARTHEST)
        self._columns = spin_box("shift_columns_spin", "Shift right", tip, -FARTHEST, FARTHEST)
        self._reset = push_button(
            "shift_reset_button", "No shift", "Put the picture back.", "Reset"
        )
        self._says = wrapped_label("shift_sentence", HINT, role="")
        self._note = wrapped_label("shift_note", NOTE)
        self._table = _make_table()
        self._arrange()
        for spin in (self._rows, self._columns):
            spin.valueChanged.connect(self._on_spin_changed)
        self._reset.clicked.connect(self._on_reset_clicked)

    def _arrange(self) -> None:
        for spin in (self._rows, self._columns):
            spin.setSuffix(" px")
        down, right = quiet_label("Down"), quiet_label("right")
        spins = down, self._rows, right, self._columns
        header = filled(QHBoxLayout(), *spins, self._reset, STRETCH, spacing=6)
        rows = header, self._says, (self._table, 1), self._note
        filled(QVBoxLayout(self), *rows, margins=(10, 4, 10, 6), spacing=3)

    def show_shift(self, rows: int, columns: int) -> None:
        """Show by how much the picture is shifted [px]."""
        self._rows.show_number(rows)
        self._columns.show_number(columns)

    def show_reports(self, names: Sequence[str], reports: Sequence[ShiftReport]) -> None:
        """Show one row per layer, and what they come to in a sentence.

        Args:
            names: What a person calls each layer.
            reports: As ``shift_test`` gives them.
        """
        self._says.setText(shift_text(names, reports))
        self._table.setRowCount(len(reports))
        for row, (name, report) in enumerate(zip(names, reports, strict=True)):
            for column, text in enumerate(cells_text(name, report)):
                self._show_cell(row, column, text, name if column == 0 else cell_tip(report))
        self._table.fit_columns()

    def _show_cell(self, row: int, column: int, text: str, tip: str) -> None:
        item = self._table.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self._table.setItem(row, column, item)
        if item.text() != text:
            item.setText(text)
        if item.toolTip() != tip:
            item.setToolTip(tip)

    def _on_spin_changed(self) -> None:
        self.shift_chosen.emit(self._rows.value(), self._columns.value())

    def _on_reset_clicked(self) -> None:
        self.shift_chosen.emit(0, 0)


class _Table(QTableWidget):
    """Breaks the headings in two lines where the layers' names would have too little room."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def fit_columns(self) -> None:
        """Share out the width between names and numbers."""
        whole = [title for title, _, _ in HEADINGS]
        names = self.fontMetrics().horizontalAdvance(LONG_NAME)
        widths = self._widths(whole)
        if self.viewport().width() - sum(widths) >= names + 2 * PADDING:
            self._show_headings(whole, widths)
            return
        broken = [title.replace(" ", "\n", 1) for title in whole]
        _, *others = self._widths(broken)
        self._show_headings(broken, [self._moves_width(broken[1]), *others])

    def _moves_width(self, title: str) -> int:
        """Return what the moves that stand there need, which are seldom the longest [px]."""
        items = [self.item(row, 1) for row in range(self.rowCount())]
        texts = [*title.split("\n"), *(item.text() for item in items if item is not None)]
        return max(self.fontMetrics().horizontalAdvance(text) for text in texts) + 2 * PADDING

    def _show_headings(self, titles: Sequence[str], widths: Sequence[int]) -> None:
        header = self.horizontalHeader()
        for column, width in enumerate(widths, 1):
            item = self.horizontalHeaderItem(column)
            if item is not None and item.text() != titles[column]:
                item.setText(titles[column])
            header.resizeSection(column, width)

    def _widths(self, titles: Sequence[str]) -> list[int]:
        """Return what the columns of numbers need [px]."""
        metrics = self.fontMetrics()
        return [
            max(metrics.horizontalAdvance(text) for text in (*title.split("\n"), usual))
            + 2 * PADDING
            for title, (_, _, usual) in zip(titles[1:], HEADINGS[1:], strict=True)
        ]


def _make_table() -> _Table:
    table = _Table(0, len(HEADINGS))
    describe(
        table,
        "shift_table",
        "What the shift did to each layer",
        "Whether its map moved along, and whether its values stayed.",
    )
    table.setStyleSheet(STYLE)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setShowGrid(False)
    table.setMaximumWidth(WIDEST_TABLE)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.verticalHeader().hide()
    table.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    header.setHighlightSections(False)
    for column, (title, tip, _) in enumerate(HEADINGS):
        item = QTableWidgetItem(title)
        side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(tip)
        table.setHorizontalHeaderItem(column, item)
    return table


def cells_text(name: str, report: ShiftReport) -> tuple[str, str, str, str]:
    """One row of the table."""
    moves = NONE if report.expected is None else arrows_text(*report.expected)
    return name, moves, share_text(report.error), share_text(report.change)


def cell_tip(report: ShiftReport) -> str:
    """All digits, and how many values they come from."""
    if not report.compared:
        return "Nothing is inside: every unit touches padding or the seam."
    parts = [f"{report.compared} values compared"]
    if report.expected is not None:
        parts.append(f"should move by {steps_text(*report.expected)}")
    if report.error is not None:
        parts.append(f"error {show_number(report.error)}")
    if report.change is not None:
        parts.append(f"change {show_number(report.change)}")
    return ", ".join(parts)


def share_text(share: float | None) -> str:
    """Three decimals, so that numbers stand still; rounding of float32 is written as 0."""
    if share is None:
        return NONE
    if not math.isfinite(share):
        return show_number(share)
    if share <= ROUNDING:
        return "0"
    return "< 0.001" if share < 0.0005 else show_fixed(share, 3)


def steps_text(rows: Fraction, columns: Fraction) -> str:
    """``3 down, 1/2 left``."""
    return _named_steps((rows, "down", "up"), (columns, "right", "left"))


def arrows_text(rows: Fraction, columns: Fraction) -> str:
    """``3 ↓, 1/2 ←``, where there is little room."""
    return _named_steps((rows, "↓", "↑"), (columns, "→", "←"))


def _named_steps(*steps: tuple[Fraction, str, str]) -> str:
    parts = [f"{abs(step)} {ahead if step > 0 else back}" for step, ahead, back in steps if step]
    return ", ".join(parts) or "0"


def shift_text(names: Sequence[str], reports: Sequence[ShiftReport]) -> str:
    """Say in plain words what a shift did."""
    named = list(zip(names, reports, strict=True))
    if not any(any(report.expected or ()) or report.change for report in reports):
        return HINT
    sentences = [_followed(named), _stopped(named), _forgot(named)]
    return " ".join(sentence for sentence in sentences if sentence)


def _followed(named: Sequence[Named]) -> str:
    """Count the maps that moved along."""
    compared = [report for _, report in named if report.error is not None]
    exact = sum(_is_exact(report) for report in compared)
    if not compared:
        return "No unit is left inside to compare: choose a smaller shift or a larger picture."
    if exact == len(compared):
        return "Every map moved along exactly (error 0 inside)."
    if exact:
        return f"{exact} of {len(compared)} maps moved along exactly (error 0 inside)."
    return "No map moved along exactly."


def _stopped(named: Sequence[Named]) -> str:
    """Name the first map that could not move along, and why."""
    for name, report in named:
        if report.expected is None or report.error is None or _is_exact(report):
            continue
        if report.is_whole:
            return f"{name} did not follow (error {share_text(report.error)})."
        return f"{name} should move by {steps_text(*report.expected)}: it cannot follow exactly."
    return ""


def _forgot(named: Sequence[Named]) -> str:
    """Say of the last result without places whether it stayed."""
    for name, report in reversed(named):
        if report.expected is None and report.change is not None:
            share = share_text(report.change)
            fate = "stayed as it was" if share == "0" else f"changed by {share}"
            return f"{name}, without places, {fate}."
    return ""


def _is_exact(report: ShiftReport) -> bool:
    return report.is_whole and report.error is not None and report.error <= ROUNDING
