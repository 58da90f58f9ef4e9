"""How the source of a Document, and the canvas of a drawing, stand in a project file."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import UNSET, Meta, UnsetType

from convlab.document.drawing import BLANK_DRAWING, LARGEST_SIDE, SMALLEST_SIDE, Drawing, of_pixels
from convlab.document.input_range import InputRange, RangeMode
from convlab.document.source import PatternOptions, SourceKind, SourceSpec
from convlab.io.attachments import ENTRY, Attachments
from convlab.io.layer_form import Tensors
from convlab.io.part_form import PartForm
from convlab.io.record_form import Finite, form_of, from_form, to_form
from convlab.io.rejection import Rejection

_Share = Annotated[float, Meta(ge=0.0, le=1.0)]
_Side = Annotated[int, Meta(ge=SMALLEST_SIDE, le=LARGEST_SIDE)]
_PIXEL = np.dtype("<f4")

SourceForm = form_of(
    SourceSpec,
    kind=SourceKind,
    name=Annotated[str, Meta(max_length=4096)],
    # A picture that travels inside.
    asset=(
        Annotated[str, Meta(pattern=ENTRY)] | UnsetType,
        msgspec.field(name="file", default=UNSET),
    ),
)
PatternForm = form_of(PatternOptions, angle=Finite, position=tuple[_Share, _Share])


class DrawingForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The canvas that is painted on; its pixels are little-endian float32, row after row."""

    rows: _Side
    columns: _Side
    white: Finite
    is_inverted: bool
    pixels: Annotated[bytes, Meta(max_length=4 * LARGEST_SIDE**2)]


def _write_source(source: SourceSpec, files: Attachments) -> dict[str, Any]:
    """Name a file that travels inside without its folder: that is nobody else's business."""
    if source.asset is None:
        return {"source": to_form(source, asset=UNSET)}
    entry = files.add(source.asset, source.name)
    return {"source": to_form(source, name=PurePath(source.name).name, asset=entry)}


def _read_source(project: Any, _: Tensors, files: Attachments) -> SourceSpec:
    form = project.source
    if form.asset is not UNSET and form.kind not in (SourceKind.PICTURE, SourceKind.CLIPBOARD):
        raise Rejection(f"a {form.kind} cannot be inside it")
    asset = None if form.asset is UNSET else files.asset(form.asset)
    source: SourceSpec = from_form(form, asset=asset)
    return source


def _write_drawing(drawing: Drawing, _: Attachments) -> dict[str, Any]:
    if drawing == BLANK_DRAWING:
        return {"drawing": UNSET}
    form = DrawingForm(
        rows=drawing.rows,
        columns=drawing.columns,
        white=drawing.white,
        is_inverted=drawing.is_inverted,
        pixels=drawing.array().astype(_PIXEL).tobytes(),
    )
    return {"drawing": form}


def _read_drawing(project: Any, *_: object) -> Drawing:
    form: DrawingForm = project.drawing
    if len(form.pixels) != form.rows * form.columns * _PIXEL.itemsize:
        raise Rejection(
            f"its drawing of {form.rows} × {form.columns} px holds {len(form.pixels)} bytes"
        )
    pixels = np.frombuffer(form.pixels, _PIXEL).reshape(form.rows, form.columns)
    try:
        return of_pixels(pixels, form.white, form.is_inverted)
    except ValueError:
        raise Rejection("the pixels of its drawing are not between black and white") from None


SOURCE = PartForm({"source": SourceForm}, _write_source, _read_source)
PATTERN = PartForm(
    {"pattern": PatternForm},
    lambda pattern, _: {"pattern": to_form(pattern)},
    lambda form, *_: from_form(form.pattern),
)
DRAWING = PartForm({"drawing": DrawingForm}, _write_drawing, _read_drawing, may_lack=True)

_InputRangeForm = form_of(InputRange)


def _read_range(form: Any, *_: object) -> InputRange:
    """Return the range; what was made before there was any shows all bits."""
    if form.input_range is UNSET:
        return InputRange(RangeMode.FULL)
    found: InputRange = from_form(form.input_range)
    return found


INPUT_RANGE = PartForm(
    {},
    lambda wanted, _: {"input_range": to_form(wanted)},
    _read_range,
    later={"input_range": _InputRangeForm},
)
