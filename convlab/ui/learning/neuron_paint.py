"""How a neuron is painted: lines as thick as weights, terms stacked to a sum, a lamp."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from convlab.document.learning.neuron import INPUTS, Neuron, NeuronInput
from convlab.document.learning.neuron_view import NeuronShown
from convlab.ui.cell_texts import rounded
from convlab.ui.learning.neuron_layout import BODY, CAPTION, FOOT, LAMP, NeuronLayout
from convlab.ui.numbers import show_exact, show_number
from convlab.ui.theme import px, text_on, theme, value_color
from convlab.ui.widgets.neuron_style import THICKEST, line_color
from convlab.ui.widgets.number_grid import CENTER, LEFT, RIGHT, Canvas
from convlab.ui.widgets.plot_frame import Axis
from convlab.ui.widgets.unit_curve import paint_graph

NAMED_FROM = 13.0  # height of a term in which its input's number has room [px]
TICKS_APART = 40.0  # numbers along the bars, at least [px]
BAR_NAMES = ("excites", "inhibits", "sum")


@dataclass(frozen=True, slots=True)
class Scene:
    """What is painted where.

    Attributes:
        neuron: As it is in the document.
        shown: As it was computed last.
        layout: The places.
        axis: Of the bars.
        title: Of the activation.
    """

    neuron: Neuron
    shown: NeuronShown
    layout: NeuronLayout
    axis: Axis
    title: str


def paint_neuron(canvas: Canvas, scene: Scene) -> None:
    """Paint everything but the marks of what is selected."""
    canvas.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_captions(canvas, scene)
    _paint_patch(canvas, scene)
    for index in range(INPUTS):
        _paint_line(canvas, scene, index)
    for index in range(INPUTS):
        _paint_input(canvas, scene, index)
        weight = scene.neuron.weights[index]
        paint_pill(canvas, scene.layout.weight(index), show_number(weight), line_color(weight))
    _paint_body(canvas, scene)
    _paint_bars(canvas, scene)
    _paint_threshold(canvas, scene)
    _paint_activation(canvas, scene)
    _paint_lamp(canvas, scene)


def input_color(value: float, white: float) -> QColor:
    """Return grey for what is above zero, the signed map's colour for what is below."""
    if value < 0.0:
        return value_color(value, white)
    share = round(255 * min(1.0, value / white))  # in this order NaN is white
    return QColor(share, share, share)


def paint_pill(canvas: Canvas, rect: QRectF, text: str, edge: QColor) -> None:
    """Paint a number that is dragged."""
    canvas.painter.setPen(QPen(edge, 1.5))
    canvas.painter.setBrush(QColor(theme().field))
    canvas.painter.drawRoundedRect(rect, 9, 9)
    canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
    canvas.text(rect, text, theme().text, CENTER, canvas.sized(px(12)))


def _paint_captions(canvas: Canvas, scene: Scene) -> None:
    layout = scene.layout
    where = "by hand" if scene.neuron.source is NeuronInput.HAND else "of the picture"
    free = 0.0  # where the last one ends
    for x, text, flags in (
        (layout.patch.left(), f"3×3 {where}", LEFT),
        (layout.input(0).x(), "inputs", CENTER),
        (layout.weight(0).center().x(), "weights", CENTER),
        (layout.bars.center().x(), "terms and threshold", CENTER),
        (layout.graph.center().x(), scene.title, CENTER),
        (layout.lamp.x(), "output", CENTER),
    ):
        wide = float(canvas.width_of(text) + 4)
        left = max(free, x if flags == LEFT else x - wide / 2)
        canvas.text(QRectF(left, 0, wide, px(CAPTION) - 4), text, theme().quiet, flags)
        free = left + wide + 6


def _paint_patch(canvas: Canvas, scene: Scene) -> None:
    for index, value in enumerate(scene.shown.inputs):
        rect = scene.layout.cell(index)
        color = input_color(value, scene.shown.white)
        canvas.painter.setPen(QPen(QColor(theme().quiet), 1))
        canvas.painter.setBrush(color)
        canvas.painter.drawRect(rect)
        small = canvas.sized(round(min(px(13.0), rect.height() * 0.3)))
        canvas.text(rect, rounded(value, 2), text_on(color).name(), CENTER, small)
    canvas.painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_line(canvas: Canvas, scene: Scene, index: int) -> None:
    weights = scene.neuron.weights
    weight, largest = weights[index], max(1.0, *(abs(each) for each in weights))
    wide = 1.0 + (THICKEST - 1.0) * abs(weight) / largest
    canvas.painter.setPen(QPen(line_color(weight), wide))
    canvas.painter.drawLine(scene.layout.input(index), scene.layout.body)


