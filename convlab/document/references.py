"""What a document names outside of itself: cameras, and files by their paths."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from convlab.document.document import Document, Lab
from convlab.document.source import SourceKind, SourceSpec

_OUTSIDE = (SourceKind.CAMERA, SourceKind.PICTURE, SourceKind.VIDEO)


class NamedFile(NamedTuple):
    """A file that a lab's part of a document names.

    Attributes:
        lab: The lab.
        key: Which of its files.
        kind: What it is, for a message: "sound or table".
        path: Where it lies.
    """

    lab: Lab
    key: str
    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class References:
    """What a document wants of the machine it is opened on.

    Attributes:
        source: A camera, a film, or a picture that the document does not hold.
        files: What its labs name.
    """

    source: SourceSpec | None = None
    files: tuple[NamedFile, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.source or self.files)

    def __len__(self) -> int:
        return (self.source is not None) + len(self.files)

    def __str__(self) -> str:
        """Name them, for a message: "Camera 0 and the sound or table /home/x/a.wav"."""
        names = [] if self.source is None else [_name(self.source)]
        names += [f"the {file.kind} {file.path}" for file in self.files]
        return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))

    def of(self, lab: Lab) -> dict[str, str]:
        """Return the paths that a lab names."""
        return {file.key: file.path for file in self.files if file.lab is lab}


def references(document: Document, own: Container[str]) -> References:
    """Return what a document names outside of itself; nothing is opened or looked for.

    Args:
        document: Of a file that a stranger may have made.
        own: Paths of pictures that come with the program.
    """
    source = document.source
    is_held = source.asset is not None or source.name in own
    is_outside = source.kind in _OUTSIDE and not is_held
    files = (
        NamedFile(lab, key, kind, path)
        for lab in Lab
        for key, (kind, path) in document.part(lab).outside().items()
    )
    return References(source if is_outside else None, tuple(files))


def without(document: Document, named: References, source: SourceSpec) -> Document:
    """Return a document that opens nothing of what it names.

    Args:
        document: As it was read.
        named: Its references.
        source: Stays in place of the document's, as it is shown now.
    """
    if named.source is not None:
        document = replace(document, source=source)
    return _with_paths(document, {lab: dict.fromkeys(named.of(lab), "") for lab in Lab})


def restored(document: Document, named: References) -> Document:
    """Return a document with the files that its labs named, but for its source."""
    return _with_paths(document, {lab: named.of(lab) for lab in Lab})


def _with_paths(document: Document, paths: Mapping[Lab, Mapping[str, str]]) -> Document:
    parts = {
        lab.value: document.part(lab).with_paths(of_lab) for lab, of_lab in paths.items() if of_lab
    }
    return replace(document, **parts)  # type: ignore[arg-type]


def _name(source: SourceSpec) -> str:
    if source.kind is SourceKind.CAMERA and source.name.isdigit():
        return f"Camera {source.name}"
    return f"the {'picture' if source.kind is SourceKind.PICTURE else 'film'} {source.name}"
