"""How the rows of an open list are painted."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_model import ChoiceModel, Index
from convlab.ui.theme import icon, px, theme
from convlab.ui.widgets.pixels import image_of

_MARGIN = 10
_PAD = 4
_GLYPH = 22  # an icon in place of a picture [px]
_COARSE = 2.0  # pictures enlarged by more keep their pixels
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def picture_room() -> QSize:
    """Return how large the picture of an entry is at most [px]."""
    return QSize(px(64), px(48))


class ChoiceDelegate(QStyledItemDelegate):
    """Paints headings, and entries with picture, name, figures and line.

    Args:
        model: Of the rows.
        has_pictures: Room for them is kept, whether they have come or not.
        parent: Owns it.
    """

    def __init__(self, model: ChoiceModel, has_pictures: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._has_pictures = has_pictures
        self.present = ""
        """Key of the entry that is in use."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        height = QFontMetrics(option.font).height()
        row = self._model.row(index)
        if isinstance(row, str):
            return QSize(0, height + px(3 * _PAD))
        lines = (3 if row.line or self._has_pictures else 1) * height
        least = picture_room().height() if self._has_pictures else 0
        return QSize(0, max(lines, least) + px(2 * _PAD))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._model.row(index)
        rect: QRect = option.rect.adjusted(px(_MARGIN), 0, -px(_MARGIN), 0)
        painter.save()
        painter.setFont(option.font)
        if isinstance(row, str):
            self._paint_heading(painter, rect, row)
        else:
            is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            if is_chosen:
                painter.fillRect(option.rect, QColor(theme().accent))
            if self._has_pictures:
                self._paint_picture(painter, rect, row)
                rect.setLeft(rect.left() + picture_room().width() + px(_MARGIN))
            self._paint_words(painter, rect, row, is_chosen)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, text: str) -> None:
        painter.setFont(_bold(painter.font()))
        painter.setPen(QColor(theme().quiet))
        below = rect.adjusted(0, px(2 * _PAD), 0, 0)
        painter.drawText(below, _LEFT, text)

    def _paint_picture(self, painter: QPainter, rect: QRect, row: Choice) -> None:
        room = QRect(rect.topLeft(), picture_room())
        room.moveTop(rect.top() + (rect.height() - room.height()) // 2)
        thumbnail = self._model.thumbnail(row.key)
        if thumbnail is None or thumbnail.pixels is None:
            painter.fillRect(room, QColor(theme().window))
            if row.icon:
                glyph = QRect(QPoint(), QSize(px(_GLYPH), px(_GLYPH)))
                glyph.moveCenter(room.center())
                icon(row.icon).paint(painter, glyph)
            return
        image = image_of(thumbnail.pixels, has_alpha=True)
        fitting = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(QPoint(), fitting)
        place.moveCenter(room.center())
        is_smooth = place.width() < _COARSE * image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        painter.drawImage(place, image)
        painter.setPen(QColor(theme().line))  # where a dark picture ends on a dark ground
        painter.drawRect(place.adjusted(0, 0, -1, -1))

    def _paint_words(self, painter: QPainter, rect: QRect, row: Choice, is_chosen: bool) -> None:
        """Paint name and figures in one line, and what it is in one or two below."""
        colors, metrics = theme(), painter.fontMetrics()
        name, quiet = (colors.on_accent,) * 2 if is_chosen else (colors.text, colors.quiet)
        thumbnail = self._model.thumbnail(row.key)
        detail = (thumbnail.detail if thumbnail else "") or row.detail
        lines = _wrapped(row.line, metrics, rect.width())
        height = metrics.height()
        place = QRect(rect.left(), 0, rect.width(), height)
        place.moveTop(rect.center().y() - height * (1 + len(lines)) // 2 + 1)
        painter.setPen(QColor(quiet))
        painter.drawText(place, _RIGHT, detail)
        for number, line in enumerate(lines, 1):
            painter.drawText(place.translated(0, number * height), _LEFT, line)
        if detail:
            place.setRight(place.right() - metrics.horizontalAdvance(detail) - px(_MARGIN))
        painter.setPen(QColor(name))
        if row.key == self.present:
            painter.setFont(_bold(painter.font()))
        painter.drawText(place, _LEFT, _elided(row.name, painter.fontMetrics(), place.width()))


def _wrapped(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """Return a text in at most two lines; what has no room there ends in an ellipsis."""
    if metrics.horizontalAdvance(text) <= width:
        return [text] if text else []
    end = len(text)
    while metrics.horizontalAdvance(text[:end]) > width:
        # A path has no blanks: it breaks anywhere.
        end = text.rfind(" ", 0, end) if " " in text[:end].strip() else end - 1
    return [text[:end], _elided(text[end:].strip(), metrics, width)]


def _elided(text: str, metrics: QFontMetrics, width: int) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold
