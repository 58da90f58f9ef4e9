"""Networks in the overview: blocks folded and opened, by mouse and keys; layer to layer by keys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from convlab.document.stack.model import Unit
from convlab.ui.widgets.mini_map import MiniMap
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS
from tests.e2e.stack_driver import StackDriver
from tests.gestures import turn_wheel
from tests.networks.models import model_of

onnx = pytest.importorskip("onnx", reason="makes the network")
from onnx import helper, numpy_helper  # noqa: E402


@pytest.fixture
def lab(open_window: OpenWindow) -> StackDriver:
    """The first stack: twice conv, ReLU, pool."""
    window = open_window("--lab", "stack", "--source", "pattern:zone-plate", "--size", "1440x900")
    return StackDriver(window)


def click_at(lab: StackDriver, point: QPointF) -> None:
    """Click a place in the scene of the maps."""
    QTest.mouseClick(lab.maps.viewport(), LEFT, NO_KEYS, lab.maps.mapFromScene(point))


def places(lab: StackDriver) -> list[int]:
    return [place.uid for place in lab.maps._layout.places]


def test_a_block_is_folded_and_opened_and_maps_follow(lab: StackDriver) -> None:
    lab.choose_layer(5)
    lab.press_key(Qt.Key.Key_Return)
    lab.until(lambda: places(lab) == [0, 1, 2, 3, 6])
    lab.until_shown(lambda shown: shown.folded.shown(5) == 6)
    lab.until(lambda: lab.maps.in_sight == {0, 1, 2, 3, 6})
    lab.settle()
    assert lab.maps._cards[6].title == "Block 2"
    assert "3 layers" in lab.maps._cards[6].notes[0]
    assert lab.maps._chosen == 6, "the block of the chosen layer is marked"
    hidden = {column.uid for column in lab.shown.columns if column.tiles is None}
    assert hidden == {4, 5}, "what is not seen is not painted"
    click_at(lab, lab.maps._columns[6].card.chip.center())
    lab.until(lambda: places(lab) == list(range(7)))
    lab.until(lambda: len(lab.maps._layout.bands) == 1)
    [band] = lab.maps._layout.bands
    assert band.title == "Block 2"
    cards = [lab.maps._columns[uid].place.card for uid in (4, 5, 6)]
    assert band.rect.left() == cards[0].left()
    assert band.rect.right() == pytest.approx(cards[2].right())
    assert band.rect.bottom() <= cards[0].top()
    click_at(lab, band.rect.center())
    lab.until(lambda: places(lab) == [0, 1, 2, 3, 6])
    assert not lab.window.session.undo_stack.canUndo(), "looking is not undone"


def test_arrows_lead_from_layer_to_layer(lab: StackDriver) -> None:
    lab.choose_layer(2)
    lab.press_key(Qt.Key.Key_Right)
    assert lab.viewing.chosen == 3
    lab.press_key(Qt.Key.Key_Left)
    lab.press_key(Qt.Key.Key_Left)
    assert lab.viewing.chosen == 1
    lab.press_key(Qt.Key.Key_Left)
    assert lab.viewing.chosen is None, "the picture"
    lab.press_key(Qt.Key.Key_Right)
    assert lab.viewing.chosen == 1
    lab.press_key(Qt.Key.Key_Down)
    assert lab.viewing.pinned, "down goes into the maps"
    assert lab.viewing.unit is not None
    before = lab.viewing.unit
    lab.press_key(Qt.Key.Key_Right)
    assert lab.viewing.unit is not None
    assert lab.viewing.unit.column == before.column + 1, "and there arrows move the unit"
    origin = QPoint(0, 0)
    assert lab.maps.mapToScene(origin).x() == 0


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight residual blocks of six layers, by name, and two layers around them."""
    rng = np.random.default_rng(0)
    weights, nodes, before = [], [], "x"

    def conv(name: str, source: str, inputs: int, outputs: int) -> str:
        kernel = rng.normal(0, 0.3, (outputs, inputs, 3, 3)).astype(np.float32)
        weights.append(numpy_helper.from_array(kernel, f"{name}.w"))
        nodes.append(helper.make_node("Conv", [source, f"{name}.w"], [name], pads=[1, 1, 1, 1]))
        return name

    before = conv("/stem/Conv", before, 3, 96)
    for number in range(8):
        at = f"/body/{number}"
        first = conv(f"{at}/a/Conv", before, 96, 4)
        nodes.append(helper.make_node("Relu", [first], [f"{at}/Relu"]))
        second = conv(f"{at}/b/Conv", f"{at}/Relu", 4, 96)
        nodes.append(helper.make_node("Sigmoid", [second], [f"{at}/gate"]))
        nodes.append(helper.make_node("Add", [f"{at}/gate", before], [f"{at}/Add"]))
        nodes.append(helper.make_node("Relu", [f"{at}/Add"], [f"{at}/out"]))
        before = f"{at}/out"
    nodes.append(helper.make_node("MaxPool", [before], ["pooled"], kernel_shape=[2, 2]))
    path = tmp_path_factory.mktemp("network") / "large.onnx"
    onnx.save(model_of(nodes, (1, 3, 24, 24), weights), path)
    return path


