"""Session -> capture and compute workers -> results: who tells whom, and who ends whom."""

from __future__ import annotations

import threading
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from convlab.document import edits
from convlab.document.job import Result
from convlab.document.source import SourceKind, SourceSpec
from convlab.runtime.capture import CaptureWorker
from convlab.runtime.capture_request import CaptureRequest, Change, SourceEvent
from convlab.runtime.compute import ComputeWorker, Evaluators
from convlab.runtime.latest import Latest
from convlab.runtime.learning import LearningWorker
from convlab.runtime.opening import Opener, describe
from convlab.runtime.pages import PageEvaluators, PageWorker
from convlab.runtime.session import Session
from convlab.sources.devices import CameraDevice, list_cameras

NO_PAGES: PageEvaluators = {}


class Pipeline(QObject):
    """Owns the workers. Lives in the window's thread; its signals from workers carry nothing.

    Args:
        session: What is shown.
        evaluators: Of each lab.
        throttled: Sources give pictures no faster than they were taken.
        page_evaluators: Of each lab that has pages.

    Signals:
        requested: The workers have been told something new.
        opening_changed: ``opening`` is another source, or none.
        result_ready: ``results`` was empty and has a result now.
        pages_ready: ``pages`` was empty and has a result now.
        source_remarked: What is to be said of the source, which goes on.
        source_opened: The SourceSpec that is shown from now on.
        source_error: Why a source cannot be shown, with the remedy; one of these two comes too:
        source_failed: The SourceSpec that does not open, or ended, and why.
        camera_lost: Why a camera is waited for.
        source_recovered: No camera is waited for any more.
        cameras_changed: ``cameras`` has been listed again.
        worker_failed: What a worker met that nobody foresaw, and whether it goes on.
    """

    requested = Signal()
    opening_changed = Signal()
    result_ready = Signal()
    pages_ready = Signal()
    source_opened = Signal(object)
    source_remarked = Signal(str)
    source_error = Signal(str)
    source_failed = Signal(object, str)
    camera_lost = Signal(str)
    source_recovered = Signal()
    cameras_changed = Signal()
    worker_failed = Signal(str)

    _source_news = Signal()
    _cameras_listed = Signal()

    def __init__(
        self,
        session: Session,
        evaluators: Evaluators,
        throttled: bool = True,
        page_evaluators: PageEvaluators = NO_PAGES,
    ) -> None:
        super().__init__(session)
        self.session = session
        self._opener = Opener(throttled)
        failed = self.worker_failed.emit
        self._pages = PageWorker(page_evaluators, self.pages_ready.emit, failed)
        self._compute = ComputeWorker(
            evaluators, self.result_ready.emit, failed, self._pages.pictures
        )
        self._capture = CaptureWorker(
            self._opener,
            self._compute.frames,
            self._source_news.emit,
            failed,
            throttled,
        )
        self.learning = LearningWorker(self._compute.trainings, self)
        self._wanted = self._named = session.document.source  # by a person, and by the document
        self._on_screen: SourceSpec | None = None
        self._failed: SourceSpec | None = None  # what was asked for last
        self._openings = 0
        self._paused_for: SourceSpec | None = None  # pages, which do not turn by themselves
        self.opening: SourceSpec | None = None
        self._listed: Latest[list[CameraDevice]] = Latest()
        self._lister: threading.Thread | None = None
        self.cameras: list[CameraDevice] = []
        self._source_news.connect(self._on_source_news)
        self._cameras_listed.connect(self._on_cameras_listed)
        session.document_changed.connect(self._on_document_changed)
        session.viewing_changed.connect(self._dispatch)
        session.hold_changed.connect(self._on_hold_changed)

    @property
    def results(self) -> Latest[Result]:
        """The newest result that was not taken yet."""
        return self._compute.results

    @property
    def pages(self) -> Latest[Result]:
        """The newest result of the pages beside the picture that was not taken yet."""
        return self._pages.results

    @property
    def generation(self) -> int:
        """Number of the newest request."""
        return self._compute.generation

    @property
    def captured(self) -> int:
        """Frames that the sources have delivered or dropped so far."""
        return self._capture.captured

    def start(self) -> None:
        """Start the workers on the session's document."""
        self._dispatch()
        self._pages.start()
        self._compute.start()
        self._capture.start()

    def stop(self) -> None:
        """End all threads and child processes; returns when they have ended."""
        self.learning.stop()
        self._capture.stop()
        self._compute.stop()
        self._pages.stop()
        if self._lister is not None:
            self._lister.join()

    def open(self, spec: SourceSpec) -> None:
        """Try to show another source; the document follows when it has delivered a picture."""
        self._wanted, self._failed = spec, None
        self._openings += 1
        self._dispatch()

    def cancel_opening(self) -> None:
        """Keep what is on the screen; what was being opened is let go of once it is read."""
        self.open(self.session.document.source)

    def paste(self, image: QImage) -> SourceSpec:
        """Show a picture from the clipboard; returns its name."""
        spec = self._opener.keep_pasted(image)
        self.open(spec)
        return spec

    def step(self) -> None:
        """Let one frame through while not playing."""
        self._capture.step()

    def go_to(self, number: int) -> None:
        """Show a frame of a film or a page of a file; behind the last one, that."""
        self._capture.go_to(number)

    def note_painted(self, number: int) -> None:
        """A frame is on the screen: a film may wait for that."""
        self._capture.note_painted(number)

    def find_cameras(self) -> None:
        """List the cameras in the background; ``cameras_changed`` tells the end."""
        if self._lister is None or not self._lister.is_alive():
            self._lister = threading.Thread(target=self._list_cameras, name="convlab-cameras")
            self._lister.start()

    def _list_cameras(self) -> None:
        self._listed.put(list_cameras())
        self._cameras_listed.emit()

    def _on_cameras_listed(self) -> None:
        self.cameras = self._listed.take() or []
        self.cameras_changed.emit()

    def _on_document_changed(self) -> None:
        source = self.session.document.source
        if source != self._named:  # an edit of something else leaves alone what is being opened
            self._wanted = self._named = source
            self.session.moment = None
        elif source.frame != self._named.frame:
            self._named = source
            self.go_to(source.frame)
        self._dispatch()

    def _on_hold_changed(self) -> None:
        """Let ranges stay under a hand; what waits for it to let go is answered again by itself."""
        self._compute.hold(self.session.is_held)

    def _dispatch(self) -> None:
        """Tell both workers what is wanted now."""
        document, viewing = self.session.document, self.session.viewing
        # A source that is not seen rests: the processor is for what is.
        is_playing = viewing.playing and viewing.shown_part.shows_source
        if viewing.playing:
            self._paused_for = None  # a person lets pages play
        self._capture.want(
            CaptureRequest(
                self._wanted,
                document.pattern,
                is_playing,
                document.drawing,
                document.playback,
                document.camera,
                self._openings,
            )
        )
        self._compute.request(document, viewing)
        self._note_opening()
        self.requested.emit()

    def _note_opening(self) -> None:
        """Tell if another source is waited for now, or none any more."""
        is_there = self._wanted in (self._on_screen, self._failed)
        opening = None if is_there else self._wanted
        if opening != self.opening:
            self.opening = opening
            self.opening_changed.emit()

    def _on_source_news(self) -> None:
        while not self._capture.events.empty():
            self._handle_event(self._capture.events.get())

    def _handle_event(self, event: SourceEvent) -> None:
        if event.change is Change.REMARK:
            self.source_remarked.emit(event.message)
            return
        if event.change is Change.FAILED:
            self._failed = event.spec
        else:
            self._on_screen = event.shown or event.spec
        self._note_opening()
        match event.change:
            case Change.OPENED:
                self._pause_for(event.shown or event.spec, event.stands)
                self._adopt(event.spec, event.shown or event.spec)
                self.source_recovered.emit()
                self.source_opened.emit(event.spec)
            case Change.BACK:
                self._adopt(event.spec, event.spec)
                self.source_recovered.emit()
            case Change.LOST:
                self._adopt(event.spec, event.spec)
                self.source_error.emit(event.message)
                self.camera_lost.emit(event.message)
            case Change.FAILED:
                if event.spec == self._wanted:
                    self._wanted = self.session.document.source
                    self._dispatch()
                self.source_error.emit(event.message)
                self.source_failed.emit(event.spec, event.message)

    def _pause_for(self, spec: SourceSpec, stands: bool) -> None:
        """Pause before pages, and go on before what comes after them."""
        viewing, paused_for = self.session.viewing, self._paused_for
        is_by_us = viewing.playing or paused_for is not None
        self._paused_for = spec if stands and is_by_us else None
        if stands:
            self.session.look(replace(viewing, playing=False))
        elif paused_for is not None and paused_for != spec:
            self.session.look(replace(viewing, playing=True))

    def _adopt(self, wanted: SourceSpec, shown: SourceSpec) -> None:
        """Let the document follow what is shown; a camera even while it is waited for."""
        document = self.session.document
        if wanted != self._wanted or shown == document.source:
            return
        after = edits.set_source(document, shown)
        if wanted == document.source:  # it was asked for already, and has its bytes now
            self.session.complete(after)
            return
        is_camera = shown.kind is SourceKind.CAMERA
        self.session.edit(after, "use camera" if is_camera else f"open {describe(shown)}")
