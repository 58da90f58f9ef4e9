"""The colours of the signals, in every view of the lab."""

from __future__ import annotations

from PySide6.QtGui import QColor

from convlab.ui.palettes import THEMES, ThemeName
from convlab.ui.theme import plane_color, theme


def f_color() -> str:
    """Return the colour of the signal that stays."""
    return theme().accent


def g_color() -> str:
    """Return the colour of the signal that slides: much darker or lighter than that which stays."""
    return "#ff5f3f" if theme() is THEMES[ThemeName.CONTRAST] else theme().warning


def product_color() -> str:
    """Return the colour of the product of both."""
    return theme().mark


def truth_color() -> str:
    """Return the colour of what really was, where it is known."""
    return theme().text


def result_color() -> str:
    """Return the colour of what comes of it."""
    is_dark = QColor(theme().panel).lightnessF() < 0.5
    return "#62d491" if is_dark else plane_color(1)
