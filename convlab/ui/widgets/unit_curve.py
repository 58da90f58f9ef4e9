"""Units made of one value: a function's graph, the steps of a normalisation, a copy."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from convlab.document.stack.arithmetic import Copy, Curve, Steps
from convlab.engine.arrays import FloatArray
from convlab.ui.numbers import show_exact, show_number
from convlab.ui.theme import px, theme
from convlab.ui.widgets.number_grid import CENTER, RIGHT, Canvas, Grid, signed_colors
from convlab.ui.widgets.plot_frame import Axis, Frame
from convlab.ui.widgets.plot_trace import polygon
from convlab.ui.widgets.unit_text import formula_text, step_text

TICK = 16  # room for a number below an axis [px]
LABEL = 40  # room for a number along one [px]
STEP = 26  # [px]
DOT = 4.5  # [px]


class Graph(Protocol):
    """A sampled function and a point on it: a ``Curve``, or what a neuron makes of its sum."""

    @property
    def x(self) -> float: ...
    @property
    def result(self) -> float: ...
    @property
    def inputs(self) -> FloatArray: ...
    @property
    def outputs(self) -> FloatArray: ...


def graph_frame(room: QRectF, curve: Graph) -> Frame:
    """Return where the values of a function's graph are painted in a room [screen px]."""
    low, high = float(curve.inputs[0]), float(curve.inputs[-1])
    outputs = np.append(curve.outputs, 0.0)
    inner = room.adjusted(2, 6, -2, -px(TICK))
    return Frame(inner, Axis(low, high), Axis(float(outputs.min()), float(outputs.max())))


def paint_curve(canvas: Canvas, room: QRectF, detail: Curve) -> None:
    """Paint the graph with the unit's point on it, and the formula beside it."""
    width = min(room.height() * 1.9, room.width() * 0.45)
    graph = QRectF(room.left(), room.top(), width, room.height())
    paint_graph(canvas, graph, detail)
    left = graph.right() + 28
    middle = room.top() + min(room.height() / 2, 60.0)
    formula = QRectF(left, middle - 16, room.right() - left, 30)
    text = formula_text(detail)
    fonts = (canvas.sized(size, bold=True) for size in range(17, 11, -1))
    font = next((f for f in fonts if canvas.width_of(text, f) <= formula.width()), None)
    canvas.text(formula, text, theme().text, font=font)
    canvas.tip(formula, f"{show_exact(detail.x)} → {show_exact(detail.result)}")


def paint_steps(canvas: Canvas, room: QRectF, detail: Steps) -> None:
    """Paint one step a line: what is done, and the numbers."""
    height = min(px(STEP), room.height() / len(detail.steps))
    width = max(canvas.width_of(step.label) for step in detail.steps) + 4
    for row, step in enumerate(detail.steps):
        top = room.top() + row * height
        canvas.text(QRectF(room.left(), top, width, height), step.label, theme().quiet, RIGHT)
        line = QRectF(room.left() + width + 18, top, room.width() - width - 18, height)
        canvas.text(line, step_text(step), theme().text)
        canvas.tip(line, show_exact(step.result))


def paint_copy(canvas: Canvas, room: QRectF, detail: Copy) -> None:
    """Paint a value on both sides of an arrow."""
    values = np.array([[detail.x]], np.float32)
    colors = signed_colors(values)
    first = QRectF(room.left(), room.top() + 20, 70, 30)
    before = Grid("input", values, colors, "→")
    after = Grid("result", np.array([[detail.result]], np.float32), colors)
    canvas.equation([before, after], first, gap=40)


def paint_graph(canvas: Canvas, room: QRectF, detail: Graph) -> None:
    """Paint the graph with its axes, its ends and the point on it."""
    painter, frame = canvas.painter, graph_frame(room, detail)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    low, high = float(detail.inputs[0]), float(detail.inputs[-1])
    bottom, top = (float(edge) for edge in (detail.outputs.min(), detail.outputs.max()))
    painter.setPen(QPen(QColor(theme().line), 1))
    painter.drawLine(frame.inside(low, 0.0), frame.inside(high, 0.0))
    painter.drawLine(frame.inside(0.0, min(bottom, 0.0)), frame.inside(0.0, top))
    painter.setPen(QPen(QColor(theme().accent), 2))
    painter.drawPolyline(polygon(*frame.places(detail.inputs, detail.outputs)))
    if np.isfinite(detail.x):
        _paint_point(painter, frame, detail)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    _paint_ticks(canvas, room, frame)


def _paint_ticks(canvas: Canvas, room: QRectF, frame: Frame) -> None:
    """Write round numbers along the lower edge, and beside the upright axis."""
    small = canvas.sized(px(11))
    for value in frame.x.ticks(max(1, int(room.width() // px(LABEL)))):
        text = show_number(value)
        wide = canvas.width_of(text, small) + 2.0
        left = frame.at(value, 0.0).x() - wide / 2
        left = min(max(left, room.left()), room.right() - wide)
        below = QRectF(left, room.bottom() - px(TICK), wide, px(TICK))
        canvas.text(below, text, theme().quiet, CENTER, small)
    for value in frame.y.ticks(max(1, int(room.height() // px(LABEL)))):
        if value:  # zero stands below
            at = frame.inside(0.0, value)
            beside = QRectF(at.x() - px(LABEL) - 6, at.y() - px(TICK) / 2, px(LABEL), px(TICK))
            canvas.text(beside, show_number(value), theme().quiet, RIGHT, small)


def _paint_point(painter: QPainter, frame: Frame, detail: Graph) -> None:
    point = frame.inside(detail.x, detail.result)
    painter.setPen(QPen(QColor(theme().mark), 1, Qt.PenStyle.DashLine))
    painter.drawLine(frame.inside(detail.x, 0.0), point)
    painter.drawLine(frame.inside(0.0, detail.result), point)
    painter.setPen(QPen(QColor(theme().text), 1))
    painter.setBrush(QColor(theme().mark))
    painter.drawEllipse(point, DOT, DOT)
    painter.setBrush(Qt.BrushStyle.NoBrush)
