"""Small pictures side by side, as large as there is room; a click chooses one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy

from convlab.engine.arrays import ByteArray
from convlab.ui.taken import Taken
from convlab.ui.theme import px, theme
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.pixels import image_of
from convlab.ui.widgets.tipped import Tipped

GAP = 5  # [px]
CAPTION = 15  # below each picture [px]
LARGEST, LEAST = 60, 14  # side of a picture [px]

STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class TileStrip(Tipped):
    """Paints tiles with captions in as many lines as fit best.

    Args:
        name: Object name.
        label: What it shows.
        tip: What it teaches.
        hint: Stands where there turned out to be none.

    Signals:
        chosen: The tile with this number was chosen.
    """

    chosen = Signal(int)

    def __init__(self, name: str, label: str, tip: str, hint: str) -> None:
        super().__init__()
        describe(self, name, label, tip)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(90, 60)
        self._hint, self._is_known = hint, False
        self._tiles: ByteArray = np.zeros((0, 1, 1, 4), np.uint8)
        self._captions: tuple[str, ...] = ()
        self._tips: tuple[str, ...] = ()
        self._selected: int | None = None
        self._widest = 0  # of all captions [px]

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the pictures as they are painted."""
        return Taken(self.objectName())

    def sizeHint(self) -> QSize:
        return QSize(200, 110)

    def set_clickable(self) -> None:
        """Let tiles be chosen, by the mouse and by the arrow keys."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_tiles(
        self, tiles: ByteArray, captions: Sequence[str], tips: Sequence[str], selected: int | None
    ) -> None:
        """Show pictures.

        Args:
            tiles: ``(n, h, w, 4)`` uint8 BGRA, contiguous; its memory is shared.
            captions: Below each; empty for none.
            tips: What the tooltip over each says.
            selected: Which one is framed.
        """
        self._is_known = True
        self._tiles, self._captions, self._tips = tiles, tuple(captions), tuple(tips)
        self._selected = selected
        metrics = QFontMetrics(self._small_font())
        self._widest = max((metrics.horizontalAdvance(text) for text in captions), default=0)
        self.update()

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return len(self._tiles)

    @property
    def captions(self) -> tuple[str, ...]:
        """What stands below each."""
        return self._captions

    def tile_rect(self, index: int) -> QRectF:
        """Where a picture is painted."""
        side, across = self._grid()
        row, column = divmod(index, across)
        high = side + px(GAP) + self._below(side)
        return QRectF(1 + column * (side + px(GAP)), 1 + row * high, side, side)

    def _below(self, side: int) -> int:
        """Return the room for captions: none where one would be cut."""
        return px(CAPTION) if self._captions and self._widest <= side + px(GAP) else 0

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(px(8.0))
        return font

    def _grid(self) -> tuple[int, int]:
        """Return the side of a picture, and how many stand in a line."""
        for side in range(px(LARGEST), px(LEAST), -1):
            across = max((self.width() - 2 + px(GAP)) // (side + px(GAP)), 1)
            high = side + px(GAP) + self._below(side)
            down = max((self.height() - 2 + px(GAP)) // high, 0)
            if across * down >= self.count:
                return side, across
        return px(LEAST), max((self.width() - 2 + px(GAP)) // (px(LEAST) + px(GAP)), 1)

    def _tile_at(self, position: QPointF) -> int | None:
        found = (index for index in range(self.count) if self._whole(index).contains(position))
        return next(found, None)

    def _whole(self, index: int) -> QRectF:
        rect = self.tile_rect(index)
        return rect.adjusted(0, 0, 0, self._below(round(rect.width())))

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self.count and self._is_known:
            painter.setPen(QColor(theme().quiet))
            flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()).adjusted(1, 2, 0, 0), int(flags), self._hint)
        painter.setFont(self._small_font())
        for index, pixels in enumerate(self._tiles):
            self._paint_tile(painter, index, pixels)
        painter.end()

    def _paint_tile(self, painter: QPainter, index: int, pixels: ByteArray) -> None:
        rect = self.tile_rect(index)
        painter.drawImage(rect, image_of(pixels))
        is_selected = index == self._selected
        painter.setPen(
            QPen(QColor(theme().accent if is_selected else theme().line), 2 * is_selected or 1)
        )
        painter.drawRect(rect)
        if self._below(round(rect.width())):
            painter.setPen(QColor(theme().text if is_selected else theme().quiet))
            below = QRectF(
                rect.left() - px(GAP), rect.bottom(), rect.width() + 2 * px(GAP), px(CAPTION)
            )
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._captions[index])

    # ---- mouse and keyboard ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._tile_at(event.position())
        is_clickable = self.focusPolicy() is not Qt.FocusPolicy.NoFocus
        if index is not None and is_clickable and event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        if step is None or not self.count:
            super().keyPressEvent(event)
            return
        before = -1 if self._selected is None else self._selected
        self.chosen.emit(min(max(before + step, 0), self.count - 1))

    def tip_at(self, position: QPointF) -> str | None:
        index = self._tile_at(position)
        return self._tips[index] if index is not None and self._tips else None
