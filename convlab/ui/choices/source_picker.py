"""The list of everything a picture can come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal

from convlab.document.file_name import shown_name, shown_text
from convlab.document.frame import Frame
from convlab.document.source import BLANK, SourceKind, SourceSpec
from convlab.document.thumbnail import frame_pixels
from convlab.runtime.opening import describe as describe_source
from convlab.runtime.source_thumbnails import SourceThumbnails
from convlab.runtime.thumbnails import Thumbnail, Thumbnailer, Thumbnails
from convlab.sources.devices import CameraDevice
from convlab.sources.pattern import PATTERNS
from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_box import ChoiceBox

OPEN = "open…"
OTHER = "file:"
WIDTH = 196
TIP = (
    "Where the picture comes from. Files can be dropped on the window, and pictures pasted with "
    "Ctrl+Shift+V."
)
DRAWING = Choice(
    "Drawing",
    f"{SourceKind.DRAWING}:{BLANK}",
    line="A small canvas to paint on with the mouse, or to type pixel values into.",
    icon="drawing",
)
FILE = Choice(
    "Open a file…", OPEN, line="A picture, a video, a project, a network or a kernel.", icon="open"
)
_ICONS = {
    SourceKind.CAMERA: "camera",
    SourceKind.VIDEO: "film",
    SourceKind.PICTURE: "picture",
    SourceKind.CLIPBOARD: "picture",
    SourceKind.DRAWING: "drawing",
}


class SourcePicker(ChoiceBox):
    """A drawing, cameras, sample pictures, patterns, recent files, and a way to a file.

    Signals:
        source_chosen: A SourceSpec as text.
        file_chosen: The path of a recent file that is no source.
        open_wanted: The person wants to choose a file.
    """

    source_chosen = Signal(str)
    file_chosen = Signal(str)
    open_wanted = Signal()

    def __init__(self, samples: Sequence[Path]) -> None:
        super().__init__("source_combo", "Source", TIP)
        self._samples = list(samples)
        self._cameras: list[Choice] = []  # none is listed until one is found
        self._recent: list[str] = []
        self._others: frozenset[str] = frozenset()
        self._current: SourceSpec | None = None
        self.setMinimumWidth(WIDTH)
        self.activated.connect(self._on_activated)

    def show_pictures(self, thumbnailer: Thumbnailer, kept: SourceThumbnails) -> None:
        """Show pictures of the sources in the list."""

        def make(size: tuple[int, int]) -> Thumbnails:
            listed = [SourceSpec.parse(choice.key) for choice in self.list.choices if choice.group]
            shown, current = thumbnailer.present_frame(), self._current
            if shown is None or current is None:
                return kept.make(listed, size)
            return _with_present(str(current), shown, size, kept.make(listed, size))

        self.list.set_thumbnails(thumbnailer, make)

    def set_cameras(self, cameras: list[CameraDevice]) -> None:
        """List the cameras found."""
        self._cameras = [
            Choice(device.name, f"camera:{device.spec_name}", "Cameras", f"Camera {device.index}")
            for device in cameras
        ]
        self._fill()

    def set_recent(self, files: list[str], others: Sequence[str] = ()) -> None:
        """List the files opened last; ``others`` of them are no sources: projects, kernels."""
        if files != self._recent:
            self._recent, self._others = files, frozenset(others)
            self._fill()

    def set_current(self, spec: SourceSpec) -> None:
        """Show which source is in use."""
        if spec != self._current:
            self._current = spec
            self._fill()

    def _fill(self) -> None:
        choices = [FILE, DRAWING, *self._cameras, *self._recent_files()]
        choices += [_sample(path) for path in self._samples]
        choices += [
            Choice(pattern.title, f"pattern:{name}", "Patterns", pattern.description)
            for name, pattern in PATTERNS.items()
        ]
        current = None if self._current is None else str(self._current)
        keys = [choice.key for choice in choices]
        if self._current is not None and current not in keys:
            name, icon = describe_source(self._current), _ICONS.get(self._current.kind, "")
            choices.insert(0, Choice(name, str(self._current), line="Shown now.", icon=icon))
        self.set_choices(choices)
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(current))

    def _recent_files(self) -> Iterator[Choice]:
        for name, path in zip(unique_names(self._recent), self._recent, strict=True):
            spec = SourceSpec.of_file(path)
            is_other = path in self._others
            icon = "open" if is_other else _ICONS[spec.kind]
            line = str(Path(*map(shown_text, Path(path).parts)))
            key = OTHER + path if is_other else str(spec)
            yield Choice(name, key, "Recent files", line, icon=icon)

    def _on_activated(self, index: int) -> None:
        chosen = str(self.itemData(index))
        if chosen == OPEN:
            self._fill()  # the choice is not made yet: show what is in use
            self.open_wanted.emit()
        elif chosen.startswith(OTHER):
            self._fill()
            self.file_chosen.emit(chosen.removeprefix(OTHER))
        else:
            self.source_chosen.emit(chosen)


def _with_present(key: str, frame: Frame, size: tuple[int, int], others: Thumbnails) -> Thumbnails:
    """Make the picture of what is shown from its frame; nothing is opened for it."""
    yield key, Thumbnail(frame_pixels(frame, size))
    yield from others


def _sample(path: Path) -> Choice:
    name = path.stem.replace("-", " ").replace("_", " ").capitalize()
    return Choice(name, f"picture:{path}", "Sample pictures", icon="picture")


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


def is_live(spec: SourceSpec) -> bool:
    """Tell whether a source goes on by itself, so that freezing it makes sense."""
    if spec.kind is SourceKind.PATTERN:
        return spec.name in PATTERNS and PATTERNS[spec.name].moves
    return spec.kind in (SourceKind.CAMERA, SourceKind.VIDEO)
