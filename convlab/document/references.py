"""What a document names outside of itself: cameras, and files by their paths."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace

from convlab.document.document import Document
from convlab.document.learning.network import OWN_DATA
from convlab.document.signal.model import SignalSpec
from convlab.document.signal.samples import is_from_file
from convlab.document.signal.scenes import OWN_SOUND
from convlab.document.source import SourceKind, SourceSpec

_OUTSIDE = (SourceKind.CAMERA, SourceKind.PICTURE, SourceKind.VIDEO)


@dataclass(frozen=True, slots=True)
class References:
    """What a document wants of the machine it is opened on.

    Attributes:
        source: A camera, a film, or a picture that the document does not hold.
        signals: Paths of the sounds and tables of f and g, by the signal's name.
        data: The path of a data set to learn from.
    """

    source: SourceSpec | None = None
    signals: tuple[tuple[str, str], ...] = ()
    data: str = ""

    def __bool__(self) -> bool:
        return bool(self.source or self.signals or self.data)

    def __str__(self) -> str:
        """Name them, for a message: "Camera 0 and the sound or table /home/x/a.wav"."""
        names = [] if self.source is None else [_name(self.source)]
        names += [f"the sound or table {path}" for _, path in self.signals]
        names += [f"the data set {self.data}"] if self.data else []
        return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def references(document: Document, own: Container[str]) -> References:
    """Return what a document names outside of itself; nothing is opened or looked for.

    Args:
        document: Of a file that a stranger may have made.
        own: Paths of pictures that come with the program.
    """
    source = document.source
    is_held = source.asset is not None or source.name in own
    is_outside = source.kind in _OUTSIDE and not is_held
    signals = tuple(
        (which, spec.path)
        for which, spec in (("f", document.signal.f), ("g", document.signal.g))
        if _is_outside(spec)
    )
    task = document.learning.network
    data = task.path if task.data == OWN_DATA else ""
    return References(source if is_outside else None, signals, data)


def without(document: Document, named: References, source: SourceSpec) -> Document:
    """Return a document that opens nothing of what it names.

    Args:
        document: As it was read.
        named: Its references.
        source: Stays in place of the document's, as it is shown now.
    """
    if named.source is not None:
        document = replace(document, source=source)
    if named.signals:
        signal = document.signal
        silent = {which: replace(getattr(signal, which), path="") for which, _ in named.signals}
        document = replace(document, signal=replace(signal, **silent))
    if named.data:
        document = _with_data(document, type(document.learning.network)().data, "")
    return document


def restored(document: Document, named: References) -> Document:
    """Return a document with the files of its signals and its data set, but for its source."""
    signal = document.signal
    paths = {which: replace(getattr(signal, which), path=path) for which, path in named.signals}
    document = replace(document, signal=replace(signal, **paths))
    return _with_data(document, OWN_DATA, named.data) if named.data else document


def _with_data(document: Document, data: str, path: str) -> Document:
    network = replace(document.learning.network, data=data, path=path)
    return replace(document, learning=replace(document.learning, network=network))


def _is_outside(spec: SignalSpec) -> bool:
    is_own = spec.path.startswith(OWN_SOUND)
    return is_from_file(spec) and spec.held is None and not is_own


def _name(source: SourceSpec) -> str:
    if source.kind is SourceKind.CAMERA and source.name.isdigit():
        return f"Camera {source.name}"
    return f"the {'picture' if source.kind is SourceKind.PICTURE else 'film'} {source.name}"
