from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from convlab.ui.stack.stack_head import StackHead


class Layouts(QObject):
    """Counts how often a widget is asked to lay out again."""

    def __init__(self, head: StackHead) -> None:
        super().__init__(head)
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_what_the_network_says_moves_nothing_beside_it(qtbot: QtBot) -> None:
    head = StackHead()
    layouts = Layouts(head)
    qtbot.addWidget(head)
    head.resize(1200, 80)
    head.show()
    head.installEventFilter(layouts)
    label = head.findChild(QLabel, "stack_answer")
    assert isinstance(label, QLabel)

    head.show_answer("")
    assert not label.isVisible()
    head.show_answer("espresso  95 %, then tea cup  1 %")
    qtbot.waitUntil(lambda: layouts.count > 0)
    assert label.isVisible()
    width = label.width()
    before = layouts.count
    for text in ("cup  5 %", "espresso  9 %", "espresso  93 %, then cup  1 %"):
        head.show_answer(text)
        QCoreApplication.sendPostedEvents()
    assert label.width() == width
    assert layouts.count == before
    head.show_answer("")
    assert not label.isVisible()
