from __future__ import annotations

import os
import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from convlab import paths
from convlab.engine.arrays import FloatArray
from convlab.io import bounds, sounds
from convlab.io.signal_files import read_signal
from convlab.io.sounds import Sound, SoundError, unpack_sound, write_sound
from tests.io.documents import mutated, written
from tests.slow import noise

PCM = bytes.fromhex("0100000000001000800000aa00389b71")


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def header(tag: int, channels: int, rate: int, bits: int) -> bytes:
    frame = channels * bits // 8
    return struct.pack("<HHIIHH", tag, channels, rate, rate * frame % (1 << 32), frame, bits)


def riff(*chunks: bytes) -> bytes:
    return chunk(b"RIFF", b"WAVE" + b"".join(chunks))


def made(tag: int, bits: int, data: bytes, channels: int = 1, rate: int = 8000) -> bytes:
    return riff(chunk(b"fmt ", header(tag, channels, rate, bits)), chunk(b"data", data))


def read_sound(path: Path) -> Sound:
    return unpack_sound(path.read_bytes(), path.name)


def rejection(path: Path) -> str:
    with pytest.raises(SoundError) as caught:
        read_sound(path)
    text = str(caught.value)
    assert text.startswith(f"{path.name} gives no sound, because ")
    assert text.endswith(".")
    assert text.count(": ") == 1, text
    return text


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sound.wav"


