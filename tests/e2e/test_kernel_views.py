"""The kernel lab's pictures: their room, one view of both, values, partners, planes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QLabel,
    QLineEdit,
    QMainWindow,
    QTabBar,
    QTabWidget,
    QToolButton,
    QToolTip,
    QWidget,
)

from convlab.document.document import Lab
from convlab.document.kernel.model import PixelPage
from convlab.document.source import SourceKind
from convlab.paths import resource
from convlab.ui.kernel.kernel_lab import KernelLab
from convlab.ui.kernel.pixel_card import PixelCard
from convlab.ui.kernel.rooms import COLUMN
from convlab.ui.widgets.image_view import ImageView
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS, PATIENCE, Driver
from tests.gestures import turn_wheel

COFFEE = str(resource("pictures", "coffee.jpg"))
CONTROL = Qt.KeyboardModifier.ControlModifier


def said(user: Driver) -> str:
    return user.find(QLabel, "status_value").text()


def in_source(user: Driver, view: ImageView) -> tuple[float, float, float, float]:
    """Return which part of the input a view shows; of the output by its geometry."""
    seen = view.visible_rect()
    if view is user.output:
        (down, across), step = user.shown.job.axes, user.shown.job.axes[0].stride
        first = [(axis.kernel - 1) // 2 * axis.dilation - axis.before for axis in (down, across)]
        top = (seen.top() - 0.5) * step + first[0] + 0.5
        left = (seen.left() - 0.5) * step + first[1] + 0.5
        seen = QRectF(left, top, seen.width() * step, seen.height() * step)
    return seen.left(), seen.top(), seen.width(), seen.height()


def show_the_same(user: Driver) -> bool:
    apart = np.subtract(in_source(user, user.input), in_source(user, user.output))
    return bool(np.abs(apart).max() < 1e-6)


# ---- room ----


def test_the_column_keeps_its_width_and_the_grid_its_place(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE, "--size", "1440x900")
    panel = user.find(QWidget, "kernel_panel")
    for width, height in ((1920, 1080), (1024, 700), (800, 600), (1440, 900)):
        user.window.resize(width, height)
        QApplication.processEvents()
        assert panel.width() == COLUMN
        assert user.grid.width() == COLUMN
    assert user.window.labs.of(KernelLab).minimumSizeHint().width() <= 800


def is_seen(widget: QWidget) -> bool:
    """Tell whether all of a widget is in sight."""
    return widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()


def cut_in(settings: QWidget) -> list[QWidget]:
    """Return what is seen in part only."""
    leaves = [each for each in settings.findChildren(QWidget) if not each.findChildren(QWidget)]
    return [each for each in leaves if not each.visibleRegion().isEmpty() and not is_seen(each)]


def test_the_column_folds_only_where_there_is_no_room(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE, "--size", "1440x900")
    panel, card = user.find(QWidget, "kernel_panel"), user.find(QWidget, "pixel_card")
    formula, more = user.find(QLabel, "size_formula"), user.find(QToolButton, "kernel_more_button")
    transposed, stride = user.find(QWidget, "transposed_check"), user.find(QWidget, "stride_spin")
    user.click(user.output, 150, 330)
    user.until(lambda: card.isVisible() and is_seen(formula))
    assert not more.isVisible()
    for width, height in ((1024, 700), (800, 600)):
        user.window.resize(width, height)
        user.until(lambda: more.isVisible() and is_seen(user.grid) and is_seen(card))
        user.until(lambda: not is_seen(formula))
        user.until(lambda: not cut_in(user.find(QWidget, "kernel_settings")))
        user.press("kernel_more_button")
        user.until(lambda: is_seen(formula) and is_seen(transposed))
        assert panel.geometry().intersects(card.geometry())
        user.key(Qt.Key.Key_Escape)
        user.until(lambda: not is_seen(transposed) and card.isVisible())
    user.grid.setFocus()
    user.key(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is more  # a stop that shows nothing would be between
    user.find(QWidget, "divisor_spin").setFocus()
    while QApplication.focusWidget() is not stride:
        user.key(Qt.Key.Key_Tab)
    user.until(lambda: is_seen(stride))
    user.window.resize(1440, 900)
    user.until(lambda: not more.isVisible() and is_seen(formula))
    user.set_spin("stride_spin", 7)
    user.until(lambda: "never used" in formula.text())
    user.key(Qt.Key.Key_Escape)
    user.until(lambda: is_seen(formula))


def test_what_has_room_in_colour_is_not_folded(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE, "--size", "1024x700")
    formula, more = user.find(QLabel, "size_formula"), user.find(QToolButton, "kernel_more_button")
    user.choose("color_space_combo", "RGB")
    user.until(user.find(QWidget, "several_kernels_check").isVisible)
    user.until(lambda: is_seen(formula) and not more.isVisible())
    groups = user.find(QLabel, "groups_words")
    assert groups.text() == "9 weights"
    assert groups.toolTip() == "3 groups, the same in all: 9 weights"
    assert (
        not user.find(QWidget, "kernel_panel")
        .geometry()
        .intersects(user.find(QWidget, "page_strip").geometry())
    )
    user.window.resize(800, 600)
    user.until(lambda: more.isVisible() and is_seen(user.find(QWidget, "flip_switch")))
    assert user.find(QLabel, "kernel_figures").text() == "sum 0  gain 8  rank 1"


def test_the_hint_stands_in_the_middle_of_the_free_room(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE, "--size", "1440x900")
    hint, column = user.find(QLabel, "pixel_hint"), user.find(QWidget, "kernel_panel")
    strip = user.find(QWidget, "page_strip")
    user.until(lambda: hint.isVisible() and column.geometry().bottom() < strip.y())
    assert hint.height() > 100
    assert hint.alignment() == Qt.AlignmentFlag.AlignCenter


def test_a_page_opens_without_a_pixel(open_window: OpenWindow) -> None:
    """From the row in the card's place, from the menu, and from the palette."""
    user = open_window("--source", COFFEE, "--size", "800x600")
    card, panels = user.find(PixelCard, "pixel_card"), user.window.tools.panels
    user.until(user.find(QWidget, "page_strip").isVisible)
    panels.aboutToShow.emit()
    listed = {each.data(): each for each in panels.actions()}
    menu = panels.actions()
    before = menu[menu.index(listed[PixelPage.SUM]) - 1]
    assert before.isSeparator(), "pages are set apart from panels"

    def type_name(page: PixelPage) -> None:
        user.key(Qt.Key.Key_K, CONTROL)
        user.until(user.find(QLineEdit, "palette_line").isVisible)
        QTest.keyClicks(user.find(QLineEdit, "palette_line"), f"kernel {listed[page].text()} page")
        user.key(Qt.Key.Key_Return)

    ways = (
        lambda page: user.press(f"{page}_page_button"),
        lambda page: listed[page].trigger(),
        type_name,
    )
    tried = [(page, ways[number % 3]) for number, page in enumerate(PixelPage)]
    tried += [(page, ways[0]) for page in (PixelPage.SLIDE, PixelPage.DISPLAYS)]
    bar, places = user.find(QTabWidget, "pixel_tabs").tabBar(), set()
    for page, open_page in tried:
        open_page(page)
        user.until(lambda: card.isVisible() and user.shown.job.viewing.page is page)  # noqa: B023
        assert user.shown.job.viewing.pinned
        assert not user.find(QWidget, "page_strip").isVisible()
        user.until(lambda: bar.tabRect(bar.count() - 1).right() < bar.width())  # all are seen
        places.add(bar.x())
        user.key(Qt.Key.Key_Escape)
        user.until(lambda: not card.isVisible())
        assert user.window.session.viewing.kernel.probe is None
    assert len(places) == 1, "tabs do not move when one is chosen"


