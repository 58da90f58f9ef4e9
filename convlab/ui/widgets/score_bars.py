"""The probability that a network gives each class: one bar each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from convlab.ui.taken import Taken
from convlab.ui.theme import px, theme
from convlab.ui.widgets.forms import describe

LINE = 17  # height of a class at most [px]
PERCENT = 44  # room for the number [px]


class ScoreBars(QWidget):
    """Paints the probabilities; the true class is marked, and the predicted class is strong.

    Args:
        name: Object name.
        is_stacked: Each name stands above its bar, for names that may be long.
    """

    def __init__(self, name: str, is_stacked: bool = False) -> None:
        super().__init__()
        describe(
            self,
            name,
            "Probability of each class",
            "Softmax of the last layer's scores: exp(s) over the sum of all exp(s). The longest "
            "bar is the prediction; • marks the true class.",
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 60)
        self._names: tuple[str, ...] = ()
        self._probabilities: tuple[float, ...] = ()
        self._label: int | None = None
        self._texts: tuple[str, ...] = ()
        self._is_stacked = is_stacked

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the probabilities."""
        return Taken("probabilities", np.array([self._probabilities]))

    def sizeHint(self) -> QSize:
        return QSize(180, 150)

    def show_probabilities(
        self, names: Sequence[str], probabilities: Sequence[float], label: int | None
    ) -> None:
        """Show the probability of each class, 0 to 1; none where there is no prediction."""
        texts = [f"{100 * probability:.0f} %" for probability in probabilities]
        self.show_bars(names, probabilities, texts, label)

    def show_bars(
        self,
        names: Sequence[str],
        lengths: Sequence[float],
        texts: Sequence[str],
        label: int | None = None,
    ) -> None:
        """Show bars, 0 to 1 long, with a name before and a text behind each."""
        self._names, self._probabilities, self._label = tuple(names), tuple(lengths), label
        self._texts = tuple(texts)
        pairs = zip(names, texts, strict=False)  # where nothing is predicted there are no texts
        self.setAccessibleDescription(", ".join(f"{name} {text}" for name, text in pairs))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        lines = 2 if self._is_stacked else 1
        high = min(self.height() / max(len(self._probabilities), 1), lines * px(LINE))
        font = self.font()
        font.setPixelSize(max(min(round(high / lines * 0.78), px(12)), 6))
        painter.setFont(font)
        widths = [painter.fontMetrics().horizontalAdvance(name) for name in self._names]
        left = 0.0 if self._is_stacked else min(max(widths, default=0) + 16, self.width() * 0.4)
        highest = max(self._probabilities, default=0.0)
        for index, probability in enumerate(self._probabilities):
            rect = QRectF(0, index * high, self.width(), high)
            self._paint_line(painter, rect, left, index, probability == highest)
        painter.end()

    def _paint_line(
        self, painter: QPainter, rect: QRectF, left: float, index: int, is_predicted: bool
    ) -> None:
        colors, probability = theme(), self._probabilities[index]
        is_label = index == self._label
        is_strong = is_label or (self._is_stacked and is_predicted)
        painter.setPen(QColor(colors.text if is_strong else colors.quiet))
        name = f"• {self._names[index]}" if is_label else self._names[index]
        if self._is_stacked:
            upper = QRectF(rect.left(), rect.top(), rect.width() - 2, rect.height() / 2)
            room, side = int(upper.width()), Qt.TextElideMode.ElideRight
            painter.drawText(upper, _LEFT, painter.fontMetrics().elidedText(name, side, room))
            rect = QRectF(rect.left(), upper.bottom(), rect.width(), rect.height() / 2)
        else:
            label = QRectF(rect.left(), rect.top(), left - 6, rect.height())
            painter.drawText(label, _RIGHT, name)
        wide = max(rect.width() - left - px(PERCENT), 10.0)
        bar = QRectF(rect.left() + left, rect.top() + 2, wide, rect.height() - 4)
        painter.fillRect(bar, QColor(colors.window))
        is_wrong = self._label is not None and not is_label
        color = colors.warning if is_wrong else colors.accent
        bar.setWidth(wide * probability)
        painter.fillRect(bar, QColor(color if is_predicted else colors.quiet))
        painter.setPen(QColor(colors.text if is_predicted else colors.quiet))
        number = QRectF(rect.right() - px(PERCENT), rect.top(), px(PERCENT) - 2, rect.height())
        painter.drawText(number, _RIGHT, self._texts[index])


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
