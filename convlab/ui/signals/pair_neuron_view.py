"""One value of a convolution as a neuron: two inputs, two weights, a threshold."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from convlab.document.signal.pair_neuron import NeuronLayer, PairNeuron
from convlab.ui.numbers import show_number
from convlab.ui.taken import Taken
from convlab.ui.theme import px, text_on, theme, value_color
from convlab.ui.widgets.forms import STRETCH, as_panel, filled, scrolled, wrapped_label
from convlab.ui.widgets.neuron_style import ACTIVATIONS, THICKEST, line_color
from convlab.ui.widgets.param_form import ParamForm

BESIDE_FROM = 560  # a narrower view has its figures below the picture [px]
RADIUS = 22.0  # of a circle [px]
NAME_GAP = 6.0  # between a circle and its name [px]
LAYER_ROWS, LAYER_COLUMNS = 2, 4  # of the layer's matrix that are written
ALIASES = {"first": "weight_0", "second": "weight_1"}


class NeuronPicture(QWidget):
    """Circles for the values, lines for the weights: red excites, blue inhibits."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("neuron_picture")
        self.setAccessibleName("The neuron")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 110)
        self._layer: NeuronLayer | None = None

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the neuron as it is painted."""
        return Taken("neuron")

    def show_layer(self, layer: NeuronLayer) -> None:
        """Show the strongest neuron of a layer."""
        self._layer = layer
        self.update()

    def places(self) -> tuple[QPointF, QPointF, QPointF, QPointF]:
        """Return the middles of both inputs, the sum and the output."""
        width, height = min(float(self.width()), px(620.0)), float(self.height())
        left = (self.width() - width) / 2
        up, down = height * 0.26, height * 0.76
        middle = (up + down) / 2
        name = px(NAME_GAP) + QFontMetricsF(self._small()).horizontalAdvance(self._longest) + px(2)
        first, last = left + px(RADIUS) + max(name, px(44.0)), left + width - px(30)
        x = (first, (first + last) / 2, last)
        return QPointF(x[0], up), QPointF(x[0], down), QPointF(x[1], middle), QPointF(x[2], middle)

    @property
    def _longest(self) -> str:
        """The name of the second input: that of the first is no longer."""
        return f"x({self._layer.strongest + 1})" if self._layer is not None else ""

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(px(12))
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._layer is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_lines(painter, self._layer.neuron)
        self._paint_circles(painter, self._layer)
        painter.end()

    def _paint_lines(self, painter: QPainter, neuron: PairNeuron) -> None:
        first, second, middle, end = self.places()
        largest = max(abs(weight) for weight in neuron.weights) or 1.0
        for number, (start, weight) in enumerate(zip((first, second), neuron.weights, strict=True)):
            wide = 1.0 + (THICKEST - 1.0) * abs(weight) / largest
            color = line_color(weight)
            painter.setPen(QPen(color, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(start, middle)
            at = start + (middle - start) * 0.45
            self._label(painter, at, f"w{number} = {show_number(weight)}")
        painter.setPen(QPen(QColor(theme().quiet), 2))
        painter.drawLine(middle, end)
        name = ACTIVATIONS.get(neuron.activation, neuron.activation)
        self._label(painter, (middle + end) / 2, name)

    def _paint_circles(self, painter: QPainter, layer: NeuronLayer) -> None:
        at = layer.strongest
        numbers = [float(each) for each in (*layer.x[at : at + 2], layer.sums[at], layer.y[at])]
        largest = max(abs(number) for number in numbers) or 1.0
        names = (f"x({at})", f"x({at + 1})", "sum + b", f"y({at})")
        for place, value, name in zip(self.places(), numbers, names, strict=True):
            color = value_color(value, largest)
            painter.setBrush(color)
            painter.setPen(QPen(QColor(theme().quiet), 1.5))
            painter.drawEllipse(place, px(RADIUS), px(RADIUS))
            rect = QRectF(
                place.x() - px(RADIUS), place.y() - px(RADIUS), 2 * px(RADIUS), 2 * px(RADIUS)
            )
            painter.setFont(self._small())
            painter.setPen(text_on(color))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, show_number(value, 2))
            painter.setPen(QColor(theme().quiet))
            self._name(painter, rect, name)

    def _name(self, painter: QPainter, circle: QRectF, name: str) -> None:
        """Write what a circle is: inputs to the left of it, the others above."""
        if circle.center().x() < self.places()[2].x() - 1:
            right = circle.left() - px(NAME_GAP)
            room = QRectF(0, circle.top(), right, circle.height())
            painter.drawText(room, _RIGHT, name)
        else:
            wide, high = px(20.0), px(18.0)
            room = QRectF(circle.left() - wide, circle.top() - high, 2 * wide, high - px(2))
            room.setRight(circle.right() + wide)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, name)

    def _label(self, painter: QPainter, at: QPointF, text: str) -> None:
        """Write on a line, on a piece of the panel's colour."""
        painter.setFont(self.font())
        wide, high = painter.fontMetrics().horizontalAdvance(text) + px(10), px(18.0)
        room = QRectF(at.x() - wide / 2, at.y() - high / 2, wide, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().panel))
        painter.drawRoundedRect(room, 4, 4)
        painter.setPen(QColor(theme().text))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


