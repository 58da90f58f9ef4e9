"""Files that older versions wrote open for ever; what each holds is written out here."""

from __future__ import annotations

import dataclasses
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from convlab.document.comparison import alone
from convlab.document.document import Document
from convlab.document.drawing import BLANK_DRAWING
from convlab.document.input_range import InputRange, RangeMode
from convlab.document.kernel.model import Display, Geometry, KernelState
from convlab.document.learning.model import LearningState
from convlab.document.signal.edits import load_scene
from convlab.document.signal.model import SignalKind, SignalSpec, SignalState, SignalTab
from convlab.document.source import BLANK, SourceKind, SourceSpec
from convlab.document.stack.model import StackState
from convlab.engine.conv1d import Mode
from convlab.engine.display import DisplayMode
from convlab.io.project import load_project, read_project
from convlab.layers.registry import KINDS
from tests.io.documents import EVERYTHING, comparable, edited

V1 = Path(__file__).parents[1] / "fixtures" / "projects" / "v1"
FILES = sorted(path.stem for path in V1.glob("*.convlab"))
NO_LAYERS = StackState()
OLD_KERNEL = KernelState(geometry=Geometry(), display=Display(DisplayMode.SIGNED))
OLD_RANGE = InputRange(RangeMode.FULL)
"""What pictures were shown in before there was a choice."""
OLD: dict[str, Any] = {
    "stack": NO_LAYERS,
    "kernel": OLD_KERNEL,
    "signal": SignalState(),
    "input_range": OLD_RANGE,
}
"""What a document began with when these files were written."""

# What had a place in files of version 1 is stored as documents.py has it today.
KERNEL = dataclasses.replace(
    EVERYTHING,
    source=SourceSpec(SourceKind.PATTERN, "grating"),
    kernel=KernelState(
        EVERYTHING.kernel.weights,
        EVERYTHING.kernel.geometry,
        EVERYTHING.kernel.channels,
        EVERYTHING.kernel.display,
    ),
    stack=NO_LAYERS,
    signal=SignalState(),
    learning=LearningState(),
    drawing=BLANK_DRAWING,
    input_range=OLD_RANGE,
)
DRAWN = SignalSpec(SignalKind.DRAWING, 0.0, values=(0.5, -1.0, 0.25))
SOUND = SignalSpec(SignalKind.SOUND, 0.0, path="/home/someone/Klang.wav")
TABLE = SignalSpec(SignalKind.DRAWING, 0.0, is_normalised=True, path="/home/someone/Messung.csv")
# What else stands in a file is as in a new document, without layers.
EXPECTED: dict[str, dict[str, Any]] = {
    "learning": {"learning": EVERYTHING.learning},
    "drawing": {"source": SourceSpec(SourceKind.DRAWING, BLANK), "drawing": EVERYTHING.drawing},
    "signal-scene": {"signal": load_scene("Echo")},
    "signal-drawn-sound": {
        "signal": SignalState(DRAWN, SOUND, 4000, 1 / 8000, True, Mode.SAME, False)
    },
    "signal-table": {
        "signal": SignalState(TABLE, SignalSpec(SignalKind.DECAY, 2.0, 3.0, -0.5), 64, 0.5)
    },
    "pattern": {"source": SourceSpec(SourceKind.PATTERN, "zone-plate")},
    "picture": {"source": SourceSpec(SourceKind.PICTURE, "/home/someone/cat.png")},
    "video": {"source": SourceSpec(SourceKind.VIDEO, "/home/someone/street.mp4")},
    "camera": {"source": SourceSpec(SourceKind.CAMERA, "1")},
    "clipboard": {"source": SourceSpec(SourceKind.CLIPBOARD, "2")},
}
LAYERS = [
    "conv2d",
    "conv2d",
    "conv_transpose2d",
    "conv_transpose2d",
    "max_pool2d",
    "max_pool2d",
    "avg_pool2d",
    "batch_norm2d",
    "batch_norm2d",
    "relu",
    "leaky_relu",
    "sigmoid",
    "tanh",
    "abs",
    "upsample",
    "dropout",
    "global_avg_pool2d",
    "flatten",
    "linear",
    "linear",
    "softmax",
]


def opened(name: str) -> Document:
    return load_project(V1 / f"{name}.convlab")


def test_every_file_is_tried() -> None:
    assert sorted([*EXPECTED, "kernel", "stack", "trained"]) == FILES


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_of_version_1_opens(name: str) -> None:
    assert opened(name) == Document(**OLD | EXPECTED[name])


def test_a_kernel_of_version_1_opens() -> None:
    assert opened("kernel") == KERNEL


def test_a_stack_of_version_1_opens_bit_for_bit() -> None:
    stack = opened("stack").stack
    assert [slot.layer.kind for slot in stack.slots] == LAYERS
    assert set(LAYERS) <= set(KINDS)
    assert [slot.uid for slot in stack.slots] == list(range(3, 64, 3))
    assert [slot.is_on for slot in stack.slots] == [number % 3 > 0 for number in range(1, 22)]
    assert dataclasses.replace(stack, slots=()) == alone(
        dataclasses.replace(EVERYTHING.stack, slots=(), next_uid=100)
    )
    first: Any = stack.slots[0].layer
    assert (first.kernel_size, first.stride, first.padding) == ((3, 2), 2, (1, 0, 2, 3))
    assert (first.border, first.value, first.flip) == ("constant", -0.5, True)
    with zipfile.ZipFile(V1 / "stack.convlab") as archive:
        stored = safetensors.numpy.load(archive.read("weights.safetensors"))
    for name, array in stored.items():
        uid, _, field = name.partition(".")
        slot = stack.slot(int(uid))
        assert slot is not None
        assert np.array_equal(getattr(slot.layer, field), array), name


def test_a_trained_network_of_version_1_opens() -> None:
    stack = opened("trained").stack
    assert len(stack.classes) == 10
    shape = stack.input.space.channels, 8, 8
    assert stack.stack().shapes(shape)[-1] == (10,)


def test_a_kernel_to_be_learned_has_the_name_of_today(tmp_path: Path) -> None:
    def rename(form: dict[str, Any]) -> None:
        form["learning"]["kernel"] |= {"preset": "Top hat 7×7", "size": 7}

    old = edited(tmp_path / "old.convlab", rename, EVERYTHING)
    task = load_project(old).learning.kernel
    assert task.preset == "Pixel minus mean 7×7"


def test_everything_of_version_2_opens() -> None:
    """Its layers stood one behind the other without a word: each takes the one before."""
    document = load_project(V1.parent / "v2" / "everything.convlab")
    wanted = dataclasses.replace(EVERYTHING, input_range=OLD_RANGE)
    assert comparable(document) == comparable(wanted)
    assert document.stack.graph.is_chain()
    assert document.stack.held is not None
    assert document.stack.held.graph.is_chain()


def test_everything_of_version_3_opens() -> None:
    """Places were counted from the first value of the result, and the terms were a view."""
    wanted = dataclasses.replace(EVERYTHING, input_range=OLD_RANGE)
    project = read_project(V1.parent / "v3" / "everything.convlab")
    assert comparable(project.document) == comparable(wanted)
    assert not project.document.signal.is_flipped
    assert project.view is not None
    remembered = project.view.remembered
    assert remembered["c"] == 9 - (project.document.signal.count - 1)
    assert remembered["tab"] is SignalTab.TABLE
