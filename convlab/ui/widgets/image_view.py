"""A zoomable picture with frames on it; far in, the values stand inside the pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import repeat

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QGraphicsView, QStyleOptionGraphicsItem, QWidget

from convlab.document.painted import Painted
from convlab.engine.arrays import ByteArray, FloatArray
from convlab.ui.numbers import show_number
from convlab.ui.theme import FONT_FAMILY, text_on_rgb, theme
from convlab.ui.widgets.arrows import ARROWS
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.pixels import PixelItem

GRID_FROM = 12.0  # screen pixels a picture pixel must have before its border is drawn
VALUES_FROM = 20.0  # ... before its value is written
MOST_VALUES = 1500
LARGEST_SCREEN = 8192  # one to one must be possible for small pictures, too [px]
LEAST_CELLS = 1.5  # the furthest zoom in shows this many across
CLICK_DISTANCE = 4  # a press that moves less is a click, not a pan [screen px]


class _Overlay(pg.GraphicsObject):  # type: ignore[misc]
    """Outline of the picture, frames around cells, and values inside large pixels.

    Signals:
        painted: This was painted, and so was all that lies under it.
    """

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.frames: list[QRectF] = []
        self.outline = QRectF()
        self.planes: FloatArray | None = None
        self.bgra: ByteArray | None = None
        self.origin = (0, 0)
        self.bounds = QRectF()

    def boundingRect(self) -> QRectF:
        return self.bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        transform = painter.worldTransform()
        scale = transform.m11()
        if scale >= GRID_FROM:
            visible = self._visible(transform, painter)
            self._paint_grid(painter, visible)
            if scale >= VALUES_FROM and self.planes is not None:
                self._paint_values(painter, transform, visible)
        self._paint_frames(painter)
        self.painted.emit()

    def _visible(self, transform: QTransform, painter: QPainter) -> tuple[int, int, int, int]:
        """Rows and columns of the drawn cells in sight, padding included."""
        inverse, _ = transform.inverted()
        sight = inverse.mapRect(QRectF(painter.viewport())) & self.bounds
        return (
            math.floor(sight.top()),
            math.ceil(sight.bottom()),
            math.floor(sight.left()),
            math.ceil(sight.right()),
        )

    def _paint_grid(self, painter: QPainter, visible: tuple[int, int, int, int]) -> None:
        top, bottom, left, right = visible
        pen = QPen(QColor(120, 130, 150, 90), 0)
        painter.setPen(pen)
        for row in range(top, bottom + 1):
            painter.drawLine(QPointF(left, row), QPointF(right, row))
        for column in range(left, right + 1):
            painter.drawLine(QPointF(column, top), QPointF(column, bottom))

    def _paint_values(
        self, painter: QPainter, transform: QTransform, visible: tuple[int, int, int, int]
    ) -> None:
        assert self.planes is not None
        count, height, width = self.planes.shape
        top, bottom = max(visible[0], 0), min(visible[1], height)
        left, right = max(visible[2], 0), min(visible[3], width)
        if (bottom - top) * (right - left) > MOST_VALUES:
            return
        painter.save()
        painter.resetTransform()
        font = QFont(FONT_FAMILY)
        font.setPixelSize(round(min(15.0, transform.m11() / (2.6 if count == 1 else 4.0))))
        painter.setFont(font)
        for row in range(top, bottom):
            for column in range(left, right):
                cell = transform.mapRect(QRectF(column, row, 1, 1))
                painter.setPen(self._pen_on(row, column))
                values = self.planes[:, row, column].tolist()
                text = "\n".join(map(show_number, values, repeat(2)))
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def _pen_on(self, row: int, column: int) -> QColor:
        """The colour that reads best on a pixel."""
        assert self.bgra is not None
        blue, green, red, _ = self.bgra[row - self.origin[0], column - self.origin[1]].tolist()
        return text_on_rgb(red, green, blue)

    def _paint_frames(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.outline != self.bounds:
            painter.setPen(_cosmetic(QColor(theme().accent), 1.5))
            painter.drawRect(self.outline)
        if not self.frames:
            return
        for color, width in ((QColor(0, 0, 0, 190), 4.0), (QColor(theme().mark), 2.0)):
            painter.setPen(_cosmetic(color, width))
            painter.drawRects(self.frames)


def _cosmetic(color: QColor, width: float) -> QPen:
    """A pen of constant width on the screen."""
    pen = QPen(color, width)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


class ImageView(QGraphicsView):
    """Shows contiguous uint8 BGRA. Wheel zooms, drag pans, double click fits.

    A plain view with pyqtgraph's scene and view box in it, and no paint event of its own:
    ``pg.GraphicsView`` paints through Python, and so holds the interpreter's lock all that time.

    Signals:
        pointed: The mouse is over the cell (row, column) of the picture, padding included.
        left: The mouse left the picture.
        clicked: A cell was clicked.
        dragged: With ``drag_moves_object``: where the mouse dragged to, (row, column).
        drag_ended: That drag ended.
        painted: What was set last is on the screen.
    """

    pointed = Signal(int, int)
    left = Signal()
    clicked = Signal(int, int)
    dragged = Signal(float, float)
    drag_ended = Signal()
    painted = Signal()
    nudged = Signal(int, int)
    # pyqtgraph's items follow these of the view they are in.
    sigDeviceRangeChanged = Signal(object, object)
    sigDeviceTransformChanged = Signal(object)

    def __init__(self, name: str, description: str) -> None:
        super().__init__()
        self._scene = scene = pg.GraphicsScene(parent=self)
        scene.contextMenu = []  # of "Export…", which knows nothing of the program
        self.setScene(scene)
        self.setBackgroundBrush(QColor(theme().window))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)  # the window takes them
        # Nothing of what lies under the view shows through, so Qt need not paint it first.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Asked for by this view itself, at once: a scene would have its view painted by an event of
        # its own, and the picture beside it, of the same frame, in another pass than this.
        self.setViewportUpdateMode(self.ViewportUpdateMode.NoViewportUpdate)
        self.setFrameShape(self.Shape.NoFrame)
        describe(self, name, description, "The wheel zooms, a drag pans, a double click fits.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.drag_moves_object = False
        self._box = pg.ViewBox(lockAspect=True, invertY=True, enableMenu=False, border=None)
        self._box.disableAutoRange()
        self._box.sigRangeChanged.connect(scene.prepareForPaint)
        scene.addItem(self._box)
        self._picture = PixelItem()
        self._overlay = _Overlay()
        self._box.addItem(self._picture)
        self._box.addItem(self._overlay)
        self._overlay.painted.connect(self.painted)
        self._shape = (0, 0)
        self._origin = (0, 0)
        self._fitted = True
        self._pressed: QPointF | None = None
        self._box.sigRangeChangedManually.connect(self._on_range_changed_manually)
        self._box.sigTransformChanged.connect(self._on_transform_changed)

    def show_painted(self, painted: Painted) -> None:
        """Show a picture, its exact values as numbers in the pixels; its memory is shared."""
        bgra, origin, planes = painted.bgra, painted.origin, painted.planes
        moved = bgra.shape[:2] != self._shape or origin != self._origin
        self._picture.show_pixels(bgra)
        self._overlay.planes, self._overlay.bgra = planes, bgra
        if moved:
            self._shape, self._origin = (bgra.shape[0], bgra.shape[1]), origin
            self._picture.setPos(origin[1], origin[0])
            self._overlay.origin = origin
            self._overlay.prepareGeometryChange()
            self._overlay.bounds = self.drawn_rect()
            self._overlay.outline = QRectF(0, 0, planes.shape[2], planes.shape[1])
            self._keep_in_sight()
        self.viewport().update()

    def _keep_in_sight(self) -> None:
        """Bound the zoom to the new shape, and never show the empty room beside it."""
        most = max(4 * max(self._shape), LARGEST_SCREEN)
        self._box.setLimits(
            minXRange=LEAST_CELLS, minYRange=LEAST_CELLS, maxXRange=most, maxYRange=most
        )
        if self._fitted or not self._box.viewRect().intersects(self.drawn_rect()):
            self.fit()

    def set_frames(self, frames: Sequence[QRectF]) -> None:
        """Frame cells, in picture coordinates (x = column, y = row)."""
        if list(frames) != self._overlay.frames:
            self._overlay.frames = list(frames)
            self.viewport().update()

    @property
    def frames(self) -> list[QRectF]:
        """The cells framed now."""
        return list(self._overlay.frames)

    def drawn_rect(self) -> QRectF:
        """Everything drawn, padding included, in picture coordinates."""
        height, width = self._shape
        return QRectF(self._origin[1], self._origin[0], width, height)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.setBackgroundBrush(QColor(theme().window))
            self.viewport().update()

    def fit(self) -> None:
        """Show the whole picture and keep doing so when the view changes its size."""
        self._fitted = True
        if self._shape[0] and self.width() > 4 and self.height() > 4:
            self._box.setRange(self.drawn_rect(), padding=0.015)

    def zoom_to_pixels(self) -> None:
        """One picture pixel on one screen pixel, around the present centre."""
        self._fitted = False
        center = self._box.viewRect().center()
        ratio = self.devicePixelRatioF()
        width, height = self.width() / ratio, self.height() / ratio
        rect = QRectF(center.x() - width / 2, center.y() - height / 2, width, height)
        self._box.setRange(rect, padding=0.0)

    def cell_center(self, row: int, column: int) -> QPointF:
        """Where a cell's centre is in this widget [screen px]."""
        return QPointF(self._box.mapViewToDevice(QPointF(column + 0.5, row + 0.5)))

    def _cell_at(self, position: QPointF) -> tuple[float, float]:
        point = self._box.mapSceneToView(self.mapToScene(position.toPoint()))
        return point.y(), point.x()

    def _on_range_changed_manually(self, *_: object) -> None:
        self._fitted = False

    def _on_transform_changed(self) -> None:
        mode = Qt.TransformationMode
        smaller = self._box.childGroup.transform().m11() < 1.0
        self._picture.setTransformationMode(
            mode.SmoothTransformation if smaller else mode.FastTransformation
        )
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position()
        if self.drag_moves_object and event.button() is Qt.MouseButton.LeftButton:
            self.dragged.emit(*self._cell_at(event.position()))
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row, column = self._cell_at(event.position())
        if self.drag_moves_object and event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(row, column)
            event.accept()
            return
        if self.drawn_rect().contains(QPointF(column, row)):
            self.pointed.emit(math.floor(row), math.floor(column))
        else:
            self.left.emit()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if self.drag_moves_object and event.button() is Qt.MouseButton.LeftButton:
            self.drag_ended.emit()
            return
        super().mouseReleaseEvent(event)
        if pressed is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if (event.position() - pressed).manhattanLength() < CLICK_DISTANCE:
            row, column = self._cell_at(event.position())
            if self.drawn_rect().contains(QPointF(column, row)):
                self.clicked.emit(math.floor(row), math.floor(column))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = ARROWS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.nudged.emit(*step)

    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        rect = QRectF(self.viewport().rect())
        self.setSceneRect(rect)
        self._box.setGeometry(rect)
        self._scene.prepareForPaint()
        self.sigDeviceRangeChanged.emit(self, rect)
        self.sigDeviceTransformChanged.emit(self)
        if self._fitted:
            self.fit()
