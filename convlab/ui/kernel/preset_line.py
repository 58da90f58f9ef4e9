"""The line above the grid: ready and own kernels, the generator, and what is done with own ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.engine.presets import Preset
from convlab.io.own_kernels import LONGEST_NAME
from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_box import ChoiceBox
from convlab.ui.choices.preset_choices import preset_choices
from convlab.ui.widgets.forms import describe, filled, tool_button

CUSTOM = "Own kernel"
OWN = Choice(CUSTOM, CUSTOM, line="None of the ready kernels.", is_offered=False)
COMMANDS = (
    ("save", "Save as own kernel…", "Keep the kernel under a name, for any session."),
    ("rename", "Rename…", "Give the own kernel in the list another name."),
    ("delete", "Delete", "Delete the own kernel in the list."),
    ("", "", ""),
    ("copy_line", "Copy as a line to share", "One line of text that others paste on their grid."),
    ("paste", "Paste", "Take a line, or a kernel in any form, from the clipboard."),
    ("write", "Write to a file…", "Write the kernel to a file for others."),
    ("read", "Read from a file…", "Add the kernels of a file to your own."),
)


class PresetLine(QWidget):
    """Shows what the kernel is called, and reports what a person wants.

    Its buttons, ``tools``, stand where there is room for them.

    Signals:
        preset_chosen: Name of a ready or own kernel.
        dials_wanted: The generator is to be opened, or closed.
        wanted: One of COMMANDS but save and rename.
        saved: Under which name.
        renamed: The old name and the new one.
    """

    preset_chosen = Signal(str)
    dials_wanted = Signal()
    wanted = Signal(str)
    saved = Signal(str)
    renamed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        tip = "Ready kernels and your own; each is a starting point to drag and type in."
        self.box = ChoiceBox("preset_combo", "Preset", tip)
        self.box.list.note = kernels.SIGN_CONVENTION
        self._own: Mapping[str, Preset] = {}
        self._weights: FloatArray = np.zeros((1, 1), np.float32)
        self._old = ""  # whose name is typed; "" is that of a new one
        self._actions: dict[str, QAction] = {}
        dials = tool_button(
            "generator_button",
            "Kernel generator",
            "Make a kernel by a formula: drag its angle, width and size.",
            "dials",
        )
        dials.clicked.connect(self.dials_wanted)
        self.tools = dials, self._make_menu()
        filled(QHBoxLayout(self), self.box, margins=(0, 0, 0, 0))
        self._name = describe(
            QLineEdit(self),
            "own_kernel_name",
            "Name of the kernel",
            "Enter keeps it, Esc leaves it.",
        )
        self._name.setMaxLength(LONGEST_NAME)
        self._name.hide()
        self._name.returnPressed.connect(self._on_name_entered)
        self._name.installEventFilter(self)
        self.box.activated.connect(self._on_activated)
        self.show_own({})

    def _make_menu(self) -> QToolButton:
        button = tool_button(
            "own_kernel_button",
            "Own kernels",
            "Save this kernel, rename, delete or share it.",
            "save",
        )
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for name, text, tip in COMMANDS:
            if not name:
                menu.addSeparator()
                continue
            action = self._actions[name] = menu.addAction(text)
            action.setObjectName(f"{name}_kernel_action")
            action.setToolTip(tip)
            action.setData(name)
        menu.triggered.connect(self._on_triggered)
        button.setMenu(menu)
        return button

    def show_own(self, own: Mapping[str, Preset]) -> None:
        """List a person's own kernels above the ready ones."""
        self._own = own
        self.box.set_choices(
            [OWN, *preset_choices(own.values()), *preset_choices(kernels.PRESETS.values())]
        )
        self.show_weights(self._weights)

    def show_weights(self, weights: FloatArray) -> str:
        """Show what a kernel is called; return what it does, in one line."""
        self._weights = weights
        found = self._named(weights)
        self.box.setCurrentText(CUSTOM if found is None else found.name)
        for name in ("rename", "delete"):
            self._actions[name].setEnabled(found is not None and found.name in self._own)
        return "" if found is None else found.description

    @property
    def name(self) -> str:
        """What the kernel is called; "" if it has no name."""
        return "" if self.box.currentText() == CUSTOM else self.box.currentText()

    def _named(self, weights: FloatArray) -> Preset | None:
        """The preset shown stays shown if it fits: some kernels have two names."""
        every = {**kernels.PRESETS, **self._own}
        shown = every.get(self.box.currentText())
        if shown is not None and np.array_equal(shown.weights, weights):
            return shown
        name = kernels.name_of(weights)
        if name is not None:
            return kernels.PRESETS[name]
        mine = (each for each in self._own.values() if np.array_equal(each.weights, weights))
        return next(mine, None)

    def _on_activated(self, index: int) -> None:
        name = self.box.itemText(index)
        if name != CUSTOM:
            self.preset_chosen.emit(name)

    def _on_triggered(self, action: QAction) -> None:
        name = str(action.data())
        if name in ("save", "rename"):
            self._ask_name(self.name if name == "rename" else "")
        else:
            self.wanted.emit(name)

    # ---- a name is typed where the list is ----

    def _ask_name(self, old: str) -> None:
        self._old = old
        self._name.setText(old or (self.name if self.name in self._own else ""))
        self._name.setPlaceholderText("Name of the kernel, then Enter")
        self._name.setGeometry(self.box.geometry())
        self._name.show()
        self._name.raise_()
        self._name.selectAll()
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_name_entered(self) -> None:
        name = self._name.text()
        self._name.hide()
        if self._old:
            self.renamed.emit(self._old, name)
        else:
            self.saved.emit(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # else the window lets go of its pinned pixel
            return True
        if is_escape and event.type() == QEvent.Type.KeyPress:
            self._name.hide()
            return True
        if event.type() == QEvent.Type.FocusOut:
            self._name.hide()
        return False
