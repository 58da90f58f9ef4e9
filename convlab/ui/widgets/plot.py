"""A plot of a few curves: quick to paint, read out under the mouse, in ranges that do not jump."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from PySide6.QtCore import QEvent, QMarginsF, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy

from convlab.engine.arrays import AnyArray
from convlab.ui.numbers import show_number
from convlab.ui.taken import Taken
from convlab.ui.theme import px, theme
from convlab.ui.widgets.plot_frame import Axis, Frame, extremes, settled
from convlab.ui.widgets.plot_trace import Ink, Trace, mark, paint_trace, table_text
from convlab.ui.widgets.tipped import Tipped

TICK_GAP = (70, 24)  # least room from tick to tick, sideways and upwards [px]
TICK_SIZE = 11  # of their texts [px]
TICK_ROOM = 15  # height of those below the plot [px]
HEAD = 19.0  # height of the captions [px]
TALL_HEAD = 28.0  # above the texts of the ticks: captions begin over them then [px]
REACH = 9.0  # a point of a curve is read out from here [px]
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

REPAINTING = (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange)


def _exact(value: float) -> str:
    return show_number(value, 6)


@dataclass(frozen=True, slots=True)
class Look:
    """How a plot is furnished.

    Attributes:
        margins: Left, above, right and below the room between the axes [px].
        x_text: Writes a tick below the plot, and x where it is read out.
        y_text: Writes a tick beside it.
        value_text: Writes a value in the legend, and where it is read out.
        x_name: What x is at first; written at the lower right.
        has_columns: Lines go up from the ticks below, too.
        row_gap: Least room from one tick of y to the next [px].
        hint: Stands in the middle while there is nothing.
        on_panel: It lies on a panel; else on the bare window.
    """

    margins: tuple[float, float, float, float] = (50.0, HEAD, 12.0, 17.0)
    x_text: Callable[[float], str] = show_number
    y_text: Callable[[float], str] = show_number
    value_text: Callable[[float], str] = _exact
    x_name: str = ""
    has_columns: bool = False
    row_gap: int = TICK_GAP[1]
    hint: str = ""
    on_panel: bool = True


class Plot(Tipped):
    """Paints traces: those that stand still once, those that move each time.

    Args:
        name: Object name.
        title: What it shows.
        look: Its axes and texts.
        tip: What it teaches; its tooltip where no value is read out.

    Signals:
        pressed: The left button went down there [px].
        dragged: The mouse moved while it is down [px].
        released: The button is up again.
        hovered: The mouse is there, no button down [px].
        left: The mouse is elsewhere.
        painted: It was painted.
    """

    pressed = Signal(QPointF)
    dragged = Signal(QPointF)
    released = Signal()
    painted = Signal()
    hovered = Signal(QPointF)
    left = Signal()

    def __init__(self, name: str, title: str, look: Look | None = None, tip: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setToolTip(f"<b>{title}</b><br>{tip}" if tip else "")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 60)
        self._look = look or Look()
        self.x_name = self._look.x_name
        self._x, self._y = Axis(), Axis()
        self._is_reset = False  # the next values get a range of their own
        self._still: tuple[Trace, ...] = ()
        self._moving: tuple[Trace, ...] = ()
        self._captions = ("", "")
        self._mark: tuple[float, str, Ink] | None = None
        self._back: QPixmap | None = None

    def sizeHint(self) -> QSize:
        return QSize(600, 150)

    @property
    def frame(self) -> Frame:
        """Where values lie."""
        room = QRectF(self.rect()).marginsRemoved(QMarginsF(*map(px, self._look.margins)))
        room.setSize(room.size().expandedTo(QSize(10, 10)))
        return Frame(room, self._x, self._y)

    @property
    def traces(self) -> tuple[Trace, ...]:
        """What is drawn, from below to above."""
        return (*self._still, *self._moving)

    # ---- what is shown ----

    def set_captions(self, left: str, right: str = "") -> None:
        """Say what is plotted, and a number that belongs to it."""
        if (left, right) != self._captions:
            self._captions = (left, right)
            self._describe()
            self.update()

    def name_x(self, name: str) -> None:
        """Say what x is."""
        if name != self.x_name:
            self.x_name = name
            self.refresh()

    def set_axes(self, x: Axis, y: Axis | None = None) -> None:
        """Choose the values between the axes; without ``y`` it stays."""
        if x.high <= x.low:
            x = Axis(x.low, x.low + 1.0, x.kind)
        y = y or self._y
        if (x, y) != (self._x, self._y):
            self._x, self._y = x, y
            self.refresh()

    def fit_values(self, *arrays: AnyArray) -> None:
        """Take a range in which all values lie; it shrinks only when little of it is used."""
        low, high = extremes(arrays)
        is_reset = self._is_reset and low < high
        wanted = settled(Axis(0.0, 0.0) if is_reset else self._y, low, high)
        self._is_reset = self._is_reset and not is_reset
        self.set_axes(self._x, wanted)

    def forget_values(self) -> None:
        """What comes next is another story: it gets a range of its own."""
        self._is_reset = True

    def set_still(self, traces: Sequence[Trace]) -> None:
        """Show what stays as it is for a while, below what moves."""
        self._still = tuple(traces)
        self._describe()
        self.refresh()

    def set_moving(self, traces: Sequence[Trace]) -> None:
        """Show what changes often."""
        self._moving = tuple(traces)
        self._describe()
        self.update()

    def set_mark(self, x: float | None, text: str = "", ink: Ink = mark) -> None:
        """Draw a line at an x, with a text beside it; None draws none."""
        self._mark = None if x is None else (x, text, ink)
        self.update()

    def refresh(self) -> None:
        """Paint all of it again."""
        self._back = None
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in REPAINTING:
            self.refresh()

    def _describe(self) -> None:
        """Say what a person who sees it reads first."""
        values = ", ".join(text for text, _ in self._legend())
        title = self.accessibleName() if values else ""
        said = f"{title}: {values}" if values else " ".join(self._captions).strip()
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)

    def _legend(self) -> list[tuple[str, Ink]]:
        """Return what stands in the legend: the name of each trace with its last value."""
        return [
            (f"{trace.name} {self._look.value_text(trace.last)}", trace.ink)
            for trace in self.traces
            if trace.name and trace.last is not None
        ]

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the traces: two columns each, x and y, with their names above."""
        return Taken(self.objectName().removesuffix("_plot"), text=table_text(self.traces))

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.drawPixmap(0, 0, self._background())
            frame = self.frame
            if not self.traces and self._look.hint:
                self._paint_hint(painter)
            else:
                self.paint_under(painter, frame)
                self._paint_mark(painter, frame)
                for trace in self._moving:
                    paint_trace(painter, frame, trace)
                self._paint_head(painter)
            self.paint_over(painter, frame)
        finally:  # a painter that outlives its widget takes the process with it
            painter.end()
        self.painted.emit()

    def paint_under(self, painter: QPainter, frame: Frame) -> None:
        """Paint what lies below what moves: a shade."""

    def paint_over(self, painter: QPainter, frame: Frame) -> None:
        """Paint what lies over all traces: handles, a dot."""

    def paint_axes(self, painter: QPainter, frame: Frame) -> None:
        """Paint the lines at the ticks, and their texts."""
        self.paint_rows(painter, frame)
        self.paint_columns(painter, frame)

    def paint_rows(self, painter: QPainter, frame: Frame) -> None:
        """Paint the lines at the ticks of y, and their texts."""
        room, line, quiet = frame.room, QColor(theme().line), QColor(theme().quiet)
        left = px(self._look.margins[0])
        for value in frame.y.ticks(max(int(room.height() / px(self._look.row_gap)), 2)):
            height = frame.at(frame.x.low, value).y()
            painter.setPen(quiet if value == 0 else line)
            painter.drawLine(QPointF(room.left(), height), QPointF(room.right(), height))
            painter.setPen(quiet)
            painter.drawText(
                QRectF(0, height - px(8), left - 6, px(16)), RIGHT, self._look.y_text(value)
            )

    def paint_columns(self, painter: QPainter, frame: Frame) -> None:
        """Paint the ticks of x, and their texts."""
        room, line, quiet = frame.room, QColor(theme().line), QColor(theme().quiet)
        _, _, right, bottom = map(px, self._look.margins)
        has_texts = bottom >= px(TICK_ROOM)
        end = room.right() + right
        if has_texts and self.x_name:
            wide = painter.fontMetrics().horizontalAdvance(self.x_name)
            label = QRectF(end - wide - 2, room.bottom() + 2, wide, px(TICK_ROOM))
            painter.setPen(quiet)
            painter.drawText(label, RIGHT, self.x_name)
            end = label.left() - 4
        for value in frame.x.ticks(int(room.width() / px(TICK_GAP[0]))):
            at = frame.at(value, frame.y.low).x()
            top = room.top() if self._look.has_columns else room.bottom()
            painter.setPen(line)
            painter.drawLine(QPointF(at, top), QPointF(at, room.bottom() + 3))
            text = self._look.x_text(value)
            wide = painter.fontMetrics().horizontalAdvance(text) + 2
            if has_texts and at + wide / 2 <= end:
                painter.setPen(quiet)
                label = QRectF(at - wide / 2, room.bottom() + 2, wide, px(TICK_ROOM))
                painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)

    def _background(self) -> QPixmap:
        """Return axes and still traces, painted only when they changed."""
        size = self.size() * self.devicePixelRatio()
        if self._back is None or self._back.size() != size:
            self._back = QPixmap(size)
            self._back.setDevicePixelRatio(self.devicePixelRatio())
            self._back.fill(QColor(theme().panel if self._look.on_panel else theme().window))
            painter = QPainter(self._back)
            small = QFont(self.font())
            small.setPixelSize(px(TICK_SIZE))
            painter.setFont(small)
            if self.traces or not self._look.hint:
                self.paint_axes(painter, self.frame)
            for trace in self._still:
                paint_trace(painter, self.frame, trace)
            painter.end()
        return self._back

    def _paint_hint(self, painter: QPainter) -> None:
        painter.setPen(QColor(theme().quiet))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(self.rect()), int(flags), self._look.hint)

    def _paint_mark(self, painter: QPainter, frame: Frame) -> None:
        if self._mark is None:
            return
        (x, text, ink), room = self._mark, frame.room
        at = frame.at(x, frame.y.low).x()
        if not room.left() <= at <= room.right():
            return
        painter.setPen(QPen(QColor(ink()), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(at, room.top()), QPointF(at, room.bottom()))
        wide = painter.fontMetrics().horizontalAdvance(text) + 8
        is_right = at + wide < room.right()
        painter.setPen(QColor(theme().text))
        label = QRectF(at + 5 if is_right else at - wide, room.top(), wide, px(18))
        painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_head(self, painter: QPainter) -> None:
        """Write the captions, and name the traces in their colours."""
        left, right = self._captions
        legend = self._legend()
        if not (left or right or legend):
            return
        start, top, after, _ = map(px, self._look.margins)
        start = 2.0 if top >= px(TALL_HEAD) else start
        room = QRectF(start, 0, self.width() - start - after, px(HEAD) - 1)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(theme().text))
        painter.drawText(room, RIGHT, right)
        needed = painter.fontMetrics().horizontalAdvance(right)
        painter.setFont(self.font())
        metrics = painter.fontMetrics()
        end = room.right() - needed
        for text, ink in reversed(legend):
            wide = metrics.horizontalAdvance(text)
            painter.setPen(QColor(ink()))
            painter.drawText(QRectF(end - wide, room.top(), wide, room.height()), RIGHT, text)
            end -= wide + 10
        painter.setPen(QColor(theme().text if legend else theme().quiet))
        width = max(end - room.left() - 12, 0)
        text = metrics.elidedText(left, Qt.TextElideMode.ElideRight, int(width))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)

    # ---- mouse ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_down = bool(event.buttons() & Qt.MouseButton.LeftButton)
        (self.dragged if is_down else self.hovered).emit(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.released.emit()

    def tip_at(self, position: QPointF) -> str:
        """What is read out: of every trace the value nearest to a place."""
        frame = self.frame
        if not frame.room.contains(position):
            return ""
        lines = [self._read_out(frame, trace, position.x()) for trace in self.traces]
        return "<br>".join(filter(None, lines))

    def _read_out(self, frame: Frame, trace: Trace, pixel: float) -> str:
        """Return ``t = 3: 0.42`` in the trace's colour, or nothing beside it."""
        if len(trace.x) == 0:
            return ""
        at = frame.room.left() + frame.x.shares(trace.x) * frame.room.width()
        nearest = int(np.abs(at - pixel).argmin())
        gap = abs(float(at[1] - at[0])) / 2 if len(at) > 1 else px(REACH)
        if abs(float(at[nearest]) - pixel) > max(gap, 2.0):
            return ""
        values = np.atleast_1d(trace.y[..., nearest])
        shown = " … ".join(self._look.value_text(float(value)) for value in values)
        x, name = show_number(float(trace.x[nearest]), 6), self.x_name or "t"
        what = f"{escape(trace.name)}, " if trace.name else ""
        return f'<span style="color:{trace.ink()}">■</span> {what}{name} = {x}: {shown}'
