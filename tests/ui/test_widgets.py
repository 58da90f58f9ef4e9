"""Single widgets, apart from the window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from convlab.document.frame import Frame
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import (
    Channels,
    Combine,
    Geometry,
    KernelState,
    KernelViewing,
    Weights,
    to_weights,
)
from convlab.document.kernel.resolve import resolve
from convlab.document.painted import Painted
from convlab.document.source import SourceKind, SourceSpec
from convlab.engine import kernels
from convlab.engine.arrays import ByteArray
from convlab.engine.color import ColorSpace
from convlab.engine.display import DisplayMode, Scale, ScaleCurve
from convlab.sources.devices import CameraDevice
from convlab.ui.cell_texts import WrittenCells, cell_text, cell_texts, drag_unit, written_cells
from convlab.ui.choices.source_picker import OPEN, SourcePicker, is_live
from convlab.ui.kernel.sum_panel import sum_lines
from convlab.ui.palettes import THEMES, Theme
from convlab.ui.theme import text_on, theme, value_color
from convlab.ui.widgets.color_bar import ColorBar
from convlab.ui.widgets.image_view import ImageView
from convlab.ui.widgets.kernel_grid import KernelGrid
from convlab.ui.widgets.pixels import pixel_text
from convlab.ui.widgets.unit_text import MOST_TERMS
from tests.gestures import turn_wheel

SOBEL = ((1.0, 0.0, -1.0), (2.0, 0.0, -2.0), (1.0, 0.0, -1.0))


def luminance(color: QColor) -> float:
    """Relative luminance of WCAG 2.2."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: QColor, second: QColor) -> float:
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize("role", ["text", "quiet", "accent", "warning"])
def test_every_text_can_be_read_on_its_panel(palette: Theme, role: str) -> None:
    assert contrast(QColor(getattr(palette, role)), QColor(palette.panel)) >= 4.5


@pytest.mark.parametrize("value", np.linspace(-1, 1, 21))
def test_a_number_can_be_read_on_every_colour_of_the_map(value: float) -> None:
    color = value_color(value, 1.0)
    assert contrast(text_on(color), color) >= 4.0


def sums(planes: int, combine: Combine, size: int = 1) -> KernelShown:
    frame = Frame(np.full((9, 9, 3), 2.0, np.float32), 0, 0.0)
    muted = frozenset(range(planes, 3))
    state = KernelState(
        to_weights(np.full((size, size), -0.5)),
        Geometry("valid"),
        Channels(ColorSpace.RGB, muted, combine),
    )
    return KernelEvaluator().run(resolve(state, KernelViewing((3, 4)), frame, 1))


def test_planes_filtered_alone_have_a_line_each() -> None:
    lines = sum_lines(sums(3, Combine.EACH))
    assert lines == [f"{name} (3, 4) = 2×(−0.5) = −1" for name in "RGB"]


def test_planes_added_up_have_one_line_with_all_terms() -> None:
    (line,) = sum_lines(sums(3, Combine.SUM))
    assert line == "output (3, 4) = 2×(−0.5) + 2×(−0.5) + 2×(−0.5) = −3"


def test_a_long_sum_says_how_many_terms_it_has() -> None:
    (line,) = sum_lines(sums(1, Combine.EACH, size=5))
    assert line.count("×") == MOST_TERMS
    assert "(25 terms)" in line


@pytest.fixture
def grid(qtbot: QtBot) -> KernelGrid:
    grid = KernelGrid()
    qtbot.addWidget(grid)
    grid.resize(240, 240)
    grid.set_weights(SOBEL)
    grid.show()
    return grid


@pytest.mark.parametrize(
    ("shape", "anchor"), [((3, 3), (1, 1)), ((1, 5), (0, 2)), ((4, 2), (1, 0)), ((2, 2), (0, 0))]
)
def test_the_cell_over_the_output_pixel_is_marked(
    grid: KernelGrid, shape: tuple[int, int], anchor: tuple[int, int]
) -> None:
    grid.set_weights(((0.0,) * shape[1],) * shape[0])
    grid.clearFocus()
    image, accent = grid.grab().toImage(), QColor(theme().accent)
    marked = []
    for cell in np.ndindex(shape):
        area = grid.cell_rect(*cell).toAlignedRect()
        columns, rows = range(area.left(), area.right()), range(area.top(), area.bottom())
        if any(image.pixelColor(x, y) == accent for x in columns for y in rows):
            marked.append(cell)
    assert marked == [anchor]


def test_the_grid_changes_nothing_by_itself(grid: KernelGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.cell_edited) as edited:
        QTest.keyClick(grid, Qt.Key.Key_PageUp)
    assert edited.args == [0, 0, 2.0]
    assert "column 1: 1" in grid.accessibleDescription()


def test_delete_asks_for_zero(grid: KernelGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.cell_edited) as edited:
        QTest.keyClick(grid, Qt.Key.Key_Delete)
    assert edited.args == [0, 0, 0.0]


