"""How strokes of a brush stand in a project file, with bounds."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from convlab.document.strokes import LONGEST_STROKE, MOST_STROKES, Stroke
from convlab.io.record_form import form_of

_Share = Annotated[float, Meta(ge=0.0, le=1.0)]
_Signed = Annotated[float, Meta(ge=-1.0, le=1.0)]
_Points = Annotated[
    tuple[tuple[_Share, _Share], ...], Meta(min_length=1, max_length=LONGEST_STROKE)
]

StrokeForm = form_of(Stroke, points=_Points, radius=_Share, value=_Signed)
StrokesForm: Any = Annotated[
    tuple[StrokeForm, ...],  # type: ignore[valid-type]
    Meta(max_length=MOST_STROKES),
]
