"""One picture, or its planes side by side, each in its own right and with its name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from convlab.document.kernel.job import Panel
from convlab.document.sight import Fields, Sight
from convlab.ui.widgets.image_view import ImageView

MOST_PLANES = 3
GAP = 6  # between planes [px]


class PlaneGrid(QWidget):
    """Shows views that look at the same place; what is done in one is said by the first.

    Args:
        role: "input" or "output"; the views are called ``role_view``, ``role_view_1``, ….
    """

    def __init__(self, role: str) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        names = [f"{role}_view", *(f"{role}_view_{number}" for number in range(1, MOST_PLANES))]
        title = f"{role.capitalize()} picture"
        self.views = [ImageView(name, title, fills=True) for name in names]
        self._names = [QLabel(view) for view in self.views]
        self._count, self._aspect = 1, 0.75
        for view, label in zip(self.views, self._names, strict=True):
            view.setParent(self)
            label.setObjectName("plane_name")
            label.hide()
        for view in self.views[1:]:
            view.hide()
            self._follow(view)

    def _follow(self, view: ImageView) -> None:
        """Let the first view say what another one says."""
        first = self.views[0]
        for signal, said in (
            (view.pointed, first.pointed),
            (view.left, first.left),
            (view.clicked, first.clicked),
            (view.doubled, first.doubled),
            (view.sight_chosen, first.sight_chosen),
            (view.dragged, first.dragged),
            (view.drag_ended, first.drag_ended),
            (view.nudged, first.nudged),
        ):
            signal.connect(said)

    @property
    def shown(self) -> list[ImageView]:
        """The views in use."""
        return self.views[: self._count]

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 40)

    def show_panels(self, panels: Sequence[Panel]) -> None:
        """Paint a picture, or several planes of one."""
        rows, columns = panels[0].extent
        if (len(panels), rows / columns) != (self._count, self._aspect):
            self._count, self._aspect = len(panels), rows / columns
            for number, view in enumerate(self.views):
                view.setVisible(number < self._count)
            self._place()
        for view, label, panel in zip(self.views, self._names, panels, strict=False):
            view.show_painted(panel)
            label.setVisible(self._count > 1)
            if self._count > 1 and label.text() != panel.names[0]:
                label.setText(panel.names[0])
                view.setAccessibleName(f"{self.views[0].accessibleName()}, plane {panel.names[0]}")
                label.adjustSize()

    def show_again(self) -> None:
        """Say that what is shown is on the screen, beside something else that is new."""
        for view in self.shown:
            view.show_again()

    def show_sight(self, sight: Sight | None, region: QRectF) -> None:
        """Show a part of the picture, or else a region that holds all of it."""
        for view in self.views:
            view.set_region(region)
            view.show_sight(sight)

    def set_frames(self, frames: Sequence[QRectF], marks: Sequence[QRectF] = ()) -> None:
        """Frame cells of the picture, and mark what they are linked with."""
        for view in self.shown:
            view.set_frames(frames, marks)

    def set_fields(self, fields: Fields | None) -> None:
        """Outline where the outputs look."""
        for view in self.shown:
            view.set_fields(fields)

    def set_covers(self, covers: Sequence[QRectF]) -> None:
        """Cover parts of the picture."""
        for view in self.shown:
            view.set_covers(covers)

    def set_lit(self, lit: Sequence[QRectF] | None) -> None:
        """Let all but some places be dark; None: all is lit."""
        for view in self.views:
            view.set_lit(lit)

    def set_moves_object(self, moves: bool) -> None:
        """Let a drag move what is in the picture instead of the picture."""
        for view in self.views:
            view.drag_moves_object = moves

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        for view, rect in zip(
            self.views, tiles(self._count, self.width(), self.height(), self._aspect), strict=False
        ):
            view.setGeometry(rect)


def tiles(count: int, width: int, height: int, aspect: float) -> list[QRect]:
    """Return places of equal size for pictures, in the rows in which they are largest.

    Args:
        count: Of the pictures.
        width: Of the room [px].
        height: Of the room [px].
        aspect: Height of each picture by its width.
    """

    def zoom(across: int) -> float:
        down = -(-count // across)
        wide, high = (width - GAP * (across - 1)) / across, (height - GAP * (down - 1)) / down
        return min(wide, high / aspect)

    across = max(range(1, count + 1), key=zoom)
    down = -(-count // across)
    wide, high = (width - GAP * (across - 1)) // across, (height - GAP * (down - 1)) // down
    places = (divmod(number, across) for number in range(count))
    return [QRect(c * (wide + GAP), r * (high + GAP), wide, high) for r, c in places]
