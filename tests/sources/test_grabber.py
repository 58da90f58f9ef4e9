"""The child's work, done here with a stand-in for the device: every step is determined."""

import os
import sys
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from convlab.engine.arrays import AnyArray
from convlab.engine.cv import cv2
from convlab.sources.film import usable_fps
from convlab.sources.grabber import Grabber, Repetition, open_capture
from convlab.sources.protocol import (
    SLOTS,
    Arrived,
    CaptureSpec,
    Command,
    Ended,
    Failed,
    Message,
    Opened,
    Place,
    Release,
    Remark,
    Seek,
    Working,
    pack,
    unpack,
    unpack_command,
)

SHAPE = (4, 6, 3)
DEVICE = CaptureSpec(0, live=True)
LOST = "stopped delivering pictures: unplug it and plug it in again."


def pictures(count: int) -> list[AnyArray]:
    """BGR pictures: blue is the number."""
    return [np.full(SHAPE, (number, 100, 200), np.uint8) for number in range(count)]


class FakeDevice:
    """Gives the pictures, then fails; None among them is a picture that is not there."""

    def __init__(
        self,
        frames: list[AnyArray],
        opens: bool = True,
        before: Callable[[int], None] | None = None,
    ) -> None:
        self._frames = frames
        self._opens = opens
        self._before = before or (lambda _number: None)
        self._reads = 0
        self.released = 0

    def isOpened(self) -> bool:
        return self._opens

    def read(self) -> tuple[bool, AnyArray]:
        self._before(self._reads)
        self._reads += 1
        if self._reads > len(self._frames):
            return False, np.empty(0, np.uint8)
        return True, self._frames[self._reads - 1]

    def grab(self) -> bool:
        return False

    def retrieve(self) -> tuple[bool, AnyArray]:
        return False, np.empty(0, np.uint8)

    def get(self, _property: int, /) -> float:
        return 25.0

    def set(self, _property: int, _value: float, /) -> bool:
        return True

    def release(self) -> None:
        self.released += 1


class Bench:
    """Runs a grabber to its end and collects what it said."""

    def __init__(self) -> None:
        self.ours, self._theirs = Pipe()
        self.memory = np.zeros(SLOTS * 4 * 6 * 3, np.uint8)

    def run(
        self, *devices: FakeDevice, spec: CaptureSpec = DEVICE, is_attached: bool = True
    ) -> list[Message]:
        waiting = iter(devices)
        Grabber(
            spec,
            self.memory,
            self._theirs,
            opener=lambda _spec: next(waiting),
            attached=lambda _number: is_attached,
        ).run()
        self._theirs.close()
        return list(self._messages(self.ours))

    def _messages(self, pipe: Connection) -> list[Message]:
        found = []
        while not pipe.closed and pipe.poll(0):
            try:
                found.append(unpack(pipe.recv_bytes()))
            except EOFError:
                break
        return found


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize(
    "message",
    [
        Arrived(2, 1080, 1920, 2**40, 12.5),
        Arrived(2, 1080, 1920, 2**40, 12.5, Place(7, 96, 3.2, 360, 12.0)),
        Arrived(0, 1, 1, 0, 0.0, Place(0, 0, 0.0, None, None)),
        Opened(29.97),
        Ended(3, 360),
        Ended(0, None),
        Working(),
        Remark("endet früher."),
        Failed("ist weg: größer."),
    ],
)
def test_messages_survive_the_pipe(message: Message) -> None:
    assert unpack(pack(message)) == message


@pytest.mark.parametrize("command", [Release(2), Seek(2**31, 2**40)])
def test_commands_survive_the_pipe(command: Command) -> None:
    assert unpack_command(pack(command)) == command


