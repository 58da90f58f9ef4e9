"""Controls in a row that goes on in the next line where it is too long."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowRow(QLayout):
    """Lays widgets out from left to right, line by line; the last one takes what is left of one.

    Args:
        parent: Whose layout it becomes.
        margin: Around all [px].
        spacing: Between two [px].
    """

    def __init__(self, parent: QWidget, margin: int, spacing: int) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._margin = margin
        self.setContentsMargins(margin, margin, margin, margin)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), moves=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, moves=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        widest = QSize()
        for item in self._items:
            widest = widest.expandedTo(item.minimumSize())
        return widest + QSize(2 * self._margin, 2 * self._margin)

    def _arrange(self, rect: QRect, moves: bool) -> int:
        """Place the items in a rectangle; return the height that they need [px]."""
        inner = rect.adjusted(self._margin, self._margin, -self._margin, -self._margin)
        lines: list[list[tuple[QLayoutItem, QRect]]] = [[]]
        left, top, high = inner.left(), inner.top(), 0
        shown = [item for item in self._items if not item.isEmpty()]
        for item in shown:
            size = item.sizeHint()
            if item is shown[-1]:
                left_over = max(inner.right() + 1 - left, item.minimumSize().width())
                size.setWidth(min(size.width(), left_over))
            if lines[-1] and left + size.width() > inner.right() + 1:
                left, top, high = inner.left(), top + high + self.spacing(), 0
                lines.append([])
            lines[-1].append((item, QRect(QPoint(left, top), size)))
            left += size.width() + self.spacing()
            high = max(high, size.height())
        if moves:
            for line in lines:
                tall = max((place.height() for _, place in line), default=0)
                for item, place in line:
                    place.moveTop(place.top() + (tall - place.height()) // 2)
                    if item is shown[-1]:
                        place.moveRight(inner.right())
                    item.setGeometry(place)
        return top + high - rect.top() + self._margin
