"""A new chain of layers from weights alone, where their names tell which layers there were.

A file of weights tells neither activations nor pooling, neither strides nor padding. What usually
stands there is assumed, and listed; where names and shapes leave more open than that, there is no
chain: a wrong network must not look like the right one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.errors import as_message, counted
from convlab.io.other_formats import AS_ONNX
from convlab.io.rejection import Rejection
from convlab.io.weights import Bundle
from convlab.layers import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    Linear,
    MaxPool2d,
    PReLU,
    ReLU,
)

REMEDY = f"open the network as ONNX, which tells all of it: in PyTorch write {AS_ONNX}"
_NORM = frozenset({"weight", "bias", "running_mean", "running_var"})
_WORDS = re.compile(r"(?i)conv|c|bn|batch_?norm|norm|prelu|act|relu|fc|lin|linear|dense|classifier"
                    r"|head|out|output")  # fmt: skip
_DENSE = ("fc", "lin", "linear", "dense", "classifier", "head", "out", "output")
_NUMBERED = re.compile(r"([A-Za-z_]*?)_?(\d+(?:_\d+)*)?")
_EPSILON = "ε 1e-5 in the batch normalisations"


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Layers one behind the other, with their weights.

    Attributes:
        layers: They.
        channels: Of the picture; None: the first layer takes a vector.
        side: Of the square picture, where the first layer takes all its numbers [px].
        assumed: What the file does not tell, in the words of a list.
    """

    layers: tuple[Layer, ...]
    channels: int | None
    side: int | None
    assumed: tuple[str, ...]


def said_of(chain: Chain) -> str:
    """Say what was assumed, in one message with its remedy."""
    listed = "; ".join(chain.assumed)
    return (
        f"A file of weights does not tell all of a network. Assumed: {listed or 'nothing'}. "
        f"Compare with the network it came from, or {REMEDY}."
    )


def chain_of(bundles: Sequence[Bundle]) -> Chain:
    """Return the chain that weights and their names tell.

    Args:
        bundles: All that is in the file.

    Raises:
        Rejection: They do not tell enough, or are no numbers of layers; with what is missing.
    """
    if not bundles:
        raise Rejection("it holds no weights", "choose another file")
    parts = [_Part(bundle, _path(bundle)) for bundle in bundles]
    growing = _Growing()
    before: _Step | None = None
    for step in _in_order(parts):
        try:
            growing.go_on(before, step)
        except Rejection:
            raise
        except ValueError as error:  # of a layer
            why = f"{step.part.name} in it makes no layer ({as_message(error)[:200].rstrip('.')})"
            raise Rejection(why, REMEDY) from None
        before = step
    return growing.chain()


class _Part(NamedTuple):
    bundle: Bundle
    path: tuple[str, ...]

    @property
    def name(self) -> str:
        return next(iter(self.bundle.names.values()))[:60]

    @property
    def weight(self) -> AnyArray:
        return self.bundle.arrays.get("weight", np.empty(0))

    @property
    def is_dense(self) -> bool:
        return self.weight.ndim == 2


class _Step(NamedTuple):
    """A part in its place.

    Attributes:
        part: It.
        gap: How many layers without weights stand before it; None: nothing tells.
        is_first: Of its Sequential.
    """

    part: _Part
    gap: int | None
    is_first: bool = False


def _path(bundle: Bundle) -> tuple[str, ...]:
    """Return the parts of what a bundle's names begin with.

    Raises:
        Rejection: One of its arrays is not called as PyTorch calls those of a layer.
    """
    for name, called in bundle.names.items():
        if called.rpartition(".")[2] != name:
            raise Rejection(f"the name {called[:60]!r} in it tells no layer", REMEDY)
    return tuple(bundle.prefix.split(".")) if bundle.prefix else ("",)


def _in_order(parts: list[_Part]) -> list[_Step]:
    """Return the parts as they follow one another.

    Raises:
        Rejection: Their names do not tell how.
    """
    while len({part.path[0] for part in parts}) == 1 and min(len(p.path) for p in parts) > 1:
        parts = [part._replace(path=part.path[1:]) for part in parts]  # "module.", "model."
    if all(part.path[-1].isdecimal() and len(part.path) <= 2 for part in parts):
        return _sequentials(parts)
    if any(len(part.path) > 2 for part in parts):
        part = max(parts, key=lambda each: len(each.path))
        raise Rejection(
            f"the name {part.name!r} in it is of a block, and how blocks hang together is not told",
            REMEDY,
        )
    if any(len(part.path) == 2 for part in parts):
        return _sequentials(parts)
    return _named(parts)


