"""How the value of the unit pointed at came about, for every kind of layer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from convlab.document.stack.arithmetic import (
    Choice,
    Copy,
    Curve,
    Detail,
    Mixture,
    Probabilities,
    Products,
    Steps,
    TransposedProducts,
    WeightedSum,
)
from convlab.engine.display import DisplayMode, Scale
from convlab.ui.cell_table import Cells
from convlab.ui.stack.unit_window import paint_choice
from convlab.ui.sum_cells import NONE, sum_cells
from convlab.ui.sum_lens import Placed, found_at
from convlab.ui.theme import px, theme
from convlab.ui.widgets.arrows import ARROWS, moved
from convlab.ui.widgets.number_grid import LINE, Canvas, NumberPanel
from convlab.ui.widgets.sum_tiles import (
    InputColors,
    channels_at_once,
    paint_mixture,
    paint_products,
)
from convlab.ui.widgets.unit_bars import paint_probabilities, paint_weighted_sum
from convlab.ui.widgets.unit_curve import paint_copy, paint_curve, paint_steps
from convlab.ui.widgets.unit_text import (
    short_subtitle,
    spoken_text,
    subtitle,
)

MARGIN = 4  # [px]
LOWEST = 96  # [px]
SUMS = (Products, TransposedProducts)
HINT = "This is the picture itself: select a map of a layer to see how its values came about."


class UnitPanel(NumberPanel):
    """Paints the arithmetic of one unit: what it is above, the numbers below."""

    hint = ""  # nothing is known yet

    def __init__(self) -> None:
        super().__init__("unit_panel", "How the value pointed at came about")
        self._detail: Detail | None = None
        self._title = ""
        self._colors = InputColors()
        self._pinned = False
        self._chosen = 0
        self._focus: tuple[int, int] | None = None  # what the lens of a large kernel is around
        self._placed: list[Placed] = []
        self.setMinimumHeight(LOWEST)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(600, 200)

    @property
    def is_empty(self) -> bool:
        return self._detail is None

    @property
    def detail(self) -> Detail | None:
        """What is shown."""
        return self._detail

    def cells(self) -> Cells:
        """Say what is added up, for a screen reader; other arithmetic is said in words."""
        detail = self._detail
        return sum_cells([detail]) if isinstance(detail, Products | TransposedProducts) else NONE

    def set_detail(
        self,
        detail: Detail | None,
        title: str = "",
        scales: tuple[Scale, ...] = (),
        mode: DisplayMode = DisplayMode.SIGNED,
        pinned: bool = False,
        chosen: int = 0,
    ) -> None:
        """Show the arithmetic of one unit, or the hint.

        Args:
            detail: The arithmetic, or None.
            title: Which unit it is.
            scales: Those in which the layer's input is painted: one for every map, one for all, or
                none, and the values shown have the strongest colours.
            mode: How the layer's input is painted.
            pinned: It stays when the mouse leaves.
            chosen: Number of the channel that is painted, alone or among its neighbours.
        """
        if detail is None and self._detail is None and self.hint:
            return
        self.hint = HINT
        self._detail, self._title, self._pinned, self._chosen = detail, title, pinned, chosen
        self._colors = InputColors(mode, scales)
        self.setAccessibleDescription(HINT if detail is None else spoken_text(detail, title))
        self.update()

    @property
    def channels(self) -> range:
        """Places in the sum of the channels that are painted; none if it has no channels."""
        detail = self._detail
        if not isinstance(detail, Products | TransposedProducts):
            return range(0)
        count = len(detail.channels)
        at_once = channels_at_once(detail.operands[0].shape[1:], count, self._body().height())
        place = min(max(self._chosen - detail.channels.start, 0), count - 1)
        first = min(place // at_once * at_once, count - at_once)
        return range(first, first + at_once)

    def _body(self) -> QRectF:
        """Where the numbers are: between title and formula."""
        width, top = self.width() - 2 * px(MARGIN), px(LINE) + 3
        return QRectF(px(MARGIN), top, width, self.height() - top - 4)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Lead the lens of a large kernel to the cell under the mouse."""
        cell, _ = found_at(self._placed, event.position())
        if cell[0] >= 0:
            self._show_around(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Lead the lens from cell to cell with the arrows."""
        key, detail = Qt.Key(event.key()), self._detail
        if key not in ARROWS or not self._placed or not isinstance(detail, SUMS):
            super().keyPressEvent(event)
            return
        rows, columns = detail.products.shape[1:]
        focus = self._focus or (rows // 2, columns // 2)
        self._show_around(moved(focus, ARROWS[key], (rows, columns)))

    def _show_around(self, cell: tuple[int, int]) -> None:
        if cell != self._focus:
            self._focus = cell
            self.update()

    def paint_numbers(self, canvas: Canvas) -> None:
        self._placed = []
        detail = self._detail
        assert detail is not None
        width = self.width() - 2 * px(MARGIN)
        self._paint_title(canvas, detail, QRectF(px(MARGIN), 0, width, px(LINE)))
        self._paint_body(canvas, self._body(), detail)
        if self._pinned:
            canvas.rule(self.height() - 1, self.width())

    def _paint_title(self, canvas: Canvas, detail: Detail, room: QRectF) -> None:
        font = canvas.sized(px(13), bold=True)
        canvas.text(room, self._title, theme().text, font=font)
        used = canvas.width_of(self._title, font) + 14 if self._title else 0
        beside = room.adjusted(used, 0, 0, 0)
        for text in (subtitle(detail), short_subtitle(detail)):
            if canvas.width_of(text) <= beside.width():
                canvas.text(beside, text, theme().quiet)
                break

    def _paint_body(self, canvas: Canvas, room: QRectF, detail: Detail) -> None:
        match detail:
            case Products() | TransposedProducts():
                parts = canvas, room, detail, self._colors, self.channels, self._focus
                self._placed = paint_products(*parts)
            case WeightedSum():
                paint_weighted_sum(canvas, room, detail)
            case Choice():
                paint_choice(canvas, room, detail, self._colors)
            case Curve():
                paint_curve(canvas, room, detail)
            case Probabilities():
                paint_probabilities(canvas, room, detail)
            case Steps():
                paint_steps(canvas, room, detail)
            case Mixture():
                paint_mixture(canvas, room, detail, self._colors)
            case Copy():
                paint_copy(canvas, room, detail)
