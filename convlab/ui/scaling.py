"""Sizes that widgets were given in pixels follow the scale of the interface, live.

Whoever makes a widget gives the sizes that it has at scale 1. What this has made of them is noted
on the widget: sizes given again since are told apart by that, and are taken as at scale 1.
What is painted takes its lengths from ``theme.px`` or from its font.
"""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QBoxLayout,
    QFormLayout,
    QGridLayout,
    QLayout,
    QTabBar,
    QToolBar,
    QWidget,
)

from convlab.ui.theme import scale

Numbers: TypeAlias = tuple[int, ...]

UNBOUNDED = 16_777_215  # Qt's largest size: no bound at all [px]
_NOTE = "sizes_at_scale"
_BOUNDS = (
    ("minw", QWidget.minimumWidth, QWidget.setMinimumWidth),
    ("minh", QWidget.minimumHeight, QWidget.setMinimumHeight),
    ("maxw", QWidget.maximumWidth, QWidget.setMaximumWidth),
    ("maxh", QWidget.maximumHeight, QWidget.setMaximumHeight),
)


def rescale(root: QWidget) -> None:
    """Give a widget and all in it the sizes that belong to the present scale."""
    widgets = [root, *root.findChildren(QWidget)]
    for widget in widgets:
        rescale_one(widget)
    # Layouts that nobody sees keep sizes that were asked for while only some of them were scaled.
    for widget in widgets:
        widget.updateGeometry()


def rescale_one(widget: QWidget) -> None:
    """Give a widget and its layout the sizes that belong to the present scale."""
    if widget.objectName().startswith("qt_"):  # Qt's own
        return
    for name, read, write in () if widget.isWindow() or _is_bound_by_layout(widget) else _BOUNDS:
        # Bounds that the style sheet gives are scaled in there; Qt notes which those are.
        if widget.property(f"_q_stylesheet_{name}") is None:
            (wanted,) = _scaled(widget, name, (read(widget),))
            if wanted != read(widget):
                write(widget, wanted)
    if isinstance(widget, QAbstractButton | QToolBar | QTabBar):
        icon = widget.iconSize()
        widget.setIconSize(QSize(*_scaled(widget, "icon", (icon.width(), icon.height()))))
    layout = widget.layout()
    if layout is not None:
        # As objects: an item of a layout, once asked for, may outlive what it stands for.
        for each in (layout, *layout.findChildren(QLayout)):
            _rescale_layout(each)


def _is_bound_by_layout(widget: QWidget) -> bool:
    """Tell whether its layout gives a widget its bounds, as that of a dock does."""
    layout = widget.layout()
    free = QLayout.SizeConstraint.SetDefaultConstraint, QLayout.SizeConstraint.SetNoConstraint
    return layout is not None and layout.sizeConstraint() not in free


def _rescale_layout(layout: QLayout) -> None:
    if isinstance(layout, QBoxLayout | QGridLayout | QFormLayout):
        margins = layout.contentsMargins()
        sides = margins.left(), margins.top(), margins.right(), margins.bottom()
        layout.setContentsMargins(*_scaled(layout, "margins", sides))
        if isinstance(layout, QBoxLayout):
            layout.setSpacing(*_scaled(layout, "spacing", (layout.spacing(),)))
        else:
            gaps = layout.horizontalSpacing(), layout.verticalSpacing()
            across, down = _scaled(layout, "spacing", gaps)
            layout.setHorizontalSpacing(across)
            layout.setVerticalSpacing(down)


def _scaled(owner: QObject, what: str, now: Numbers) -> Numbers:
    """Return numbers at the present scale, and note on their owner what they are at scale 1."""
    name = f"{_NOTE}_{what}"
    noted = owner.property(name)
    usual: Numbers = tuple(noted[0]) if noted and tuple(noted[1]) == now else now
    if not noted and scale() == 1:
        return now
    wanted = tuple(_one(number) for number in usual)
    owner.setProperty(name, [list(usual), list(wanted)])
    return wanted


def _one(number: int) -> int:
    return number if not 0 < number < UNBOUNDED else max(round(number * scale()), 1)


class ScaledLater(QObject):
    """Gives what is made later its sizes, before it is seen; listens only where the scale is not 1.

    Args:
        app: All of whose widgets are looked at.
    """

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._listens = False

    def follow(self) -> None:
        """Begin or end to listen, as the scale wants it."""
        is_wanted = scale() != 1
        if is_wanted and not self._listens:
            self._app.installEventFilter(self)
        elif self._listens and not is_wanted:
            self._app.removeEventFilter(self)
        self._listens = is_wanted

    def stop(self) -> None:
        """Listen no more."""
        if self._listens:
            self._app.removeEventFilter(self)
            self._listens = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Polish and isinstance(watched, QWidget):
            rescale_one(watched)
        return False
