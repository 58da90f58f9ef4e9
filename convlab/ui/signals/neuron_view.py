"""One value of a convolution as a neuron: two inputs, two weights, a threshold."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from convlab.engine.arrays import AnyArray
from convlab.ui.numbers import show_number
from convlab.ui.theme import text_on, theme, value_color
from convlab.ui.widgets.forms import (
    as_panel,
    choice_box,
    decimal_box,
    describe,
    quiet_label,
    show_choice,
)
from convlab.ui.widgets.neuron_style import ACTIVATIONS, THICKEST, line_color

RADIUS = 22.0  # of a circle [px]
MOST_WEIGHT = 100.0
LAYER_COLUMNS = 4  # of the layer's matrix that are written


@dataclass(frozen=True, slots=True)
class Neuron:
    """y_n = s(w0 x_n + w1 x_(n+1) + b), with its numbers.

    Attributes:
        at: The n.
        inputs: x_n and x_(n+1).
        weights: w0 and w1.
        bias: b; the threshold is −b.
        activation: Name of s.
        drive: What s is given.
        output: y_n.
    """

    at: int
    inputs: tuple[float, float]
    weights: tuple[float, float]
    bias: float
    activation: str
    drive: float
    output: float


class NeuronPicture(QWidget):
    """Circles for the values, lines for the weights: red excites, blue inhibits."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("neuron_picture")
        self.setAccessibleName("The neuron")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(280, 110)
        self._neuron: Neuron | None = None

    def show_neuron(self, neuron: Neuron) -> None:
        """Show a neuron."""
        self._neuron = neuron
        self.update()

    def places(self) -> tuple[QPointF, QPointF, QPointF, QPointF]:
        """Return the middles of both inputs, the sum and the output."""
        width, height = min(float(self.width()), 620.0), float(self.height())
        left = (self.width() - width) / 2
        up, down = height * 0.26, height * 0.76
        middle = (up + down) / 2
        x = (left + 70, left + width * 0.55, left + width - 60)
        return QPointF(x[0], up), QPointF(x[0], down), QPointF(x[1], middle), QPointF(x[2], middle)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._neuron is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_lines(painter, self._neuron)
        self._paint_circles(painter, self._neuron)
        painter.end()

    def _paint_lines(self, painter: QPainter, neuron: Neuron) -> None:
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

    def _paint_circles(self, painter: QPainter, neuron: Neuron) -> None:
        numbers = (*neuron.inputs, neuron.drive, neuron.output)
        largest = max(abs(number) for number in numbers) or 1.0
        names = (f"x({neuron.at})", f"x({neuron.at + 1})", "sum + b", f"y({neuron.at})")
        for place, value, name in zip(self.places(), numbers, names, strict=True):
            color = value_color(value, largest)
            painter.setBrush(color)
            painter.setPen(QPen(QColor(theme().quiet), 1.5))
            painter.drawEllipse(place, RADIUS, RADIUS)
            rect = QRectF(place.x() - RADIUS, place.y() - RADIUS, 2 * RADIUS, 2 * RADIUS)
            font = QFont(self.font())
            font.setPixelSize(12)
            painter.setFont(font)
            painter.setPen(text_on(color))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, show_number(value, 2))
            painter.setPen(QColor(theme().quiet))
            self._name(painter, rect, name)

    def _name(self, painter: QPainter, circle: QRectF, name: str) -> None:
        """Write what a circle is: inputs to the left of it, the others above."""
        if circle.center().x() < self.places()[2].x() - 1:
            room = QRectF(circle.left() - 52, circle.top(), 46, circle.height())
            painter.drawText(room, _RIGHT, name)
        else:
            room = QRectF(circle.left() - 20, circle.top() - 18, circle.width() + 40, 16)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, name)

    def _label(self, painter: QPainter, at: QPointF, text: str) -> None:
        """Write on a line, on a piece of the panel's colour."""
        painter.setFont(self.font())
        wide = painter.fontMetrics().horizontalAdvance(text) + 10
        room = QRectF(at.x() - wide / 2, at.y() - 9, wide, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().panel))
        painter.drawRoundedRect(room, 4, 4)
        painter.setPen(QColor(theme().text))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


