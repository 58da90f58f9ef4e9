"""Take the guide's pictures of the real window: ``python docs/make_pictures.py``.

Runs with or without a display; writes ``docs/pictures``. Needs Pillow, which the test extra brings.
"""

from __future__ import annotations

import io
import math
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image  # noqa: E402
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect  # noqa: E402
from PySide6.QtWidgets import (  # noqa: E402
    QApplication,
    QCheckBox,
    QComboBox,
    QDial,
    QDockWidget,
    QDoubleSpinBox,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QWidget,
)

from convlab.app import create_window, make_application  # noqa: E402
from convlab.document.document import Lab  # noqa: E402
from convlab.document.kernel.design.model import DesignPage  # noqa: E402
from convlab.document.kernel.model import PixelPage  # noqa: E402
from convlab.document.signal.model import SignalTab  # noqa: E402
from convlab.document.stack.model import Unit  # noqa: E402
from convlab.document.strokes import Stroke  # noqa: E402
from convlab.paths import resource  # noqa: E402
from convlab.ui.kernel.kernel_lab import KernelLab  # noqa: E402
from convlab.ui.learning.learning_lab import LearningLab  # noqa: E402
from convlab.ui.learning.network_form import Action  # noqa: E402
from convlab.ui.main_window import MainWindow  # noqa: E402
from convlab.ui.signals.signal_lab import SignalLab  # noqa: E402
from convlab.ui.stack.stack_lab import StackLab  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
LARGEST_FILE = 300_000  # [bytes]
PATIENCE = 20.0  # [s]
SETTLE = 0.8  # figures follow the picture a little later [s]


class Photographer:
    """Drives the window by the object names of its controls, and takes its picture."""

    def __init__(self, app: QApplication, window: MainWindow) -> None:
        self.app = app
        self.window = window

    def wait(self, seconds: float = SETTLE) -> None:
        """Let the window work."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.app.processEvents()
            time.sleep(0.005)

    def find(self, name: str) -> QWidget:
        """Return a control; it must exist."""
        widget = self.window.findChild(QWidget, name)
        if not isinstance(widget, QWidget):
            raise LookupError(f"There is no control {name!r} in the window.")
        return widget

    def choose(self, name: str, text: str) -> None:
        """Choose an entry of a list as a person does."""
        combo = self.find(name)
        assert isinstance(combo, QComboBox)
        entries = [combo.itemText(index).strip() for index in range(combo.count())]
        index = entries.index(text)
        combo.setCurrentIndex(index)
        combo.activated.emit(index)
        self.wait()

    def open(self, title: str) -> None:
        """Choose a source, and wait until it is shown."""
        before = self.window.session.document.source
        self.choose("source_combo", title)
        end = time.monotonic() + PATIENCE
        while self.window.session.document.source == before and time.monotonic() < end:
            self.wait(0.05)
        self.wait()

    def set(self, name: str, value: int) -> None:
        """Put a number into a box."""
        spin = self.find(name)
        assert isinstance(spin, QSpinBox)
        spin.setValue(value)
        self.wait()

    def press(self, name: str) -> None:
        """Press a button."""
        button = self.find(name)
        assert isinstance(button, QPushButton)
        button.click()
        self.wait()

    def tick(self, name: str) -> None:
        """Click a check box."""
        box = self.find(name)
        assert isinstance(box, QCheckBox)
        box.click()
        self.wait()

    def pin(self, row: int, column: int) -> None:
        """Click a pixel of the output."""
        self.window.labs.of(KernelLab).output.view.clicked.emit(row, column)
        self.wait()

    def unpin(self) -> None:
        """Let the pixel go."""
        self.window.labs.of(KernelLab).unpin()
        self.wait()

    def show_tab(self, number: int) -> None:
        """Show a page of the pixel: 0 is the sum."""
        tabs = self.find("pixel_tabs")
        assert isinstance(tabs, QTabWidget)
        tabs.setCurrentIndex(number)
        self.wait()

    def take(self, name: str, *parts: str) -> None:
        """Save the window, or the smallest part of it that holds some controls."""
        area = QRect()
        for part in parts:
            widget = self.find(part)
            area = area.united(QRect(widget.mapTo(self.window, QPoint(0, 0)), widget.size()))
        picture = self.window.grab(area if parts else self.window.rect())
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        picture.save(buffer, "PNG")
        data = _small(bytes(buffer.data().data()))
        (FOLDER / f"{name}.png").write_bytes(data)
        print(f"{name}.png: {picture.width()} × {picture.height()}, {len(data) // 1000} kB")


def _small(png: bytes) -> bytes:
    """Pack a PNG as well as it goes; one that is still too large gets 256 colours."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colors in (0, 256, 128, 64):
        packed = io.BytesIO()
        reduced = picture.quantize(colors, Image.Quantize.MAXCOVERAGE) if colors else picture
        reduced.save(packed, "PNG", optimize=True)
        if packed.tell() < LARGEST_FILE:
            break
    return packed.getvalue()


