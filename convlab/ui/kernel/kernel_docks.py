"""The panels of the kernel lab that are closed at first; each is made when it is opened."""

from __future__ import annotations

from PySide6.QtWidgets import QMainWindow, QWidget

from convlab.runtime.session import Session
from convlab.ui.kernel.generator_panel import GeneratorPanel
from convlab.ui.kernel.kernel_edits import KernelEdits
from convlab.ui.kernel.lazy_dock import LazyDock
from convlab.ui.widgets.forms import scrolled


class KernelDocks:
    """Makes the panels and connects their intents.

    Args:
        lab: In which they stand.
        session: Has what they show.
        edits: Take what is wanted in them.
    """

    def __init__(self, lab: QMainWindow, session: Session, edits: KernelEdits) -> None:
        self._session, self._edits = session, edits
        self.generator = LazyDock(lab, "generator_dock", "Kernel generator", self._make_generator)

    def _make_generator(self) -> QWidget:
        panel, wanted = GeneratorPanel(self._session), self._edits
        panel.chosen.connect(wanted.set_dial)
        panel.dragged.connect(wanted.drag_dial)
        panel.released.connect(self._session.end_gesture)
        panel.wanted.connect(wanted.generate)
        return scrolled(panel, "The dials of the kernel")
