"""A weight matrix as a picture of coloured cells, in which the copies of one weight light up."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from convlab.engine.arrays import AnyArray
from convlab.engine.weight_matrix import ZERO, Sharing, WeightMatrix
from convlab.ui.cell_table import Cells
from convlab.ui.numbers import show_exact, show_weight
from convlab.ui.taken import Taken
from convlab.ui.theme import FONT_FAMILY, px, text_on, theme, value_color
from convlab.ui.widgets.arrows import ARROWS, Place, moved
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.pixels import image_of, signed_pixels
from convlab.ui.widgets.tipped import Tipped

CAPTION = 18  # [px]
WIDEST_CELL, TALLEST_CELL = 58.0, 27.0  # [px]
MOST_STRETCHED = 2.2  # width to height of a cell, either way
TEXT_FROM = (27.0, 12.0)  # smaller cells show only their colour [px]
LINES_FROM = 6.0  # smaller cells have no lines between them [px]
FADED = 70  # opacity of what is no copy of the selected weight, of 255


class MatrixGrid(Tipped):
    """Paints a weight matrix; click a cell or move with the arrow keys, Escape lets go.

    Signals:
        selection_changed: Another cell is selected, or none.
    """

    selection_changed = Signal()

    def __init__(self, name: str = "matrix_grid") -> None:
        super().__init__()
        describe(
            self,
            name,
            "Weight matrix",
            "A row for each result, a column for each pixel. Click a cell or use the arrow keys: "
            "the copies of its weight light up.",
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 80)
        self._matrix: WeightMatrix | None = None
        self._sharing = Sharing.TIED
        self._values: AnyArray = np.zeros((1, 1), np.float32)
        self._message = ""
        self._selected: Place | None = None

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the matrix."""
        return None if self._matrix is None else Taken("matrix", self._values)

    def sizeHint(self) -> QSize:
        return QSize(420, 180)

    def show_matrix(self, matrix: WeightMatrix, sharing: Sharing) -> None:
        """Show a matrix under a way of sharing; what is selected stays if it is still there."""
        if self._matrix is None or self._matrix.cells.shape != matrix.cells.shape:
            self._selected = None
        self._matrix, self._sharing, self._message = matrix, sharing, ""
        self._values = matrix.shared(sharing)
        self.selection_changed.emit()
        self.update()

    def show_message(self, text: str) -> None:
        """Show one message in place of a matrix."""
        self._matrix, self._selected, self._message = None, None, text
        self.selection_changed.emit()
        self.update()

    @property
    def selected(self) -> Place | None:
        """(output, input) of the selected cell, counted in the vectors."""
        return self._selected

    @property
    def copies(self) -> list[Place]:
        """Where the selected weight stands, in reading order; empty for a zero."""
        found: list[list[int]] = np.argwhere(self._is_copy()).tolist()
        return [(row, column) for row, column in found]

    def value(self, place: Place) -> float:
        """The number that stands in a cell."""
        return float(self._values[place])

    def select(self, place: Place | None) -> None:
        """Select a cell, or none."""
        if place != self._selected:
            self._selected = place
            self.selection_changed.emit()
            self.update()

    def is_connected(self, place: Place) -> bool:
        """Whether a weight stands in a cell."""
        if self._matrix is None:
            return False
        return self._sharing is Sharing.DENSE or bool(self._matrix.cells[place] != ZERO)

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell is painted."""
        area, width, height = self._area(), *self._cell()
        return QRectF(area.left() + column * width, area.top() + row * height, width, height)

    def cells(self) -> Cells:
        """Say what stands in the matrix, for a screen reader."""
        if self._matrix is None:
            return Cells((0, 0), lambda row, column: "", str, str)
        return Cells(
            self._matrix.cells.shape,
            lambda row, column: self._cell_words((row, column)),
            lambda row: self.ends((row, 0))[1],
            lambda column: self.ends((0, column))[0],
            self.cell_rect,
            self._selected,
        )

    def _cell_words(self, place: Place) -> str:
        return show_weight(self.value(place)) if self.is_connected(place) else "no connection"

    def _is_copy(self) -> AnyArray:
        """Tell of each cell whether the selected weight stands there."""
        is_copy = np.zeros(self._values.shape, np.bool_)
        place, matrix = self._selected, self._matrix
        if matrix is None or place is None or not self.is_connected(place):
            return is_copy
        if self._sharing is Sharing.TIED:
            return np.asarray(matrix.cells == matrix.cells[place])
        is_copy[place] = True
        return is_copy

    def _is_faded(self) -> AnyArray:
        """Tell of each cell whether it steps back behind the copies of the selected weight."""
        is_copy = self._is_copy()
        return ~is_copy if is_copy.sum() > 1 else np.zeros_like(is_copy)

    def _cell(self) -> tuple[float, float]:
        """Width and height of a cell [px]."""
        rows, columns = self._values.shape
        width = min((self.width() - 4) / columns, px(WIDEST_CELL))
        height = min((self.height() - px(CAPTION) - 4) / rows, px(TALLEST_CELL))
        return min(width, MOST_STRETCHED * height), min(height, MOST_STRETCHED * width)

    def _area(self) -> QRectF:
        rows, columns = self._values.shape
        width, height = self._cell()
        return QRectF(2, px(CAPTION) + 1, columns * width, rows * height)

    def _cell_at(self, position: QPointF) -> Place | None:
        if self._matrix is None or not self._area().contains(position):
            return None
        at, (width, height) = position - self._area().topLeft(), self._cell()
        rows, columns = self._values.shape
        return min(int(at.y() // height), rows - 1), min(int(at.x() // width), columns - 1)

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(theme().quiet))
        if self._matrix is None:
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()), int(flags), self._message)
        else:
            self._paint_caption(painter, self._matrix)
            self._paint_cells(painter)
            self._paint_lines(painter, self._matrix)
            self._paint_numbers(painter)
            self._paint_frames(painter)
        painter.end()

    def _paint_caption(self, painter: QPainter, matrix: WeightMatrix) -> None:
        elide = Qt.TextElideMode.ElideRight
        outputs, inputs = matrix.cells.shape
        texts = self.axes_text(matrix), f"↓ {outputs} outputs   → {inputs} inputs"
        metrics = painter.fontMetrics()
        fitting = (text for text in texts if metrics.horizontalAdvance(text) < self.width())
        text = next(fitting, metrics.elidedText(texts[1], elide, self.width()))
        painter.drawText(QRectF(2, 0, self.width() - 2, px(CAPTION)), text)

    def _paint_cells(self, painter: QPainter) -> None:
        """Paint all cells at once: a picture of one pixel each, enlarged."""
        painter.fillRect(self._area(), QColor(theme().window))
        pixels = signed_pixels(self._values)
        pixels[self._is_faded(), 3] = FADED
        if self._matrix is not None and self._sharing is not Sharing.DENSE:
            pixels[self._matrix.cells == ZERO, 3] = 0
        painter.drawImage(self._area(), image_of(pixels, has_alpha=True))

    def _largest(self) -> float:
        return float(np.abs(self._values).max()) or 1.0

    def _paint_lines(self, painter: QPainter, matrix: WeightMatrix) -> None:
        """Rule the cells; stronger where a new line of the picture or of the result begins."""
        area, (width, height) = self._area(), self._cell()
        rows, columns = self._values.shape
        is_ruled = min(width, height) >= LINES_FROM
        for step, color in ((1, theme().line), (0, theme().quiet)):
            if step and not is_ruled:
                continue
            painter.setPen(QPen(QColor(color), 1))
            for row in range(0, rows + 1, step or matrix.output_size[1]):
                y = area.top() + row * height
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            for column in range(0, columns + 1, step or matrix.input_size[1]):
                x = area.left() + column * width
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _paint_numbers(self, painter: QPainter) -> None:
        width, height = self._cell()
        if width < TEXT_FROM[0] or height < TEXT_FROM[1]:
            return
        font = QFont(self.font())
        font.setFamily(FONT_FAMILY)
        font.setPixelSize(max(8, round(min(px(13.0), height * 0.62, width * 0.26))))
        painter.setFont(font)
        is_faded = self._is_faded()
        for row, column in np.ndindex(*self._values.shape):
            if self.is_connected((row, column)) and not is_faded[row, column]:
                self._paint_number(painter, row, column)

    def _paint_number(self, painter: QPainter, row: int, column: int) -> None:
        value = self.value((row, column))
        painter.setPen(text_on(value_color(value, self._largest())))
        rect = self.cell_rect(row, column)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, show_weight(value))

    def _paint_frames(self, painter: QPainter) -> None:
        """Frame the copies, and the selected cell more strongly."""
        if self._selected is None:
            return
        wide = 2 if min(self._cell()) >= LINES_FROM else 1
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme().mark), wide))
        for place in self.copies:
            painter.drawRect(self.cell_rect(*place))
        painter.setPen(QPen(QColor(theme().accent), wide + 1))
        rect = self.cell_rect(*self._selected)
        wider, taller = (max(LINES_FROM - side, 0) / 2 for side in (rect.width(), rect.height()))
        painter.drawRect(rect.adjusted(-wider, -taller, wider, taller))

    # ---- mouse and keyboard ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.select(self._cell_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self._matrix is not None and key in ARROWS:
            by = ARROWS[key] if self._selected else (0, 0)
            self.select(moved(self._selected or (0, 0), by, self._matrix.cells.shape))
        elif key is Qt.Key.Key_Escape and self._selected is not None:
            self.select(None)
        else:
            super().keyPressEvent(event)

    def tip_at(self, position: QPointF) -> str | None:
        place = self._cell_at(position)
        return None if place is None else self.tip(place)

    def tip(self, place: Place) -> str:
        """What the tooltip over a cell says: all digits, and what it joins."""
        if not self.is_connected(place):
            return self.apart(place)
        given, made = self.ends(place)
        name = self.weight_name(place) if self._sharing is Sharing.TIED else "weight"
        return f"<b>{name} = {show_exact(self.value(place))}</b><br>{given} → {made}"

    # ---- names ----

    def axes_text(self, matrix: WeightMatrix) -> str:
        """Say what the rows and the columns are."""
        (rows, columns), (height, width) = matrix.output_size, matrix.input_size
        outputs, inputs = matrix.cells.shape
        return f"↓ {outputs} outputs ({rows} × {columns})   → {inputs} inputs ({height} × {width})"

    def weight_name(self, place: Place) -> str:
        """Name the kernel's cell that stands in a cell of the matrix: w[row, column]."""
        assert self._matrix is not None
        row, column = divmod(int(self._matrix.cells[place]), self._matrix.kernel.shape[1])
        return f"w[{row}, {column}]"

    def ends(self, place: Place) -> tuple[str, str]:
        """Name the input and the output that a cell joins, by (row, column)."""
        assert self._matrix is not None
        row, column = divmod(place[1], self._matrix.input_size[1])
        to_row, to_column = divmod(place[0], self._matrix.output_size[1])
        return f"input ({row}, {column})", f"output ({to_row}, {to_column})"

    def apart(self, place: Place) -> str:
        """Say of a cell that it joins nothing."""
        given, made = self.ends(place)
        return f"{made.capitalize()} does not see {given}: no connection."
