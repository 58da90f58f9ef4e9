"""What is pointed at, pinned and filled in the kernel lab, and what is framed for it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtWidgets import QApplication

from convlab.document.document import Lab
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.links import laid_at
from convlab.document.kernel.model import KernelViewing
from convlab.document.kernel.resolve import output_over
from convlab.runtime.session import Session
from convlab.runtime.timers import single_shot
from convlab.ui.kernel.partners import (
    Cell,
    cell_frames,
    cover_frames,
    fed_marks,
    input_under,
    met_marks,
    partner,
    patch_frames,
    pixel_text,
)
from convlab.ui.kernel.picture_panel import PicturePanel
from convlab.ui.kernel.pixel_card import PixelCard
from convlab.ui.widgets.drawing_view import DrawingView
from convlab.ui.widgets.kernel_grid import KernelGrid

Frames = tuple[list[QRectF], ...]


class Pointing(QObject):
    """Turns mouse and arrow keys into what is looked at, and frames what belongs together.

    Pointing at an output shows its patch; at an input pixel, all outputs that it feeds; at a cell
    of the kernel, all of the input that it meets.

    Args:
        session: Holds what is looked at.
        pictures: Input and output, by their roles.
        drawing: Stands in the input's place while one draws.
        grid: The kernel.
        card: What is behind a pixel.
        parent: Owns this.

    Signals:
        value_pointed: What stands under the mouse, for the status bar; "" is nothing.
        settled: A click will be no double click any more.
    """

    value_pointed = Signal(str)
    settled = Signal()

    def __init__(
        self,
        session: Session,
        pictures: dict[str, PicturePanel],
        drawing: DrawingView,
        grid: KernelGrid,
        card: PixelCard,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._input, self._output = pictures["input"], pictures["output"]
        self._drawing, self._grid, self._card = drawing, grid, card
        self._shown: KernelShown | None = None
        self._pointed: tuple[Cell, Cell] | None = None  # pixel and output under the mouse
        self._framed: Frames = ()
        self._before_click: tuple[Cell | None, bool] = (None, False)  # probe, and if pinned
        self._settling = single_shot(self, QApplication.doubleClickInterval(), self.settled)
        self._connect()
        watched = "viewing.kernel.pixel viewing.kernel.cell"
        session.watch(watched, self._show_links, Lab.KERNEL)
        session.watch("document.kernel.display", self._light, Lab.KERNEL)

    def _connect(self) -> None:
        displays = [each.planes.views[0] for each in self._card.displays.views]
        for view in (self._input.view, self._output.view, *displays):
            view.left.connect(self._on_view_left)
            view.nudged.connect(self._on_nudged)
        for view in (self._output.view, *displays):
            view.pointed.connect(self._on_output_pointed)
            view.clicked.connect(self._on_output_clicked)
        self._input.view.doubled.connect(self._on_input_doubled)
        self._output.view.doubled.connect(self._on_output_doubled)
        self._input.view.pointed.connect(self._on_input_pointed)
        self._input.view.clicked.connect(self._on_input_clicked)
        self._drawing.pointed.connect(self._on_drawing_pointed)
        self._drawing.left.connect(self._on_view_left)
        self._card.slide.grid.place_chosen.connect(self._on_output_clicked)
        self._card.slide.grid.pixel_chosen.connect(self._on_input_clicked)
        self._card.slide.grid.nudged.connect(self._on_nudged)
        self._card.sum.pointed.connect(self.value_pointed)
        self._card.sum.hovered.connect(self._on_laid_hovered)
        self._card.formula.hovered.connect(self._on_laid_hovered)
        self._grid.hovered.connect(self._on_kernel_hovered)

    @property
    def _viewing(self) -> KernelViewing:
        return self._session.viewing.kernel

    def _look(self, **changes: object) -> None:
        self._look_at(replace(self._viewing, **changes))  # type: ignore[arg-type]

    def _look_at(self, part: KernelViewing) -> None:
        self._session.look(self._session.viewing.with_part(Lab.KERNEL, part))

    # ---- pointing, pinning, filling ----

    @property
    def is_settled(self) -> bool:
        """No click may still become a double click."""
        return not self._settling.isActive()

    def release(self) -> None:
        """Let go of the pinned pixel."""
        self._look_at(self._viewing.released())

    def leave(self) -> None:
        """Point at nothing: the pictures cannot be seen any more."""
        if self._pointed is not None:
            self._on_view_left()

    def _point(self, cell: Cell, pixel: Cell | None) -> None:
        """Look at an output and an input pixel; a pinned output stays."""
        probe = self._viewing.probe if self._viewing.pinned else cell
        self._look(probe=probe, pixel=pixel)

    def _pin(self, cell: Cell) -> None:
        """Pin a pixel; clicking the pinned one lets it go, but the mouse points at it still."""
        viewing = self._viewing
        self._before_click = (viewing.probe, viewing.pinned)
        self._settling.start()  # it may be the first half of a double click: nothing moves yet
        if viewing.pinned and viewing.probe == cell:
            self._look_at(replace(viewing.released(), probe=cell))
        else:
            self._look(probe=cell, pinned=True, is_playing=False)

    def _on_output_pointed(self, row: int, column: int) -> None:
        self._point((row, column), None)
        if self._shown is not None:
            self._say(input_under(self._shown.job, (row, column)), (row, column))

    def _on_output_clicked(self, row: int, column: int) -> None:
        self._pin((row, column))

    def _on_input_pointed(self, row: int, column: int) -> None:
        if self._shown is not None:
            cell = output_over(self._shown.job, (row, column))
            self._point(cell, (row, column))
            self._say((row, column), cell)

    def _on_drawing_pointed(self, row: int, column: int) -> None:
        spread = 1 if self._shown is None else self._shown.job.spread
        self._on_input_pointed(spread * row, spread * column)

    def _on_input_clicked(self, row: int, column: int) -> None:
        if self._shown is not None:
            self._pin(output_over(self._shown.job, (row, column)))

    def _on_view_left(self) -> None:
        self._pointed = None
        self.value_pointed.emit("")
        self._show_partner(None)
        self._look(probe=self._viewing.probe if self._viewing.pinned else None, pixel=None)

    def _on_input_doubled(self) -> None:
        self._fill("input")

    def _on_output_doubled(self) -> None:
        self._fill("output")

    def _fill(self, role: str) -> None:
        """Let a picture fill the lab, or bring the others back; the click before was no pin."""
        self._settling.stop()
        probe, pinned = self._before_click
        filling = "" if self._viewing.filling == role else role
        self._look(probe=probe, pinned=pinned, filling=filling)

    def _on_nudged(self, rows: int, columns: int) -> None:
        """Move the pinned pixel, or pin the one pointed at."""
        if self._shown is None:
            return
        height, width = self._shown.job.output_size
        row, column = self._viewing.probe or (height // 2, width // 2)
        cell = (min(max(row + rows, 0), height - 1), min(max(column + columns, 0), width - 1))
        self._look(probe=cell, pinned=True, is_playing=False)

    # ---- what belongs together ----

    def _say(self, pixel: Cell, cell: Cell) -> None:
        """Say what stands under the mouse, and frame its partner in the kernel."""
        assert self._shown is not None
        self._pointed = (pixel, cell)
        self.value_pointed.emit(pixel_text(self._shown, pixel, cell, self._viewing.pixel))
        self._show_partner(partner(self._shown, pixel))

    def _show_partner(self, laid: Cell | None) -> None:
        """Frame a cell of the kernel as it is laid, in the sum and in the grid."""
        self._card.sum.show_cell(*(laid or (-1, -1)))
        self._grid.show_partner(self._other_way(laid))

    def _other_way(self, cell: Cell | None) -> Cell | None:
        """Return where a cell lies once the kernel is laid, or where one that is laid is written.

        The kernel may have become smaller since it was laid.
        """
        state = self._session.document.kernel
        if cell is None or not state.lays_flipped:
            return cell
        return state.rows - 1 - cell[0], state.columns - 1 - cell[1]

    def _on_kernel_hovered(self, row: int, column: int) -> None:
        """Mark what a cell of the kernel meets: on the whole input, and next to the patch."""
        cell = (row, column) if row >= 0 else None
        self.value_pointed.emit(self._grid.exact_text() if cell else "")
        self._card.sum.show_cell(*(self._other_way(cell) or (-1, -1)))
        self._look(cell=cell)

    def _on_laid_hovered(self, row: int, column: int) -> None:
        """Frame the partners of a cell of the sum: in the kernel, and in the input."""
        laid = (row, column) if row >= 0 else None
        self._show_partner(laid)
        self._look(cell=self._other_way(laid))

    # ---- what is framed ----

    def show_result(self, shown: KernelShown) -> None:
        """Frame what belongs together in a result."""
        self._shown = shown
        self._show_links()
        self._output.set_covers(cover_frames(shown.job))
        self._input.set_fields(None if shown.usage is None else shown.usage.fields)
        if self._pointed is not None:
            self.value_pointed.emit(pixel_text(shown, *self._pointed, self._viewing.pixel))

    def _light(self) -> None:
        """Light what the kernel lies on, if that is to be seen by a torch."""
        patch = self._framed[0] if self._framed else []
        has_torch = self._session.document.kernel.display.torch
        self._input.set_lit(patch if has_torch else None)

    def _show_links(self) -> None:
        shown, viewing = self._shown, self._viewing
        if shown is None:
            return
        job, cell = shown.job, viewing.cell
        down, across = job.axes
        if cell is not None and not (cell[0] < down.kernel and cell[1] < across.kernel):
            cell = None
        laid = None if cell is None else laid_at(job, cell)
        patch = [frame for each in shown.sums[:1] for frame in patch_frames(each, laid)]
        fed = [] if viewing.pixel is None else fed_marks(job, viewing.pixel)
        met = [] if cell is None else met_marks(job, cell)
        framed: Frames = patch, met, cell_frames(job.viewing.probe), fed
        if framed == self._framed:
            return
        self._framed = framed
        self._input.set_frames(patch, met)
        self._light()
        self._drawing.set_frames(patch if job.spread == 1 else [])
        self._output.set_frames(cell_frames(job.viewing.probe), fed)