@pytest.fixture(params=["libsndfile", "plain"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read plain WAV files both ways: by the library, and as where it is missing."""
    if request.param == "plain":
        monkeypatch.setattr(sounds, "_library", lambda: None)
    return str(request.param)


@pytest.mark.parametrize(
    ("tag", "bits", "data", "expected"),
    [
        (1, 8, bytes([0, 64, 128, 192]), [-1, -0.5, 0, 0.5]),
        (1, 16, struct.pack("<4h", -32768, -16384, 0, 16384), [-1, -0.5, 0, 0.5]),
        (1, 12, struct.pack("<4h", -32768, -16384, 0, 16384), [-1, -0.5, 0, 0.5]),
        (1, 24, bytes.fromhex("000080 0000c0 000000 000040"), [-1, -0.5, 0, 0.5]),
        (1, 32, struct.pack("<4i", -(1 << 31), -(1 << 30), 0, 1 << 30), [-1, -0.5, 0, 0.5]),
        (3, 32, struct.pack("<4f", -1, -0.5, 0, 1.5), [-1, -0.5, 0, 1.5]),
        (3, 64, struct.pack("<4d", -1, -0.5, 0, 1.5), [-1, -0.5, 0, 1.5]),
    ],
)
@pytest.mark.parametrize("channels", [1, 2, 4])
@pytest.mark.usefixtures("reader")
def test_each_kind_of_sample_by_hand(
    path: Path, tag: int, bits: int, data: bytes, expected: list[float], channels: int
) -> None:
    sound = read_sound(written(path, made(tag, bits, data, channels)))
    rows = [expected[channel::channels] for channel in range(channels)]
    assert sound.samples.tolist() == rows
    assert sound.samples.dtype == np.float32
    assert not sound.samples.flags.writeable
    assert sound.rate == 8000
    assert (sound.samples.shape[1], sound.rate) == (len(rows[0]), 8000)


@pytest.mark.usefixtures("reader")
def test_an_extensible_header_and_chunks_that_nobody_knows(path: Path) -> None:
    extra = struct.pack("<HHI", 22, 24, 4) + PCM
    extensible = header(0xFFFE, 1, 48_000, 24) + extra
    data = riff(
        chunk(b"LIST", b"odd"),
        chunk(b"fmt ", extensible),
        chunk(b"fact", bytes(4)),
        chunk(b"data", bytes.fromhex("000040")),
        chunk(b"id3 ", b"after"),
    )
    sound = read_sound(written(path, data))
    assert sound.samples.tolist() == [[0.5]]
    assert sound.rate == 48_000


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_what_the_standard_library_writes_is_read(path: Path, width: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(width)
        file.setframerate(44_100)
        file.writeframes(bytes(range(2 * width * 5)))
    assert read_sound(path).samples.shape == (2, 5)


@pytest.mark.parametrize("channels", [1, 2])
def test_written_and_read_again(path: Path, channels: int) -> None:
    samples: FloatArray = np.clip(noise(channels, 500) / np.float32(4), -1, 1)
    write_sound(path, Sound(samples, 22_050))
    with wave.open(str(path)) as file:
        assert file.getparams()[:4] == (channels, 2, 22_050, 500)
    again = read_sound(path)
    np.testing.assert_allclose(again.samples, samples, atol=1 / 32768)
    assert again.rate == 22_050


def test_what_is_too_loud_is_made_quieter_and_not_cut(path: Path) -> None:
    samples: FloatArray = np.array([[0, 2, -4, 1]], np.float32)
    write_sound(path, Sound(samples, 8000))
    np.testing.assert_allclose(read_sound(path).samples, samples / 4, atol=1e-4)
    assert samples.tolist() == [[0, 2, -4, 1]]


def test_what_is_no_sound_is_not_written(path: Path) -> None:
    for shape in ((3, 5), (5,), (1, 0)):
        with pytest.raises(ValueError, match=r"are no sound: give \(1, N\) or \(2, N\)"):
            write_sound(path, Sound(np.zeros(shape, np.float32), 8000))
    with pytest.raises(ValueError, match="not finite"):
        write_sound(path, Sound(np.full((1, 2), np.nan, np.float32), 8000))
    assert not path.exists()


FLOATS = struct.pack("<2f", 0, np.nan)
FORMAT = chunk(b"fmt ", header(1, 1, 8000, 16))


BROKEN = [
    (b"", "it is empty: choose another file"),
    (b"some text", "it is no sound of a known kind: convert it to WAV, FLAC, OGG or MP3"),
    (b"RIFF\x04\x00\x00\x00AVI ", "it is an AVI film: convert it to WAV"),
    (b"\0\0\0\x20ftypM4A \0", "it is an M4A file (AAC): convert it to WAV"),
    (b"\xff\xf1\x50\x80", "it is an AAC file: convert it to WAV"),
    (b"MThd\0\0\0\x06", "it is a MIDI file, which holds notes and no sound"),
    (riff(), "it is cut off before its samples"),
    (riff(FORMAT), "it is cut off before its samples"),
    (riff(chunk(b"data", b"1234")), "its header is missing"),
    (riff(chunk(b"fmt ", b"12")), "its header is cut off"),
    (made(1, 16, b"1234")[:-1], "it is cut off"),
    (made(1, 16, b"12345678", channels=2)[:-4], "it is cut off"),
    (made(1, 16, b"123"), "it is cut off"),
    (made(1, 16, b""), "it holds no samples"),
    (made(1, 36, b"12345"), "whole numbers of 36 bits"),
    (made(3, 16, b"12"), "floating-point numbers of 16 bits"),
    (made(85, 0, b"12"), "samples of kind 85: convert it to a WAV file with 16 bits"),
    (made(1, 16, b"", channels=0), "it has 0 channels"),
    (made(1, 8, bytes(257), channels=257), "it has 257 channels: mix it down"),
    (made(1, 16, b"12", rate=0), "its rate of 0 Hz is none"),
    (made(1, 16, b"12", rate=1 << 31), "its rate of 2147483648 Hz is none"),
    (made(3, 32, FLOATS), "it holds samples that are not finite"),
    (made(3, 64, struct.pack("<d", 1e300)), "it holds samples that are not finite"),
    (made(1, 8, bytes(1201), rate=1), "it is longer than 20 minutes: cut it shorter"),
]


@pytest.mark.parametrize(("data", "message"), BROKEN)
@pytest.mark.usefixtures("reader")
def test_what_is_broken_is_rejected_in_words(path: Path, data: bytes, message: str) -> None:
    assert message in rejection(written(path, data))


@pytest.mark.usefixtures("reader")
def test_twenty_minutes_are_allowed(path: Path) -> None:
    assert read_sound(written(path, made(1, 8, bytes(1200), rate=1))).samples.shape[1] == 1200


def test_a_huge_file_is_not_read(path: Path) -> None:
    with open(path, "wb") as file:
        file.truncate(bounds.LARGEST_SOUND_FILE + 1)
    with pytest.raises(ValueError, match="it is larger than 200 MB: choose a smaller file"):
        read_signal(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hang(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(ValueError, match=r"sound\.wav cannot be read, because .* device or pipe"):
        read_signal(path)


def test_files_that_are_none(path: Path) -> None:
    with pytest.raises(ValueError, match="it is not there"):
        read_signal(path)
    path.mkdir()
    with pytest.raises(ValueError, match="it is a folder"):
        read_signal(path)


@pytest.mark.usefixtures("reader")
def test_any_damage_is_told_in_words(path: Path) -> None:
    write_sound(path, Sound(noise(2, 20) / np.float32(8), 8000))
    data = path.read_bytes()
    rejected = 0
    for seed in range(300):
        path.write_bytes(mutated(data, seed))
        try:
            assert np.isfinite(read_sound(path).samples).all()
        except SoundError:
            rejected += 1
    assert rejected > 50


def test_the_sample_sound_can_be_read() -> None:
    (path,) = paths.sample_sounds()
    sound = read_sound(path)
    assert (sound.rate, sound.samples.shape[0]) == (22_050, 1)
    assert sound.samples.shape[1] == 3 * sound.rate
    assert 0.5 < np.abs(sound.samples).max() < 1
    assert np.abs(sound.samples[:, -200:]).max() < 0.01, "it ends without a click"
