"""The composition root: one application, one session, its workers and the window."""

from __future__ import annotations

import argparse
import gc
import locale
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Qt is imported only when a window is wanted: capture children need none
    from PySide6.QtWidgets import QApplication

    from convlab.runtime.interrupts import Interrupts
    from convlab.ui.kept_work import UnsavedWork
    from convlab.ui.main_window import MainWindow

# The window waits no longer than this for a worker that runs Python code; 5 ms, Python's own
# choice, is a third of a frame [s].
SWITCH_INTERVAL = 0.0005
DEMONSTRATION = 3.0  # how long the program runs where there is no display [s]
DEMONSTRATION_FILE = Path("convlab.png")
FIRST_PICTURE_LIMIT = 20.0  # [s]
FILE_LIMIT = 120.0  # a project or a network is read and tried first [s]
ARRANGED = 0.05  # [s]
SETTLE = 0.4  # figures are written at most eight times a second: let them follow [s]


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """Read the command line of the window."""
    from convlab.document.document import Lab

    parser = argparse.ArgumentParser(
        prog="convlab",
        description="A desktop laboratory for convolution.",
        epilog="Other commands: convlab doctor, convlab bench. With --screenshot, or where there "
        "is no display, the exit code is 0 if all that was named could be opened, else 1: the "
        "reason stands on stderr, and the picture is saved all the same.",
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=_named,
        help="a picture, a video, a project, a network, weights or a kernel to open",
    )
    parser.add_argument(
        "--source",
        metavar="SPEC",
        type=_named,
        help="camera:0, camera:VIDEOFILE, pattern:NAME, drawing:blank, or a picture or video file",
    )
    parser.add_argument("--lab", choices=[lab.value for lab in Lab], help="the lab to begin with")
    parser.add_argument(
        "--screenshot", metavar="FILE.png", type=Path, help="save the window's picture and leave"
    )
    parser.add_argument("--size", metavar="WxH", type=_size, help="size of the window [px]")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parse_arguments(arguments)
    has_display = _has_display()
    if not has_display:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        app = make_application()
    except ImportError as error:
        print(f"A system library is missing: {error}.", file=sys.stderr)
        print("`python -m convlab doctor` says which, and how to get it.", file=sys.stderr)
        return 1
    return _run(app, arguments, options, has_display)


def _run(
    app: QApplication, arguments: list[str], options: argparse.Namespace, has_display: bool
) -> int:
    """Show the window, and end its workers however that turns out."""
    from convlab.engine.errors import as_message
    from convlab.runtime.interrupts import Interrupts
    from convlab.runtime.log_file import start_logging
    from convlab.runtime.tuning import Tuner
    from convlab.ui.errors import ErrorReporter

    start_logging()
    interrupts = Interrupts(app)
    interrupts.install()
    reporter = ErrorReporter(app)
    reporter.install()
    window = create_window(arguments)
    failures = _failures(window, options)
    if options.screenshot is not None or not has_display:
        window.projects.trust.open_nothing()
    reporter.reported.connect(window.show_program_error)
    tuner = Tuner()
    tuner.start()
    try:
        window.show()
        if options.screenshot is None and has_display:
            return _run_until_closed(app, window, options, interrupts)
        is_done = (
            _demonstrate(app, window)
            if options.screenshot is None
            else _take_screenshot(app, window, options.screenshot)
        )
        for message in dict.fromkeys([*map(as_message, failures), window.message.text]):
            if message:
                print(message, file=sys.stderr)
        return 0 if is_done and not failures else 1
    finally:
        window.close()
        window.deleteLater()
        tuner.stop()
        reporter.uninstall()
        interrupts.uninstall()


def _run_until_closed(
    app: QApplication, window: MainWindow, options: argparse.Namespace, interrupts: Interrupts
) -> int:
    """Let a person work; whatever ends that, nothing is lost."""
    names_source = options.file is not None or options.source is not None
    unsaved = keep_unsaved_work(window, bring_back=not names_source)
    unsaved.kept.connect(interrupts.expect_end)
    interrupts.save_first(unsaved.keep_for_the_next_start)
    app.commitDataRequest.connect(unsaved.on_session_end)
    code = app.exec()
    return interrupts.exit_code or code


def keep_unsaved_work(window: MainWindow, bring_back: bool) -> UnsavedWork:
    """Let a window keep its unsaved work when it closes, and look for what was kept last.

    Args:
        window: Not closed yet.
        bring_back: Show what was kept; else it is offered.
    """
    from convlab.io.kept_work import kept_folder
    from convlab.runtime.keeper import Keeper
    from convlab.ui.kept_work import UnsavedWork

    unsaved = UnsavedWork(window, Keeper(kept_folder(), window))
    window.keep_unsaved_work(unsaved)
    unsaved.look(bring_back)
    return unsaved


def make_application() -> QApplication:
    """Return the one QApplication, in a process set up for live pictures.

    Raises:
        ImportError: A library of the system is missing.
    """
    from PySide6.QtWidgets import QApplication

    from convlab.engine.errors import OverflowWarning
    from convlab.runtime.memory import keep_large_blocks

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("ConvLab")
    sys.setswitchinterval(SWITCH_INTERVAL)
    keep_large_blocks()
    warnings.simplefilter("ignore", OverflowWarning)  # each view says it where it is seen
    app.setDesktopFileName("convlab")
    _speak_english()
    return app


def _speak_english() -> None:
    """Take the system's reasons ("No such file or directory") in the language of all texts.

    Qt chose the user's language for them when the application was made.
    """
    category = getattr(locale, "LC_MESSAGES", None)  # Windows has none
    if category is not None:
        locale.setlocale(category, "C")


