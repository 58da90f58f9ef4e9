"""The comparison in the stack lab: each map beside that of the stack that is held."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from convlab.document.comparison import CompareMode
from convlab.document.document import Lab
from convlab.document.stack.job import StackCompared, StackShown
from convlab.document.stack.model import StackState
from convlab.layers.graph import INPUT
from convlab.runtime.session import Session
from convlab.ui.compare.comparing import Comparing
from convlab.ui.stack.overview import Overview
from convlab.ui.stack.stack_edits import StackEdits
from convlab.ui.widgets.forms import filled
from convlab.ui.widgets.map_grid import MapGrid
from convlab.ui.widgets.map_node import Node
from convlab.ui.widgets.map_words import bands, cards, nodes, titles

BADGES = {CompareMode.SIDE: "B", CompareMode.WIPE: "A | B", CompareMode.DIFFERENCE: "A − B"}
NO_PARTNER = "A has no maps of that size and number there"


class StackComparing(Comparing):
    """Shows A's maps above B's, or in their places.

    Args:
        session: Holds both.
        edits: Of the lab.
        maps: Shows B.
    """

    def __init__(self, session: Session, edits: StackEdits, maps: Overview) -> None:
        super().__init__(session, Lab.STACK, edits, names_of)
        self._maps = maps
        self._compared: StackCompared | None = None
        self._held: HeldMaps | None = None
        self._badge = Badge()
        maps.stand_beside(self._badge)
        self.bar.offer_line()
        self.bar.line_moved.connect(self.move_line)
        self.bar.line_let_go.connect(session.end_gesture)
        self.blinked.connect(self._on_blinked)

    def show(self, shown: StackShown) -> None:
        """Show a result."""
        compared = self._compared = shown.compared
        self._maps.show_maps(shown)
        is_side = compared is not None and compared.mode is CompareMode.SIDE
        if compared is not None and is_side:
            self._held = self._held or HeldMaps(self._maps)
            self._held.show_stack(compared.held)
        elif self._held is not None:
            self._held.hide()
        if compared is None:
            self._badge.say("")
            return
        self._on_blinked()
        self.bar.show_range(compared.has_range)
        self._say_numbers(shown, compared)

    def _on_blinked(self) -> None:
        compared = self._compared
        if compared is None:
            return
        if compared.mode is CompareMode.BLINK:
            by_uid = {column.uid: column for column in compared.turns} if self.shows_held else {}
            columns = [by_uid.get(column.uid, column) for column in compared.columns]
            self._maps.show_columns(columns)
            self._badge.say("A" if self.shows_held else "B")
        else:
            self._badge.say(BADGES[compared.mode])

    def _say_numbers(self, shown: StackShown, compared: StackCompared) -> None:
        """Say how far apart the chosen layer's maps are, or those of the last one."""
        uids = [column.uid for column in shown.columns]
        chosen = shown.job.viewing.chosen
        uid = chosen if chosen is not None and chosen in uids else uids[-1]
        name = "input" if uid == INPUT else titles(shown.job.state).get(uid, "")
        if compared.apart is not None:
            self.bar.show_apart(compared.apart, name)
        else:
            self.bar.say(f"{name}: {NO_PARTNER}", "no such maps in A")


class HeldMaps:
    """The maps of A above those of B; made when they are first seen."""

    def __init__(self, maps: Overview) -> None:
        self._grid = MapGrid()
        self._grid.setObjectName("held_map_grid")
        self._grid.setAccessibleName("Maps of A")
        self._badge = Badge()
        self._nodes: dict[int, Node] = {}
        self._written_for: object = None
        self._whole = QWidget()
        parts = self._badge, (self._grid, 1)
        filled(QHBoxLayout(self._whole), *parts, margins=(0, 0, 0, 0), spacing=0)
        self._badge.say("A")
        maps.stack_above(self._whole)

    def show_stack(self, shown: StackShown) -> None:
        """Show which layers A has, and their maps."""
        state = shown.job.state
        written_for = state, shown.summaries, shown.error, shown.picture.shape, shown.folded
        if written_for != self._written_for:
            self._written_for = written_for
            found = nodes(state, shown, self._nodes)
            self._nodes = {node.uid: node for node in found}
            self._grid.set_layers(found, cards(state, shown), bands(shown))
        self._grid.show_columns(shown.columns, frozenset())
        self._whole.show()

    def hide(self) -> None:
        """Give the room back to B."""
        self._whole.hide()


class Badge(QLabel):
    """Names what is shown, beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("plane_name")
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(self, text: str) -> None:
        """Show a text; an empty one takes no room."""
        self.setText(text)
        self.setVisible(bool(text))


def names_of(state: StackState) -> Sequence[str]:
    """Return what a stack is called, in ever fewer words."""
    count = len(state.slots)
    layers = f"{count} layer" + "s" * (count != 1)
    return (f"{state.title}, {layers}", state.title, layers)
