"""How a layer is written: its numbers as a form, its arrays apart.

Which is which, and what a number may be, is declared by the layer's own fields: a new layer needs
nothing here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Annotated, Any, TypeAlias

import msgspec
import numpy as np
from msgspec import UNSET, Meta

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.io.record_form import form_of, loose_type
from convlab.io.rejection import Rejection
from convlab.layers import Layer
from convlab.layers.parameters import arrays, parameters
from convlab.layers.registry import kind_of

Tensors: TypeAlias = dict[str, AnyArray]
"""Arrays by "uid.name"."""


class LayerForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A layer without its arrays."""

    uid: Annotated[int, Meta(ge=1, le=2**53)]
    kind: Annotated[str, Meta(max_length=64)]
    is_on: bool
    parameters: dict[str, Any]


def layer_form(uid: int, layer: Layer, is_on: bool) -> LayerForm:
    """Return what is written of a layer beside its arrays."""
    tensors = layer_tensors(uid, layer)
    others = {
        name: getattr(layer, name)
        for name in _fields(type(layer))
        if tensor_name(uid, name) not in tensors
    }
    return LayerForm(uid=uid, kind=layer.kind, is_on=is_on, parameters=others)


def layer_tensors(uid: int, layer: Layer) -> dict[str, FloatArray]:
    """Return the arrays of a layer by the names they have in a file."""
    values = {name: getattr(layer, name) for name in arrays(type(layer))}
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
        Rejection: Kind or numbers are none there are, or arrays are missing, wrong or not finite.
    """
    kind = kind_of(form.kind)
    if kind is None:
        raise Rejection(f"is of the unknown kind {form.kind!r}", "update ConvLab")
    given = msgspec.convert(form.parameters, parameters_type(kind))
    arguments = {
        name: value for name, value in msgspec.structs.asdict(given).items() if value is not UNSET
    }
    for name in _fields(kind):
        if name not in arguments:
            arguments[name] = _taken(tensors, tensor_name(form.uid, name))
    return kind(**arguments)


def _taken(tensors: Tensors, name: str) -> AnyArray:
    array = tensors.pop(name, None)
    if array is None:
        raise Rejection(f"lacks its {name.partition('.')[2]}")
    if array.dtype != np.float32:
        raise Rejection(f"has weights of {array.dtype}", "save them as float32")
    if not np.isfinite(array).all():
        raise Rejection("has weights that are not finite", "replace them by finite numbers")
    return array


@contextmanager
def place(number: int, kind: str) -> Iterator[None]:
    """Say in a rejection which layer it is about, counted from 1.

    Raises:
        Rejection: Of whatever the layer's form or the layer itself rejected.
    """
    known = kind_of(kind)
    shown = f"layer {number}" if known is None else f"layer {number} ({known.__name__})"
    try:
        yield
    except Rejection as error:
        raise Rejection(f"{shown} {error.why}", error.remedy) from None
    except ValueError as error:
        raise Rejection(f"{shown} cannot be made ({plain_words(error)})") from None


def plain_words(error: Exception) -> str:
    """Return what a check of types says, without its marks."""
    return str(error).replace("`", "").replace(" - at $.", " at ").replace(" - at $", "")


@cache
def _fields(kind: type[Layer]) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))  # type: ignore[arg-type]


@cache
def parameters_type(kind: type[Layer]) -> type[msgspec.Struct]:
    """Return the form of a layer's numbers and words.

    A field that holds an array, or none, is None or unset: then the array is elsewhere. A field
    with a default may be left out, so that a layer can get another one.
    """
    types: dict[str, Any] = {each.name: loose_type(each) for each in parameters(kind)}
    for name, can_be_left_out in arrays(kind).items():
        unset = None | msgspec.UnsetType if can_be_left_out else msgspec.UnsetType
        types[name] = unset, msgspec.field(default=UNSET)
    return form_of(kind, **types)
