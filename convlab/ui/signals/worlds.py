"""What the stories of the signal lab look like: one painter for each world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen

from convlab.document.signal.job import SignalShown
from convlab.document.signal.model import SignalKind
from convlab.document.signal.scenes import World
from convlab.ui.numbers import show_number
from convlab.ui.signals.signal_colors import f_color, g_color, result_color
from convlab.ui.theme import STRONG, px, theme

SOUND_SPEED = 343.0  # of air at 20 °C [m/s]
PIPS = {
    1: ((0, 0),),
    2: ((-1, -1), (1, 1)),
    3: ((-1, -1), (0, 0), (1, 1)),
    4: ((-1, -1), (1, -1), (-1, 1), (1, 1)),
    5: ((-1, -1), (1, -1), (0, 0), (-1, 1), (1, 1)),
    6: ((-1, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (1, 1)),
}
CENTER = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Moment:
    """What of a story is painted.

    Attributes:
        c: The place that is looked at, in samples.
        a: The sample of f of one of its pairs; None: there is none.
        b: The sample of g of that pair.
        product: f(a) g(b).
        total: The value at c.
        most: The largest value of the result.
        measured: f at c; 0 beyond it.
        largest: The largest value of f.
        last: The last place where the result is not zero, in samples.
        f_gap: Distance of the spikes of f [time].
        g_width: The width of g [time].
        g_height: The height of g.
        time: c as a time.
    """

    c: int
    a: int | None
    b: int | None
    product: float
    total: float
    most: float
    measured: float
    largest: float
    last: int
    f_gap: float
    g_width: float
    g_height: float
    time: float

    @classmethod
    def of(cls, shown: SignalShown, pointed: int | None) -> Moment:
        """Return what is painted of a result; of the pairs the one pointed at, or the largest."""
        terms, window, state = shown.window.terms, shown.window, shown.job.state
        a = b = None
        product = 0.0
        if len(terms.a) and terms.products.any():
            place = terms.place_of(pointed)
            if place < 0:  # rather one in which both do something
                sizes = np.abs(terms.products) * np.where((terms.a > 0) & (terms.b > 0), 2.0, 1.0)
                place = int(sizes.argmax())
            a, b = int(terms.a[place]), int(terms.b[place])
            product = float(terms.products[place])
        there = np.flatnonzero(shown.result)
        inside = 0 <= window.c < len(shown.f)
        last = int(there[-1]) + state.own_places[0] if len(there) else 0
        return cls(
            window.c,
            a,
            b,
            product,
            window.total,
            float(np.abs(shown.result).max()),
            float(shown.f[window.c]) if inside else 0.0,
            float(np.abs(shown.f).max()),
            last,
            state.f.width if state.f.kind is SignalKind.SPIKES else 0.0,
            state.g.width,
            state.g.height,
            window.c * state.step,
        )


def _ball(painter: QPainter, room: QRectF, moment: Moment) -> None:
    """A ball that is dropped twice, on a floor with places."""
    floor = room.bottom() - px(16.0)
    last = max(moment.last, moment.c, 1)
    gap = (room.width() - px(20.0)) / last

    def at(place: float, height: float = 0.0) -> QPointF:
        return QPointF(room.left() + px(10.0) + place * gap, floor - px(7.0) - height)

    painter.setPen(QPen(QColor(theme().text), 1.5))
    painter.drawLine(QPointF(room.left(), floor), QPointF(room.right(), floor))
    for place in range(last + 1):
        _write(painter, at(place) + QPointF(0, px(16.0)), str(place), theme().quiet)
    if moment.a is None or moment.b is None or not 0 <= moment.c <= last:
        _write(painter, room.center(), "No way leads there.", theme().quiet, 13)
        return
    high, low = room.height() - px(34.0), room.height() * 0.36
    steps = (
        (0, moment.a, high, f_color(), f"a = {moment.a}"),
        (moment.a, moment.c, low, g_color(), f"b = {moment.b}"),
    )
    for start, end, height, color, text in steps:
        path = QPainterPath(at(start, height))
        path.cubicTo(at((start + end) / 2, height), at((start + end) / 2, 0), at(end))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(color), 2))
        painter.drawPath(path)
        painter.setPen(QPen(QColor(theme().quiet), 1.5))
        painter.drawEllipse(at(start, height), px(6.0), px(6.0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawEllipse(at(end), px(7.0), px(7.0))
        is_below = start == 0 and (end - start) * gap > px(60.0)
        beside = at(0.28 * end, 0.25 * height) if is_below else at(end, 0.8 * height)
        beside.setX(min(beside.x() + (0 if is_below else px(26.0)), room.right() - px(20.0)))
        _write(painter, beside, text, color, 12, True)


def _dice(painter: QPainter, room: QRectF, moment: Moment) -> None:
    """Two dice and their sum."""
    if moment.a not in PIPS or moment.b not in PIPS:
        _write(painter, room.center(), f"No two dice make {moment.c}.", theme().quiet, 13)
        return
    side = min(room.height() * 0.62, room.width() * 0.25)
    dice = ((0.2, moment.a, f_color(), "a"), (0.52, moment.b, g_color(), "b"))
    for share, pips, color, name in dice:
        middle = QPointF(room.left() + share * room.width(), room.center().y() - px(8.0))
        square = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
        painter.setPen(QPen(QColor(color), 2))
        painter.setBrush(QColor(theme().panel))
        painter.drawRoundedRect(square, side * 0.18, side * 0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        for x, y in PIPS[pips]:
            spot = middle + QPointF(x, y) * side * 0.27
            painter.drawEllipse(spot, side * 0.085, side * 0.085)
        below = middle + QPointF(0, side / 2 + px(11.0))
        _write(painter, below, f"{name} = {pips}", color, 12, True)
    at = QPointF(room.left() + 0.82 * room.width(), room.center().y() - px(8.0))
    _write(painter, at, f"= {moment.c}", theme().text, 18, True)
    sign = QPointF(room.left() + 0.36 * room.width(), room.center().y() - px(8.0))
    _write(painter, sign, "+", theme().text, 18, True)


def _doses(painter: QPainter, room: QRectF, moment: Moment) -> None:
    """A glass that holds what is in the body, and the pills that were taken until now."""
    glass = QRectF(room.right() - px(70.0), room.top() + px(4.0), px(54.0), room.height() - px(24))
    share = min(max(moment.total / moment.most, 0.0), 1.0) if moment.most else 0.0
    filled = QRectF(glass)
    filled.setTop(glass.bottom() - share * glass.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(result_color()))
    painter.drawRoundedRect(filled, 4, 4)
    painter.setPen(QPen(QColor(theme().text), 1.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(glass, 4, 4)
    level = QPointF(glass.center().x(), room.bottom() - px(7.0))
    _write(painter, level, f"{show_number(moment.total, 1)} mg", theme().text, 12, True)
    taken = int(moment.time // moment.f_gap) + 1 if moment.f_gap and moment.time >= 0 else 0
    wide = (glass.left() - room.left() - px(14.0)) / 8
    for number in range(min(taken, 24)):
        row, column = divmod(number, 8)
        pill = QRectF(0, 0, wide * 0.8, px(11.0))
        pill.moveCenter(
            QPointF(room.left() + (column + 0.5) * wide, room.top() + px(14.0) + row * px(18.0))
        )
        painter.setPen(QPen(QColor(f_color()), 1.5))
        painter.setBrush(QColor(theme().panel))
        painter.drawRoundedRect(pill, 5, 5)
        painter.fillRect(QRectF(pill.topLeft(), pill.center()).adjusted(2, 2, 0, 4), _of(f_color()))
    words = f"{taken} doses after {show_number(moment.time, 1)} h"
    at = QRectF(room.left(), room.bottom() - px(16.0), glass.left() - room.left(), px(16.0))
    _line(painter, at, words, theme().text)


def _car(painter: QPainter, room: QRectF, moment: Moment) -> None:
    """A road with the car where it was measured, and where the average has it."""
    road = room.bottom() - px(26.0)
    painter.setPen(QPen(QColor(theme().quiet), 3))
    painter.drawLine(QPointF(room.left(), road), QPointF(room.right(), road))
    largest = max(moment.largest, moment.most) or 1.0
    places = ((moment.measured, f_color(), "measured", 0.34), (moment.total, result_color(), "", 1))
    for value, color, name, opacity in places:
        share = min(max(value / largest, 0.0), 1.0)
        x = room.left() + px(20.0) + share * (room.width() - px(40.0))
        painter.setOpacity(opacity)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        body = QRectF(x - px(18.0), road - px(18.0), px(36.0), px(11.0))
        painter.drawRoundedRect(body, 4, 4)
        painter.drawRoundedRect(body.adjusted(px(8.0), -px(9.0), -px(8.0), -px(7.0)), 4, 4)
        for wheel in (-px(10.0), px(10.0)):
            painter.drawEllipse(QPointF(x + wheel, road - px(6.0)), px(4.5), px(4.5))
        painter.setOpacity(1.0)
        if name:
            _write(painter, QPointF(x, road - px(40.0)), name, color, 11)
    words = (
        f"measured {show_number(moment.measured, 1)} m, average {show_number(moment.total, 1)} m"
    )
    _line(painter, QRectF(room.left(), room.bottom() - px(17.0), room.width(), px(17.0)), words)


def _echo(painter: QPainter, room: QRectF, moment: Moment) -> None:
    """Somebody who calls, and a wall that answers."""
    mouth = QPointF(room.left() + px(20.0), room.center().y() - px(8.0))
    wall = QRectF(room.right() - px(14.0), room.top(), px(12.0), room.height() - px(20.0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme().quiet))
    painter.drawRect(wall)
    painter.setBrush(QColor(f_color()))
    painter.drawEllipse(mouth, px(9.0), px(9.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    reach = wall.left() - mouth.x()
    for number in range(1, 6):
        radius = reach * number / 6
        color = QColor(f_color())
        color.setAlphaF(1 - number / 7)
        painter.setPen(QPen(color, 2))
        box = QRectF(mouth.x() - radius, mouth.y() - radius, 2 * radius, 2 * radius)
        painter.drawArc(box, -16 * 16, 32 * 16)
    back = QPointF(wall.left(), mouth.y() + px(16.0))
    color = QColor(g_color())
    color.setAlphaF(min(max(abs(moment.g_height), 0.15), 1.0))
    painter.setPen(QPen(color, 3))
    painter.drawLine(back, QPointF(mouth.x() + px(14.0), back.y()))
    far = moment.g_width * SOUND_SPEED / 2
    words = f"{show_number(moment.g_width)} s: a wall {show_number(far, 1)} m off"
    _line(painter, QRectF(room.left(), room.bottom() - px(16.0), room.width(), px(16.0)), words)


PAINTERS: Mapping[World, Callable[[QPainter, QRectF, Moment], None]] = MappingProxyType(
    {
        World.BALL: _ball,
        World.DICE: _dice,
        World.DOSES: _doses,
        World.CAR: _car,
        World.ECHO: _echo,
    }
)
"""How each world is painted."""


def words_of(world: World, moment: Moment) -> str:
    """Say what the picture shows, for those who do not see it."""
    total = show_number(moment.total)
    if moment.a is None:
        return f"c = {moment.c}: nothing leads there."
    pair = f"a = {moment.a}, b = {moment.b}, c = {moment.c}"
    match world:
        case World.DOSES:
            return f"{total} mg after {show_number(moment.time)} h"
        case World.CAR:
            return f"measured {show_number(moment.measured)} m, average {total} m"
        case World.ECHO:
            return f"the wall answers after {show_number(moment.g_width)} s"
        case _:
            return f"{pair}: {show_number(moment.product)} of {total}"


def _of(color: str) -> QColor:
    return QColor(color)


def _font(painter: QPainter, size: int, bold: bool) -> None:
    font = QFont(painter.font())
    font.setPixelSize(px(size))
    font.setWeight(STRONG if bold else QFont.Weight.Normal)
    painter.setFont(font)


def _write(
    painter: QPainter, middle: QPointF, text: str, color: str, size: int = 11, bold: bool = False
) -> None:
    """Write a text around a point."""
    _font(painter, size, bold)
    wide = painter.fontMetrics().horizontalAdvance(text) + 4.0
    high = painter.fontMetrics().height() + 2.0
    painter.setPen(QColor(color))
    room = QRectF(middle.x() - wide / 2, middle.y() - high / 2, wide, high)
    painter.drawText(room, int(CENTER), text)


def _line(painter: QPainter, room: QRectF, text: str, color: str = "") -> None:
    """Write one line, elided where it has no room."""
    _font(painter, 12, False)
    painter.setPen(QColor(color or theme().text))
    elide = Qt.TextElideMode.ElideRight
    fitting = painter.fontMetrics().elidedText(text, elide, int(room.width()))
    painter.drawText(room, int(LEFT), fitting)