def _sequentials(parts: list[_Part]) -> list[_Step]:
    """Order the members of one Sequential of maps, and of one behind it of vectors, or a layer."""
    groups: dict[str, list[_Part]] = {}
    for part in parts:
        groups.setdefault(part.path[0] if len(part.path) == 2 else "", []).append(part)
    loose = groups.pop("", [])
    if loose and not all(part.path[0].isdecimal() for part in loose):
        for part in loose:
            groups[part.path[0]] = [part._replace(path=(part.path[0], "0"))]
    elif loose:
        groups[""] = loose
    ordered = sorted(groups.values(), key=lambda group: group[0].is_dense)
    maps = [group for group in ordered if any(not part.is_dense for part in group)]
    if len(maps) > 1 or len(ordered) > 2 or (len(ordered) == 2 and not maps):
        shown = " and ".join(repr(group[0].path[0][:30]) for group in ordered[:2])
        raise Rejection(f"how {shown} in it hang together is not told", REMEDY)
    return [step for group in ordered for step in _members(group)]


def _members(group: list[_Part]) -> list[_Step]:
    last = group[0].path[-1]
    if not all(part.path[-1].isdecimal() and len(part.path[-1]) < 6 for part in group):
        raise Rejection(f"the name {last[:60]!r} in it tells no place", REMEDY)
    steps: list[_Step] = []
    place = 0
    for part in sorted(group, key=lambda each: int(each.path[-1])):
        number = int(part.path[-1])
        if number < place:
            raise Rejection(f"two layers in it are called {part.name!r}", REMEDY)
        steps.append(_Step(part, number - place, not steps))
        place = number + 1
    return steps


def _named(parts: list[_Part]) -> list[_Step]:
    """Order names like conv1, bn1, fc: by their numbers, what takes vectors last.

    Raises:
        Rejection: A name tells no layer, or two have the same place.
    """
    places: dict[tuple[object, ...], _Part] = {}
    for part in parts:
        match = _NUMBERED.fullmatch(part.path[0])
        if match is None or not _WORDS.fullmatch(match[1]):
            raise Rejection(f"the name {part.name!r} in it tells no place", REMEDY)
        if (match[1].lower() in _DENSE) != part.is_dense:
            shape = " × ".join(map(str, part.weight.shape))
            raise Rejection(f"{part.name} ({shape}) in it is no layer of that name", REMEDY)
        numbers = tuple(map(int, re.findall(r"\d{1,9}", match[2] or "1")))
        rank = 0 if part.weight.ndim != 1 else 1 if part.bundle.arrays.keys() == _NORM else 2
        place = (part.is_dense, numbers, rank)
        if place in places:
            both = f"{places[place].name!r} and {part.name!r}"
            raise Rejection(f"which of {both} in it comes first is not told", REMEDY)
        places[place] = part
    return [_Step(places[place], None) for place in sorted(places)]


