"""What the Help commands show: the guide, the keys, the log, and what the program is made of."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from functools import partial
from html import escape

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QMessageBox, QVBoxLayout, QWidget

from convlab.io.components import PROGRAM, Component, components, version
from convlab.paths import log_file
from convlab.ui.actions import shortcut_text
from convlab.ui.docked_lab import DockedLab
from convlab.ui.file_desk import FileDesk
from convlab.ui.guide_topics import topic_of
from convlab.ui.guide_window import TEXT_WIDTH, GuideRead, GuideWindow, read_guide
from convlab.ui.labs import LABS
from convlab.ui.theme import px
from convlab.ui.widgets.forms import as_panel, filled, push_button
from convlab.ui.widgets.message_bar import MessageAction

ABOUT, GUIDE = "about", "guide"
"""Owners of messages."""


class HelpDesk(QObject):
    """Opens windows beside the program's: nothing is held up.

    Args:
        window: They lie over it.
        desk: Has read what they show.
        lab: Returns the lab on the screen.
    """

    def __init__(self, window: QWidget, desk: FileDesk, lab: Callable[[], DockedLab]) -> None:
        super().__init__(window)
        self._window, self._desk, self._lab = window, desk, lab
        self._guide: GuideWindow | None = None
        self._is_reading = False

    def show_log(self) -> None:
        """Say where the log is."""
        text = f"What went wrong inside the program stands in {log_file()}."
        actions = (MessageAction("Open the folder", _open_log_folder),)
        self._desk.message.show_message(text, "log", actions)

    def show_keys(self) -> None:
        """Show the keyboard's shortcuts."""
        box = QMessageBox(self._window)
        box.setWindowTitle("Keys")
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setText(shortcut_text())
        box.setModal(False)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.show()

    def show_about(self) -> None:
        """Show versions and licences, to be copied."""
        self._desk.do(ABOUT, _look_up, self._show_about)

    def _show_about(self, found: tuple[str, list[Component]]) -> None:
        AboutBox(self._window, *found).show()

    def show_guide(self) -> None:
        """Open the guide at what has the focus."""
        self.explain(QApplication.focusWidget())

    def explain(self, widget: QWidget | None) -> None:
        """Open the guide at what is said of a widget."""
        heading = topic_of(widget, self._topic_of_lab())
        if self._guide is not None:
            self._guide.open_at(heading)
        elif not self._is_reading:
            self._is_reading = True
            width = round(px(TEXT_WIDTH) * self._window.devicePixelRatioF())
            take = partial(self._show_guide, heading)
            self._desk.do(GUIDE, partial(read_guide, width), take, fail=self._on_unreadable)

    def stop(self) -> None:
        """Close what is open: the program's window closes."""
        if self._guide is not None:
            self._guide.close()

    def _topic_of_lab(self) -> str:
        lab = self._lab().name
        return next(spec.guide for spec in LABS if spec.name is lab)

    def _show_guide(self, heading: str, read: GuideRead) -> None:
        self._is_reading = False
        self._guide = GuideWindow(self._window, read)
        self._guide.open_at(heading)

    def _on_unreadable(self) -> None:
        self._is_reading = False


class AboutBox(QWidget):
    """Says which versions are at work, and under which licences."""

    def __init__(self, parent: QWidget, own: str, libraries: Sequence[Component]) -> None:
        super().__init__(parent, Qt.WindowType.Dialog)
        self.setObjectName("about_window")
        self.setWindowTitle("About ConvLab")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        as_panel(self)
        self.text = about_text(own, libraries)
        says = QLabel(_as_html(own, libraries))
        says.setObjectName("about_text")
        flags = Qt.TextInteractionFlag
        says.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        copy = push_button("about_copy_button", "Copy", "Copy all of it as text.")
        copy.clicked.connect(self._on_copy)
        close = push_button("about_close_button", "Close", "Close this window.")
        close.clicked.connect(self.close)
        buttons = filled(QHBoxLayout(), None, copy, close)
        filled(QVBoxLayout(self), says, buttons, margins=(20, 16, 20, 14), spacing=14)
        close.setFocus()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)


def about_text(own: str, libraries: Sequence[Component]) -> str:
    """Return versions and licences as lines of text."""
    lines = [f"ConvLab {own}, MIT licence", f"Python {platform.python_version()}"]
    lines += [f"{each.name} {each.version or '-'}, {each.licence}" for each in libraries]
    return "\n".join(
        [*lines, f"{platform.platform()}", "Typeface: Inter, SIL Open Font License 1.1"]
    )


def _as_html(own: str, libraries: Sequence[Component]) -> str:
    rows = [("Python", platform.python_version(), "PSF 2.0"), *libraries]
    rows.append(("Inter (typeface)", "", "SIL OFL 1.1"))
    table = "".join(
        f"<tr><td>{escape(name)}&nbsp;&nbsp;&nbsp;</td><td>{escape(number)}&nbsp;&nbsp;&nbsp;</td>"
        f"<td>{escape(licence)}</td></tr>"
        for name, number, licence in rows
    )
    return (
        f"<h2>ConvLab {escape(own)}</h2><p>A desktop laboratory for convolution. MIT licence.</p>"
        f"<table cellspacing=2>{table}</table><p>{escape(platform.platform())}</p>"
    )


def _look_up() -> tuple[str, list[Component]]:
    return version(PROGRAM) or "(not installed)", components()


def _open_log_folder() -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file().parent)))
