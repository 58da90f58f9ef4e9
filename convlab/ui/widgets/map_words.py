"""What is said of each layer's maps: on their card, and the room they take."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from convlab.document.stack.column import LONGEST_LIST
from convlab.document.stack.folding import Block, Piece
from convlab.document.stack.job import StackShown
from convlab.document.stack.model import StackState
from convlab.engine.shapes import pair
from convlab.layers import (
    Conv2d,
    ConvTranspose2d,
    Flatten,
    Layer,
    LayerSummary,
    Linear,
    Softmax,
)
from convlab.layers.base import Shape
from convlab.layers.catalog import entry_of
from convlab.layers.graph import INPUT
from convlab.layers.memory import MB
from convlab.ui.widgets.forms import plain_tip
from convlab.ui.widgets.map_card import Card
from convlab.ui.widgets.map_layout import Band
from convlab.ui.widgets.map_node import Node

NAMED = 84.0  # width of a value with the name of its class [px]


@cache  # there are few shapes, and they are asked for at each edit
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
    found = [Card(INPUT, "Input", "Input", shape_text(x.shape), tip=_tip("Input", x.shape))]
    slots = {slot.uid: (number, slot) for number, slot in enumerate(state.slots, 1)}
    for piece in shown.folded.pieces:
        number, slot = slots[piece.uid]
        summary = known.get(slot.uid)
        title, short = card_title(number, slot.layer), f"{number} {entry_of(slot.layer).short}"
        if piece.block is not None:
            found.append(_block_card(piece, piece.block, summary, shown))
        elif not slot.is_on:
            tip = f"<b>{layer_title(number, slot.layer)}</b><br>Switched off: hands its input on."
            found.append(Card(slot.uid, title, short, "off", tip=tip, is_on=False))
        elif summary is None:
            wrong = shown.error is not None and shown.error.uid == slot.uid
            shape = "does not fit" if wrong else "waits"
            why = shown.error.message if wrong and shown.error else "Those before it do not fit."
            found.append(Card(slot.uid, title, short, shape, tip=plain_tip(why), is_wrong=wrong))
        else:
            notes, tip = _notes(summary, shown, slot.uid), _tip(title, summary.shape)
            shape = shape_text(summary.shape)
            tip += f"<br>{summary.cost.parameters:,} parameters"
            column = shown.column(slot.uid)
            least = NAMED if column is not None and column.names else 0.0
            found.append(Card(slot.uid, title, short, shape, notes, tip, least=least))
    return found


def _block_card(
    piece: Piece, block: Block, summary: LayerSummary | None, shown: StackShown
) -> Card:
    """Return what is written over the maps of a folded block: those of its last layer."""
    count = f"{len(piece.uids)} layers"
    wrong = shown.error is not None and shown.error.uid in piece.uids
    shape = shape_text(summary.shape) if summary else "does not fit" if wrong else "waits"
    columns = [shown.column(uid) for uid in piece.uids]
    time = sum(column.milliseconds for column in columns if column is not None)
    tip = f"<b>{plain_tip(block.title)}</b><br>{count}, folded: the maps of the last one are shown."
    if summary is not None:
        tip += f"<br>{shape}  ({_order(summary.shape)})"
    notes = f"{count}   {time:.1f} ms", count
    return Card(
        piece.uid, block.title, block.title, shape, notes, tip, is_wrong=wrong, block=block.key
    )


def bands(shown: StackShown) -> list[Band]:
    """Return what is written over blocks that are open: those with a name, or opened by hand."""
    opened = shown.job.viewing.folds.opened
    return [
        Band(block.key, block.title, frozenset(block.uids))
        for block in shown.folded.open
        if not block.is_nameless or block.key in opened
    ]


def card_title(number: int, layer: Layer) -> str:
    """Return the number and the name of a layer on its card: with the size of its window."""
    size = getattr(layer, "kernel_size", None)
    window = "" if size is None else " {}×{}".format(*pair(size, "kernel_size"))
    return f"{number} {entry_of(layer).short}{window}"


def _tip(title: str, shape: Shape) -> str:
    return f"<b>{title}</b><br>{shape_text(shape)}  ({_order(shape)})"


def _order(shape: Shape) -> str:
    return "C × H × W: maps × rows × columns" if len(shape) == 3 else "values"


def nodes(state: StackState, shown: StackShown, before: dict[int, Node]) -> list[Node]:
    """Return how the picture and the layers hang together, and how much room each needs.

    A layer that has no new maps keeps the room of its last ones.
    """
    known = summaries(state, shown)
    shape = shown.picture.shape
    lead = int(shape[0] > 1)  # a colour picture comes first as it is
    found = [Node(INPUT, shape[0] + lead, (shape[1], shape[2]), lead=lead)]
    slots = {slot.uid: slot for slot in state.slots}
    for piece in shown.folded.pieces:
        slot, inputs = slots[piece.uid], piece.inputs
        summary = known.get(slot.uid)
        nothing = Node(slot.uid, 0, (1, 1), inputs)
        if not slot.is_on:
            found.append(nothing)
        elif summary is None:
            found.append(replace(before.get(slot.uid, nothing), inputs=inputs))
        else:
            tiles, size = _tiles(summary.shape)
            mixes = piece.block is None and _mixes(slot.layer)  # inside is not drawn
            found.append(Node(slot.uid, tiles, size, inputs, mixes))
    return found


def _mixes(layer: Layer) -> bool:
    """Tell whether a layer makes each map from all maps before it."""
    if isinstance(layer, Conv2d | ConvTranspose2d):
        return layer.groups == 1
    return isinstance(layer, Linear | Flatten | Softmax)


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


def _tiles(shape: Shape) -> tuple[int, tuple[int, int]]:
    """Return how many maps are shown of a result, and the size of each [px]."""
    if len(shape) == 3:
        return shape[0], (shape[1], shape[2])
    if shape[0] <= LONGEST_LIST:
        return shape[0], (1, 1)
    return 1, (1, 1) if shape[0] == 1 else (2, 2)


def _notes(summary: LayerSummary, shown: StackShown, uid: int) -> tuple[str, ...]:
    """Return what else a card may say: parameters and time, or the time alone."""
    column = shown.column(uid)
    parameters = summary.cost.parameters
    time = "" if column is None else f"{column.milliseconds:.1f} ms"
    if not parameters:
        return (time,)
    return f"{parameters:,} param.   {time}", f"{short_count(parameters)} p.   {time}", time
