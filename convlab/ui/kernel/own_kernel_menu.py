"""What is done with own kernels: the menu's entries, the clipboard and files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from convlab.io.own_kernels import SUFFIX, OwnKernel, kernel_line
from convlab.runtime.session import Session
from convlab.ui.kernel.kernel_edits import KernelEdits
from convlab.ui.kernel.own_kernels import KeptKernels
from convlab.ui.kernel.preset_line import PresetLine
from convlab.ui.widgets.message_bar import MessageBar

FILTER = f"Kernels (*{SUFFIX} *.txt *.csv);;All files (*)"
SHARE = "line to share"
"""Owner of a message."""


class OwnKernelMenu(QObject):
    """Connects the line above the grid with the kernels that are kept.

    Args:
        line: Reports what is wanted.
        kept: The kernels.
        session: Has the present one.
        edits: Take a kernel.
        message: Where to say what cannot be.
    """

    def __init__(
        self,
        line: PresetLine,
        kept: KeptKernels,
        session: Session,
        edits: KernelEdits,
        message: MessageBar,
    ) -> None:
        super().__init__(line)
        self._line, self._own, self._session = line, kept, session
        self._edits, self._message = edits, message
        self._commands = {
            "delete": self._delete,
            "copy_line": self._copy_line,
            "paste": self._paste,
            "write": self._write,
            "read": self._read,
        }
        kept.changed.connect(self._show)
        line.preset_chosen.connect(self._on_preset_chosen)
        line.saved.connect(self._on_saved)
        line.renamed.connect(kept.rename)
        line.wanted.connect(self._on_wanted)

    def _show(self) -> None:
        self._line.show_own(self._own.presets)

    def _on_preset_chosen(self, name: str) -> None:
        own = self._own.find(name)
        if own is None:
            self._edits.load_preset(name)
        else:
            self._edits.load_own(own)

    def _on_saved(self, name: str) -> None:
        kernel = self._session.document.kernel
        self._own.save(name, kernel.array(), kernel.scaling)

    def _on_wanted(self, command: str) -> None:
        self._commands[command]()

    @property
    def _present(self) -> OwnKernel:
        kernel = self._session.document.kernel
        weights = np.array(kernel.weights, np.float32)
        return OwnKernel(self._line.name, weights, kernel.scaling)

    def _delete(self) -> None:
        self._own.delete(self._line.name)

    def _copy_line(self) -> None:
        try:
            QGuiApplication.clipboard().setText(kernel_line(self._present))
        except ValueError as error:
            self._message.show_message(str(error), SHARE)
        else:
            self._message.clear(SHARE)

    def _paste(self) -> None:
        self._edits.paste_kernel(QGuiApplication.clipboard().text())

    def _write(self) -> None:
        start = f"{self._line.name or 'kernel'}{SUFFIX}".replace("/", "-")
        name, _ = QFileDialog.getSaveFileName(self._line, "Write the kernel", start, FILTER)
        if name:
            path = Path(name)
            target = path if path.suffix else path.with_suffix(SUFFIX)
            self._own.write(target, (self._present,))

    def _read(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self._line, "Read kernels", "", FILTER)
        if name:
            self._own.read(Path(name), self._edits.load_own, self._message)

    def read(self, path: str) -> None:
        """Keep the kernels of a file that the window opens, and load the first."""
        self._own.read(Path(path), self._edits.load_own)
