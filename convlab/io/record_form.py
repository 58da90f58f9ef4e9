"""How a record whose fields declare their values stands in a file: its form follows from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta

from convlab.engine.shapes import LARGEST
from convlab.layers.parameters import Parameter, ParameterKind, parameters

LARGEST_FLOAT = float(np.finfo(np.float32).max)
Finite = Annotated[float, Meta(ge=-LARGEST_FLOAT, le=LARGEST_FLOAT)]

_FORMS: dict[type, type[msgspec.Struct]] = {}
_RECORDS: dict[type[msgspec.Struct], type] = {}


def form_of(kind: type, /, **others: Any) -> type[msgspec.Struct]:
    """Return the form of a record, with the bounds that its fields declare.

    A declared field with a default may be left out, so that a record can get another one; nothing
    else may be there.

    Args:
        kind: A dataclass.
        others: Types in the file of the fields that declare nothing, or where a file may hold
            more than a form offers; or (type, ``msgspec.field``) of one that has another name
            there, or may be left out.

    Raises:
        ValueError: A field declares nothing, and is given no type.
    """
    declared = {parameter.name: parameter for parameter in parameters(kind)}
    fields = []
    for field in dataclasses.fields(kind):
        parameter, other = declared.get(field.name), others.get(field.name)
        key = msgspec.field()
        if parameter is not None:
            key = msgspec.field(name=parameter.key or None, default=_default(field))
            other = other or strict_type(parameter)
        if other is None:
            raise ValueError(f"{kind.__name__}.{field.name} declares nothing: give its type")
        type_, key = other if isinstance(other, tuple) else (other, key)
        fields.append((field.name, type_, key))
    form = msgspec.defstruct(kind.__name__, fields, kw_only=True, forbid_unknown_fields=True)
    _FORMS[kind], _RECORDS[form] = form, kind
    return form


def _default(field: dataclasses.Field[Any]) -> Any:
    return msgspec.NODEFAULT if field.default is dataclasses.MISSING else field.default


def to_form(record: object, **others: object) -> msgspec.Struct:
    """Return a record as the form that was made of its kind; so are the records in it.

    Args:
        record: The record.
        others: Values of the fields that are written otherwise than they are.
    """
    form = _FORMS[type(record)]
    names = [name for name in form.__struct_fields__ if name not in others]
    return form(**{name: _written(getattr(record, name)) for name in names} | others)


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_written, value))
    return to_form(value) if type(value) in _FORMS else value


def from_form(form: msgspec.Struct, **others: object) -> Any:
    """Return the record of a form that was checked; so are the records in it.

    Args:
        form: What was read.
        others: Values of the fields that are written otherwise than they are.
    """
    values = msgspec.structs.asdict(form).items()
    made = {name: _made(value) for name, value in values if name not in others}
    return _RECORDS[type(form)](**made | others)


def _made(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_made, value))
    return from_form(value) if type(value) in _RECORDS else value


def strict_type(parameter: Parameter) -> Any:
    """Return the type of a parameter in a file, with the bounds of its form."""
    low, high = parameter.minimum, parameter.maximum
    match parameter.kind:
        case ParameterKind.WHOLE:
            return Annotated[int, Meta(ge=int(low), le=int(high))]
        case ParameterKind.DECIMAL:
            return Annotated[float, Meta(ge=low, le=high)]
    return loose_type(parameter)


def loose_type(parameter: Parameter) -> Any:
    """Return the type of a parameter in a file.

    Only what the record cannot do at all is out of bounds: a script may go beyond what forms offer.
    """
    largest = max(LARGEST, int(parameter.maximum))
    whole = Annotated[int, Meta(ge=int(parameter.minimum), le=largest)]
    match parameter.kind:
        case ParameterKind.WHOLE:
            return whole
        case ParameterKind.PAIR:
            several = whole | Annotated[tuple[whole, ...], Meta(min_length=1, max_length=2)]
            return several | None if parameter.automatic else several
        case ParameterKind.SIDES:
            return whole | Annotated[tuple[whole, ...], Meta(min_length=1, max_length=4)]
        case ParameterKind.DECIMAL:
            return Finite
        case ParameterKind.CHOICE:
            return _one_of(parameter.choices)
        case ParameterKind.FLAG:
            return bool
        case ParameterKind.PADDING:
            sides = Annotated[tuple[whole, ...], Meta(min_length=1, max_length=4)]
            return whole | sides | _one_of(parameter.choices)


def _one_of(choices: Sequence[tuple[str, str]]) -> Any:
    """Return the enum of the choices, or a text that is one of them."""
    kinds = {type(value) for value, _ in choices}
    if len(kinds) == 1 and kinds != {str}:
        return kinds.pop()
    return Annotated[str, Meta(pattern=rf"^({'|'.join(value for value, _ in choices)})\Z")]
