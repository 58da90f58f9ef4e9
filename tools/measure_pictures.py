"""Measure how much of what is computed is seen: strong colours, true blurs, ranges that stay.

Everything is read from the real window, with its settings of a first start. Run it in two
checkouts to compare.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["CONVLAB_HOME"] = tempfile.mkdtemp()

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from convlab.app import create_window, make_application
from convlab.document.kernel.auto_display import OutputRange, painted_mode
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.panels import figures
from convlab.document.stack.job import StackShown
from convlab.engine.cv import cv2
from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.main_window import MainWindow
from convlab.ui.stack.stack_lab import StackLab
from convlab.ui.theme import ThemeChoice

PICTURES = Path(__file__).parents[1] / "resources" / "pictures"
PHOTOS = ("coffee.jpg", "astronaut.jpg", "chelsea.jpg", "camera.png")
STRONG = 60  # difference of the largest and the least of red, green and blue, of 255
QUIET = 0.5  # without anything new: settled [s]
DRAG = 10.0  # [s]
NEAR = 1.5  # a range within this factor of the rule's is as good
AT_MOST = 2.0  # longer nothing is waited for [s]
CUTS, SCENE, RATE, DIM = 4, 45, 30, 0.15  # of a video: scenes [frames], frames per second


def run(seconds: float) -> None:
    """Let the window go on."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        QApplication.processEvents()
        time.sleep(0.002)


@contextmanager
def opened(
    *arguments: str, size: str = "1440x900", colors: ThemeChoice = ThemeChoice.LIGHT
) -> Iterator[MainWindow]:
    """Open the window, and wait until its first picture stands still or moves."""
    window = create_window([*arguments, "--size", size])
    window.appearance.choose_theme(colors)
    window.show()
    while window.pump.frames_shown == 0:
        run(0.05)
    run(2 * QUIET)
    while not window.pump.is_up_to_date:  # a busy machine takes longer
        run(0.05)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        run(0.05)


def strong_share(pixels: np.ndarray) -> float:
    """Return the share of strongly coloured pixels of ``(H, W, 4)`` BGRA."""
    colors = pixels[..., :3].astype(int)
    return float((colors.max(axis=2) - colors.min(axis=2) > STRONG).mean())


def grabbed(widget: QWidget) -> np.ndarray:
    """Return what a widget looks like, ``(H, W, 4)`` BGRA."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)


def kernel_shown(window: MainWindow) -> KernelShown:
    """Return the last result of the kernel lab."""
    shown = window.pump.shown
    assert isinstance(shown, KernelShown)
    return shown


def choose(window: MainWindow, name: str, text: str) -> None:
    """Choose an entry of a combo box."""
    combo = window.findChild(QComboBox, name)
    assert isinstance(combo, QComboBox)
    index = next(i for i in range(combo.count()) if combo.itemText(i).strip() == text)
    combo.setCurrentIndex(index)
    combo.activated.emit(index)
    run(2 * QUIET)


def output_colors() -> None:
    """Print how much of the output is strongly coloured, and how much is clipped."""
    shares, clipped = [], []
    for photo in PHOTOS:
        with opened("--source", str(PICTURES / photo)) as window:
            output = kernel_shown(window).output
            shares.append(strong_share(output.bgra))
            clipped.append(figures(output).stats.clipped)
    print(f"output of Sobel, strongly coloured: median {median(shares):.1%}  (each ", end="")
    print(", ".join(f"{share:.1%}" for share in shares), end="")
    print(f"), clipped at most {max(clipped):.2%}")


def blur() -> None:
    """Print how far the picture of a blur is from the picture."""
    with opened("--source", str(PICTURES / "astronaut.jpg")) as window:
        choose(window, "color_space_combo", "RGB")
        choose(window, "preset_combo", "Gaussian 9×9")
        shown = kernel_shown(window)
        top, left = (-edge for edge in shown.input.origin)
        rows, columns = shown.output.bgra.shape[:2]
        picture = shown.input.bgra[top : top + rows, left : left + columns, :3]
        apart = np.abs(shown.output.bgra[..., :3].astype(int) - picture).mean()
        print(f"blur of a colour picture: {apart:.1f} of 255 from the picture")


def ranges() -> None:
    """Print how often the range changes in a slow drag, after it, and while nobody drags."""
    with opened("--source", "pattern:drift") as window:
        grid = window.labs.of(KernelLab).kernel.grid
        start = grid.cell_rect(0, 0).center().toPoint()
        left, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        idle = changes(window, lambda _: None)
        QTest.mousePress(grid, left, keys, start)

        def drag(place: float) -> None:
            QTest.mouseMove(grid, start + QPoint(round(120 * place), 0))

        dragged = changes(window, drag)
        QTest.mouseRelease(grid, left, keys, start + QPoint(120, 0))
        released = time.monotonic()
        after = seconds_until_near(window, released)
        print(
            f"range, {DRAG:.0f} s each: {idle} changes while nobody drags, {dragged} in a slow "
            f"drag; within {NEAR} of the rule {after:.2f} s after it ({AT_MOST} s: not at all)"
        )


def seconds_until_near(window: MainWindow, since: float) -> float:
    """Return how long it takes until what is painted is near the rule's range, or AT_MOST [s]."""
    while time.monotonic() - since < AT_MOST and not is_near(window):
        run(0.01)
    return time.monotonic() - since


