"""A new chain of layers from weights alone, where their names tell which layers there were.

A file of weights tells neither activations nor pooling, neither strides nor padding. What usually
stands there is assumed, and listed; where names and shapes leave more open than that, there is no
chain: a wrong network must not look like the right one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from convlab.document.stack.edits import LONGEST_TITLE
from convlab.document.stack.model import InputSpace, StackInput, StackState
from convlab.engine.arrays import FloatArray
from convlab.engine.errors import as_message, counted
from convlab.io.rejection import Rejection
from convlab.io.weights import Bundle
from convlab.io.weights_fit import check_scaled, float_array
from convlab.io.weights_order import NORM, REMEDY, Part, Step, in_order
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


def chain_state(chain: Chain, title: str, present: StackState) -> StackState:
    """Return what the stack lab shows of a chain, on pictures of the present size if it takes such.

    Raises:
        ValueError: It takes pictures of other than one or three channels, or vectors.
    """
    spaces = {space.channels: space for space in (InputSpace.RGB, InputSpace.GREY)}
    if chain.channels not in spaces:
        takes = "vectors" if chain.channels is None else f"pictures of {chain.channels} channels"
        raise ValueError(f"its first layer takes {takes}: choose a network of pictures")
    size = present.input.size if chain.side is None else (chain.side, chain.side)
    title = " ".join(title.split())[:LONGEST_TITLE] or "Network"
    return StackState.of(chain.layers, title, StackInput(spaces[chain.channels], size))


def chain_of(bundles: Sequence[Bundle]) -> Chain:
    """Return the chain that weights and their names tell.

    Args:
        bundles: All that is in the file.

    Raises:
        Rejection: They do not tell enough, or are no numbers of layers; with what is missing.
    """
    if not bundles:
        raise Rejection("it holds no weights", "choose another file")
    growing = _Growing()
    before: Step | None = None
    for step in in_order(bundles):
        try:
            growing.go_on(before, step)
        except Rejection:
            raise
        except ValueError as error:  # of a layer
            why = f"{step.part.name} in it makes no layer ({as_message(error)[:200].rstrip('.')})"
            raise Rejection(why, REMEDY) from None
        before = step
    return growing.chain()


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

    def go_on(self, before: Step | None, step: Step) -> None:
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

    def _begin(self, step: Step) -> None:
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

    def _follow(self, part: Part) -> None:
        """Put an activation behind a layer, unless its normalisation or its own one comes."""
        if part.weight.ndim != 1 and not self.is_active:
            self._assume("ReLU behind each layer but the last", ReLU())

    def _fill(self, step: Step) -> None:
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

    def _flatten(self, part: Part) -> None:
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

    def _add(self, part: Part) -> None:
        """Append the layer of a part.

        Raises:
            Rejection: It fits none, or not to what comes before it.
        """
        check_scaled(part.bundle)
        called = part.bundle.names
        arrays = {name: float_array(a, called[name]) for name, a in part.bundle.arrays.items()}
        self.is_active = False
        match part.weight.ndim, frozenset(arrays):
            case 4, names if names <= {"weight", "bias"} and not self.is_flat:
                self._add_convolution(part, arrays)
            case 2, names if names <= {"weight", "bias"}:
                outputs, inputs = part.weight.shape
                self._check(part, inputs)
                self._append(Linear(inputs, outputs, bias=arrays.get("bias", False),
                                    weight=arrays["weight"]), outputs)  # fmt: skip
            case 1, names if names == NORM and self.outputs and not self.is_flat:
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

    def _is_prelu(self, part: Part) -> bool:
        size = len(part.weight)
        return bool(self.layers) and (size == 1 or (size == self.outputs and not self.is_flat))

    def _add_convolution(self, part: Part, arrays: dict[str, FloatArray]) -> None:
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

    def _check(self, part: Part, inputs: int) -> None:
        if self.outputs != inputs:
            raise Rejection(f"{part.name} takes {inputs} values where {self.outputs} come", REMEDY)

    def _append(self, layer: Layer, outputs: int) -> None:
        self.layers.append(layer)
        self.outputs = outputs

    def _assume(self, what: str, layer: Layer) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1
        self.layers.append(layer)
