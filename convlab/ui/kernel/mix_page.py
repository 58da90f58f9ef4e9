"""The page that shows a kernel as a recipe: bottles of salt water, and what their mixture is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import PixelPage
from convlab.document.stack.arithmetic import Products
from convlab.engine.display import DisplayMode
from convlab.ui.kernel.card_page import CardPage
from convlab.ui.numbers import show_number, show_weight
from convlab.ui.theme import place_color, px, theme
from convlab.ui.widgets.forms import as_panel, describe, filled, wrapped_label

NEEDED, WANTED = 128, 190  # height that it needs, and is easily read with [px]
MOST = 9  # bottles; of more the largest fractions are shown, and all others as one
WORDS = 250  # width of what is said [px]
NARROW, WIDE = 30, 64  # width of a bottle with the room beside it [px]
EXACT = 1e-3  # a sum that is so near to 1 is one


class Bottle(NamedTuple):
    """What one input value gives.

    Attributes:
        value: What is in it; of several their mean.
        fraction: How much of it is poured.
        cells: For how many it stands.
    """

    value: float
    fraction: float
    cells: int = 1


class MixPage(CardPage):
    """Shows what is poured from where, and what the fractions come to."""

    page, tab = PixelPage.MIX, "Mix"

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self._view = MixView()
        self._words = wrapped_label("mix_words")
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setMaximumWidth(px(WORDS))
        self._words.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        row = filled(QHBoxLayout(self), margins=(12, 4, 12, 4), spacing=16)
        filled(row, (self._view, 1), self._words)

    def heights(self, width: int) -> tuple[int, int]:
        return px(NEEDED), px(WANTED)

    def show_pixel(self, shown: KernelShown, is_pinned: bool) -> None:
        """Show the recipe at a pixel; of a transposed kernel there is none."""
        sum_ = shown.sums[0] if shown.sums else None
        if not isinstance(sum_, Products):
            return
        white = shown.job.frame.white
        self._view.show_mix(bottles_of(sum_), sum_.result, white)
        self._words.setText(mix_words(sum_))


def bottles_of(sum_: Products) -> list[Bottle]:
    """Return what is mixed, in the order of the cells; beyond MOST the rest as one bottle."""
    values, fractions = sum_.patch.ravel(), sum_.kernel.ravel()
    used = np.flatnonzero(fractions)
    chosen = used
    if len(used) > MOST:
        strongest = used[np.argsort(-np.abs(fractions[used]), kind="stable")][: MOST - 1]
        chosen = np.sort(strongest)
    bottles = [Bottle(float(values[cell]), float(fractions[cell])) for cell in chosen]
    rest = np.setdiff1d(used, chosen)
    if rest.size:
        poured = float(fractions[rest].sum())
        salt = float((values[rest] * fractions[rest]).sum())
        mean = salt / poured if abs(poured) > EXACT else float(values[rest].mean())
        bottles.append(Bottle(mean, poured, len(rest)))
    return bottles


def mix_words(sum_: Products) -> str:
    """Say whether a kernel is a recipe for mixing."""
    fractions = sum_.kernel
    total = float(fractions.sum(dtype=np.float64))
    if (fractions < 0).any():
        text = (
            "Weights below 0 take away: this is no recipe for mixing, but one for differences. "
            f"They sum to {show_number(total)}"
        )
        return text + (": an even area vanishes." if abs(total) < EXACT else ".")
    if abs(total - 1) < EXACT:
        return (
            "<b>The fractions sum to 1.</b> A mixture, as of salt water from bottles: it is never "
            "saltier than the saltiest, and an even area stays as it is."
        )
    if total > 1:
        return (
            f"The fractions sum to {show_number(total)}, <b>{show_number(total - 1)} too much</b>, "
            "as if water came from nowhere. Take some away, or normalise."
        )
    return (
        f"The fractions sum to {show_number(total)}: <b>{show_number(1 - total)} is lost</b>. Add "
        "some, or normalise."
    )


class MixView(QWidget):
    """Paints bottles, each as full as its fraction and as bright as its value, and the glass."""

    def __init__(self) -> None:
        super().__init__()
        describe(
            self,
            "mix_view",
            "Mixture",
            "Each bottle is an input pixel: as bright as its value, and as full as the fraction "
            "that is poured of it. The glass on the right is the output.",
        )
        self._bottles: list[Bottle] = []
        self._result, self._white = 0.0, 1.0
        self.setMinimumSize(px(3 * NARROW), px(100))

    def sizeHint(self) -> QSize:
        return QSize(px((MOST + 2) * WIDE), px(150))

    def show_mix(self, bottles: list[Bottle], result: float, white: float) -> None:
        """Show what is mixed, and what it comes to."""
        shown = bottles, result, white
        if shown != (self._bottles, self._result, self._white):
            self._bottles, self._result, self._white = shown
            terms = " + ".join(
                f"{show_weight(each.fraction)} × {show_number(each.value)}" for each in bottles
            )
            self.setAccessibleDescription(f"{terms} = {show_number(result)}")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._bottles:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across = min(self.width() / (len(self._bottles) + 1.6), px(WIDE))
        most = max(abs(each.fraction) for each in self._bottles)
        line = self.fontMetrics().height()
        height = max(self.height() - 2 * line - 6, px(20))
        for number, each in enumerate(self._bottles):
            room = QRectF(number * across, 2, across, height)
            self._paint_bottle(painter, room, each, abs(each.fraction) / most)
            name = show_number(each.value) if each.cells == 1 else f"{each.cells} others"
            texts = (name, f"× {show_weight(each.fraction)}")
            self._write(painter, room, texts, line)
        glass = QRectF((len(self._bottles) + 0.6) * across, 2, across, height)
        arrow = QRectF(glass.left() - 0.6 * across, glass.top(), 0.6 * across, height)
        painter.setPen(QColor(theme().quiet))
        painter.drawText(arrow, Qt.AlignmentFlag.AlignCenter, "→")
        total = sum(each.fraction for each in self._bottles)
        self._paint_bottle(painter, glass, Bottle(self._result, total), min(abs(total), 1.0))
        self._write(painter, glass, (f"= {show_number(self._result)}", ""), line)
        painter.end()

    def _paint_bottle(self, painter: QPainter, room: QRectF, bottle: Bottle, fill: float) -> None:
        """Paint a bottle: what takes away is dashed."""
        body = room.adjusted(room.width() * 0.2, 0, -room.width() * 0.2, 0)
        liquid = body.adjusted(0, body.height() * (1 - fill), 0, 0)
        painter.fillRect(body, QColor(theme().window))
        painter.fillRect(liquid, place_color(bottle.value / self._white, DisplayMode.CLIPPED))
        takes = bottle.fraction < 0
        style = Qt.PenStyle.DashLine if takes else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(theme().accent if takes else theme().text), px(1.5), style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(body, 3, 3)
        painter.drawLine(liquid.topLeft(), liquid.topRight())

    def _write(self, painter: QPainter, room: QRectF, texts: tuple[str, str], line: int) -> None:
        painter.setPen(QColor(theme().text))
        for number, text in enumerate(texts):
            below = QRectF(room.left(), room.bottom() + 3 + number * line, room.width(), line)
            if painter.fontMetrics().horizontalAdvance(text) <= room.width():
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)
