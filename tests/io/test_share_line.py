from __future__ import annotations

import base64
import zlib
from typing import Annotated

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from msgspec import Meta

from convlab.document.kernel.scaling import Scaling
from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.io.own_kernels import OwnKernel, kernel_line, own_kernel, read_kernel_line
from convlab.io.share_line import LONGEST, ShareError, is_line, pack, unpack

FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)
SOBEL = own_kernel("Kanten für Übung 3", kernels.sobel(), Scaling(8.0, False, 0.5))
LINE = kernel_line(SOBEL)


class Word(msgspec.Struct):
    text: Annotated[str, Meta(max_length=20)]


def signed(body: str) -> str:
    return f"{body}.{zlib.crc32(body.encode()):08x}"


def with_payload(data: bytes, kind: str = "kernel", version: int = 1) -> str:
    payload = base64.urlsafe_b64encode(data).decode().rstrip("=")
    return signed(f"convlab{version}.{kind}.{payload}")


@given(
    hnp.arrays(np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=FINITE)
)
def test_a_kernel_comes_back_bit_for_bit(weights: FloatArray) -> None:
    line = kernel_line(OwnKernel("Ü 3×3", weights, Scaling(-2.5, True, 0.1)))
    assert len(line) <= LONGEST
    back = read_kernel_line(line)
    assert back.weights.tobytes() == weights.tobytes()
    assert back.weights.shape == weights.shape
    assert (back.name, back.scaling) == ("Ü 3×3", Scaling(-2.5, True, 0.1))


def test_a_line_is_short_and_survives_what_programs_do_to_it() -> None:
    assert len(LINE) < 120
    assert is_line(f"  {LINE}")
    assert not is_line("1 0 -1\n2 0 -2")
    wrapped = f"\n {LINE[:30]}\r\n\t{LINE[30:60]} \u00a0{LINE[60:]}\n"
    assert read_kernel_line(wrapped).name == SOBEL.name


@pytest.mark.parametrize("name", kernels.names())
def test_every_ready_kernel_fits_a_line(name: str) -> None:
    line = kernel_line(OwnKernel(name, kernels.preset(name)))
    np.testing.assert_array_equal(read_kernel_line(line).weights, kernels.preset(name))


def test_what_does_not_fit_a_line_is_sent_to_a_file() -> None:
    noise = np.random.default_rng(0).random((31, 31), np.float32)
    with pytest.raises(ShareError, match=r"This kernel needs [\d,]+ letters.* write it to a file"):
        kernel_line(OwnKernel("Noise", noise))
    assert len(kernel_line(OwnKernel("Noise", noise), 8192)) <= 8192


@given(st.data())
def test_no_change_of_a_line_goes_unseen(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(LINE) - 1))
    letters = st.sampled_from("ABCabc019_-.") | st.just("")
    letter = data.draw(letters.filter(lambda each: each != LINE[place]))
    with pytest.raises(ShareError, match=r"damaged|newer|holds a|unpack"):
        read_kernel_line(LINE[:place] + letter + LINE[place + 1 :])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "damaged"),
        ("convlab1.kernel.", "damaged"),
        (LINE[:-1], "damaged"),
        (LINE.replace("convlab1", "convlab2"), "damaged"),
        (with_payload(b"", version=2), "newer ConvLab: update"),
        (with_payload(b"", "stack"), "The line holds a stack: paste a kernel here"),
        (with_payload(b"no deflate"), "does not unpack"),
        (with_payload(zlib.compress(bytes(70_000))), "more than it may"),
        (with_payload(zlib.compress(b"\xc1")), "holds no kernel"),
        (with_payload(zlib.compress(msgspec.msgpack.encode(["a", 2, b"12345678"]))[:-2]), "more"),
        (with_payload(zlib.compress(msgspec.msgpack.encode(["a", 3, b"12345678"]))), "no kernel"),
        (with_payload(zlib.compress(msgspec.msgpack.encode(["a", 1, b"\0\0\x80\x7f"]))), "no ker"),
        (with_payload(zlib.compress(msgspec.msgpack.encode(["a", 1, bytes(4), 0.0]))), "no kernel"),
        (with_payload(zlib.compress(msgspec.msgpack.encode(["a" * 99, 1, bytes(4)]))), "no kernel"),
        ("convlab1.kernel." + "A" * LONGEST, "more than 2,048 letters"),
        ("A" * 10_000_000, "more than 2,048 letters"),
    ],
)
def test_a_bad_line_gets_a_message(line: str, message: str) -> None:
    with pytest.raises(ShareError, match=message):
        read_kernel_line(line)


def test_what_unpacks_to_much_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = with_payload(zlib.compress(zlib.compress(bytes(100_000_000), 9), 9))
    assert len(bomb) < LONGEST
    sizes: list[int] = []
    make = zlib.decompressobj

    class Watched:
        def __init__(self) -> None:
            self.inner = make()

        def decompress(self, data: bytes, most: int) -> bytes:
            found = self.inner.decompress(data, most)
            sizes.append(len(found))
            return found

        def __getattr__(self, name: str) -> object:
            return getattr(self.inner, name)

    monkeypatch.setattr("convlab.io.share_line.zlib.decompressobj", Watched)
    with pytest.raises(ShareError):
        read_kernel_line(bomb)
    assert sum(sizes) <= 1 << 16


def test_another_kind_is_a_name_and_a_type() -> None:
    line = pack("word", Word("mask"))
    assert unpack(line, {"kernel": OwnKernel, "word": Word}) == Word("mask")
    with pytest.raises(ShareError, match="holds a word: paste a kernel here"):
        read_kernel_line(line)
    with pytest.raises(ShareError, match="holds no word that can be used"):
        unpack(pack("word", Word("m" * 21)), {"word": Word})