@pytest.mark.parametrize("fps", [None, 60.0])
def test_a_device_is_asked_for_a_size_and_a_rate(
    fps: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[int, float] = {}
    device = FakeDevice([])
    monkeypatch.setattr(device, "set", lambda name, value: asked.update({name: value}))
    monkeypatch.setattr(cv2, "VideoCapture", lambda _: device)
    assert open_capture(CaptureSpec(0, True, 1920, 1080, fps)) is device
    size = asked[cv2.CAP_PROP_FRAME_WIDTH], asked[cv2.CAP_PROP_FRAME_HEIGHT]
    assert size == (1920, 1080)
    assert asked.get(cv2.CAP_PROP_FPS) == fps
    # Uncompressed, few cameras have large pictures at such a rate; else they are left as they are.
    assert (cv2.CAP_PROP_FOURCC in asked) is (fps is not None)


def test_pictures_arrive_as_rgb_in_slots(bench: Bench) -> None:
    opened, first, second, failed = bench.run(FakeDevice(pictures(2)))
    assert opened == Opened(25.0)
    assert isinstance(first, Arrived)
    assert isinstance(second, Arrived)
    assert (first.slot, first.height, first.width, first.index) == (0, 4, 6, 0)
    assert (second.slot, second.index) == (1, 1)
    assert first.captured_at <= second.captured_at
    slots = bench.memory.reshape(SLOTS, *SHAPE)
    assert slots[0, 0, 0].tolist() == [200, 100, 0]
    assert slots[1, 3, 5].tolist() == [200, 100, 1]
    assert failed == Failed(LOST)


def test_grey_pictures_become_rgb(bench: Bench) -> None:
    bench.run(FakeDevice([np.full((4, 6), 7, np.uint8)]))
    assert (bench.memory[: 4 * 6 * 3] == 7).all()


def test_without_a_free_slot_pictures_are_dropped_and_counted(bench: Bench) -> None:
    def give_back(number: int) -> None:
        if number == 5:
            bench.ours.send_bytes(pack(Release(1)))

    said = bench.run(FakeDevice(pictures(8), before=give_back))
    arrived = [(m.index, m.slot) for m in said if isinstance(m, Arrived)]
    assert arrived == [(0, 0), (1, 1), (2, 2), (6, 1)]  # 3, 4, 5 and 7 found no place.


def test_device_is_released_at_the_end(bench: Bench) -> None:
    device = FakeDevice(pictures(1))
    bench.run(device)
    assert device.released >= 1


def test_missing_device_is_an_error(bench: Bench) -> None:
    (failed,) = bench.run(FakeDevice([], opens=False))
    assert isinstance(failed, Failed)
    assert failed.text.startswith("is not there or is in use by another program: ")


def test_device_that_gives_nothing_is_lost(bench: Bench) -> None:
    assert bench.run(FakeDevice([])) == [Opened(25.0), Failed(LOST)]


@pytest.mark.parametrize(
    ("picture", "text"),
    [
        (np.empty((0, 0, 3), np.uint8), LOST),
        (np.zeros((5, 6, 3), np.uint8), "changed its picture format while running: open it again."),
        (np.zeros(SHAPE, np.uint16), "changed its picture format while running: open it again."),
    ],
)
def test_odd_picture_is_a_loss(bench: Bench, picture: AnyArray, text: str) -> None:
    assert bench.run(FakeDevice([*pictures(1), picture]))[-1] == Failed(text)


def test_picture_larger_than_a_slot_is_rejected(bench: Bench) -> None:
    (_, failed) = bench.run(FakeDevice([np.zeros((50, 60, 3), np.uint8)]))
    assert isinstance(failed, Failed)
    assert "3840×2160" in failed.text


def test_a_device_that_repeats_its_picture_is_lost_once_it_is_unplugged(bench: Bench) -> None:
    """Some drivers go on with the last picture; a covered lens gives one and the same as well."""
    spec = CaptureSpec(0, live=True, same_after=0.0)
    said = bench.run(FakeDevice(pictures(1) * 3), spec=spec, is_attached=False)
    assert said[-1] == Failed("was unplugged: plug it in again.")


def test_a_still_picture_before_a_camera_is_no_loss(bench: Bench) -> None:
    spec = CaptureSpec(0, live=True, same_after=0.0)
    said = bench.run(FakeDevice(pictures(1) * 3), spec=spec)
    assert sum(isinstance(message, Arrived) for message in said) == 3
    assert said[-1] == Failed(LOST)


def test_repeated_picture_in_a_file_is_no_loss(bench: Bench) -> None:
    spec = CaptureSpec("still.avi", live=True, same_after=0.0)
    devices = FakeDevice(pictures(1) * 3), FakeDevice([])
    said = bench.run(*devices, spec=spec)
    assert sum(isinstance(message, Arrived) for message in said) == 3


def test_file_that_ends_begins_again(bench: Bench) -> None:
    spec = CaptureSpec("short.avi", live=True)
    devices = FakeDevice(pictures(2)), FakeDevice(pictures(1)), FakeDevice([])
    said = bench.run(*devices, spec=spec)
    assert [message.index for message in said if isinstance(message, Arrived)] == [0, 1, 2]
    assert bench.memory.reshape(SLOTS, *SHAPE)[2, 0, 0].tolist() == [200, 100, 0]
    assert said[-1] == Failed("cannot be read any further: convert it to MP4 or WebM first.")
    assert all(device.released >= 1 for device in devices)


def test_ends_quietly_when_the_parent_is_gone(bench: Bench) -> None:
    def vanish(number: int) -> None:
        if number == 1:
            bench.ours.close()

    bench.run(FakeDevice(pictures(50), before=vanish))


def test_repetition_needs_the_very_same_picture_for_long_enough() -> None:
    repetition = Repetition(2.0)
    one, other = np.zeros((32, 32, 3), np.uint8), np.zeros((32, 32, 3), np.uint8)
    other[5, 5, 0] = 1  # Off the sparse grid.
    assert not repetition.is_stuck(one, 0.0)
    assert not repetition.is_stuck(one.copy(), 1.9)
    assert repetition.is_stuck(one.copy(), 2.0)
    assert not repetition.is_stuck(other, 2.1)
    assert not repetition.is_stuck(other.copy(), 4.0)
    assert repetition.is_stuck(other.copy(), 4.2)


@pytest.mark.parametrize(
    ("stated", "used"), [(25.0, 25.0), (0.0, 30.0), (float("nan"), 30.0), (90000.0, 30.0)]
)
def test_senseless_rates_are_replaced(stated: float, used: float) -> None:
    assert usable_fps(stated) == used


@pytest.mark.skipif(sys.platform != "linux", reason="no file may be called so")
def test_a_file_whose_name_is_no_text_opens(video: Path, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.avi")
    path.write_bytes(video.read_bytes())
    device = open_capture(CaptureSpec(str(path), live=False))
    assert device.read()[0]
    device.release()
