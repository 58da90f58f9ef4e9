"""The stack's name, which can be typed, and the list of stacks to begin with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Signal

from convlab.document.frame import Frame
from convlab.document.stack.model import LARGEST_SIDE, StackState
from convlab.document.stack.ready import READY_STACKS
from convlab.document.thumbnail import shrunk, stack_pixels
from convlab.engine.color_maps import Palette
from convlab.io.ready_stacks import read_ready_stack
from convlab.runtime.session import Session
from convlab.runtime.thumbnails import Thumbnail, Thumbnailer, Thumbnails
from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_box import ChoiceBox
from convlab.ui.choices.choice_popup import MakeThumbnails
from convlab.ui.widgets.forms import let_type

RENAME = "rename"
"""Key of the entry that renames the stack."""


class StackChooser(ChoiceBox):
    """Shows what the stack is called; a click opens the list, as in any other box.

    Signals:
        stack_chosen: Key of a ready stack.
        title_chosen: What the stack is to be called.
    """

    stack_chosen = Signal(str)
    title_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(
            "stack_combo",
            "The stack",
            "Its name; and stacks to begin with. <i>Rename</i>, at the end of the list, gives it "
            "another name. What you built can be brought back by undo.",
        )
        self._title = ""
        self.setMinimumContentsLength(8)
        line = let_type(self)
        line.editingFinished.connect(self._on_title_entered)
        line.installEventFilter(self)
        ready = [
            Choice(ready.title, ready.key, ready.group, ready.line, icon="stack")
            for ready in READY_STACKS
        ]
        rename = Choice("Rename", RENAME, "This stack", "Type another name into the box.")
        self.set_choices([*ready, rename])
        self.setCurrentIndex(-1)
        self.activated.connect(self._on_activated)

    def show_title(self, title: str) -> None:
        """Show what the stack is called, from its beginning on."""
        self._title = title
        self.setCurrentIndex(self.findText(title))
        self.setEditText(title)
        line = self.lineEdit()
        if line is not None and not line.hasFocus():
            line.setCursorPosition(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open the list by a click on the name, unless that is being typed."""
        opens = event.type() == QEvent.Type.MouseButtonPress and not self.hasFocus()
        if opens and watched is self.lineEdit():
            self.open_list()
            return True
        return super().eventFilter(watched, event)

    def _on_activated(self, index: int) -> None:
        key = self.itemData(index)
        self.show_title(self._title)  # until the other stack has been read
        line = self.lineEdit()
        if key != RENAME:
            self.stack_chosen.emit(key)
        elif line is not None:
            self.setFocus()
            line.selectAll()

    def _on_title_entered(self) -> None:
        """Tell of another name; that of a ready stack asks for this stack."""
        title = self.currentText()
        if title != self._title and self.findText(title) < 0:
            self.title_chosen.emit(title)
            self.setEditText(self._title)  # as it is if it was rejected


def stack_pictures(thumbnailer: Thumbnailer, session: Session) -> MakeThumbnails:
    """Return what makes the pictures of the ready stacks: their last maps on the present frame."""

    def make(size: tuple[int, int]) -> Thumbnails:
        keys = [ready.key for ready in READY_STACKS]
        return _thumbnails(keys, thumbnailer.present_frame(), size, session.viewing.palette)

    return make


def _thumbnails(
    keys: Sequence[str], frame: Frame | None, size: tuple[int, int], palette: Palette
) -> Thumbnails:
    if frame is not None:
        frame = shrunk(frame, (LARGEST_SIDE, LARGEST_SIDE))  # once for all
    for key in keys:
        try:
            state = read_ready_stack(key)
        except (ValueError, OSError):
            continue  # choosing it says why
        pixels = None if frame is None else stack_pixels(state, frame, size, palette)
        yield key, Thumbnail(pixels, figures(state))


def figures(state: StackState) -> str:
    """Say how large a stack is that names the size of its input."""
    layers, input = len(state.slots), state.input
    if not layers or input.size is None:
        return ""
    summaries = state.graph.summary((input.space.channels, *input.size)).values()
    learned = sum(summary.cost.parameters for summary in summaries)
    return f"{layers} layer{'s' * (layers > 1)}, {learned:,} parameters"