def _paint_input(canvas: Canvas, scene: Scene, index: int) -> None:
    layout, value = scene.layout, scene.shown.inputs[index]
    place, radius = layout.input(index), layout.radius
    color = input_color(value, scene.shown.white)
    canvas.painter.setPen(QPen(QColor(theme().quiet), 1.5))
    canvas.painter.setBrush(color)
    canvas.painter.drawEllipse(place, radius, radius)
    canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
    room = QRectF(place.x() - radius, place.y() - radius, 2 * radius, 2 * radius)
    size = round(min(12.0, radius * 0.72))
    canvas.text(room, rounded(value, 2), text_on(color).name(), CENTER, canvas.sized(size))
    name = QRectF(room.left() - 34, room.top(), 28, room.height())
    canvas.text(name, str(index + 1), theme().quiet, RIGHT)


def _paint_body(canvas: Canvas, scene: Scene) -> None:
    layout, total = scene.layout, scene.shown.total
    canvas.painter.setPen(QPen(QColor(theme().quiet), 2))
    canvas.painter.drawLine(layout.body, QPointF(layout.bars.left() - 44, layout.middle))
    color = value_color(total, max(map(abs, scene.shown.reach)) or 1.0)
    canvas.painter.setBrush(color)
    canvas.painter.drawEllipse(layout.body, px(BODY), px(BODY))
    canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
    room = QRectF(layout.body.x() - px(BODY), layout.body.y() - 11, 2 * px(BODY), 22)
    text = text_on(color).name()
    canvas.text(room.translated(0, -12), "sum", text, CENTER, canvas.sized(px(11)))
    canvas.text(room.translated(0, 4), rounded(total, 2), text, CENTER, canvas.sized(px(16), True))


def _paint_bars(canvas: Canvas, scene: Scene) -> None:
    """Stack what excites upwards from zero, hang what inhibits from its top, show what is left."""
    layout, axis, terms = scene.layout, scene.axis, scene.shown.terms
    _paint_axis(canvas, scene)
    reached = 0.0
    sums = []
    for number, sign in enumerate((1.0, -1.0)):
        begin = reached
        for index, term in enumerate(terms):
            if term * sign > 0.0:
                _paint_term(canvas, scene, number, index, reached, reached + term)
                reached += term
        sums.append(reached - begin)
    bar = layout.bar(2)
    ends = sorted((layout.level(axis, 0.0), layout.level(axis, scene.shown.total)))
    rect = QRectF(bar.left(), ends[0], bar.width(), ends[1] - ends[0])
    canvas.painter.fillRect(rect, line_color(scene.shown.total))
    _link(canvas, scene, 0, sums[0])
    _link(canvas, scene, 1, scene.shown.total)
    small = canvas.sized(px(11))
    for number, value in enumerate((*sums, scene.shown.total)):
        wide = layout.bars.width() / 3
        left = layout.bars.left() + number * wide
        below = QRectF(left, layout.bars.bottom() + 2, wide, FOOT / 2 - 1)
        canvas.text(below, rounded(value, 2), theme().text, CENTER, canvas.sized(px(13), True))
        name = below.translated(0, FOOT / 2 - 3)
        canvas.text(name, BAR_NAMES[number], theme().quiet, CENTER, small)


def _link(canvas: Canvas, scene: Scene, number: int, value: float) -> None:
    """Lead the eye from the end of a bar to the next, which goes on from there."""
    level = scene.layout.level(scene.axis, value)
    canvas.painter.setPen(QPen(QColor(theme().quiet), 1, Qt.PenStyle.DotLine))
    left, right = scene.layout.bar(number).right(), scene.layout.bar(number + 1).left()
    canvas.painter.drawLine(QPointF(left, level), QPointF(right, level))


