"""A comparison in a lab: its intents become edits, and the bar shows what the document holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from convlab.document import comparison as held
from convlab.document.comparison import CompareMode, Comparison
from convlab.document.document import Lab
from convlab.runtime.session import Session
from convlab.ui.compare.compare_bar import CompareBar
from convlab.ui.lab_edits import LabEdits
from convlab.ui.widgets.forms import push_button

BLINK = 700  # each of both is seen [ms]; no part of the window may flash three times a second


class Comparing(QObject):
    """Connects the bar and the button of a lab that can hold what it edits.

    Args:
        session: Holds both.
        lab: Which.
        edits: Its.
        name_of: What a state of the lab is called, in ever fewer words.

    Signals:
        blinked: In the mode that blinks, the other of both is to be painted.
        changed: ``comparison`` is another.
    """

    blinked = Signal()
    changed = Signal()

    def __init__(
        self,
        session: Session,
        lab: Lab,
        edits: LabEdits,
        name_of: Callable[[Any], Sequence[str]],
    ) -> None:
        super().__init__(edits)
        self._session, self._lab, self._edits = session, lab, edits
        self._name_of = name_of
        self.bar = CompareBar(lab.value)
        self.button = _button(lab)
        self.shows_held = False
        """In the mode that blinks, it is A's turn."""
        self._blinking = QTimer(self, interval=BLINK)
        self._blinking.timeout.connect(self._on_blink)
        self._connect()
        parts = f"document.{lab.value}.comparison document.{lab.value}.held"
        session.watch(parts, self._show, lab)
        self._show()

    def _connect(self) -> None:
        bar = self.bar
        self._edits.set_by(bar.parameter_chosen, f"{self._lab.value}.comparison")
        bar.hold_wanted.connect(self.hold)
        bar.swap_wanted.connect(self._on_swap_wanted)
        bar.close_wanted.connect(self._on_close_wanted)
        bar.shown_changed.connect(self._pace)
        self.button.clicked.connect(self._on_button_clicked)

    @property
    def comparison(self) -> Comparison:
        """How both are shown."""
        state: Any = self._session.document.part(self._lab)
        comparison: Comparison = state.comparison
        return comparison

    @property
    def is_blinking(self) -> bool:
        """A and B take turns."""
        return self.comparison.is_open and self.comparison.mode is CompareMode.BLINK

    def hold(self) -> None:
        """Hold what is edited as A."""
        self._edits.change(self._lab.value, held.hold, "hold this as A")

    def close_inside(self) -> bool:
        """Close the comparison if the keyboard is in it; False if it is elsewhere."""
        focus = QApplication.focusWidget()
        is_inside = focus is not None and self._keeps(focus) and self.comparison.is_open
        if is_inside:
            self._open(False)
            self.button.setFocus()
        return is_inside

    def _keeps(self, widget: QWidget) -> bool:
        """Tell whether a widget belongs to the comparison."""
        return self.bar.isAncestorOf(widget) or widget is self.button

    def move_line(self, share: float) -> None:
        """Move the line between A and B; one drag is one step of undo."""
        self._edits.drag(f"{self._lab.value}.comparison", "wipe", share, "move the line")

    def _on_swap_wanted(self) -> None:
        self._edits.change(self._lab.value, held.swap, "swap A and B")

    def _on_close_wanted(self) -> None:
        self._open(False)

    def _on_button_clicked(self, is_open: bool) -> None:
        self._open(is_open)
        self._show()  # undo the button if that was rejected

    def _open(self, is_open: bool) -> None:
        text = "compare A and B" if is_open else "close the comparison"
        self._edits.change(
            self._lab.value, lambda state: held.open_comparison(state, is_open), text
        )

    def _show(self) -> None:
        state: Any = self._session.document.part(self._lab)
        self.button.setChecked(state.comparison.is_open)
        names = () if state.held is None else self._name_of(state.held)
        texts = [f"A: {name}" for name in names]
        self.bar.show_comparison(state.comparison, [*texts, "A", ""])
        self._pace()
        self.changed.emit()

    def _pace(self) -> None:
        """Blink only while that can be seen."""
        if not (self.is_blinking and self.bar.isVisible()):
            self._blinking.stop()
            self.shows_held = False
        elif not self._blinking.isActive():
            self._blinking.start()

    def _on_blink(self) -> None:
        self.shows_held = not self.shows_held
        self.blinked.emit()


def _button(lab: Lab) -> QPushButton:
    button = push_button(
        f"{lab.value}_compare_button",
        "A | B",
        "Hold this as A, and compare with it whatever you change from here on; click again to see "
        "B alone.",
        "A | B",
    )
    button.setCheckable(True)
    return button
