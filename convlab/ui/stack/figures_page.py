"""Statistics of every map of one layer, live."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from convlab.document.stack.figures import LayerFigures
from convlab.ui.numbers import show_number
from convlab.ui.stack.map_table import MapTable
from convlab.ui.theme import theme
from convlab.ui.widgets.forms import filled, wrapped_label

HEADERS = ("map", "values", "mean", "std", "zeros", "min", "max")
_NUMBER = "−8.8e-88"
SAMPLES = ("8888", "histogram", _NUMBER, _NUMBER, "100 %", _NUMBER, _NUMBER)
HISTOGRAM = HEADERS.index("values")
_TIP = (
    "A row for each map of the chosen layer, or of the last one: mean, standard deviation, share "
    "of zeros, least and largest value, and how often each value occurs. All histograms have one "
    "axis. A map that is 0 everywhere stands out: what a ReLU silences for every picture learns no "
    "more."
)
NOTHING = "There is nothing to measure yet: the layers do not fit, or no picture has come."


class FiguresPage(QWidget):
    """Shows the statistics of one layer."""

    def __init__(self) -> None:
        super().__init__()
        self._figures: LayerFigures | None = None
        self._words = wrapped_label("figures_words", NOTHING)
        self.table = MapTable(
            "figures_table",
            "Statistics of the maps",
            _TIP,
            HEADERS,
            self._texts,
            self._is_dead,
            SAMPLES,
        )
        self.table.setItemDelegateForColumn(HISTOGRAM, _Histograms(self))
        filled(QVBoxLayout(self), self._words, (self.table, 1), margins=(8, 6, 8, 6), spacing=4)

    def show_figures(self, figures: LayerFigures | None, title: str) -> None:
        """Show the statistics of a layer of that name; None: there are none."""
        if figures is self._figures and figures is not None:
            return
        self._figures = figures
        if figures is None:
            self._words.setText(NOTHING)
            self.table.rows.show_rows(0)
            return
        dead, count = int((figures.zeros == 1.0).sum()), len(figures.mean)
        noun = "value" if figures.counts[0].sum() == 1 else "map"
        text = f"{title}: {count:,} {noun}{'s' * (count != 1)}"
        self._words.setText(f"{text}, {dead:,} of them 0 everywhere." if dead else f"{text}.")
        self.table.rows.show_rows(len(figures.mean))

    def histogram(self, row: int) -> tuple[float, ...]:
        """Return the heights of a map's bars, 0 to 1: roots, so that rare values are seen."""
        if self._figures is None:
            return ()
        counts = self._figures.counts[row]
        heights = (counts / max(int(counts.max()), 1)) ** 0.5
        return tuple(heights.tolist())

    def _texts(self, row: int) -> tuple[str, ...]:
        figures = self._figures
        if figures is None:
            return ("",) * len(HEADERS)
        return (
            str(row),
            "",
            show_number(float(figures.mean[row]), 2),
            show_number(float(figures.std[row]), 2),
            f"{100 * figures.zeros[row]:.0f} %",
            show_number(float(figures.least[row]), 2),
            show_number(float(figures.largest[row]), 2),
        )

    def _is_dead(self, row: int) -> bool:
        return self._figures is not None and bool(self._figures.zeros[row] == 1.0)


class _Histograms(QStyledItemDelegate):
    """Paints the bars of a map in its cell."""

    def __init__(self, page: FiguresPage) -> None:
        super().__init__(page)
        self._page = page

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        heights = self._page.histogram(index.row())
        room = QRectF(option.rect).adjusted(4, 2, -4, -2)
        wide, color = room.width() / max(len(heights), 1), QColor(theme().quiet)
        for number, height in enumerate(heights):
            if height:
                high = max(height * room.height(), 1.0)
                bar = QRectF(room.left() + number * wide, room.bottom() - high, wide, high)
                painter.fillRect(bar, color)
