"""Whether things may move by themselves: the desktop says it."""

from __future__ import annotations

from PySide6.QtWidgets import QStyle, QWidget


def motion_time(widget: QWidget) -> int:
    """Return how long a change moves on this desktop; 0 where people want no motion [ms]."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return widget.style().styleHint(hint, None, widget)
