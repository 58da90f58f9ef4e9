"""Unsaved work outlives the program: kept when it closes, brought back when it starts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from convlab.document.document import Document, Lab
from convlab.io.kept_work import Note
from convlab.runtime.keeper import Found, Keeper
from convlab.runtime.timers import single_shot
from convlab.ui.widgets.message_bar import MessageAction

if TYPE_CHECKING:
    from convlab.ui.main_window import MainWindow

log = logging.getLogger(__name__)

OWNER = "kept work"
KEEP_AFTER = 30_000  # so much may be lost when the process is killed [ms]
SETTLED_AFTER = 1_000  # what is shown for so long does not end the program [ms]


class UnsavedWork(QObject):
    """Keeps the window's unsaved work, and brings back what the last window kept.

    Args:
        window: Whose document it is.
        keeper: Has the files.

    Signals:
        kept: The window is about to end, and nothing is left to be kept.
    """

    kept = Signal()

    def __init__(self, window: MainWindow, keeper: Keeper) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._projects = window.projects
        self._message = window.message
        self._keeper = keeper
        # What there is without the kept work.
        self._before = self._session.document, self._projects.path
        self._kept_document: Document | None = None  # what the folder has of this window
        self._is_brought_back = False
        self._has_warned = False
        self._is_ending = False  # whatever happens
        self._due = single_shot(self, KEEP_AFTER, self._on_due)
        self._settled = single_shot(self, SETTLED_AFTER, self._on_settled)
        keeper.looked.connect(self._on_looked)
        self._session.document_changed.connect(self._on_document_changed)
        self._projects.saved.connect(self._on_saved)
        self._projects.replacing.connect(self._on_replacing)

    def look(self, bring_back: bool) -> None:
        """Look for kept work.

        Args:
            bring_back: Show it at once; else it is offered.
        """
        self._keeper.look(read=bring_back)

    # ---- the way out ----

    def may_close(self) -> bool:
        """Keep what is not saved; False if it cannot be kept, but only once."""
        if not self._is_ending:
            self._projects.finish()
        reason = self._keep_now()
        if reason and not self._has_warned:
            self._has_warned = True
            self._message.show_message(
                f"Your unsaved work cannot be kept ({reason.rstrip('.')}): save it as a project "
                "elsewhere, or close again to lose it.",
                OWNER,
            )
            return False
        self.kept.emit()
        return True

    def keep_for_the_next_start(self) -> None:
        """Keep what is not saved: the program ends whether that succeeds or not."""
        self._is_ending = self._has_warned = True
        reason = self._keep_now()
        if reason:
            log.critical("The unsaved work could not be kept: %s", reason)
        self._window.hide()

    def on_session_end(self) -> None:
        """Keep what is not saved: the system may end the program next."""
        self._keep_now()

    def stop(self) -> None:
        """Finish what was begun, and end the keeper."""
        self._due.stop()
        self._settled.stop()
        self._keeper.stop()

    def _keep_now(self) -> str:
        """Keep what is not saved; return why that cannot be, or empty."""
        if not self._projects.is_unsaved:
            if not self._is_brought_back:  # undoing that is no reason to lose it
                self._keeper.forget()
            return ""
        document = self._session.document
        if document is self._kept_document:
            return ""
        reason = self._keeper.keep_now(self._session.kept_document, self._note())
        if not reason:
            self._kept_document = document
        return reason

    def _note(self) -> Callable[[], Note]:
        """Return what makes the note in the keeper's thread: it looks at the project's file."""
        return partial(Note.of, self._projects.path, self._session.viewing.lab.value)

    # ---- while it runs ----

    def _on_document_changed(self) -> None:
        if not self._due.isActive():
            self._due.start()

    def _on_due(self) -> None:
        if self._projects.is_unsaved:
            self._kept_document = None  # until it is known that the folder has it
            self._keeper.keep(self._session.kept_document, self._note())

    def _on_saved(self) -> None:
        """The document is in a file: nobody needs the kept one."""
        was_brought_back = self._is_brought_back
        self._forget()
        self._message.clear(OWNER)
        if was_brought_back:
            self.look(bring_back=False)

    def _on_replacing(self) -> None:
        """Another document is about to take this one's place: leave the work to a later start."""
        has_edits = self._projects.has_edits
        if has_edits:
            self._keeper.keep(self._session.kept_document, self._note())
        if has_edits or self._is_brought_back:
            self._keeper.leave()
            self._kept_document, self._is_brought_back = None, False

    def _forget(self) -> None:
        self._keeper.forget()
        self._kept_document, self._is_brought_back = None, False

    # ---- what was kept ----

    def _on_looked(self) -> None:
        found = self._keeper.found
        if found is None:
            return
        if found.message:
            self._message.show_message(found.message, OWNER)
        elif found.document is None:
            self._offer(found)
        else:
            self._bring_back(found, found.document)

    def _offer(self, found: Found) -> None:
        actions = (
            MessageAction("Open", self._on_open),
            MessageAction("Discard", self._on_discard_found),
        )
        self._message.show_message(_text(found), OWNER, actions, is_warning=False)

    def _on_open(self) -> None:
        self._on_replacing()
        self._keeper.read()

    def _on_discard_found(self) -> None:
        self._keeper.discard_found()
        self.look(bring_back=False)

    def _bring_back(self, found: Found, document: Document) -> None:
        self._before = self._session.document, self._projects.path
        self._projects.bring_back(document, found.project)
        if found.lab in tuple(Lab):
            self._window.show_lab(Lab(found.lab))
        self._is_brought_back = True
        self._settled.start()
        self._show_line(_text(found))

    def _show_line(self, text: str) -> None:
        actions = (MessageAction("Save", self._on_save), MessageAction("Discard", self._on_discard))
        self._message.show_message(text, OWNER, actions, is_warning=False)

    def _on_save(self) -> None:
        found = self._keeper.found
        if found is not None:
            self._show_line(_text(found))  # until it is saved
        self._projects.save()

    def _on_discard(self) -> None:
        self._projects.put_back(*self._before)
        self._forget()
        self.look(bring_back=False)

    def _on_settled(self) -> None:
        if self._window.pump.is_up_to_date:
            self._keeper.settle()
        else:
            self._settled.start()


def _text(found: Found) -> str:
    """Say what was kept, and when."""
    is_today = found.kept_at.date() == date.today()
    time = f"{found.kept_at:%H:%M}" if is_today else f"{found.kept_at:%Y-%m-%d %H:%M}"
    what = f"the unsaved edits of {found.project.name}" if found.project else "unsaved work"
    more = f" ({found.others} more)" if found.others else ""
    return f"Kept from {time}: {what}{more}."