def take_all(camera: Photographer) -> None:
    """Go through the guide from top to bottom."""
    camera.open("Coffee")
    camera.choose("preset_combo", "Sobel vertical")
    camera.pin(112, 173)
    camera.take("kernel-lab")

    camera.open("Edge only in red")
    camera.choose("color_space_combo", "RGB")
    camera.pin(100, 160)
    camera.take("channels")
    camera.choose("color_space_combo", "Grey")

    camera.unpin()
    camera.open("Step, 6×6")
    camera.choose("preset_combo", "Vertical edge")
    camera.choose("padding_combo", "valid (none)")
    camera.pin(1, 1)
    camera.take("step", "input_panel", "kernel_panel", "output_panel")
    camera.take("sum", "pixel_card")
    camera.show_tab(1)
    camera.take("profile", "pixel_card")
    take_sum_pages(camera)
    camera.show_tab(0)

    camera.choose("padding_combo", "same size")
    camera.choose("border_combo", "replicate")
    camera.pin(0, 0)
    camera.take("borders")

    camera.unpin()
    camera.choose("border_combo", "zeros")
    camera.set("stride_spin", 2)
    camera.set("dilation_spin", 2)
    camera.take("size", "geometry_form")
    camera.set("stride_spin", 1)
    camera.set("dilation_spin", 1)

    camera.open("Impulse, 7×7")
    camera.choose("preset_combo", "1 to 9")
    camera.take("correlation", "input_panel", "kernel_panel", "output_panel")
    camera.press("flip_switch")
    camera.take("convolution", "input_panel", "kernel_panel", "output_panel")


def take_generator(camera: Photographer) -> None:
    """Take a kernel made by dials, and put the first one back."""
    dock = camera.window.labs.of(KernelLab).tools.generator
    camera.open("Coffee")
    dock.open()
    camera.choose("generator_kind_combo", "Gabor")
    camera.set("generator_size_rows_spin", 15)
    camera.set("generator_size_columns_spin", 15)
    dial = camera.find("generator_angle_dial")
    assert isinstance(dial, QDial)
    dial.setValue(60)
    camera.wait()
    camera.take("generator", "kernel_panel", "output_panel", "generator_dock")
    dock.close()
    camera.choose("preset_combo", "Sobel vertical")


def take_sum_pages(camera: Photographer) -> None:
    """Take what more there is to see of the sum, on the step."""
    camera.open("Reversed step, 6×6")
    camera.show_tab(4)
    camera.take("displays", "pixel_card")
    camera.open("Step, 6×6")
    camera.show_tab(2)
    camera.pin(1, 2)
    camera.take("slide", "input_panel", "kernel_panel", "output_panel", "pixel_card")
    lab = camera.window.labs.of(KernelLab)
    camera.choose("preset_combo", "1 to 9")
    camera.show_tab(3)
    camera.take("formula", "pixel_card")
    lab.flip.view.turn_chosen.emit(0.3)
    camera.wait()
    camera.take("flip", "kernel_grid")
    lab.flip.close()
    camera.choose("preset_combo", "Vertical edge")


