"""Which layer and which unit a person looks at: by mouse, by keys, from any view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from convlab.document.document import Lab
from convlab.document.stack.folding import revealing
from convlab.document.stack.job import StackShown
from convlab.document.stack.model import StackViewing, Unit
from convlab.layers.graph import INPUT
from convlab.runtime.session import Session


class UnitChoice:
    """Turns what is pointed at, clicked and stepped to into what is looked at.

    Args:
        session: Is told.
        page: Returns what else is looked at while a unit's detail is open, or closed.
    """

    def __init__(self, session: Session, page: Callable[[bool], dict[str, object]]) -> None:
        self._session, self._page = session, page
        self.shown: StackShown | None = None
        """The last result: where maps and units are."""

    @property
    def viewing(self) -> StackViewing:
        """What is looked at."""
        return self._session.viewing.stack

    def look(self, **changes: object) -> None:
        """Look at something else."""
        viewing = replace(self.viewing, **changes)  # type: ignore[arg-type]
        self._session.look(self._session.viewing.with_part(Lab.STACK, viewing))

    def point(self, unit: Unit) -> None:
        """Look at a unit as long as the mouse is there, unless one is pinned."""
        if not self.viewing.pinned:
            self.look(unit=unit)

    def leave(self) -> None:
        """The mouse is over no unit."""
        if not self.viewing.pinned:
            self.look(unit=None)

    def click(self, unit: Unit) -> None:
        """Pin a unit; clicking its map again lets it go: others are chosen in the map at large."""
        pinned = self.viewing.unit if self.viewing.pinned else None
        if pinned is not None and (pinned.uid, pinned.channel) == (unit.uid, unit.channel):
            self.unpin()
        else:
            self.pin(unit)

    def pin(self, unit: Unit) -> None:
        """Pin a unit: its map is selected."""
        chosen = None if unit.uid == INPUT else unit.uid
        channel = self.viewing.kernel[1] if self.viewing.chosen == chosen else 0
        kernel = (unit.channel, channel)
        self.look(unit=unit, pinned=True, chosen=chosen, kernel=kernel, **self._page(True))

    def unpin(self) -> None:
        """Let go of the pinned unit."""
        self.look(unit=None, pinned=False, **self._page(False))

    def nudge(self, rows: int, columns: int) -> None:
        """Pin the unit beside; without one go to another layer, or down into its maps."""
        unit, shown = self._present(), self.shown
        if shown is None or (not self.viewing.pinned and self._step_to_layer(shown, rows, columns)):
            return
        chosen = self.viewing.chosen
        last = shown.columns[-1].uid if chosen is None else chosen
        column = shown.column(last if unit is None else unit.uid)
        if column is not None:
            self.pin(column.middle() if unit is None else column.moved(unit, rows, columns))

    def _step_to_layer(self, shown: StackShown, rows: int, columns: int) -> bool:
        """Choose the layer that an arrow leads to, if there is one; sideways is never a map."""
        chosen = self.viewing.chosen
        here = INPUT if chosen is None else shown.folded.shown(chosen)
        found = None if here is None else shown.folded.step(here, rows, columns)
        if found is not None:
            self.choose_layer(found)
        return found is not None or columns != 0

    def _present(self) -> Unit | None:
        """Return the unit that a step begins at: the wanted one, even if it is not shown yet."""
        look = None if self.shown is None else self.shown.look
        wanted = self.viewing.unit
        if look is None or wanted is None or wanted.uid != look.unit.uid:
            return None if look is None else look.unit
        return wanted

    def step_map(self, maps: int) -> None:
        """Pin the same place in another map of the layer."""
        unit = self._present()
        if unit is None or self.shown is None:
            return
        column = self.shown.column(unit.uid)
        if column is not None and len(column.shape) == 3:
            channel = min(max(unit.channel + maps, 0), column.shape[0] - 1)
            self.pin(replace(unit, channel=channel))

    def choose_cell(self, row: int, column: int) -> None:
        """Pin another unit of the selected map."""
        look = None if self.shown is None else self.shown.look
        maps = None if look is None or self.shown is None else self.shown.column(look.unit.uid)
        if look is not None and maps is not None:
            self.pin(maps.unit_in(maps.place_of(look.unit)[0], row, column))

    def choose_layer(self, uid: int) -> None:
        """Look at a layer as a whole."""
        chosen = None if uid == INPUT else uid
        if chosen != self.viewing.chosen:
            self.look(chosen=chosen, kernel=(0, 0), unit=None, pinned=False, **self._page(False))

    def fold(self, key: str, is_folded: bool) -> None:
        """Fold a block of layers, or open it."""
        self.look(folds=self.viewing.folds.with_block(key, is_folded))

    def find(self, key: str) -> None:
        """Look at the layer with a uid, written as text: the blocks that it is in are opened."""
        uid, graph = int(key), self._session.document.stack.graph
        self.look(folds=revealing(graph, self.viewing.folds, uid))
        self.choose_layer(uid)

    def turn_fold(self) -> None:
        """Open the block that stands for the chosen layer, or fold that around it."""
        chosen, shown = self.viewing.chosen, self.shown
        piece = None if shown is None or chosen is None else shown.folded.piece_of(chosen)
        if shown is None or piece is None:
            return
        if piece.block is not None:
            self.fold(piece.block.key, False)
        else:
            around = [block.key for block in shown.folded.open if chosen in block.uids]
            if around:
                self.fold(around[-1], True)

    def choose_channel(self, channel: int) -> None:
        """Look at another kernel of the same map."""
        self.look(kernel=(self.viewing.kernel[0], channel))

    def choose_map(self, channel: int) -> None:
        """Pin the same place in the map with this number."""
        unit = self._present()
        if unit is not None:
            self.pin(replace(unit, channel=channel))
