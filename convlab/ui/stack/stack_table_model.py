"""The rows of the stack's table as Qt's views ask for them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from convlab.document.stack.sums import other_operations
from convlab.document.stack.table import DASH, HEADERS, Row, texts
from convlab.ui.theme import theme

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
SIZE = HEADERS.index("n_h × n_w × n_c")
WEIGHTS, BIASES = HEADERS.index("weights"), HEADERS.index("biases")
PARAMETERS, MULTIPLY_ADDS = HEADERS.index("parameters"), HEADERS.index("MACs")
FIELD, CUMULATIVE_STRIDE = HEADERS.index("RF"), HEADERS.index("cum. s")

TIPS = (
    "<b>Layer</b><br>The layers in the order in which the picture passes them. Click one, or go "
    "through them with the arrow keys; Ctrl+C copies the whole table.",
    "<b>n<sub>h</sub> × n<sub>w</sub> × n<sub>c</sub></b><br>Rows, columns and channels of the "
    "result: each channel is one map. A convolution has as many as it has filters. Behind a "
    "flattening layer there is one number, the length of the vector.<br>n<sub>h</sub> = "
    "floor((n<sub>h</sub> before + 2p − f)/s) + 1. With m pictures at once the result is "
    "m × n<sub>h</sub> × n<sub>w</sub> × n<sub>c</sub>; here m = 1.",
    "<b>f, filter size</b><br>Rows and columns of the window that slides over the map; one number "
    "if they are equal. A filter goes through all channels: 5 over 3 channels has 5·5·3 weights. "
    "“d 2” is dilation: every second pixel only.",
    "<b>p, padding</b><br>Pixels added around the map before the window slides. With s = 1, "
    "p = (f − 1)/2 keeps the size. “0+1”: none in front, one behind.",
    "<b>s, stride</b><br>Pixels that the window moves from one place to the next. 2 halves rows "
    "and columns. A transposed convolution makes them s times as many instead.",
    "<b>Weights</b><br>Numbers to learn that are multiplied: f·f·n<sub>c</sub> of the layer before "
    "for each filter, shared by all places of the map.",
    "<b>Biases</b><br>Numbers to learn that are added: one for each filter.",
    "<b>Parameters</b><br>Weights and biases together: (f·f·n<sub>c</sub> before + 1)·n<sub>c</sub>"
    ". They do not depend on the size of the picture. Try a larger picture.",
    "<b>MACs, multiply-adds</b><br>Products that are added to a sum, for one picture (m = 1): each "
    "weight of a convolution is used once at every place.",
    "<b>RF, receptive field</b><br>Rows × columns of the picture that one value is made from [px], "
    "as if the picture had no edge. “all”: the whole picture. Every pooling lets it grow faster.",
    "<b>Cumulative stride</b><br>How far apart the receptive fields of two neighbours are in the "
    "picture [px]: the product of all strides so far.",
    "<b>Memory of the maps [MB]</b><br>m · n<sub>h</sub> · n<sub>w</sub> · n<sub>c</sub> numbers "
    "of 4 bytes each, with m = 1 picture at once; 1 MB is 1,048,576 bytes. While a network learns, "
    "m is the size of a batch.",
)


class StackTableModel(QAbstractTableModel):
    """Rows of text: the input, the layers, the total."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._texts: tuple[tuple[str, ...], ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show rows; as long as there are as many, what is selected and in sight stays."""
        changed = tuple(rows)
        if changed == self._rows:
            return
        resets = len(changed) != len(self._rows)
        if resets:
            self.beginResetModel()
        self._rows, self._texts = changed, tuple(texts(row) for row in changed)
        if resets:
            self.endResetModel()
        else:
            last = self.index(len(changed) - 1, len(HEADERS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def column_texts(self, column: int) -> list[str]:
        """Return everything that stands in a column."""
        return [row[column] for row in self._texts]

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(HEADERS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.row() == len(self._rows) - 1:  # the total is no layer to be chosen
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:  # nobody sees it; a screen reader says it
            return self._rows[section].title if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return TIPS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return HEADERS[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts[row][column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(self._rows[row], self._texts[row], column)
        if role == Qt.ItemDataRole.FontRole:
            return self._font(row)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._color(row, column)
        return None

    def _font(self, row: int) -> QFont | None:
        if row < len(self._rows) - 1:
            return None
        font = QFont()
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _color(self, row: int, column: int) -> QColor:
        """What says nothing steps back."""
        silent = self._texts[row][column] in (DASH, "0")
        return QColor(theme().quiet if silent else theme().text)


def _alignment(column: int) -> int:
    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def _tip(row: Row, shown: tuple[str, ...], column: int) -> str:
    """Say a cell in words."""
    if row.cost is not None and column in (WEIGHTS, BIASES, PARAMETERS):
        return f"{shown[WEIGHTS]} weights + {shown[BIASES]} biases = {shown[PARAMETERS]} parameters"
    if row.cost is not None and column == MULTIPLY_ADDS:
        others = other_operations(row.cost)
        return f"{shown[MULTIPLY_ADDS]} multiply-adds" + (f", {others}" if others else "")
    if row.field_stride != DASH and column in (FIELD, CUMULATIVE_STRIDE):
        return (
            f"Receptive field of {row.field} pixels; the neighbour's lies {row.field_stride} px on"
        )
    if shown[column] == DASH and row.map_bytes is None and row.cost is None:
        return "Not known: this layer, or one before it, does not fit."
    return f"{HEADERS[column]}: {shown[column]}" if column else shown[0]
