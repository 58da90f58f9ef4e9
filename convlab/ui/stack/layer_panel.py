"""The builder: ready stacks, how the picture goes in, the list of layers, the chosen one's form."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from convlab.document.stack.model import InputSpace, StackState
from convlab.layers import Layer
from convlab.layers.catalog import entries, entry_of
from convlab.paths import sample_stacks
from convlab.ui.stack.layer_list import LayerList
from convlab.ui.widgets.forms import (
    as_panel,
    choice_box,
    combo_box,
    describe,
    let_type,
    quiet_label,
    show_choice,
)
from convlab.ui.widgets.message_bar import MessageBar
from convlab.ui.widgets.param_form import ParamForm

SPACES = {InputSpace.RGB: "RGB", InputSpace.GREY: "Grey"}
SIZES = ((480, 640), (240, 320), (128, 128), (64, 64), (32, 32))  # (rows, columns)
HINT = "Choose a layer to see what can be changed of it."
DIGIT_TIP = (
    "Cut out the digit",
    "A network knows only what it has seen. The bundled digits fill a box of 32 × 32 in lines of "
    "one width, and each of their 8 × 8 numbers counts the ink in a block of 4 × 4. This makes the "
    "same of the picture: what differs from its border is ink, dark on light or light on dark. "
    "Show a digit on paper to the camera, or draw one; then switch it off and see what becomes of "
    "the answer.",
)
AS_IT_IS = "as it is"


class LayerPanel(QWidget):
    """Shows a stack and reports what a person wants changed.

    Signals:
        stack_chosen: Path of a ready stack.
        title_chosen: What the stack is to be called.
        space_chosen: Name of an InputSpace.
        size_chosen: (rows, columns), or None for the picture as it is.
        digit_toggled: Whether the digit in the picture is to be cut out.
        layer_added: Kind of the new layer.
        parameter_chosen: (name, value) of the chosen layer.
    """

    stack_chosen = Signal(str)
    title_chosen = Signal(str)
    space_chosen = Signal(str)
    size_chosen = Signal(object)
    digit_toggled = Signal(bool)
    layer_added = Signal(str)
    parameter_chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self._stacks = self._stack_combo()
        self._space = choice_box(
            "input_space_combo",
            "Channels of the input",
            "The planes of the picture that enter the first layer: three, or their grey mixture.",
            SPACES,
        )
        self._size = self._size_combo()
        self._digit = describe(QCheckBox("Cut out the digit"), "cut_digit_check", *DIGIT_TIP)
        self.list = LayerList()
        self.form = ParamForm()
        self.message = MessageBar("stack_message")
        self._title = quiet_label(role="title")
        self._says = quiet_label()
        self._says.setObjectName("layer_summary")
        self._says.setWordWrap(True)
        self._totals = quiet_label()
        self._totals.setObjectName("stack_totals")
        # Its length follows the numbers; the panel's width must not.
        self._totals.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._totals.setToolTip(
            "<b>The whole stack</b><br>Numbers to learn, multiply-adds for one picture, and the "
            "memory of all its maps."
        )
        self._add = self._add_button()
        self._duplicate = _small_button(
            "duplicate_layer_button", "Duplicate", "Put a copy behind the chosen layer (Ctrl+D)."
        )
        self._remove = _small_button(
            "remove_layer_button", "Remove", "Take the chosen layer out (Delete)."
        )
        self._arrange()
        self._connect()

    def _stack_combo(self) -> QComboBox:
        combo = combo_box(
            "stack_combo",
            "The stack",
            "Its name, which can be typed; and stacks to begin with. What you built can be brought "
            "back by undo.",
        )
        let_type(combo)
        for path in sample_stacks():
            combo.addItem(stack_name(path), str(path))
        combo.setCurrentIndex(-1)
        combo.setMinimumContentsLength(8)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return combo

    def _size_combo(self) -> QComboBox:
        combo = combo_box(
            "input_size_combo",
            "Size of the input",
            "The picture is cut to this aspect and scaled to this size: columns × rows [px]. "
            "Others can be typed.",
        )
        let_type(combo)
        combo.addItem(AS_IT_IS)
        for rows, columns in SIZES:
            combo.addItem(size_text((rows, columns)))
        combo.setMinimumContentsLength(8)
        return combo

    def _add_button(self) -> QToolButton:
        button = describe(
            QToolButton(),
            "add_layer_button",
            "Add a layer",
            "Put a new layer behind the chosen one, fitting what comes out there.",
        )
        button.setText("+ Add layer")
        button.setProperty("role", "button")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.setObjectName("add_layer_menu")
        menu.setToolTipsVisible(True)
        for entry in entries():
            action = menu.addAction(entry.title)
            action.setData(entry.kind)
            action.setToolTip(entry.summary)
        menu.triggered.connect(self._on_kind_triggered)
        button.setMenu(menu)
        return button

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(5)
        head.addWidget(quiet_label("Input"))
        head.addWidget(self._space)
        head.addWidget(self._size, 1)
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for button in (self._add, self._duplicate, self._remove):
            tools.addWidget(button)
        tools.addStretch(1)
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self._stacks)
        column.addLayout(head)
        column.addWidget(self._digit)
        column.addWidget(self.message)
        column.addWidget(self.list, 1)
        column.addWidget(self._totals)
        column.addLayout(tools)
        lower = QWidget()
        as_panel(lower)
        form = QVBoxLayout(lower)
        form.setContentsMargins(0, 6, 0, 0)
        form.setSpacing(4)
        form.addWidget(self._title)
        form.addWidget(self._says)
        form.addWidget(self.form, 1)
        scrolled = QScrollArea()
        scrolled.setAccessibleName("What can be changed of the layer")
        scrolled.setWidget(lower)
        scrolled.setWidgetResizable(True)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(upper)
        parts.addWidget(scrolled)
        parts.setSizes([520, 480])  # shares of the height
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 8)
        layout.addWidget(parts)

    def _connect(self) -> None:
        self._stacks.activated.connect(self._on_stack_activated)
        title = self._stacks.lineEdit()
        assert title is not None
        title.editingFinished.connect(self._on_title_entered)
        self._digit.clicked.connect(self.digit_toggled)
        self._space.activated.connect(self._on_space_activated)
        self._size.activated.connect(self._on_size_entered)
        line = self._size.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._on_size_entered)
        self._duplicate.clicked.connect(self._on_duplicate_clicked)
        self._remove.clicked.connect(self._on_remove_clicked)
        self.form.parameter_chosen.connect(self.parameter_chosen)

    def show_state(self, state: StackState) -> None:
        """Show what is not said of single layers."""
        self._state = state
        show_choice(self._space, state.input.space.value)
        self._digit.setChecked(state.input.as_digit)
        self._size.setEditText(size_text(state.input.size))
        self._stacks.setCurrentIndex(self._stacks.findText(state.title))
        self._stacks.setEditText(state.title)

    def show_totals(self, text: str) -> None:
        """Say what the whole stack comes to."""
        self._totals.setText(text)

    def show_chosen(self, layer: Layer | None) -> None:
        """Show what can be chosen of a layer."""
        entry = None if layer is None else entry_of(layer)
        self._title.setText("" if entry is None else entry.title)
        self._says.setText(HINT if entry is None else entry.summary)
        self.form.show_record(layer)

    def _on_stack_activated(self, index: int) -> None:
        self.stack_chosen.emit(self._stacks.itemData(index))

    def _on_title_entered(self) -> None:
        """Tell of another name; that of a ready stack asks for this stack."""
        title = self._stacks.currentText()
        if title != self._state.title and self._stacks.findText(title) < 0:
            self.title_chosen.emit(title)
            self._stacks.setEditText(self._state.title)  # as it is if it was rejected

    def _on_space_activated(self, index: int) -> None:
        self.space_chosen.emit(self._space.itemData(index))

    def _on_size_entered(self) -> None:
        text = self._size.currentText()
        if text == size_text(self._state.input.size):
            return
        try:
            size = parse_size(text)
        except ValueError as error:
            self.message.show_message(str(error))
            self._size.setEditText(size_text(self._state.input.size))
            return
        self.message.clear()
        self.size_chosen.emit(size)

    def _on_kind_triggered(self, action: object) -> None:
        self.layer_added.emit(action.data())  # type: ignore[attr-defined]

    def _on_duplicate_clicked(self) -> None:
        if self.list.chosen is not None:
            self.list.layer_duplicated.emit(self.list.chosen)

    def _on_remove_clicked(self) -> None:
        if self.list.chosen is not None:
            self.list.layer_removed.emit(self.list.chosen)


def stack_name(path: Path) -> str:
    """Return what a ready stack is called, from the name of its file: as its title is."""
    name = path.stem.replace("-", " ")
    return re.sub(r"(?<=\d)x(?=\d)", "×", name[:1].upper() + name[1:])


def size_text(size: tuple[int, int] | None) -> str:
    """Write (rows, columns) as a size of pictures is written: columns × rows."""
    return AS_IT_IS if size is None else f"{size[1]} × {size[0]}"


def parse_size(text: str) -> tuple[int, int] | None:
    """Read columns × rows as (rows, columns); None is the picture as it is.

    Raises:
        ValueError: It is no size.
    """
    words = text.lower().replace("×", "x").replace("*", "x")
    if words.strip() == AS_IT_IS:
        return None
    parts = [part.strip() for part in words.split("x")]
    if len(parts) != 2 or not all(part.isdecimal() and int(part) for part in parts):
        raise ValueError(f"“{text}” is no size: write it as 640 × 480, or “{AS_IT_IS}”.")
    return int(parts[1]), int(parts[0])


def _small_button(name: str, label: str, tip: str) -> QToolButton:
    button = describe(QToolButton(), name, label, tip)
    button.setText(label)
    return button
