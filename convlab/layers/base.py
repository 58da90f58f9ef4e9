"""What every layer of a stack can say of itself: its shapes, its cost, its result."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, replace
from functools import cached_property
from typing import Any, ClassVar, Self, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import check_channels_first, to_picture
from convlab.engine.counts import Cost
from convlab.engine.errors import InputCountError, counted
from convlab.engine.shapes import pair
from convlab.engine.window import Layer as AxisLayer
from convlab.layers.field_checks import check_fields
from convlab.layers.parameters import Parameter
from convlab.layers.weights import to_bias, to_weight

# (C, H, W), or (F,) behind a flattening layer; without the batch.
Shape: TypeAlias = tuple[int, ...]


NOT_GIVEN = cast(FloatArray, None)
"""Stands for weights that the layer is to make itself; a made layer always has some."""


# What PyTorch's layers take and these do not.
_INSTEAD = {
    "affine": "leave it out, without weight and bias it only normalises",
    "device": "leave it out, all runs on the processor",
    "divisor_override": "multiply the result instead",
    "dtype": "leave it out, layers compute in float32",
    "inplace": "leave it out, no layer changes its input",
    "momentum": "leave it out, training uses 0.1",
    "return_indices": "use convlab.engine.pool.max_pool2d_winners",
    "size": "give scale_factor, a whole number; the function convlab.upsample takes size",
    "track_running_stats": "leave it out, they are always kept",
}


class Layer(ABC):
    """One step of a stack. Layers are frozen: an edit makes another."""

    kind: ClassVar[str]
    """Name in files; it never changes."""

    title: ClassVar[str]
    """What a person calls it."""

    short: ClassVar[str]
    """The same on a card, where room is short; the title where nothing is said."""

    family: ClassVar[str] = "Other"
    """Heading above it in a list of layers."""

    noun: ClassVar[str]
    """What it does to a map, as a text names it: "convolution"."""

    summary: ClassVar[str]
    """What it does, in one line that teaches."""

    options: ClassVar[tuple[str, ...]] = ()
    """Names of the fields that its operation in the engine takes as arguments."""

    most_inputs: ClassVar[int | None] = 1
    """How many results of other layers it takes at most; None: any number."""

    other_names: ClassVar[tuple[str, ...]] = ()
    """Names that PyTorch has for fields of it, taken as well."""

    def __init_subclass__(cls) -> None:
        """Call a layer on a card what it is called elsewhere, if it says nothing."""
        super().__init_subclass__()
        if "title" in vars(cls) and "short" not in vars(cls):
            cls.short = cls.title

    def __new__(cls, *args: object, **named: object) -> Self:
        """Reject a name that it has not, with what to do instead.

        Raises:
            TypeError: With the name and the remedy.
        """
        known = [each.name for each in fields(cls)]  # type: ignore[arg-type]  # a dataclass
        for name in named:
            if name not in known and name not in cls.other_names:
                others = f"choose from {', '.join(known)}" if known else "leave it out"
                raise TypeError(f"{cls.__name__} takes no {name}: {_INSTEAD.get(name, others)}")
        return super().__new__(cls)

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return the result for a picture, a vector or a batch of either, whatever its type.

        Raises:
            ValueError: If it does not fit, or holds no real numbers.
        """
        values = to_picture(x)
        if values.ndim == 0:
            raise ValueError(f"x is the single number {values.item():g}: give an array")
        return self.forward(values)

    def __repr__(self) -> str:
        """Return how it is made; what is usual, and arrays, are left out."""
        words = []
        for each in fields(self):  # type: ignore[arg-type]  # every layer is a dataclass
            value = getattr(self, each.name)
            if isinstance(value, np.ndarray) or value == each.default:
                continue
            is_needed = each.default is MISSING and each.default_factory is MISSING
            words.append(f"{value!r}" if is_needed else f"{each.name}={value!r}")
        return f"{type(self).__name__}({', '.join(words)})"

    def __post_init__(self) -> None:
        """Reject what no layer of its kind can have; limits of forms are not looked at.

        Raises:
            ValueError: With the name, the value and what is allowed.
        """
        check_fields(self)

    @property
    def arguments(self) -> dict[str, Any]:
        """Its ``options`` with their values."""
        return {name: getattr(self, name) for name in self.options}

    @abstractmethod
    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the result for an input ``(C, H, W)`` or ``(F,)``.

        Raises:
            ValueError: If the layer does not fit; the message has the numbers and a remedy.
        """

    @abstractmethod
    def forward(self, x: FloatArray) -> FloatArray:
        """Return the result for ``(C, H, W)``, ``(F,)`` or a batch of either; float32.

        It may be ``x`` itself, or share its memory, where the layer changes nothing.

        Raises:
            ValueError: If the layer does not fit.
        """

    def shape_of(self, shapes: Sequence[Shape]) -> Shape:
        """Return the shape of the result for all its inputs, in order: most layers have one.

        Raises:
            ValueError: As ``output_shape``.
        """
        return self.output_shape(*shapes)

    def result_of(self, inputs: Sequence[FloatArray]) -> FloatArray:
        """Return the result for all its inputs, in order; as ``forward``."""
        return self.forward(*inputs)

    def cost(self, shape: Shape) -> Cost:
        """Return parameters and operations for an input of that shape."""
        return Cost()

    def axes(self, shape: Shape) -> tuple[AxisLayer, AxisLayer] | None:
        """Return how rows and columns of the result come from those of the input.

        None: each value comes from the one in its place, or from all (see ``sees_all``).
        """
        return None

    @property
    def names(self) -> tuple[str, str]:
        """What a person calls this one, in full and where room is short."""
        return self.title, self.short

    @property
    def sees_all(self) -> bool:
        """Whether each value of the result depends on the whole input."""
        return False

    @property
    def gain(self) -> float:
        """How many times larger a result can be than what it is made from, offsets left out."""
        return 1.0

    @property
    def channels_field(self) -> str | None:
        """Name of the field that says how many channels it takes; None: any number."""
        return None

    def maps_met(self, channel: int, count: int) -> range:
        """Return the numbers of the input maps that a map of the result is made from.

        Args:
            channel: Number of the map of the result.
            count: How many maps come in.
        """
        return range(channel, channel + 1)

    def maps_met_in(self, place: int, first: int, last: int, shapes: Sequence[Shape]) -> range:
        """Return the maps of one of its inputs that neighbouring maps of the result are made from.

        Args:
            place: Of the input among all, from 0.
            first: Number of the first map of the result.
            last: Number of the last one.
            shapes: Of all inputs.
        """
        count = shapes[place][0]
        return range(self.maps_met(first, count).start, self.maps_met(last, count).stop)

    @property
    def weight_factors(self) -> tuple[int, ...]:
        """Factors of the number of its weights as texts write them; none if it has no weights."""
        return ()

    @property
    def bias_count(self) -> int:
        """How many numbers it adds."""
        return 0

    def weight_uses(self, before: Shape, after: Shape) -> tuple[int, ...]:
        """Return the factors of how often each weight is multiplied with a value.

        Args:
            before: Shape of the input.
            after: Shape of the result.
        """
        return ()


class ChannelLayer(Layer):
    """A layer with numbers of its own for each channel."""

    weight: FloatArray

    starts: ClassVar[Mapping[str, float]]
    """The fields that hold them, and what they are where nothing is given."""

    def fill(self, channels: int) -> None:
        """Take over the numbers that were given, or those to start with; for ``__post_init__``.

        Raises:
            ValueError: If they are not one for each channel.
        """
        for name, start in self.starts.items():
            given = getattr(self, name)
            values = np.full(channels, start, np.float32) if given is None else given
            object.__setattr__(self, name, to_weight(values, (channels,), name))


class WeightedLayer(Layer):
    """A layer that multiplies with weights and may add an offset for each output."""

    weight: FloatArray
    bias: FloatArray | bool | None

    @cached_property
    def gain(self) -> float:
        """Largest sum of the weights' magnitudes for one output."""
        return float(np.abs(self.weight).reshape(len(self.weight), -1).sum(axis=1).max())

    @property
    def offsets(self) -> FloatArray | None:
        """The bias as numbers."""
        return self.bias if isinstance(self.bias, np.ndarray) else None

    @property
    def bias_count(self) -> int:
        return 0 if self.offsets is None else len(self.offsets)


