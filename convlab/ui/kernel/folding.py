"""Settings of which as many rows are seen as there is room for; the rest is a click away."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from convlab.ui.docked_lab import DIRECT

LAID_OUT = (QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show)
Row = tuple[int, int]
"""Upper and lower edge [px]."""


class FoldingArea(QScrollArea):
    """Shows whole rows of what it holds: none is cut, and none scrolls unless it is unfolded.

    Args:
        held: Rows of settings, one below the other.
        label: What a screen reader says.

    Signals:
        fold_changed: There is something below the fold, or no more.
        beyond: The keyboard has come to a setting below the fold.
    """

    fold_changed = Signal()
    beyond = Signal()

    def __init__(self, held: QWidget, label: str) -> None:
        super().__init__()
        self.setAccessibleName(label)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its rows are the stops of the keyboard
        self.setMinimumWidth(0)
        self.hides = False
        """Something has no room."""
        self.is_unfolded = False
        self.setWidget(held)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def set_unfolded(self, is_unfolded: bool) -> None:
        """Show all rows, which scroll where there is no room at all; or whole rows only."""
        self.is_unfolded = is_unfolded
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        done = super().eventFilter(watched, event)
        if watched is self.widget() and event.type() in LAID_OUT:
            self._fold()
        return done

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Stay at the first row while folded, though the keyboard has gone on."""
        if self.is_unfolded or not self.verticalScrollBar().value():
            super().scrollContentsBy(dx, dy)
        else:
            self.verticalScrollBar().setValue(0)
            self.beyond.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.is_unfolded:
            super().wheelEvent(event)
        else:
            event.ignore()

    def _fold(self) -> None:
        held, room = self.widget(), self.height()
        layout = None if held is None else held.layout()
        if held is None or layout is None:
            return
        needed = max(layout.totalHeightForWidth(self.width()), layout.totalMinimumSize().height())
        held.setMinimumHeight(needed)  # rows that the layout squeezes would end elsewhere
        hides = needed > room
        policy = Qt.ScrollBarPolicy
        scrolls = hides and self.is_unfolded
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if scrolls else policy.ScrollBarAlwaysOff
        )
        is_cut = hides and not self.is_unfolded
        self.setViewportMargins(0, 0, 0, room - _whole(held, room) if is_cut else 0)
        if hides != self.hides:
            self.hides = hides
            self.fold_changed.emit()


def _whole(held: QWidget, room: int) -> int:
    """Return the height of as many whole rows as there is room for [px]."""
    layout = held.layout()
    assert layout is not None
    layout.activate()
    rows = list(_rows(held, held))
    ends = (end for _, end in rows if end <= room)
    return max((end for end in ends if not any(top < end < low for top, low in rows)), default=0)


def _rows(parent: QWidget, held: QWidget) -> Iterator[Row]:
    """Return where the rows of settings stand, those of forms inside of it, too.

    Layouts are not asked for their items: PySide keeps what it hands out of these, and takes the
    next widget that Qt puts in the place of a deleted one for it.
    """
    for widget in parent.findChildren(QWidget, options=DIRECT):
        if widget.isHidden() or widget.isWindow():
            continue
        inner = widget.layout()
        if inner is not None and not isinstance(inner, QHBoxLayout):
            yield from _rows(widget, held)
        else:
            top = widget.mapTo(held, QPoint(0, 0)).y()
            yield top, top + widget.height()