class NeuronView(QWidget):
    """A neuron and the figures that make it.

    Signals:
        weight_chosen: 0 or 1, and the weight.
        bias_chosen: The bias.
        activation_chosen: Name of the activation.
    """

    weight_chosen = Signal(int, float)
    bias_chosen = Signal(float)
    activation_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("neuron_view")
        self.setAccessibleName("One value as a neuron")
        as_panel(self)
        self.picture = NeuronPicture()
        self._weights = [
            decimal_box(
                f"neuron_weight_{number}_spin",
                f"Weight w{number}",
                "A positive weight excites: the more input, the more output. A negative one "
                "inhibits.",
                -MOST_WEIGHT,
                MOST_WEIGHT,
            )
            for number in (0, 1)
        ]
        self._bias = decimal_box(
            "neuron_bias_spin",
            "Bias",
            "Is added to the sum. The neuron wakes where the weighted inputs exceed −b: its "
            "threshold.",
            -MOST_WEIGHT,
            MOST_WEIGHT,
        )
        self._activation = describe(
            choice_box("", "", "", {}),
            "neuron_activation_combo",
            "Activation",
            "What is made of the sum. A step fires or does not; ReLU passes what is positive.",
        )
        for spin in (*self._weights, self._bias):
            spin.setSingleStep(0.1)
        self._says = quiet_label()
        self._says.setObjectName("neuron_caption")
        self._says.setWordWrap(True)
        self._layer = quiet_label()
        self._layer.setObjectName("neuron_layer")
        self._layer.setWordWrap(True)
        self.set_activations(ACTIVATIONS)
        self._arrange()
        self._weights[0].valueChanged.connect(self._on_first_changed)
        self._weights[1].valueChanged.connect(self._on_second_changed)
        self._bias.valueChanged.connect(self.bias_chosen)
        self._activation.activated.connect(self._on_activation_activated)

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setVerticalSpacing(3)
        fields = {"w0": self._weights[0], "w1": self._weights[1], "bias b": self._bias}
        for number, (name, control) in enumerate({**fields, "s": self._activation}.items()):
            row, column = divmod(number, 2)
            grid.addWidget(quiet_label(name), row, 2 * column)
            grid.addWidget(control, row, 2 * column + 1)
        self._says.setMinimumWidth(230)
        grid.addWidget(self._says, 2, 0, 1, 4)
        grid.addWidget(self._layer, 3, 0, 1, 4)
        grid.setRowStretch(4, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 6)
        layout.addWidget(self.picture, 3)
        layout.addLayout(grid, 2)

    def set_activations(self, titles: dict[str, str]) -> None:
        """Offer activations: names with their titles."""
        self._activation.clear()
        for name, title in titles.items():
            self._activation.addItem(title, name)

    def show_neuron(self, neuron: Neuron) -> None:
        """Show a neuron without telling anyone."""
        self.picture.show_neuron(neuron)
        for spin, weight in zip(self._weights, neuron.weights, strict=True):
            spin.show_number(weight)
        self._bias.show_number(neuron.bias)
        show_choice(self._activation, neuron.activation)
        self._says.setText(neuron_text(neuron))
        self.picture.setAccessibleDescription(self._says.text())

    def show_layer(self, rows: AnyArray, residual: float) -> None:
        """Write what all neurons at once come to.

        Args:
            rows: The first of the layer's matrix, ``(R, N)``.
            residual: Largest difference to the convolution.
        """
        self._layer.setText(layer_text(rows, residual))

    def _on_first_changed(self, weight: float) -> None:
        self.weight_chosen.emit(0, weight)

    def _on_second_changed(self, weight: float) -> None:
        self.weight_chosen.emit(1, weight)

    def _on_activation_activated(self, index: int) -> None:
        self.activation_chosen.emit(self._activation.itemData(index))


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def layer_text(rows: AnyArray, residual: float) -> str:
    """Say that the same neuron at every place is a banded matrix, and a convolution."""
    written = " / ".join(
        " ".join(show_number(cell, 2) for cell in row[:LAYER_COLUMNS]) + " …" for row in rows
    )
    apart = "no digit" if residual == 0.0 else show_number(residual)
    return (
        f"All at once: the rows {written} times x, plus b. That is f convolved with (w1, w0); "
        f"they differ by {apart}."
    )


def neuron_text(neuron: Neuron) -> str:
    """Say what the weights do and where the threshold is."""
    roles = [
        f"w{number} {'excites' if weight > 0 else 'inhibits' if weight < 0 else 'is not connected'}"
        for number, weight in enumerate(neuron.weights)
    ]
    reached = "above" if neuron.drive > 0 else "at" if neuron.drive == 0 else "below"
    weighted, threshold = neuron.drive - neuron.bias, -neuron.bias
    return (
        f"{roles[0]}, {roles[1]}. The weighted inputs are {show_number(weighted)}, "
        f"{reached} the threshold −b = {show_number(threshold)}."
    )