def test_a_large_network_is_folded_searched_and_scrolled(
    open_window: OpenWindow, large: Path
) -> None:
    user = open_window("--lab", "stack", "--source", "pattern:zone-plate", "--size", "800x600")
    user.drop_file(large)
    user.until(lambda: user.document.stack.title == "large")
    lab = StackDriver(user)
    lab.until(lambda: len(places(lab)) == 11)
    cards = lab.maps._cards
    assert [card.title for card in cards.values() if card.block][:2] == ["body.0", "body.1"]

    # Maps without room are scrolled, and painted only where they are seen.
    lab.settle()
    stem = lab.maps._columns[places(lab)[1]]
    assert stem.is_scrolled
    count = len(stem.place.cells)
    column = lab.shown.column(stem.place.uid)
    assert column is not None
    assert column.tiles is not None
    assert len(column.tiles) == count < 96
    middle = lab.maps.mapFromScene(stem.place.cells[0].center())
    turn_wheel(lab.maps.viewport(), -1, middle)
    lab.until_shown(lambda shown: bool((c := shown.column(stem.place.uid)) and c.first > 0))
    lab.until(lambda: stem.shown is not None and stem.shown.first > 0)
    assert lab.maps.is_fitted, "the wheel did not zoom"
    lab.click(Unit(stem.place.uid, stem.shown.first if stem.shown else 0, 3, 4))
    assert lab.look.unit.channel == (stem.shown.first if stem.shown else 0)
    lab.press_key(Qt.Key.Key_Escape)

    # A search by kind and name opens the blocks around what it finds.
    QTest.keyClick(lab.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    search = popup.findChild(QLineEdit, "find_layer_button_search")
    assert search is not None
    QTest.keyClicks(search, "add body.5 96x24x24")
    QTest.keyClick(search, Qt.Key.Key_Return)
    added = next(slot for slot in lab.state.slots if slot.name == "/body/5/Add")
    lab.until(lambda: lab.viewing.chosen == added.uid)
    lab.until(lambda: added.uid in places(lab))
    assert lab.maps.viewport().rect().contains(lab.maps.card_center(added.uid))
    words = "36 Add, 96 × 24 × 24; takes 35 Sigmoid, body.4; goes on to 37 ReLU."
    lab.until(lambda: lab.maps.accessibleDescription() == words)
    arcs = {(each.source, each.target) for each in lab.maps._layout.links if each.arc}
    assert (added.inputs[1], added.uid) in arcs

    # Not all has room now: the small map goes where it is pressed.
    mini = lab.maps.findChild(MiniMap)
    assert mini is not None
    assert mini.isVisible() == (lab.maps.visible_rect.width() < lab.maps.sceneRect().width() - 1)
    for _ in range(4):
        lab.press_key(Qt.Key.Key_Plus)
    lab.until(mini.isVisible)
    QTest.mouseClick(mini, LEFT, NO_KEYS, QPoint(8, mini.height() // 2))
    assert lab.maps.visible_rect.left() <= 1
    QTest.mouseClick(mini, LEFT, NO_KEYS, QPoint(mini.width() - 8, mini.height() // 2))
    assert lab.maps.visible_rect.right() >= lab.maps.sceneRect().right() - 1
    lab.press_key(Qt.Key.Key_Home)

    # Along the edges, and back into one card.
    lab.press_key(Qt.Key.Key_Left)
    assert lab.viewing.chosen == added.inputs[0]
    lab.press_key(Qt.Key.Key_Return)
    lab.until(lambda: len(places(lab)) == 11)