def _paint_axis(canvas: Canvas, scene: Scene) -> None:
    layout, axis = scene.layout, scene.axis
    canvas.painter.setPen(QPen(QColor(theme().line), 1))
    canvas.painter.drawRect(layout.bars)
    zero = layout.level(axis, 0.0)
    canvas.painter.setPen(QPen(QColor(theme().quiet), 1))
    canvas.painter.drawLine(QPointF(layout.bars.left(), zero), QPointF(layout.bars.right(), zero))
    for value in axis.ticks(int(layout.bars.height() // TICKS_APART)):
        room = QRectF(layout.bars.left() - 44, layout.level(axis, value) - 8, 40, 16)
        canvas.text(room, show_number(value, 2), theme().quiet, RIGHT, canvas.sized(px(11)))


def _paint_term(
    canvas: Canvas, scene: Scene, bar: int, index: int, begin: float, end: float
) -> None:
    levels = sorted(scene.layout.level(scene.axis, value) for value in (begin, end))
    room = scene.layout.bar(bar)
    rect = QRectF(room.left(), levels[0], room.width(), levels[1] - levels[0])
    color = line_color(end - begin)
    canvas.painter.fillRect(rect, color)
    canvas.painter.setPen(QPen(QColor(theme().panel), 1))
    canvas.painter.drawRect(rect)
    if rect.height() >= px(NAMED_FROM):
        canvas.text(rect, str(index + 1), text_on(color).name(), CENTER, canvas.sized(px(11)))
    value, weight = scene.shown.inputs[index], scene.shown.neuron.weights[index]
    product = f"{show_exact(value)} × {show_exact(weight)} = {show_exact(scene.shown.terms[index])}"
    canvas.tip(rect, f"<b>Input {index + 1}</b><br>{product}")


def _paint_threshold(canvas: Canvas, scene: Scene) -> None:
    layout, value = scene.layout, scene.neuron.threshold
    level = layout.level(scene.axis, value)
    canvas.painter.setPen(QPen(QColor(theme().mark), 2, Qt.PenStyle.DashLine))
    canvas.painter.drawLine(
        QPointF(layout.bars.left(), level), QPointF(layout.bars.right() + 8, level)
    )
    pill = layout.threshold(scene.axis, value)
    paint_pill(canvas, pill, show_number(value, 2), QColor(theme().mark))


def _paint_activation(canvas: Canvas, scene: Scene) -> None:
    graph = scene.layout.graph
    paint_graph(canvas, graph, scene.shown.graph)
    canvas.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    below = QRectF(graph.left() - 20, graph.bottom() + 2, graph.width() + 40, 16)
    canvas.text(below, "sum − threshold", theme().quiet, CENTER, canvas.sized(px(11)))
    drive = rounded(scene.shown.drive, 2)
    canvas.text(below.translated(0, 15), drive, theme().text, CENTER, canvas.sized(px(13), True))


def _paint_lamp(canvas: Canvas, scene: Scene) -> None:
    """Light the lamp as strongly as the output; below zero it has the signed map's colour."""
    layout, shown = scene.layout, scene.shown
    brightest = max(shown.outputs.scale.high, shown.output)
    canvas.painter.setPen(QPen(QColor(theme().quiet), 2))
    start = QPointF(layout.graph.right() + 6, layout.middle)
    canvas.painter.drawLine(start, QPointF(layout.lamp.x() - px(LAMP), layout.middle))
    canvas.painter.setBrush(lamp_color(shown.output, brightest))
    canvas.painter.drawEllipse(layout.lamp, px(LAMP), px(LAMP))
    canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
    below = QRectF(layout.lamp.x() - 44, layout.lamp.y() + px(LAMP) + 4, 88, 22)
    canvas.text(below, rounded(shown.output, 3), theme().text, CENTER, canvas.sized(px(16), True))
    canvas.tip(below, show_exact(shown.output))
    word = "fires" if shown.fires else "silent"
    canvas.text(below.translated(0, 20), word, theme().quiet, CENTER)


def lamp_color(output: float, brightest: float) -> QColor:
    """Return the panel's colour for 0, the mark's for the brightest, in even steps between."""
    if output < 0.0:
        return value_color(output, brightest)
    dark, light = QColor(theme().window), QColor(theme().mark)
    share = min(1.0, output / brightest)
    parts = (
        (1 - share) * below + share * above
        for below, above in zip(dark.getRgb()[:3], light.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(*(round(part) for part in parts))
