"""A zoomable picture with frames on it; far in, the values stand inside the pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsView,
)

from convlab.document.painted import Painted
from convlab.document.sight import Fields, Sight
from convlab.ui.taken import Taken
from convlab.ui.theme import px, theme
from convlab.ui.widgets.arrows import ARROWS
from convlab.ui.widgets.cell_regions import changed_region, region_of
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.pixels import PixelItem, PixelOverlay, image_of

LEAST_CELLS = 1.5  # the furthest zoom in shows this many across
RIM = 3  # around a picture that is shown whole [screen px]
LINE = 4  # around a cell, to either side of its edge [px]
NOTCHES = 3.0  # of the wheel, until the picture is twice as large
CLICK_DISTANCE = 4  # a press that moves less is a click, not a pan [screen px]
ZOOM_KEYS = {Qt.Key.Key_Plus: 1.0, Qt.Key.Key_Equal: 1.0, Qt.Key.Key_Minus: -1.0}
TIP = (
    "The wheel and the keys + and − zoom, a drag moves the picture, Home shows all of it; {double}."
)


class ImageView(QGraphicsView):
    """Shows contiguous uint8 BGRA, all of it or a part.

    The wheel zooms about the mouse, a drag moves the picture. A plain view without a paint event
    of its own, which would hold the interpreter's lock all that time; its items are moved and
    scaled as one.

    Args:
        name: Object name.
        description: What a screen reader says.
        fills: A double click is said, for the picture to fill the window; else it shows all of it.

    Signals:
        pointed: The mouse is over the cell (row, column) of the picture, padding included.
        left: The mouse left the picture.
        clicked: A cell was clicked.
        doubled: A double click.
        sight_chosen: A person has chosen a part of the picture, a Sight; None is all of it.
        dragged: With ``drag_moves_object``: where the mouse dragged to, (row, column).
        drag_ended: That drag ended.
        painted: What was set last is on the screen.
        nudged: The arrow keys: by (rows, columns).
        resized: There is more room for the picture, or less.
    """

    pointed = Signal(int, int)
    left = Signal()
    clicked = Signal(int, int)
    doubled = Signal()
    sight_chosen = Signal(object)
    dragged = Signal(float, float)
    drag_ended = Signal()
    painted = Signal()
    nudged = Signal(int, int)
    resized = Signal()

    def __init__(self, name: str, description: str, fills: bool = False) -> None:
        super().__init__()
        self._scene = QGraphicsScene(self)
        self._scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setScene(self._scene)
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
        double = "a double click fills the window, and brings it back" if fills else ""
        tip = TIP.format(double=double or "so does a double click")
        describe(self, name, description, tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.drag_moves_object = False
        self._fills = fills
        self._all = QGraphicsRectItem()  # what is moved and scaled
        self._all.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self._picture = PixelItem()
        self._overlay = PixelOverlay()
        for item in (self._picture, self._overlay):
            item.setParentItem(self._all)
        self._scene.addItem(self._all)
        self._overlay.painted.connect(self.painted)
        self._shape = (0, 0)
        self._origin = (0, 0)
        self._region: QRectF | None = None
        self._sight: Sight | None = None
        self._pressed: QPointF | None = None
        self._panned: QPointF | None = None  # where the mouse was, while it moves the picture

    def show_painted(self, painted: Painted) -> None:
        """Show a picture, its exact values as numbers in the pixels; its memory is shared."""
        origin, planes = painted.origin, painted.planes
        moved = painted.extent != self._shape or origin != self._origin
        before, self._overlay.content = self._overlay.content, painted
        if before is not None and painted.bgra is before.bgra:  # something else is looked at
            self.show_again()
            return
        self._picture.show_pixels(painted.bgra, painted.extent)
        if moved:
            self._shape, self._origin = painted.extent, origin
            self._picture.setPos(origin[1], origin[0])
            self._overlay.origin = origin
            self._overlay.prepareGeometryChange()
            self._overlay.bounds = self.drawn_rect()
            self._overlay.outline = QRectF(0, 0, planes.shape[2], planes.shape[1])
            self._keep_in_sight()
        self.viewport().update()

    def show_again(self) -> None:
        """Paint a pixel of what is there, which says that it is on the screen."""
        seen = self.drawn_rect() & self.visible_rect()
        middle = self._all.transform().map(seen.center()).toPoint()
        self.viewport().update(QRect(middle, QSize(1, 1)))

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the picture, as it is painted and as it is."""
        content = self._overlay.content
        name = self.objectName().removesuffix("_view")
        if content is None:
            return Taken(name)
        planes = content.planes
        values = planes[0] if len(planes) == 1 else planes
        return Taken(name, values, image_of(content.bgra), reset=self.fit)

    def _keep_in_sight(self) -> None:
        """Never show the empty room beside another picture."""
        if self._sight is not None and not self.visible_rect().intersects(self.drawn_rect()):
            self._choose(None)
        else:
            self._place()

    def set_lit(self, lit: Sequence[QRectF] | None) -> None:
        """Let all but some places be dark, in picture coordinates; None: all is lit."""
        wanted = None if lit is None else list(lit)
        if wanted != self._overlay.lit:
            self._overlay.lit = wanted
            self.viewport().update()

    def set_frames(self, frames: Sequence[QRectF], marks: Sequence[QRectF] = ()) -> None:
        """Frame cells, in picture coordinates (x = column, y = row).

        Args:
            frames: What is pointed at.
            marks: What that is linked with, drawn in another colour.
        """
        before = self._overlay.frames, self._overlay.marks
        if (list(frames), list(marks)) != before:
            self._overlay.frames, self._overlay.marks = list(frames), list(marks)
            changed = [rect for rects in (*before, frames, marks) for rect in rects]
            self.viewport().update(region_of(self._all.transform(), changed, px(LINE)))

    @property
    def marks(self) -> list[QRectF]:
        """The cells marked now."""
        return list(self._overlay.marks)

    def set_fields(self, fields: Fields | None) -> None:
        """Outline where all pixels of another picture look in this one."""
        if fields != self._overlay.fields:
            self._overlay.fields = fields
            self.viewport().update()

    def set_covers(self, covers: Sequence[QRectF]) -> None:
        """Cover parts of the picture, in its coordinates: nothing of them is known yet."""
        if list(covers) != self._overlay.covers:
            changed = changed_region(self._all.transform(), self._overlay.covers, covers)
            self._overlay.covers = list(covers)
            self.viewport().update(changed)

    @property
    def covers(self) -> list[QRectF]:
        """The parts covered now."""
        return list(self._overlay.covers)

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

    # ---- what is in sight ----

    def set_region(self, region: QRectF | None) -> None:
        """Choose what "all of it" is, in picture coordinates; None is everything drawn."""
        if region != self._region:
            self._region = region
            self._place()

    def show_sight(self, sight: Sight | None) -> None:
        """Show a part of the picture; None is all of it, however large the view becomes."""
        if sight != self._sight:
            self._sight = sight
            self._place()

    @property
    def sight(self) -> Sight:
        """What is in sight."""
        return self._sight or self._whole()

    def visible_rect(self) -> QRectF:
        """What is in sight, in picture coordinates."""
        sight = self.sight
        width, height = self.width() / sight.zoom, self.height() / sight.zoom
        return QRectF(sight.column - width / 2, sight.row - height / 2, width, height)

    def fit(self) -> None:
        """Show the whole picture and keep doing so when the view changes its size."""
        self._choose(None)

    def zoom_to_pixels(self) -> None:
        """One picture pixel on one screen pixel, around the present centre."""
        sight = self.sight
        self._choose(self._bounded(Sight(sight.row, sight.column, 1 / self.devicePixelRatioF())))

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom about a point of this widget, or its middle; what is smaller than all is all."""
        sight = self.sight
        row, column = (sight.row, sight.column) if at is None else self._cell_at(at)
        most = min(self.width(), self.height()) / LEAST_CELLS
        least = min(self._whole().zoom, sight.zoom)
        zoom = min(max(sight.zoom * factor, least), most)
        chosen = sight.about(row, column, zoom / sight.zoom)
        is_whole = factor < 1 and zoom <= least
        self._choose(None if is_whole else self._bounded(chosen))

    def _whole(self) -> Sight:
        """Return the view of the whole picture."""
        region = self._fitted
        if region.isEmpty():
            return Sight()
        width, height = max(self.width() - 2 * RIM, 1), max(self.height() - 2 * RIM, 1)
        zoom = min(width / region.width(), height / region.height())
        return Sight(region.center().y(), region.center().x(), zoom)

    @property
    def _fitted(self) -> QRectF:
        return self.drawn_rect() if self._region is None else self._region

    def _bounded(self, sight: Sight) -> Sight:
        """Return a view without more empty room than there must be."""
        region, zoom = self._fitted, sight.zoom
        column = _bounded(sight.column, region.left(), region.right(), self.width() / zoom)
        row = _bounded(sight.row, region.top(), region.bottom(), self.height() / zoom)
        return Sight(row, column, zoom)

    def _choose(self, sight: Sight | None) -> None:
        self.show_sight(sight)
        self.sight_chosen.emit(sight)

    def _place(self) -> None:
        """Move and scale what is shown."""
        sight, zoom = self.sight, self.sight.zoom
        transform = QTransform.fromTranslate(
            self.width() / 2 - zoom * sight.column, self.height() / 2 - zoom * sight.row
        )
        self._all.setTransform(transform.scale(zoom, zoom))
        mode, is_smaller = Qt.TransformationMode, zoom * self.devicePixelRatioF() < 1.0
        self._picture.setTransformationMode(
            mode.SmoothTransformation if is_smaller else mode.FastTransformation
        )
        self.viewport().update()

    def cell_center(self, row: int, column: int) -> QPointF:
        """Where a cell's centre is in this widget [screen px]."""
        return self._all.transform().map(QPointF(column + 0.5, row + 0.5))

    def _cell_at(self, position: QPointF) -> tuple[float, float]:
        inverse, _ = self._all.transform().inverted()
        point = inverse.map(position)
        return point.y(), point.x()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setSceneRect(QRectF(self.viewport().rect()))
        self._place()
        self.resized.emit()

    # ---- mouse ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        button = event.button()
        if button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            super().mousePressEvent(event)
            return
        self._pressed = event.position()
        if self.drag_moves_object and button is Qt.MouseButton.LeftButton:
            self.dragged.emit(*self._cell_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row, column = self._cell_at(event.position())
        is_left = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if self.drag_moves_object and is_left:
            self.dragged.emit(row, column)
            return
        if self._pressed is not None:
            self._pan(event.position())
        elif self.drawn_rect().contains(QPointF(column, row)):
            self.pointed.emit(math.floor(row), math.floor(column))
        else:
            self.left.emit()

    def _pan(self, position: QPointF) -> None:
        """Move the picture with the mouse, once that has left the place of a click."""
        assert self._pressed is not None
        if self._panned is None:
            if (position - self._pressed).manhattanLength() < CLICK_DISTANCE:
                return
            self._panned = self._pressed
        moved, sight = position - self._panned, self.sight
        self._panned = position
        if self._sight is not None:
            further = sight.moved(-moved.y() / sight.zoom, -moved.x() / sight.zoom)
            self._choose(self._bounded(further))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        panned, self._panned = self._panned, None
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
        elif self.drag_moves_object:
            self.drag_ended.emit()
        elif pressed is not None and panned is None:
            row, column = self._cell_at(event.position())
            if self.drawn_rect().contains(QPointF(column, row)):
                self.clicked.emit(math.floor(row), math.floor(column))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._fills:
            self.doubled.emit()
        else:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = (event.angleDelta().y() or event.angleDelta().x()) / 120
        self.zoom_by(2.0 ** (notches / NOTCHES), event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()
        super().leaveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            return True  # it would cover what is being compared
        return super().viewportEvent(event)

    # ---- keyboard ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS:
            self.nudged.emit(*ARROWS[key])
        elif key in ZOOM_KEYS:
            self.zoom_by(2.0 ** (ZOOM_KEYS[key] / NOTCHES))
        elif key is Qt.Key.Key_Home:
            self.fit()
        else:
            super().keyPressEvent(event)


def _bounded(middle: float, low: float, high: float, width: float) -> float:
    """Return the middle of a span that lies within another, or around it where it is wider."""
    if width >= high - low:
        return (low + high) / 2
    return min(max(middle, low + width / 2), high - width / 2)
