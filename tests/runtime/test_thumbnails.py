"""Small pictures, made in a thread of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from convlab.document.source import SourceSpec
from convlab.runtime.source_thumbnails import SourceThumbnails
from convlab.runtime.thumbnails import Thumbnail, Thumbnailer, Thumbnails

NOTHING = Thumbnail(None)


@pytest.fixture
def thumbnailer(qtbot: QtBot) -> Iterator[Thumbnailer]:
    made = Thumbnailer(lambda: None)
    yield made
    made.stop()


def test_they_are_made_in_another_thread_and_taken_in_this(
    thumbnailer: Thumbnailer, qtbot: QtBot
) -> None:
    threads: list[threading.Thread] = []
    taken: list[str] = []

    def make() -> Thumbnails:
        for key in "abc":
            threads.append(threading.current_thread())
            yield key, NOTHING

    def take(key: str, thumbnail: Thumbnail) -> None:
        assert threading.current_thread() is threading.main_thread()
        taken.append(key)

    thumbnailer.make(make(), take)
    qtbot.waitUntil(lambda: taken == ["a", "b", "c"])
    assert threading.main_thread() not in threads


def test_another_list_ends_the_one_in_hand(thumbnailer: Thumbnailer, qtbot: QtBot) -> None:
    begun, go_on = threading.Event(), threading.Event()
    taken: list[str] = []

    def slow() -> Thumbnails:
        yield "first", NOTHING
        begun.set()
        go_on.wait()
        yield "late", NOTHING
        raise AssertionError("nobody wants more")

    def quick() -> Thumbnails:
        yield "other", NOTHING

    thumbnailer.make(slow(), lambda key, _: taken.append(key))
    assert begun.wait(10)
    thumbnailer.make(quick(), lambda key, _: taken.append(key))
    go_on.set()
    qtbot.waitUntil(lambda: "other" in taken)
    assert "late" not in taken


def test_a_source_is_drawn_once() -> None:
    specs = [SourceSpec.parse("camera:0"), SourceSpec.parse("pattern:step")]
    kept = SourceThumbnails()
    ((key, first),) = kept.make(specs, (48, 64))
    assert key == "pattern:step"
    assert first.pixels is not None
    assert first.pixels.shape == (6, 6, 4), "it is small enough as it is"
    ((_, again),) = kept.make(specs, (48, 64))
    assert again.pixels is first.pixels


def test_a_file_that_is_no_picture_has_none(tmp_path: Path) -> None:
    file = tmp_path / "broken.png"
    file.write_bytes(b"no picture")
    missing = file.with_name("missing.png")
    specs = [SourceSpec.of_file(str(path)) for path in (file, missing)]
    assert list(SourceThumbnails().make(specs, (48, 64))) == [(str(specs[0]), NOTHING)]
