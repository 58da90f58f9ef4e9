"""Stacks in files of ONNX, and back: those that were written here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from convlab.engine.arrays import AnyArray
from convlab.io.external_data import has_external
from convlab.io.layer_form import (
    LayerForm,
    Tensors,
    layer_form,
    make_layer,
    place,
    plain_words,
)
from convlab.io.rejection import Rejection
from convlab.io.stack_form import check_count
from convlab.layers import Stack
from convlab.layers.base import Shape
from convlab.networks.bounds import AGAIN, BuildError, check_model
from convlab.networks.onnx_model import (
    PictureSize,
    as_exported,
    model_of,
    operations_of,
    picture_size,
)

if TYPE_CHECKING:
    from onnx import ModelProto

SUFFIX = ".onnx"
_NOTE = "convlab"
_WITHOUT = Rejection("the package onnx is not installed", "install it: pip install onnx")


class _Note(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model says of itself: its layers without their arrays."""

    version: int
    shape: tuple[int, int, int]
    layers: list[LayerForm]


def pack_onnx(stack: Stack, shape: Shape | None) -> bytes:
    """Return a stack as the bytes of a model.

    Raises:
        Rejection: A layer has no operators, or no picture's shape is found.
    """
    layers = as_exported(stack)
    try:
        size = picture_size(layers) if shape is None else PictureSize(tuple(shape), False)
        channels, height, width = size.shape
        forms = [layer_form(number, layer, True) for number, layer in enumerate(layers, 1)]
        note = _Note(version=1, shape=(channels, height, width), layers=forms)
        return model_of(layers, size, {_NOTE: msgspec.json.encode(note).decode()})
    except ImportError:
        raise _WITHOUT from None
    except ValueError as error:
        why, _, remedy = str(error).rpartition(": ")
        raise Rejection(why or remedy, remedy) from None


def parse_model(data: bytes) -> ModelProto:
    """Return the model in a file's bytes, not checked yet; nothing outside them is read.

    Raises:
        Rejection: It is none.
    """
    try:
        import onnx
        from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    except ImportError:
        raise _WITHOUT from None
    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except DecodeError:
        model.Clear()
    if not model.HasField("graph"):
        raise Rejection("it is damaged or no ONNX file", AGAIN)
    return model


def checked(model: ModelProto) -> ModelProto:
    """Return a model whose bounds hold.

    Raises:
        Rejection: One does not.
    """
    try:
        check_model(model)
    except BuildError as error:
        raise rejected(error) from error
    return model


def rejected(error: BuildError) -> Rejection:
    """Return why a model cannot be read, and what helps."""
    why, _, remedy = str(error).rpartition(": ")
    return Rejection(why or remedy, remedy if why else AGAIN)


def unpack_onnx(data: bytes) -> Stack | None:
    """Return the stack of a model that was written here; None if another program wrote it.

    Raises:
        Rejection: It is damaged, or another program changed it.
    """
    model = parse_model(data)
    note = _note(model)
    if note is None:
        return None
    check_count(len(note.layers))
    checked(model)
    if has_external(model):
        raise Rejection("it keeps its weights in another file", "save it in one")
    tensors = _tensors(model)
    layers = []
    for number, form in enumerate(note.layers, 1):
        with place(number, form.kind):
            layers.append(make_layer(form, _own(form, tensors)))
    stack = Stack(layers)
    try:
        operations = operations_of(stack, note.shape)
    except ValueError as error:
        raise Rejection(f"its layers do not fit ({error})") from None
    if operations != [node.op_type for node in model.graph.node]:
        raise Rejection("another program has changed its graph", "open the file it was made of")
    return stack


def _note(model: ModelProto) -> _Note | None:
    texts = {each.key: each.value for each in model.metadata_props}
    if _NOTE not in texts:
        return None
    try:
        return msgspec.json.decode(texts[_NOTE], type=_Note)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Rejection(f"what it says of its layers is damaged ({plain_words(error)})") from None


def _tensors(model: ModelProto) -> Tensors:
    """Return the weights that are in a model, by their names there."""
    from onnx import numpy_helper

    found = {}
    for tensor in model.graph.initializer:
        try:
            found[tensor.name] = numpy_helper.to_array(tensor)
        except (ValueError, TypeError):
            raise Rejection("its weights are damaged or cut off") from None
    return found


def _own(form: LayerForm, tensors: Tensors) -> Tensors:
    """Return the arrays of a layer as it has them: nodes have slopes laid out for pictures."""
    number = form.uid - 1
    prefix = f"{number}."
    named = {name: array for name, array in tensors.items() if name.startswith(prefix)}
    return {
        f"{form.uid}.{name.removeprefix(prefix)}": _laid_out(form.kind, array)
        for name, array in named.items()
    }


def _laid_out(kind: str, array: AnyArray) -> AnyArray:
    return array.reshape(-1) if kind == "prelu" else array
