"""What is said of each layer's maps: on their card, and the room they take."""

from __future__ import annotations

from convlab.document.stack.column import LONGEST_LIST
from convlab.document.stack.job import StackShown
from convlab.document.stack.model import INPUT, StackState
from convlab.layers import Layer, LayerSummary
from convlab.layers.base import Shape
from convlab.layers.catalog import entry_of
from convlab.layers.memory import MB
from convlab.ui.widgets.map_column import Card
from convlab.ui.widgets.map_layout import ColumnSpec


def shape_text(shape: Shape) -> str:
    """Write a shape as people read it: maps × rows × columns, or the length of a vector."""
    return " × ".join(map(str, shape))


def layer_title(number: int, layer: Layer) -> str:
    """Return the number and the name of a layer, counted from 1."""
    return f"{number} {entry_of(layer).title}"


def titles(state: StackState) -> dict[int, str]:
    """Return what every layer is called, by its uid; the picture as well."""
    named = {
        slot.uid: layer_title(number, slot.layer) for number, slot in enumerate(state.slots, 1)
    }
    return {INPUT: "Input", **named}


def summaries(state: StackState, shown: StackShown | None) -> dict[int, LayerSummary]:
    """Return what is known of each layer that is on and fits, by its uid.

    After an edit that is what was known before it, until the next result.
    """
    if shown is None:
        return {}
    known = zip(shown.job.state.active, shown.summaries, strict=False)
    present = {slot.uid for slot in state.active}
    return {slot.uid: summary for slot, summary in known if slot.uid in present}


def cards(state: StackState, shown: StackShown) -> list[Card]:
    """Return what is written over the maps of the picture and of each layer."""
    known = summaries(state, shown)
    x = shown.picture
    found = [Card(INPUT, "Input", (shape_text(x.shape), "", ""))]
    for number, slot in enumerate(state.slots, 1):
        summary = known.get(slot.uid)
        title = f"{number} {entry_of(slot.layer).short}"
        if not slot.is_on:
            found.append(Card(slot.uid, title, ("switched off", "", ""), is_on=False))
        elif summary is None:
            wrong = shown.error is not None and shown.error.uid == slot.uid
            words = ("does not fit:", "see the list") if wrong else ("waits for", "those before")
            found.append(Card(slot.uid, title, ("no new maps", *words), is_wrong=wrong))
        else:
            found.append(Card(slot.uid, title, _lines(summary, shown, slot.uid)))
    return found


def specs(state: StackState, shown: StackShown, before: dict[int, ColumnSpec]) -> list[ColumnSpec]:
    """Return how much room the picture and each layer need.

    A layer that has no new maps keeps the room of its last ones.
    """
    known = summaries(state, shown)
    shape = shown.picture.shape
    channels = shape[0] + (shape[0] > 1)  # a colour picture comes first as it is
    found = [ColumnSpec(INPUT, channels, (shape[1], shape[2]))]
    for slot in state.slots:
        summary = known.get(slot.uid)
        if not slot.is_on:
            found.append(ColumnSpec(slot.uid, 0, (1, 1)))
        elif summary is None:
            found.append(before.get(slot.uid, ColumnSpec(slot.uid, 0, (1, 1))))
        else:
            found.append(_spec(slot.uid, summary.shape))
    return found


def memory_text(size: int) -> str:
    """Write a number of bytes in the unit that suits it."""
    if size < MB:
        return f"{size / 1024:.{1 if size < 10 * 1024 else 0}f} kB"
    return f"{size / MB:.{1 if size < 10 * MB else 0}f} MB"


def short_count(number: int) -> str:
    """Write a large number in thousands, millions or billions."""
    for size, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return str(number)


def _spec(uid: int, shape: Shape) -> ColumnSpec:
    if len(shape) == 3:
        return ColumnSpec(uid, shape[0], (shape[1], shape[2]))
    if shape[0] <= LONGEST_LIST:
        return ColumnSpec(uid, shape[0], (1, 1))
    return ColumnSpec(uid, 1, (1, 1) if shape[0] == 1 else (2, 2))


def _lines(summary: LayerSummary, shown: StackShown, uid: int) -> tuple[str, str, str]:
    column = shown.column(uid)
    parameters = summary.cost.parameters
    words = f"{parameters:,} param." if parameters else "no parameters"
    time = "" if column is None else f"{column.milliseconds:.1f} ms"
    return shape_text(summary.shape), words, time
