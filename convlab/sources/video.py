"""A video file: at its own pace or another, over and over or once, from any frame on."""

from __future__ import annotations

import os

from convlab.document.file_name import shown_name
from convlab.document.frame import Frame
from convlab.sources.base import LONGEST_WAIT
from convlab.sources.files import require_video_file
from convlab.sources.process import CaptureProcess
from convlab.sources.protocol import SLOTS, UNPLAYABLE, Arrived, CaptureSpec, Ended, Place, Seek
from convlab.sources.timed import TimedSource


class VideoFile(TimedSource):
    """Plays a video and drops nothing.

    A child process decodes ahead. Whatever it had sent before it heard of a seek is let go of; the
    frame of an older seek is shown, so that a hand on the time line always sees one.

    Args:
        path: A regular file.
        unplayable: What is said of it if it is no film, behind its name.

    Raises:
        SourceError: It is missing, a folder, a device or pipe, or empty. That it is no video at
            all is found out by the first ``read``.
    """

    def __init__(self, path: str | os.PathLike[str], unplayable: str = UNPLAYABLE) -> None:
        full = require_video_file(path)
        super().__init__(shown_name(full))
        spec = CaptureSpec(str(full), live=False, unplayable=unplayable)
        self._process = CaptureProcess(spec, self.title)
        self._held: Arrived | None = None  # waits until it is due
        self._order = 0  # of the last seek
        self._accepted = 0  # of the frame that came last
        self._first: int | None = None  # frames before it are passed over

    def go_to(self, number: int) -> None:
        """Give a frame next, at once; behind the last one, that."""
        number = max(0, number)
        last = None if self._moment is None else self._moment.number
        is_ahead = last is not None and last < number <= last + SLOTS
        if is_ahead and self.moves and not self.is_seeking:
            self._first = number  # it is decoded already, or next
            if self._held is not None and _place(self._held).number < number:
                self._drop_held()
        else:
            self._seek(number)
        self.is_seeking = self.moves = True

    def read(self) -> Frame | None:
        """Give the next frame when it is due, or None.

        Raises:
            SourceError: It cannot be read any further.
        """
        if not self.moves:
            return None
        if self._held is None:
            received = self._process.receive(LONGEST_WAIT)
            self.remark = self._process.remark
            if isinstance(received, Ended):
                return self._end(received.count) if received.order == self._order else None
            self._held = self._accept(received)
        if self._held is None or not self._is_now(_place(self._held)):
            return None
        return self._give(self._held)

    def close(self) -> None:
        """Let go of the file."""
        self._process.kill()

    def _begin_again(self) -> None:
        self._seek(0)
        self.moves = True

    def _seek(self, number: int) -> None:
        self._drop_held()
        self._order, self._first = self._order + 1, None
        self._process.send(Seek(self._order, number))

    def _drop_held(self) -> None:
        if self._held is not None:
            self._process.release(self._held)
            self._held = None

    def _accept(self, arrived: Arrived | None) -> Arrived | None:
        """Let go of a frame that is not wanted."""
        if arrived is None:
            return None
        place = _place(arrived)
        is_new = place.order == self._order or place.order > self._accepted
        if is_new and (self._first is None or place.number >= self._first):
            return arrived
        self._process.release(arrived)
        return None

    def _is_now(self, place: Place) -> bool:
        """Wait for the time of a frame; what a person asked for is not waited for."""
        last = self._moment
        if self.is_seeking or last is None or last.time is None:
            self._pacer.restart()
            return True
        if place.number > last.number:
            return self._is_due(place.time - last.time)
        return self._is_due((place.duration or 0.0) - last.time)

    def _give(self, arrived: Arrived) -> Frame:
        self._held = self._first = None
        self._accepted = _place(arrived).order
        self.is_seeking = self._accepted != self._order
        return self._given(self._process.frame_of(arrived))


def _place(arrived: Arrived) -> Place:
    assert arrived.place is not None, "every frame of a film has one"
    return arrived.place
