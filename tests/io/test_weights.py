from __future__ import annotations

import json
import os
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convlab.document.stack.model import StackInput, StackState
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.io import bounds
from convlab.io.tensors import pack_tensors
from convlab.io.weights import WeightsError, read_weights
from convlab.io.weights_match import fill, offer_weights
from convlab.layers import Conv2d
from tests.io.documents import mutated, written
from tests.slow import noise

SHAPE = (4, 2, 3, 3)
WEIGHT = noise(*SHAPE)


def load_weights(path: str | Path, shape: Sequence[int]) -> FloatArray:
    """Fill a convolution with what a file has for it."""
    outputs, inputs, *size = shape
    state = StackState.of((Conv2d(inputs, outputs, tuple(size)),), "one", StackInput())
    offer = offer_weights(Path(path), state, 1)
    return fill(offer, offer.likely).arrays["weight"]


def rejection(path: Path, shape: tuple[int, ...] = SHAPE) -> str:
    with pytest.raises(WeightsError) as caught:
        load_weights(path, shape)
    text = str(caught.value)
    assert text.endswith(".")
    assert ": " in text
    assert "\n" not in text
    return text


@pytest.mark.parametrize("name", ["w.npy", "w.NPY", "w.npz", "w.safetensors"])
def test_each_kind_of_file_gives_the_array_of_that_shape(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    arrays = {"bias": noise(4), "first": WEIGHT, "second": -WEIGHT}
    match path.suffix.lower():
        case ".npy":
            with open(path, "wb") as file:
                np.save(file, WEIGHT)
        case ".npz":
            np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
        case _:
            path.write_bytes(pack_tensors(arrays))
    loaded = load_weights(str(path), list(SHAPE))
    np.testing.assert_array_equal(loaded, WEIGHT)
    assert loaded.dtype == np.float32
    assert loaded.flags.c_contiguous
    assert not loaded.flags.writeable


@pytest.mark.parametrize("dtype", ["f8", ">f4", "f2", "i4", "u1"])
def test_other_numbers_become_float32(tmp_path: Path, dtype: str) -> None:
    array = (np.arange(72) * 0.5).reshape(SHAPE).astype(dtype)
    path = tmp_path / "w.npy"
    np.save(path, np.asfortranarray(array))
    np.testing.assert_array_equal(load_weights(path, SHAPE), array.astype(np.float32))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("k.csv", "\ufeff1,0,-1\n2,0,-2\n1,0,-1"),
        ("k.txt", "[1 0 -1; 2 0 -2; 1 0 -1]"),
        ("k.txt", "np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])"),
        ("k.csv", '"a","b","c"\n"1","0","-1"\n"2","0","-2"\n"1","0","-1"'),
        ("k.tsv", "left\tmiddle\tright\n1,0\t0\t-1\n2\t0\t-2\n1\t0\t-1"),
        ("k.txt", "1e0 0 -1 # top\n2 0 -2\n1 0 -1"),
    ],
)
def test_one_kernel_as_text_is_every_filter_and_shared_by_the_channels(
    tmp_path: Path, name: str, text: str
) -> None:
    loaded = load_weights(written(tmp_path / name, text.encode()), SHAPE)
    sobel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    assert loaded.shape == SHAPE
    for filter_, channel in np.ndindex(SHAPE[:2]):
        np.testing.assert_array_equal(loaded[filter_, channel], sobel / 2)


def test_the_shapes_found_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "net.npz"
    np.savez(path, conv1=noise(8, 3, 5, 5), fc=noise(10))
    assert rejection(path) == (
        "net.npz gives no weights, because none of its arrays has the shape (4, 2, 3, 3), it holds "
        "conv1 (8, 3, 5, 5), fc (10,): give the layer such a shape or choose another file."
    )
    many = {f"a{number:02}": noise(1) for number in range(20)}
    text = rejection(written(tmp_path / "net.safetensors", pack_tensors(many)))
    assert "a05 (1,) and 14 more" in text
    assert "it holds nothing" in rejection(written(tmp_path / "0.safetensors", pack_tensors({})))
    np.save(tmp_path / "w.npy", noise(3, 3))
    assert "it holds an array (3, 3)" in rejection(tmp_path / "w.npy")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            b"1 0\n0 1",
            "a kernel of 2\u00d72 does not fill 3\u00d73 cells: make the layer's kernels 2\u00d72",
        ),
        (b"1 2\n3", "the rows differ"),
        (b"hello", "'hello' is not a number"),
        (b"\xff\xfe\x00", "it is no text"),
        (b"", "it is empty"),
        (b" \n", "there are no numbers"),
        (b"1 " * 600_000, "characters"),
    ],
)
def test_text_that_is_no_kernel(tmp_path: Path, text: bytes, message: str) -> None:
    assert message in rejection(written(tmp_path / "k.txt", text))


