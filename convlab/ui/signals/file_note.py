"""What is said of a file that has more samples than the signal lab takes, and how to take all."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from convlab.ui.widgets.forms import describe, quiet_label


class FileNote(QWidget):
    """A message and, where there is a fix, a button for it.

    Signals:
        asked: The samples are to be as many, and as close, as in the file.
    """

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._label = quiet_label(role="warning")
        self._label.setObjectName("signal_file_note")
        self._label.setTextFormat(Qt.TextFormat.PlainText)  # it begins with a file's name
        self._label.setWordWrap(True)
        self._button = describe(
            QPushButton("Take all of it"),
            "signal_fit_button",
            "Take all of the file",
            "As many samples as the file has, and of a sound as close in time as there: so it is "
            "heard as it was.",
        )
        self._button.clicked.connect(self._on_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_note(self, text: str, can_fit: bool) -> None:
        """Show a message; an empty one hides all."""
        if text != self._label.text():
            self._label.setText(text)
            self.setVisible(bool(text))
        self._button.setVisible(can_fit)

    def _on_clicked(self) -> None:
        self.asked.emit()


def note_text(name: str, length: int, rate: int, count: int, step: float, most: int) -> str:
    """Say what of a file is not taken, and what to do; empty if it fits.

    Args:
        name: Of the file.
        length: Its samples.
        rate: Its samples per second; 0: it is no sound.
        count: Samples taken at most.
        step: Time between two of them.
        most: Samples that can be taken at all.
    """
    if length > count:
        said = f"{name} holds {length} samples, and only the first {count} are taken: "
        if count >= most:
            return said + "more cannot be, so cut the file to see the rest."
        return said + ("take all of it." if length <= most else f"at most {most} can be.")
    if rate and abs(step * rate - 1) > 1e-6:
        return f"{name} has {rate} samples per second, which is not the step here: take its own."
    return ""
