"""A map of a convolution channel by channel: input × kernel = part, and all parts added up."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from convlab.document.stack.parts import Parts
from convlab.ui.numbers import show_number
from convlab.ui.theme import theme
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.pixels import paint_framed, signed_pixels

HINT = (
    "Click a map of a convolution: here stands what each channel of its input adds to it, "
    "and how the parts and the bias make the map."
)
WIDEST, NARROWEST = 150.0, 52.0  # of a channel [px]
RESULT = 1.25  # how much wider the result is than a part
CAPTION = 18.0  # [px]
KERNEL = 22.0  # side of a kernel between input and part [px]
SIGN = 22.0  # room for + and = [px]


@dataclass(frozen=True, slots=True)
class PartsLayout:
    """How the channels share the room.

    Attributes:
        shown: How many channels fit.
        width: Of a channel [px].
        height: Of a picture [px].
    """

    shown: int
    width: float
    height: float


def fit_parts(count: int, aspect: float, width: float, height: float) -> PartsLayout:
    """Share the room among so many channels of an aspect (rows / columns), the result included."""
    tallest = (height - 2 * CAPTION - KERNEL - 8) / 2
    widest = min(WIDEST, max(tallest, 16.0) / aspect)
    shown = count
    while True:
        fitting = (width - SIGN * (shown + 1)) / (shown + RESULT)
        if fitting >= min(NARROWEST, widest) or shown == 1:
            break
        shown -= 1
    cell = max(min(fitting, widest), 8.0)
    return PartsLayout(shown, cell, cell * aspect)


class PartsView(QWidget):
    """Paints Parts: a column for each channel, the sum at the right."""

    def __init__(self) -> None:
        super().__init__()
        describe(
            self,
            "parts_view",
            "The map channel by channel",
            "What each channel adds to the selected map; all of them and the bias make it.",
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._parts: Parts | None = None
        self.show_parts(None)

    def sizeHint(self) -> QSize:
        return QSize(560, 190)

    @property
    def parts(self) -> Parts | None:
        """What is shown."""
        return self._parts

    def show_parts(self, parts: Parts | None) -> None:
        """Show a map taken apart, or the hint."""
        self._parts = parts
        words = HINT if parts is None else f"{len(parts.channels)} channels and a bias of "
        self.setAccessibleDescription(words if parts is None else words + show_number(parts.bias))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        try:
            if self._parts is None:
                painter.setPen(QColor(theme().quiet))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(QRectF(self.rect()).adjusted(24, 0, -24, 0), int(flags), HINT)
            else:
                self._paint(painter, self._parts)
        finally:
            painter.end()

    def _paint(self, painter: QPainter, parts: Parts) -> None:
        height, width = parts.parts.shape[1:3]
        fitted = fit_parts(
            len(parts.channels), height / width, float(self.width()), float(self.height())
        )
        left = 0.0
        for number in range(fitted.shown):
            if number:
                self._paint_sign(painter, "+", left, fitted)
                left += SIGN
            self._paint_channel(painter, parts, number, left, fitted)
            left += fitted.width
        self._paint_result(painter, parts, left, fitted)

    def _paint_channel(
        self, painter: QPainter, parts: Parts, number: int, left: float, fitted: PartsLayout
    ) -> None:
        """Input on top, the kernel under it, and what they make."""
        rect = QRectF(left, CAPTION, fitted.width, fitted.height)
        self._caption(painter, f"channel {parts.channels[number]}", rect)
        paint_framed(painter, rect, parts.inputs[number])
        kernel = QRectF(rect.center().x() - KERNEL / 2, rect.bottom() + 4, KERNEL, KERNEL)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        paint_framed(painter, kernel, signed_pixels(parts.kernels[number]))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        paint_framed(painter, rect.translated(0, fitted.height + KERNEL + 8), parts.parts[number])

    def _paint_sign(self, painter: QPainter, sign: str, left: float, fitted: PartsLayout) -> None:
        top = CAPTION + fitted.height + KERNEL + 8
        painter.setPen(QColor(theme().quiet))
        room = QRectF(left, top, SIGN, fitted.height)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), sign)

    def _paint_result(
        self, painter: QPainter, parts: Parts, left: float, fitted: PartsLayout
    ) -> None:
        self._paint_sign(painter, "=", left, fitted)
        top = CAPTION + fitted.height + KERNEL + 8
        rect = QRectF(left + SIGN, top, fitted.width, fitted.height)
        paint_framed(painter, rect, parts.result)
        hidden = len(parts.channels) - fitted.shown + parts.left_out
        lines = [f"+ {hidden} channels more"] if hidden else []
        lines.append(f"+ bias {show_number(parts.bias)}")
        room = QRectF(rect.left(), 0.0, max(self.width() - rect.left(), 60.0), top - 4)
        flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        painter.setPen(QColor(theme().text))
        painter.drawText(room, int(flags), "\n".join(lines))

    def _caption(self, painter: QPainter, text: str, rect: QRectF) -> None:
        painter.setPen(QColor(theme().quiet))
        room = QRectF(rect.left(), 0.0, rect.width() + SIGN - 2, CAPTION)
        elided = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft), elided)
