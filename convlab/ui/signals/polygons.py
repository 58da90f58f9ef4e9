"""Polygons of many points, filled at once: a point at a time takes longer than painting them."""

from __future__ import annotations

import numpy as np
import shiboken6
from PySide6.QtGui import QPolygonF

from convlab.engine.arrays import AnyArray

_POINT = 2  # doubles, x and y: the memory of a QPointF


def polygon(x: AnyArray, y: AnyArray) -> QPolygonF:
    """Return the points ``(N,)``, ``(N,)`` as Qt's own polygon."""
    made = QPolygonF()
    made.resize(len(x))
    if len(x) == 0:
        return made
    size = len(x) * _POINT * np.dtype(np.float64).itemsize
    # Its stubs know only the first argument of three.
    memory = shiboken6.VoidPtr(made.data(), size, True)  # type: ignore[arg-type, call-arg]
    points = np.frombuffer(memory, np.float64).reshape(-1, _POINT)  # type: ignore[call-overload]
    points[:, 0], points[:, 1] = x, y
    return made
