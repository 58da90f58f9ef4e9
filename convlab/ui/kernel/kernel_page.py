"""The kernel lab's page: input, kernel and output side by side, the sum below them."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QWidget

from convlab.ui.compare.compare_bar import CompareBar
from convlab.ui.drawing_dock import DrawingDock
from convlab.ui.kernel.kernel_panel import KernelPanel
from convlab.ui.kernel.page_strip import PageStrip
from convlab.ui.kernel.picture_panel import PicturePanel
from convlab.ui.kernel.pixel_card import PixelCard
from convlab.ui.kernel.rooms import MARGIN, Content, Rect, Rooms, alone, share
from convlab.ui.theme import px, scale

LEAST = QSize(560, 400)  # [px]


class KernelPage(QWidget):
    """Places the parts of the lab; what each of them needs, they say themselves.

    Args:
        pictures: The panels of input and output, by their roles.
        kernel: The column between them.
        card: What is behind a pixel.
        drawing: Stands in the input's place while one draws.
        bar: Stands below all, where there is something to compare.
    """

    def __init__(
        self,
        pictures: dict[str, PicturePanel],
        kernel: KernelPanel,
        card: PixelCard,
        drawing: DrawingDock,
        bar: CompareBar,
    ) -> None:
        super().__init__()
        self._pictures, self._kernel, self._card = pictures, kernel, card
        self._drawing, self._bar = drawing, bar
        self._aspect = 0.75
        self._has_pin = self._in_lecture = False
        self._alone = ""
        self.strip = PageStrip(card.actions_of_pages)
        drawing.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        for part in (*pictures.values(), kernel, card, drawing, bar, self.strip):
            part.setParent(self)
        bar.shown_changed.connect(self.arrange)
        drawing.visibilityChanged.connect(self.arrange)
        card.resized.connect(self.arrange)
        kernel.height_changed.connect(self.arrange)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(LEAST.width()), px(LEAST.height()))

    def set_aspect(self, aspect: float) -> None:
        """Take the height of the pictures by their width."""
        if aspect != self._aspect:
            self._aspect = aspect
            self.arrange()

    def set_pinned(self, is_pinned: bool) -> None:
        """Make room for the sum, or give it back to the pictures."""
        if is_pinned != self._has_pin:
            self._has_pin = is_pinned
            self.arrange()

    def set_lecture(self, is_on: bool) -> None:
        """Give a pinned sum the lower half, or let it be as low as it can."""
        self._in_lecture = is_on
        self.arrange()

    def set_alone(self, role: str) -> None:
        """Let a picture fill the page; "" brings the others back."""
        if role != self._alone:
            self._alone = role
            self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    @property
    def rooms(self) -> Rooms:
        """Where everything stands."""
        width, height = self.width(), self._height
        around = max(picture.around for picture in self._pictures.values())
        needed, wanted = self._card.heights(width)
        column = self._kernel.wanted_height
        content = Content(
            self._aspect,
            around,
            column,
            needed,
            wanted,
            self._has_pin,
            self._in_lecture,
            scale(),
            self.strip.least,
        )
        return share(width, height, content)

    @property
    def _height(self) -> int:
        """Height without the bar [px]."""
        return self.height() - (0 if self._bar.isHidden() else self._bar.sizeHint().height())

    def arrange(self) -> None:
        """Place everything again."""
        self._bar.setGeometry(0, self._height, self.width(), self.height() - self._height)
        if self._alone:
            self._arrange_alone(self._pictures[self._alone])
            return
        halves = 2 if self._in_lecture and self._has_pin else 1  # of the room, one for the sum
        self._kernel.set_window_height(self._height // halves)
        rooms = self.rooms
        is_drawing = self._drawing.is_wanted and not self._drawing.isHidden()
        _put(self._pictures["input"], None if is_drawing else rooms.input)
        if is_drawing:
            self._drawing.setGeometry(*rooms.input)
        _put(self._pictures["output"], rooms.output)
        _put(self._card, rooms.sum if rooms.sum.height else None)
        x, y, width, _ = rooms.sum
        free = Rect(x, y, width, self._height - y - px(MARGIN))
        self.strip.set_room(free.height)
        _put(self.strip, None if rooms.sum.height else free)
        self._arrange_kernel(rooms.kernel)

    def _arrange_kernel(self, room: Rect) -> None:
        """Place the column; unfolded it reaches down over what is below as far as it needs."""
        self._kernel.set_room(room.height)
        if self._kernel.is_unfolded:
            high = min(self._kernel.wanted_height, self._height)
            top, around = min(room.y, self._height - high), self._kernel.around
            room = Rect(room.x - around, top, room.width + 2 * around, high)
            self._kernel.raise_()
        _put(self._kernel, room)

    def _arrange_alone(self, picture: PicturePanel) -> None:
        for part in (*self._pictures.values(), self._kernel, self._card, self.strip):
            _put(part, alone(self.width(), self._height) if part is picture else None)
        picture.raise_()


def _put(part: QWidget, rect: Rect | None) -> None:
    """Show a part at its place, or hide it."""
    if rect is not None:
        part.setGeometry(*rect)
    part.setVisible(rect is not None)
