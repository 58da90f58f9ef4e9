"""How a value came about where branches part or meet, and where a network scales its maps."""

from __future__ import annotations

from collections.abc import Sequence

from convlab.document.stack.arithmetic import Copy, Step, Steps
from convlab.engine.arrays import FloatArray
from convlab.layers.channels import Affine, ChannelSlice
from convlab.layers.merge import Add, Concat, Merge, Multiply, Subtract

_SIGNS: dict[type[Merge], tuple[str, str]] = {
    Add: ("the branches added", " + "),
    Subtract: ("one branch less the others", " − "),
    Multiply: ("the branches multiplied", " · "),
}


def merged(
    layer: Merge, inputs: Sequence[FloatArray], y: FloatArray, place: tuple[int, ...]
) -> Steps:
    """Take the values of all branches in the unit's place; where one is 1 long, its only one."""
    if isinstance(layer, Concat):
        return _put_together(inputs, y, place)
    purpose, sign = _SIGNS[type(layer)]
    values = tuple(
        float(x[tuple(min(at, size - 1) for at, size in zip(place, x.shape, strict=True))])
        for x in inputs
    )
    line = Step("", sign.join("{}" for _ in values), values, float(y[place]))
    return Steps(purpose, line, (line,), line.result)


def _put_together(inputs: Sequence[FloatArray], y: FloatArray, place: tuple[int, ...]) -> Steps:
    """Find the branch whose map it is."""
    number, channel = 0, place[0]
    while channel >= len(inputs[number]):
        channel -= len(inputs[number])
        number += 1
    value, result = float(inputs[number][(channel, *place[1:])]), float(y[place])
    line = Step("", "{}", (value,), result)
    return Steps(f"map {channel} of branch {number + 1}, as it is", line, (line,), result)


def sliced(layer: ChannelSlice, x: FloatArray, y: FloatArray, place: tuple[int, ...]) -> Copy:
    """Find the channel that was kept."""
    source = layer.start + place[0] * layer.step, *place[1:]
    return Copy(layer, source, place, float(x[source]), float(y[place]))


def scaled(layer: Affine, x: FloatArray, y: FloatArray, place: tuple[int, ...]) -> Steps:
    """Multiply with the channel's number, and add its other one."""
    channel = place[0] if layer.num_features > 1 else 0
    numbers = float(x[place]), float(layer.weight[channel]), float(layer.bias[channel])
    line = Step("", "{} × {} + {}", numbers, float(y[place]))
    product = numbers[0] * numbers[1]
    steps = (
        Step("× scale", "{} × {}", numbers[:2], product),
        Step("+ offset", "{} + {}", (product, numbers[2]), line.result),
    )
    return Steps("scaled and moved", line, steps, line.result)
