"""What can be changed of one layer: a panel beside its card, over the maps."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from convlab.layers import Layer
from convlab.layers.catalog import entry_of
from convlab.ui.widgets.forms import (
    STRETCH,
    as_panel,
    check_box,
    describe,
    filled,
    quiet_label,
    wrapped_label,
)
from convlab.ui.widgets.param_form import ParamForm

WIDTH = 268  # [px]


class LayerForm(QFrame):
    """Shows a layer and reports what a person wants changed of it.

    Signals:
        closed: It is to be closed.
        toggled: It is to be switched on or off.
        moved: It is to go so many places on.
        duplicated: A copy is to stand behind it.
        removed: It is to be taken out.
    """

    closed = Signal()
    toggled = Signal()
    moved = Signal(int)
    duplicated = Signal()
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_form")
        self.setAccessibleName("The chosen layer")
        as_panel(self)
        self.setFixedWidth(WIDTH)
        self.form = ParamForm()
        self._title = quiet_label(role="title", name="layer_title")
        self._shape = quiet_label(name="layer_shape")
        self._says = wrapped_label("layer_summary")
        self._on = check_box(
            "layer_on_check",
            "Layer on or off",
            "A layer that is switched off hands its input on unchanged (Return).",
            "on",
        )
        self._close = _button("layer_close_button", "Close", "Close the form (Esc).", "×")
        self._earlier = _button(
            "layer_earlier_button", "Earlier", "One place nearer to the picture (Alt+Up).", "↑"
        )
        self._later = _button(
            "layer_later_button", "Later", "One place further on (Alt+Down).", "↓"
        )
        self._duplicate = _button(
            "duplicate_layer_button",
            "Duplicate",
            "Put a copy behind the chosen layer (Ctrl+D).",
            "Duplicate",
        )
        self._remove = _button(
            "remove_layer_button", "Remove", "Take the chosen layer out (Delete).", "Remove"
        )
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        self._inner = QWidget()
        as_panel(self._inner)
        filled(
            QVBoxLayout(self._inner), self._says, (self.form, 1), margins=(0, 0, 0, 0), spacing=6
        )
        self._area = QScrollArea()
        self._area.setAccessibleName("What can be changed of the layer")
        self._area.setWidget(self._inner)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        moves = filled(QHBoxLayout(), self._on, STRETCH, self._earlier, self._later, spacing=2)
        filled(
            QVBoxLayout(self),
            filled(QHBoxLayout(), self._title, STRETCH, self._close),
            self._shape,
            moves,
            (self._area, 1),
            filled(QHBoxLayout(), self._duplicate, self._remove, STRETCH, spacing=2),
            margins=(12, 6, 8, 8),
            spacing=4,
        )

    def _connect(self) -> None:
        self._close.clicked.connect(self.closed)
        self._on.clicked.connect(self.toggled)
        self._earlier.clicked.connect(self._on_earlier)
        self._later.clicked.connect(self._on_later)
        self._duplicate.clicked.connect(self.duplicated)
        self._remove.clicked.connect(self.removed)

    def show_layer(self, title: str, shape: str, layer: Layer | None, is_on: bool) -> None:
        """Show what can be chosen of a layer.

        Args:
            title: Number and name.
            shape: Of its result, in words.
            layer: None is an empty form.
            is_on: It is not switched off.
        """
        self._title.setText(title)
        self._shape.setText(shape)
        self._says.setText("" if layer is None else entry_of(layer).summary)
        self._on.setChecked(is_on)
        self.form.show_record(layer)

    def wanted_height(self) -> int:
        """Return the height in which nothing needs to be scrolled [px]."""
        others = self.sizeHint().height() - self._area.sizeHint().height()
        words = self._says.heightForWidth(self.width() - 24)
        return others + words + self.form.sizeHint().height() + 12

    def _on_earlier(self) -> None:
        self.moved.emit(-1)

    def _on_later(self) -> None:
        self.moved.emit(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _button(name: str, label: str, tip: str, text: str) -> QToolButton:
    button = describe(QToolButton(), name, label, tip)
    button.setText(text)
    return button
