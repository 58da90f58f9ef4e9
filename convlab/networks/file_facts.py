"""What a model's file says besides its graph: who wrote it, what its picture is called, its notes.

Our own notes have names that begin with "convlab." and hold JSON: ``mean``, ``std``, ``size`` and
``classes``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import onnx

MOST_NOTES = 64
LONGEST_NOTE = 4 << 20  # [characters]; the names of ImageNet's 21,841 classes are fewer


class FileFacts(NamedTuple):
    """What a file says besides its graph.

    Attributes:
        producer: The program that wrote it, in small letters.
        picture: Name of its input.
        is_channels_last: Its picture is ``(1, H, W, C)``.
        is_size_open: It takes pictures of any size.
        notes: Its metadata, by keys in small letters.
        takes_bytes: Its picture is of whole numbers from 0 to 255.
    """

    producer: str = ""
    picture: str = ""
    is_channels_last: bool = False
    is_size_open: bool = False
    notes: Mapping[str, str] = MappingProxyType({})
    takes_bytes: bool = False


NO_FACTS = FileFacts()


def facts_of(
    model: onnx.ModelProto, picture: onnx.ValueInfoProto, is_channels_last: bool
) -> FileFacts:
    """Return what a model says besides its graph.

    Args:
        model: It.
        picture: Its input.
        is_channels_last: It wants its picture as ``(1, H, W, C)``.
    """
    from onnx import TensorProto

    sizes = [d.dim_value for d in picture.type.tensor_type.shape.dim]
    places = sizes[1:3] if is_channels_last else sizes[2:]
    notes = {
        each.key.lower(): each.value
        for each in model.metadata_props[:MOST_NOTES]
        if _is_text(each.key) and _is_text(each.value)
    }
    producer = model.producer_name.lower() if _is_text(model.producer_name) else ""
    is_byte = picture.type.tensor_type.elem_type == TensorProto.UINT8
    return FileFacts(producer, picture.name, is_channels_last, not all(places), notes, is_byte)


def _is_text(found: str | bytes) -> bool:
    """Tell whether what should be text is: what is no UTF-8 is read as bytes."""
    return isinstance(found, str) and len(found) <= LONGEST_NOTE
