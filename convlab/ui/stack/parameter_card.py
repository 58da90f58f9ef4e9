"""The arithmetic of a layer: its sums, and its parameters beside those of a fully connected one."""

from __future__ import annotations

import math
from typing import TypeAlias

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from convlab.document.stack.sums import Comparison
from convlab.ui.taken import Taken
from convlab.ui.theme import px, theme
from convlab.ui.widgets.forms import STRETCH, describe, filled, quiet_label

BAR = 12  # [px]
LINE = 19  # a bar and the gap below it [px]
AXIS = 17  # room for the numbers below [px]
MARKS = ((0, "1"), (3, "10³"), (6, "10⁶"), (9, "10⁹"), (12, "10¹²"), (15, "10¹⁵"), (18, "10¹⁸"))
LEAST_DECADES = 6
GAP = 10  # [px]

Bar: TypeAlias = tuple[str, int, str]  # its name, its length, and what is written behind it

_TIP = (
    "How many numbers the chosen layer learns, and how many a layer between the same maps would "
    "need in which every value has a weight for every value below. Each step of the scale is a "
    "thousand times the one before. The biases of the fully connected layer are not counted."
)


class ParameterBars(QWidget):
    """Two bars on a logarithmic scale."""

    def __init__(self) -> None:
        super().__init__()
        describe(self, "parameter_bars", "Parameters against fully connected", _TIP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._comparison: Comparison | None = None
        self._has_axis = False

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the bars as they are painted."""
        return Taken("parameters")

    def sizeHint(self) -> QSize:
        return QSize(240, 2 * px(LINE) + (px(AXIS) if self._has_axis else 0))

    def set_axis(self, shown: bool) -> None:
        """Write the scale below, or leave it out where there is little room."""
        self._has_axis = shown
        self.updateGeometry()
        self.update()

    def set_comparison(self, comparison: Comparison | None) -> None:
        """Show a layer beside a fully connected one, or nothing."""
        self._comparison = comparison
        self.setMinimumWidth(self._least_width())
        words = (
            [] if comparison is None else [f"{name} {text}" for name, _, text in _bars(comparison)]
        )
        self.setAccessibleDescription(", ".join(words))
        self.update()

    def _least_width(self) -> int:
        """Return the room that the names and the numbers need, without a bar between [px]."""
        if self._comparison is None:
            return 0
        width, bars = self.fontMetrics().horizontalAdvance, _bars(self._comparison)
        left = max(width(name) for name, _, _ in bars) + GAP
        return left + max(width(text) for _, _, text in bars) + GAP

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._comparison is not None:
            bars = _bars(self._comparison)
            decades = _decades(self._comparison)
            area = self._area(painter.fontMetrics(), bars, decades)
            self._paint_scale(painter, area, decades)
            for place, bar in enumerate(bars):
                self._paint_bar(painter, area.translated(0, place * px(LINE)), bar, decades)
        painter.end()

    def _area(self, metrics: QFontMetrics, bars: tuple[Bar, Bar], decades: int) -> QRectF:
        """Return where the scale lies: as long as the numbers behind the bars let it be."""
        left = max(metrics.horizontalAdvance(name) for name, _, _ in bars) + px(GAP)
        room = self.width() - left
        length = room - metrics.horizontalAdvance(MARKS[decades // 3][1]) / 2
        for _, number, text in bars:
            behind = metrics.horizontalAdvance(text) + px(GAP)
            length = min(length, (room - behind) / max(_share(number, decades), 0.01))
        return QRectF(left, 0, max(length, 1), 2 * px(LINE))

    def _paint_scale(self, painter: QPainter, area: QRectF, decades: int) -> None:
        """Thin lines a thousand times apart; their numbers below if there is room."""
        room = 0.0
        for decade, text in MARKS:
            if decade > decades:
                break
            at = area.left() + area.width() * decade / decades
            painter.fillRect(QRectF(at, 0, 1, 2 * px(LINE)), QColor(theme().line))
            width = painter.fontMetrics().horizontalAdvance(text)
            if self._has_axis and at - width / 2 > room:
                painter.setPen(QColor(theme().quiet))
                label = QRectF(at - width / 2, 2 * px(LINE), width + 1, px(AXIS))
                painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)
                room = label.right() + 8

    def _paint_bar(self, painter: QPainter, area: QRectF, bar: Bar, decades: int) -> None:
        name, number, text = bar
        top = area.top() + (px(LINE) - px(BAR)) / 2
        width = 0.0 if number == 0 else max(2.0, area.width() * _share(number, decades))
        is_first = area.top() == 0
        color = QColor(theme().accent if is_first else theme().quiet)
        painter.fillRect(QRectF(area.left(), top, width, px(BAR)), color)
        painter.setPen(QColor(theme().text))
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, area.top(), area.left(), px(LINE)), int(flags), name)
        behind = QRectF(area.left() + width + 6, area.top(), self.width(), px(LINE))
        painter.drawText(behind, int(flags), text)


class ParameterCard(QWidget):
    """Title, sums, bars, and the ratio in words."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("parameter_card")
        self._title = quiet_label(role="title")
        self._sums = describe(
            QLabel(),
            "parameter_sum",
            "The layer's sums",
            "The formulas of the table's columns with the numbers of the chosen layer put in.",
        )
        self._sums.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._bars = ParameterBars()
        self._words = describe(quiet_label(), "parameter_words", "The ratio in words", _TIP)
        self._lines: tuple[tuple[str, str], ...] = ()
        self._is_tall = False
        for label in (self._sums, self._words):
            label.setWordWrap(True)
        parts = self._title, self._sums, self._bars, self._words
        filled(QVBoxLayout(self), *parts, STRETCH, margins=(8, 4, 8, 6), spacing=3)
        self.set_tall(False)

    def set_tall(self, tall: bool) -> None:
        """Stand beside the table with every sum on a line of its own, or lie below it."""
        self._is_tall = tall
        self._bars.set_axis(tall)
        self._title.setVisible(tall)
        self._write()

    def show_bars(self, shown: bool) -> None:
        """Show the bars, or leave them out where the table needs their room: the words remain."""
        self._bars.setVisible(shown)

    def show_layer(
        self,
        title: str,
        sums: tuple[tuple[str, str], ...],
        words: str,
        comparison: Comparison | None = None,
    ) -> None:
        """Show a layer's sums, the most important first, and its comparison if there is one.

        Args:
            title: Of the layer.
            sums: What each is, and the formula with its numbers put in.
            words: The ratio, or why there is none.
            comparison: With a fully connected layer.
        """
        self._title.setText(title)
        self._lines = sums
        self._bars.set_comparison(comparison)
        self._words.setText(words)
        self._write()

    def _write(self) -> None:
        if self._is_tall:
            lines = (
                f"<tr><td>{name}&nbsp;&nbsp;</td><td>{text}</td></tr>" for name, text in self._lines
            )
            self._sums.setText(f"<table cellspacing='0'>{''.join(lines)}</table>")
        else:
            self._sums.setText("     ".join(f"{name}: {text}" for name, text in self._lines[:2]))


def _share(number: int, decades: int) -> float:
    """Return how far along the scale a number lies, 0 to 1."""
    return math.log10(max(number, 1)) / decades


def _bars(comparison: Comparison) -> tuple[Bar, Bar]:
    """Return name, length and text of both bars."""
    parameters, connected = comparison.parameters, comparison.connected
    return (
        (comparison.name, parameters, f"{parameters:,}"),
        ("fully connected", connected, f"{connected:,}"),
    )


def _decades(comparison: Comparison) -> int:
    """Return where the scale ends, in whole thousands so that it seldom changes."""
    largest = max(comparison.parameters, comparison.connected, 1)
    decades = 3 * math.ceil(math.log10(largest) / 3)
    return min(max(LEAST_DECADES, decades), MARKS[-1][0])
