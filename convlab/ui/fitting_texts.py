"""Labels that fit their room, or keep it whatever they say."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

WIDEST = (1 << 24) - 1  # as Qt has it [px]


class FittingLabel(QLabel):
    """A quiet label that shows the longest of its texts that it has room for."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "quiet")
        # Its length follows the numbers; the width of what it stands in must not.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._texts: tuple[str, ...] = ("",)
        self._tip = ""  # what this says as its tooltip, where it has no other

    def show_texts(self, *texts: str) -> None:
        """Take the same said in fewer and fewer words."""
        if texts != self._texts:
            self._texts = texts
            self._choose()

    def width_of(self, place: int) -> int:
        """Return the width of one of the texts [px]."""
        return self.fontMetrics().horizontalAdvance(self._texts[place]) + 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose()

    def _choose(self) -> None:
        places = range(len(self._texts))
        fits = (place for place in places if self.width_of(place) <= self.width())
        chosen = self._texts[next(fits, -1)]
        if chosen != self.text():
            self.setText(chosen)
        if self.toolTip() == self._tip != self._texts[0]:
            self._tip = self._texts[0]
            self.setToolTip(self._tip)


class SteadyLabel(QLabel):
    """A label as wide as the widest of its texts: they change often, and nothing is laid out again.

    Args:
        name: Object name.
        role: Of the style sheet.
    """

    def __init__(self, name: str, role: str = "quiet") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", role)
        self._measured = ("", 0, "")
        self._fixed = QSize()

    def width_of(self, text: str) -> int:
        """Return the width that a text takes, with the margins [px]."""
        margins = self.contentsMargins()
        return margins.left() + self.fontMetrics().horizontalAdvance(text) + margins.right()

    def show_text(self, text: str, widest: str, height: int = 0) -> None:
        """Say a text, in the room of the widest one, and of a height [px]."""
        measured = widest, height, self.font().key()
        # Another scale multiplies the sizes that there are, measured at it already or not.
        if measured != self._measured or self.minimumSize() != self._fixed:
            self._measured = measured
            self.setText(widest)
            self.setMinimumSize(0, 0)
            self.setMaximumSize(WIDEST, WIDEST)
            self._fixed = self.sizeHint().expandedTo(QSize(0, height))
            self.setFixedSize(self._fixed)
        self.setText(text)


def widest_number(most: int) -> int:
    """Return the widest number of as many digits as the largest one has."""
    return int("8" * len(str(most)))
