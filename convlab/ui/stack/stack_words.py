"""What the stack lab says of its layers in the list, of all of them, and of the answer."""

from __future__ import annotations

import math
from collections.abc import Iterable

from convlab.document.stack.activity import MapStatistics
from convlab.document.stack.answer import Verdict
from convlab.document.stack.job import StackShown
from convlab.document.stack.look import UnitLook
from convlab.document.stack.model import StackState
from convlab.engine.counts import Cost
from convlab.layers.base import Shape
from convlab.layers.graph import INPUT
from convlab.layers.memory import VALUE
from convlab.ui.numbers import show_number
from convlab.ui.stack.layer_list import LayerEntry
from convlab.ui.widgets.map_column import value_text
from convlab.ui.widgets.map_words import (
    card_title,
    layer_title,
    memory_text,
    shape_text,
    short_count,
    summaries,
    titles,
)
from convlab.ui.widgets.status_line import LabStatus

NAMED = 2  # classes in the line of the answer


def entries(state: StackState, shown: StackShown | None) -> list[LayerEntry]:
    """Return the cards of the rail."""
    known = summaries(state, shown)
    wrong = None if shown is None else shown.error
    lines = []
    for number, slot in enumerate(state.slots, 1):
        summary = known.get(slot.uid)
        shape = "off" if not slot.is_on else shape_text(summary.shape) if summary else ""
        error, remedies = "", tuple[str, ...]()
        if wrong is not None and wrong.uid == slot.uid:
            error = wrong.message
            remedies = tuple(remedy.text for remedy in wrong.remedies)
        lines.append(
            LayerEntry(
                slot.uid,
                number,
                layer_title(number, slot.layer),
                shape,
                slot.is_on,
                error,
                remedies,
            )
        )
    return lines


def totals(shown: StackShown) -> tuple[str, ...]:
    """Say what all layers that fit come to: parameters, operations, memory of the maps."""
    cost = sum((summary.cost for summary in shown.summaries), Cost())
    shapes = [shown.picture.shape, *(summary.shape for summary in shown.summaries)]
    size = sum(math.prod(shape) for shape in shapes) * VALUE
    macs = short_count(cost.multiply_adds)
    return f"{cost.parameters:,} param.", f"{macs} MACs", f"maps {memory_text(size)}"


def answer_text(answer: Verdict | None) -> str:
    """Say what the last layer predicts, like ``7  98 %, then 1  1 %``."""
    if answer is None or not answer.is_named:
        return ""
    if answer.is_blank:
        return "No digit in the picture yet"
    named = answer.ranking[:NAMED]
    values = ((each.name, value_text(each.value, answer.is_probability)) for each in named)
    return ", then ".join(f"{name}  {value}" for name, value in values)


def pointed_text(shown: StackShown) -> str:
    """Say what is under the mouse: ``4 Convolution, map 3 (30, 40) = 0.25``."""
    look = shown.look
    if look is None:
        return ""
    unit, name = look.unit, f" ({look.name})" if look.name else ""
    is_map = look.map_size != (1, 1)
    place = f"map {unit.channel} ({unit.row}, {unit.column})" if is_map else f"value {unit.channel}"
    title = titles(shown.job.state).get(unit.uid, "")
    return f"{title}, {place}{name} = {show_number(look.value)}"


def status(shown: StackShown) -> LabStatus:
    """Say what the status bar says: how large the picture is, and what its layers took."""
    rows, columns = shown.job.input_size
    timing = shown.timing
    layers = f"{timing.ran} layer{'s' * (timing.ran != 1)}"
    time = f"{layers}   {timing.layers:.1f} ms of {timing.total:.1f} ms"
    nothing = "" if shown.job.state.active else "no layers"  # none ran yet, or there is none
    return LabStatus(
        f"{columns} × {rows}",
        time if timing.ran else nothing,
        "What the layers took, of all the work behind one picture. Only what changed is computed "
        "again: the first changed layer and those after it, as far as they are in sight.",
    )


def layer_name(state: StackState, uid: int) -> str:
    """Return what a layer is called over its maps, like ``4 Conv 3×3``; the picture too."""
    if uid == INPUT:
        return "Input"
    number = state.index(uid)
    return card_title(number + 1, state.slots[number].layer)


def parameters_of(shown: StackShown, uid: int) -> int:
    """Return how many numbers a layer of a result learns."""
    found = summaries(shown.job.state, shown).get(uid)
    return 0 if found is None else found.cost.parameters


def place_title(look: UnitLook) -> str:
    """Say where the unit is in its map, and its value, like ``row 60, column 70 = −0.114``."""
    unit = look.unit
    place = f"value {unit.channel}"
    if look.map_size != (1, 1):
        place = f"row {unit.row}, column {unit.column}"
    if look.name:
        place += f" (class “{look.name}”)"
    return f"{place} = {show_number(look.value)}"


def figures(shape: Shape, parameters: int, milliseconds: float) -> str:
    """Say how large a layer's result is, what it learns, and what it took."""
    words = f"{parameters:,} parameters" if parameters else "no parameters"
    return _line((shape_text(shape), words, f"{milliseconds:.1f} ms"))


def statistics_text(found: MapStatistics, rounding: float = 0.0) -> str:
    """Say how the values of a map are spread; what is no larger than its rounding is zero."""
    stats = found.stats
    low = f"{100 * found.negative:.0f} % below 0" if found.negative else ""
    zero = f"{100 * found.zeros:.0f} % zero" if found.zeros else ""
    numbers = (
        ("mean", stats.mean),
        ("std", stats.std),
        ("min", stats.minimum),
        ("max", stats.maximum),
    )
    words = [
        f"{name} {show_number(value if abs(value) > rounding else 0.0, 2)}"
        for name, value in numbers
    ]
    return _line(word for word in (*words, zero, low) if word)


def _line(parts: Iterable[str]) -> str:
    """Put parts into a line that is broken between them only."""
    return "   ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)