def test_text_for_what_is_no_kernel(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="one kernel"):
        read_weights(written(tmp_path / "k.txt", b"1 2"), (10,))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_the_weights_of_a_dense_layer_as_a_table(tmp_path: Path, encoding: str) -> None:
    text = "a;b;c\r\n0,5;1;-2\r\n1.000,25;0;3\r\n"
    (bundle,) = read_weights(written(tmp_path / "w.csv", text.encode(encoding)), (2, 3))
    assert bundle.arrays["weight"].tolist() == [[0.5, 1, -2], [1000.25, 0, 3]]
    with pytest.raises(WeightsError, match="line 2 has 1 cells where 2 belong"):
        read_weights(written(tmp_path / "w.csv", b"1 2\n3\n4 5"), (2, 3))


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e300])
def test_numbers_that_are_not_finite_in_float32(tmp_path: Path, bad: float) -> None:
    array = WEIGHT.astype(np.float64)
    array[0, 0, 0, 0] = bad
    np.save(tmp_path / "w.npy", array)
    assert "not finite" in rejection(tmp_path / "w.npy")


@pytest.mark.parametrize(
    "array",
    [
        np.array([[1 + 2j]]),
        np.array(["text"]),
        np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]),
        np.array([True]),
    ],
)
def test_arrays_of_other_things(tmp_path: Path, array: AnyArray) -> None:
    np.save(tmp_path / "w.npy", array)
    assert "where numbers belong" in rejection(tmp_path / "w.npy")


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "gone off"),)

    np.save(tmp_path / "w.npy", np.array([Bomb()], dtype=object), allow_pickle=True)
    assert "object where numbers belong" in rejection(tmp_path / "w.npy")
    assert not (tmp_path / "gone off").exists()


def npy(shape: str, data: bytes) -> bytes:
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header = header.ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def test_an_array_written_by_hand(tmp_path: Path) -> None:
    path = written(tmp_path / "w.npy", npy("(4, 2, 3, 3)", WEIGHT.tobytes()))
    np.testing.assert_array_equal(load_weights(path, SHAPE), WEIGHT)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x93NUMPY",
        npy("(4, 2, 3, 3)", WEIGHT.tobytes()[:-1]),
        npy("(4, 2, 3, 3)", WEIGHT.tobytes() + b"0"),
        npy("(1000000000000, 1000)", b"1234"),
        npy("(-1, 4)", b""),
        npy("open('x')", b""),
        npy("(" * 50, b""),
        npy("{[]: 1}", b""),
        b"\x93NUMPY\x09\x00" + bytes(200),
    ],
)
def test_damaged_arrays(tmp_path: Path, data: bytes) -> None:
    assert ("damaged" if data else "is empty") in rejection(written(tmp_path / "w.npy", data))
    with zipfile.ZipFile(tmp_path / "w.npz", "w") as archive:
        archive.writestr("w.npy", data)
    assert "damaged" in rejection(tmp_path / "w.npz")


