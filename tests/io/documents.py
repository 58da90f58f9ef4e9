"""Documents to save, and what of them can be compared."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from convlab.document.comparison import CompareMode, Comparison
from convlab.document.document import Document
from convlab.document.drawing import of_pixels
from convlab.document.input_range import InputRange, RangeMode
from convlab.document.kernel.counting import Counting
from convlab.document.kernel.design.model import (
    Band,
    Design,
    Example,
    Goal,
    Operation,
    Trial,
    Undoing,
    Waves,
    Window,
)
from convlab.document.kernel.generator import Generator, GeneratorKind
from convlab.document.kernel.model import (
    Channels,
    Combine,
    Display,
    Geometry,
    KernelState,
    to_weights,
)
from convlab.document.kernel.per_channel import PerChannel
from convlab.document.kernel.scaling import Scaling
from convlab.document.learning.model import LearningState
from convlab.document.learning.network import OWN_DATA, Architecture, NetworkTask, Start
from convlab.document.learning.neuron import Neuron, NeuronActivation, NeuronInput
from convlab.document.learning.one_kernel import KernelTask, TargetKind
from convlab.document.learning.rule import Rule
from convlab.document.signal.model import SignalKind, SignalSpec, SignalState
from convlab.document.source import PatternOptions, SourceKind, SourceSpec
from convlab.document.stack.model import (
    InputSpace,
    MapColors,
    MapRange,
    StackInput,
    StackState,
)
from convlab.document.strokes import Stroke
from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border
from convlab.engine.color import ColorSpace
from convlab.engine.conv1d import Mode
from convlab.engine.deconvolution import Method
from convlab.engine.display import DisplayMode
from convlab.engine.shapes import Padding
from convlab.io.archive import pack
from convlab.io.project import save_project
from convlab.layers import (
    GELU,
    Abs,
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    GroupNorm,
    HardSigmoid,
    HardSwish,
    Layer,
    LayerNorm2d,
    LeakyReLU,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    PixelShuffle,
    PReLU,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
    Upsample,
    ZeroPad2d,
)
from convlab.layers.graph import INPUT, Node
from tests.slow import noise

CONV = Conv2d(1, 2, 3, weight=noise(2, 1, 3, 3))
NAMES = ("project.json", "weights.safetensors")


def stacked(*layers: Layer) -> Document:
    return Document(stack=StackState.of(layers, "Made", StackInput()))


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def edited(path: Path, edit: Callable[[dict[str, Any]], object], document: Document) -> Path:
    """Save a document, then change ``project.json`` by hand."""
    save_project(document, path)
    parts = entries(path)
    plain = json.loads(parts[NAMES[0]])
    edit(plain)
    path.write_bytes(pack(parts | {NAMES[0]: json.dumps(plain).encode()}))
    return path


EVERY_LAYER: tuple[Layer, ...] = (
    Conv2d(4, 6, (3, 2), 2, (1, 0, 2, 3), (2, 1), 2, border="constant", value=-0.5, flip=True),
    Conv2d(6, 2, 3, padding="same", bias=None, border="reflect", weight=noise(2, 6, 3, 3)),
    ConvTranspose2d(2, 4, 4, (2, 3), (1, 1), (0, 1), bias=noise(4), dilation=2),
    ConvTranspose2d(4, 4, 2, 2, groups=2, bias=False),
    MaxPool2d(3, 2, 1, ceil_mode=True),
    MaxPool2d((2, 1), dilation=(1, 2)),
    AvgPool2d((2, 3), None, (1, 0), count_include_pad=False),
    BatchNorm2d(4, 1e-3, noise(4), noise(4, seed=1), noise(4, seed=2), np.abs(noise(4))),
    BatchNorm2d(4),
    ReLU(),
    LeakyReLU(0.2),
    Sigmoid(),
    Tanh(),
    ReLU6(),
    HardSigmoid(),
    HardSwish(),
    SiLU(),
    GELU("tanh"),
    Abs(),
    Upsample((1, 3), "bilinear", True),
    Dropout(0.25),
    PReLU(),
    PReLU(4, 0.1, noise(4)),
    GroupNorm(2, 4, 1e-3, noise(4), noise(4, seed=1)),
    LayerNorm2d(4, 1e-3, noise(4), noise(4, seed=1)),
    LocalResponseNorm(5, 1e-3, 0.5, 2.0),
    ZeroPad2d((1, 2, 0, 3)),
    PixelShuffle(2),
    AdaptiveAvgPool2d((3, 5)),
    GlobalAvgPool2d(),
    Flatten(),
    Linear(4, 3, weight=noise(3, 4)),
    Linear(3, 2, bias=None),
    Softmax(),
)

EVERYTHING = Document(
    SourceSpec(SourceKind.PICTURE, "/Bilder/Prüfbild 测试 🐈.png"),
    PatternOptions(12.5, (0.25, 1.0)),
    KernelState(
        to_weights(np.array([[0.1, -1.0, 3e38], [1e-40, -0.0, 1 / 3]])),
        Geometry(Padding(0, 3, 1, 2), 2, 3, Border.CONSTANT, -7.25, True),
        Channels(ColorSpace.LAB, frozenset({0, 2}), Combine.SUM),
        Display(DisplayMode.OFFSET, 2.5),
        Scaling(-16.0, True, 0.25),
        counting=Counting((1000, 1), 3, 7, 12, 100_000),
        per_channel=PerChannel(True, 2, (((1.0,),), ((0.5, -0.0),), ((-2.25,), (0.0,)))),
        design=Design(
            Example(Goal.OUTPUT, (3, 7), (Stroke(((0.5, 0.25),), 0.1, 1.0),)),
            Waves(Band.BETWEEN, 0.1, 0.45, (5, 9), Window.HANN, (Stroke(((0.0, 1.0),), 0.2, 0.0),)),
            Trial(Operation.STACK, 1),
            Undoing(0.02, Method.RICHARDSON_LUCY, 0.125),
        ),
        comparison=Comparison(True, CompareMode.WIPE, 1 / 3, False),
        held=KernelState(((1.5, -0.25),), Geometry("full", 3), display=Display(limit=7.0)),
        generator=Generator(
            GeneratorKind.GABOR, (5, 8), 70.5, 2.25, 1.7, 4.5, 12.3, 2, 5.5, 90.0, 0.55
        ),
    ),
    StackState(
        tuple(
            Node(3 * number, layer, (3 * number - 3,), number % 3 > 0)
            for number, layer in enumerate(EVERY_LAYER, 1)
        ),
        StackInput(InputSpace.GREY, None, True),
        MapColors(MapRange.FIXED, 0.125),
        "Alles − 全部",
        200,
        ("Katze", "犬"),
        Comparison(True, CompareMode.DIFFERENCE, 0.75, False),
        StackState(
            (Node(3, EVERY_LAYER[0]), Node(7, EVERY_LAYER[-1], (3,), False)), title="A", next_uid=8
        ),
    ),
    SignalState(
        SignalSpec(SignalKind.DRAWING, -1.5, 0.1, -7.0, True, 2**32 - 1, (0.1, -0.0, 1 / 3)),
        SignalSpec(SignalKind.SOUND, path="/Töne/Klang 测试.wav"),
        200_000,
        1 / 22050,
        True,
        Mode.VALID,
        False,
        "Echo",
    ),
    LearningState(
        KernelTask(
            TargetKind.PAINTED,
            "Laplacian 8",
            -12.5,
            True,
            (Stroke(((0.0, 0.25), (1.0, 1 / 3)), 0.03, -1.0), Stroke(((0.5, 0.5),), 0.5, 0.0)),
            7,
            Rule.MOMENTUM,
            0.012,
            77,
            0.1,
            2.0,
            False,
            2**31 - 1,
        ),
        NetworkTask(
            OWN_DATA,
            "/Bilder/eigene 测试.npz",
            Architecture.STACK,
            Start.KEPT,
            33,
            5,
            Rule.SGD,
            0.07,
            9999,
        ),
        Neuron(
            (1.5, -100.0, 0.0, 0.25, -0.5, 100.0, 1.0, 1.0, 2.0),
            -3.5,
            NeuronActivation.TANH,
            NeuronInput.HAND,
            (0.0, 1.0, 0.5, 0.25, 0.0, 1.0, 0.125, 1.0, 0.0),
            "",
        ),
    ),
    drawing=of_pixels(np.arange(12).reshape(3, 4) / 2, 10.0, True),
    input_range=InputRange(RangeMode.HAND, -3.5, 4095.0),
)


def comparable(document: Document) -> tuple[Document, list[Any]]:
    """The document without its layers, and each layer as plain data with its bytes."""
    stack, held = document.stack, document.stack.held
    slots = [_slot_data(slot) for slot in stack.slots]
    if held is not None:
        slots += [_slot_data(slot) for slot in held.slots]
        held = dataclasses.replace(held, slots=())
    stack = dataclasses.replace(stack, slots=(), held=held)
    return dataclasses.replace(document, stack=stack), slots


def _slot_data(slot: Node) -> tuple[Any, ...]:
    return slot.uid, slot.inputs, slot.is_on, slot.name, layer_data(slot.layer)


def layer_data(layer: Layer) -> tuple[type[Layer], dict[str, Any]]:
    fields = dataclasses.fields(layer)  # type: ignore[arg-type]
    return type(layer), {field.name: _plain(getattr(layer, field.name)) for field in fields}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.shape, value.tobytes()
    return tuple(value) if isinstance(value, list) else value


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def mutated(data: bytes, seed: int) -> bytes:
    """Flip bytes, cut off, cut out or repeat."""
    rng = np.random.default_rng(seed)
    changed = bytearray(data)
    start, stop = sorted(int(place) for place in rng.integers(0, len(data), 2))
    match seed % 4:
        case 0:
            for place in rng.integers(0, len(data), int(rng.integers(1, 6))):
                changed[place] ^= 1 << int(rng.integers(8))
        case 1:
            return data[:stop]
        case 2:
            del changed[start : min(stop, start + 40)]
        case _:
            # The directory of a zip file is at its end: what is there matters most.
            place = len(data) - 1 - int(rng.integers(min(len(data), 250)))
            changed[place] = int(rng.integers(256))
    return bytes(changed)


def _sizes(least: int = 1) -> st.SearchStrategy[Any]:
    whole = st.integers(least, 5)
    return whole | st.tuples(whole, whole)


@st.composite
def _weights(draw: st.DrawFn, *shape: int) -> FloatArray:
    """Any finite float32, the smallest and the largest too."""
    bits = draw(st.binary(min_size=8, max_size=8))
    drawn = np.random.default_rng(list(bits)).integers(0, 2**32, shape, np.uint32)
    array = drawn.view(np.float32)
    return np.where(np.isfinite(array), array, np.float32(0))


@st.composite
def _conv2d(draw: st.DrawFn) -> Layer:
    groups, depth, outputs = (draw(st.integers(1, 3)) for _ in range(3))
    kernel = draw(_sizes())
    rows, columns = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    sides = st.tuples(*[st.integers(0, 4)] * 4)
    return Conv2d(
        groups * depth,
        groups * outputs,
        kernel,
        draw(_sizes()),
        draw(_sizes(0) | sides | st.sampled_from(["valid", "same", "full"])),
        draw(_sizes()),
        groups,
        draw(st.none() | _weights(groups * outputs)),
        draw(st.sampled_from(list(Border))).value,
        draw(st.floats(-1e9, 1e9)),
        draw(st.booleans()),
        draw(_weights(groups * outputs, depth, rows, columns)),
    )


def _layers() -> st.SearchStrategy[Layer]:
    yes_no = st.booleans()
    return st.one_of(
        _conv2d(),
        st.builds(MaxPool2d, _sizes(), st.none() | _sizes(), _sizes(0), _sizes(), yes_no),
        st.builds(AvgPool2d, _sizes(), st.none() | _sizes(), _sizes(0), yes_no, yes_no),
        st.builds(LeakyReLU, st.floats(-10, 10)),
        st.builds(Dropout, st.floats(0, 1)),
        st.builds(Upsample, _sizes()),
        st.builds(Upsample, _sizes(), st.just("bilinear"), yes_no),
        st.builds(BatchNorm2d, st.just(2), st.floats(0, 1), *[_weights(2)] * 3),
        st.builds(Linear, st.just(3), st.just(2), st.none() | _weights(2), _weights(2, 3)),
        st.sampled_from([ReLU(), Flatten(), GlobalAvgPool2d(), Softmax()]),
    )


@st.composite
def stack_states(draw: st.DrawFn) -> StackState:
    """Draw layers that need not fit each other: they can be saved all the same."""
    layers = draw(st.lists(_layers(), max_size=6))
    uids = draw(
        st.lists(st.integers(1, 500), min_size=len(layers), max_size=len(layers), unique=True)
    )
    slots = [
        Node(uid, layer, (draw(st.sampled_from([INPUT, *uids[:at]])),), draw(st.booleans()))
        for at, (uid, layer) in enumerate(zip(uids, layers, strict=True))
    ]
    size = st.none() | st.tuples(st.integers(1, 1024), st.integers(1, 1024))
    return StackState(
        tuple(slots),
        StackInput(draw(st.sampled_from(InputSpace)), draw(size)),
        MapColors(draw(st.sampled_from(MapRange)), draw(st.floats(1e-6, 1e6))),
        draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=30)),
        max(uids, default=0) + draw(st.integers(1, 9)),
    )
