"""What a person opens: by name, from a list or a dialog, dropped or pasted; and what became of it.

A file comes onto the recent list when it has opened, and leaves it when it no longer does.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from convlab.document.file_name import shown_name
from convlab.document.source import (
    PICTURE_SUFFIXES,
    PROJECT_SUFFIX,
    VIDEO_SUFFIXES,
    SourceKind,
    SourceSpec,
)
from convlab.paths import sample_pictures, sample_stacks
from convlab.runtime.pipeline import Pipeline
from convlab.runtime.settings import Settings
from convlab.ui.choices.source_picker import SourcePicker
from convlab.ui.dropped import dropped_files
from convlab.ui.file_desk import FileDesk
from convlab.ui.labs import LABS, lab_of_file
from convlab.ui.network_files import SUFFIX as NETWORK_SUFFIX
from convlab.ui.network_files import TOLD_APART, NetworkFiles
from convlab.ui.project_files import ProjectFiles

_SUFFIXES = (
    *(*PICTURE_SUFFIXES, *VIDEO_SUFFIXES, PROJECT_SUFFIX, NETWORK_SUFFIX),
    *(suffix for spec in LABS for suffix in spec.suffixes),
)
FILE_FILTER = (
    "Pictures, films, sounds, tables, projects, networks and kernels "
    f"({' '.join(f'*{suffix}' for suffix in _SUFFIXES)})"
    ";;All files (*)"
)

SOURCE, CAMERA, CLIPBOARD, SEVERAL = "source", "camera", "clipboard", "several files"
"""Owners of messages."""


class Openings(QObject):
    """Opens sources, hands projects on, and keeps the recent list.

    Args:
        pipeline: Opens sources.
        settings: Keeps the list.
        picker: Shows it.
        desk: Reads the other files; its message says what cannot be opened.

    Signals:
        project_wanted: The path of a project.
        network_wanted: The path of a network.
        lab_file_wanted: A Lab, and the path of a file that it reads by itself.
    """

    project_wanted = Signal(str)
    network_wanted = Signal(str)
    lab_file_wanted = Signal(object, str)

    def __init__(
        self, pipeline: Pipeline, settings: Settings, picker: SourcePicker, desk: FileDesk
    ) -> None:
        super().__init__(pipeline)
        self._pipeline = pipeline
        self._session = pipeline.session
        self._settings = settings
        self._picker = picker
        self._desk, self._message = desk, desk.message
        self._first: SourceSpec | None = self._session.document.source  # named at the start
        self._awaited: SourceSpec | None = None  # what a person opens
        self._networks: NetworkFiles | None = None
        picker.source_chosen.connect(self.open_source)
        picker.file_chosen.connect(self.open_file)
        picker.about_to_open.connect(self._show_recent)
        pipeline.source_opened.connect(self._on_source_opened)
        pipeline.source_failed.connect(self._on_source_failed)
        pipeline.source_remarked.connect(self._on_source_remarked)
        pipeline.camera_lost.connect(self._on_camera_lost)
        pipeline.source_recovered.connect(self._on_source_recovered)
        self._show_recent()

    def follow(self, projects: ProjectFiles, networks: NetworkFiles) -> None:
        """Hand projects and networks on to who opens them, and learn what became of them."""
        self.network_wanted.connect(networks.open)
        networks.network_opened.connect(self._on_network_opened)
        networks.network_rejected.connect(self._drop_from_recent)
        self._networks = networks
        self.project_wanted.connect(projects.open)
        projects.project_opened.connect(self._on_project_opened)
        projects.project_saved.connect(self._remember)
        projects.project_rejected.connect(self._drop_from_recent)

    # ---- what a person wants ----

    def open_source(self, text: str) -> None:
        """Show a source given as SPEC."""
        current = self._session.document.source  # of a project it has no file to be named by
        self._open(current if text == str(current) else SourceSpec.parse(text))

    def ask(self, parent: QWidget) -> None:
        """Ask for a file, and open it."""
        title = "Open a picture, a film, a sound, a project, a network or a kernel"
        path, _ = QFileDialog.getOpenFileName(parent, title, "", FILE_FILTER)
        if path:
            self.open_file(path)

    def open_file(self, path: str) -> None:
        """Open a picture, a film, a project, a network, or what a lab reads."""
        self._let_go()
        lab = lab_of_file(path)
        if lab is not None:
            self.lab_file_wanted.emit(lab, path)
        elif path.lower().endswith(PROJECT_SUFFIX):
            self.project_wanted.emit(path)
        elif path.lower().endswith(TOLD_APART):
            self.network_wanted.emit(path)
        else:
            self._open(SourceSpec.of_file(path))

    def _let_go(self) -> None:
        """Cancel what is being opened: another file is wanted."""
        self._desk.cancel_opening()
        if self._networks is not None:
            self._networks.cancel()
        if self._pipeline.opening is not None:
            self._awaited = None
            self._pipeline.cancel_opening()

    def paste(self, data: QMimeData | None) -> None:
        """Show what is in the clipboard."""
        if data is None or not self._take(data):
            text = "There is no picture in the clipboard: copy one first."
            self._message.show_message(text, CLIPBOARD)

    def drop(self, data: QMimeData) -> bool:
        """Show what was dropped; return False if that cannot be."""
        is_taken = self._take(data)
        if not is_taken:
            text = (
                "This cannot be opened: drop a picture, a film, a sound, a project, a network or "
                "a kernel."
            )
            self._message.show_message(text, CLIPBOARD)
        return is_taken

    def _take(self, data: QMimeData) -> bool:
        paths = dropped_files(data)
        if paths:
            self._open_one(paths)
            return True
        image = data.imageData() if data.hasImage() else None
        if isinstance(image, QImage) and not image.isNull():
            self._play()
            self._awaited = self._pipeline.paste(image)
            return True
        return False

    def _open_one(self, paths: Sequence[str]) -> None:
        """Open one of some files, and say so: a network, whatever lies beside it; or the first."""
        networks = (path for path in paths if path.lower().endswith(NETWORK_SUFFIX))
        chosen = next(networks, paths[0])
        # The weights of a network may be in a file of their own: "network.onnx.data".
        others = [path for path in paths if not path.startswith(chosen)]
        text = f"Only {shown_name(chosen)} is opened: drop one file at a time." if others else ""
        self._message.show_message(text, SEVERAL, is_warning=False)
        self.open_file(chosen)

    def _open(self, spec: SourceSpec) -> None:
        self._play()
        self._awaited = spec
        self._pipeline.open(spec)

    def _play(self) -> None:
        self._session.look(replace(self._session.viewing, playing=True))

    # ---- what became of it ----

    def _on_source_opened(self, spec: SourceSpec) -> None:
        self._message.clear(SOURCE)
        if spec == self._awaited:
            self._clear_messages()
        if spec in (self._awaited, self._first):  # neither by undo nor of a project
            self._awaited = self._first = None
            if spec.kind in (SourceKind.PICTURE, SourceKind.VIDEO):
                self._remember(spec.name)

    def _on_source_failed(self, spec: SourceSpec, text: str) -> None:
        self._message.show_message(text, SOURCE)
        if spec in (self._awaited, self._first):
            self._awaited = self._first = None
            self._drop_from_recent(spec.name)

    def _on_source_remarked(self, text: str) -> None:
        self._message.show_message(text, SOURCE, is_warning=False)

    def _on_camera_lost(self, text: str) -> None:
        self._message.show_message(text, CAMERA)

    def _on_source_recovered(self) -> None:
        self._message.clear(CAMERA)

    def _clear_messages(self) -> None:
        """Take back what was said about another file: the next one has opened."""
        for owner in (SOURCE, CLIPBOARD):
            self._message.clear(owner)
        self._desk.clear_failure()

    def _on_project_opened(self, path: str) -> None:
        self._clear_messages()
        self._remember(path)

    def _on_network_opened(self, path: str) -> None:
        self._clear_messages()
        self._remember(path)

    def note_file(self, path: str, is_read: bool) -> None:
        """List a file that a lab has read or written, or no more list one that it could not."""
        if is_read:
            self._clear_messages()
            self._remember(path)
        else:
            self._drop_from_recent(path)

    # ---- the recent list ----

    def forget(self) -> None:
        """Empty the list."""
        self._settings.clear_recent_files()
        self._show_recent()

    def _remember(self, path: str) -> None:
        """Put a file or project that was opened or saved on top of the list.

        Samples stay out, and names whose bytes are no text: settings keep text only.
        """
        is_sample = path in {str(sample) for sample in (*sample_pictures(), *sample_stacks())}
        if not is_sample and _is_text(path):
            self._settings.add_recent_file(os.path.abspath(path))
            self._show_recent()

    def _drop_from_recent(self, path: str) -> None:
        """Take a file that does not open any more off the list."""
        absolute = os.path.abspath(path)
        if absolute in self._settings.recent_files():
            self._settings.remove_recent_file(absolute)
            self._show_recent()

    def _show_recent(self) -> None:
        files = self._settings.recent_files()
        self._picker.set_recent(files, [path for path in files if not _is_source(path)])


def _is_source(path: str) -> bool:
    """Tell whether a file is a picture or a film."""
    is_other = path.lower().endswith((PROJECT_SUFFIX, *TOLD_APART))
    return not is_other and lab_of_file(path) is None


def _is_text(path: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in path)
