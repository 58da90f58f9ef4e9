"""The list of everything a picture can come from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox

from convlab.document.file_name import shown_name, shown_text
from convlab.document.source import BLANK, PROJECT_SUFFIX, SourceKind, SourceSpec
from convlab.runtime.opening import describe as describe_source
from convlab.sources.devices import CameraDevice
from convlab.sources.pattern import PATTERNS
from convlab.ui.widgets.forms import describe, leave_wheel_to_form, plain_tip

OPEN = "open…"
PROJECT = "project:"
WIDTH = 210
DRAWING_TIP = "A small canvas to paint on with the mouse, or to type pixel values into."


class SourcePicker(QComboBox):
    """A drawing, cameras, sample pictures, patterns, recent files, and a way to a file.

    Signals:
        source_chosen: A SourceSpec as text.
        project_chosen: The path of a project.
        open_wanted: The person wants to choose a file.
        about_to_open: The list will be seen.
    """

    source_chosen = Signal(str)
    project_chosen = Signal(str)
    open_wanted = Signal()
    about_to_open = Signal()

    def __init__(self, samples: Sequence[Path]) -> None:
        super().__init__()
        describe(
            self,
            "source_combo",
            "Source",
            "Where the picture comes from. Files can be dropped on the window, and pictures pasted "
            "with Ctrl+Shift+V.",
        )
        leave_wheel_to_form(self)
        self._samples = list(samples)
        self._cameras: list[CameraDevice] = []
        self._recent: list[str] = []
        self._current: SourceSpec | None = None
        self.setMinimumWidth(WIDTH)
        self.setMaxVisibleItems(30)
        self.activated.connect(self._on_activated)

    def set_cameras(self, cameras: list[CameraDevice]) -> None:
        """List the cameras found."""
        self._cameras = cameras
        self._fill()

    def set_recent(self, files: list[str]) -> None:
        """List the files and projects opened last."""
        if files != self._recent:
            self._recent = files
            self._fill()

    def set_current(self, spec: SourceSpec) -> None:
        """Show which source is in use."""
        if spec != self._current:
            self._current = spec
            self._fill()

    def _fill(self) -> None:
        model = QStandardItemModel(self)
        cameras = [
            (f"{device.name} (camera {device.index})", f"camera:{device.spec_name}", "")
            for device in self._cameras
        ]
        pictures = [
            (path.stem.replace("-", " ").replace("_", " ").capitalize(), f"picture:{path}", "")
            for path in self._samples
        ]
        patterns = [
            (pattern.title, f"pattern:{name}", pattern.description)
            for name, pattern in PATTERNS.items()
        ]
        drawing = ("Drawing", f"{SourceKind.DRAWING}:{BLANK}", DRAWING_TIP)
        recent = [
            (name, _project(path) or str(SourceSpec.of_file(path)), path)
            for name, path in zip(unique_names(self._recent), self._recent, strict=True)
        ]
        _add_group(model, "", [drawing])
        _add_group(model, "Cameras", cameras or [("Camera 0", "camera:0", "")])
        _add_group(model, "Recent files", recent)
        _add_group(model, "Patterns", patterns)
        _add_group(model, "Sample pictures", pictures)
        _add_group(model, "", [("Open a file…", OPEN, "")])
        with QSignalBlocker(self):
            self.setModel(model)
            self._select_current(model)

    def _select_current(self, model: QStandardItemModel) -> None:
        if self._current is None:
            return
        index = self.findData(str(self._current))
        if index < 0:
            model.insertRow(0, _item(describe_source(self._current), str(self._current), ""))
            index = 0
        self.setCurrentIndex(index)

    def showPopup(self) -> None:
        self.about_to_open.emit()
        super().showPopup()

    def _on_activated(self, index: int) -> None:
        chosen = str(self.itemData(index))
        if chosen == OPEN:
            self._fill()  # the choice is not made yet: show what is in use
            self.open_wanted.emit()
        elif chosen.startswith(PROJECT):
            self._fill()
            self.project_chosen.emit(chosen.removeprefix(PROJECT))
        else:
            self.source_chosen.emit(chosen)


def unique_names(paths: Sequence[str]) -> list[str]:
    """Return the files' names, with as many folders as it takes to tell them apart.

    >>> unique_names(["/a/x.png", "/b/x.png", "/b/y.png"])
    ['x.png (a)', 'x.png (b)', 'y.png']
    """
    return [_unique_name(path, [other for other in paths if other != path]) for path in paths]


def _unique_name(path: str, others: Sequence[str]) -> str:
    *folders, name = Path(path).parts
    rivals = [parts[:-1] for other in others if (parts := Path(other).parts)[-1] == name]
    for depth in range(len(folders) + 1):
        tail = tuple(folders[len(folders) - depth :])
        if all(rival[max(len(rival) - depth, 0) :] != tail for rival in rivals):
            break
    shown = shown_name(path)
    return f"{shown} ({shown_text(str(Path(*tail)))})" if rivals else shown


def _project(path: str) -> str:
    """Return what stands for a project in the list; empty for other files."""
    return PROJECT + path if path.lower().endswith(PROJECT_SUFFIX) else ""


def _add_group(
    model: QStandardItemModel, title: str, entries: Sequence[tuple[str, str, str]]
) -> None:
    if title and entries:
        header = QStandardItem(title)
        header.setFlags(Qt.ItemFlag.NoItemFlags)
        font = header.font()
        font.setBold(True)
        header.setFont(font)
        model.appendRow(header)
    for text, data, tip in entries:
        model.appendRow(_item(f"  {text}" if title else text, data, tip))


def _item(text: str, data: str, tip: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setData(data, Qt.ItemDataRole.UserRole)
    item.setToolTip(plain_tip(tip))
    return item


def is_live(spec: SourceSpec) -> bool:
    """Tell whether a source goes on by itself, so that freezing it makes sense."""
    if spec.kind is SourceKind.PATTERN:
        return spec.name in PATTERNS and PATTERNS[spec.name].moves
    return spec.kind in (SourceKind.CAMERA, SourceKind.VIDEO)
