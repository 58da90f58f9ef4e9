from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QTableView
from pytestqt.qtbot import QtBot

from convlab.document.stack.table import DASH, HEADERS, known_summaries
from convlab.layers import Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU
from convlab.ui.palettes import THEMES, ThemeName
from convlab.ui.stack.stack_table import StackTable
from convlab.ui.stack.stack_table_model import TIPS, StackTableModel
from convlab.ui.theme import apply_theme
from convlab.ui.true_bars import TrueBars

LAYERS: tuple[Layer, ...] = (Conv2d(3, 6, 5), ReLU(), MaxPool2d(2), Flatten(), Linear(1176, 10))
SHAPE = (3, 32, 32)


def show(
    table: StackTable, layers: Sequence[Layer] = LAYERS, shape: tuple[int, ...] = SHAPE
) -> None:
    names = [type(layer).__name__ for layer in layers]
    table.show_stack(shape, names, layers, known_summaries(shape, layers))


@pytest.fixture
def table(qtbot: QtBot) -> StackTable:
    made = StackTable()
    qtbot.addWidget(made)
    made.resize(1200, 300)
    show(made)
    made.show()
    return made


def view(table: StackTable) -> QTableView:
    found = table.findChild(QTableView, "stack_table_view")
    assert isinstance(found, QTableView)
    return found


def model(table: StackTable) -> StackTableModel:
    found = view(table).model()
    assert isinstance(found, StackTableModel)
    return found


def label(table: StackTable, name: str) -> str:
    found = table.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def bars(table: StackTable) -> str:
    found = table.findChild(TrueBars, "parameter_bars")
    assert isinstance(found, TrueBars)
    return found.accessibleDescription()


def shown(table: StackTable, row: int) -> list[str]:
    rows = model(table)
    return [str(rows.index(row, column).data()) for column in range(rows.columnCount())]


