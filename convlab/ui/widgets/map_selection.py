"""What a selected unit changes on the map grid: links, frames on its path, the rest faded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsScene

from convlab.document.stack.model import INPUT, Unit
from convlab.document.stack.path import Box
from convlab.engine.arrays import ByteArray
from convlab.ui.widgets.map_column import ColumnItems
from convlab.ui.widgets.map_links import Link, LinkItems

STALE = 0.25  # opacity of maps that no longer belong to the stack
FAINT, DIM = 0.25, 0.6  # of maps beside the path of a selected one, and on it


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """The unit that is selected, and all that is drawn for it.

    Attributes:
        unit: The unit.
        boxes: What it is made from, by the uid of the layer; itself included.
        feeds: uid of the layer before, and the maps of it that feed the unit's map.
        kernels: What each of those is multiplied with, painted; empty where there are none.
        strengths: Of the links, 0 to 1.
    """

    unit: Unit
    boxes: dict[int, Box | None]
    feeds: tuple[int, range]
    kernels: tuple[ByteArray, ...]
    strengths: tuple[float, ...]


class SelectionItems:
    """Draws a selection over the columns of a scene, and fades what has no part in it."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._links = LinkItems(scene)

    def clear(self) -> None:
        """Draw nothing."""
        self._links.clear()

    def show(self, selection: Selection | None, columns: Mapping[int, ColumnItems]) -> None:
        """Draw what belongs to a selected unit."""
        self._links.clear()
        if selection is None:
            return
        column = columns.get(selection.unit.uid)
        rect = None if column is None else column.tile_of(selection.unit)
        if rect is None:
            return
        source = columns.get(selection.feeds[0])
        if source is not None:
            self._links.show_links(_links(source, selection), rect)
        self._links.show_selected(rect)
        self._show_fields(selection, columns)

    def _show_fields(self, selection: Selection, columns: Mapping[int, ColumnItems]) -> None:
        """Frame the receptive field in each map before the unit, and fade the rest."""
        fields, tiles, seen = [], [], []
        for uid, box in selection.boxes.items():
            column = columns.get(uid)
            if box is None or column is None:
                continue
            for cell, field in _fields(column, uid == INPUT, box):
                if uid == INPUT:
                    tiles.append(cell)
                    seen.append(field)
                if field != cell:  # a frame around all of it would say nothing
                    fields.append(field)
        if tiles:
            self._links.show_shade(tiles, seen)
        self._links.show_fields(fields)


def fade(
    columns: Mapping[int, ColumnItems], selection: Selection | None, stale: frozenset[int]
) -> None:
    """Fade all that has no part in the selected unit, and what is out of date."""
    for uid, column in columns.items():
        count = len(column.tiles)
        if uid in stale:
            column.fade([STALE] * count)
        elif selection is None:
            column.fade([1.0] * count)
        else:
            column.fade(_opacities(uid, column, selection))


def _opacities(uid: int, column: ColumnItems, selection: Selection) -> list[float]:
    count = len(column.tiles)
    if uid == selection.unit.uid:
        chosen = column.tile_index(selection.unit)
        return [1.0 if index == chosen else FAINT for index in range(count)]
    if uid == INPUT:
        return [1.0] * count
    below, maps = selection.feeds
    if uid == below:
        return [1.0 if index - column.lead in maps else FAINT for index in range(count)]
    return [DIM if uid in selection.boxes else FAINT] * count


def _links(source: ColumnItems, selection: Selection) -> list[Link]:
    """Where each feeding map lies, its kernel and its strength."""
    cells = source.place.cells[source.lead :]
    found = []
    for number, index in enumerate(selection.feeds[1]):
        if index >= len(cells):
            break
        kernel = selection.kernels[number] if number < len(selection.kernels) else None
        strength = selection.strengths[number] if number < len(selection.strengths) else 1.0
        found.append(Link(cells[index], kernel, strength))
    return found


def _fields(column: ColumnItems, is_input: bool, box: Box) -> list[tuple[QRectF, QRectF]]:
    """The cells of the maps in a box, and where the box lies in each."""
    shown = column.shown
    if shown is None or len(shown.shape) != 3:
        return []
    height, width = shown.shape[1:]
    cells, lead = column.place.cells, column.lead
    first = 0 if is_input else box.channels.first + lead
    found = []
    for cell in cells[first : box.channels.last + lead + 1]:
        x, y = cell.width() / width, cell.height() / height
        field = QRectF(
            cell.left() + box.columns.first * x,
            cell.top() + box.rows.first * y,
            box.columns.length * x,
            box.rows.length * y,
        )
        found.append((cell, field))
    return found
