"""A dark room: of a picture only some places are lit, as by a torch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath

DARKNESS = QColor(0, 0, 0, 224)
"""Lies over what no torch lights."""


def dark_room(walls: Sequence[QRectF], lit: Sequence[QRectF]) -> QPainterPath:
    """Return what is dark.

    Args:
        walls: The pictures, none of which lies on another.
        lit: Where light falls.
    """
    dark, lights = QPainterPath(), QPainterPath()
    lights.setFillRule(Qt.FillRule.WindingFill)  # where two lights meet it is not dark again
    for path, rects in ((dark, walls), (lights, lit)):
        for rect in rects:
            path.addRect(rect)
    return dark.subtracted(lights)
