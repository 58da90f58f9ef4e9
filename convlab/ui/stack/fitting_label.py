"""A line of figures that says as many of them as have room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel

BETWEEN = "   "


class FittingLabel(QLabel):
    """Leaves the last parts of its text out where there is no room; none is cut.

    Args:
        name: Object name.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "quiet")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._parts: tuple[str, ...] = ()

    def show_parts(self, parts: Sequence[str]) -> None:
        """Say these, the most important first."""
        self._parts = tuple(parts)
        self.setAccessibleDescription(BETWEEN.join(parts))
        self._write()
        self.updateGeometry()

    def _write(self) -> None:
        self.setText(
            next((text for text in self._texts() if self._width(text) <= self.width()), "")
        )

    def _texts(self) -> list[str]:
        """Return the text with all parts, and with ever fewer."""
        return [BETWEEN.join(self._parts[:count]) for count in range(len(self._parts), 0, -1)]

    def _width(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text) + 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    def sizeHint(self) -> QSize:
        return QSize(self._width(BETWEEN.join(self._parts)), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width((*self._parts, "")[0]), super().minimumSizeHint().height())