def test_a_press_without_a_move_edits_nothing(grid: KernelGrid, qtbot: QtBot) -> None:
    place = grid.cell_rect(2, 0).center().toPoint()
    with qtbot.assertNotEmitted(grid.cell_edited):
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=place)
    assert grid.selected == (2, 0)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (Qt.KeyboardModifier.NoModifier, 1.1),
        (Qt.KeyboardModifier.ControlModifier, 1.01),
        (Qt.KeyboardModifier.ShiftModifier, 2.0),
    ],
)
def test_the_wheel_is_finer_with_ctrl_and_coarser_with_shift(
    grid: KernelGrid, qtbot: QtBot, keys: Qt.KeyboardModifier, expected: float
) -> None:
    place = grid.cell_rect(0, 0).center()
    with qtbot.waitSignal(grid.cell_edited) as edited:
        turn_wheel(grid, 1, place.toPoint(), keys)
    assert edited.args == [0, 0, pytest.approx(expected)]


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (31, 31), (2, 31), (31, 2)])
def test_cells_of_any_size_stay_inside_the_grid(grid: KernelGrid, rows: int, columns: int) -> None:
    grid.set_weights(((0.5,) * columns,) * rows)
    first, last = grid.cell_rect(0, 0), grid.cell_rect(rows - 1, columns - 1)
    assert first.left() >= 0
    assert first.top() >= 0
    assert last.right() <= grid.width()
    assert last.bottom() <= grid.height()
    assert first.width() == first.height()


def painted(bgra: ByteArray, origin: tuple[int, int] = (0, 0)) -> Painted:
    ones = np.ones((1, 20, 40), np.float32)
    return Painted(bgra, ones, DisplayMode.CLIPPED, Scale(0.0, 1.0), origin)


@pytest.fixture
def view(qtbot: QtBot) -> ImageView:
    view = ImageView("view", "A picture")
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    qtbot.waitExposed(view)
    rgba = np.full((20, 40, 4), 255, np.uint8)
    view.show_painted(painted(rgba))
    return view


def test_a_picture_is_fitted_with_its_aspect_kept(view: ImageView) -> None:
    first, last = view.cell_center(0, 0), view.cell_center(19, 39)
    across, down = (last.x() - first.x()) / 39, (last.y() - first.y()) / 19
    assert across == pytest.approx(down, rel=1e-3)
    assert 0 <= first.x() < last.x() <= view.width()
    assert 0 <= first.y() < last.y() <= view.height()


def test_one_to_one_is_one_screen_pixel_each(view: ImageView) -> None:
    view.zoom_to_pixels()
    step = view.cell_center(5, 6) - view.cell_center(5, 5)
    assert step.x() == pytest.approx(1.0 / view.devicePixelRatioF(), rel=1e-3)


def test_a_fitted_picture_is_fitted_again_when_the_view_grows(
    view: ImageView, qtbot: QtBot
) -> None:
    before = view.cell_center(0, 1) - view.cell_center(0, 0)
    view.resize(800, 600)
    qtbot.waitUntil(
        lambda: (view.cell_center(0, 1) - view.cell_center(0, 0)).x() > 1.5 * before.x()
    )


def test_the_cell_under_the_mouse_is_said(view: ImageView, qtbot: QtBot) -> None:
    place = view.cell_center(7, 11).toPoint()
    with qtbot.waitSignal(view.pointed) as pointed:
        QTest.mouseMove(view.viewport(), place + QPoint(1, 0))
        QTest.mouseMove(view.viewport(), place)
    assert pointed.args == [7, 11]


def test_the_shape_drawn_includes_the_padding(view: ImageView) -> None:
    rgba = np.full((24, 44, 4), 255, np.uint8)
    view.show_painted(painted(rgba, (-2, -2)))
    drawn = view.drawn_rect()
    assert (drawn.topLeft(), drawn.width(), drawn.height()) == (QPointF(-2, -2), 44, 24)


def test_the_colour_bar_shows_the_range_it_is_given(qtbot: QtBot) -> None:
    bar = ColorBar("output")
    qtbot.addWidget(bar)
    bar.resize(256, 30)
    bar.set_scale(DisplayMode.SIGNED, Scale(-4.0, 4.0), several=False)
    picture = bar.grab().toImage()
    left, middle, right = (picture.pixelColor(x, 5) for x in (3, 128, 252))
    assert left.blue() > left.red()
    assert right.red() > right.blue()
    assert middle.lightness() > 230


def test_the_picker_lists_what_there_is(qtbot: QtBot) -> None:
    picker = SourcePicker([Path("/somewhere/chelsea.jpg")])
    qtbot.addWidget(picker)
    picker.set_cameras([CameraDevice(2, "Desk camera", 0)])
    picker.set_recent(["/home/film.avi"])
    assert picker.findText("Desk camera") > 0
    assert picker.itemData(picker.findText("film.avi")) == "video:/home/film.avi"
    assert picker.findData("picture:/somewhere/chelsea.jpg") > 0
    assert picker.itemData(0) == OPEN
    assert picker.findText("Camera 0") < 0
    picker.set_cameras([])
    groups = {choice.group for choice in picker.list.choices}
    assert groups == {"", "Recent files", "Sample pictures", "Patterns"}, "no camera, none listed"


