"""A person who draws: strokes by mouse and keyboard on the canvas of a lab."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from convlab.document.drawing import Drawing
from convlab.engine.arrays import FloatArray
from convlab.ui.widgets.drawing_view import DrawingView
from tests.e2e.driver import LEFT, NO_KEYS, Driver

RIGHT = Qt.MouseButton.RightButton
Line = list[tuple[float, float]]
"""Places (x, y) on the canvas, from 0 to 1."""


def arc(x: float, y: float, width: float, height: float, start: float, end: float) -> Line:
    """Places on an ellipse, from one angle to another, clockwise from the right [degrees]."""
    angles = np.radians(np.linspace(start, end, 20))
    return [(x + width * float(np.cos(a)), y + height * float(np.sin(a))) for a in angles]


DIGITS: tuple[list[Line], ...] = (
    [arc(0.5, 0.5, 0.22, 0.34, -90, 270)],
    [[(0.38, 0.3), (0.52, 0.15), (0.52, 0.85)]],
    [[*arc(0.5, 0.33, 0.2, 0.18, 180, 380), (0.3, 0.82), (0.72, 0.82)]],
    [[*arc(0.48, 0.32, 0.18, 0.17, 200, 450), *arc(0.48, 0.67, 0.2, 0.18, -90, 160)]],
    [[(0.56, 0.15), (0.28, 0.58), (0.74, 0.58)], [(0.6, 0.4), (0.6, 0.86)]],
    [[(0.7, 0.16), (0.38, 0.16), (0.35, 0.46), *arc(0.48, 0.64, 0.2, 0.2, -120, 150)]],
    [[(0.6, 0.14), (0.42, 0.34), (0.34, 0.58), *arc(0.49, 0.66, 0.16, 0.18, 180, 540)]],
    [[(0.28, 0.17), (0.72, 0.17), (0.45, 0.85)]],
    [arc(0.5, 0.33, 0.16, 0.17, 90, 450), arc(0.5, 0.68, 0.19, 0.18, -90, 270)],
    [[*arc(0.5, 0.35, 0.17, 0.18, 0, 360), (0.66, 0.5), (0.6, 0.86)]],
)
"""How a hand may write each digit: one line for each time the pen is put down."""


class DrawingDriver:
    """Draws on the canvas of a lab."""

    def __init__(self, person: Driver, role: str) -> None:
        self.person = person
        self.role = role
        self.view = person.find(DrawingView, f"{role}_view")
        person.until(lambda: self.is_seen)

    @property
    def is_seen(self) -> bool:
        """Whether the canvas is on the screen, behind no other tab."""
        return not self.view.visibleRegion().isEmpty()

    @property
    def drawing(self) -> Drawing:
        return self.person.document.drawing

    @property
    def pixels(self) -> FloatArray:
        return self.drawing.array()

    def place(self, x: float, y: float) -> QPoint:
        """Where a place from 0 to 1 is on the screen."""
        return self.view.place(y * self.drawing.rows, x * self.drawing.columns).toPoint()

    def pixel(self, row: int, column: int) -> QPoint:
        """Where the middle of a pixel is on the screen."""
        return self.view.place(row + 0.5, column + 0.5).toPoint()

    def stroke(self, *places: QPoint, button: Qt.MouseButton = LEFT) -> None:
        QTest.mousePress(self.view, button, NO_KEYS, places[0])
        for place in places[1:]:
            QTest.mouseMove(self.view, place)
            QApplication.processEvents()
        QTest.mouseRelease(self.view, button, NO_KEYS, places[-1])

    def write(self, digit: int) -> None:
        """Clear the canvas and write a digit on it."""
        self.press("clear_button")
        for line in DIGITS[digit]:
            self.stroke(*(self.place(x, y) for x, y in line))

    def press(self, name: str) -> None:
        self.person.press(f"{self.role}_{name}")

    def keys(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEYS) -> None:
        for key in keys:
            QTest.keyClick(self.view, key, modifier)
            QApplication.processEvents()

    def type(self, text: str) -> None:
        """Type a number over the cursor's pixel, and Enter."""
        QTest.keyClicks(self.view, text[:1])
        editor = QApplication.focusWidget()
        assert editor is not None
        QTest.keyClicks(editor, text[1:])
        QTest.keyClick(editor, Qt.Key.Key_Return)
        QApplication.processEvents()
