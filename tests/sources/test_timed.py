"""Films and files of several pictures as sources: they play, stop, step and go anywhere."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from convlab.document.frame import Frame, Moment
from convlab.document.playback import Playback, Speed
from convlab.sources.base import SourceError
from convlab.sources.pages import PageSource
from convlab.sources.timed import TimedSource
from convlab.sources.video import VideoFile
from tests.films import FRAMES, Album, brightness, in_order, with_stated_count, write_film

PATIENCE = 20.0
ONCE = Playback(loop=False, speed=Speed.EVERY)
ALL = Playback(speed=Speed.EVERY)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("film") / "film.mp4")


def frames(source: TimedSource) -> Iterator[Frame]:
    """Give every frame until the end; a source that stays silent fails the test."""
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        frame = source.read()
        if frame is not None:
            yield frame
            end = time.perf_counter() + PATIENCE
        elif not source.moves:
            return
    pytest.fail("no frame came")


def moment(frame: Frame) -> Moment:
    assert frame.moment is not None
    return frame.moment


def number(source: TimedSource) -> int:
    return moment(next(frames(source))).number


def test_a_film_plays_once_or_over_and_over(film: Path) -> None:
    with closing(VideoFile(film)) as source:
        source.set_playback(ONCE)
        got = list(frames(source))
        assert [brightness(frame.pixels) for frame in got] == in_order(film)
        assert [frame.index for frame in got] == list(range(FRAMES))
        last = moment(got[-1])
        assert (last.number, last.count, last.is_last) == (FRAMES - 1, FRAMES, True)
        assert last.time == pytest.approx(2.36)
        assert last.duration == pytest.approx(2.4)
        assert (source.moves, source.read()) == (False, None)
        source.set_playback(ALL)
        assert source.moves
        assert [number(source) for _ in range(FRAMES + 2)] == [*range(FRAMES), 0, 1]


def test_a_film_goes_anywhere_and_on_from_there(film: Path) -> None:
    with closing(VideoFile(film)) as source:
        source.set_playback(ALL)
        assert number(source) == 0
        for wanted in (30, 29, 28, 29, 30, 32, 0, 59):
            source.go_to(wanted)
            assert source.is_seeking
            assert number(source) == wanted
            assert not source.is_seeking
        source.go_to(10**9)
        assert number(source) == FRAMES - 1
        source.go_to(5)
        assert [number(source) for _ in range(3)] == [5, 6, 7]


def test_of_many_places_on_the_way_some_are_shown_and_the_last_for_certain(film: Path) -> None:
    with closing(VideoFile(film)) as source:
        source.set_playback(ALL)
        assert number(source) == 0
        assert source._process._has_message(PATIENCE), "more is decoded ahead"
        for wanted in (20, 10, 35, 15):
            source.go_to(wanted)
        seen = [number(source)]
        while source.is_seeking:
            seen.append(number(source))
        assert seen[-1] == 15
        assert set(seen) <= {20, 10, 35, 15}, "nothing that was decoded ahead before"


@pytest.mark.parametrize("speed", [Speed.QUARTER, Speed.NORMAL, Speed.FOURFOLD])
def test_speed_is_that_of_the_times_in_the_file(film: Path, speed: Speed) -> None:
    with closing(VideoFile(film)) as source:
        source.set_playback(Playback(speed=speed))
        first, *_, last = (next(frames(source)) for _ in range(5))
        # Never faster; how much slower the machine decides.
        assert last.captured_at - first.captured_at > 3 * 0.04 / speed.factor


@pytest.mark.skipif(sys.platform != "linux", reason="kills a process by signal")
def test_a_film_whose_process_dies_is_lost_at_once(film: Path) -> None:
    with closing(VideoFile(film)) as source:
        assert number(source) == 0
        assert source._process.pid is not None
        os.kill(source._process.pid, signal.SIGKILL)
        source.go_to(30)
        with pytest.raises(SourceError, match="stopped answering: go to another place in it"):
            list(frames(source))


def test_a_torn_film_says_so_and_plays_what_is_there(tmp_path: Path) -> None:
    path = write_film(tmp_path / "torn.avi")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with closing(VideoFile(path)) as source:
        source.set_playback(ONCE)
        got = [moment(frame) for frame in frames(source)]
        # Of half a picture at the end nobody knew before: then the last comes once more.
        assert {each.number for each in got} == set(range(len(in_order(path))))
        assert got[-1].is_last
        assert source.remark.startswith("torn.avi ends after 0.")


def test_the_last_frame_says_so_even_where_the_file_lies(tmp_path: Path) -> None:
    path = write_film(tmp_path / "lying.avi")
    with_stated_count(path, 5000)
    with closing(VideoFile(path)) as source:
        source.set_playback(ONCE)
        assert moment(list(frames(source))[-1]).is_last


def test_an_animation_plays_by_its_own_times() -> None:
    album = Album([0.01, 0.05, 0.02])
    source = PageSource(album, "turn.gif")
    got = [next(frames(source)) for _ in range(4)]
    assert [int(frame.pixels[0, 0]) for frame in got] == [0, 1, 2, 0]
    moments = [moment(frame) for frame in got[:3]]
    assert [(each.number, each.count) for each in moments] == [(0, 3), (1, 3), (2, 3)]
    assert [each.time for each in moments] == pytest.approx([0.0, 0.01, 0.06])
    assert [each.duration for each in moments] == pytest.approx([0.08] * 3)
    # One that is late does not make those after it late, too: the gap behind it is shorter.
    since = np.subtract([frame.captured_at for frame in got[1:]], got[0].captured_at)
    late_at_first = 0.005
    assert (since > np.array([0.01, 0.06, 0.08]) - late_at_first).all()
    assert not source.stands
    source.close()
    assert album.is_closed


def test_pages_stand_and_are_turned_both_ways() -> None:
    source = PageSource(Album([0.5] * 24, "page"), "stack.tif")
    assert source.stands
    assert moment(next(frames(source))) == Moment(0, 24, noun="page")
    for wanted in (3, 2, 23, 0):
        source.go_to(wanted)
        assert number(source) == wanted
    source.go_to(99)
    assert number(source) == 23
    source.set_playback(ONCE)
    assert (list(frames(source)), source.moves) == ([], False)
    source.go_to(22)
    assert [moment(frame).number for frame in frames(source)] == [22, 23]


def test_a_damaged_page_is_said_and_passed_over() -> None:
    source = PageSource(Album([0.5] * 4, "page", damaged=(0, 2)), "stack.tif")
    source.set_playback(ALL)
    assert number(source) == 1
    source.go_to(2)
    assert source.read() is None
    assert source.remark == "picture 2 is damaged."
    assert number(source) == 3
    assert source.remark == ""


def test_where_no_page_can_be_had_nothing_opens() -> None:
    source = PageSource(Album([0.5] * 3, "page", damaged=(0, 1, 2)), "stack.tif")
    with pytest.raises(SourceError, match="picture 2 is damaged"):
        list(frames(source))