def take_geometry(camera: Photographer) -> None:
    """Take what the outputs see, what layers cost, copies that are summed, kernels of channels."""
    lab = camera.window.labs.of(KernelLab)
    camera.open("Step, 6×6")
    camera.choose("preset_combo", "Vertical edge")
    camera.choose("padding_combo", "valid (none)")
    camera.pin(1, 1)
    for page in (PixelPage.USAGE, PixelPage.COUNT):
        lab.card.page_chosen.emit(page)
        camera.wait()
        parts = ["input_panel", "kernel_panel", "output_panel"] if page is PixelPage.USAGE else []
        camera.take(page.value, *parts, "pixel_card")
    camera.unpin()
    camera.choose("preset_combo", "Box blur 3×3")
    camera.set("stride_spin", 2)
    camera.tick("transposed_check")
    camera.take("transposed", "input_panel", "kernel_panel", "output_panel")
    camera.tick("transposed_check")
    camera.set("stride_spin", 1)
    camera.open("Edge only in red")
    camera.choose("preset_combo", "Vertical edge")
    camera.choose("color_space_combo", "RGB")
    camera.choose("combine_combo", "sum")
    camera.tick("several_kernels_check")
    camera.press("only_channel_button")
    camera.pin(100, 159)
    camera.take("per-channel", "input_panel", "kernel_panel", "output_panel", "pixel_card")
    camera.unpin()
    camera.tick("several_kernels_check")
    camera.choose("combine_combo", "each")
    camera.choose("color_space_combo", "Grey")


def take_comparison(camera: Photographer) -> None:
    """Take the picture of two kernels that a line parts."""
    camera.open("Coffee")
    camera.choose("preset_combo", "Gaussian 9×9")
    camera.press("kernel_compare_button")
    camera.choose("preset_combo", "Sobel vertical")
    camera.choose("kernel_compare_mode_combo", "wipe")
    camera.take("compare", "output_panel", "kernel_compare_bar")
    camera.window.session.undo_stack.undo()
    camera.window.labs.of(KernelLab).comparing.bar.close_wanted.emit()
    camera.wait()


def take_mix(camera: Photographer) -> None:
    """Take the picture of the kernel as a recipe."""
    camera.open("Step, 6×6")
    camera.choose("preset_combo", "Gaussian 3×3")
    camera.pin(2, 2)
    camera.window.labs.of(KernelLab).card.page_chosen.emit(PixelPage.MIX)
    camera.wait()
    camera.take("mix", "pixel_card")
    camera.window.labs.of(KernelLab).card.page_chosen.emit(PixelPage.SUM)
    camera.unpin()


def take_analysis(camera: Photographer) -> None:
    """Take the picture of a simple cell's tuning curve."""
    camera.open("Coffee")
    camera.choose("preset_combo", "Gabor 45°")
    tools = camera.window.labs.of(KernelLab).tools
    tools.analysis.open()
    camera.wait()
    tabs = camera.find("analysis_tabs")
    assert isinstance(tabs, QTabWidget)
    tabs.setCurrentIndex(2)
    camera.wait()
    camera.take("analysis", "kernel_panel", "analysis_dock")
    tools.analysis.close()
    camera.wait()


def take_live_tuning(camera: Photographer) -> None:
    """Take the picture of what a pinned pixel answers while the bar turns."""
    session, lab = camera.window.session, camera.window.labs.of(KernelLab)
    camera.open("Bar")
    camera.choose("preset_combo", "Gabor 45°")
    camera.pin(159, 159)
    lab.card.page_chosen.emit(PixelPage.TUNING)
    for angle in (*range(0, 125, 5), 45):
        pattern = replace(session.document.pattern, width=3.0, angle=float(angle))
        session.edit(replace(session.document, pattern=pattern), "turn the pattern")
        camera.wait(0.2)
    camera.take("live-tuning", "input_panel", "output_panel", "pixel_card")
    lab.card.page_chosen.emit(PixelPage.SUM)
    camera.unpin()


def take_torch(camera: Photographer) -> None:
    """Take the picture of a unit in a dark room."""
    lab = camera.window.labs.of(StackLab)
    camera.open("Coffee")
    camera.window.show_lab(Lab.STACK)
    camera.wait(2.0)
    camera.tick("map_torch_check")
    lab.look_at_unit(Unit(6, 2, 20, 50))
    lab.details.setCurrentWidget(lab.details.path)
    camera.wait()
    camera.take("torch", "map_grid")
    camera.tick("map_torch_check")
    lab.details.setCurrentWidget(lab.details.sum)
    lab.unpin()
    camera.window.show_lab(Lab.KERNEL)
    camera.wait()


