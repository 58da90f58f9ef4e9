"""The page of displays: the same output as four programs would show it, side by side."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from convlab.document.kernel.displays import MODES, DisplayShown
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import PixelPage
from convlab.document.kernel.pages import KernelPages
from convlab.engine.display import DisplayMode
from convlab.ui.fitting_texts import FittingLabel
from convlab.ui.kernel.card_page import CardPage
from convlab.ui.kernel.partners import cell_frames, rect_inward, region_of, sampling
from convlab.ui.kernel.plane_grid import PlaneGrid
from convlab.ui.numbers import show_fixed, show_number
from convlab.ui.theme import px
from convlab.ui.widgets.forms import as_panel, filled, push_button

NEEDED, WANTED = 170, 280  # height that the page needs, and is easily read with [px]

TITLES = {
    DisplayMode.RAW: (
        "raw, stretched",
        "The lowest value is black, the highest white: what zero is, nobody can tell.",
    ),
    DisplayMode.ABSOLUTE: (
        "absolute",
        "Magnitudes: an edge is bright from either side, and which side it was is lost.",
    ),
    DisplayMode.CLIPPED: (
        "clipped at 0",
        "Negative values are black, as in a program with 8 bits: half of the edges vanish.",
    ),
    DisplayMode.OFFSET: (
        "+128",
        "Zero is mid-grey: both signs are seen, at half the contrast.",
    ),
}


class DisplayView(QWidget):
    """One display: its name, the picture, and what is clipped.

    Args:
        mode: Which.
    """

    def __init__(self, mode: DisplayMode) -> None:
        super().__init__()
        self.mode = mode
        title, tip = TITLES[mode]
        self.button: QPushButton = push_button(
            f"display_{mode}_button", f"Show the output as {title}", tip, title
        )
        self.button.setCheckable(True)
        self.planes = PlaneGrid(f"display_{mode}")
        for view in self.planes.views:
            view.setAccessibleName(f"The output, {title}")
        self.figures = FittingLabel(f"display_{mode}_figures")
        parts = self.button, (self.planes, 1), self.figures
        filled(QVBoxLayout(self), *parts, margins=(0, 0, 0, 0), spacing=2)

    def show_display(self, shown: DisplayShown) -> None:
        """Paint the output, and say how much of it is clipped."""
        self.planes.show_panels(shown.panel.parts or (shown.panel,))
        self.figures.show_texts(*figure_texts(shown))


class DisplaysPage(CardPage):
    """Shows the output in four displays; a click on a name chooses it for the output.

    Signals:
        parameter_chosen: "mode", and a DisplayMode.
    """

    page, tab = PixelPage.DISPLAYS, "Displays"
    parameter_chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self.views = [DisplayView(mode) for mode in MODES]
        row = filled(QHBoxLayout(self), margins=(12, 4, 12, 4), spacing=12)
        filled(row, *((view, 1) for view in self.views))
        for view in self.views:
            view.button.clicked.connect(self._on_clicked)

    def heights(self, width: int) -> tuple[int, int]:
        return px(NEEDED), px(WANTED)

    def show_pixel(self, shown: KernelShown, is_pinned: bool) -> None:
        found, sight = sampling(shown.job), shown.job.viewing.sight
        region: QRectF = rect_inward(found, region_of(shown, found))
        inward = None if sight is None else found.sight_inward(sight)
        for view in self.views:
            view.button.setChecked(view.mode is shown.output.mode)
            view.planes.show_sight(inward, region)
            view.planes.set_frames(cell_frames(shown.job.viewing.probe))

    def show_pages(self, pages: KernelPages) -> None:
        """Paint the displays, if they are looked at."""
        for view, display in zip(self.views, pages.displays, strict=False):
            view.show_display(display)

    def _on_clicked(self) -> None:
        for view in self.views:
            if view.button is self.sender():
                view.button.setChecked(True)  # the next result says what holds
                self.parameter_chosen.emit("mode", view.mode)


def figure_texts(shown: DisplayShown) -> tuple[str, ...]:
    """Return the range and the share that is clipped; then the same in fewer words."""
    scale = shown.panel.scale
    ends = f"{show_number(scale.low)} to {show_number(scale.high)}"
    clipped = f"{show_fixed(100 * shown.clipped, 1)} %"
    return f"{ends}    clipped {clipped}", f"clipped {clipped}", clipped
