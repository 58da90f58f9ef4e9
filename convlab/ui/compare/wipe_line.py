"""The line between A and B, dragged over a picture by the mouse or moved by the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from convlab.ui.theme import px, theme
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.image_view import ImageView

WIDTH = 18  # that can be grabbed [px]
STEP = 0.01  # of an arrow key


class WipeLine(QWidget):
    """Lies over a view, at a share of the width of its picture; kept inside what is in sight.

    Args:
        role: The lab's name; the object name begins with it.
        view: Shows the picture.

    Signals:
        moved: The share of the width that is wanted, 0 to 1.
        let_go: The drag has ended.
    """

    moved = Signal(float)
    let_go = Signal()

    def __init__(self, role: str, view: ImageView) -> None:
        super().__init__(view)
        tip = "Drag it, or move it with the arrow keys: A stands on its left, B on its right."
        describe(self, f"{role}_wipe_line", "Line between A and B", tip)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._view = view
        self._share, self._columns = 0.5, 1
        self._is_pressed = False
        view.resized.connect(self.place)
        view.sight_chosen.connect(self.place)
        view.installEventFilter(self)
        self.hide()

    def set_share(self, share: float) -> None:
        """Lie at a share of the width of the picture."""
        self._share = share
        self.place()

    def show_over(self, columns: int) -> None:
        """Be seen over a picture of so many columns."""
        self._columns = columns
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """Lie where the line is in the view now."""
        view, wide = self._view, px(WIDTH)
        at = view.cell_center(0, 0).x() + (self._share * self._columns - 0.5) * view.sight.zoom
        at = min(max(at, 0.0), view.width() - 1.0)
        self.setGeometry(round(at) - wide // 2, 0, wide, view.height())

    def _share_at(self, position: QPointF) -> float:
        view = self._view
        x = self.mapToParent(position).x() - view.cell_center(0, 0).x()
        return min(max((x / view.sight.zoom + 0.5) / self._columns, 0.0), 1.0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self.place()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._is_pressed = event.button() is Qt.MouseButton.LeftButton

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._is_pressed:
            self.moved.emit(self._share_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._is_pressed:
            self._is_pressed = False
            self.let_go.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(min(max(self._share + steps * STEP, 0.0), 1.0))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
        self.let_go.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, half = self.width() / 2, self.height() / 2
        for color, width in ((QColor(0, 0, 0, 190), 4.0), (QColor(theme().mark), 2.0)):
            painter.setPen(QPen(color, px(width)))
            painter.drawLine(QPointF(middle, 0), QPointF(middle, self.height()))
        edge = theme().accent if self.hasFocus() else theme().mark
        painter.setPen(QPen(QColor(edge), px(2)))
        painter.setBrush(QColor(theme().panel))
        painter.drawEllipse(QPointF(middle, half), middle - px(2), middle - px(2))
        painter.end()
