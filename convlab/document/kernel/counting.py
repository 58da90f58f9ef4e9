"""What layers cost before there are any: numbers of weights, counted and never allocated."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from convlab.engine import counts
from convlab.engine.counts import Cost
from convlab.engine.shapes import Pair, pair
from convlab.layers.parameters import pair_of, whole

MOST = 100_000


@dataclass(frozen=True, slots=True)
class Counting:
    """Two layers on a picture: a convolution, and one that is fully connected.

    Attributes:
        size: Rows and columns of the picture [px].
        channels: Of the picture.
        kernel: Rows and columns of each filter, which has all channels.
        filters: How many there are: so many maps come out.
        units: Of a fully connected layer on the same picture.
    """

    size: tuple[int, int] = field(
        default=(32, 32),
        metadata=pair_of("Picture", 1, MOST, "Rows × columns of the picture.", unit="px"),
    )
    channels: int = field(
        default=3, metadata=whole("Channels", 1, MOST, "Of the picture: 3 for colours.")
    )
    kernel: int = field(
        default=5,
        metadata=whole("Filter", 1, MOST, "Rows and columns of each filter; its depth is C."),
    )
    filters: int = field(
        default=6, metadata=whole("Filters", 1, MOST, "How many; each makes a map.")
    )
    units: int = field(
        default=300,
        metadata=whole("Units", 1, MOST, "Of a fully connected layer: each sees every value."),
    )


class Counted(NamedTuple):
    """What a Counting comes to; a map that has no place for its filter is (0, 0).

    Attributes:
        map_size: Rows and columns of each map, without padding and stride [px].
        convolution: Weights, biases and multiply-adds of the filters.
        activations: Values of all maps.
        connected: Weights of a fully connected layer that makes as many values.
        units: Weights of one with so many units.
    """

    map_size: Pair
    convolution: Cost
    activations: int
    connected: int
    units: int


def count(counting: Counting) -> Counted:
    """Count with whole numbers of any size: nothing is allocated.

    >>> count(Counting()).convolution.parameters, count(Counting()).connected
    (456, 14450688)
    >>> count(Counting((1000, 1000), 1)).units
    300000000
    """
    rows, columns = (max(side - counting.kernel + 1, 0) for side in pair(counting.size, "size"))
    map_size = (rows, columns) if rows and columns else (0, 0)
    shape = counting.filters, counting.channels, counting.kernel, counting.kernel
    convolution = counts.convolution(shape, map_size) if rows and columns else Cost()
    values = math.prod(pair(counting.size, "size")) * counting.channels
    activations = math.prod(map_size) * counting.filters
    return Counted(
        map_size, convolution, activations, values * activations, values * counting.units
    )


class Example(NamedTuple):
    """A Counting of the learning texts, and what is to be known of it."""

    title: str
    counting: Counting
    remark: str


EXAMPLES = (
    Example(
        "Six 5×5 filters on 32×32×3",
        Counting(),
        "Shared weights: 456 do what 14,450,688 would do one by one.",
    ),
    Example(
        "128×128 to 300 units",
        Counting((128, 128), 1, 3, 300, 300),
        "4,915,200 weights: often quoted as 3 million, which is 100×100.",
    ),
    Example(
        "100×100 to 300 units",
        Counting((100, 100), 1, 3, 300, 300),
        "The often quoted 3 million. 300 filters of 3×3 need 3,000 numbers at every size.",
    ),
    Example(
        "1000×1000 to 300 units",
        Counting((1000, 1000), 1, 3, 300, 300),
        "1.2 GB of weights, of which none is allocated here; the filters still need 3,000.",
    ),
)


def remark_of(counting: Counting) -> str:
    """Return what is to be known of an example or of what does not fit, or an empty text."""
    if not count(counting).activations:
        return "The filter is larger than the picture: choose a smaller one."
    return next((example.remark for example in EXAMPLES if example.counting == counting), "")


class Line(NamedTuple):
    """One number, and how it comes about: "(5·5·3 + 1)·6"; it is that of the convolution or not."""

    name: str
    sum: str
    number: int
    is_convolution: bool


def lines_of(counting: Counting) -> list[Line]:
    """Return what is counted and how, with the numbers put in; 0 where the filter has no place.

    >>> lines_of(Counting())[0]
    Line(name='parameters', sum='(5·5·3 + 1)·6', number=456, is_convolution=True)
    """
    found, (rows, columns) = count(counting), pair(counting.size, "size")
    side, depth, maps = counting.kernel, counting.channels, counting.filters
    (height, width), cost = found.map_size, found.convolution
    inputs = f"{rows:,}·{columns:,}·{depth:,}"
    return [
        Line("parameters", f"({side}·{side}·{depth:,} + 1)·{maps:,}", cost.parameters, True),
        Line("activations", f"{height:,}·{width:,}·{maps:,}", found.activations, True),
        Line("multiply-adds", f"{cost.weights:,}·{height:,}·{width:,}", cost.multiply_adds, True),
        Line("fully connected", f"{inputs}·{found.activations:,}", found.connected, False),
        Line("to the units", f"{inputs}·{counting.units:,}", found.units, False),
    ]
