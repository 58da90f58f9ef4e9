"""Is it a convolution? An operation that is linear and shift-equivariant is one, and no other is.

Both are tried out: f(a x + b y) beside a f(x) + b f(y), and f of a shifted picture beside the
shifted f of the picture. What is taken away first is f(0), so that a bias is told apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.shapes import Pair

Operation = Callable[[FloatArray], AnyArray]

SMALLEST = 8
"""Rows and columns that a picture must have at least, for a middle away from its borders [px]."""

_LIMIT = 1e-4  # what differs less, relative to the largest value, is rounding
_DIGITS = 64 * float(np.finfo(np.float32).eps)  # of numbers from which others are taken away
_SIZES = (1 / 64, 1 / 8, 1.0, 8.0, 64.0)  # some operations are nearly linear for small or large
_SHIFTS = ((1, 0), (0, 1), (-1, 1))


@dataclass(frozen=True, slots=True, eq=False)
class ConvolutionVerdict:
    """What an operation was found to be.

    Attributes:
        linear: f(a x + b y) = a f(x) + b f(y), and so f(0) = 0: constant borders left out.
        shift_equivariant: A shifted picture gives the shifted output, away from the borders.
        residuals: The largest differences found, relative to the largest output: "linear" of
            f - f(0), "shift_equivariant", and "offset", f(0) away from the borders.
    """

    linear: bool
    shift_equivariant: bool
    residuals: dict[str, float]

    @property
    def affine(self) -> bool:
        """It is linear but for a constant that it adds: a convolution with a bias is."""
        return self.residuals["linear"] <= _LIMIT

    @property
    def is_convolution(self) -> bool:
        """It is linear and shift-equivariant."""
        return self.linear and self.shift_equivariant

    @property
    def text(self) -> str:
        """The verdict in one message."""
        if self.is_convolution:
            return "A convolution: linear and shift-equivariant."
        if not self.affine:
            shift = "" if self.shift_equivariant else ", nor shift-equivariant"
            return f"No convolution: not linear, f(x + y) is not f(x) + f(y){shift}."
        if not self.shift_equivariant:
            kind = "linear" if self.linear else "affine"
            return f"No convolution: {kind}, but what it does depends on the place."
        return "A convolution plus a constant: affine, not linear, for f(0) is not 0."


def is_convolution(operation: Operation, shape: Sequence[int]) -> ConvolutionVerdict:
    """Return whether an operation is a convolution, from its answers to test pictures.

    >>> is_convolution(np.abs, (16, 16)).linear
    False

    Args:
        operation: Takes a float32 array of that shape and returns an array, of the same shape for
            each picture, whose last two axes are rows and columns. It is called about 60 times.
        shape: ``(H, W)`` or ``(C, H, W)``; at least 8 rows and columns.

    Raises:
        ValueError: If the shape is too small, the outputs differ in shape, or none is finite.
    """
    sides = _checked(shape)
    with np.errstate(all="ignore"):  # of an operation that has no answer to some pictures
        return _Trial(operation, sides).verdict()


def _checked(shape: Sequence[int]) -> tuple[int, ...]:
    sides = tuple(int(side) for side in shape)
    if len(sides) not in (2, 3) or min(sides) < 1 or min(sides[-2:]) < SMALLEST:
        raise ValueError(
            f"shape {tuple(shape)!r} cannot be used: give (H, W) or (C, H, W) with at least "
            f"{SMALLEST} rows and columns"
        )
    return sides


class _Trial:
    """The pictures that are tried, and what came out."""

    def __init__(self, operation: Operation, shape: tuple[int, ...]) -> None:
        self._operation = operation
        self._shape = shape
        self._rng = np.random.default_rng(0)
        self._has_answer = False  # by any finite number
        self._of_nothing = np.array(operation(np.zeros(shape, np.float32)), np.float64)
        self._largest = 0.0  # of what comes out of pictures of 1

    def verdict(self) -> ConvolutionVerdict:
        """Return what the operation is."""
        linear = max(self._superpositions())
        reach = self._reach()
        shift = max(self._shifts(reach)) if self._of_nothing.ndim >= 2 else 1.0
        if not self._has_answer:
            raise ValueError("the operation gave no finite number: nothing can be said of it")
        offset = self._offset(reach)
        residuals = {"linear": linear, "shift_equivariant": shift, "offset": offset}
        return ConvolutionVerdict(max(linear, offset) <= _LIMIT, shift <= _LIMIT, residuals)

    def _run(self, picture: AnyArray) -> AnyArray:
        out = np.array(self._operation(picture.astype(np.float32)), np.float64)
        if out.shape != self._of_nothing.shape:
            raise ValueError(
                f"the operation gave shapes {self._of_nothing.shape} and {out.shape}: "
                "give one whose outputs are alike"
            )
        return out

    def _change(self, picture: AnyArray) -> AnyArray:
        """Return f - f(0)."""
        return self._run(picture) - self._of_nothing

    def _noise(self) -> AnyArray:
        return self._rng.standard_normal(self._shape)

    def _light(self) -> AnyArray:
        """A picture as any: some operations take nothing below 0 or above 1."""
        return self._rng.random(self._shape)

    def _superpositions(self) -> Iterator[float]:
        x, y = self._noise(), self._noise()
        of_x, of_y = self._change(x), self._change(y)
        self._largest = _most(of_x)
        for size in _SIZES:
            of_large = self._change(size * x)
            yield self._apart(of_large, size * of_x)
            a, b = self._rng.uniform(0.5, 2, 2) * self._rng.choice([-1, 1], 2)
            yield self._apart(self._change(size * (a * x + b * y)), size * (a * of_x + b * of_y))
            yield self._apart(self._change(size * x + y), of_large + of_y)
        u, v = self._light(), self._light()
        of_u, of_v = self._change(u), self._change(v)
        self._largest = self._largest or _most(of_u)
        for a in (0.5, 0.1):
            yield self._apart(self._change(a * u), a * of_u)
            yield self._apart(self._change(a * u + (1 - a) * v), a * of_u + (1 - a) * of_v)

    def _apart(self, one: AnyArray, other: AnyArray) -> float:
        """Return the largest difference beyond rounding, as a share of the largest number."""
        known = np.isfinite(one) & np.isfinite(other)
        if not known.any():
            return 0.0
        self._has_answer = True
        one, other = one[known], other[known]
        rounding = _DIGITS * _most(self._of_nothing)
        difference = float(np.abs(one - other).max()) - rounding
        largest = max(_most(one), _most(other))
        return max(difference, 0.0) / largest if largest > 0 else 0.0

    def _reach(self) -> Pair:
        """Return how far from a pixel in the middle what comes out depends on it [px]."""
        if self._of_nothing.ndim < 2:
            return 0, 0
        touched = np.zeros(self._of_nothing.shape[-2:], bool)
        for base, values in (
            (self._noise(), (-3.0, -0.3, 0.2, 3.0)),
            (self._noise() / 50, (-0.05, 0.0, 0.04)),
            (self._light(), (0.0, 0.4, 1.0)),
        ):
            outputs = [self._run(_with_middle(base, value)) for value in values]
            first = outputs[0]
            for other in outputs[1:]:
                differs = np.abs(other - first) > 1e-6 * _most(other)
                touched |= differs.reshape(-1, *touched.shape).any(axis=0)
        rows, columns = (
            _farthest(np.asarray(touched.any(axis)), self._shape[-1 - axis]) for axis in (1, 0)
        )
        return rows, columns

    def _shifts(self, reach: Pair) -> Iterator[float]:
        for picture in (self._noise(), self._light()):
            spot = picture * self._spot()
            quarter = [side // 4 for side in self._shape[-2:]]
            whole = [side + 1 for side in reach]
            for shown, margin in ((spot, quarter), (picture, whole)):
                before = self._change(shown)
                for shift in _SHIFTS:
                    after = self._change(np.roll(shown, shift, (-2, -1)))
                    yield self._apart(*self._inside(before, after, shift, margin))

    def _spot(self) -> AnyArray:
        """Return 1 in the middle and 0 around: nothing comes back from the borders."""
        mask = np.zeros(self._shape)
        rows, columns = (
            slice(side // 2 - max(side * 3 // 16, 1), side // 2 + max(side * 3 // 16, 1))
            for side in self._shape[-2:]
        )
        mask[..., rows, columns] = 1
        return mask

    def _inside(
        self, before: AnyArray, after: AnyArray, shift: Pair, margin: Sequence[int]
    ) -> tuple[AnyArray, AnyArray]:
        """Return what should be equal: no border has a say in it."""
        sides = zip(self._shape[-2:], before.shape[-2:], shift, margin, strict=True)
        rows, columns = (_span(*numbers) for numbers in sides)
        moved = [
            slice(span.start - by, span.stop - by)
            for span, by in zip((rows, columns), shift, strict=True)
        ]
        return before[..., moved[0], moved[1]], after[..., rows, columns]

    def _offset(self, reach: Pair) -> float:
        """Return f(0) away from the borders, as a share of the largest change."""
        out = self._of_nothing
        if out.ndim >= 2:
            margin = [
                min(r, (side - 1) // 2) for r, side in zip(reach, self._shape[-2:], strict=True)
            ]
            out = self._inside(out, out, (0, 0), margin)[1]
        out = out[np.isfinite(out)]
        largest = self._largest or 1.0
        return _most(out) / largest


def _farthest(touched: AnyArray, side: int) -> int:
    """Return how far from the middle of a side the outermost place is that was touched [px]."""
    places = np.flatnonzero(touched) + (side - len(touched)) / 2
    return math.ceil(float(np.abs(places - side // 2).max(initial=0)))


def _span(side: int, out: int, shift: int, margin: int) -> slice[int, int, None]:
    """Return the part of an output that is not within a margin of the picture's borders."""
    lead = (side - out) / 2
    first = max(math.ceil(margin - lead), 0, shift)
    return slice(first, max(first, min(math.floor(side - margin - lead), out, out + shift)))


def _with_middle(picture: AnyArray, value: float) -> AnyArray:
    changed = picture.copy()
    changed[..., picture.shape[-2] // 2, picture.shape[-1] // 2] = value
    return changed


def _most(values: AnyArray) -> float:
    """Return the largest finite magnitude, 0 if there is none."""
    known = np.abs(values[np.isfinite(values)])
    return float(known.max()) if known.size else 0.0
