"""Lets the flip be seen when correlation and convolution change places, and be scrubbed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QVariantAnimation
from PySide6.QtWidgets import QApplication, QWidget

from convlab.document.document import Lab
from convlab.document.kernel.model import KernelState
from convlab.runtime.session import Session
from convlab.runtime.timers import single_shot
from convlab.ui.kernel.flip_view import FlipView
from convlab.ui.motion import motion_time

ACTS = (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress)
FLIP_TIME = 2400  # [ms]
LINGER = 2500  # how long the flipped kernel stays when nobody holds it [ms]


class FlipPlayer(QObject):
    """Turns a kernel before one's eyes; where it stands is what is looked at.

    A click, a key or an edit anywhere else ends it, and does what it always does.

    Args:
        session: Holds what is looked at, and the kernel.
        over: What the turning kernel lies over.
        look: Looks at something else in the lab, by the names of its viewing.
    """

    def __init__(self, session: Session, over: QWidget, look: Callable[..., None]) -> None:
        super().__init__(over)
        self._session, self._over, self._look = session, over, look
        self.view = FlipView(over)
        self._state = session.document.kernel
        self._motion = QVariantAnimation(self)
        self._motion.setDuration(FLIP_TIME)
        self._motion.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._motion.valueChanged.connect(self._on_moved)
        self._motion.finished.connect(self._on_finished)
        self._leaving = single_shot(self, LINGER, self.close)
        self.view.turn_chosen.connect(self._on_turn_chosen)
        self.view.closed.connect(self.close)
        self.view.held.connect(self._on_held)
        session.watch("document.kernel", self._on_kernel_changed, Lab.KERNEL)
        session.watch("viewing.kernel.turn", self._show, Lab.KERNEL)

    def play(self) -> None:
        """Show the flip to what holds now: from the kernel as it is written, or back to it."""
        end = 1.0 if self._session.document.kernel.geometry.flip else 0.0
        self._leaving.stop()
        self._motion.stop()
        if motion_time(self.view) == 0:
            self._look(turn=end)
            self._on_finished()
            return
        self._motion.setStartValue(1.0 - end)
        self._motion.setEndValue(end)
        self._motion.start()

    def close(self) -> None:
        """Show the cells again."""
        self._motion.stop()
        self._leaving.stop()
        self._look(turn=None)

    def _on_kernel_changed(self) -> None:
        before, self._state = self._state, self._session.document.kernel
        if _is_flip(before, self._state):
            if self._over.isVisible():
                self.play()
        else:
            self.close()

    def _on_moved(self, turn: float) -> None:
        self._look(turn=turn)

    def _on_finished(self) -> None:
        if not self.view.underMouse():
            self._leaving.start()

    def _on_turn_chosen(self, turn: float) -> None:
        self._motion.stop()
        self._leaving.stop()  # whoever scrubs closes it, too
        self._look(turn=turn)

    def _on_held(self, is_held: bool) -> None:
        is_moving = self._motion.state() is QVariantAnimation.State.Running
        if is_held:
            self._leaving.stop()
        elif not is_moving:
            self._leaving.start()

    def _show(self) -> None:
        turn, application = self._session.viewing.kernel.turn, QApplication.instance()
        assert application is not None
        if turn is None:
            application.removeEventFilter(self)
            self.view.hide()
        else:
            application.installEventFilter(self)
            self.view.show_turn(self._session.document.kernel.weights, turn)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give the cells back to whoever does something else."""
        if isinstance(watched, QWidget) and event.type() in ACTS:
            is_key = event.type() == QEvent.Type.KeyPress
            by = QApplication.focusWidget() if is_key else watched
            if by is None or not self.view.keeps(by):
                self.close()
        return False


def _is_flip(before: KernelState, after: KernelState) -> bool:
    """Tell whether correlation and convolution have changed places, and nothing else."""
    return before.geometry.flip is not after.geometry.flip and before.weights == after.weights
