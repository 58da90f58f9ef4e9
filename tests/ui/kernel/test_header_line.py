from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from convlab.ui.fitting_texts import FittingLabel
from convlab.ui.kernel.header_line import HeaderLine


def test_a_size_stands_whole_in_the_line_or_not_at_all(qtbot: QtBot) -> None:
    controls = [QPushButton("the longest control of all that stand here"), QCheckBox("torch")]
    ends = [QPushButton("1:1"), QPushButton("fit")]
    line = HeaderLine("input", "Input", controls, ends)
    qtbot.addWidget(line)
    line.set_size("1280 × 720  (width × height)", "1280 × 720", "1280×720")
    for control in controls:
        control.show()
    line.show()
    size, layout = line.findChild(FittingLabel, "input_size"), line.layout()
    assert size is not None
    assert layout is not None
    seen = set()
    for width in range(line.minimumSizeHint().width(), 520, 3):
        line.resize(width, line.height())
        layout.activate()
        seen.add(size.isVisible())
        assert not size.isVisible() or size.width() >= size.width_of(-1), width
    assert seen == {False, True}
