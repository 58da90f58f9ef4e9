"""Files that a document names by their paths, read into it: for documents made by a script.

In the window they are read when they are opened, so that what is saved is what is shown.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from convlab.document.asset import Asset
from convlab.document.document import Document
from convlab.document.signal.model import SignalSpec
from convlab.document.source import SourceKind, SourceSpec
from convlab.io import bounds
from convlab.io.headers.survey import kind_of
from convlab.io.rejection import Rejection, read_regular_file
from convlab.io.signal_files import read_signal


def embedded(document: Document) -> Document:
    """Return the document with its picture, sounds and tables inside.

    What is no picture, sound or table, cannot be read, or is larger than 256 MB stays a path.
    """
    signal = replace(document.signal, f=_signal(document.signal.f), g=_signal(document.signal.g))
    return replace(document, source=_source(document.source), signal=signal)


def _source(source: SourceSpec) -> SourceSpec:
    if source.kind is not SourceKind.PICTURE or source.asset is not None:
        return source
    try:
        data = read_regular_file(Path(source.name), bounds.LARGEST_ATTACHMENT)
    except Rejection:
        return source
    return replace(source, asset=Asset.of(data)) if kind_of(data) else source


def _signal(spec: SignalSpec) -> SignalSpec:
    if not spec.is_outside:
        return spec
    try:
        return replace(spec, held=read_signal(spec.path, spec.table))
    except ValueError:
        return spec
