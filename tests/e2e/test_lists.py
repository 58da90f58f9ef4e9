"""Long lists: search, groups, pictures of what is chosen on the present frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QListView, QWidget

from convlab.document.document import Lab
from convlab.document.stack.ready import READY_STACKS
from convlab.engine.arrays import ByteArray
from convlab.engine.presets import PRESETS, SIGN_CONVENTION
from convlab.ui.choices.choice_box import ChoiceBox, ChoiceButton
from convlab.ui.choices.choice_model import ChoiceModel
from convlab.ui.choices.choice_popup import HEIGHT
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, Driver
from tests.e2e.stack_driver import StackDriver
from tests.gestures import turn_wheel
from tests.pictures import save_png

SOBEL = ((1.0, 2.0, 1.0), (0.0, 0.0, 0.0), (-1.0, -2.0, -1.0))


class OpenList:
    """A list that a person has opened."""

    def __init__(self, user: Driver, name: str) -> None:
        self.user, self.name = user, name
        control = user.find(QWidget, name)
        assert isinstance(control, ChoiceBox | ChoiceButton)
        control.open_list()
        self.search = user.find(QLineEdit, f"{name}_search")
        self.view = user.find(QListView, f"{name}_list")
        model = self.view.model()
        assert isinstance(model, ChoiceModel)
        self.model = model

    @property
    def rows(self) -> list[str]:
        return [self.model.index(row).data() for row in range(self.model.rowCount())]

    @property
    def present(self) -> str | None:
        """The entry that Enter chooses."""
        name: str | None = self.view.currentIndex().data()
        return name

    @property
    def is_open(self) -> bool:
        return self.search.window().isVisible()

    def pixels(self, key: str) -> ByteArray | None:
        thumbnail = self.model.thumbnail(key)
        return None if thumbnail is None else thumbnail.pixels

    def until_pictures(self, keys: list[str]) -> None:
        self.user.until(lambda: all(self.model.thumbnail(key) is not None for key in keys))

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.search, key)


def kernel(user: Driver) -> tuple[tuple[float, ...], ...]:
    return user.document.kernel.weights


def test_typing_searches_at_once_arrows_move_and_enter_chooses(step: Driver) -> None:
    box = step.find(ChoiceBox, "preset_combo")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_S)
    search = step.find(QLineEdit, "preset_combo_search")
    QTest.keyClicks(search, "ob")
    view = step.find(QListView, "preset_combo_list")
    names = [view.model().index(row, 0).data() for row in range(view.model().rowCount())]
    assert names[:4] == ["Edges", "Sobel vertical", "Sobel horizontal", "Sobel diagonal"]
    assert step.find(QLabel, "preset_combo_note").text() == SIGN_CONVENTION
    assert view.currentIndex().data() == "Sobel vertical"
    QTest.keyClick(search, Qt.Key.Key_Down)
    assert "Sobel horizontal" in search.accessibleDescription(), "a screen reader hears it"
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert not search.window().isVisible()
    assert kernel(step) == SOBEL
    assert box.currentText() == "Sobel horizontal"


def test_arrows_go_over_headings_and_stay_in_the_list(step: Driver) -> None:
    listed = OpenList(step, "preset_combo")
    assert listed.present == "Sobel vertical", "it is in use"
    listed.press(*[Qt.Key.Key_PageUp] * len(PRESETS), Qt.Key.Key_Up)
    assert listed.present == "Identity"
    basics = [name for name, preset in PRESETS.items() if preset.group == "Basics"]
    listed.press(*[Qt.Key.Key_Down] * len(basics))
    assert listed.present == "Box blur 3×3"
    listed.press(*[Qt.Key.Key_PageDown] * len(PRESETS), Qt.Key.Key_Down)
    assert listed.present == list(PRESETS)[-1]


def test_escape_closes_and_changes_nothing(step: Driver) -> None:
    before = step.document
    listed = OpenList(step, "preset_combo")
    QTest.keyClicks(listed.search, "gabor")
    listed.press(Qt.Key.Key_Escape)
    assert not listed.is_open
    assert step.document is before
    again = OpenList(step, "preset_combo")
    assert again.search.text() == ""
    assert again.present == "Sobel vertical"


def test_what_nothing_is_called_is_said(step: Driver) -> None:
    listed = OpenList(step, "preset_combo")
    QTest.keyClicks(listed.search, "xyz")
    nothing = step.find(QWidget, "preset_combo_nothing")
    assert nothing.isVisible()
    listed.press(Qt.Key.Key_Return)
    assert listed.is_open
    listed.search.clear()
    assert not nothing.isVisible()
    assert listed.present == "Sobel vertical"


@pytest.mark.display
def test_presets_are_shown_on_the_present_frame(open_window: OpenWindow, tmp_path: Path) -> None:
    """One that has an edge at one quarter, then one with an edge at three quarters."""
    files = []
    for quarter in (1, 3):
        pixels = np.full((48, 64, 3), 30, np.uint8)
        pixels[:, : 16 * quarter] = 220
        files.append(tmp_path / f"{quarter}.png")
        save_png(files[-1], pixels)
    user = open_window("--source", str(files[0]))
    places: list[float] = []
    for number, file in enumerate(files):
        if number:
            user.drop_file(file)
            user.until(lambda file=file: user.document.source.name == str(file))  # type: ignore[misc]
            user.until(lambda: user.window.pump.is_up_to_date)
        listed = OpenList(user, "preset_combo")
        if number:
            user.until(lambda: strongest(listed.pixels("Sobel vertical")) != places[0])  # noqa: B023
        listed.until_pictures(list(PRESETS))
        places.append(strongest(listed.pixels("Sobel vertical")))
        blur = listed.pixels("Box blur 3×3")
        assert blur is not None
        assert blur[0, 0, :3].tolist() == [220] * 3, "a picture is shown as a picture"
        listed.press(Qt.Key.Key_Escape)
    assert places == [0.25, 0.75]


def strongest(pixels: ByteArray | None) -> float:
    """Return where a picture is most strongly coloured, 0 to 1 of its width."""
    if pixels is None:
        return -1.0
    strength = np.ptp(pixels[..., :3].astype(int), axis=2).sum(axis=0)
    around = strength >= strength.max() / 2
    return float(round((np.flatnonzero(around).mean() + 0.5) / len(strength), 2))


def test_sources_have_groups_pictures_and_a_search(step: Driver) -> None:
    step.window.sources.set_cameras([])
    listed = OpenList(step, "source_combo")
    assert [row for row in listed.rows if row in ("Cameras", "Sample pictures", "Patterns")] == [
        "Sample pictures",
        "Patterns",
    ]
    choices = step.window.sources.list.choices
    pictured = [choice.key for choice in choices if choice.key.startswith(("picture", "pattern"))]
    assert len(pictured) == 23
    listed.until_pictures(pictured)
    astronaut = next(choice.key for choice in choices if choice.name == "Astronaut")
    pixels = listed.pixels(astronaut)
    assert pixels is not None
    assert pixels.shape == (48, 48, 4)
    assert pixels.std() > 20
    QTest.keyClicks(listed.search, "zone")
    assert listed.rows == ["Patterns", "Zone plate"]
    listed.press(Qt.Key.Key_Return)
    step.until(lambda: step.document.source.name == "zone-plate")


@pytest.fixture
def lab(open_window: OpenWindow) -> StackDriver:
    return StackDriver(open_window("--lab", "stack", "--source", "pattern:zone-plate"))


def test_ready_stacks_have_names_lines_figures_and_pictures(lab: StackDriver) -> None:
    listed = OpenList(lab.person, "stack_combo")
    assert listed.present == "First steps"
    assert [row for row in listed.rows if row in {ready.group for ready in READY_STACKS}] == [
        "To begin with",
        "Filters made by hand",
        "Networks",
    ]
    listed.until_pictures([ready.key for ready in READY_STACKS])
    first = listed.model.thumbnail("first")
    assert first is not None
    assert first.detail == "6 layers, 1,192 parameters"
    assert first.pixels is not None
    assert np.ptp(first.pixels[..., :3].astype(int), axis=2).max() > 60, "maps, not grey"
    one = listed.model.thumbnail("32x32x3-to-28x28x6")
    assert one is not None
    assert one.detail == "1 layer, 456 parameters"


def test_banks_show_their_kernels_and_presets_the_present_frame(lab: StackDriver) -> None:
    listed = OpenList(lab.person, "filter_fill_button")
    choices = lab.person.find(ChoiceButton, "filter_fill_button").list.choices
    listed.until_pictures([choice.key for choice in choices if choice.name != "From a file…"])
    for key in ("bank:Gabor", "preset:Sobel vertical"):
        pixels = listed.pixels(key)
        assert pixels is not None
        assert np.ptp(pixels[..., :3].astype(int), axis=2).max() > 60
    listed.press(Qt.Key.Key_Escape)


def test_an_empty_stack_is_chosen_and_the_first_comes_back(lab: StackDriver) -> None:
    lab.person.choose("stack_combo", "New, empty")
    lab.until(lambda: not lab.state.slots)
    assert lab.state.title == "Untitled"
    lab.person.choose("stack_combo", "First steps")
    lab.until(lambda: len(lab.state.slots) == 6)
    assert lab.state.title == "First steps"


def test_a_changed_stack_is_not_called_as_before(lab: StackDriver) -> None:
    combo = lab.person.find(QComboBox, "stack_combo")
    assert combo.currentText() == "First steps"
    lab.choose_layer(2)
    lab.list_key(Qt.Key.Key_Delete)
    assert combo.currentText() == "First steps (changed)"
    lab.list_key(Qt.Key.Key_Delete)
    assert combo.currentText() == "First steps (changed)"
    lab.person.undo()
    lab.person.undo()
    assert combo.currentText() == "First steps"


@pytest.mark.display
def test_a_choice_by_mouse_leaves_the_keyboard_to_the_picture(live: Driver) -> None:
    live.input.setFocus()
    box = live.find(ChoiceBox, "preset_combo")
    QTest.mouseClick(box, LEFT)
    view = live.find(QListView, "preset_combo_list")
    live.until(view.isVisible)
    other = view.currentIndex().siblingAtRow(view.currentIndex().row() + 1)
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(other).center())
    assert not view.isVisible()
    assert kernel(live) == SOBEL
    live.until(live.window.isActiveWindow)
    assert QApplication.focusWidget() is live.input
    live.key(Qt.Key.Key_Space)
    assert not live.window.session.viewing.playing
    assert QApplication.activePopupWidget() is None


def test_the_wheel_over_a_box_is_left_to_what_scrolls(step: Driver) -> None:
    before = step.document
    for name in ("preset_combo", "source_combo"):
        box = step.find(ChoiceBox, name)
        box.setFocus()
        assert not turn_wheel(box, -1)
    assert step.document is before


@pytest.mark.parametrize("size", ["1440x900", "800x600"])
def test_lists_fit_the_screen(open_window: OpenWindow, size: str) -> None:
    user = open_window("--source", "pattern:step", "--size", size)
    screen = user.window.screen().availableGeometry()
    for name in ("preset_combo", "source_combo"):
        popup = OpenList(user, name).search.window()
        assert screen.contains(popup.geometry())
        assert popup.height() <= HEIGHT
        popup.hide()


def test_a_name_without_room_ends_in_an_ellipsis_and_the_tooltip_has_it_all(step: Driver) -> None:
    step.choose("preset_combo", "Difference of Gaussians 9×9")
    box = step.find(ChoiceBox, "preset_combo")
    box.setFixedWidth(90)
    assert box.shown_text().endswith("…")
    assert "Difference of Gaussians 9×9" in box.tip()
    assert PRESETS["Difference of Gaussians 9×9"].description in box.tip()


def test_every_list_of_more_than_ten_can_be_searched(step: Driver) -> None:
    for name in Lab:
        step.window.labs.lab(name)
    for combo in step.window.findChildren(QComboBox):
        if combo.count() > 10:
            assert isinstance(combo, ChoiceBox), combo.objectName()
    fill = step.find(ChoiceButton, "filter_fill_button")
    assert len(fill.list.choices) > 10