def is_near(window: MainWindow) -> bool:
    """Tell whether the output is painted about as it would be if it were the first."""
    shown = kernel_shown(window)
    job, output = replace(shown.job, is_held=False), shown.output.planes
    mode, limit = OutputRange().choose(job, painted_mode(job, shown.input.planes), output, 0.0)
    wanted = job.frame.white if limit is None else limit
    painted = shown.output.scale.high
    return shown.output.mode is mode and wanted / NEAR <= painted <= wanted * NEAR


def scene_cuts() -> None:
    """Print how long after a scene cut of a video the range has followed."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "cuts.avi")
        photo = np.asarray(cv2.imread(str(PICTURES / PHOTOS[0])))
        size = photo.shape[1], photo.shape[0]
        video = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), RATE, size)
        for gain in (DIM, 1.0):
            scene = (photo * gain).astype(np.uint8)
            for _ in range(SCENE):
                video.write(scene)
        video.release()
        with opened("--source", path) as window:
            waited: list[float] = []
            while len(waited) < CUTS:
                before = is_bright(window)
                while is_bright(window) is before:
                    run(0.005)
                waited.append(seconds_until_near(window, time.monotonic()))
        said = ", ".join(f"{seconds:.2f}" for seconds in waited)
        print(f"range within {NEAR} of the rule {said} s after scene cuts ({AT_MOST} s: never)")


def is_bright(window: MainWindow) -> bool:
    """Tell which of the video's scenes is shown."""
    return bool(kernel_shown(window).input.planes.max() > 2 * DIM)


def changes(window: MainWindow, move: Callable[[float], None]) -> int:
    """Count the changes of the range while something is moved from 0 to 1."""
    count, before = 0, kernel_shown(window).output.scale
    began = time.monotonic()
    while time.monotonic() - began < DRAG:
        move((time.monotonic() - began) / DRAG)
        run(0.01)
        now = kernel_shown(window).output.scale
        count, before = count + (now != before), now
    return count


def stack_colors() -> None:
    """Print how much of the first stack's maps, and of the window, is strongly coloured."""
    photo = str(PICTURES / "coffee.jpg")
    for colors in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        with opened("--source", photo, "--lab", "stack", colors=colors) as window:
            shown = window.pump.shown
            assert isinstance(shown, StackShown)
            tiles = [column.tiles for column in shown.columns[1:] if column.tiles is not None]
            share = np.average(
                [strong_share(tile.reshape(-1, tile.shape[2], 4)) for tile in tiles],
                weights=[len(tile) for tile in tiles],
            )
            pixels = grabbed(window)
            seen = strong_share(pixels[:, pixels.shape[1] // 4 :])
            print(f"maps of the first stack, {colors}, strongly coloured: ", end="")
            print(f"{share:.1%}; of the window: {seen:.1%}")
    for size in ("1440x900", "1024x700"):
        with opened("--source", photo, "--lab", "stack", size=size) as window:
            grid = window.labs.of(StackLab).maps.grid
            maps = [tile for items in grid._columns.values() for tile in items.place.cells]
            zoom, ratio = grid.zoom, window.width() * window.height()
            area = sum(tile.width() * tile.height() for tile in maps) * zoom**2
            width, height = maps[-1].width() * zoom, maps[-1].height() * zoom
            print(f"maps at {size}: {width:.0f}x{height:.0f} px, {area / ratio:.0%} of the window")


def pictures_share() -> None:
    """Print how much of the window the two pictures of the kernel lab take."""
    with opened("--source", "pattern:torch") as window:
        lab = window.labs.of(KernelLab)
        lab.output.view.clicked.emit(20, 20)
        run(QUIET)
        shown = kernel_shown(window)
        area = 0.0
        for view, panel in ((lab.input.view, shown.input), (lab.output.view, shown.output)):
            rows, columns = panel.planes.shape[1:]
            zoom = min(view.width() / columns, view.height() / rows)
            area += rows * columns * zoom**2
        share = area / (window.width() * window.height())
        print(f"the two pictures of the kernel lab, a sum pinned: {share:.0%} of the window")


def main() -> None:
    """Print all figures, or those whose names are given."""
    make_application()
    parts = (output_colors, stack_colors, blur, ranges, scene_cuts, pictures_share)
    for part in parts:
        if len(sys.argv) == 1 or part.__name__ in sys.argv[1:]:
            part()


if __name__ == "__main__":
    main()