@dataclass(slots=True)
class _Growing:
    """A chain as far as it has come.

    Attributes:
        layers: Its layers.
        taken: What comes in, as ``Chain`` has it.
        outputs: Maps, or values, that the last layer gives; 0: there is none.
        is_flat: They are values.
        is_active: An activation with weights was the last.
        counts: How often something was assumed.
    """

    layers: list[Layer] = field(default_factory=list)
    channels: int | None = None
    side: int | None = None
    outputs: int = 0
    is_flat: bool = False
    is_active: bool = False
    counts: dict[str, int] = field(default_factory=dict)

    def chain(self) -> Chain:
        """Return it."""
        assumed = tuple(
            what if count == 1 else f"{what} ({count} times)" for what, count in self.counts.items()
        )
        return Chain(tuple(self.layers), self.channels, self.side, assumed)

    def go_on(self, before: _Step | None, step: _Step) -> None:
        """Append what stands between two parts, and the second of them."""
        part = step.part
        if before is None:
            self._begin(step)
        elif step.gap is None:
            self._follow(part)
        else:
            self._fill(step)
        if part.is_dense and not self.is_flat and before is not None:
            self._flatten(part)
        self._add(part)

    def _begin(self, step: _Step) -> None:
        part, gap = step.part, step.gap or 0
        if part.is_dense:
            self.outputs = part.weight.shape[1]
            self._picture(self.outputs)
        if gap > (1 if part.is_dense else 0):
            raise Rejection(f"what stands before {part.name} in it is not told", REMEDY)

    def _picture(self, numbers: int) -> None:
        """Let a first layer of vectors take all numbers of a square picture."""
        for channels in (1, 3):
            side = math.isqrt(numbers // channels)
            if side * side * channels == numbers and side > 1:
                self.channels, self.side = channels, side
                self._assume("flattening of a square picture", Flatten())
                break
        self.is_flat = True

    def _follow(self, part: _Part) -> None:
        """Put an activation behind a layer, unless its normalisation or its own one comes."""
        if part.weight.ndim != 1 and not self.is_active:
            self._assume("ReLU behind each layer but the last", ReLU())

    def _fill(self, step: _Step) -> None:
        """Put into a gap of a Sequential what usually stands there.

        Raises:
            Rejection: It is too wide for that.
        """
        part, left = step.part, step.gap or 0
        if step.is_first and not self.is_active:
            self._assume("ReLU", ReLU())
        elif left and part.is_dense and not self.is_flat:
            left -= 1  # the flattening
        if left and not self.is_active and not step.is_first:
            self._assume("ReLU", ReLU())
            left -= 1
        if left == 1 and (self.is_flat or step.is_first):
            self._assume("dropout", Dropout())
        elif left == 1:
            self._assume("max pooling 2 × 2", MaxPool2d(2))
        elif left:
            raise Rejection(
                f"what the {counted(step.gap or 0, 'layer')} before {part.name} were is not told",
                REMEDY,
            )

    def _flatten(self, part: _Part) -> None:
        """Lay the maps out for a layer that takes vectors.

        Raises:
            Rejection: No square area of them has so many numbers.
        """
        inputs = part.weight.shape[1]
        side = math.isqrt(inputs // self.outputs) if self.outputs else 0
        if side * side * self.outputs != inputs or not side:
            raise Rejection(
                f"{part.name} takes {inputs} values, which are no square areas of the "
                f"{self.outputs} maps before it",
                REMEDY,
            )
        if side == 1:
            self._assume("the mean of each map before the vectors", GlobalAvgPool2d())
        else:
            self._assume(
                f"means over {side} × {side} areas before the vectors", AdaptiveAvgPool2d(side)
            )
        self.layers.append(Flatten())
        self.is_flat, self.outputs = True, inputs

    def _add(self, part: _Part) -> None:
        """Append the layer of a part.

        Raises:
            Rejection: It fits none, or not to what comes before it.
        """
        arrays = {name: _numbers(part, name) for name in part.bundle.arrays}
        self.is_active = False
        match part.weight.ndim, frozenset(arrays):
            case 4, names if names <= {"weight", "bias"} and not self.is_flat:
                self._add_convolution(part, arrays)
            case 2, names if names <= {"weight", "bias"}:
                outputs, inputs = part.weight.shape
                self._check(part, inputs)
                self._append(Linear(inputs, outputs, bias=arrays.get("bias", False),
                                    weight=arrays["weight"]), outputs)  # fmt: skip
            case 1, names if names == _NORM and self.outputs and not self.is_flat:
                self._check(part, len(part.weight))
                self.counts[_EPSILON] = 1
                given: dict[str, Any] = arrays
                self.layers.append(BatchNorm2d(self.outputs, **given))
            case 1, names if names == {"weight"} and self._is_prelu(part):
                self.is_active = True
                self.layers.append(PReLU(len(part.weight), weight=arrays["weight"]))
            case _:
                shapes = ", ".join(
                    f"{name} {array.shape}" for name, array in part.bundle.arrays.items()
                )
                raise Rejection(
                    f"which layer {part.bundle.prefix[:60]!r} in it was ({shapes[:120]}) is not "
                    "told",
                    REMEDY,
                )

    def _is_prelu(self, part: _Part) -> bool:
        size = len(part.weight)
        return bool(self.layers) and (size == 1 or (size == self.outputs and not self.is_flat))

    def _add_convolution(self, part: _Part, arrays: dict[str, FloatArray]) -> None:
        outputs, inner, rows, columns = part.weight.shape
        channels = self.outputs or inner
        if self.outputs == 0:
            self.channels = inner
        groups = channels if inner == 1 and outputs % channels == 0 else 1
        if inner * groups != channels:
            raise Rejection(
                f"{part.name} takes {inner} maps where {self.outputs} come: whether it is grouped, "
                "transposed or in a branch is not told",
                REMEDY,
            )
        if "bias" in arrays and len(arrays["bias"]) != outputs:
            raise Rejection(f"whether {part.name} is transposed is not told", REMEDY)
        if rows % 2 == 0 or columns % 2 == 0:
            raise Rejection(
                f"which stride goes with the {rows} × {columns} kernels of {part.name} is not told",
                REMEDY,
            )
        self.counts["stride 1 and as much padding as keeps the size"] = 1
        self._append(
            Conv2d(
                channels,
                outputs,
                (rows, columns),
                padding=(rows // 2, columns // 2),
                groups=groups,
                bias=arrays.get("bias", False),
                weight=arrays["weight"],
            ),
            outputs,
        )

    def _check(self, part: _Part, inputs: int) -> None:
        if self.outputs != inputs:
            raise Rejection(f"{part.name} takes {inputs} values where {self.outputs} come", REMEDY)

    def _append(self, layer: Layer, outputs: int) -> None:
        self.layers.append(layer)
        self.outputs = outputs

    def _assume(self, what: str, layer: Layer) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1
        self.layers.append(layer)


def _numbers(part: _Part, name: str) -> FloatArray:
    """Return an array as float32.

    Raises:
        Rejection: It holds whole numbers, whose scale nobody tells, or such as are not finite.
    """
    array, called = part.bundle.arrays[name], part.bundle.names[name][:60]
    if array.dtype.kind != "f":
        raise Rejection(
            f"{called} in it holds {array.dtype} numbers, and their scale is not told",
            "save it as float32",
        )
    with np.errstate(over="ignore"):  # reported just below
        numbers = np.asarray(array, np.float32, order="C")
    if not np.isfinite(numbers).all():
        raise Rejection(f"{called} in it is not finite", "replace it by finite numbers")
    return frozen(numbers)
