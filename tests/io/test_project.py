from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import convlab
from convlab.document.document import Document, Lab, Viewing
from convlab.document.drawing import Drawing, of_pixels
from convlab.document.kernel.model import Display, Geometry, KernelState
from convlab.document.learning.model import LearningState
from convlab.document.signal.edits import load_scene
from convlab.document.signal.scenes import SCENES
from convlab.document.source import SourceKind, SourceSpec
from convlab.document.stack.folding import AS_AT_FIRST, Folds
from convlab.document.stack.model import MAX_LAYERS, StackState, StackViewing
from convlab.document.view import View
from convlab.engine.shapes import LARGEST, Padding
from convlab.io import safe_write
from convlab.io.layer_form import parameters_type
from convlab.io.project import (
    Project,
    ProjectError,
    load_project,
    read_project,
    save_project,
    write_project,
)
from convlab.io.stack_files import load_stack
from convlab.layers import Conv2d, LeakyReLU, Linear, MaxPool2d, ReLU
from convlab.layers.graph import Node
from convlab.layers.parameters import parameter
from convlab.layers.registry import KINDS
from tests.io.documents import (
    CONV,
    EVERY_LAYER,
    EVERYTHING,
    NAMES,
    comparable,
    edited,
    entries,
    stack_states,
    stacked,
)
from tests.slow import noise

# There and back.


def test_everything_comes_back_bit_for_bit(path: Path) -> None:
    save_project(EVERYTHING, path)
    assert comparable(load_project(path)) == comparable(EVERYTHING)


def test_every_kind_of_layer_is_tried() -> None:
    assert {type(layer) for layer in EVERY_LAYER} == set(KINDS.values())


def test_the_first_document_comes_back(path: Path) -> None:
    save_project(Document(), str(path))
    assert comparable(load_project(str(path))) == comparable(Document())


@settings(max_examples=60, deadline=None)
@given(stack_states())
def test_any_stack_comes_back(tmp_path_factory: pytest.TempPathFactory, stack: StackState) -> None:
    path = tmp_path_factory.mktemp("any") / "any.convlab"
    document = Document(stack=stack)
    save_project(document, path)
    assert comparable(load_project(path)) == comparable(document)


def test_a_document_can_differ_in_anything(path: Path) -> None:
    """The comparison of these tests sees a single bit."""
    changed = stacked(replace(CONV, weight=np.nextafter(CONV.weight, np.float32(9))))
    assert comparable(changed) != comparable(stacked(CONV))


def test_settings_of_the_kernel_lab_beyond_its_forms_come_back(path: Path) -> None:
    geometry = Geometry(Padding(65, 0, 0, 900), stride=65, dilation=99, value=-1e6)
    document = Document(kernel=KernelState(geometry=geometry, display=Display(limit=1e-6)))
    save_project(document, path)
    assert load_project(path).kernel == document.kernel


def test_loaded_weights_are_read_only(path: Path) -> None:
    save_project(stacked(CONV), path)
    layer = load_project(path).stack.slots[0].layer
    assert isinstance(layer, Conv2d)
    assert not layer.weight.flags.writeable


def test_numbers_of_numpy_and_lists_are_written_as_plain_ones(path: Path) -> None:
    save_project(stacked(MaxPool2d([2, 3], np.array([1, 2])), LeakyReLU(np.float32(0.5))), path)  # type: ignore[arg-type]
    loaded = [slot.layer for slot in load_project(path).stack.slots]
    assert loaded[1] == LeakyReLU(0.5)
    assert isinstance(loaded[0], MaxPool2d)
    assert loaded[0].kernel_size == (2, 3)


def test_a_file_has_two_parts_and_no_weights_in_the_text(path: Path) -> None:
    save_project(stacked(CONV), path)
    parts = entries(path)
    assert tuple(parts) == NAMES
    plain = json.loads(parts[NAMES[0]])
    assert (plain["format"], plain["version"]) == ("convlab", 4)
    (layer,) = plain["stack"]["layers"]
    assert (layer["uid"], layer["kind"], layer["is_on"]) == (1, "conv2d", True)
    assert {"weight", "bias"}.isdisjoint(layer["parameters"])
    length = struct.unpack("<Q", parts[NAMES[1]][:8])[0]
    header = json.loads(parts[NAMES[1]][8 : 8 + length])
    assert header["1.weight"]["shape"] == [2, 1, 3, 3]
    assert set(header) == {"1.weight", "1.bias"}


