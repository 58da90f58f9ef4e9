"""How an operation without a layer of ours stands in a project: its ONNX bytes, once by content."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta

from convlab.io.layer_form import Tensors
from convlab.io.rejection import Rejection
from convlab.networks.foreign import OnnxNode

_PREFIX = "onnx."


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    operation: Annotated[str, Meta(min_length=1, max_length=256)]
    model: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    has_batch: Annotated[tuple[bool, ...], Meta(min_length=1, max_length=64)]
    gives_batch: bool


def foreign_parameters(layer: OnnxNode) -> dict[str, Any]:
    """Return what is written of an operation beside its bytes."""
    form = _Form(layer.operation, _digest(layer.model), layer.has_batch, layer.gives_batch)
    return msgspec.structs.asdict(form)


def foreign_tensors(layer: OnnxNode) -> Tensors:
    """Return the bytes of an operation by the name they have in a file."""
    name = _PREFIX + _digest(layer.model)
    return {name: np.frombuffer(layer.model, np.uint8)}


def make_foreign(parameters: dict[str, Any], tensors: Tensors) -> OnnxNode:
    """Return the operation of a form; what its bytes hold is not looked at.

    Several operations may share their bytes: these stay in ``tensors``.

    Raises:
        Rejection: They are missing, or others than the form names.
        msgspec.ValidationError: The form is none.
    """
    form = msgspec.convert(parameters, _Form)
    stored = tensors.get(_PREFIX + form.model)
    if stored is None or stored.dtype != np.uint8:
        raise Rejection(f"lacks its operation {form.operation!r}")
    model = stored.tobytes()
    if _digest(model) != form.model:
        raise Rejection(f"has a damaged operation {form.operation!r}")
    return OnnxNode(form.operation, model, form.has_batch, form.gives_batch)


def take_foreign(tensors: Tensors) -> None:
    """Take the bytes of all operations out, once every layer is made."""
    for name in [name for name in tensors if name.startswith(_PREFIX)]:
        del tensors[name]


def _digest(model: bytes) -> str:
    return hashlib.sha256(model).hexdigest()
