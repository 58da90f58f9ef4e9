"""What stands in a project file: typed forms with bounds, to a Document and back.

A form says how a part of the Document is written. Each is checked by its types when it is read, so
that nothing behind it meets a number out of bounds.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

import msgspec
import numpy as np
from msgspec import UNSET, Meta, UnsetType

from convlab.document.document import Document, Lab
from convlab.document.drawing import (
    BLANK_DRAWING,
    LARGEST_SIDE,
    SMALLEST_SIDE,
    Drawing,
    of_pixels,
)
from convlab.document.learning.model import LearningPage, LearningState
from convlab.document.signal.model import MOST_COUNT, SignalState, SignalTab
from convlab.document.source import PatternOptions, SourceKind, SourceSpec
from convlab.document.view import View
from convlab.io.attachments import ENTRY, Attachments
from convlab.io.kernel_form import (
    ChannelsForm,
    DisplayForm,
    GeometryForm,
    Rows,
    kernel_fields,
    make_kernel,
)
from convlab.io.layer_form import Tensors
from convlab.io.learning_form import LearningForm, learning_form, make_learning
from convlab.io.record_form import Finite
from convlab.io.refusal import Refusal
from convlab.io.signal_form import SignalForm, make_signal, signal_form
from convlab.io.stack_form import StackForm, make_stack, stack_form

_Share = Annotated[float, Meta(ge=0.0, le=1.0)]
_Text = Annotated[str, Meta(max_length=4096)]
_Side = Annotated[int, Meta(ge=SMALLEST_SIDE, le=LARGEST_SIDE)]


_Uid = Annotated[int, Meta(ge=1, le=2**53)]
_PIXEL = np.dtype("<f4")


class _Form(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a form has in common: all of it must be there, and nothing else."""


class SourceForm(_Form):
    """Where the picture comes from."""

    kind: SourceKind
    name: _Text
    file: Annotated[str, Meta(pattern=ENTRY)] | UnsetType = UNSET  # a picture that travels inside


class PatternForm(_Form):
    """The dials of a pattern."""

    angle: Finite
    position: tuple[_Share, _Share]


class DrawingForm(_Form):
    """The canvas that is painted on; its pixels are little-endian float32, row after row."""

    rows: _Side
    columns: _Side
    white: Finite
    is_inverted: bool
    pixels: Annotated[bytes, Meta(max_length=4 * LARGEST_SIDE**2)]


class ViewForm(_Form):
    """What was on the screen."""

    lab: Lab
    page: LearningPage
    tab: SignalTab
    position: Annotated[int, Meta(ge=0, lt=2 * MOST_COUNT)]
    layer: _Uid | None


class ProjectForm(_Form):
    """All of ``project.json``."""

    format: str
    version: int
    source: SourceForm
    pattern: PatternForm
    kernel: Rows
    geometry: GeometryForm  # type: ignore[valid-type]
    channels: ChannelsForm  # type: ignore[valid-type]
    display: DisplayForm  # type: ignore[valid-type]
    stack: StackForm
    signal: SignalForm | UnsetType = UNSET  # type: ignore[valid-type]  # older files have none
    learning: LearningForm | UnsetType = UNSET  # type: ignore[valid-type]  # nor this
    drawing: DrawingForm | UnsetType = UNSET  # a blank canvas is not written
    view: ViewForm | UnsetType = UNSET  # scripts look at nothing


def to_form(
    document: Document, view: View | None, files: Attachments, format: str, version: int
) -> ProjectForm:
    """Return what is written of a document, without its weights; its files are added."""
    return ProjectForm(
        format=format,
        version=version,
        source=_source_form(document.source, files),
        pattern=PatternForm(angle=document.pattern.angle, position=document.pattern.position),
        **kernel_fields(document.kernel),
        stack=stack_form(document.stack),
        signal=signal_form(document.signal, files),
        learning=learning_form(document.learning),
        drawing=_drawing_form(document.drawing),
        view=UNSET if view is None else _view_form(view),
    )


def _source_form(source: SourceSpec, files: Attachments) -> SourceForm:
    """Name a file that travels inside without its folder: that is nobody else's business."""
    if source.asset is None:
        return SourceForm(kind=source.kind, name=source.name)
    name = PurePath(source.name).name
    return SourceForm(kind=source.kind, name=name, file=files.add(source.asset, source.name))


def _view_form(view: View) -> ViewForm:
    return ViewForm(lab=view.lab, **view.remembered)


def _drawing_form(drawing: Drawing) -> DrawingForm | UnsetType:
    if drawing == BLANK_DRAWING:
        return UNSET
    return DrawingForm(
        rows=drawing.rows,
        columns=drawing.columns,
        white=drawing.white,
        is_inverted=drawing.is_inverted,
        pixels=drawing.array().astype(_PIXEL).tobytes(),
    )


def to_view(form: ProjectForm) -> View | None:
    """Return what was on the screen, if the form tells."""
    if form.view is UNSET:
        return None
    remembered = msgspec.structs.asdict(form.view)
    return View(remembered.pop("lab"), remembered)


def to_document(form: ProjectForm, tensors: Tensors, files: Attachments) -> Document:
    """Return the document of a form, its weights and files.

    Args:
        form: Read from a file; its types hold.
        tensors: By "uid.name". Each is taken out when a layer takes it.
        files: The files inside.

    Raises:
        Refusal: Parts do not fit each other, or weights or files are missing, wrong or too many.
    """
    document = Document(
        source=_source(form.source, files),
        pattern=PatternOptions(form.pattern.angle, form.pattern.position),
        kernel=make_kernel(form.kernel, form.geometry, form.channels, form.display),
        stack=make_stack(form.stack, tensors),
        signal=SignalState() if form.signal is UNSET else make_signal(form.signal, files),
        learning=LearningState() if form.learning is UNSET else make_learning(form.learning),
        drawing=BLANK_DRAWING if form.drawing is UNSET else _drawing(form.drawing),
    )
    if tensors:
        raise Refusal(f"its weights {next(iter(tensors))[:80]!r} belong to no layer")
    files.check_used()
    return document


def _source(form: SourceForm, files: Attachments) -> SourceSpec:
    if form.file is UNSET:
        return SourceSpec(form.kind, form.name)
    if form.kind not in (SourceKind.PICTURE, SourceKind.CLIPBOARD):
        raise Refusal(f"a {form.kind} cannot be inside it")
    return SourceSpec(form.kind, form.name, files.asset(form.file))


def _drawing(form: DrawingForm) -> Drawing:
    if len(form.pixels) != form.rows * form.columns * _PIXEL.itemsize:
        raise Refusal(
            f"its drawing of {form.rows} × {form.columns} px holds {len(form.pixels)} bytes"
        )
    pixels = np.frombuffer(form.pixels, _PIXEL).reshape(form.rows, form.columns)
    try:
        return of_pixels(pixels, form.white, form.is_inverted)
    except ValueError:
        raise Refusal("the pixels of its drawing are not between black and white") from None