def test_the_row_of_pages_offers_panels_where_they_have_room(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE, "--size", "1024x700")
    buttons = [user.find(QToolButton, f"{name}_dock_button") for name in ("analysis", "design")]
    user.until(lambda: all(button.isVisible() for button in buttons))
    user.press("analysis_dock_button")
    user.until(user.find(QDockWidget, "analysis_dock").isVisible)
    user.until(lambda: not any(button.isVisible() for button in buttons))  # beside it is none
    user.window.resize(800, 600)
    dock = user.find(QDockWidget, "analysis_dock")
    user.click(user.output, 150, 330)
    tabs, title = user.find(QTabWidget, "pixel_tabs"), user.find(QLabel, "pixel_title")
    user.until(lambda: tabs.isVisible() and title.text().startswith("("))
    bar = tabs.tabBar()
    user.until(lambda: bar.sizeHint().width() <= bar.width())  # no tab is behind an arrow
    for name in ("design", "generator"):
        user.find(QDockWidget, f"{name}_dock").toggleViewAction().trigger()
    lab = user.window.labs.of(KernelLab)
    user.until(lambda: len(lab.tabifiedDockWidgets(dock)) == 2)
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    user.until(lambda: bool(lab.findChildren(QTabBar, options=direct)))
    names = lab.findChildren(QTabBar, options=direct)[0]
    user.until(lambda: names.count() == 3 and names.sizeHint().width() <= names.width())
    for name in ("design", "generator"):
        user.find(QDockWidget, f"{name}_dock").close()
    user.key(Qt.Key.Key_Escape)
    user.window.resize(1440, 900)
    user.until(lambda: all(button.isVisible() for button in buttons))
    assert [button.isChecked() for button in buttons] == [True, False]
    user.press("analysis_dock_button")
    user.until(lambda: not user.find(QDockWidget, "analysis_dock").isVisible())
    user.window.resize(800, 600)
    user.until(lambda: not any(button.isVisible() for button in buttons))


