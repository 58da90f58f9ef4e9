"""How the rows of what comes into a map are painted: tiles, lines, and the sum at their end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from convlab.engine.arrays import ByteArray, FloatArray
from convlab.ui.numbers import show_number
from convlab.ui.stack.detail_layout import RowPlaces
from convlab.ui.theme import STRONG, px, text_on_rgb, theme
from convlab.ui.widgets.pixels import image_of

CAPTION = 20  # height of what is written over the columns [px]
ROUND = 15.0  # radius of Σ [px]
BIAS_CAPTION = 20  # [px]
LEAST_FRAME = 7.0  # a patch is framed at least so large [px]


def paint_captions(painter: QPainter, places: RowPlaces) -> None:
    """Say over the first row what stands in each column."""
    painter.setPen(QColor(theme().quiet))
    columns = ((places.kernels, "× kernel"), (places.parts, "= its part"))
    top = min((rects[0].top() for rects, _ in columns if rects), default=0.0) - px(CAPTION)
    for rects, text in columns:
        if rects:
            room = QRectF(rects[0].left(), top, px(90), px(CAPTION) - 2)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)


def paint_line(painter: QPainter, row: Sequence[QRectF], sum_: QPointF, is_chosen: bool) -> None:
    """Join what stands in a row, and lead it to the middle of Σ."""
    painter.setPen(QPen(QColor(theme().mark), 2.6 if is_chosen else 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for one, other in pairwise(row):
        start, end = QPointF(one.right(), one.center().y()), other.center()
        painter.drawLine(start, QPointF(other.left(), end.y()))
    start = QPointF(row[-1].right(), row[-1].center().y())
    end = sum_ - QPointF(px(ROUND), 0)
    bend = (end.x() - start.x()) * 0.55
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
    painter.drawPath(path)


def paint_tile(
    painter: QPainter, rect: QRectF, pixels: ByteArray, values: FloatArray, ratio: float
) -> None:
    """Paint a map, and its number where it has only one.

    Args:
        painter: Paints.
        rect: Where [px].
        pixels: The map in its colours, ``(h, w, 4)`` BGRA.
        values: The map, ``(H, W)``.
        ratio: Pixels of the screen for one of the window.
    """
    is_larger = rect.width() * ratio >= pixels.shape[1]
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_larger)
    painter.drawImage(rect, image_of(pixels))
    if values.size == 1:
        blue, green, red = pixels[0, 0, :3].tolist()
        painter.setPen(text_on_rgb(red, green, blue))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, show_number(float(values[0, 0])))


def paint_patch(painter: QPainter, rect: QRectF, size: tuple[int, int], patch: QRectF) -> None:
    """Frame a patch [px of the map] of a map of (rows, columns) that is painted somewhere."""
    across, down = rect.width() / size[1], rect.height() / size[0]
    frame = QRectF(
        rect.left() + patch.left() * across,
        rect.top() + patch.top() * down,
        patch.width() * across,
        patch.height() * down,
    )
    more = max(px(LEAST_FRAME) - min(frame.width(), frame.height()), 0.0) / 2
    frame = frame.adjusted(-more, -more, more, more) & rect.adjusted(1, 1, -1, -1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((QColor(0, 0, 0, 150), 3.0), (QColor(theme().mark), 1.6)):
        painter.setPen(QPen(color, width))
        painter.drawRect(frame)


def paint_sum(painter: QPainter, sum_: QPointF, end: float, word: str, width: float) -> QRectF:
    """Paint Σ, or what else is done to the maps, and the line that leads on to the result.

    Args:
        painter: Paints.
        sum_: Its middle.
        end: Where the line ends.
        word: What is done; empty: they are added up.
        width: Of the room for a word [px].

    Returns:
        Where it was painted.
    """
    painter.setPen(QPen(QColor(theme().mark), 2.6))
    painter.drawLine(sum_, QPointF(end, sum_.y()))
    painter.setPen(QPen(QColor(theme().mark), 1.6))
    painter.setBrush(QColor(theme().panel))
    size = (width - 4, 2.4 * px(ROUND)) if word else (2 * px(ROUND), 2 * px(ROUND))
    box = QRectF(0, 0, *size)
    box.moveCenter(sum_)
    painter.drawRoundedRect(box, px(ROUND), px(ROUND))
    painter.setPen(QColor(theme().text))
    usual = painter.font()
    font = painter.font()
    font.setWeight(STRONG)
    if not word:
        font.setPixelSize(px(17))
    painter.setFont(font)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(box, int(flags), word or "Σ")
    painter.setFont(usual)
    return box


def paint_bias_caption(painter: QPainter, room: QRectF, top: float) -> None:
    """Say below Σ what the number there is."""
    painter.setPen(QColor(theme().quiet))
    caption = QRectF(room.left(), top + 2, room.width(), px(BIAS_CAPTION))
    painter.drawText(caption, int(Qt.AlignmentFlag.AlignCenter), "+ bias")
