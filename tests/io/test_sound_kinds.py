"""Sounds of all kinds that libsndfile writes, and SciPy's own test files, against other readers."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import tracemalloc
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from convlab.engine.arrays import AnyArray
from convlab.io import sounds
from convlab.io.sounds import SoundError, unpack_beginning, unpack_sound
from tests.io.test_sounds import PCM, chunk, header, made, riff
from tests.slow import noise

soundfile = pytest.importorskip("soundfile")

CONTAINERS = ("WAV", "WAVEX", "RF64", "W64", "FLAC", "OGG", "MP3", "AIFF", "CAF", "AU")
RATES = {"OPUS": 48_000, "GSM610": 8000}
# How far each may be from what was written: half a step of its numbers, where it has such.
STEPS = {
    "PCM_U8": 1 / 128, "PCM_S8": 1 / 128, "PCM_16": 1 / 32768, "PCM_24": 2.0**-23,
    "PCM_32": 2.0**-24, "FLOAT": 0, "DOUBLE": 0, "ALAC_16": 1 / 32768,
}  # fmt: skip
SIGNAL: AnyArray = np.clip(noise(3, 5000) / np.float32(4), -0.99, 0.99)


def encoded(container: str, subtype: str, samples: AnyArray, rate: int) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples.T, rate, format=container, subtype=subtype)
    return buffer.getvalue()


@cache
def kinds() -> dict[tuple[str, str, int], bytes]:
    """All kinds that the library writes here, with one, two and three channels where it can."""
    found = {}
    for container in CONTAINERS:
        for subtype in soundfile.available_subtypes(container):
            for channels in (1, 2, 3):
                with suppress(soundfile.LibsndfileError, ValueError):
                    found[container, subtype, channels] = encoded(
                        container, subtype, SIGNAL[:channels], RATES.get(subtype, 44_100)
                    )
    return found


def outcome(data: bytes) -> AnyArray | str:
    """Return the samples, or why there are none."""
    try:
        return unpack_sound(data, "sound").samples
    except SoundError as error:
        return str(error)


def test_each_kind_is_read_as_it_was_written() -> None:
    assert len(kinds()) > 120
    for (container, subtype, channels), data in kinds().items():
        name = f"{container} {subtype} {channels}"
        if subtype in ("ALAC_20", "ALAC_24", "ALAC_32"):  # the library's own round trip fails
            assert "ALAC of more than 16 bits" in str(outcome(data)), name
            continue
        sound = unpack_sound(data, name)
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            file.seekable = lambda: False  # some codecs cannot go to their own end
            expected = file.read(file.frames, dtype="float64", always_2d=True)
            rate = file.samplerate
        assert (sound.rate, sound.samples.shape) == (rate, (channels, len(expected))), name
        np.testing.assert_allclose(sound.samples, expected.T, atol=2.0**-24, rtol=0, err_msg=name)
        if subtype in STEPS:  # independent of the library: what went in comes out
            wanted, step = SIGNAL[:channels], STEPS[subtype]
            np.testing.assert_allclose(sound.samples, wanted, atol=step, rtol=0, err_msg=name)
        beginning, length = unpack_beginning(data, name, 100)
        assert length == len(expected), name
        np.testing.assert_array_equal(beginning.samples, sound.samples[:, :100], err_msg=name)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
@pytest.mark.parametrize("container", ["WAV", "WAVEX"])
def test_the_plain_reader_reads_the_same_numbers(
    container: str, subtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = encoded(container, subtype, SIGNAL, 44_100)
    by_library = unpack_sound(data, "sound")
    monkeypatch.setattr(sounds, "_library", lambda: None)
    plainly = unpack_sound(data, "sound")
    assert plainly.rate == by_library.rate
    np.testing.assert_array_equal(plainly.samples, by_library.samples)


def test_what_is_cut_off_is_said_to_be() -> None:
    """Ogg and MP3 may end between two of their parts: there, a shorter sound is one, too."""
    for (container, subtype, channels), data in kinds().items():
        name = f"{container} {subtype} {channels}"
        for end in (len(data) // 2, len(data) * 9 // 10, len(data) - 1):
            half = outcome(data[:end])
            if isinstance(half, str):
                assert "cut off" in half or "ALAC" in half, name
            else:
                assert container == "MP3", f"{name}: {end} of {len(data)}"
                assert half.shape[1] <= SIGNAL.shape[1]


SCIPY = [
    (file, "".join(file.stem.split("-", 1)[1:]))
    for file in sorted(
        (Path(pytest.importorskip("scipy").__file__).parent / "io/tests/data").glob("*.wav")
    )
]
CUT = ("early-eof", "incomplete-chunk")


@pytest.mark.parametrize(("file", "name"), SCIPY, ids=[name for _, name in SCIPY])
def test_the_sounds_of_scipy(file: Path, name: str) -> None:
    """Right, or it is said why not: whole numbers beyond 32 bits, and what is cut off."""
    from scipy.io import wavfile

    found = outcome(file.read_bytes())
    if isinstance(found, str):
        bits = name.rsplit("-", 1)[-1].removesuffix("bit")
        assert (f"whole numbers of {bits} bits" if bits.isdigit() else "cut off") in found
        assert any(word in name for word in (*CUT, "36bit", "45bit", "53bit", "64bit"))
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rate, values = wavfile.read(file)
    except ValueError:
        assert "ulaw" in name or "inconsistent" in name  # SciPy does not read them
        return
    values = values.reshape(len(values), -1).T
    if values.dtype == np.uint8:
        values = (values.astype(np.float64) - 128) / 128
    elif values.dtype.kind == "i":
        values = values / 2.0 ** (8 * values.dtype.itemsize - 1)
    assert unpack_sound(file.read_bytes(), name).rate == rate
    np.testing.assert_allclose(found, values, atol=2.0**-24, rtol=0)


# ---- what other programs write ----

SAMPLES = np.array([0, 16384, -16384], "<i2").tobytes()
EXPECTED = [[0, 0.5, -0.5]]


@pytest.fixture(params=["libsndfile", "plain"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "plain":
        monkeypatch.setattr(sounds, "_library", lambda: None)


@pytest.mark.parametrize(
    ("file", "samples"),
    [
        (0xFFFFFFFF, 0xFFFFFFFF),  # ffmpeg -f wav -
        (0x7FFFF024, 0x7FFFF000),  # sox, espeak --stdout
        (0x80000024, 0x80000000),  # arecord
        (0, 0),
        (36, 0),  # a recorder that was killed: the header is that of no samples
        (0xFFFFFFFF, 0),
    ],
)
@pytest.mark.usefixtures("reader")
def test_what_was_written_into_a_pipe_has_no_sizes(file: int, samples: int) -> None:
    """Case 25 (NAudio#688): what is there is wanted."""
    form = struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    data = b"RIFF" + struct.pack("<I", file) + b"WAVEfmt " + form + b"data"
    sound = unpack_sound(data + struct.pack("<I", samples) + SAMPLES, "p.wav")
    assert sound.samples.tolist() == EXPECTED
    assert sound.rate == 8000


def test_flac_from_a_pipe_does_not_say_how_long_it_is() -> None:
    data = bytearray(encoded("FLAC", "PCM_16", SIGNAL, 44_100))
    whole = unpack_sound(bytes(data), "f.flac").samples
    data[21] &= 0xF0  # the 36 bits of the length, in STREAMINFO
    data[22:26] = bytes(4)
    np.testing.assert_array_equal(unpack_sound(bytes(data), "f.flac").samples, whole)
    assert unpack_beginning(bytes(data), "f.flac", 10)[1] == whole.shape[1]


@pytest.mark.usefixtures("reader")
def test_odd_chunks_with_and_without_the_byte_that_fills_them_up() -> None:
    form, sound = chunk(b"fmt ", header(1, 1, 8000, 16)), chunk(b"data", SAMPLES)
    odd = b"LIST" + struct.pack("<I", 3) + b"odd"
    for data in (riff(odd + b"\0", form, sound), riff(odd, form, sound), riff(form, odd, sound)):
        assert unpack_sound(data, "odd.wav").samples.tolist() == EXPECTED


@pytest.mark.usefixtures("reader")
def test_many_channels_are_read_and_their_mean_is_the_signal() -> None:
    values: AnyArray = np.arange(24, dtype="<i2").reshape(3, 8)
    extra = struct.pack("<HHI", 22, 16, 0xFF) + PCM
    data = riff(
        chunk(b"fmt ", header(0xFFFE, 8, 48_000, 16) + extra), chunk(b"data", values.tobytes())
    )
    sound = unpack_sound(data, "surround.wav")
    assert (sound.samples.T * 32768).astype(int).tolist() == values.tolist()


def test_many_channels_take_no_more_room_than_their_numbers() -> None:
    data = made(1, 8, bytes(255 * 4), channels=255)
    unpack_sound(data, "array.wav")
    tracemalloc.start()
    try:
        unpack_sound(data, "array.wav")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 2 << 20


def test_an_mp3_without_its_length_is_counted() -> None:
    """The library would guess it from the size, a tenth too long where it is loud at first."""
    samples: AnyArray = np.zeros((1, 100_000), np.float32)
    samples[0, :30_000] = noise(1, 30_000)[0] / 8
    data = encoded("MP3", "MPEG_LAYER_III", samples, 44_100)
    without = data[data.index(b"\xff\xfb", 100) :]
    whole = unpack_sound(without, "song.mp3").samples.shape[1]
    assert whole == pytest.approx(100_000, abs=3 * 1152)
    assert unpack_beginning(without, "song.mp3", 10)[1] == whole
    tagged = b"ID3\x04\0\0\0\0\x10\0" + b"Xing".ljust(2048, b"\0")  # in a picture of the cover
    assert unpack_beginning(tagged + without, "song.mp3", 10)[1] == pytest.approx(whole, abs=1152)


# ---- bounds, and a machine without the library ----


def test_a_header_that_promises_hours_is_rejected_before_anything_is_decoded() -> None:
    data = bytearray(encoded("FLAC", "PCM_16", SIGNAL, 44_100))
    data[21:26] = bytes([data[21] | 0x0F]) + b"\xff" * 4
    with pytest.raises(SoundError, match="it is longer than 20 minutes: cut it shorter"):
        unpack_sound(bytes(data), "long.flac")


def test_without_the_library_it_is_said_what_would_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "_library", lambda: None)
    for container, subtype, kind in (
        ("FLAC", "PCM_16", "a FLAC file"),
        ("OGG", "VORBIS", "an Ogg file"),
        ("AIFF", "PCM_16", "an AIFF file"),
        ("RF64", "PCM_16", "a WAV file"),
    ):
        with pytest.raises(SoundError, match=f"it is {kind}, and libsndfile.* install soundfile"):
            unpack_sound(encoded(container, subtype, SIGNAL, 44_100), "sound")
    with pytest.raises(SoundError, match="it holds samples of kind 7"):
        unpack_sound(encoded("WAV", "ULAW", SIGNAL, 44_100), "sound")


def test_a_library_that_does_not_load_is_one_that_is_missing() -> None:
    code = (
        "import sys; sys.modules['soundfile'] = None\n"
        "from convlab.io import sounds\n"
        "assert sounds._library() is None\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_library_is_not_loaded_before_a_sound_is_read() -> None:
    code = "import sys, convlab, convlab.io.signal_files; assert 'soundfile' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_made_is_what_the_library_reads_too() -> None:
    assert soundfile.read(io.BytesIO(made(1, 16, SAMPLES)))[0].tolist() == EXPECTED[0]
