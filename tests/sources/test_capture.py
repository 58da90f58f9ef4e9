"""Cameras and videos through a real child process, driven by a video made in the test."""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext, suppress
from itertools import count, islice
from pathlib import Path

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.sources import process, spawning
from convlab.sources.base import SourceError
from convlab.sources.camera import Camera
from convlab.sources.video import VideoFile
from tests.sources.conftest import FRAMES, STEP

LINUX = sys.platform.startswith("linux")
PATIENCE = 10.0
Player = Camera | VideoFile


def frames(source: Player) -> Iterator[Frame]:
    """Give every frame; a source that stays silent fails the test."""
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        frame = source.read()
        if frame is not None:
            yield frame
            end = time.perf_counter() + PATIENCE
    pytest.fail("no frame came")


def take(source: Player, count: int) -> list[Frame]:
    return list(islice(frames(source), count))


def failure(source: Player) -> str:
    """Read until the source is lost and give the reason."""
    with pytest.raises(SourceError) as caught:
        list(frames(source))
    with pytest.raises(SourceError):
        source.read()
    return str(caught.value)


def is_running(pid: int | None) -> bool:
    """Tell whether a process lives; one that nobody has collected yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.perf_counter() + PATIENCE
    while not condition():
        assert time.perf_counter() < end
        time.sleep(0.01)


def pause(source: Player) -> None:
    """Let a long time go by in which nobody reads the source."""
    source._process._clock = lambda: time.perf_counter() + 3600.0


def grey(frame: Frame) -> int:
    return round(float(frame.pixels.mean()) / STEP)


def test_camera_plays_a_file_in_a_loop(video: Path) -> None:
    with closing(Camera(str(video))) as camera:
        assert camera.read() is None  # Opening does not block: nothing can be there yet.
        got = take(camera, FRAMES + 4)
    first = got[0]
    assert first.pixels.shape == (48, 64, 3)
    assert first.pixels.dtype == np.uint8
    assert not first.pixels.flags.writeable
    assert [grey(frame) for frame in got] == [frame.index % FRAMES for frame in got]
    assert [f.index for f in got] == sorted({f.index for f in got})
    assert got[-1].index >= FRAMES
    assert 0.0 < time.perf_counter() - got[-1].captured_at < PATIENCE
    assert (camera.title, camera.moves) == (video.name, True)


def test_camera_is_paced_by_the_file(make_video: Callable[[float], Path]) -> None:
    with closing(Camera(str(make_video(25.0)))) as camera:
        got = take(camera, 6)
    periods = 25.0 * (got[-1].captured_at - got[0].captured_at)
    assert periods > got[-1].index - got[0].index - 1.5  # the first may have come late by one


def test_frames_nobody_took_leave_a_gap(video: Path) -> None:
    with closing(Camera(str(video))) as camera:
        (before,) = take(camera, 1)
        wait_until(lambda: time.perf_counter() - before.captured_at > 0.5)
        newest_waiting, after = take(camera, 2)
    # Three places, soon full; the newest of them is given.
    assert newest_waiting.index - before.index < after.index - newest_waiting.index
    assert grey(after) == after.index % FRAMES


def test_a_pause_is_no_silence(video: Path) -> None:
    with closing(Camera(str(video))) as camera:
        take(camera, 1)
        pause(camera)
        assert len(take(camera, 3)) == 3


@pytest.mark.skipif(not LINUX, reason="stops a process by signal")
@pytest.mark.parametrize(("share", "is_lost"), [(1.0, False), (0.0, True)])
def test_a_child_that_waits_for_a_processor_is_not_silent(
    video: Path, share: float, is_lost: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine a healthy camera would be called lost."""
    with closing(Camera(str(video))) as camera:
        take(camera, 1)
        ticks = count(0.0, 0.1)
        camera._process._clock = lambda: next(ticks)
        monkeypatch.setattr(process, "waited", lambda pid: share * next(ticks))
        assert camera._process.pid is not None
        os.kill(camera._process.pid, signal.SIGSTOP)
        with suppress(SourceError) if is_lost else nullcontext():
            for _ in range(50):
                camera.read()
        assert (camera._process._failure is not None) is is_lost


@pytest.mark.skipif(not LINUX, reason="looks into /proc")
def test_how_long_a_process_waited_is_reported() -> None:
    assert spawning.waited(os.getpid()) >= 0.0
    assert spawning.waited(None) == 0.0


def test_missing_camera_says_what_to_do() -> None:
    with closing(Camera("99")) as camera:
        text = failure(camera)
    assert text == (
        "Camera 99 is not there or is in use by another program: plug it in or close the other "
        "program."
    )


@pytest.mark.skipif(not LINUX, reason="looks into /proc")
def test_killed_child_is_noticed_and_not_left_over(video: Path) -> None:
    with closing(Camera(str(video))) as camera:
        take(camera, 1)
        assert camera._process.pid is not None
        os.kill(camera._process.pid, signal.SIGKILL)
        assert "stopped answering" in failure(camera)
        assert not Path(f"/proc/{camera._process.pid}").exists()