class PairNeuronView(QWidget):
    """A neuron and the figures that make it.

    Signals:
        parameter_chosen: Name of a parameter of the neuron, and its new value.
    """

    parameter_chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("neuron_view")
        self.setAccessibleName("One value as a neuron")
        as_panel(self)
        self.picture = NeuronPicture()
        self._form = ParamForm("neuron", columns=2, aliases=ALIASES)
        self._caption, self._words = wrapped_label("neuron_caption"), wrapped_label("neuron_layer")
        for label in (self._caption, self._words):
            label.setMinimumWidth(200)
        words = QWidget()
        as_panel(words)
        parts = self._form, self._caption, self._words, STRETCH
        filled(QVBoxLayout(words), *parts, margins=(0, 0, 0, 0), spacing=0)
        column = scrolled(words, "The neuron's figures")
        self._parts = filled(
            QBoxLayout(QBoxLayout.Direction.LeftToRight, self),
            (self.picture, 3),
            (column, 2),
            margins=(10, 4, 10, 6),
        )
        self._form.parameter_chosen.connect(self.parameter_chosen)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(260), px(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the figures stand below the picture where there is no room beside it."""
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        is_narrow = self.width() < px(BESIDE_FROM)
        wanted = directions.TopToBottom if is_narrow else directions.LeftToRight
        if wanted != self._parts.direction():
            self._parts.setDirection(wanted)

    def show_neuron(self, neuron: PairNeuron) -> None:
        """Show a neuron's figures without telling anyone."""
        self._form.show_record(neuron)

    def show_layer(self, layer: NeuronLayer) -> None:
        """Show what a layer of it makes of the signal."""
        self.picture.show_layer(layer)
        self._caption.setText(neuron_text(layer))
        self._words.setText(layer_text(layer))
        self.picture.setAccessibleDescription(self._caption.text())


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def layer_text(layer: NeuronLayer) -> str:
    """Say that the same neuron at every place is a banded matrix, and a convolution."""
    written = " / ".join(
        " ".join(show_number(cell, 2) for cell in row[:LAYER_COLUMNS]) + " …"
        for row in layer.matrix[:LAYER_ROWS]
    )
    apart = "no digit" if layer.residual == 0.0 else show_number(layer.residual)
    return (
        f"All at once: the rows {written} times x, plus b. That is f convolved with (w1, w0); "
        f"they differ by {apart}."
    )


def neuron_text(layer: NeuronLayer) -> str:
    """Say what the weights do and where the threshold is."""
    neuron, drive = layer.neuron, float(layer.sums[layer.strongest])
    roles = [
        f"w{number} {'excites' if weight > 0 else 'inhibits' if weight < 0 else 'is not connected'}"
        for number, weight in enumerate(neuron.weights)
    ]
    reached = "above" if drive > 0 else "at" if drive == 0 else "below"
    weighted, threshold = drive - neuron.bias, -neuron.bias
    return (
        f"{roles[0]}, {roles[1]}. The weighted inputs are {show_number(weighted)}, "
        f"{reached} the threshold −b = {show_number(threshold)}."
    )
