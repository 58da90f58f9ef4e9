"""A neuron that is edited where it is painted: weights, threshold and inputs are dragged."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from convlab.document.learning.neuron import (
    INPUTS,
    LARGEST_THRESHOLD,
    LARGEST_WEIGHT,
    Neuron,
    NeuronInput,
)
from convlab.document.learning.neuron_view import NeuronShown
from convlab.runtime.timers import single_shot
from convlab.ui.learning.neuron_layout import NARROWEST, NeuronLayout, axis_of
from convlab.ui.learning.neuron_paint import Scene, paint_neuron
from convlab.ui.numbers import show_exact, show_weight
from convlab.ui.taken import Taken
from convlab.ui.theme import theme
from convlab.ui.widgets.cell_editor import CellEditor
from convlab.ui.widgets.digit_keys import DigitKeys
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.kernel_grid import DRAG_STEP, DRAG_THRESHOLD, IDLE, WHEEL_STEP, drag_speed
from convlab.ui.widgets.number_grid import Canvas, GridTip, Tip
from convlab.ui.widgets.plot_frame import Axis
from convlab.ui.widgets.tipped import Tipped

TIP = (
    "Each input is multiplied by its weight: the line's colour and thickness. Red excites, blue "
    "inhibits. Drag a weight or the threshold up or down, double-click it to type; by keyboard, "
    "left and right choose, up and down change."
)


class Kind(Enum):
    """What can be dragged."""

    WEIGHT = "weight"
    THRESHOLD = "threshold"
    INPUT = "input"


class Part(NamedTuple):
    """One thing that can be dragged; ``number`` counts weights and inputs."""

    kind: Kind
    number: int = 0


THRESHOLD = Part(Kind.THRESHOLD)
LIMITS = {
    Kind.WEIGHT: (-LARGEST_WEIGHT, LARGEST_WEIGHT),
    Kind.THRESHOLD: (-LARGEST_THRESHOLD, LARGEST_THRESHOLD),
    Kind.INPUT: (0.0, 1.0),
}


class _Drag(NamedTuple):
    """A drag: the part, its value where it began, and the value of a pixel upwards."""

    part: Part
    start: QPointF
    value: float
    per_pixel: float


class NeuronDiagram(Tipped):
    """Paints a neuron and takes what is done to it.

    Signals:
        weight_edited: Index and value.
        threshold_edited: The value.
        input_edited: Index and value; only while the inputs are set by hand.
        gesture_ended: What was dragged or nudged is one step.
        part_selected: Something else is selected.
        rejected: Why what was typed is no number; empty takes the message back.
    """

    weight_edited = Signal(int, float)
    threshold_edited = Signal(float)
    input_edited = Signal(int, float)
    gesture_ended = Signal()
    part_selected = Signal()
    rejected = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        describe(self, "single_neuron_diagram", "The neuron", TIP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(round(NARROWEST), 264)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._neuron = Neuron()
        self._title = ""
        self._shown: NeuronShown | None = None
        self._selected = Part(Kind.WEIGHT, 2)
        self._drag: _Drag | None = None
        self._is_dragging = False
        self._axis: Axis | None = None
        self._tips: list[Tip | GridTip] = []
        self._digits = DigitKeys(self)
        self._editor = CellEditor(self, "single_neuron_editor")
        self._editor.accepted.connect(self._on_accepted)
        self._editor.went_on.connect(self._step)
        self._editor.rejected.connect(self.rejected)
        self._idle = single_shot(self, IDLE, self.gesture_ended)

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the diagram as it is painted."""
        return Taken("neuron")

    def sizeHint(self) -> QSize:
        return QSize(1000, 400)

    # ---- what is shown ----

    @property
    def selected(self) -> Part:
        """What the keyboard changes."""
        return self._selected

    @property
    def places(self) -> NeuronLayout:
        """Where everything is painted."""
        return NeuronLayout(float(self.width()), float(self.height()))

    def rect_of(self, part: Part) -> QRectF:
        """Where a part is taken hold of."""
        if part.kind is Kind.WEIGHT:
            return self.places.weight(part.number)
        if part.kind is Kind.THRESHOLD:
            return self.places.threshold(self._present_axis(), self._neuron.threshold)
        return self.places.cell(part.number)

    def show_neuron(self, neuron: Neuron, title: str) -> None:
        """Show what the document holds; ``title`` is that of its activation."""
        self._neuron, self._title = neuron, title
        if self._selected not in self._parts():
            self._select(Part(Kind.WEIGHT, self._selected.number))
        self.update()

    def show_result(self, shown: NeuronShown) -> None:
        """Show what was computed of it; a live picture alone does not change inputs by hand."""
        before, self._shown = self._shown, shown
        if before is None or _figures(before) != _figures(shown):
            self.update()

    def select_weight(self, number: int) -> None:
        """Let the keyboard change a weight, and the words speak of it."""
        self._select(Part(Kind.WEIGHT, number))

    def _parts(self) -> list[Part]:
        """Everything that can be changed, in the keyboard's order."""
        weights = [Part(Kind.WEIGHT, index) for index in range(INPUTS)]
        by_hand = self._neuron.source is NeuronInput.HAND
        inputs = [Part(Kind.INPUT, index) for index in range(INPUTS)] if by_hand else []
        return [*inputs, *weights, THRESHOLD]

    def _value(self, part: Part) -> float:
        if part.kind is Kind.WEIGHT:
            return self._neuron.weights[part.number]
        if part.kind is Kind.THRESHOLD:
            return self._neuron.threshold
        return self._neuron.by_hand[part.number]

    def _present_axis(self) -> Axis:
        """Return the axis; it stands still while something is dragged along it."""
        if self._axis is not None:
            return self._axis
        return Axis(-1.0, 1.0) if self._shown is None else axis_of(self._neuron, self._shown)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._shown is None:
            return
        painter = QPainter(self)
        canvas = Canvas(painter, self.font())
        axis = self._present_axis()
        try:
            paint_neuron(canvas, Scene(self._neuron, self._shown, self.places, axis, self._title))
            self._paint_selection(painter)
        finally:  # a painter that outlives its widget takes the process with it
            painter.end()
        self._tips = canvas.tips

    def _paint_selection(self, painter: QPainter) -> None:
        if self.hasFocus() or self._is_dragging:
            painter.setPen(QPen(QColor(theme().accent), 2))
            painter.drawRoundedRect(self.rect_of(self._selected).adjusted(-2, -2, 2, 2), 10, 10)

    # ---- mouse ----

    def part_at(self, position: QPointF) -> Part | None:
        """Return what can be dragged at a place; a circle is its input, too."""
        places, found = self.places, None
        for part in self._parts():
            rect = self.rect_of(part).adjusted(-3, -1, 3, 1)
            if rect.contains(position):
                found = part
            elif part.kind is Kind.INPUT:
                away = position - places.input(part.number)
                if away.manhattanLength() <= places.radius:
                    found = part
        return found

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._editor.finish()
        part = self.part_at(event.position())
        if part is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        self._end_gesture()  # whatever the wheel or the keys did before is a step of its own
        self._select(part)
        self._drag = _Drag(part, event.position(), self._value(part), self._per_pixel(part))

    def _per_pixel(self, part: Part) -> float:
        if part.kind is not Kind.THRESHOLD:
            return DRAG_STEP
        self._axis = self._present_axis()
        return (self._axis.high - self._axis.low) / self.places.bars.height()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._follow(event)
            return
        is_part = self.part_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.SizeVerCursor if is_part else Qt.CursorShape.ArrowCursor)

    def _follow(self, event: QMouseEvent) -> None:
        assert self._drag is not None
        part, start, value, per_pixel = self._drag
        moved = event.position() - start
        if not self._is_dragging and moved.manhattanLength() < DRAG_THRESHOLD:
            return
        self._is_dragging = True
        step = per_pixel * drag_speed(event.modifiers())
        self._offer(part, round(value - step * moved.y(), 2 if part is THRESHOLD else 4))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, was_dragged = self._drag, self._is_dragging
        self._drag, self._is_dragging, self._axis = None, False, None
        if was_dragged:
            self.gesture_ended.emit()
        elif drag is not None and drag.part.kind is Kind.INPUT:
            self._offer(drag.part, 0.0 if drag.value > 0.5 else 1.0)
            self.gesture_ended.emit()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        part = self.part_at(event.position())
        if part is not None and part.kind is not Kind.INPUT:
            self._select(part)
            self._open_editor(show_weight(self._value(part)))
        else:
            self.mousePressEvent(event)  # two quick clicks are two clicks

    def tip_at(self, position: QPointF) -> str | None:
        part = self.part_at(position)
        if part is not None:
            number = "" if part is THRESHOLD else f" {part.number + 1}"
            name = f"{part.kind.value.capitalize()}{number} = {show_exact(self._value(part))}"
            return f"<b>{name}</b><br>{_TIPS[part.kind]}"
        found = (tip.at(position) for tip in self._tips)
        return next((text for text in found if text is not None), None)

    # ---- keyboard ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = Qt.Key(event.key()), event.text()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._end_gesture()
            self._step(1 if key is Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            change = WHEEL_STEP if key is Qt.Key.Key_Up else -WHEEL_STEP
            self._nudge(change * drag_speed(event.modifiers()))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._open_editor(show_weight(self._value(self._selected)))
        elif self._digits.begins(event):
            self._open_editor(text, is_all=False)
        else:
            super().keyPressEvent(event)

    def _step(self, parts: int, rows: int = 0) -> None:
        """Select the part so many further on; each is a row of its own."""
        found = self._parts()
        self._select(found[(found.index(self._selected) + parts + rows) % len(found)])

    def _select(self, part: Part) -> None:
        if part != self._selected:
            self._selected = part
            self.part_selected.emit()
            self.update()

    def _nudge(self, change: float) -> None:
        self._offer(self._selected, round(self._value(self._selected) + change, 4))
        self._idle.start()

    def _end_gesture(self) -> None:
        self._idle.stop()
        self.gesture_ended.emit()

    def _offer(self, part: Part, value: float) -> None:
        self.rejected.emit("")
        if part.kind is Kind.WEIGHT:
            self.weight_edited.emit(part.number, value)
        elif part.kind is Kind.THRESHOLD:
            self.threshold_edited.emit(value)
        else:
            self.input_edited.emit(part.number, value)

    # ---- typing ----

    def _open_editor(self, text: str, is_all: bool = True) -> None:
        self._end_gesture()
        limits = LIMITS[self._selected.kind]
        self._editor.open(self.rect_of(self._selected), text, is_all, limits)

    def _on_accepted(self, value: float) -> None:
        self._offer(self._selected, value)
        self.gesture_ended.emit()


def _figures(shown: NeuronShown) -> tuple[object, ...]:
    """Return everything that is painted of a result."""
    brightest = shown.outputs.scale.high
    return shown.neuron, shown.inputs, shown.total, shown.output, shown.white, brightest


_TIPS = {
    Kind.WEIGHT: "Drag up or down; double-click to type. Below zero it inhibits.",
    Kind.THRESHOLD: (
        "What the sum must exceed. It is the bias with the other sign: threshold = −bias. Drag up "
        "or down; double-click to type."
    ),
    Kind.INPUT: "Click for 0 or 1, or drag up or down.",
}