def click(table: StackTable, row: int) -> None:
    place = view(table).visualRect(model(table).index(row, 1)).center()
    QTest.mouseClick(view(table).viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_there_is_a_row_for_the_input_each_layer_and_the_total(table: StackTable) -> None:
    titles = [shown(table, row)[0] for row in range(model(table).rowCount())]
    assert titles == [
        "Input",
        "1  Conv2d",
        "2  ReLU",
        "3  MaxPool2d",
        "4  Flatten",
        "5  Linear",
        "Total (m = 1)",
    ]
    assert shown(table, 1)[7:9] == ["456", "352,800"]


def test_every_header_teaches(table: StackTable) -> None:
    role = Qt.ItemDataRole
    for column, header in enumerate(HEADERS):
        horizontal = Qt.Orientation.Horizontal
        assert model(table).headerData(column, horizontal, role.DisplayRole) == header
        assert model(table).headerData(column, horizontal, role.ToolTipRole) == TIPS[column]
    assert len(set(TIPS)) == len(HEADERS)
    assert "m = 1" in TIPS[1]


def test_numbers_stand_right_aligned(table: StackTable) -> None:
    alignment = model(table).index(1, 7).data(Qt.ItemDataRole.TextAlignmentRole)
    assert alignment & int(Qt.AlignmentFlag.AlignRight)


def test_a_click_chooses_a_layer_and_shows_its_sums(table: StackTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.row_chosen) as chosen:
        click(table, 1)
    assert chosen.args == [0]
    assert table.row == 0
    assert "5·5·3·6 + 6 = 456" in label(table, "parameter_sum")
    assert "28·28·6 = 4,704" in label(table, "parameter_sum")
    assert "31,690 times" in label(table, "parameter_words")
    assert "biases not counted" in label(table, "parameter_words")
    assert bars(table) == (
        "convolution: parameters 456, fully connected: weights 14,450,688, "
        "convolution: multiply-adds 352,800, fully connected: multiply-adds 14,450,688"
    )


def test_arrow_keys_choose_and_stop_before_the_total(table: StackTable, qtbot: QtBot) -> None:
    chosen: list[int] = []
    table.row_chosen.connect(chosen.append)
    for _ in range(7):
        QTest.keyClick(view(table), Qt.Key.Key_Down)
    assert chosen == [0, 1, 2, 3, 4]
    QTest.keyClick(view(table), Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert chosen[-1] == -1


def test_a_click_on_the_total_chooses_nothing(table: StackTable, qtbot: QtBot) -> None:
    table.select_row(2)
    with qtbot.assertNotEmitted(table.row_chosen):
        click(table, 6)
    assert table.row == 2


def test_selecting_from_outside_is_silent(table: StackTable, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(table.row_chosen):
        table.select_row(4)
        assert table.row == 4
        assert "1,176·10 + 10 = 11,770" in label(table, "parameter_sum")
        table.select_row(-1)
        assert table.row == -1
        table.select_row(99)
    assert table.row == -1
    assert bars(table) == ""


def test_what_is_selected_stays_when_the_stack_changes(table: StackTable, qtbot: QtBot) -> None:
    table.select_row(2)
    with qtbot.assertNotEmitted(table.row_chosen):
        show(table, shape=(3, 64, 64), layers=LAYERS[:4])
        assert table.row == 2
        show(table, LAYERS[:1])
        assert table.row == 0
        show(table, ())
        assert table.row == -1
    assert [index.row() for index in view(table).selectionModel().selectedRows()] == [0]
    assert shown(table, 1)[0] == "Total (m = 1)"


def test_an_edit_of_the_selected_layer_is_followed(table: StackTable) -> None:
    table.select_row(0)
    show(table, (Conv2d(3, 8, 3, padding=1), *LAYERS[1:4]))
    assert "3·3·3·8 + 8 = 224" in label(table, "parameter_sum")
    assert shown(table, 1)[2:5] == ["3", "1", "1"]


def test_what_does_not_fit_is_dashes(table: StackTable) -> None:
    show(table, (Conv2d(3, 6, 5), Conv2d(5, 6, 5), ReLU()))
    assert shown(table, 1)[7] == "456"
    assert set(shown(table, 2)[1:]) | set(shown(table, 3)[1:]) == {DASH}
    table.select_row(1)
    assert "5·5·5·6 + 6 = 756" in label(table, "parameter_sum")
    assert "does not fit" in label(table, "parameter_words")
    assert bars(table) == ""


def test_columns_do_not_jump_while_values_change(table: StackTable) -> None:
    show(table, shape=(3, 32, 32), layers=LAYERS[:3])
    show(table, shape=(3, 1000, 1000), layers=LAYERS[:3])
    wide = [view(table).columnWidth(column) for column in range(len(HEADERS))]
    show(table, shape=(3, 32, 32), layers=LAYERS[:3])
    assert [view(table).columnWidth(column) for column in range(len(HEADERS))] == wide


def test_nothing_is_cut_off(table: StackTable) -> None:
    metrics = view(table).fontMetrics()
    for row in range(model(table).rowCount()):
        for column, text in enumerate(shown(table, row)):
            room = view(table).columnWidth(column)
            assert view(table).isColumnHidden(column) or metrics.horizontalAdvance(text) < room


def test_control_c_copies_everything_as_tsv(table: StackTable) -> None:
    QTest.keyClick(view(table), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "\t".join(HEADERS)
    assert lines[2].split("\t")[:9] == [
        "1  Conv2d", "28 × 28 × 6", "5", "0", "1", "450", "6", "456", "352800"
    ]  # fmt: skip
    assert len(lines) == 8


def test_with_little_room_the_parts_of_the_parameters_are_left_out(
    table: StackTable, qtbot: QtBot
) -> None:
    weights, parameters = HEADERS.index("weights"), HEADERS.index("parameters")
    assert not view(table).isColumnHidden(weights)
    table.resize(500, 300)
    assert view(table).isColumnHidden(weights)
    assert not view(table).isColumnHidden(parameters)
    table.resize(1200, 300)
    assert not view(table).isColumnHidden(weights)


def test_a_cell_says_what_it_is_in_words(table: StackTable) -> None:
    def tip(row: int, header: str) -> object:
        index = model(table).index(row, HEADERS.index(header))
        return index.data(Qt.ItemDataRole.ToolTipRole)

    assert tip(1, "parameters") == "450 weights + 6 biases = 456 parameters"
    assert tip(3, "MACs") == "0 multiply-adds, 3,528 comparisons"
    assert tip(3, "RF") == "Receptive field of 6 × 6 pixels; the neighbour's lies 2 px on"


@pytest.mark.parametrize("name", ThemeName)
@pytest.mark.parametrize("size", [(1100, 260), (560, 210), (300, 120)])
def test_it_is_painted_in_every_palette_and_size(
    table: StackTable, qapp: QApplication, name: ThemeName, size: tuple[int, int]
) -> None:
    before = qapp.styleSheet(), qapp.palette(), qapp.style().objectName()
    try:
        apply_theme(qapp, name)
        table.resize(*size)
        for index in range(-1, len(LAYERS)):
            table.select_row(index)
        picture = table.grab().toImage()
        for place in (QPoint(picture.width() - 3, picture.height() - 2), QPoint(1, 1)):
            assert picture.pixelColor(place).name() == THEMES[name].panel
    finally:
        apply_theme(qapp, ThemeName.LIGHT)
        qapp.setStyleSheet(before[0])
        qapp.setPalette(before[1])
        qapp.setStyle(before[2])