class KernelLayer(WeightedLayer):
    """A layer that slides kernels over channels, which may be shared among groups."""

    in_channels: int
    out_channels: int
    kernel_size: int | Sequence[int]
    groups: int

    is_transposed: ClassVar[bool] = False
    """Its weights are ``(C, O / groups, kh, kw)``; else ``(O, C / groups, kh, kw)``."""

    def __post_init__(self) -> None:
        super().__post_init__()
        check_channels(self.in_channels, self.out_channels, self.groups)
        sides = self.out_channels, self.in_channels
        outer, inner = sides[::-1] if self.is_transposed else sides
        shape = (outer, inner // self.groups, *pair(self.kernel_size, "kernel_size"))
        object.__setattr__(self, "weight", to_weight(self.weight, shape))
        object.__setattr__(self, "bias", to_bias(self.bias, self.out_channels))

    @property
    def weight_factors(self) -> tuple[int, ...]:
        outer, inner, rows, columns = self.weight.shape
        return rows, columns, *((outer, inner) if self.is_transposed else (inner, outer))

    @property
    def channels_field(self) -> str:
        return "in_channels"

    def maps_met(self, channel: int, count: int) -> range:
        size = self.in_channels // self.groups
        first = channel * self.groups // self.out_channels * size
        return range(first, first + size)

    @property
    def is_depthwise(self) -> bool:
        """Whether each channel is filtered on its own."""
        return self.groups == self.in_channels > 1

    def narrowed(self, parameter: Parameter) -> Parameter:
        """Leave what the groups allow; depthwise inputs take the rest of the layer along."""
        if parameter.name == "groups":
            shared = math.gcd(self.in_channels, self.out_channels)
            divisors = {number for number in range(1, shared + 1) if shared % number == 0}
            return replace(parameter, allowed=tuple(sorted(divisors | {self.in_channels})))
        follows = self.is_depthwise and parameter.name == "in_channels"
        if parameter.name in ("in_channels", "out_channels") and not follows:
            return replace(parameter, minimum=self.groups, step=self.groups)
        return parameter


def need_picture(shape: Shape, name: str) -> tuple[int, int, int]:
    """Return a shape as channels, height and width.

    Raises:
        ValueError: If it is that of a vector.
    """
    if len(shape) != 3:
        raise ValueError(f"{name} needs a picture (C, H, W), not {shape}: put it before Flatten")
    channels, height, width = shape
    return channels, height, width


def check_count(name: str, number: int) -> None:
    """Reject what is no whole number of at least 1.

    Raises:
        ValueError: With the name and the number.
    """
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError(f"{name} {number!r} cannot be used: give a whole number of at least 1")


def check_channels(inputs: int, outputs: int, groups: int) -> None:
    """Reject channels that cannot be shared among groups.

    Raises:
        ValueError: With the numbers.
    """
    check_count("in_channels", inputs)
    check_count("out_channels", outputs)
    check_count("groups", groups)
    if inputs % groups or outputs % groups:
        raise ValueError(
            f"{inputs} and {counted(outputs, 'channel')} cannot be shared among "
            f"{counted(groups, 'group')}: make both a multiple of groups"
        )


def need_channels(shape: Shape, channels: int, name: str, field: str = "in_channels") -> Shape:
    """Return the shape of a picture with that many channels.

    Raises:
        ValueError: If it is that of a vector, or has other channels.
    """
    given = need_picture(shape, name)[0]
    if given != channels:
        if min(shape[:2]) > channels:
            check_channels_first(shape, channels)
        raise InputCountError(given, channels, "channel", field)
    return shape