def test_the_picker_shows_what_is_in_use_even_if_it_is_in_no_list(qtbot: QtBot) -> None:
    picker = SourcePicker([])
    qtbot.addWidget(picker)
    picker.set_current(SourceSpec(SourceKind.PICTURE, "/far/away.png"))
    assert picker.currentText() == "away.png"
    picker.set_current(SourceSpec(SourceKind.PATTERN, "step"))
    assert picker.currentText().strip() == "Step, 6×6"


@pytest.mark.parametrize(
    ("spec", "live"),
    [("camera:0", True), ("a.mp4", True), ("pattern:torch", True), ("pattern:step", False)],
)
def test_only_what_moves_can_be_frozen(spec: str, live: bool) -> None:
    assert is_live(SourceSpec.parse(spec)) is live


def test_the_ticks_of_a_colour_bar_tell_linear_from_root(qtbot: QtBot) -> None:
    bar = ColorBar("output")
    qtbot.addWidget(bar)
    bar.resize(400, 28)
    ticks = {}
    for curve in ScaleCurve:
        bar.set_scale(DisplayMode.CLIPPED, Scale(-2.0, 2.0, curve), several=False)
        image = bar.grab().toImage()
        line = QColor(theme().quiet)
        row = [image.pixelColor(x, 11) == line for x in range(400)]
        ticks[curve] = [x for x, is_tick in enumerate(row) if is_tick]
    for curve, places in ((ScaleCurve.LINEAR, (100, 300)), (ScaleCurve.ROOT, (58, 341))):
        assert all(any(abs(x - place) <= 1 for x in ticks[curve]) for place in places), ticks


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-0.004, "−4e−3"),
        (0.5, "0.5"),
        (-12.345, "−12.3"),
        (1234.5, "1234"),
        (3e-8, "0"),
    ],
)
def test_a_value_in_a_pixel_is_short_and_never_minus_zero(value: float, text: str) -> None:
    assert pixel_text(value, Scale(-1.5, 1.5).rounding) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0.0, 2, "0"), (-0.0, 3, "0"), (0.0004, 2, "4e−4"), (-0.004, 2, "−4e−3"), (0.25, 2, "0.25")],
)
def test_only_zero_is_written_as_zero_in_a_cell(value: float, digits: int, text: str) -> None:
    assert cell_text(value, digits) == text


def test_all_cells_of_a_grid_are_rounded_alike() -> None:
    values = [0.0, -0.013, -0.0021, 0.05]
    assert cell_texts(values, 2, lambda text: len(text) <= 6) == ["0", "−0.013", "−0.002", "0.05"]
    assert cell_texts(values, 2, lambda text: len(text) <= 5) == ["0", "−0.01", "0.00", "0.05"]
    assert cell_texts([0.0, 1e-5, 2e-5], 2, lambda text: len(text) <= 5) == ["0", "1e−5", "2e−5"]
    assert cell_texts([0.5, 2.0], 2, lambda text: True) == ["0.5", "2"]


@pytest.mark.parametrize("side", [21.0, 25.0])
def test_a_small_weight_leaves_the_cells_beside_it_their_numbers(
    qapp: QApplication, side: float
) -> None:
    weights = ((0.205, 0.05, -0.002), (0.0, 0.12, -0.286))
    written = written_cells(weights, side)
    assert written is not None
    assert written.texts[1][0] == "0"
    small = written.texts[0][2]
    assert small in {"0.0", "0.00"}  # how many digits have room depends on the font
    digits = len(small) - 2
    for text, value in zip(sum(written.texts, ()), sum(weights, ()), strict=True):
        assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.51 * 10.0**-digits)
    assert written_cells(weights, 4.0) is None


@pytest.mark.parametrize(
    ("largest", "unit"), [(2.0, 1.0), (9.0, 5.0), (0.05, 0.05), (1 / 9, 0.1), (300.0, 100.0)]
)
def test_the_unit_of_a_drag_is_that_of_the_weights(largest: float, unit: float) -> None:
    assert drag_unit(((0.0, -largest),)) == unit
    assert drag_unit(((0.0,),)) == 1.0


def test_the_numbers_of_a_kernel_are_written_once(
    grid: KernelGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def counted(weights: Weights, side: float) -> WrittenCells | None:
        asked.append(weights)
        return written_cells(weights, side)

    monkeypatch.setattr("convlab.ui.widgets.kernel_grid.written_cells", counted)
    for weights in (((0.5, 1.0),), ((0.5, 1.0),), ((0.5, 2.0),)):
        grid.set_weights(weights)
        grid.grab()
    assert asked == [((0.5, 1.0),), ((0.5, 2.0),)]


def test_only_zero_is_written_as_zero_in_a_kernel(qapp: QApplication) -> None:
    weights = kernels.preset("Laplacian of Gaussian 9×9").tolist()
    rows = tuple(tuple(row) for row in weights)
    for side in range(6, 60):
        written = written_cells(rows, float(side))
        if written is not None:
            texts = [text for row in written.texts for text in row]
            assert all(
                (text == "0") == (value == 0.0)
                for text, value in zip(texts, np.ravel(weights), strict=True)
            )