def test_a_file_from_before_there_were_signals_gets_the_first_ones(path: Path) -> None:
    document = Document(signal=load_scene("Two dice"))
    old = load_project(edited(path, lambda plain: plain.pop("signal"), document))
    assert comparable(old) == comparable(Document())


def test_a_file_from_before_anything_learned_gets_the_first_tasks(path: Path) -> None:
    old = load_project(edited(path, lambda plain: plain.pop("learning"), EVERYTHING))
    assert old.learning == LearningState()
    assert old.signal == EVERYTHING.signal


@pytest.mark.parametrize(
    ("part", "name", "value", "why"),
    [
        ("kernel", "preset", "Magic", "a kernel 'Magic', which is not there"),
        ("kernel", "rate", 0, "rate"),
        ("kernel", "size", 99, "size"),
        ("network", "epochs", 0, "epochs"),
        ("neuron", "weights", [1.0], "weights"),
        ("neuron", "by_hand", [2.0] * 9, "by_hand"),
    ],
)
def test_a_task_that_nobody_can_learn_is_rejected(
    path: Path, part: str, name: str, value: object, why: str
) -> None:
    file = edited(path, lambda plain: plain["learning"][part].update({name: value}), Document())
    with pytest.raises(ProjectError, match=why):
        load_project(file)


def test_a_kernel_smaller_than_its_target_is_rejected(path: Path) -> None:
    fields = {"target": "preset", "preset": "Laplacian of Gaussian 9×9", "size": 3}
    file = edited(path, lambda plain: plain["learning"]["kernel"].update(fields), Document())
    with pytest.raises(ProjectError, match="3 cells a side cannot become one of 9"):
        load_project(file)


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_comes_back(path: Path, name: str) -> None:
    save_project(Document(signal=load_scene(name)), path)
    assert load_project(path).signal == load_scene(name)


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    save_project(EVERYTHING, tmp_path / "a.convlab")
    save_project(EVERYTHING, tmp_path / "b.convlab")
    assert (tmp_path / "a.convlab").read_bytes() == (tmp_path / "b.convlab").read_bytes()