def test_damaged_containers(tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz", WEIGHT)
    data = (tmp_path / "w.npz").read_bytes()
    assert "no zip file" in rejection(written(tmp_path / "w.npz", data[:-30]))
    data = pack_tensors({"w": WEIGHT})
    assert "cut off" in rejection(written(tmp_path / "w.safetensors", data[:-1]))


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.savez_compressed(tmp_path / "w.npz", np.zeros((8, 1024, 1024), np.float32))
    assert "would unpack to 32 MB" in rejection(tmp_path / "w.npz")
    np.savez_compressed(tmp_path / "w.npz", *[np.zeros(SHAPE, np.float32)] * 9)
    load_weights(tmp_path / "w.npz", SHAPE)
    monkeypatch.setattr(bounds, "LARGEST_WEIGHTS_FILE", (tmp_path / "w.npz").stat().st_size)
    assert "would unpack to more" in rejection(tmp_path / "w.npz")


@pytest.mark.parametrize("kind", [".npy", ".npz", ".safetensors", ".csv"])
def test_any_damage_is_told_in_words(tmp_path: Path, kind: str) -> None:
    path, weight = tmp_path / f"w{kind}", noise(2, 1, 3, 3)
    if kind == ".npy":
        np.save(path, weight)
    elif kind == ".npz":
        np.savez(path, weight)
    else:
        is_text = kind == ".csv"
        path.write_bytes(b"1,0,-1\n2,0,-2\n1,0,-1" if is_text else pack_tensors({"w": weight}))
    data = path.read_bytes()
    rejected = 0
    for seed in range(200):
        path.write_bytes(mutated(data, seed))
        try:
            assert load_weights(path, weight.shape).shape == weight.shape
        except WeightsError:
            rejected += 1
    assert rejected > 50


def test_files_that_are_none(tmp_path: Path) -> None:
    assert rejection(tmp_path / "w.npy") == (
        "w.npy gives no weights, because it is not there: choose another file."
    )
    (tmp_path / "f.npy").mkdir()
    assert "is a folder" in rejection(tmp_path / "f.npy")
    kinds = ".npy, .npz, .safetensors, .csv, .tsv, .txt"
    assert f"'.doc' is unknown: choose one of {kinds}." in rejection(tmp_path / "w.doc")
    for kind, recipe in ((".pt", "save_file(model"), (".h5", "model.export"), (".yaml", "onnx")):
        (tmp_path / f"w{kind}").write_bytes(b"PK")
        assert f"it is a {kind} file: " in rejection(tmp_path / f"w{kind}")
        assert recipe in rejection(tmp_path / f"w{kind}")


def headed(header: object, data: bytes = b"") -> bytes:
    """The bytes of a safetensors file, its list written by hand."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


FORMATS = ("F32", "F64", "F16", "BF16")


def stored(array: FloatArray, kind: str) -> tuple[bytes, str]:
    """Write numbers as another program does; return them and what NumPy calls them in a file."""
    if kind == "BF16":
        return (array.view(np.uint32) >> 16).astype("<u2").tobytes(), "<V2"
    dtype = {"F32": "<f4", "F64": "<f8", "F16": "<f2"}[kind]
    return array.astype(dtype).tobytes(), dtype


@pytest.mark.parametrize("kind", FORMATS)
def test_every_float_of_checkpoints_is_read_by_name(tmp_path: Path, kind: str) -> None:
    """Case 32: most checkpoints are bfloat16, of which NumPy keeps only that it has two bytes."""
    weight = np.arange(72, dtype=np.float32).reshape(SHAPE) - 32
    bias = np.array([0.5, -1, 2, 4], np.float32)
    (first, dtype), (second, _) = stored(weight, kind), stored(bias, kind)
    entries = {
        "conv.weight": {"dtype": kind, "shape": SHAPE, "data_offsets": [0, len(first)]},
        "conv.bias": {
            "dtype": kind, "shape": [4], "data_offsets": [len(first), len(first) + len(second)]
        },
    }  # fmt: skip
    written(tmp_path / "w.safetensors", headed(entries, first + second))
    arrays = {"conv.weight.npy": (SHAPE, first), "conv.bias.npy": ((4,), second)}
    with zipfile.ZipFile(tmp_path / "w.npz", "w") as file:
        for name, (shape, data) in arrays.items():
            file.writestr(name, array_head(dtype, shape) + data)
    for name in ("w.safetensors", "w.npz"):
        (bundle,) = read_weights(tmp_path / name, SHAPE)
        assert bundle.prefix == "conv"
        np.testing.assert_array_equal(bundle.arrays["weight"].astype(np.float32), weight)
        np.testing.assert_array_equal(bundle.arrays["bias"].astype(np.float32), bias)
        np.testing.assert_array_equal(load_weights(tmp_path / name, SHAPE), weight)


def array_head(dtype: str, shape: tuple[int, ...]) -> bytes:
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()


def test_numbers_of_one_byte_are_named_as_what_they_are(tmp_path: Path) -> None:
    path = written(tmp_path / "w.npy", array_head("|V1", SHAPE) + bytes(72))
    assert "holds numbers of one byte, probably float8, whose kind it does not tell" in rejection(
        path
    )


def test_a_long_list_and_hostile_ones(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    many = {f"layer{k}.weight": np.zeros((1, 1), np.float32) for k in range(1500)}
    data = pack_tensors(many | {"last.weight": WEIGHT})
    assert struct.unpack("<Q", data[:8])[0] > 100_000
    np.testing.assert_array_equal(load_weights(written(path, data), SHAPE), WEIGHT)

    def entry(shape: list[int], start: int, end: int, dtype: str = "F32") -> str:
        return json.dumps({"dtype": dtype, "shape": shape, "data_offsets": [start, end]})

    twice = f'{{"w": {entry([1], 0, 4)}, "w": {entry([1], 4, 8)}}}'
    huge = f'{{"w": {entry([2**62, 8], 0, 4)}}}'
    for header in (twice, huge, "", "{", "[]", f'{{"w": {entry([1], 4, 0)}}}'):
        written(path, headed(header.encode(), bytes(8)))
        assert "damaged or cut off" in rejection(path)
    assert "it is empty" in rejection(written(path, b""))
    strange = f'{{"w": {entry([8], 0, 8, "F8_E4M3")}}}'
    assert "holds F8_E4M3 numbers: multiply each array with its scale" in rejection(
        written(path, headed(strange.encode(), bytes(8)))
    )