def create_window(arguments: list[str]) -> MainWindow:
    """Return the main window with everything wired and the workers running; not yet shown.

    Needs a QApplication. Closing the window ends the workers.
    """
    from PySide6.QtWidgets import QApplication

    from convlab.document.document import Document, Lab
    from convlab.document.source import SourceSpec
    from convlab.runtime.pipeline import Pipeline
    from convlab.runtime.session import Session
    from convlab.runtime.settings import Settings
    from convlab.ui import access
    from convlab.ui.appearance import stored_choice, stored_scale
    from convlab.ui.labs import EVALUATORS, PAGE_EVALUATORS
    from convlab.ui.main_window import MainWindow
    from convlab.ui.theme import apply_theme, load_fonts

    options = parse_arguments(arguments)
    gc.disable()  # from now on the window collects garbage, between events
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("create_window needs a QApplication: call make_application() first.")
    settings = Settings()
    access.install()
    load_fonts(app)
    apply_theme(app, stored_choice(settings).resolved(), stored_scale(settings))

    is_project = options.file is not None and _is_project(options.file)
    source = _source_of(options)
    document = Document(source=SourceSpec.parse(source)) if source else Document()
    pipeline = Pipeline(Session(document), EVALUATORS, page_evaluators=PAGE_EVALUATORS)
    window = MainWindow(pipeline, settings)
    if options.size is not None:
        window.resize(*options.size)
    if options.lab is not None and Lab(options.lab) is not window.session.viewing.lab:
        window.go_to(Lab(options.lab))
    window.start(prefer_camera=source is None and not is_project)
    if is_project:
        window.projects.keep_lab(options.lab is not None)
        window.projects.open(options.file, keeps_source=source is not None)
    elif options.file is not None and _is_read_by_a_lab(options.file):
        window.openings.open_file(options.file)
    return window


def _failures(window: MainWindow, options: argparse.Namespace) -> list[str]:
    """Return a list that will hold why what the command line names cannot be opened.

    A camera that nobody named is none of it, nor is the source of a project.
    """
    failures: list[str] = []
    window.desk.failed.connect(failures.append)
    window.networks.failed.connect(failures.append)
    if _source_of(options):
        window.pipeline.source_error.connect(failures.append)
    return failures


def _source_of(options: argparse.Namespace) -> str | None:
    """Return the source that the command line names; its file may be none."""
    file: str | None = options.file
    named: str | None = options.source
    if named is None and file is not None and not (_is_project(file) or _is_read_by_a_lab(file)):
        return file
    return named


def _is_read_by_a_lab(file: str) -> bool:
    from convlab.ui.labs import lab_of_file
    from convlab.ui.network_files import TOLD_APART

    return lab_of_file(file) is not None or file.lower().endswith(TOLD_APART)


def _is_project(file: str) -> bool:
    from convlab.document.source import PROJECT_SUFFIX

    return file.lower().endswith(PROJECT_SUFFIX)


def _named(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty: name a file or a source, or leave it out")
    return text


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) and int(height)):
        raise argparse.ArgumentTypeError(f"{text!r} is no size: write it as 1440x900")
    return int(width), int(height)


def _has_display() -> bool:
    """Tell whether Qt can open a window here (or was told explicitly what to use)."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _run_until(
    app: QApplication, seconds: float, is_reached: Callable[[], bool] | None = None
) -> bool:
    """Run the event loop for a time, or until something is so; tell whether it is."""
    from PySide6.QtCore import QEventLoop

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if is_reached is not None and is_reached():
            return True
        time.sleep(0.002)
    return False


def _save(app: QApplication, window: MainWindow, file: Path) -> bool:
    """Write the window's picture; say in one message if that cannot be."""
    from PySide6.QtCore import QBuffer, QIODevice

    from convlab.io.safe_write import write_bytes

    _run_until(app, ARRANGED)  # what was written last gets its room
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")
    try:
        write_bytes(file, bytes(buffer.data().data()))
    except OSError as error:
        reason = error.strerror or error
        print(f"The picture cannot be saved to {file}: {reason}.", file=sys.stderr)
        return False
    return True


def _take_screenshot(app: QApplication, window: MainWindow, file: Path) -> bool:
    painted = _first_picture(app, window)
    _run_until(app, SETTLE)
    # What is in sight is known when the first result is: its pictures come with a later one.
    _run_until(app, FIRST_PICTURE_LIMIT, lambda: window.pump.is_up_to_date)
    if not painted:
        limit = f"{FIRST_PICTURE_LIMIT:g} s"
        print(f"No result came within {limit}: try again on a quieter machine.", file=sys.stderr)
    return _save(app, window, file) and painted


def _demonstrate(app: QApplication, window: MainWindow) -> bool:
    """Do the main job where nobody can look: run, save a picture, say what was measured."""
    print(f"There is no display: running for {DEMONSTRATION:g} s without one.")
    _first_picture(app, window)
    _run_until(app, DEMONSTRATION)
    saved = _save(app, window, DEMONSTRATION_FILE)
    pump = window.pump
    print(
        f"{pump.frames_shown} frames shown, {pump.frames_dropped} dropped, "
        f"latency {pump.latency:.0f} ms; the window's picture is in {DEMONSTRATION_FILE}."
    )
    return saved


def _first_picture(app: QApplication, window: MainWindow) -> bool:
    """Wait until a file was opened, if there is one, and a result was painted; tell if it was."""
    is_read = _run_until(
        app, FILE_LIMIT, lambda: not (window.desk.worker.is_busy or window.networks.is_busy)
    )
    return is_read and _run_until(app, FIRST_PICTURE_LIMIT, lambda: window.pump.frames_shown > 0)
