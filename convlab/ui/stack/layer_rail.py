"""The rail at the left: a card for each layer, and one to add another."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from convlab.ui.stack.add_layer_button import AddLayerButton
from convlab.ui.stack.find_layer_button import FindLayerButton
from convlab.ui.stack.layer_list import LayerList
from convlab.ui.widgets.forms import as_panel, filled

WIDTH = 56  # [px]


class LayerRail(QWidget):
    """Shows the layers by their numbers.

    Signals:
        layer_added: Kind of the new layer.
    """

    layer_added = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self.setFixedWidth(WIDTH)
        self.list = LayerList()
        self.add = AddLayerButton("+")
        self.add.setFixedSize(WIDTH - 12, 40)
        self.add.chosen.connect(self.layer_added)
        layout = filled(QVBoxLayout(self), (self.list, 1), margins=(4, 8, 4, 8), spacing=4)
        layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignHCenter)
        self.finder = FindLayerButton()
        self.finder.setFixedWidth(WIDTH - 12)
        layout.addWidget(self.finder, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(0)

    def top_of(self, row: int) -> int:
        """Return where a card begins [px]."""
        return self.list.y() + self.list.visualItemRect(self.list.item(row)).y()
