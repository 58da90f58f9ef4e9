"""What the pages of the learning lab have in common."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from convlab.document.learning.model import LearningState, LearningViewing
from convlab.runtime.session import Session
from convlab.ui.widgets.forms import as_panel
from convlab.ui.widgets.message_bar import MessageBar


class Page(QWidget):
    """A page: it shows the documents and results that are its own, and reports intents.

    Args:
        session: Takes the edits.
        name: Object name; its message bar's begins with it.

    Signals:
        painted: What the last result brought is on the screen.
    """

    painted = Signal()

    def __init__(self, session: Session, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_page")
        as_panel(self)
        self._session = session
        self.message = MessageBar(f"{name}_message")

    @property
    def _state(self) -> LearningState:
        return self._session.document.learning

    @property
    def _viewing(self) -> LearningViewing:
        return self._session.viewing.learning

    def _look(self, **changes: object) -> None:
        learning: LearningViewing = replace(self._viewing, **changes)  # type: ignore[arg-type]
        self._session.look(replace(self._session.viewing, learning=learning))

    def show_error(self, error: str | None) -> None:
        """Say why there is nothing new; the last good result stays."""
        self.message.report(error or "", "result")

    def play_or_pause(self) -> bool:
        """Play or pause what is the page's own; False if that is the source."""
        return False

    def unpin(self) -> None:
        """Let go of what is pinned, and pause what plays."""

    def stop(self) -> None:
        """End what runs beside the window."""
