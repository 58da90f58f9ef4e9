"""What is said of a file that has more samples than the signal lab takes, and how to take all."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from convlab.document.file_name import shown_name
from convlab.document.signal.edits import fit_file
from convlab.document.signal.model import MOST_COUNT, OWN_SOUND, Held, SignalState
from convlab.document.signal.scenes import is_changed
from convlab.ui.widgets.forms import filled, push_button, wrapped_label


class FileNote(QWidget):
    """A message and, where there is a fix, a button for it.

    Signals:
        asked: The samples are to be as many as in the file, and as close as its rate says.
    """

    asked = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._file: Held | None = None  # what can be taken whole
        self._label = wrapped_label("signal_file_note", role="warning")
        self._label.setTextFormat(Qt.TextFormat.PlainText)  # it begins with a file's name
        self._button = push_button(
            "signal_fit_button",
            "Take all of the file",
            "As many samples as the file has, and of a sound as close in time as there: so it is "
            "heard as it was.",
            "Take all of it",
        )
        self._button.clicked.connect(self._on_clicked)
        layout = filled(QHBoxLayout(self), (self._label, 1), margins=(0, 0, 0, 0))
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_files(self, state: SignalState, files: Mapping[str, Held]) -> None:
        """Say which signal is silent, else what of the longest file is not taken.

        Args:
            state: The signals.
            files: What the files hold that they come from, by the signal's name.
        """
        self._file, text = None, missing_file(state)
        is_own = is_changed(state) or not state.scene  # scenes take what they need
        if not text and files and is_own:
            which = max(files, key=lambda each: files[each].length)
            held, path = files[which], getattr(state, which).path
            text = note_text(f"{shown_name(path)} ({which})", held, state)
            if text and fit_file(state, held.length, held.rate) is not state:
                self._file = held
        self._label.setText(text)
        self.setVisible(bool(text))
        self._button.setVisible(self._file is not None)

    def _on_clicked(self) -> None:
        assert self._file is not None
        self.asked.emit(self._file.length, self._file.rate)


def missing_file(state: SignalState) -> str:
    """Say of a signal whose file nobody has read, or could read, that it is silent, and why."""
    for which, spec in (("f", state.f), ("g", state.g)):
        if not spec.is_from_file or spec.path.startswith(OWN_SOUND):
            continue
        if spec.held is None:
            name = shown_name(spec.path)
            return f"{name} ({which}) is not inside this project and was not read: open it."
        if spec.held.error:
            return f"{which} is silent: {spec.held.error}"
    return ""


def note_text(name: str, held: Held, state: SignalState) -> str:
    """Say what of a file is not taken, and what to do; empty if it fits."""
    length, rate, most = held.length, held.rate, MOST_COUNT
    if length > state.count:
        said = f"{name} holds {length} samples, and only the first {state.count} are taken: "
        if state.count >= most:
            return said + "more cannot be, so cut the file to see the rest."
        return said + ("take all of it." if length <= most else f"at most {most} can be.")
    if rate and abs(state.step * rate - 1) > 1e-6:
        return f"{name} has {rate} samples per second, which is not the step here: take its own."
    return ""
