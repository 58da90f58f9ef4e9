"""A scene in a view that is laid out for its room: panned, zoomed, and fitted again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QPainter, QTransform, QWheelEvent
from PySide6.QtWidgets import (
    QGraphicsObject,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from convlab.ui.theme import scale

MOST_ZOOM = 24.0
WHEEL_STEP = 1.2  # factor of a notch


class _Finish(QGraphicsObject):
    """Lies over all and paints nothing: when it is painted, so is everything.

    Signals:
        painted: See above.
    """

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.bounds = QRectF()
        self.setZValue(100)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        return self.bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        self.painted.emit()


class FittedView(QGraphicsView):
    """Shows a scene that is made for the room of the view: the smallest zoom shows all of it.

    The scene is made as at scale 1; the view paints it at that of the interface.

    Signals:
        painted: What was set last is on the screen.
    """

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setScene(QGraphicsScene(self))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(False)  # the window takes them
        self.setFrameShape(self.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setTransformationAnchor(self.ViewportAnchor.NoAnchor)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._usual = scale()  # the zoom that shows the scene as it was laid out
        self.setTransform(QTransform.fromScale(self._usual, self._usual))
        self._finish = _Finish()
        self._finish.painted.connect(self.painted)
        self.scene().addItem(self._finish)

    def take_size(self, size: QSizeF) -> None:
        """Take the size of the whole scene."""
        whole = QRectF(QPointF(), size)
        self.scene().setSceneRect(whole)
        self.setSceneRect(whole)
        self._finish.prepareGeometryChange()
        self._finish.bounds = whole

    @property
    def zoom(self) -> float:
        """Screen pixels for one of the scene."""
        return self.transform().m11()

    @property
    def is_fitted(self) -> bool:
        """The scene is shown as it was laid out."""
        return self.zoom == self._usual

    @property
    def room(self) -> QSizeF:
        """For which the scene is laid out [scene px]."""
        return QSizeF(self.viewport().size()) / self._usual

    @property
    def visible_rect(self) -> QRectF:
        """What is in sight [scene px]."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def fit(self) -> None:
        """Show everything as it was laid out."""
        self.setTransform(QTransform.fromScale(self._usual, self._usual))
        self.look_around()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and scale() != self._usual:
            self._usual = scale()
            self.setTransform(QTransform.fromScale(self._usual, self._usual))
            self.take_scale()

    def take_scale(self) -> None:
        """Lay the scene out again: there is another scale of the interface."""

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom about a place in the viewport, or its middle: what is there stays there."""
        factor = min(max(self.zoom * factor, self._usual), MOST_ZOOM) / self.zoom
        place = self.viewport().rect().center() if about is None else about.toPoint()
        kept = self.mapToScene(place)
        self.scale(factor, factor)
        self.scroll_by(self.mapFromScene(kept) - place)
        self.look_around()

    def scroll_by(self, by: QPoint) -> None:
        """Move what is in sight [screen px], as far as there is something."""
        for bar, change in (
            (self.horizontalScrollBar(), by.x()),
            (self.verticalScrollBar(), by.y()),
        ):
            bar.setValue(bar.value() + change)

    def look_around(self) -> None:
        """Take note of what is in sight."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            turned = QPoint(turned.x() or turned.y(), 0)
        if abs(turned.x()) > abs(turned.y()):
            self.scroll_by(QPoint(-turned.x(), 0))
            self.look_around()
        else:
            self.zoom_by(WHEEL_STEP ** (turned.y() / 120), event.position())
        event.accept()
