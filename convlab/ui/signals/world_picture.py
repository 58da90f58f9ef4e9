"""The picture of a story: the ball, the dice, the medicine, the car or the wall, as c has it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from convlab.document.signal.job import SignalShown
from convlab.document.signal.model import SignalState
from convlab.document.signal.scenes import World, scene_of
from convlab.ui.signals.worlds import PAINTERS, Moment, words_of
from convlab.ui.theme import px, theme

HEIGHT = 116  # [px]


class WorldPicture(QWidget):
    """Paints what f, g and c are in the world of a story."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("world_picture")
        self.setAccessibleName("The world of the story")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._world = World.NONE
        self._moment: Moment | None = None

    @property
    def moment(self) -> Moment | None:
        """What is painted."""
        return self._moment

    def sizeHint(self) -> QSize:
        return QSize(px(240), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), px(HEIGHT))

    def show_state(self, state: SignalState) -> None:
        """Show the world of another story, or none."""
        scene = scene_of(state)
        world = World.NONE if scene is None else scene.world
        if world is not self._world:
            self._world, self._moment = world, None
        self.setVisible(self._world is not World.NONE)
        self.update()

    def show_result(self, shown: SignalShown, a: int | None) -> None:
        """Show what stands at c: of its pairs the one that is looked at, or the largest."""
        if self._world is World.NONE:
            return
        self._moment = Moment.of(shown, a)
        self.setAccessibleDescription(words_of(self._world, self._moment))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme().window))
            room = QRectF(self.rect())
            painter.drawRoundedRect(room, 8, 8)
            if self._moment is not None and self._world is not World.NONE:
                inner = room.adjusted(px(10), px(8), -px(10), -px(8))
                PAINTERS[self._world](painter, inner, self._moment)
        finally:  # a painter that outlives its widget takes the process with it
            painter.end()
