"""What share of belief a network gives each class: one bar each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from convlab.ui.theme import theme
from convlab.ui.widgets.forms import describe

LINE = 17  # height of a class at most [px]
PERCENT = 44  # room for the number [px]


class ScoreBars(QWidget):
    """Paints the shares; the right class is marked, and the class told is strong."""

    def __init__(self, name: str) -> None:
        super().__init__()
        describe(
            self,
            name,
            "Share of each class",
            "Softmax of the last layer's scores: exp(s) over the sum of all exp(s). The longest "
            "bar is the answer; • marks the right one.",
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 60)
        self._names: tuple[str, ...] = ()
        self._shares: tuple[float, ...] = ()
        self._right: int | None = None

    def sizeHint(self) -> QSize:
        return QSize(180, 150)

    def show_shares(self, names: Sequence[str], shares: Sequence[float], right: int | None) -> None:
        """Show the shares, 0 to 1, of classes; none where nothing could be told."""
        self._names, self._shares, self._right = tuple(names), tuple(shares), right
        said = [f"{name} {100 * share:.0f} %" for name, share in zip(names, shares, strict=False)]
        self.setAccessibleDescription(", ".join(said))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        high = min(self.height() / max(len(self._shares), 1), LINE)
        font = self.font()
        font.setPixelSize(max(min(round(high * 0.78), 12), 6))
        painter.setFont(font)
        names = [painter.fontMetrics().horizontalAdvance(name) for name in self._names]
        left = min(max(names, default=0) + 16, self.width() * 0.4)
        answer = max(self._shares, default=0.0)
        for index, share in enumerate(self._shares):
            rect = QRectF(0, index * high, self.width(), high)
            self._paint_line(painter, rect, left, index, share == answer)
        painter.end()

    def _paint_line(
        self, painter: QPainter, rect: QRectF, left: float, index: int, is_answer: bool
    ) -> None:
        colors, share = theme(), self._shares[index]
        is_right = index == self._right
        painter.setPen(QColor(colors.text if is_right else colors.quiet))
        name = f"• {self._names[index]}" if is_right else self._names[index]
        label = QRectF(rect.left(), rect.top(), left - 6, rect.height())
        painter.drawText(label, _RIGHT, name)
        room = max(rect.width() - left - PERCENT, 10.0)
        bar = QRectF(rect.left() + left, rect.top() + 2, room, rect.height() - 4)
        painter.fillRect(bar, QColor(colors.window))
        color = colors.accent if is_right else colors.warning
        bar.setWidth(room * share)
        painter.fillRect(bar, QColor(color if is_answer else colors.quiet))
        painter.setPen(QColor(colors.text if is_answer else colors.quiet))
        number = QRectF(rect.right() - PERCENT, rect.top(), PERCENT - 2, rect.height())
        painter.drawText(number, _RIGHT, f"{100 * share:.0f} %")


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
