"""Errors whose numbers are fields: a script reads ``str(error)``, a form makes words of its own."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, in the plural where there are several.

    >>> counted(1, "channel"), counted(3, "channel")
    ('1 channel', '3 channels')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def as_message(text: object) -> str:
    """Return what an error says as a message that stands alone: a capital first, a full stop last.

    Errors of the engine begin small, since elsewhere they follow a colon. A file's name at the
    beginning keeps its letters.

    >>> as_message(ValueError("x is 3: take 4"))
    'X is 3: take 4.'
    >>> as_message("photo.png is empty: choose another")
    'photo.png is empty: choose another.'
    >>> as_message("computing …")
    'Computing …'
    """
    message = str(text)
    is_file = "." in message.split(" ", 1)[0].rstrip(".")
    first = message[:1] if is_file else message[:1].upper()
    return f"{first}{message[1:]}{'' if message.endswith(('.', '?', '…')) else '.'}"


class OverflowWarning(RuntimeWarning):
    """Numbers became infinite on the way: a script is warned, the window has its own message."""


def warn_of_overflow(
    out: NDArray[Any],
    *given: NDArray[Any] | None,
    remedy: str = "scale the inputs down",
    level: int = 3,
) -> None:
    """Say that sums became infinite of numbers that were not, to the caller of the public function.

    Args:
        out: The sums.
        given: What they were made of.
        remedy: What helps.
        level: How many calls above this one the caller of the public function is.
    """
    with np.errstate(all="ignore"):
        if np.isfinite(out.sum()) or not all(
            np.isfinite(numbers).all() for numbers in given if numbers is not None
        ):
            return
    count = out.size - np.count_nonzero(np.isfinite(out))
    if count:
        warnings.warn(
            f"{count} of {out.size} sums are beyond 3.4e38, the largest of float32, and became "
            f"infinite: {remedy}",
            OverflowWarning,
            stacklevel=level,
        )


@dataclass(eq=False)
class KernelTooLargeError(ValueError):
    """A kernel finds no place along one direction of the padded picture.

    Attributes:
        size: Picture [px].
        kernel: Kernel, in cells.
        padding: Of both ends together [px].
        dilation: Distance between neighbouring cells of the kernel [px].
        missing: Padding that would have to be added at both ends together [px].
    """

    size: int
    kernel: int
    padding: int
    dilation: int
    missing: int

    def __str__(self) -> str:
        more = f"{self.missing} px of padding"
        return self.describe(f"with {self.padding} px of padding", more)

    def describe(self, padding: str, more: str) -> str:
        """Return the message with other words for the padding there is and the padding to add."""
        span = self.dilation * (self.kernel - 1) + 1
        is_dilated = self.dilation > 1
        spans = f" (with dilation {self.dilation}: {span})" if is_dilated else ""
        return (
            f"a kernel of {self.kernel}{spans} does not fit into a picture of {self.size} px "
            f"{padding}: add {more}, take a larger picture or a smaller kernel"
            f"{' or dilation' if is_dilated else ''}"
        )


@dataclass(eq=False)
class OutputPaddingError(ValueError):
    """Output padding that reaches both the stride and the dilation.

    Attributes:
        output_padding: What was given [px].
        stride: Of the transposed convolution [px].
        dilation: Distance between neighbouring cells of the kernel [px].
    """

    output_padding: int
    stride: int
    dilation: int

    def __str__(self) -> str:
        return self.describe("output padding")

    def describe(self, name: str) -> str:
        """Return the message with another name for the output padding."""
        return (
            f"{name} {self.output_padding} cannot be used with stride {self.stride} and dilation "
            f"{self.dilation}: give a number from 0 to {max(self.stride, self.dilation) - 1}"
        )


@dataclass(eq=False)
class InputCountError(ValueError):
    """A layer takes another number of channels, or of values, than its input has.

    Attributes:
        given: How many the input has.
        wanted: How many the layer takes.
        noun: What is counted: "channel" or "value".
        field: The layer's parameter that would have to be ``given``.
    """

    given: int
    wanted: int
    noun: str
    field: str

    def __str__(self) -> str:
        return self.describe(f"make {self.field} {self.given}")

    def describe(self, remedy: str) -> str:
        """Return the message with another remedy."""
        given = counted(self.given, self.noun)
        return f"the input has {given} but this layer takes {self.wanted}: {remedy}"
