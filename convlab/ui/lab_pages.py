"""The labs, one of them on the screen: the first is there at once, the others soon after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from convlab.document.document import Lab
from convlab.runtime.preloading import Preloader
from convlab.runtime.pump import Pump
from convlab.runtime.session import Session
from convlab.runtime.settings import Settings
from convlab.ui.docked_lab import DockedLab
from convlab.ui.kernel.kernel_lab import KernelLab

if TYPE_CHECKING:  # they are imported behind the first picture, or when one is wanted
    from convlab.ui.learning.learning_lab import LearningLab
    from convlab.ui.signals.signal_lab import SignalLab
    from convlab.ui.stack.stack_lab import StackLab

LATER_LABS = (
    "convlab.ui.stack.stack_lab",
    "convlab.ui.signals.signal_lab",
    "convlab.ui.learning.learning_lab",
)


class LabPages(QStackedWidget):
    """Makes each lab when it is first wanted, and all of them behind the first picture.

    Args:
        session: What the labs show.
        settings: How each lab was left.
        pump: Is told when a lab has painted.

    Signals:
        built: The name of a lab that was made just now.
        completed: All labs are there.
    """

    built = Signal(str)
    completed = Signal()

    def __init__(self, session: Session, settings: Settings, pump: Pump) -> None:
        super().__init__()
        self._session = session
        self._settings = settings
        self._pump = pump
        self._built: dict[Lab, DockedLab] = {}
        self._stack: StackLab | None = None
        self._signal: SignalLab | None = None
        self._learning: LearningLab | None = None
        self._preloader = Preloader(LATER_LABS, self)
        self._preloader.loaded.connect(self._on_preloaded)
        for _ in Lab:
            self.addWidget(QWidget())
        self.kernel = KernelLab(session)
        self._place(Lab.KERNEL, self.kernel)

    @property
    def stack(self) -> StackLab:
        """The lab of the layers."""
        if self._stack is None:
            from convlab.ui.stack.stack_lab import StackLab

            self._stack = StackLab(self._session)
            self._place(Lab.STACK, self._stack)
        return self._stack

    @property
    def signal(self) -> SignalLab:
        """The lab of the signals."""
        if self._signal is None:
            from convlab.ui.signals.signal_lab import SignalLab

            self._signal = SignalLab(self._session)
            self._place(Lab.SIGNAL, self._signal)
        return self._signal

    @property
    def learning(self) -> LearningLab:
        """The lab of what learns."""
        if self._learning is None:
            from convlab.ui.learning.learning_lab import LearningLab

            self._learning = LearningLab(self._session)
            self._place(Lab.LEARNING, self._learning)
        return self._learning

    def lab(self, name: Lab) -> DockedLab:
        """Return a lab; it is made if it is not there yet."""
        match name:
            case Lab.KERNEL:
                return self.kernel
            case Lab.STACK:
                return self.stack
            case Lab.SIGNAL:
                return self.signal
            case Lab.LEARNING:
                return self.learning

    def show_lab(self, name: Lab) -> None:
        """Bring a lab to the screen."""
        self.setCurrentWidget(self.lab(name))

    def preload(self) -> None:
        """Begin to make the labs that are not there yet, unless that was begun before."""
        self._preloader.start()

    def keep_layouts(self) -> None:
        """Store how each lab is left."""
        for lab in self._built.values():
            left = lab.layout_left()
            if left is not None:
                self._settings.set_state(_layout_key(lab), left)

    def stop(self) -> None:
        """End what runs beside the window."""
        for lab in self._built.values():
            lab.stop()
        self._preloader.stop()

    def _place(self, name: Lab, lab: DockedLab) -> None:
        """Put a new lab in its place, as it was left."""
        self._built[name] = lab
        index = list(Lab).index(name)
        is_shown = self.currentIndex() == index
        empty = self.widget(index)
        assert empty is not None
        self.removeWidget(empty)
        empty.deleteLater()
        self.insertWidget(index, lab)
        if is_shown:
            self.setCurrentIndex(index)
        layout = self._settings.state(_layout_key(lab))
        if layout is not None:
            lab.restore_layout(layout)
        # Queued: a view that is asked to paint while it paints forgets that it was asked.
        lab.painter.painted.connect(self._pump.painted, Qt.ConnectionType.QueuedConnection)
        self.built.emit(name.value)

    def _on_preloaded(self) -> None:
        """Make one more lab, and the next when nothing else is to be done."""
        if self._preloader.is_stopped:
            return
        missing = next((name for name in Lab if name not in self._built), None)
        if missing is None:
            self.completed.emit()
        else:
            self.lab(missing)
            QTimer.singleShot(0, self._on_preloaded)


def _layout_key(lab: DockedLab) -> str:
    return f"{lab.objectName()}_layout"
