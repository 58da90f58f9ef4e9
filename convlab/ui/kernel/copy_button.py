"""The button that copies the kernel, or those of all channels, as text."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QToolButton

from convlab.document.kernel.model import KernelState
from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.ui.theme import set_icon
from convlab.ui.widgets.forms import describe

COPY_STYLES = {
    "NumPy": "numpy",
    "PyTorch": "pytorch",
    "Python": "python",
    "MATLAB": "matlab",
    "C": "c",
    "OpenCV, C++": "opencv",
    "LaTeX": "latex",
    "CSV": "csv",
    "Spreadsheet": "tsv",
}


class CopyButton(QToolButton):
    """Has a menu of the ways to write a kernel.

    Where each channel has a kernel of its own all are copied; a second menu has the edited one.
    """

    def __init__(self) -> None:
        super().__init__()
        tip = (
            "Copy the kernel as text, divided as it is applied; of a kernel for each channel all "
            "of them. Paste most of these, ImageMagick or spreadsheet cells with Ctrl+V on the "
            "grid."
        )
        describe(self, "copy_kernel_button", "Copy as", tip)
        set_icon(self, "copy")
        self.setPopupMode(self.ToolButtonPopupMode.InstantPopup)
        self._edited: FloatArray = np.zeros((1, 1), np.float32)  # as it is divided
        self._all: FloatArray | None = None  # None: there is but the edited one
        menu = QMenu(self)
        menu.triggered.connect(self._on_triggered)
        _list_styles(menu)
        self._alone = menu.addMenu("")
        self._alone.setObjectName("copy_one_kernel_menu")
        _list_styles(self._alone)
        self._alone.menuAction().setVisible(False)
        self.setMenu(menu)

    def show_kernel(self, kernel: KernelState) -> None:
        """Show what would be copied."""
        self._edited, self._all = kernel.edited(), None
        self._alone.menuAction().setVisible(kernel.has_several)
        if kernel.has_several:
            self._all = kernel.applied().reshape(-1, *self._edited.shape)
            name = kernel.channels.space.channels[kernel.per_channel.chosen]
            self._alone.setTitle(f"Only {name}")

    def _on_triggered(self, action: QAction) -> None:
        style, is_alone = str(action.data()), action in self._alone.actions()
        copied = self._edited if is_alone or self._all is None else self._all
        QGuiApplication.clipboard().setText(kernels.to_text(copied, style))


def _list_styles(menu: QMenu) -> None:
    for title, style in COPY_STYLES.items():
        menu.addAction(title).setData(style)
