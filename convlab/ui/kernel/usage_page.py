"""The page of what the outputs see: how often each pixel is used, and how fields overlap."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from convlab.document.kernel.job import KernelShown, Usage
from convlab.document.kernel.model import PixelPage
from convlab.ui.kernel.card_page import CardPage
from convlab.ui.kernel.partners import times_text
from convlab.ui.kernel.size_formula import notes_of
from convlab.ui.theme import px
from convlab.ui.true_bars import Bar, TrueBars
from convlab.ui.widgets.forms import STRETCH, as_panel, filled, scrolled, wrapped_label

NEEDED, WANTED = 118, 190  # height that it needs, and is easily read with [px]
MOST_LINES = 7
TIP = (
    "How many pixels are used how often: by so many outputs, each with another weight. Padding is "
    "no pixel, whatever stands in it."
)


class UsagePage(CardPage):
    """Says what the heat map in place of the input and the outlines in it show."""

    page, tab = PixelPage.USAGE, "Usage"

    def __init__(self) -> None:
        super().__init__()
        self._usage: Usage | None = None
        self._words = wrapped_label("usage_words")
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._bars = TrueBars("usage_bars", "Pixels by how often they are used", TIP)
        said, counted = QWidget(), QWidget()
        for panel in (self, said, counted):
            as_panel(panel)
        for panel, content in ((said, self._words), (counted, self._bars)):
            filled(QVBoxLayout(panel), content, STRETCH, margins=(0, 0, 8, 0))
        row = filled(QHBoxLayout(self), margins=(12, 4, 12, 4), spacing=20)
        words, bars = scrolled(said, "What the outputs see"), scrolled(counted, "How often")
        filled(row, (words, 1), (bars, 1))

    def heights(self, width: int) -> tuple[int, int]:
        return px(NEEDED), px(WANTED)

    def show_pixel(self, shown: KernelShown, is_pinned: bool) -> None:
        """Show how the outputs share the picture; a new frame of the same size changes nothing."""
        if shown.usage is None or shown.usage == self._usage:
            return
        self._usage = shown.usage
        self._words.setText("<br>".join([*usage_lines(shown.usage), *notes_of(shown.job)]))
        self._bars.show_bars(bars_of(shown.usage))


def usage_lines(usage: Usage) -> list[str]:
    """Return what there is to be known of the fields, a line for each thing."""
    (high, wide), (rows, columns) = usage.fields.span, usage.fields.count
    most, least = usage.tally[0][0], usage.tally[-1][0]
    return [
        f"Each output sees {high} × {wide} pixels: {rows} × {columns} = {rows * columns:,} "
        "receptive fields, outlined where there is room.",
        _sharing(*usage.shared),
        f"A pixel is {times_text(most)}{_least(least, most)}",
    ]


def _least(least: int, most: int) -> str:
    if least == most:
        return "."
    return f" at most, {times_text(least)} at least." if least else " at most."


def _sharing(down: int, across: int) -> str:
    if not (down or across):
        return "Neighbours share nothing: their fields do not overlap."
    return (
        f"Neighbours side by side share {across} of their columns, those below each other {down} "
        "of their rows."
    )


def bars_of(usage: Usage) -> list[Bar]:
    """Return how many pixels are used how often; of many counts the commonest."""
    common = sorted(usage.tally, key=lambda each: -each[1])[:MOST_LINES]
    rest = sum(pixels for _, pixels in usage.tally) - sum(pixels for _, pixels in common)
    bars = [Bar(times_text(times), pixels, times > 0) for times, pixels in sorted(common)[::-1]]
    return [*bars, Bar("other counts", rest, False)] if rest else bars
