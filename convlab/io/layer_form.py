"""How a layer is written: its numbers as a form, its arrays apart.

Which is which, and what a number may be, comes from the layer's own fields: a new layer needs
nothing here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin, get_type_hints

import msgspec
import numpy as np
from msgspec import UNSET, Meta

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.border import Border
from convlab.engine.shapes import LARGEST
from convlab.engine.upsample import Upsampling
from convlab.io.refusal import Refusal
from convlab.layers import Layer
from convlab.layers.registry import KINDS

LARGEST_FLOAT = float(np.finfo(np.float32).max)
Finite = Annotated[float, Meta(ge=-LARGEST_FLOAT, le=LARGEST_FLOAT)]
Tensors: TypeAlias = dict[str, AnyArray]
"""Arrays by "uid.name"."""

_FROM_ZERO = ("padding", "output_padding")
_WORDS = {
    "border": tuple(Border),
    "mode": tuple(Upsampling),
    "padding": ("valid", "same", "full"),
}


class LayerForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A layer without its arrays."""

    uid: Annotated[int, Meta(ge=1, le=2**53)]
    kind: Annotated[str, Meta(max_length=64)]
    is_on: bool
    parameters: dict[str, Any]


def layer_form(uid: int, layer: Layer, is_on: bool) -> LayerForm:
    """Return what is written of a layer beside its arrays."""
    arrays = layer_tensors(uid, layer)
    parameters = {
        name: getattr(layer, name)
        for name in _fields(type(layer))
        if tensor_name(uid, name) not in arrays
    }
    return LayerForm(uid=uid, kind=layer.kind, is_on=is_on, parameters=parameters)


def layer_tensors(uid: int, layer: Layer) -> dict[str, FloatArray]:
    """Return the arrays of a layer by the names they have in a file."""
    values = {name: getattr(layer, name) for name in _array_fields(type(layer))}
    return {
        tensor_name(uid, name): value
        for name, value in values.items()
        if isinstance(value, np.ndarray)
    }


def tensor_name(uid: int, name: str) -> str:
    """Return what an array of a layer is called in a file."""
    return f"{uid}.{name}"


def make_layer(form: LayerForm, tensors: Tensors) -> Layer:
    """Return the layer of a form, with its arrays taken out of ``tensors``.

    Raises:
        Refusal: Kind or numbers are none there are, or arrays are missing, wrong or not finite.
    """
    if form.kind not in KINDS:
        raise Refusal(f"is of the unknown kind {form.kind!r}", "update ConvLab")
    kind = KINDS[form.kind]
    parameters = msgspec.convert(form.parameters, parameters_type(kind))
    arguments = {
        name: value
        for name, value in msgspec.structs.asdict(parameters).items()
        if value is not UNSET
    }
    for name in _fields(kind):
        if name not in arguments:
            arguments[name] = _taken(tensors, tensor_name(form.uid, name))
    return kind(**arguments)


def _taken(tensors: Tensors, name: str) -> AnyArray:
    array = tensors.pop(name, None)
    if array is None:
        raise Refusal(f"lacks its {name.partition('.')[2]}")
    if array.dtype != np.float32:
        raise Refusal(f"has weights of {array.dtype}", "save them as float32")
    if not np.isfinite(array).all():
        raise Refusal("has weights that are not finite", "replace them by finite numbers")
    return array


@contextmanager
def place(number: int, kind: str) -> Iterator[None]:
    """Say in a refusal which layer it is about, counted from 1.

    Raises:
        Refusal: Of whatever the layer's form or the layer itself refused.
    """
    shown = f"layer {number} ({KINDS[kind].__name__})" if kind in KINDS else f"layer {number}"
    try:
        yield
    except Refusal as error:
        raise Refusal(f"{shown} {error.why}", error.remedy) from None
    except ValueError as error:
        raise Refusal(f"{shown} cannot be made ({plain_words(error)})") from None


def plain_words(error: Exception) -> str:
    """Return what a check of types says, without its marks."""
    return str(error).replace("`", "").replace(" - at $.", " at ").replace(" - at $", "")


@cache
def _fields(kind: type[Layer]) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))  # type: ignore[arg-type]


@cache
def _array_fields(kind: type[Layer]) -> dict[str, bool]:
    """Return the fields that hold an array, and whether they may hold None."""
    hints = get_type_hints(kind)
    members = {name: _members(hints[name]) for name in _fields(kind)}
    return {
        name: NoneType in parts
        for name, parts in members.items()
        if any(get_origin(part) is np.ndarray for part in parts)
    }


@cache
def parameters_type(kind: type[Layer]) -> type[msgspec.Struct]:
    """Return the form of a layer's numbers and words.

    A field that holds an array, or none, is None or unset: then the array is elsewhere. A field
    with a default may be left out, so that a layer can get another one.
    """
    hints, arrays = get_type_hints(kind), _array_fields(kind)
    fields: list[tuple[str, Any, Any] | tuple[str, Any]] = []
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        if field.name in arrays:
            unset = msgspec.UnsetType
            fields.append((field.name, None | unset if arrays[field.name] else unset, UNSET))
            continue
        bounded = _bounded(field.name, _members(hints[field.name]))
        needed = field.default is dataclasses.MISSING
        fields.append((field.name, bounded) if needed else (field.name, bounded, field.default))
    return msgspec.defstruct(kind.__name__, fields, kw_only=True, forbid_unknown_fields=True)


def _members(hint: Any) -> tuple[Any, ...]:
    """Return the types of a union; another type is its own only one."""
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _bounded(name: str, members: tuple[Any, ...]) -> Any:
    """Return the type of a field with bounds to each of its members."""
    whole = Annotated[int, Meta(ge=0 if name in _FROM_ZERO else 1, le=LARGEST)]
    several = Annotated[tuple[whole, ...], Meta(min_length=1, max_length=4)]
    words = Annotated[str, Meta(pattern=rf"^({'|'.join(_WORDS.get(name, ()))})\Z")]
    bounds = {int: whole, float: Finite, str: words, bool: bool, NoneType: None}
    types = [several if get_origin(m) is Sequence else bounds[m] for m in members]
    return Union[tuple(types)]  # noqa: UP007  # of a list made at run time
