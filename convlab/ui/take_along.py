"""The menu of every picture, map, grid and plot: copy it, save it, explain it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from convlab.engine import kernels
from convlab.engine.arrays import AnyArray, ByteArray
from convlab.io.take_out import values_text, write_npy, write_picture, write_png16
from convlab.runtime.settings import Settings
from convlab.ui.file_desk import FileDesk
from convlab.ui.numbers import show_number
from convlab.ui.taken import Takeable, Taken

OWNER = "taking along"
FOLDER = "save_folder"
MOST_CODE = 4096  # cells of an array that is written as code


class TakeAlong(QObject):
    """Opens the menu of what was pointed at, or has the focus, and does what is chosen.

    Args:
        window: All of whose views have one.
        desk: Has files written and long texts made.
        settings: Keeps the folder.
        explain: Opens the guide at what a widget is for.
    """

    def __init__(
        self,
        window: QWidget,
        desk: FileDesk,
        settings: Settings,
        explain: Callable[[QWidget], None],
    ) -> None:
        super().__init__(window)
        self._window, self._desk, self._settings = window, desk, settings
        self._explain = explain

    def open(self, event: QContextMenuEvent) -> None:
        """Open a menu, if there is one."""
        by_keys = event.reason() is QContextMenuEvent.Reason.Keyboard
        at = event.globalPos()
        start = QApplication.focusWidget() if by_keys else self._window.childAt(event.pos())
        view = _view_over(start)
        if view is None:
            event.ignore()
            return
        if by_keys:
            at = view.mapToGlobal(view.rect().center())
        assert isinstance(view, Takeable)
        taken = view.taken_at(view.mapFromGlobal(at))
        if taken is not None:
            self.menu(view, taken).popup(at)
            event.accept()

    def menu(self, view: QWidget, taken: Taken) -> QMenu:
        """Return the menu of what is shown; it deletes itself."""
        menu = QMenu(self._window)
        menu.setObjectName("view_menu")
        menu.aboutToHide.connect(menu.deleteLater)
        _add(menu, "Copy picture", partial(self._copy_picture, view, taken))
        values = taken.values
        if values is not None or taken.text:
            _add(menu, "Copy values", partial(self._copy_values, taken))
        if values is not None and values.ndim == 2 and values.size <= MOST_CODE:
            _add(menu, "Copy code (NumPy)", partial(self._copy_code, values))
        menu.addSeparator()
        _add(menu, "Save picture…", partial(self._save_picture, view, taken))
        if values is not None:
            if values.ndim >= 2:
                _add(
                    menu,
                    "Save values as 16-bit PNG…",
                    partial(self._save_png16, taken.name, values),
                )
            _add(menu, "Save values as npy…", partial(self._save_npy, taken.name, values))
        menu.addSeparator()
        if taken.reset is not None:
            _add(menu, "Reset view", taken.reset)
        _add(menu, "What is this?", partial(self._explain, view))
        return menu

    # ---- the clipboard ----

    def _copy_picture(self, view: QWidget, taken: Taken) -> None:
        QGuiApplication.clipboard().setImage(_picture(view, taken))

    def _copy_values(self, taken: Taken) -> None:
        if taken.values is None:
            _copy(taken.text)
        else:
            self._desk.do(OWNER, partial(values_text, taken.values), _copy)

    def _copy_code(self, values: AnyArray) -> None:
        _copy(kernels.to_text(values, "numpy"))

    # ---- files ----

    def _save_picture(self, view: QWidget, taken: Taken) -> None:
        picture = _picture(view, taken)  # as it is now, however long a person looks for a folder
        path = self._ask("Save the picture", taken.name, ".png")
        if path is not None:
            self._desk.do(OWNER, partial(_write, picture, path), partial(self._say_saved, path))

    def _save_png16(self, name: str, values: AnyArray) -> None:
        path = self._ask("Save the values as a picture of 16 bits", name, ".png")
        if path is not None:
            self._desk.do(OWNER, partial(write_png16, values, path), partial(self._say_saved, path))

    def _save_npy(self, name: str, values: AnyArray) -> None:
        path = self._ask("Save the values", name, ".npy")
        if path is not None:
            self._desk.do(OWNER, partial(write_npy, values, path), partial(self._say_saved, path))

    def _ask(self, title: str, name: str, suffix: str) -> Path | None:
        """Ask for a file in the folder used last; None if a person thought better of it."""
        folder = Path(self._settings.text(FOLDER) or Path.home())
        start = str(folder / f"{name}{suffix}")
        text, _ = QFileDialog.getSaveFileName(self._window, title, start, f"*{suffix}")
        if not text:
            return None
        path = Path(text)
        self._settings.set_text(FOLDER, str(path.parent))
        return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)

    def _say_saved(self, path: Path, ends: tuple[float, float] | None) -> None:
        said = f"Saved as {path.name}"
        if ends is not None:
            low, high = (show_number(end, 6) for end in ends)
            said += f": 0 stands for {low}, 65,535 for {high}"
        self._desk.message.show_message(said, OWNER, is_warning=False)


def _view_over(widget: QWidget | None) -> QWidget | None:
    """Return the view that a widget is, or stands in."""
    while widget is not None and not isinstance(widget, Takeable):
        widget = widget.parentWidget()
    return widget


def _add(menu: QMenu, text: str, run: Callable[[], object]) -> None:
    menu.addAction(text).triggered.connect(lambda: run())


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _picture(view: QWidget, taken: Taken) -> QImage:
    """Return a picture that owns its memory: clipboards outlive arrays."""
    return view.grab().toImage() if taken.picture is None else taken.picture.copy()


def _write(picture: QImage, path: Path) -> None:
    write_picture(_rgb(picture), path)


def _rgb(picture: QImage) -> ByteArray:
    image = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return np.ascontiguousarray(
        rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    )