@pytest.mark.skipif(not LINUX, reason="stops a process by signal")
@pytest.mark.parametrize("started", [True, False])
def test_hung_child_is_killed(video: Path, started: bool) -> None:
    first = PATIENCE if started else 0.3
    with closing(Camera(str(video), first_frame_limit=first, silence_limit=0.3)) as camera:
        if started:
            take(camera, 1)
        assert camera._process.pid is not None
        os.kill(camera._process.pid, signal.SIGSTOP)
        assert failure(camera).startswith(f"{video.name} stopped answering: ")
        assert not Path(f"/proc/{camera._process.pid}").exists()


@pytest.mark.skipif(not LINUX, reason="looks into /proc")
def test_close_leaves_no_process_and_may_be_called_twice(video: Path) -> None:
    for source in (Camera(str(video)), VideoFile(video)):
        take(source, 1)
        source.close()
        source.close()
        assert not Path(f"/proc/{source._process.pid}").exists()
        assert source.read() is None


@pytest.mark.skipif(not LINUX, reason="handles and mappings are told in /proc")
def test_a_lost_source_gives_its_handles_and_its_mapping_back_at_once(video: Path) -> None:
    """Not when garbage is collected: until then each reopening of a camera would leave them."""
    lose(video)  # what is opened once for all is there now
    gc.collect()
    gc.disable()
    try:
        before = handles(), mapped()
        for _ in range(2):
            lose(video)
        assert (handles(), mapped()) == before
    finally:
        gc.enable()


def lose(video: Path) -> None:
    """Open a source whose process then dies."""
    camera = Camera(str(video))
    take(camera, 1)
    pid = camera._process.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    failure(camera)
    camera.close()


def handles() -> int:
    return len(os.listdir("/proc/self/fd"))


def mapped() -> int:
    """Count the mappings of buffers of captures."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return sum("pym-" in line for line in lines)


def test_no_room_for_a_process_is_an_error(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reject(_size: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(process, "BufferWrapper", reject)
    with pytest.raises(SourceError, match="cannot be opened, memory or disk is full: close"):
        Camera(str(video))


def test_close_before_the_child_is_up(video: Path) -> None:
    Camera(str(video)).close()


PROGRAM = """
import sys
import time
from pathlib import Path
import PySide6.QtCore
from convlab.sources.camera import Camera

print("started", flush=True)
camera = Camera(sys.argv[1])
while camera.read() is None:
    pass
pid = camera._process.pid
maps = Path(f"/proc/{pid}/maps").read_text()
print(pid, "PySide6" in maps, "PySide6" in Path("/proc/self/maps").read_text(), flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(not LINUX, reason="looks into /proc")
def test_child_loads_no_window_library_and_dies_with_its_parent(
    video: Path, tmp_path: Path
) -> None:
    script = tmp_path / "program.py"  # No guard: a child that imported it would start it again.
    script.write_text(PROGRAM, encoding="utf-8")
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, str(script), str(video)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "started\n"
        child, in_child, in_parent = program.stdout.readline().split()
        assert (in_child, in_parent) == ("False", "True")
        assert is_running(int(child))
        program.kill()
    wait_until(lambda: not is_running(int(child)))


def test_video_drops_nothing_and_loops(video: Path) -> None:
    with closing(VideoFile(video)) as source:
        got = take(source, 2 * FRAMES + 1)
    assert [frame.index for frame in got] == list(range(2 * FRAMES + 1))
    assert [grey(frame) for frame in got] == [n % FRAMES for n in range(2 * FRAMES + 1)]


def test_video_keeps_its_pace(make_video: Callable[[float], Path]) -> None:
    with closing(VideoFile(make_video(25.0))) as source:
        start = time.perf_counter()
        take(source, 7)
        assert time.perf_counter() - start > 6 / 25.0


def test_video_goes_on_where_it_was_paused(video: Path) -> None:
    with closing(VideoFile(video)) as source:
        (before,) = take(source, 1)
        pause(source)
        (after,) = take(source, 1)
    assert after.index == before.index + 1


def unreadable(folder: Path) -> dict[str, Path]:
    pipe, empty = folder / "pipe.avi", folder / "empty.mp4"
    os.mkfifo(pipe)
    empty.touch()
    return {
        "is not there": folder / "missing.mp4",
        "is a folder": folder,
        "is a device or pipe": pipe,
        "is empty": empty,
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize(
    "reason", ["is not there", "is a folder", "is a device or pipe", "is empty"]
)
def test_what_is_no_regular_file_is_rejected_before_it_is_opened(
    tmp_path: Path, reason: str
) -> None:
    path = unreadable(tmp_path)[reason]
    for make in (VideoFile, Camera):
        with pytest.raises(SourceError, match=rf"{reason}: choose"):
            make(str(path))


def test_a_file_that_is_no_video_says_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("not a video " * 100, encoding="utf-8")
    with closing(VideoFile(path)) as source:
        assert failure(source) == "notes.mp4 cannot be played: convert it to MP4 or WebM first."


def test_a_video_that_was_cut_off_says_so_or_plays(video: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.avi"
    path.write_bytes(video.read_bytes()[:3000])
    with closing(VideoFile(path)) as source:
        assert "cannot be" in failure(source)
