"""What picture a network wants, guessed from its file: always with the reason, never for certain.

Sources: torchvision's documentation of its weights (mean and deviation of ImageNet), Keras'
``imagenet_utils.preprocess_input`` (its modes "tf", "torch" and "caffe"), TensorFlow's EfficientNet
Lite, ONNX's metadata of images (https://onnx.ai/onnx/repo-docs/MetadataProps.html), and what
Ultralytics writes into its files.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from convlab.engine.arrays import FloatArray
from convlab.layers import BatchNorm2d
from convlab.layers.channels import Affine
from convlab.layers.graph import INPUT
from convlab.networks.class_names import IMAGENET, names_in
from convlab.networks.file_facts import FileFacts
from convlab.networks.network import Network
from convlab.networks.stack_input import (
    LARGEST_SIDE,
    ChannelOrder,
    Fitting,
    InputSpace,
    Levels,
    StackInput,
)

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CAFFE_MEAN = (123.0, 117.0, 104.0)  # red, green, blue
IMAGENET_CLASSES = 1000
LONGEST_LIST = 400  # of a few numbers in the metadata [characters]
MOST = 1000.0  # a larger number is no mean, deviation or size
_SMALL = 64  # pictures of fewer pixels a side are rarely of ImageNet
_BYTES = 20.0  # a mean beyond is one of numbers up to 255
_DIVIDES = 1 / 50  # a first factor below it takes numbers up to 255


class Guessed(NamedTuple):
    """What a network wants, as far as one can tell.

    Attributes:
        input: How the picture enters.
        reasons: Why, one line for each thing that was guessed.
    """

    input: StackInput
    reasons: tuple[str, ...]


def guess_input(network: Network) -> Guessed:
    """Return what picture a network wants, and why that is thought.

    Raises:
        ValueError: Its input is no picture of one or three channels.
    """
    shape, facts = network.shape, network.facts
    if len(shape) != 3 or shape[0] not in (1, 3):
        size = " × ".join(map(str, shape))
        raise ValueError(
            f"it takes {size} numbers, which is no picture in grey or colours: choose a network "
            "that takes 1 or 3 channels"
        )
    space = InputSpace.RGB if shape[0] == 3 else InputSpace.GREY
    wanted, reasons = StackInput(space), [_channels_reason(space, facts)]
    for guess in (_size, _numbers, _fitting):
        wanted, reason = guess(network, wanted)
        reasons.append(reason)
    reasons += _class_reasons(network)
    return Guessed(wanted, tuple(reasons))


def _channels_reason(space: InputSpace, facts: FileFacts) -> str:
    named = "Red, green and blue" if space is InputSpace.RGB else "Grey"
    layout = "(1, H, W, C): channels last" if facts.is_channels_last else "(1, C, H, W)"
    return f"{named}: the file takes {space.channels} × H × W numbers, laid out as {layout}."


def _size(network: Network, wanted: StackInput) -> tuple[StackInput, str]:
    rows, columns = network.shape[1:]
    named = _pair(network.facts, "convlab.size") or _pair(network.facts, "imgsz")
    if network.facts.is_size_open and named is not None:
        (rows, columns), why = named, "its metadata names it"
    elif network.facts.is_size_open:
        why = "the file leaves it open, and this is a usual one"
    else:
        why = "the file names it"
    rows, columns = (min(side, LARGEST_SIDE) for side in (rows, columns))
    return replace(wanted, size=(rows, columns)), f"Size {columns} × {rows}: {why}."


def _numbers(network: Network, wanted: StackInput) -> tuple[StackInput, str]:
    """Return levels, order, mean and deviation: what is most certain comes first."""
    for guess in _NUMBERS:
        found = guess(network, wanted)
        if found is not None:
            return found
    return wanted, "Numbers from 0 to 1: nothing in the file says otherwise."


def _bytes(network: Network, wanted: StackInput) -> tuple[StackInput, str] | None:
    if not network.facts.takes_bytes:
        return None
    return replace(wanted, levels=Levels.BYTE), "Numbers from 0 to 255: the file takes bytes."


def _own_notes(network: Network, wanted: StackInput) -> tuple[StackInput, str] | None:
    mean, std = _floats(network.facts, "mean"), _floats(network.facts, "std")
    if mean is None or std is None or min(std) <= 0:
        return None
    levels = Levels.BYTE if max(map(abs, mean)) > _BYTES else Levels.UNIT
    wanted = replace(wanted, levels=levels).normalised(mean, std)
    return wanted, "Mean and std: its metadata names them."


def _image_notes(network: Network, wanted: StackInput) -> tuple[StackInput, str] | None:
    notes = network.facts.notes
    pixels = notes.get("image.bitmappixelformat", "").lower()
    span = notes.get("image.nominalpixelrange", "").lower()
    if not span:
        return None
    if pixels.startswith("bgr"):
        wanted = replace(wanted, order=ChannelOrder.BGR)
    if span == "normalized_1_1":
        wanted = wanted.normalised((0.5,), (0.5,))
    elif span != "normalized_0_1":
        wanted = replace(wanted, levels=Levels.BYTE)
    order = "BGR" if wanted.is_reversed else "RGB"
    return wanted, f"{order}, {_span_text(wanted)}: its metadata of images says so."


def _span_text(wanted: StackInput) -> str:
    if wanted.levels is Levels.BYTE:
        return "0 to 255"
    return "−1 to 1" if wanted.mean[0] else "0 to 1"


def _first_layers(network: Network, wanted: StackInput) -> tuple[StackInput, str] | None:
    """Return what numbers a first layer wants that scales and moves the picture by itself."""
    takers = [node for node in network.graph if INPUT in node.inputs]
    if len(takers) != 1:
        return None
    layer = takers[0].layer
    if isinstance(layer, Affine):
        is_byte = float(np.abs(layer.weight).max()) < _DIVIDES or _moves_far(layer)
    elif isinstance(layer, BatchNorm2d):
        if float(np.abs(layer.running_mean).max()) < 0.1:  # normalised already, or never trained
            return None
        is_byte = float(np.abs(layer.running_mean).max()) > _BYTES
    else:
        return None
    if is_byte:
        wanted = replace(wanted, levels=Levels.BYTE)
    return wanted, f"Numbers from {_span_text(wanted)}: its first layer normalises them by itself."


def _moves_far(layer: Affine) -> bool:
    """Tell whether a number far beyond 1 becomes 0: such as a mean of 123."""
    with np.errstate(all="ignore"):
        means: FloatArray = np.abs(layer.bias / layer.weight)
    return bool((means > _BYTES).any())


def _ultralytics(network: Network, wanted: StackInput) -> tuple[StackInput, str] | None:
    if not _is_ultralytics(network.facts):
        return None
    return wanted, "Numbers from 0 to 1: Ultralytics exported it."


def _is_ultralytics(facts: FileFacts) -> bool:
    return "stride" in facts.notes and "names" in facts.notes


def _grey(network: Network, wanted: StackInput) -> tuple[StackInput, str] | None:
    if wanted.space is not InputSpace.GREY:
        return None
    return wanted, "Numbers from 0 to 1: usual for pictures in grey."


def _caffe(network: Network, wanted: StackInput) -> tuple[StackInput, str] | None:
    facts = network.facts
    if "caffe" not in facts.producer and facts.picture not in ("data_0", "gpu_0/data_0"):
        return None
    wanted = replace(wanted, order=ChannelOrder.BGR, levels=Levels.BYTE)
    wanted = wanted.normalised(CAFFE_MEAN, (1.0,))
    why = (
        "written by Caffe"
        if "caffe" in facts.producer
        else f"Caffe calls a picture {_quoted(facts)}"
    )
    return wanted, f"BGR, 0 to 255, less 104, 117 and 123: {why}."


def _tensorflow(network: Network, wanted: StackInput) -> tuple[StackInput, str] | None:
    facts = network.facts
    is_named = any(name in facts.producer for name in ("tf2onnx", "keras", "tensorflow"))
    if not (facts.is_channels_last or is_named):
        return None
    why = "written by TensorFlow or Keras" if is_named else "channels last, as in TensorFlow"
    if facts.picture.startswith("images"):
        why = f"EfficientNet-Lite calls a picture {_quoted(facts)}"
        return wanted.normalised((127 / 255,), (128 / 255,)), f"(x − 127) / 128: {why}."
    return wanted.normalised((0.5,), (0.5,)), f"Numbers from −1 to 1: {why}."


def _imagenet(network: Network, wanted: StackInput) -> tuple[StackInput, str] | None:
    """Return the mean and the deviation of torchvision's and Gluon's networks."""
    is_torch = any(name in network.facts.producer for name in ("pytorch", "mxnet"))
    knows = count_of_classes(network) == IMAGENET_CLASSES
    if not (knows or (is_torch and min(network.shape[1:]) >= _SMALL)):
        return None
    why = "it has 1,000 classes" if knows else "exported from PyTorch for pictures of this size"
    return (
        wanted.normalised(IMAGENET_MEAN, IMAGENET_STD),
        f"Mean and std of ImageNet, as torchvision's networks want them: {why}.",
    )


_NUMBERS: tuple[Callable[[Network, StackInput], tuple[StackInput, str] | None], ...] = (
    _bytes,
    _own_notes,
    _image_notes,
    _first_layers,
    _ultralytics,
    _grey,
    _caffe,
    _tensorflow,
    _imagenet,
)


def _fitting(network: Network, wanted: StackInput) -> tuple[StackInput, str]:
    if _is_ultralytics(network.facts) and network.facts.notes.get("task") != "classify":
        return replace(wanted, fitting=Fitting.LETTERBOX), "Letterbox: it looks for objects."
    return wanted, "Crop: usual for networks that name one thing in the middle."


def _class_reasons(network: Network) -> list[str]:
    """Say where the names of the classes are from, if there are any."""
    names = names_in(network.facts, count_of_classes(network))
    if not names:
        return []
    if IMAGENET in network.facts.notes:
        return ["Classes: those of ImageNet, for there are 1,000; the file has no names."]
    return ["Classes: the file names them."]


def count_of_classes(network: Network) -> int:
    """Return how many values the first answer that is a vector has; 0: none is one."""
    shapes = {node.name: node.shape for node in network.nodes}
    vectors = [shapes[name][0] for name in network.outputs if name and len(shapes[name]) == 1]
    return vectors[0] if vectors else 0


def _quoted(facts: FileFacts) -> str:
    return f"“{facts.picture[:40]}”"


def _floats(facts: FileFacts, name: str) -> tuple[float, ...] | None:
    """Return numbers of our own notes, or of others of that name."""
    for key in (f"convlab.{name}", name):
        found = _numbers_in(facts.notes.get(key, ""))
        if len(found) in (1, 3):
            return found
    return None


def _pair(facts: FileFacts, key: str) -> tuple[int, int] | None:
    found = _numbers_in(facts.notes.get(key, ""))
    if len(found) != 2 or not all(1 <= side <= LARGEST_SIDE for side in found):
        return None
    return int(found[0]), int(found[1])


def _numbers_in(text: str) -> tuple[float, ...]:
    """Return the numbers of a list in JSON; none if it is something else."""
    try:
        found = json.loads(text) if len(text) < LONGEST_LIST else None
    except (ValueError, RecursionError):
        return ()
    several = found if isinstance(found, list) else [found]
    numbers = [float(x) for x in several if isinstance(x, int | float) and abs(x) <= MOST]
    return tuple(numbers) if len(numbers) == len(several) else ()
