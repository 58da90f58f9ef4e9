"""Every text of a window against the room it has: cut, or over another.

Texts that widgets of Qt show are compared with the room their style leaves. Texts that are painted
are caught on their way through ``QPainter.drawText`` while the window is painted once more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, NamedTuple, TypeAlias
from unittest.mock import patch

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QPainter, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QGraphicsSimpleTextItem,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionDockWidget,
    QStyleOptionSpinBox,
    QTabBar,
    QToolButton,
    QWidget,
)

from convlab.ui.docked_lab import DockedLab

SPARE = 1.0  # hinting and rounding take or give as much [px]
SAME_LINE = 1.5  # texts may touch by so much [px]
EXTENSION = "qt_toolbar_ext_button"


Need: TypeAlias = tuple[str, float, float]
"""A text, the width or height it needs, and what it has [px]."""


class Painted(NamedTuple):
    """A text that was painted.

    Attributes:
        widget: On which.
        text: As it was handed over.
        ink: What it covers, in the widget.
        room: What it was given, in the widget; None: it was only given a place.
    """

    widget: QWidget
    text: str
    ink: QRectF
    room: QRectF | None


@dataclass
class Recorder:
    """Notes every painted text and every text that was shortened."""

    painted: list[Painted] = field(default_factory=list)
    elided: set[str] = field(default_factory=set)

    def note(self, painter: QPainter, arguments: tuple[Any, ...]) -> None:
        """Note what is about to be painted."""
        device = painter.device()
        if not isinstance(device, QWidget):
            return
        place, *others = arguments
        flags = next((int(each) for each in others if not isinstance(each, str)), 0)
        text = next((each for each in others if isinstance(each, str)), "")
        if not text.strip():
            return
        metrics, to_widget = QFontMetricsF(painter.font()), painter.worldTransform()
        if isinstance(place, QPoint | QPointF):
            ink = metrics.tightBoundingRect(text).translated(QPointF(place))
            self._keep(device, text, to_widget.mapRect(ink), None)
            return
        room = QRectF(place)
        whole = metrics.boundingRect(room, flags, text)
        if "\n" not in text and not flags & Qt.TextFlag.TextWordWrap.value:
            tight = metrics.tightBoundingRect(text)
            tight.moveTop(whole.top() + metrics.ascent() + tight.top())
            whole.setTop(tight.top())
            whole.setBottom(tight.bottom())
        self._keep(device, text, to_widget.mapRect(whole), to_widget.mapRect(room))

    def _keep(self, widget: QWidget, text: str, ink: QRectF, room: QRectF | None) -> None:
        self.painted.append(Painted(widget, text, ink, room))


@contextmanager
def recording() -> Iterator[Recorder]:
    """Note what is painted and shortened meanwhile."""
    recorder = Recorder()
    draw = QPainter.drawText

    def noted(painter: QPainter, *arguments: Any) -> Any:
        recorder.note(painter, arguments)
        return draw(painter, *arguments)

    def shortener(shorten: Callable[..., str]) -> Callable[..., str]:
        def shortened(metrics: Any, text: str, *arguments: Any) -> str:
            short = shorten(metrics, text, *arguments)
            if short != text:
                recorder.elided.add(short)
            return short

        return shortened

    with ExitStack() as patches:
        patches.enter_context(patch.object(QPainter, "drawText", noted))
        for kind in (QFontMetrics, QFontMetricsF):
            shortened = shortener(kind.elidedText)
            patches.enter_context(patch.object(kind, "elidedText", shortened))
        yield recorder


def faults(window: QWidget, recorder: Recorder) -> list[str]:
    """Return what is wrong with the texts that are seen: each cut one, each overlapping pair.

    The window is painted as it stands.

    Args:
        window: Whatever it shows.
        recorder: Of the ``recording`` that goes on; what was shortened since it began is known.
    """
    recorder.painted.clear()
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # a label that was written again
    window.grab()
    return [*_of_widgets(window, recorder), *_of_painted(recorder), *_of_scenes(window, recorder)]


# ---- texts of Qt's widgets ----


def _of_widgets(window: QWidget, recorder: Recorder) -> Iterator[str]:
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        for text, needed, room in _texts(widget):
            if text.strip() and (needed > room + SPARE or text in recorder.elided):
                yield f"cut: {named(widget)}: “{text}” needs {needed:.0f}, has {room:.0f} px"
        if any(True for _ in _texts(widget)):
            yield from _clipped(widget, window)
        lab = widget.widget() if isinstance(widget, QScrollArea) else None
        if isinstance(widget, QScrollArea) and isinstance(lab, DockedLab):
            bars = widget.horizontalScrollBar(), widget.verticalScrollBar()
            if any(bar.maximum() > 0 for bar in bars):
                yield f"cut: {named(lab)} has no room and scrolls"
        if widget.objectName() == EXTENSION:
            yield "cut: the tool bar hides some of its tools"


def _texts(widget: QWidget) -> Iterator[Need]:
    """Return each text of a widget with the width or height it needs and has [px]."""
    match widget:
        case QLabel():
            yield from _label(widget)
        case QTabBar():
            yield from _tabs(widget)
        case QComboBox():
            yield _combo(widget)
        case QAbstractSpinBox():
            yield _spin(widget)
        case QLineEdit() if not isinstance(widget.parent(), QAbstractSpinBox | QComboBox):
            shown = widget.text() or widget.placeholderText()
            yield shown, _width(widget, shown), widget.contentsRect().width() - 4
        case QAbstractButton():
            yield from _button(widget)
        case QDockWidget() if not widget.titleBarWidget():
            yield _dock(widget)
        case QAbstractItemView():
            yield from _cells(widget)


def _combo(combo: QComboBox) -> Need:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    kind, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    room = combo.style().subControlRect(kind, option, part, combo).width()
    icon = 0 if combo.itemIcon(combo.currentIndex()).isNull() else combo.iconSize().width() + 4
    return combo.currentText(), _width(combo, combo.currentText()) + icon, room


def _spin(spin: QAbstractSpinBox) -> Need:
    option = QStyleOptionSpinBox()
    spin.initStyleOption(option)
    kind, part = QStyle.ComplexControl.CC_SpinBox, QStyle.SubControl.SC_SpinBoxEditField
    margins = spin.lineEdit().textMargins()
    room = spin.style().subControlRect(kind, option, part, spin).width()
    return spin.text(), _width(spin, spin.text()), room - margins.left() - margins.right()


def _dock(dock: QDockWidget) -> Need:
    option = QStyleOptionDockWidget()
    dock.initStyleOption(option)
    part = QStyle.SubElement.SE_DockWidgetTitleBarText
    room = dock.style().subElementRect(part, option, dock).width()
    return dock.windowTitle(), _width(dock, dock.windowTitle()), room


def _label(label: QLabel) -> Iterator[Need]:
    text, room = label.text(), label.contentsRect()
    if not text or label.pixmap():
        return
    if label.wordWrap():
        yield text, label.heightForWidth(label.width()), label.height()
        longest = max(_plain(text).split(), key=len, default="")
        yield longest, _width(label, longest), room.width()
    else:
        own_hint = type(label) is QLabel  # others say less where there is less room
        lines = text.split("\n")
        widest = max(_width(label, line) for line in lines)
        yield text, label.sizeHint().width() if own_hint else widest, label.width()
        spaces = (len(lines) - 1) * label.fontMetrics().lineSpacing()
        last = label.fontMetrics().tightBoundingRect(_plain(lines[-1])).height()
        yield text, spaces + last, label.height()


def _plain(text: str) -> str:
    if not re.search(r"<\w+", text):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


def _tabs(bar: QTabBar) -> Iterator[Need]:
    for place in range(bar.count()):
        if bar.isTabVisible(place):
            rect = bar.tabRect(place)
            text = bar.tabText(place).replace("&", "")
            in_sight = rect.intersected(bar.rect()).width()
            yield text, _width(bar, text) + 8, in_sight if in_sight > 0 else 0


def _button(button: QAbstractButton) -> Iterator[Need]:
    text = button.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
    if not text:
        return
    lines = max(text.split("\n"), key=lambda line: _width(button, line))
    icon = 0 if button.icon().isNull() else button.iconSize().width() + 4
    if isinstance(button, QToolButton):
        if button.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly and icon:
            return
        yield text, _width(button, lines) + 2, button.width()
        return
    option = QStyleOptionButton()
    if isinstance(button, QPushButton):
        button.initStyleOption(option)
        part = QStyle.SubElement.SE_PushButtonContents
    else:
        option.initFrom(button)
        checks = isinstance(button, QCheckBox)
        contents = QStyle.SubElement
        part = contents.SE_CheckBoxContents if checks else contents.SE_RadioButtonContents
    room = button.style().subElementRect(part, option, button).width()
    yield text, _width(button, lines) + icon, room


def _cells(view: QAbstractItemView) -> Iterator[Need]:
    """Return the texts of the cells in sight that Qt itself paints."""
    model = view.model()
    if model is None or type(view).__module__.startswith("convlab.ui.stack.layer_list"):
        return
    rows, columns = model.rowCount(view.rootIndex()), model.columnCount(view.rootIndex())
    for row in range(rows):
        for column in range(columns):
            index = model.index(row, column, view.rootIndex())
            rect = view.visualRect(index)
            text = index.data()
            if isinstance(text, str) and rect.intersects(view.viewport().rect()):
                yield text, view.sizeHintForIndex(index).width(), rect.width()


def _clipped(widget: QWidget, window: QWidget) -> Iterator[str]:
    """Say of a widget that it reaches beyond what holds it, where nothing scrolls it there."""
    below, rect = widget, QRect(widget.rect())
    while below is not window:
        parent = below.parentWidget()
        if parent is None:
            return
        rect = QRect(below.mapTo(parent, rect.topLeft()), rect.size())
        inside = parent.rect()
        is_wide = rect.left() < inside.left() - 1 or rect.right() > inside.right() + 1
        is_high = rect.top() < inside.top() - 1 or rect.bottom() > inside.bottom() + 1
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:  # a list, too
            if is_wide and _cannot_scroll(area):
                yield f"cut: {named(widget)} is {rect.width()} px wide, beyond {named(area)}"
            if is_wide or is_high:
                return  # the rest comes into sight by scrolling
        elif is_wide or is_high:
            yield f"cut: {named(widget)} reaches beyond {named(parent)}"
            return
        below = parent


def _cannot_scroll(area: QAbstractScrollArea) -> bool:
    never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    return area.horizontalScrollBarPolicy() is never


def _width(widget: QWidget, text: str) -> float:
    return float(widget.fontMetrics().horizontalAdvance(text))


# ---- painted texts ----


def _of_painted(recorder: Recorder) -> Iterator[str]:
    latest = {}
    for each in recorder.painted:  # what is painted twice counts once
        key = (id(each.widget), each.text, round(each.ink.x()), round(each.ink.y()))
        latest[key] = each
    by_widget: dict[int, list[Painted]] = {}
    for each in latest.values():
        by_widget.setdefault(id(each.widget), []).append(each)
        yield from _cut(each, recorder)
    for texts in by_widget.values():
        yield from _overlaps(texts)


def _cut(each: Painted, recorder: Recorder) -> Iterator[str]:
    where = f"{named(each.widget)}: “{each.text}”"
    if any(line in recorder.elided for line in (each.text, *each.text.split("\n"))):
        yield f"cut: {where} is shortened"
        return
    if each.room is not None:
        wide = each.ink.width() - each.room.width()
        high = each.ink.height() - each.room.height()
        if wide > SPARE or high > SPARE:
            room = f"{each.room.width():.0f} × {each.room.height():.0f}"
            needed = f"{each.ink.width():.0f} × {each.ink.height():.0f}"
            yield f"cut: {where} needs {needed}, has {room} px"
            return
    inside = QRectF(each.widget.rect()).adjusted(-SPARE, -SPARE, SPARE, SPARE)
    if not inside.contains(each.ink) and inside.intersects(each.ink):
        yield f"cut: {where} leaves its widget"


def _overlaps(texts: list[Painted]) -> Iterator[str]:
    for one, other in combinations(texts, 2):
        common = one.ink & other.ink
        if common.width() > SAME_LINE and common.height() > SAME_LINE:
            yield f"overlap: {named(one.widget)}: “{one.text}” and “{other.text}”"


def _of_scenes(window: QWidget, recorder: Recorder) -> Iterator[str]:
    """Look at the texts that are items of scenes."""
    for view in window.findChildren(QGraphicsView):
        if not view.isVisible() or view.scene() is None:
            continue
        texts: list[Painted] = []
        for item in view.items(view.viewport().rect()):
            if isinstance(item, QGraphicsSimpleTextItem) and item.isVisible() and item.text():
                rect = QRectF(view.mapFromScene(item.sceneBoundingRect()).boundingRect())
                texts.append(Painted(view, item.text(), rect.adjusted(1, 2, -1, -2), None))
                if item.text().endswith("…"):
                    yield f"cut: {named(view)}: “{item.text()}” is shortened"
        yield from _overlaps(texts)


def named(widget: QWidget) -> str:
    """Say which widget it is."""
    at: QWidget | None = widget
    while at is not None and not (at.objectName() and not at.objectName().startswith("qt_")):
        at = at.parentWidget()
    name = at.objectName() if at is not None else "?"
    return name if at is widget else f"{type(widget).__name__} in {name}"
