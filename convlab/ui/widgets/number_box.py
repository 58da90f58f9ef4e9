"""The boxes numbers are typed into: read and written alike whatever the system's language is.

The program's texts are English, so a number is shown with a point, a true minus sign and no groups
of thousands. Typed or pasted, point and comma both begin the decimals, in every locale.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSignalBlocker, QSize
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QStyle, QStyleOptionSpinBox

from convlab.engine.kernels import parse_number
from convlab.ui.numbers import MINUS, show_number

# What may stand in a number before it is finished; \d is a digit of any script.
_UNFINISHED = re.compile(rf"[\d\s.,٫/eE+{MINUS}–-]*")


_LARGEST = 2**31 - 1
_CURSOR = 2  # [px]
_MARGIN = 4  # the style sheet's padding does not reach the text [px]


OWNER = "number"  # of what is said of a number out of range


class NumberBox(QDoubleSpinBox):
    """A decimal number with as many digits as it needs, at most ``decimals()`` behind the point.

    It takes what a cell of a kernel takes, fractions too; a number out of range becomes the nearest
    in it, and what is no number gives way to the one before.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(_MARGIN, 0, 0, 0)
        self._beyond: float | None = None  # what was typed, where that is out of range
        self.editingFinished.connect(self._on_editing_finished)

    def _on_editing_finished(self) -> None:
        _say_range(self, self._beyond)
        self._beyond = None

    def minimumSizeHint(self) -> QSize:
        return _room_for_text(self, super().minimumSizeHint())

    def show_number(self, value: float) -> None:
        """Show a number without telling anyone, and not over what is being typed."""
        if self.value() != round(value, self.decimals()):
            with QSignalBlocker(self):
                self.setValue(value)
            self.updateGeometry()

    def textFromValue(self, value: float) -> str:
        text = f"{value:.{self.decimals()}f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return "0" if text == "-0" else text.replace("-", MINUS)

    def valueFromText(self, text: str) -> float:
        number = parse_number(_bare(self, text))
        fitting = min(max(number, self.minimum()), self.maximum())
        self._beyond = None if fitting == number else number
        return fitting

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return _state(_bare(self, text), parse_number), text, position

    def fixup(self, text: str) -> str:
        return text  # Qt would take the separators of its locale out: 1.5 becomes 15


class WholeBox(QSpinBox):
    """A whole number, likewise; of one that Qt cannot hold, the nearest is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(_MARGIN, 0, 0, 0)
        self._beyond: float | None = None
        self.editingFinished.connect(self._on_editing_finished)

    def _on_editing_finished(self) -> None:
        _say_range(self, self._beyond)
        self._beyond = None

    def setRange(self, minimum: int, maximum: int) -> None:
        super().setRange(max(minimum, -_LARGEST), min(maximum, _LARGEST))

    def minimumSizeHint(self) -> QSize:
        return _room_for_text(self, super().minimumSizeHint())

    def show_number(self, value: int) -> None:
        """Show a number without telling anyone, and not over what is being typed."""
        shown = min(max(value, -_LARGEST), _LARGEST)
        if self.value() != shown:
            with QSignalBlocker(self):
                self.setValue(shown)
            self.updateGeometry()

    def textFromValue(self, value: int) -> str:
        return str(value).replace("-", MINUS)

    def valueFromText(self, text: str) -> int:
        number = _whole(_bare(self, text))
        fitting = min(max(number, self.minimum()), self.maximum())
        self._beyond = None if fitting == number else number
        return fitting

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return _state(_bare(self, text), _whole), text, position

    def fixup(self, text: str) -> str:
        return text  # Qt would take the separators of its locale out: 1.5 becomes 15


def _say_range(box: NumberBox | WholeBox, beyond: float | None) -> None:
    """Say what a box takes where a number out of its range was typed; else take that back.

    It is said by the nearest widget around the box that has a message.
    """
    around = box.parentWidget()
    while around is not None and not hasattr(around, "message"):
        around = around.parentWidget()
    if around is None:
        return
    text = ""
    if beyond is not None:
        low, high = (show_number(edge) for edge in (box.minimum(), box.maximum()))
        text = f"{box.accessibleName()} takes {low} to {high}, not {show_number(beyond)}"
    around.message.show_message(text, OWNER)


def _room_for_text(box: NumberBox | WholeBox, usual: QSize) -> QSize:
    """Return the least size in which what a box shows is not cut."""
    option = QStyleOptionSpinBox()
    box.initStyleOption(option)
    kind, part = QStyle.ComplexControl.CC_SpinBox, QStyle.SubControl.SC_SpinBoxEditField
    option.rect = QRect(QPoint(), usual)
    frame = usual.width() - box.style().subControlRect(kind, option, part, box).width()
    text = box.fontMetrics().horizontalAdvance(box.text()) + _MARGIN
    return QSize(text + frame + _CURSOR, usual.height())


def _bare(box: NumberBox | WholeBox, text: str) -> str:
    """Return the number in what a box shows, which may be a word for its least."""
    if text and text == box.specialValueText():
        return str(box.minimum())
    return text.removeprefix(box.prefix()).removesuffix(box.suffix())


def _whole(text: str) -> int:
    number = parse_number(text)
    if not number.is_integer():
        raise ValueError(f"{text} is not a whole number")
    return int(number)


def _state(text: str, read: Callable[[str], float]) -> QValidator.State:
    if not _UNFINISHED.fullmatch(text):
        return QValidator.State.Invalid
    try:
        read(text)
    except ValueError:
        return QValidator.State.Intermediate
    return QValidator.State.Acceptable