def test_the_sum_takes_room_only_for_a_pin(open_window: OpenWindow) -> None:
    user = open_window("--source", str(resource("pictures", "astronaut.jpg")), "--size", "1024x700")
    card = user.find(QWidget, "pixel_card")
    assert not card.isVisible()
    before = user.input.height()
    user.click(user.output, 100, 100)
    user.until(card.isVisible)
    user.until(lambda: user.input.height() < before)
    user.key(Qt.Key.Key_Escape)
    user.until(lambda: not card.isVisible())
    assert user.input.height() == before


def test_the_pictures_have_their_share_of_the_window(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:torch", "--size", "1440x900")
    user.click(user.output, 100, 100)
    user.until(user.find(QWidget, "pixel_card").isVisible)
    area = 0.0
    for view, panel in ((user.input, user.shown.input), (user.output, user.shown.output)):
        rows, columns = panel.planes.shape[1:]
        area += rows * columns * view.sight.zoom**2
    assert area / (1440 * 900) >= 0.36


def test_controls_without_room_are_a_click_away(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE, "--size", "800x600")
    space, more = (
        user.find(QWidget, "color_space_combo"),
        user.find(QToolButton, "input_more_button"),
    )
    assert more.isVisible()
    assert not space.isVisible()
    user.press("input_more_button")
    user.until(space.isVisible)
    user.key(Qt.Key.Key_Escape)
    user.window.resize(1440, 900)
    user.until(lambda: space.isVisible() and not more.isVisible())


def test_a_and_b_are_one_click_away_in_a_small_window(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE, "--size", "800x600")
    button, pixels = (
        user.find(QWidget, "kernel_compare_button"),
        user.find(QToolButton, "output_pixels_button"),
    )
    user.until(lambda: is_seen(button) and not pixels.isVisible())
    user.press("output_more_button")
    user.until(pixels.isVisible)
    user.press("output_pixels_button")
    assert user.output.sight.zoom == 1.0
    user.key(Qt.Key.Key_Escape)
    user.press("kernel_compare_button")
    user.until(user.find(QWidget, "kernel_compare_bar").isVisible)
    user.press("kernel_compare_button")
    user.window.resize(1440, 900)
    user.until(lambda: is_seen(pixels) and is_seen(button))


def test_the_readout_goes_with_its_lab(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:torch")  # frames go on
    for number, other in enumerate((Lab.STACK, Lab.SIGNAL, Lab.LEARNING)):
        user.window.go_to(Lab.KERNEL)
        user.point(user.output, 20, 30 + number)
        user.until(lambda: f"(20, {30 + number})" in said(user))  # noqa: B023
        user.key(Qt.Key(Qt.Key.Key_1 + list(Lab).index(other)))
        user.until(lambda: user.window.session.viewing.lab is other)  # noqa: B023
        assert not said(user)
        user.window.labs.of(KernelLab).value_pointed.emit("late")
        assert not said(user)
    user.window.go_to(Lab.KERNEL)
    shown = user.window.pump.frames_shown
    user.until(lambda: user.window.pump.frames_shown > shown + 2)
    assert not said(user)


# ---- one view of both ----


@pytest.mark.parametrize("stride", [1, 3])
@pytest.mark.parametrize("padding", ["valid (none)", "full"])
def test_input_and_output_show_the_same_place(
    open_window: OpenWindow, stride: int, padding: str
) -> None:
    user = open_window("--source", COFFEE)
    user.choose("padding_combo", padding)
    user.set_spin("stride_spin", stride)
    user.until(lambda: user.shown.job.axes[0].stride == stride)
    user.until(lambda: show_the_same(user))
    for view in (user.input, user.output):
        before = view.sight.zoom
        turn_wheel(view.viewport(), 3, view.cell_center(30, 40).toPoint())
        assert view.sight.zoom == pytest.approx(2 * before)
        assert show_the_same(user)


def test_the_wheel_zooms_about_the_mouse(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE)
    place = user.input.cell_center(300, 500)
    turn_wheel(user.input.viewport(), 4, place.toPoint())
    moved = user.input.cell_center(300, 500) - place.toPoint().toPointF()
    assert moved.manhattanLength() < 3
    turn_wheel(user.input.viewport(), -40, place.toPoint())
    assert user.window.session.viewing.kernel.sight is None


def test_a_drag_pans_both_and_pins_nothing(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE)
    user.output.zoom_by(4.0)
    before = user.input.visible_rect()
    view = user.output.viewport()
    QTest.mousePress(view, LEFT, NO_KEYS, QPoint(100, 100))
    for moved in (3, 20, 40):
        QTest.mouseMove(view, QPoint(100 + moved, 100 + moved))
    QTest.mouseRelease(view, LEFT, NO_KEYS, QPoint(140, 140))
    shift = 40 / user.input.sight.zoom
    assert before.left() - user.input.visible_rect().left() == pytest.approx(shift)
    assert show_the_same(user)
    assert not user.window.session.viewing.kernel.pinned


def test_keys_zoom_and_show_all(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE)
    whole = user.input.sight
    user.input.setFocus()
    QTest.keyClick(user.input, Qt.Key.Key_Plus)
    QTest.keyClick(user.input, Qt.Key.Key_Plus)
    QTest.keyClick(user.input, Qt.Key.Key_Minus)
    assert user.output.sight.zoom == pytest.approx(whole.zoom * 2 ** (1 / 3))
    QTest.keyClick(user.input, Qt.Key.Key_Home)
    assert user.input.sight == whole
    user.press("output_pixels_button")
    assert user.input.sight.zoom == user.output.sight.zoom == 1.0


def test_a_view_is_no_edit(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE)
    user.output.zoom_by(2.0)
    assert not user.window.session.undo_stack.canUndo()


@pytest.mark.parametrize("role", ["input", "output"])
def test_a_double_click_fills_the_window_and_leaves_pins(step: Driver, role: str) -> None:
    step.click(step.output, 1, 1)
    step.until(step.find(QWidget, "pixel_card").isVisible)
    view = step.find(ImageView, f"{role}_view")
    viewing, width = step.window.session.viewing.kernel, view.width()
    place = view.cell_center(4, 4).toPoint()
    for _ in range(2):
        QTest.mouseClick(view.viewport(), LEFT, NO_KEYS, place)
        QTest.mouseDClick(view.viewport(), LEFT, NO_KEYS, place)
        QTest.mouseRelease(view.viewport(), LEFT, NO_KEYS, place)
        now = step.window.session.viewing.kernel
        assert (now.probe, now.pinned) == (viewing.probe, viewing.pinned)
        place = view.cell_center(4, 4).toPoint()
    assert view.width() == width
    QTest.mouseDClick(view.viewport(), LEFT, NO_KEYS, place)
    assert view.width() > 1.5 * width
    assert not step.grid.isVisible()
    step.key(Qt.Key.Key_Escape)
    assert step.grid.isVisible()
    assert step.window.session.viewing.kernel.pinned, "Esc brings back, then lets go"


# ---- values and partners ----


def test_the_values_under_the_mouse_stand_in_the_status_bar(step: Driver) -> None:
    step.point(step.input, 2, 3)
    assert said(step) == "input (2, 3) = 0    output = 40    feeds 9 outputs"
    step.point(step.output, 1, 1)
    assert said(step) == "input (1, 1) = 10    output = 0"
    step.choose("padding_combo", "valid (none)")
    step.until(lambda: step.result.shape == (4, 4))
    step.point(step.output, 0, 1)
    assert said(step) == "input (1, 2) = 10    output (0, 1) = 40"
    QTest.mouseMove(step.window, QPoint(5, 5))
    step.output.left.emit()
    assert said(step) == ""


def test_a_value_under_the_mouse_makes_no_window_wider(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:torch", "--size", "800x600")
    user.choose("color_space_combo", "RGB")
    user.point(user.output, 320, 420)
    user.until(lambda: "output" in said(user))
    labels = [user.find(QLabel, f"status_{name}") for name in ("rate", "value", "timing")]
    user.until(lambda: "fps" in labels[0].text())
    user.until(lambda: all(each.sizeHint().width() <= each.width() for each in labels))
    assert user.window.minimumSizeHint().width() <= 800


def test_the_cells_of_grid_and_sum_are_said_exactly(step: Driver) -> None:
    QTest.mouseMove(step.grid, step.cell(1, 0))
    assert said(step) == "w[1, 0] = 2.0"


@pytest.mark.parametrize("name", ["input_view", "output_view", "sum_panel"])
def test_no_tooltip_covers_what_is_compared(step: Driver, name: str) -> None:
    step.click(step.output, 2, 2)
    widget = step.find(QWidget, name)
    target = widget.viewport() if isinstance(widget, ImageView) else widget
    place = target.rect().center()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, target.mapToGlobal(place))
    QApplication.sendEvent(target, event)
    assert not QToolTip.isVisible()


@pytest.mark.parametrize(("flip", "met"), [(False, (0, 1)), (True, (2, 1))])
def test_an_input_pixel_frames_the_cell_that_it_meets(
    step: Driver, flip: bool, met: tuple[int, int]
) -> None:
    if flip:
        step.press("flip_switch")
    step.click(step.output, 3, 3)
    step.until(lambda: [sum_.flipped for sum_ in step.shown.sums] == [flip])
    step.point(step.input, 2, 3)
    assert step.grid.partner == met
    step.point(step.input, 0, 0)
    assert step.grid.partner is None


# ---- planes ----


def test_planes_of_hsv_and_lab_are_shown_each_in_its_own_right(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE, "--size", "1440x900")
    views = [user.find(ImageView, f"input_view{end}") for end in ("", "_1", "_2")]
    assert [view.isVisible() for view in views] == [True, False, False]
    user.choose("color_space_combo", "HSV")
    user.until(lambda: all(view.isVisible() for view in views))
    assert [part.names for part in user.shown.output.parts] == [("H",), ("S",), ("V",)]
    for part in user.shown.input.parts:
        blue, green, red = (part.bgra[1:-1, 1:-1, channel] for channel in range(3))
        assert np.array_equal(blue, green)
        assert np.array_equal(green, red)
    for name, plane, view in zip("HSV", user.shown.input.planes, views, strict=True):
        taken, label = view.taken_at(QPoint()), view.findChild(QLabel, "plane_name")
        assert taken is not None
        assert taken.values is not None
        assert np.array_equal(taken.values, plane)
        assert label is not None
        assert label.text() == name
    turn_wheel(views[2].viewport(), 3)
    assert len({view.sight for view in views}) == 1
    assert show_the_same(user)
    user.press("channel_chip_0")
    user.until(lambda: [view.isVisible() for view in views] == [True, True, False])
    user.choose("color_space_combo", "RGB")
    user.until(lambda: not user.shown.input.parts)
    assert not views[1].isVisible()


def test_a_plane_is_pinned_like_the_picture(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE, "--size", "1440x900")
    user.choose("color_space_combo", "Lab")
    user.until(lambda: len(user.shown.input.parts) == 3)
    user.click(user.find(ImageView, "output_view_2"), 30, 40)
    probe = user.window.session.viewing.kernel.probe
    assert probe is not None
    assert np.abs(np.subtract(probe, (30, 40))).max() <= 1, "two pixels on one of the screen"
    assert user.window.session.viewing.kernel.pinned


# ---- nothing moves under a hand ----


def test_an_edit_and_a_message_move_no_cell(step: Driver) -> None:
    grid = step.grid

    def places() -> list[QPoint]:
        QApplication.processEvents()
        return [
            grid.mapToGlobal(grid.cell_rect(r, c).center().toPoint()) for r, c in np.ndindex(3, 3)
        ]

    before = places()
    step.select_cell(1, 1)
    QTest.keyClicks(grid, "1")
    editor = step.find(QLineEdit, "kernel_cell_editor")
    QTest.keyClicks(editor, "e")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert step.find(QLabel, "kernel_message").isVisible()
    assert places() == before
    step.window.resize(1100, 640)
    QApplication.processEvents()
    middle = grid.cell_rect(1, 1).center()
    apart = QPointF(editor.geometry().center()) - middle
    assert apart.manhattanLength() < 3
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    step.window.resize(1440, 900)
    step.drag_cell(1, 1, 30)
    assert places() == before


def test_a_drag_is_scaled_to_the_kernel(step: Driver) -> None:
    step.choose("preset_combo", "Gaussian 9×9")
    before = step.document.kernel.array()
    step.drag_cell(4, 4, 10)
    changed = step.document.kernel.array()[4, 4] - before[4, 4]
    assert changed == pytest.approx(0.01, abs=1e-6), "0.05 × 0.02 a pixel"


def test_ctrl_v_of_a_picture_makes_it_the_source(step: Driver) -> None:
    picture = QImage(12, 8, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    kernel = step.document.kernel
    step.grid.setFocus()
    QGuiApplication.clipboard().setImage(picture)
    step.key(Qt.Key.Key_V, CONTROL)
    step.until(lambda: step.shape[:2] == (8, 12))
    assert step.document.source.kind is not SourceKind.PATTERN
    assert step.document.kernel == kernel


def test_a_layout_of_an_older_version_changes_nothing(open_window: OpenWindow) -> None:
    """It names the drawing's dock, which Qt would take out of the page."""
    user = open_window("--source", "drawing:blank")
    lab, dock = user.window.labs.of(KernelLab), user.find(QDockWidget, "kernel_drawing_dock")
    old = QMainWindow()
    user.qtbot.addWidget(old)
    same = QDockWidget(old)
    same.setObjectName("kernel_drawing_dock")
    old.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, same)
    lab.restore_layout(QByteArray(f"{lab.width()}x{lab.height()} ".encode()) + old.saveState())
    lab._place_panels()
    QApplication.processEvents()
    assert dock.parentWidget() is lab.page
    assert dock.geometry() == QRect(*lab.page.rooms.input)


def test_the_sum_stays_while_the_mouse_goes_to_the_other_picture(open_window: OpenWindow) -> None:
    user = open_window("--source", COFFEE, "--size", "1440x900")
    card = user.find(PixelCard, "pixel_card")
    card._lingering.setInterval(PATIENCE)
    user.point(user.input, 100, 100)
    user.until(card.isVisible)
    before = user.input.geometry()
    user.input.left.emit()
    user.until(lambda: not user.shown.sums)
    assert card.isVisible()
    user.point(user.output, 100, 100)
    user.until(lambda: bool(user.shown.sums))
    assert card.isVisible()
    card._lingering.setInterval(0)
    user.output.left.emit()
    user.until(lambda: not card.isVisible())
    assert user.input.geometry() == before, "a sum that is not pinned moves no picture"
