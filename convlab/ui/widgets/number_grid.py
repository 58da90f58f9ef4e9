"""Numbers as tinted cells: what the panels that explain a value are painted with."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from convlab.engine.arrays import AnyArray
from convlab.ui.cell_texts import cell_text, cell_texts
from convlab.ui.numbers import MINUS, show_exact, show_weight
from convlab.ui.taken import Taken
from convlab.ui.theme import FONT_FAMILY, STRONG, px, text_on, theme, value_color
from convlab.ui.widgets.tipped import Tipped

CAPTION = 18  # [px]
TEXT_FROM = 25  # narrower cells show only their colour [px]
HIGH_FROM = 12  # so do lower ones [px]
WIDE_FROM = 44  # these have room for three decimals [px]
WIDEST_CELL = 58  # [px]
TALLEST_CELL = 27  # [px]
OPERATOR = 30  # room for × and = [px]
LINE = 21  # [px]
GAPLESS = 8  # narrower cells have no gap between them [px]
LONGEST_KERNEL = 24  # of more rows or columns only every second, or third, … is painted
LONGEST_WINDOW = 32
IN_PADDING = QColor(150, 120, 190, 90)

ColorOf: TypeAlias = Callable[[float], QColor]

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class Grid:
    """Values to be painted as cells.

    Attributes:
        caption: Its role, written above.
        values: ``(rows, columns)``.
        color_of: The colour of each value.
        sign: What follows it: ×, = or nothing.
        padded: True where a cell lies in the padding, ``(rows, columns)``, or None.
        hidden: True where a cell holds no number, ``(rows, columns)``, or None.
    """

    caption: str
    values: AnyArray
    color_of: ColorOf
    sign: str = ""
    padded: AnyArray | None = None
    hidden: AnyArray | None = None

    def hides(self, row: int, column: int) -> bool:
        """Whether a cell holds no number."""
        return self.hidden is not None and bool(self.hidden[row, column])


class Tip(NamedTuple):
    """A place, and what is said of it under the mouse."""

    rect: QRectF
    text: str

    def at(self, position: QPointF) -> str | None:
        """Return what is said of a position, or None."""
        return self.text if self.rect.contains(position) else None

    def expanded(self) -> list[Tip]:
        """Return a tip for each thing that is said."""
        return [self]


class GridTip(NamedTuple):
    """Cells that say their value; written out only when it is asked for."""

    first: QRectF
    grid: Grid

    def at(self, position: QPointF) -> str | None:
        """Return the value of the cell at a position, or None."""
        column = math.floor((position.x() - self.first.left()) / self.first.width())
        row = math.floor((position.y() - self.first.top()) / self.first.height())
        rows, columns = self.grid.values.shape
        if not (0 <= row < rows and 0 <= column < columns) or self.grid.hides(row, column):
            return None
        return show_exact(float(self.grid.values[row, column]))

    def expanded(self) -> list[Tip]:
        """Return a tip for each cell."""
        return [
            Tip(cell_rect(self.first, *at), show_exact(float(self.grid.values[at])))
            for at in np.ndindex(self.grid.values.shape)
            if not self.grid.hides(*at)
        ]


class Canvas:
    """A painter of numbers that remembers which exact value lies where.

    Attributes:
        painter: What it paints with.
        font: The panel's own font.
        tips: Places, and what is said of them under the mouse.
    """

    def __init__(self, painter: QPainter, font: QFont) -> None:
        self.painter = painter
        self.font = font
        self.tips: list[Tip | GridTip] = []

    def tip(self, rect: QRectF, text: str) -> None:
        """Say something of a place under the mouse."""
        self.tips.append(Tip(rect, text))

    def text(
        self,
        room: QRectF,
        text: str,
        color: str,
        flags: Qt.AlignmentFlag = LEFT,
        font: QFont | None = None,
    ) -> None:
        """Write one line; what has no room ends in an ellipsis."""
        self.painter.setFont(font or self.font)
        self.painter.setPen(QColor(color))
        elide = Qt.TextElideMode.ElideRight
        fitting = self.painter.fontMetrics().elidedText(text, elide, math.ceil(room.width()))
        self.painter.drawText(room, int(flags), fitting)

    def sized(self, pixels: int, bold: bool = False) -> QFont:
        """Return the panel's font in another size [px]."""
        font = QFont(self.font)
        font.setPixelSize(pixels)
        font.setWeight(STRONG if bold else QFont.Weight.Normal)
        return font

    def width_of(self, text: str, font: QFont | None = None) -> int:
        """Return how much room a text needs [px]."""
        return QFontMetrics(font or self.font).horizontalAdvance(text)

    def grid(self, grid: Grid, first: QRectF) -> None:
        """Paint cells; ``first`` is the one at the top left."""
        if first.width() < GAPLESS:
            self._picture(grid, first)
        else:
            self._cells(grid, first)
        self.tips.append(GridTip(first, grid))
        if grid.padded is not None:
            gap = 1 if first.width() >= GAPLESS else 0
            for row, column in np.argwhere(grid.padded):
                rect = cell_rect(first, row, column).adjusted(gap, gap, -gap, -gap)
                self.painter.fillRect(rect, IN_PADDING)

    def equation(self, grids: list[Grid], first: QRectF, gap: float = OPERATOR) -> QPointF:
        """Paint grids side by side with the signs between them; returns the top right end."""
        for number, grid in enumerate(grids):
            first = first.translated(gap, 0) if number else first
            rows, columns = grid.values.shape
            if grid.caption:
                self._caption(grid.caption, first, columns * first.width())
            self.grid(grid, first)
            first = first.translated(columns * first.width(), 0)
            room = QRectF(first.left(), first.top(), gap, rows * first.height())
            short = max(px(CAPTION) - room.height(), 0.0) / 2  # of a single row of small cells
            self.text(room.adjusted(0, -short, 0, short), grid.sign, theme().quiet, CENTER)
        return first.topLeft()

    def frame(self, rect: QRectF, color: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> None:
        """Frame a cell."""
        self.painter.setPen(QPen(QColor(color), 2, style))
        self.painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def rule(self, top: float, width: float) -> None:
        """Draw the line that says that what is shown is pinned."""
        self.painter.setPen(QPen(QColor(theme().mark), 2))
        self.painter.drawLine(QPointF(0, top), QPointF(width, top))

    def _caption(self, caption: str, first: QRectF, width: float) -> None:
        room = QRectF(
            first.left(),
            first.top() - px(CAPTION),
            max(width, 60.0) + px(OPERATOR) - 4,
            px(CAPTION),
        )
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        self.text(room, caption, theme().quiet, flags)

    def _cells(self, grid: Grid, first: QRectF) -> None:
        font = QFont(FONT_FAMILY)
        most = max(px(13.0), first.height() * 0.3)
        wide = max(min(first.width() * 0.26, px(13.0)), first.width() * 0.22)
        font.setPixelSize(max(8, round(min(most, first.height() * 0.62, wide))))
        self.painter.setFont(font)
        places = [place for place in np.ndindex(grid.values.shape) if not grid.hides(*place)]
        values = [float(grid.values[place]) for place in places]
        texts = cell_texts(values, 3 if first.width() >= WIDE_FROM else 2, self._fits(first))
        for (row, column), value, text in zip(places, values, texts, strict=True):
            self._cell(cell_rect(first, row, column), text, grid.color_of(value))

    def _fits(self, cell: QRectF) -> Callable[[str], bool]:
        metrics = self.painter.fontMetrics()
        return lambda text: metrics.horizontalAdvance(text) <= cell.width() - 3

    def _cell(self, rect: QRectF, text: str, color: QColor) -> None:
        inner = rect.adjusted(0.5, 0.5, -0.5, -0.5)
        self.painter.fillRect(inner, color)
        if rect.width() < TEXT_FROM:
            return
        self.painter.setPen(QColor(theme().line))  # white cells have an edge on a white panel, too
        self.painter.drawRect(inner)
        if rect.height() >= HIGH_FROM:
            self.painter.setPen(text_on(color))
            self.painter.drawText(inner, CENTER, text)

    def _picture(self, grid: Grid, first: QRectF) -> None:
        """Paint many small cells at once, one pixel of a picture each."""
        rows, columns = grid.values.shape
        image = QImage(columns, rows, QImage.Format.Format_ARGB32)
        for row, column in np.ndindex(rows, columns):
            hidden = grid.hides(row, column)
            color = grid.color_of(float(grid.values[row, column]))
            image.setPixel(column, row, 0 if hidden else color.rgba())
        size = QSizeF(columns * first.width(), rows * first.height())
        self.painter.drawImage(QRectF(first.topLeft(), size), image)


class NumberPanel(Tipped):
    """A panel of painted numbers: a hint while there are none, exact values under the mouse."""

    hint: str

    def __init__(self, name: str, accessible_name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setAccessibleDescription(self.hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(116)
        self._tips: list[Tip | GridTip] = []

    @property
    def is_empty(self) -> bool:
        """Whether the hint is shown."""
        raise NotImplementedError

    def tip_at(self, position: QPointF) -> str | None:
        """Return the exact value at a place, or None."""
        found = (tip.at(position) for tip in self._tips)
        return next((text for text in found if text is not None), None)

    def tips(self) -> list[Tip]:
        """Return every place that says something under the mouse."""
        return [each for tip in self._tips for each in tip.expanded()]

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the exact numbers, line by line as they stand."""
        lines: dict[int, list[tuple[float, str]]] = {}
        for rect, text in self.tips():
            lines.setdefault(round(rect.top()), []).append((rect.left(), text))
        rows = ["\t".join(text for _, text in sorted(lines[top])) for top in sorted(lines)]
        return Taken(self.objectName().removesuffix("_panel"), text="\n".join(rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        canvas = Canvas(painter, self.font())
        try:
            if self.is_empty:
                self._paint_hint(painter)
            else:
                self.paint_numbers(canvas)
        finally:  # a painter that outlives its widget takes the process with it
            painter.end()
        self._tips = canvas.tips

    def _paint_hint(self, painter: QPainter) -> None:
        painter.setPen(QColor(theme().quiet))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        room = QRectF(self.rect()).adjusted(24, 0, -24, 0)
        painter.drawText(room, int(flags), self.hint)

    def paint_numbers(self, canvas: Canvas) -> None:
        """Paint what is shown; never called while the panel is empty."""
        raise NotImplementedError


def cell_rect(first: QRectF, row: int, column: int) -> QRectF:
    """Return the place of a cell of a grid whose first cell is given."""
    return first.translated(column * first.width(), row * first.height())


def thinning(shape: Sequence[int], longest: int) -> tuple[int, int]:
    """Return which rows and columns of a large grid are painted: every first, second, …."""
    rows, columns = (-(-side // longest) for side in shape)
    return rows, columns


def signed_colors(values: AnyArray) -> ColorOf:
    """Return the colours of the signed map, the strongest for the largest of some values."""
    largest = float(np.abs(values).max()) if values.size else 0.0
    largest = largest or 1.0
    return lambda value: value_color(value, largest)


def factor(text: str) -> str:
    """Put a negative number in brackets."""
    return f"({text})" if text.startswith(MINUS) else text


def terms_text(pairs: list[tuple[float, float]], most: int) -> str:
    """Return values times weights, like ``0.42×1 + 0.4×(−2) + …``.

    A long sum leaves out zero weights first, and says how long it is.
    """
    written = pairs if len(pairs) <= most else [pair for pair in pairs if pair[1] != 0.0]
    texts = [
        f"{factor(cell_text(value, 3))}×{factor(show_weight(weight))}"
        for value, weight in written[:most]
    ]
    if len(written) > most or not written:
        texts.append(f"… ({len(pairs)} terms)")
    return " + ".join(texts)


def fitting_text(write: Callable[[int], str], most: int, fits: Callable[[str], bool]) -> str:
    """Return a text with as many terms as there is room for, at least one."""
    texts = (write(terms) for terms in range(most, 1, -1))
    return next((text for text in texts if fits(text)), write(1))
