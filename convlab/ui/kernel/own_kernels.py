"""A person's own kernels in the window: read once, and written whenever they change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from convlab.document.kernel.scaling import Scaling
from convlab.engine.arrays import FloatArray
from convlab.engine.presets import Preset
from convlab.io.own_kernels import (
    OwnKernel,
    OwnKernels,
    change_kept,
    own_kernel,
    read_kernels,
    renamed_kernel,
    with_kernels,
    without_kernel,
    write_kernels,
)
from convlab.ui.file_desk import FileDesk
from convlab.ui.widgets.message_bar import MessageAction, MessageBar

GROUP = "Own kernels"
TASK = "own kernels"
LINE = "Saved by yourself."

Change = Callable[[OwnKernels], OwnKernels]


class KeptKernels(QObject):
    """Keeps kernels under names.

    Args:
        desk: Reads and writes them.
        message: Where to say what went wrong, or can be taken back.

    Signals:
        changed: There are others.
        file_answered: The path of a file, and whether it was read or written.
    """

    changed = Signal()
    file_answered = Signal(str, bool)

    def __init__(self, desk: FileDesk, message: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._message = desk, message
        self._kernels: OwnKernels = ()
        self._desk.do(TASK, change_kept, self._take, message)

    @property
    def presets(self) -> dict[str, Preset]:
        """The kernels by their names, as a list shows them."""
        return {k.name: Preset(k.name, k.weights, LINE, GROUP) for k in self._kernels}

    def ready(self) -> Iterable[Preset]:
        """Return them as a list shows them."""
        return self.presets.values()

    def find(self, name: str) -> OwnKernel | None:
        """Return the kernel of a name."""
        return next((each for each in self._kernels if each.name == name), None)

    def save(self, name: str, weights: FloatArray, scaling: Scaling) -> None:
        """Keep a kernel; one of that name is replaced, which can be taken back."""
        try:
            kernel = own_kernel(name, weights, scaling)
        except ValueError as error:
            self._message.show_message(str(error), TASK)
            return
        before = self.find(kernel.name)
        undo = None if before is None else partial(self._put_back, before)
        said = f"Saved over “{kernel.name}”." if undo else ""  # the list shows the name
        self._change(lambda present: with_kernels(present, (kernel,)), said, undo)

    def rename(self, old: str, new: str) -> None:
        """Give a kernel another name."""
        self._change(lambda present: renamed_kernel(present, old, new))

    def delete(self, name: str) -> None:
        """Delete a kernel, which can be taken back."""
        kernel = self.find(name)
        if kernel is not None:
            undo = partial(self._put_back, kernel)
            self._change(lambda present: without_kernel(present, name), f"“{name}” deleted.", undo)

    def write(self, path: Path, kernels: OwnKernels) -> None:
        """Write kernels to a file of their own."""
        write, written = partial(write_kernels, path, kernels), partial(self._answer, path, True)
        self._desk.do(TASK, write, lambda _: written(), self._message)

    def read(
        self, path: Path, take: Callable[[OwnKernel], None], message: MessageBar | None = None
    ) -> None:
        """Add the kernels of a file, and hand the first one over.

        Args:
            path: The file.
            take: Gets the first.
            message: Where to say that it cannot be read; the window's if that is None.
        """

        def taken(read: OwnKernels) -> None:
            self._answer(path, True)
            self._take(with_kernels(self._kernels, read))
            take(read[0])
            self._change(lambda present: with_kernels(present, read))

        failed = partial(self._answer, path, False)
        self._desk.open(path, partial(read_kernels, path), taken, message, failed)

    def _answer(self, path: Path, is_read: bool) -> None:
        self.file_answered.emit(str(path), is_read)

    def _put_back(self, kernel: OwnKernel) -> None:
        self._change(lambda present: with_kernels(present, (kernel,)))

    def _change(
        self, change: Change, said: str = "", undo: Callable[[], None] | None = None
    ) -> None:
        """Change what is kept, then say so and offer to take it back."""

        def taken(kernels: OwnKernels) -> None:
            self._take(kernels)
            actions = [] if undo is None else [MessageAction("Take it back", undo)]
            self._message.show_message(said, TASK, actions, is_warning=False)

        self._desk.do(TASK, partial(change_kept, change), taken, self._message)

    def _take(self, kernels: OwnKernels) -> None:
        self._kernels = kernels
        self.changed.emit()
