"""The comparison in the kernel lab: both outputs in the output's place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QWidget

from convlab.document.comparison import CompareMode
from convlab.document.document import Lab
from convlab.document.kernel.job import Compared, KernelShown, Panel
from convlab.document.kernel.model import KernelState
from convlab.engine import kernels
from convlab.runtime.session import Session
from convlab.ui.compare.comparing import Comparing
from convlab.ui.compare.wipe_line import WipeLine
from convlab.ui.kernel.kernel_edits import KernelEdits
from convlab.ui.kernel.picture_panel import PicturePanel
from convlab.ui.theme import px
from convlab.ui.widgets.message_bar import MessageBar

OWNER = "comparison"
"""Of its message."""
INSET = 6  # of a badge from the corner of its picture [px]


class KernelComparing(Comparing):
    """Paints the output, alone or beside what is held.

    Args:
        session: Holds both.
        edits: Of the lab.
        message: Says what cannot be compared.
    """

    def __init__(self, session: Session, edits: KernelEdits, message: MessageBar) -> None:
        super().__init__(session, Lab.KERNEL, edits, names_of)
        self._message = message
        self._panel: PicturePanel | None = None
        self._compared: Compared | None = None

    def paint_on(self, panel: PicturePanel) -> None:
        """Take the panel of the output."""
        self._panel, view = panel, panel.view
        self.button.show()
        self._line = WipeLine("kernel", view)
        self._badges = QLabel(view), QLabel(view)
        for badge in self._badges:
            badge.setObjectName("plane_name")
            badge.hide()
        self._line.moved.connect(self.move_line)
        self._line.let_go.connect(self._session.end_gesture)
        view.resized.connect(self._place_badges)
        self.blinked.connect(self._on_blinked)
        self.changed.connect(self._on_changed)
        self._on_changed()

    def _keeps(self, widget: QWidget) -> bool:
        return super()._keeps(widget) or widget is self._line

    def show_output(self, shown: KernelShown) -> None:
        """Paint a result."""
        compared = self._compared = shown.compared
        self._message.report("" if compared is None else compared.message, OWNER)
        if compared is not None:
            if compared.message:
                self.bar.say()
            self.bar.show_apart(compared.apart)
            self.bar.show_range(compared.has_range)
        self._paint(shown.output)
        self._show_line(shown)

    def _paint(self, output: Panel) -> None:
        assert self._panel is not None
        compared, texts = self._compared, ("", "")
        if compared is None or compared.mode is None:
            self._panel.show_panel(output)
        elif compared.held is not None:
            self._panel.show_panel(compared.held if self.shows_held else compared.panel)
            texts = ("A" if self.shows_held else "B"), ""
        else:
            self._panel.show_panel(compared.panel)
            texts = BADGES.get(compared.mode, texts)
        for badge, text in zip(self._badges, texts, strict=True):
            if badge.text() != text:
                badge.setText(text)
                badge.adjustSize()
            badge.setVisible(bool(text))
        if any(texts):
            self._place_badges()

    def _show_line(self, shown: KernelShown) -> None:
        compared = shown.compared
        if compared is not None and compared.mode is CompareMode.WIPE:
            self._line.show_over(shown.output.planes.shape[2])
        else:
            self._line.hide()

    def _place_badges(self) -> None:
        if self._panel is not None:
            left, right = self._badges
            left.move(px(INSET), px(INSET))
            right.move(self._panel.view.width() - right.width() - px(INSET), px(INSET))

    def _on_changed(self) -> None:
        self._line.set_share(self.comparison.wipe)

    def _on_blinked(self) -> None:
        if self._compared is not None:
            self._paint(self._compared.panel)


BADGES = {CompareMode.WIPE: ("A", "B"), CompareMode.DIFFERENCE: ("A − B", "")}
"""What stands in the upper corners."""


def names_of(state: KernelState) -> Sequence[str]:
    """Return what a kernel and its settings are called, in ever fewer words."""
    name = kernels.name_of(state.array()) or "own kernel"
    size = f"{name} {state.rows} × {state.columns}"
    if f"{state.rows}×{state.columns}" in name:
        size = name
    geometry = state.geometry
    settings = [f"padding {geometry.padding}"] if isinstance(geometry.padding, str) else []
    settings += [f"stride {geometry.stride}"] * (geometry.stride > 1)
    settings += [f"dilation {geometry.dilation}"] * (geometry.dilation > 1)
    settings += ["convolution"] * geometry.flip
    return (", ".join([size, *settings]), size, name)
