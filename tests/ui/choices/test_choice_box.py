"""The box that opens a long list."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView
from pytestqt.qtbot import QtBot

from convlab.runtime.thumbnails import Thumbnail, Thumbnailer, Thumbnails
from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_box import ChoiceBox
from convlab.ui.choices.choice_model import ChoiceModel
from convlab.ui.palettes import ThemeName
from convlab.ui.theme import apply_theme

CHOICES = [
    Choice("Unlisted", "", is_offered=False),
    Choice("Apple", "a", "Fruit", "Grows on trees."),
    Choice("Leek", "l", "Vegetables"),
    Choice("Pear", "p", "Fruit"),
]
PICTURE = Thumbnail(np.full((2, 2, 4), 255, np.uint8))


@pytest.fixture
def thumbnailer(qtbot: QtBot) -> Iterator[Thumbnailer]:
    made = Thumbnailer(lambda: None)
    yield made
    made.stop()


@pytest.fixture
def box(qtbot: QtBot) -> ChoiceBox:
    box = ChoiceBox("food", "Food", "What to eat.")
    qtbot.addWidget(box)
    box.set_choices(CHOICES)
    box.show()
    return box


def rows(box: ChoiceBox) -> list[str]:
    model = model_of(box)
    return [model.index(row).data() for row in range(model.rowCount())]


def model_of(box: ChoiceBox) -> ChoiceModel:
    view = box.findChild(QListView, "food_list")
    assert view is not None
    model = view.model()
    assert isinstance(model, ChoiceModel)
    return model


def search_of(box: ChoiceBox) -> QLineEdit:
    search = box.findChild(QLineEdit, "food_search")
    assert search is not None
    return search


def test_groups_are_gathered_and_what_is_not_offered_is_not_listed(box: ChoiceBox) -> None:
    box.open_list()
    assert rows(box) == ["Fruit", "Apple", "Pear", "Vegetables", "Leek"]
    assert [box.itemText(index) for index in range(box.count())] == [c.name for c in CHOICES]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_F4])
def test_keys_open_the_list(box: ChoiceBox, key: Qt.Key) -> None:
    QTest.keyClick(box, key)
    assert search_of(box).isVisible()
    QTest.keyClick(search_of(box), Qt.Key.Key_Escape)
    assert not search_of(box).isVisible()


def test_arrows_step_without_the_list(box: ChoiceBox, qtbot: QtBot) -> None:
    box.setCurrentIndex(1)
    with qtbot.waitSignal(box.activated):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == "l"


def test_a_choice_is_told_as_of_any_combo_box(box: ChoiceBox, qtbot: QtBot) -> None:
    box.open_list("pea")
    with qtbot.waitSignal(box.activated) as told:
        QTest.keyClick(search_of(box), Qt.Key.Key_Enter)
    assert told.args == [3]
    assert box.currentText() == "Pear"


def test_a_list_that_closes_shows_no_more_pictures(
    box: ChoiceBox, thumbnailer: Thumbnailer, qtbot: QtBot
) -> None:
    go_on = threading.Event()

    def make(size: tuple[int, int]) -> Thumbnails:
        yield "a", PICTURE
        go_on.wait()
        yield "p", PICTURE

    box.list.set_thumbnails(thumbnailer, make)
    box.open_list()
    qtbot.waitUntil(lambda: model_of(box).thumbnail("a") is PICTURE)
    box.hidePopup()
    with qtbot.waitSignal(thumbnailer.made):
        go_on.set()
    assert model_of(box).thumbnail("p") is None
    assert model_of(box).thumbnail("a") is PICTURE, "it is there when the list opens again"


def test_every_picture_and_line_is_painted(
    box: ChoiceBox, thumbnailer: Thumbnailer, qtbot: QtBot
) -> None:
    box.list.set_thumbnails(thumbnailer, lambda size: iter([("a", PICTURE)]))
    box.open_list()
    model = model_of(box)
    before = search_of(box).window().grab().toImage()
    qtbot.waitUntil(lambda: model.thumbnail("a") is PICTURE)
    assert search_of(box).window().grab().toImage() != before


@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_a_list_fits_the_screen_and_its_lines_their_rows(
    box: ChoiceBox, scale: float, qapp: QApplication
) -> None:
    apply_theme(qapp, ThemeName.LIGHT, scale)
    try:
        box.open_list()
        popup = search_of(box).window()
        assert box.screen().availableGeometry().contains(popup.geometry())
        view = box.findChild(QListView, "food_list")
        assert view is not None
        assert view.sizeHintForRow(1) >= 3 * view.fontMetrics().height()
        box.hidePopup()
    finally:
        apply_theme(qapp, ThemeName.LIGHT, 1.0)


def test_a_name_without_room_is_painted_with_an_ellipsis(qtbot: QtBot) -> None:
    def painted(name: str) -> tuple[str, QImage]:
        box = ChoiceBox("food", "Food", "What to eat.")
        qtbot.addWidget(box)
        box.set_choices([Choice(name, "x")])
        box.setCurrentIndex(0)
        box.setFixedWidth(110)
        return box.shown_text(), box.grab().toImage()

    shown, image = painted("Difference of Gaussians 9×9")
    assert shown.endswith("…")
    assert painted(shown) == (shown, image)
