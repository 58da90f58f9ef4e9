"""What stands in a project file: typed forms with bounds, to a Document and back.

Each part of the Document has a form of its own. All is checked by its types when it is read, so
that nothing behind it meets a number out of bounds.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from convlab.document.document import Document, Lab
from convlab.document.view import View
from convlab.io.attachments import Attachments
from convlab.io.kernel_form import KERNEL
from convlab.io.layer_form import Tensors
from convlab.io.learning_form import LEARNING
from convlab.io.part_form import PartForm
from convlab.io.record_form import form_of, from_form
from convlab.io.record_form import to_form as record_to_form
from convlab.io.rejection import Rejection
from convlab.io.signal_form import SIGNAL
from convlab.io.source_form import DRAWING, INPUT_RANGE, PATTERN, SOURCE
from convlab.io.stack_form import STACK

_OWN_FORMS = {
    "source": SOURCE,
    "pattern": PATTERN,
    "kernel": KERNEL,
    "stack": STACK,
    "signal": SIGNAL,
    "learning": LEARNING,
    "drawing": DRAWING,
    "input_range": INPUT_RANGE,
}
"""Of the parts with fields that declare nothing, or are written otherwise than they are."""


def _part(name: str) -> PartForm:
    return _OWN_FORMS.get(name) or declared_part(name, type(getattr(Document(), name)))


def declared_part(name: str, kind: type) -> PartForm:
    """Return the form of a part all of whose fields are declared: it follows from them."""
    return PartForm(
        {name: form_of(kind)},
        lambda state, _: {name: record_to_form(state)},
        lambda form, *_: from_form(getattr(form, name)),
        may_lack=True,
    )


def _struct(name: str, *types: tuple[Any, ...]) -> Any:
    return msgspec.defstruct(name, types, kw_only=True, forbid_unknown_fields=True)


PARTS = {field.name: _part(field.name) for field in fields(Document)}
"""The forms of all parts of the Document, by the names of its fields."""

_KEYS = [
    (key, kind | UnsetType, UNSET) if part.may_lack else (key, kind)
    for part in PARTS.values()
    for key, kind in part.types.items()
]
_LATER = [
    (key, kind | UnsetType, UNSET) for part in PARTS.values() for key, kind in part.later.items()
]
_REMEMBERED = [
    (key, *kind) if isinstance(kind, tuple) else (key, kind)
    for part in PARTS.values()
    for key, kind in part.view.items()
]

ViewForm = _struct("ViewForm", ("lab", Lab), *_REMEMBERED)
"""What was on the screen."""

ProjectForm = _struct(
    "ProjectForm",
    ("format", str),
    ("version", int),
    *_KEYS,
    *_LATER,
    ("view", ViewForm | UnsetType, UNSET),  # scripts look at nothing
)
"""All of ``project.json``."""


def to_form(
    document: Document, view: View | None, files: Attachments, format: str, version: int
) -> Any:
    """Return what is written of a document, without its weights; its files are added."""
    values: dict[str, Any] = {}
    for name, part in PARTS.items():
        values |= part.write(getattr(document, name), files)
    if view is not None:
        values["view"] = ViewForm(lab=view.lab, **view.remembered)
    return ProjectForm(format=format, version=version, **values)


def to_view(form: Any) -> View | None:
    """Return what was on the screen, if the form tells."""
    if form.view is UNSET:
        return None
    remembered = msgspec.structs.asdict(form.view)
    return View(remembered.pop("lab"), remembered)


def to_document(form: Any, tensors: Tensors, files: Attachments) -> Document:
    """Return the document of a form, its weights and files.

    Args:
        form: Read from a file; its types hold.
        tensors: By "uid.name". Each is taken out when a layer takes it.
        files: The files inside.

    Raises:
        Rejection: Parts do not fit each other, or weights or files are missing, wrong or too many.
    """
    there = (name for name, part in PARTS.items() if _is_in(form, part))
    document = Document(**{name: PARTS[name].read(form, tensors, files) for name in there})
    if tensors:
        raise Rejection(f"its weights {next(iter(tensors))[:80]!r} belong to no layer")
    files.check_used()
    return document


def _is_in(form: Any, part: PartForm) -> bool:
    return all(getattr(form, key) is not UNSET for key in part.types)
