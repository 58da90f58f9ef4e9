import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.sources.base import Pacer
from convlab.sources.still import Still


class FakeTime:
    """A clock that only sleeping (or a test) moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


def paced(time: FakeTime, fps: float | None) -> Pacer:
    return Pacer(fps, time.clock, time.sleep)


def test_first_frame_is_due_at_once(time: FakeTime) -> None:
    pacer = paced(time, 10.0)
    assert pacer.wait()
    assert time.slept == []


def test_frames_are_a_period_apart_without_drift(time: FakeTime) -> None:
    pacer = paced(time, 20.0)
    pacer.advance()
    time.now += 0.03  # Drawing took a while: only the rest is waited for.
    assert pacer.wait()
    assert time.slept == pytest.approx([0.02])
    time.now += 0.01  # Late by less than a period: the next one is due on the old grid.
    pacer.advance()
    assert pacer.remaining() == pytest.approx(0.04)


def test_wait_is_bounded(time: FakeTime) -> None:
    pacer = paced(time, 1.0)
    pacer.advance()
    assert not pacer.wait(limit=0.05)
    assert time.slept == pytest.approx([0.05])


def test_nothing_is_caught_up_after_a_pause(time: FakeTime) -> None:
    pacer = paced(time, 10.0)
    pacer.advance()
    time.now += 5.0
    assert pacer.wait()
    pacer.advance()
    assert pacer.remaining() == pytest.approx(0.1)


def test_unthrottled_is_always_due(time: FakeTime) -> None:
    pacer = paced(time, None)
    for _ in range(3):
        assert pacer.wait()
        pacer.advance()
    assert time.slept == []


def test_frame_freezes_its_pixels() -> None:
    frame = Frame(np.zeros((2, 2), np.float32), 0, 1.0)
    with pytest.raises(ValueError, match="read-only"):
        frame.pixels[0, 0] = 1.0
    assert frame.white == 1.0


def test_still_gives_its_picture_once() -> None:
    picture = np.arange(12, dtype=np.uint16).reshape(3, 4)
    still = Still(picture.T, "Numbers")
    frame = still.read()
    assert frame is not None
    np.testing.assert_array_equal(frame.pixels, picture.T)
    assert (frame.index, frame.white) == (0, 1.0)
    assert frame.pixels.dtype == np.uint16
    assert frame.pixels.flags.c_contiguous
    assert not frame.pixels.flags.writeable
    assert picture.flags.writeable
    assert (still.read(), still.moves, still.title) == (None, False, "Numbers")
    still.close()
    still.close()