def take_design(camera: Photographer) -> None:
    """Take the pictures of two design pages."""
    camera.open("Coffee")
    session = camera.window.session
    kernel = session.document.kernel
    ring = [(0.5 + 0.23 * math.sin(turn / 5), 0.5 + 0.2 * math.cos(turn / 5)) for turn in range(33)]
    example = replace(kernel.design.example, strokes=(Stroke(tuple(ring), 0.03, 1.0),))
    undoing = replace(kernel.design.undoing, added=0.002, noise=0.002)
    design = replace(kernel.design, example=example, undoing=undoing)
    session.edit(replace(session.document, kernel=replace(kernel, design=design)), "design")
    camera.choose("preset_combo", "Motion blur 0°")
    for name, page in (("design", DesignPage.EXAMPLE), ("undo", DesignPage.UNDO)):
        viewing = session.viewing
        session.look(viewing.with_part(Lab.KERNEL, replace(viewing.kernel, design=page)))
        camera.wait(1.5)
        camera.take(name)
    dock = camera.window.findChild(QDockWidget, "design_dock")
    assert dock is not None
    dock.close()
    session.undo_stack.undo()
    session.undo_stack.undo()
    camera.wait()


def take_stack(camera: Photographer) -> None:
    """Take the pictures of the stack lab."""
    lab = camera.window.labs.of(StackLab)
    camera.open("Coffee")
    camera.window.show_lab(Lab.STACK)
    camera.wait(2.0)
    lab.look_at_unit(Unit(4, 5, 60, 70))
    camera.wait()
    camera.take("stack-lab")
    camera.take("stack-sum", "stack_detail")
    tabs = camera.find("detail_tabs")
    assert isinstance(tabs, QTabWidget)
    for number, name in enumerate(("path", "gradient", "matrix", "shift", "table"), 1):
        tabs.setCurrentIndex(number)
        if name == "shift":
            lab.details.shift.shift_chosen.emit(3, 5)
        camera.wait()
        camera.take(f"stack-{name}", "stack_detail")
    tabs.setCurrentIndex(0)
    lab.look_at_unit(Unit(1, 0, 60, 70))
    lab.edits.set_parameter("out_channels", 6)
    camera.wait()
    camera.take("stack-misfit", "layer_error")
    camera.window.session.undo_stack.undo()


def take_everyday_objects(camera: Photographer) -> None:
    """Show the network that knows everyday objects, and a unit of its first depthwise layer."""
    session, lab = camera.window.session, camera.window.labs.of(StackLab)
    camera.choose("stack_combo", "Everyday objects")
    end = time.monotonic() + PATIENCE
    while session.document.stack.title != "Everyday objects" and time.monotonic() < end:
        camera.wait(0.05)
    camera.wait(4.0)
    whole = "tool_bar", "map_grid"  # without the times, which are those of this machine
    camera.take("everyday-objects", *whole)
    depthwise = session.document.stack.slots[3].uid
    lab.choice.find(str(depthwise))
    camera.wait(2.0)
    lab.look_at_unit(Unit(depthwise, 2, 40, 40))
    lab.panels.classes.toggleViewAction().trigger()
    camera.wait(2.0)
    camera.take("everyday-detail", *whole)
    lab.panels.classes.toggleViewAction().trigger()
    lab.unpin()
    camera.choose("stack_combo", "First steps")
    camera.wait()


def take_signals(camera: Photographer) -> None:
    """Take the pictures of the signal lab."""
    lab = camera.window.labs.of(SignalLab)
    camera.window.show_lab(Lab.SIGNAL)
    camera.wait()
    camera.choose("scene_combo", "Falling ball")
    lab.view.pair_pointed.emit(2)
    camera.wait()
    camera.take("signal-lab")
    lab.motion.flip_chosen.emit(0.3)
    camera.wait()
    camera.take("signal-flip", "signal_view")
    lab.motion.flip_chosen.emit(1.0)
    lab.view.pair_pointed.emit(None)
    camera.choose("scene_combo", "Repeated doses")
    lab.tabs.show_tab(SignalTab.COPIES)
    camera.wait()
    camera.take("signal-copies", "signal_tabs_dock")
    lab.tabs.show_tab(SignalTab.RACE)
    lab.tabs.race.started.emit()
    end = time.monotonic() + PATIENCE
    while lab.racer.is_running and time.monotonic() < end:
        camera.wait(0.1)
    camera.wait()
    camera.take("signal-race", "signal_tabs_dock")