def test_a_file_packed_again_by_hand_can_be_read(path: Path) -> None:
    save_project(stacked(CONV), path)
    parts = entries(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in reversed(parts.items()):
            archive.writestr(name, data)
    assert comparable(load_project(path)) == comparable(stacked(CONV))


def test_a_parameter_that_a_file_does_not_have_yet_gets_its_default(path: Path) -> None:
    def without(plain: dict[str, Any]) -> None:
        del plain["stack"]["layers"][0]["parameters"]["ceil_mode"]

    loaded = load_project(edited(path, without, stacked(MaxPool2d(2))))
    assert loaded.stack.slots[0].layer == MaxPool2d(2)


def test_type_hints_that_say_nothing_do_no_harm(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NDArray is an opaque alias under Python 3.12 and newer with NumPy 2.5."""
    fields = ["in_channels", "kernel_size", "padding", "value", "bias", "weight"]
    monkeypatch.setattr(Conv2d, "__annotations__", dict.fromkeys(fields, "Opaque"))
    parameters_type.cache_clear()
    save_project(stacked(CONV, replace(CONV, bias=None)), path)
    loaded = load_project(path)
    assert comparable(loaded) == comparable(stacked(CONV, replace(CONV, bias=None)))


def test_what_forms_offer_can_be_saved(path: Path) -> None:
    """The bounds of a file are never narrower."""
    assert parameter(Linear, "in_features").maximum > LARGEST
    wide = Linear(LARGEST + 1, 1, weight=np.zeros((1, LARGEST + 1), np.float32))
    save_project(stacked(wide), path)
    assert comparable(load_project(path)) == comparable(stacked(wide))


# What is not saved.


def save_rejection(document: Document, path: Path) -> str:
    with pytest.raises(ProjectError) as caught:
        save_project(document, path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (stacked(ReLU(), LeakyReLU(1e39)), "layer 2 (LeakyReLU)"),
        (
            stacked(ReLU(), ReLU(), Conv2d(1, 1, 1, weight=np.full((1, 1, 1, 1), np.nan))),
            "layer 3 (Conv2d) has weights that are not finite",
        ),
        (stacked(*[ReLU()] * (MAX_LAYERS + 1)), "2001 layers where 2000 are the most"),
        (Document(stack=StackState((Node(1, ReLU()), Node(1, ReLU())), next_uid=2)), "uids"),
        (Document(source=SourceSpec(SourceKind.PICTURE, "\udcff.png")), "cannot be written"),
        (Document(kernel=KernelState(((1.0,),) * 32)), "length <= 31 at kernel"),
    ],
)
def test_what_could_not_be_read_again_does_not_replace_a_file(
    path: Path, document: Document, message: str
) -> None:
    save_project(Document(), path)
    before = path.read_bytes()
    assert message in save_rejection(document, path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_place_that_cannot_be_written_to(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is a folder" in save_rejection(Document(), path.parent)
    assert "No such file or directory" in save_rejection(Document(), path.parent / "gone" / "a")
    assert "cannot be written" in save_rejection(Document(), path.parent / "a\0b")
    save_project(Document(), path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(safe_write, "_fill", full)
    assert save_rejection(stacked(CONV), path) == (
        "my.convlab cannot be written (No space left on device): choose another place or name."
    )
    assert path.read_bytes() == before


# Stacks.


def test_a_stack_is_the_layers_that_are_switched_on(path: Path) -> None:
    slots = (Node(1, CONV), Node(2, ReLU(), (1,), False), Node(3, MaxPool2d(2), (2,)))
    save_project(Document(stack=StackState(slots, next_uid=4)), path)
    stack = load_stack(path)
    assert [type(layer) for layer in stack.layers] == [Conv2d, MaxPool2d]
    x = noise(1, 9, 9)
    np.testing.assert_array_equal(stack.forward(x)[0], CONV.forward(x))
    assert len(load_stack(path.rename(path.with_suffix(".CONVLAB")))) == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("net", r"save it as \.convlab, \.onnx, \.safetensors or \.npz"),
        ("net.txt", r"save it as \.convlab, \.onnx, \.safetensors or \.npz"),
        ("net.npz", "it is no zip file, or damaged or cut off: restore it from a copy"),
        ("net.safetensors", "its weights are damaged or cut off: restore it from a copy"),
        ("net.pt", r"it is a \.pt file: .* and open that"),
    ],
)
def test_other_kinds_of_stack_are_rejected_in_words(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / name).write_bytes(b"weights")
    with pytest.raises(ValueError, match=rf"^{name} cannot be opened as a stack, .*{words}\.$"):
        load_stack(tmp_path / name)


def test_a_stack_that_is_not_there_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^net\.onnx cannot .* it is not there: choose another"):
        load_stack(tmp_path / "net.onnx")


def test_it_is_public() -> None:
    assert convlab.load_project is load_project
    assert convlab.save_project is save_project
    assert convlab.load_stack is load_stack


def test_safetensors_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, convlab.io.project, convlab.io.weights; print('safetensors' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"


def test_the_bytes_are_an_ordinary_zip_file(path: Path) -> None:
    save_project(Document(), path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_file_from_before_one_could_draw_gets_a_blank_canvas(path: Path) -> None:
    drawn = Document(drawing=of_pixels(np.full((3, 5), 0.25)))
    old = load_project(edited(path, lambda plain: plain.pop("drawing"), drawn))
    assert old.drawing == Drawing()
    assert old.stack.classes == ()
    assert not old.stack.input.as_digit


def test_what_is_as_at_first_is_not_written(path: Path) -> None:
    save_project(Document(), path)
    plain = json.loads(entries(path)["project.json"])
    assert "drawing" not in plain
    assert "classes" not in plain["stack"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("rows", 4, "4 × 5 px holds 60 bytes"),
        ("rows", 2, "project.json does not hold"),
        ("white", 2.0, "not between black and white"),
        ("pixels", b64encode(np.full(15, np.nan, "<f4").tobytes()).decode(), "black and white"),
        ("pixels", "?", "project.json does not hold"),
    ],
)
def test_a_drawing_that_is_none_is_rejected(
    path: Path, name: str, value: object, words: str
) -> None:
    drawn = Document(drawing=of_pixels(np.full((3, 5), 0.25)))
    edited(path, lambda plain: plain["drawing"].update({name: value}), drawn)
    with pytest.raises(ProjectError, match=words):
        load_project(path)


def test_folded_blocks_are_remembered_and_older_files_fold_none(tmp_path: Path) -> None:
    document, path = Document(), tmp_path / "p.convlab"
    folds = Folds(frozenset({"block 1", "#7"}), frozenset({"ü/a"}))
    viewing = Viewing(stack=StackViewing(folds=folds))
    write_project(Project(document, View.of(viewing)), path)
    project = read_project(path)
    assert project.view is not None
    assert project.view.shown_in(Viewing(), document).stack.folds == folds
    older = View(Lab.STACK, {"layer": None})
    assert older.shown_in(viewing, document).stack.folds == AS_AT_FIRST
