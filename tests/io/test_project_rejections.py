from __future__ import annotations

import json
import os
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convlab.document.document import Document
from convlab.io import bounds
from convlab.io.archive import pack
from convlab.io.project import ProjectError, load_project, save_project
from convlab.layers import MaxPool2d, ReLU
from tests.io.documents import CONV, NAMES, comparable, edited, entries, mutated, stacked


def rejection(path: Path) -> str:
    """What is said of a file: one message with a remedy."""
    with pytest.raises(ProjectError) as caught:
        load_project(path)
    text = str(caught.value)
    assert text.endswith(".")
    assert ": " in text
    assert "\n" not in text
    return text


# What is no file.


def test_files_that_are_none(path: Path) -> None:
    assert rejection(path) == (
        "my.convlab cannot be opened, because it is not there: choose another file."
    )
    assert "is a folder" in rejection(path.parent)
    assert "is not there" in rejection(path.parent / "a\0b")
    path.write_bytes(b"")
    assert "it is empty: choose another file" in rejection(path)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" * 100)
    assert "no zip file" in rejection(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_are_rejected_without_opening_them(path: Path) -> None:
    os.mkfifo(path)
    assert "device or pipe" in rejection(path)


def test_files_that_may_not_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_project(Document(), path)

    def reject(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", reject)
    assert "check its permissions" in rejection(path)


def test_huge_files_are_rejected_without_reading_them(path: Path) -> None:
    with open(path, "wb") as file:
        file.truncate(bounds.LARGEST_PROJECT_FILE + 1)  # sparse: no disk is filled
    assert "larger than 1029 MB" in rejection(path)


# Bad archives.


def zipped(path: Path, parts: list[tuple[str, bytes]], kind: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return path


def test_missing_parts_are_named(path: Path) -> None:
    save_project(Document(), path)
    parts = entries(path)
    for missing in NAMES:
        kept = [(name, data) for name, data in parts.items() if name != missing]
        assert f"{missing} is missing" in rejection(zipped(path, kept))


@pytest.mark.parametrize("name", ["../up", "/etc/passwd", "a/../../b", "C:\\a", "..\\up", "\\\\a"])
def test_unsafe_names(path: Path, name: str) -> None:
    save_project(Document(), path)
    assert "unsafe name" in rejection(zipped(path, [*entries(path).items(), (name, b"")]))


def test_other_files_in_it(path: Path) -> None:
    save_project(Document(), path)
    parts = [*entries(path).items()]
    assert "'run.exe', which no project has" in rejection(zipped(path, [*parts, ("run.exe", b"")]))
    many = [(str(number), b"") for number in range(40)]
    assert "42 files where 32" in rejection(zipped(path, [*parts, *many]))


def test_a_name_that_occurs_twice(path: Path) -> None:
    save_project(Document(), path)
    parts = [*entries(path).items()]
    with pytest.warns(UserWarning, match="Duplicate name"):
        zipped(path, [*parts, parts[0]])
    assert "'project.json' 2 times" in rejection(path)


@pytest.mark.parametrize("name", NAMES)
def test_a_bomb_is_not_unpacked(path: Path, name: str) -> None:
    save_project(Document(), path)
    parts = entries(path) | {name: bytes(20 << 20)}
    zipped(path, list(parts.items()), zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 100_000
    assert "would unpack to 20 MB" in rejection(path)


@pytest.mark.parametrize(
    ("name", "limit"), list(zip(NAMES, ("PROJECT_TEXT", "WEIGHTS_FILE"), strict=True))
)
def test_parts_have_a_limit(
    path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: str
) -> None:
    save_project(stacked(CONV), path)
    monkeypatch.setattr(bounds, f"LARGEST_{limit}", len(entries(path)[name]))
    load_project(path)
    monkeypatch.setattr(bounds, f"LARGEST_{limit}", len(entries(path)[name]) - 1)
    assert f"{name!r} in it is larger than" in rejection(path)


def test_encrypted_and_unusual_packing(path: Path) -> None:
    save_project(Document(), path)
    data = path.read_bytes()
    flagged = bytearray(data)
    place = data.index(b"PK\x01\x02")
    flagged[place + 8] |= 1
    path.write_bytes(flagged)
    assert "is encrypted" in rejection(path)
    path.write_bytes(data)
    assert "unusual way" in rejection(zipped(path, [*entries(path).items()], zipfile.ZIP_BZIP2))


# Bad text.


def text_rejection(path: Path, text: bytes) -> str:
    save_project(Document(), path)
    path.write_bytes(pack(entries(path) | {NAMES[0]: text}))
    return rejection(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "damaged"),
        (b"[]", "Expected object, got array"),
        (b"{" * 100, "damaged"),
        (b'{"a":' * 100_000, "damaged"),
        (b"\xff\xfe", "damaged"),
        (b"{}", "missing required field format"),
        (b'{"format": "gimp", "version": 1}', "its format is 'gimp': choose a ConvLab project"),
        (
            b'{"format": "convlab", "version": 5, "new": 1}',
            "it was written by a newer ConvLab (format 5): update ConvLab.",
        ),
        (b'{"format": "convlab", "version": 0}', "no format 0"),
        (b'{"format": "convlab", "version": "1"}', "Expected int, got str at version"),
        (b'{"format": "convlab", "version": 1}', "missing required field"),
        (b'{"format": "convlab", "version": 1e999}', "out of range"),
    ],
)
def test_text_that_is_no_project(path: Path, text: bytes, message: str) -> None:
    assert message in text_rejection(path, text)


def test_a_newer_file_may_have_more_parts(path: Path) -> None:
    text = b'{"format": "convlab", "version": 5}'
    path.write_bytes(pack({NAMES[0]: text, "view.png": b""}))
    assert "newer ConvLab (format 5)" in rejection(path)


SECTIONS: list[tuple[tuple[str | int, ...], Any, str]] = [
    (("source", "kind"), "radio", "source.kind"),
    (("source", "name"), 7, "source.name"),
    (("pattern", "position"), [0.5], "pattern.position"),
    (("pattern", "position"), [0.5, 1.5], "<= 1.0"),
    (("kernel",), [[1], [1, 2]], "rows of its kernel differ"),
    (("kernel",), [], "length >= 1"),
    (("kernel",), [[1e39]], "kernel"),
    (("geometry", "stride"), 0, "geometry.stride"),
    (("geometry", "stride"), 1.5, "geometry.stride"),
    (("geometry", "padding"), [1, 2, 3], "geometry.padding"),
    (("geometry", "padding"), "most", "geometry.padding"),
    (("geometry", "border"), "torus", "geometry.border"),
    (("geometry", "flip"), 1, "geometry.flip"),
    (("channels", "muted"), [0], "leave nothing of grey"),
    (("channels", "muted"), [5], "channels.muted"),
    (("display", "limit"), 0, "display.limit"),
    (("scaling",), {"divisor": 0}, "divisor is 0"),
    (("scaling",), {"offset": 1e39}, "scaling.offset"),
    (("counting",), {"size": [0, 3]}, "counting.size"),
    (("per_channel",), {"is_on": True, "chosen": 3, "kernels": []}, "per_channel.chosen"),
    (("per_channel",), {"is_on": True, "chosen": 0, "kernels": []}, "0 of its 3 channels"),
    (("per_channel",), {"is_on": False, "chosen": 0, "kernels": [[[1]]] * 2}, "2 of its 3"),
    (("counting",), {"units": 10**6}, "counting.units"),
    (("generator",), {"size": [32, 3]}, "generator.size"),
    (("generator",), {"sigma": 0.0}, "generator.sigma"),
    (("generator",), {"kind": "comb"}, "generator.kind"),
    (("stack", "next_uid"), 1, "uids"),
    (("stack", "input", "size"), [0, 5], "stack.input.size"),
    (("stack", "input", "size"), [10**6, 5], "stack.input.size"),
    (("stack", "colors", "limit"), -1, "stack.colors.limit"),
    (("stack", "more"), 1, "unknown field more"),
    (("stack", "layers", 0, "uid"), 0, "uid"),
    (("stack", "layers", 0, "uid"), 2, "uids"),
    (
        ("stack", "layers", 0, "kind"),
        "attention",
        "layer 1 is of the unknown kind 'attention': update ConvLab",
    ),
    (
        ("stack", "layers", 0, "kind"),
        "relu",
        "layer 1 (ReLU) cannot be made (Object contains unknown field",
    ),
    (
        ("stack", "layers", 0, "parameters", "stride"),
        0,
        "layer 1 (Conv2d) cannot be made (Expected int >= 1 at stride)",
    ),
    (("stack", "layers", 0, "parameters", "stride"), True, "at stride"),
    (("stack", "layers", 0, "parameters", "padding"), [-1], "at padding"),
    (("stack", "layers", 0, "parameters", "padding"), "same\n", "at padding"),
    (("stack", "layers", 0, "parameters", "kernel_size"), 10**7, "at kernel_size"),
    (("stack", "layers", 0, "parameters", "kernel_size"), 2, "weight has shape (2, 1, 3, 3)"),
    (("stack", "layers", 0, "parameters", "groups"), 3, "shared among 3 groups"),
    (("stack", "layers", 0, "parameters", "border"), "torus", "at border"),
    (("stack", "layers", 0, "parameters", "bias"), None, "'1.bias' belong to no layer"),
    (("stack", "layers", 0, "parameters", "bias"), True, "at bias"),
    (("stack", "layers", 0, "parameters", "weight"), None, "at weight"),
    (("stack", "layers", 1, "uid"), 9, "uids"),
    (("signal",), None, "signal"),
    (("signal", "count"), 1, "signal.count"),
    (("signal", "count"), 200_001, "signal.count"),
    (("signal", "step"), 0, "signal.step"),
    (("signal", "mode"), "half", "signal.mode"),
    (("signal", "more"), 1, "unknown field more"),
    (("signal", "f", "kind"), "circle", "signal.f.kind"),
    (("signal", "f", "width"), 0, "signal.f.width"),
    (("signal", "f", "position"), 1e300, "signal.f.position"),
    (("signal", "g", "height"), -1e7, "signal.g.height"),
    (("signal", "g", "seed"), -1, "signal.g.seed"),
    (("signal", "g", "values"), [1e7], "signal.g.values"),
    (("signal", "g", "values"), [0] * 4097, "signal.g.values"),
    (("signal", "g", "path"), "a" * 5000, "signal.g.path"),
    (("signal", "neuron", "first"), 100.5, "signal.neuron.first"),
    (("signal", "neuron", "activation"), "step", "signal.neuron.activation"),
]


@pytest.mark.parametrize(("keys", "value", "message"), SECTIONS)
def test_each_part_is_bounded(
    path: Path, keys: tuple[str | int, ...], value: Any, message: str
) -> None:
    def change(plain: Any) -> None:
        for key in keys[:-1]:
            plain = plain[key]
        plain[keys[-1]] = value

    assert message in rejection(edited(path, change, stacked(CONV, MaxPool2d(2))))


def test_too_many_layers(path: Path) -> None:
    def grow(plain: dict[str, Any]) -> None:
        layer = plain["stack"]["layers"][0]
        plain["stack"] |= {"layers": [layer | {"uid": uid} for uid in range(1, 2002)]}
        plain["stack"]["next_uid"] = 2002

    assert "2001 layers where 2000" in rejection(edited(path, grow, stacked(ReLU())))


# Bad weights.


def with_weights(path: Path, header: dict[str, Any], data: bytes) -> Path:
    save_project(stacked(ReLU(), CONV), path)
    text = json.dumps(header).encode()
    parts = entries(path) | {NAMES[1]: struct.pack("<Q", len(text)) + text + data}
    path.write_bytes(pack(parts))
    return path


def described(weight: list[int], dtype: str = "F32", size: int = 72) -> dict[str, Any]:
    return {
        "2.weight": {"dtype": dtype, "shape": weight, "data_offsets": [0, size]},
        "2.bias": {"dtype": "F32", "shape": [2], "data_offsets": [size, size + 8]},
    }


def test_weights_written_by_hand(path: Path) -> None:
    with_weights(path, described([2, 1, 3, 3]), CONV.weight.tobytes() + bytes(8))
    assert comparable(load_project(path)) == comparable(stacked(ReLU(), CONV))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_finite(path: Path, bad: float) -> None:
    weight = CONV.weight.copy()
    weight[1, 0, 2, 2] = bad
    message = rejection(with_weights(path, described([2, 1, 3, 3]), weight.tobytes() + bytes(8)))
    assert "layer 2 (Conv2d) has weights that are not finite: replace" in message


@pytest.mark.parametrize(
    ("header", "size", "message"),
    [
        (described([2, 3, 3]), 80, "weight has shape (2, 3, 3): this layer takes (2, 1, 3, 3)"),
        (described([2, 1, 3, 3], "I32"), 80, "weights of int32: save them as float32"),
        (described([2, 1, 3, 3], "F8_E4M3", 18), 26, "holds F8_E4M3 numbers"),
        (described([2, 1, 3, 3]), 79, "damaged or cut off"),
        (described([2, 1, 3, 4]), 80, "damaged or cut off"),
        (described([2**62, 4]), 80, "damaged or cut off"),
        ({}, 0, "layer 2 (Conv2d) lacks its bias"),
        (
            described([2, 1, 3, 3])
            | {"9.weight": {"dtype": "F32", "shape": [1], "data_offsets": [80, 84]}},
            84,
            "'9.weight' belong to no layer",
        ),
    ],
)
def test_weights_that_are_wrong(
    path: Path, header: dict[str, Any], size: int, message: str
) -> None:
    assert message in rejection(with_weights(path, header, bytes(size)))


# Anything at all.


def test_damaged_files_are_rejected_or_whole(path: Path) -> None:
    document = stacked(CONV, ReLU(), MaxPool2d(2))
    save_project(document, path)
    data = path.read_bytes()
    rejected = 0
    for seed in range(300):
        path.write_bytes(mutated(data, seed))
        try:
            assert comparable(load_project(path)) == comparable(document)
        except ProjectError:
            rejected += 1
    assert rejected > 150


@pytest.mark.parametrize("name", NAMES)
def test_damage_that_the_checksums_do_not_tell_is_rejected_or_a_document(
    path: Path, name: str
) -> None:
    save_project(stacked(CONV, ReLU(), MaxPool2d(2)), path)
    parts = entries(path)
    rejected = 0
    for seed in range(300):
        path.write_bytes(pack(parts | {name: mutated(parts[name], seed)}))
        try:
            save_project(load_project(path), path)
        except ProjectError:
            rejected += 1
    assert rejected > 100