def take_neuron(camera: Photographer) -> None:
    """Take the picture of one neuron."""
    lab = camera.window.labs.of(LearningLab)
    camera.open("Coffee")
    camera.window.show_lab(Lab.LEARNING)
    lab.tabs.setCurrentWidget(lab.neuron)
    camera.press("single_neuron_vertical_edge_button")
    lab.neuron.input.view.clicked.emit(123, 411)  # a bright rim on the left of a dark table
    camera.wait()
    camera.take("neuron")


def take_one_kernel(camera: Photographer) -> None:
    """Take the pictures of the kernel that learns."""
    camera.open("Camera")
    camera.window.show_lab(Lab.LEARNING)
    camera.wait()
    camera.choose("walk_target_combo", "edges at an angle")
    camera.set("walk_size_spin", 5)
    camera.choose("walk_pace_combo", "10 steps a frame")
    camera.press("walk_play_button")
    camera.wait(2.0)
    camera.press("walk_play_button")
    camera.take("learning-kernel")
    camera.choose("walk_rule_combo", "SGD")
    rate = camera.find("walk_rate_spin")
    assert isinstance(rate, QDoubleSpinBox)
    rate.setValue(20.0)
    camera.press("walk_play_button")
    camera.wait()
    camera.take("learning-too-fast", "walk_kernels", "walk_words", "walk_loss_plot")
    camera.press("walk_play_button")


def take_film(camera: Photographer) -> None:
    """Open a drive over the coffee cup as an animation, and hold it."""
    window = camera.window
    coffee = Image.open(resource("pictures", "coffee.jpg"))
    views = [
        coffee.crop((number, number // 2, number + 200, number // 2 + 150)) for number in range(150)
    ]
    path = Path(os.environ["CONVLAB_HOME"]) / "drive.gif"
    views[0].save(path, save_all=True, append_images=views[1:], duration=40)
    window.openings.open_file(str(path))
    window.show_lab(Lab.KERNEL)
    camera.wait()
    window.actions_by_name["freeze"].trigger()
    window.pipeline.go_to(96)
    camera.wait()
    camera.take("film", "tool_bar", "source_strip")
    window.actions_by_name["freeze"].trigger()


def take_network(camera: Photographer) -> None:
    """Take the picture of the network that learns."""
    window = camera.window
    window.show_lab(Lab.LEARNING)
    page = window.labs.of(LearningLab).network
    window.labs.of(LearningLab).tabs.setCurrentWidget(page)
    camera.wait(2.0)
    page.form.action_wanted.emit(Action.TRAIN)
    end = time.monotonic() + PATIENCE
    while (page.training is None or page.training.epoch < 7) and time.monotonic() < end:
        camera.wait(0.1)
    page.form.action_wanted.emit(Action.PAUSE)
    camera.wait()
    camera.take("learning-network")


def take_digit(camera: Photographer) -> None:
    """Draw a seven for the bundled network."""
    window = camera.window
    window.show_lab(Lab.LEARNING)
    camera.wait()
    camera.press("draw_digit_button")
    end = time.monotonic() + PATIENCE
    while window.session.viewing.lab is not Lab.STACK and time.monotonic() < end:
        camera.wait(0.05)
    view = window.labs.of(StackLab).drawing.panel.view
    for first, last in (((6, 8), (6, 23)), ((6, 23), (27, 13))):
        view.stroked.emit(*first, *last, False)
    camera.wait()
    window.labs.of(StackLab).look_at_unit(Unit(window.session.document.stack.slots[-1].uid, 7))
    camera.wait()
    camera.take("draw-digit")


def main() -> int:
    """Open the window, drive it, save its pictures; returns the exit code."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["CONVLAB_HOME"] = home
        app = make_application()
        window = create_window(["--source", "pattern:torch", "--size", "1440x900"])
        window.show()
        camera = Photographer(app, window)
        try:
            camera.wait(2.0)
            take_all(camera)
            take_generator(camera)
            take_geometry(camera)
            take_comparison(camera)
            take_mix(camera)
            take_analysis(camera)
            take_live_tuning(camera)
            take_torch(camera)
            take_design(camera)
            take_stack(camera)
            take_everyday_objects(camera)
            take_signals(camera)
            take_one_kernel(camera)
            take_network(camera)
            take_neuron(camera)
            take_digit(camera)
            take_film(camera)
        finally:
            window.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
