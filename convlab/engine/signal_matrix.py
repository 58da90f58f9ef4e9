"""The convolution of a signal with g as a matrix: one row of weights for each value of the result.

The same as ``weight_matrix`` in one dimension, but turned as convolution wants it, and with the
cells counted in g.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.activate import sigmoid
from convlab.engine.arrays import FloatArray
from convlab.engine.conv1d import Mode, Signal, conv1d, convolve_whole, kept_part, to_signal
from convlab.engine.naming import parse_name
from convlab.engine.shapes import check_whole
from convlab.engine.weight_matrix import LARGEST, ZERO, WeightMatrix, weight_matrix


def signal_matrix(
    g: ArrayLike, count: int, mode: str = "full", is_turned: bool = True
) -> WeightMatrix:
    """Write the convolution of a signal with g as a matrix: ``values @ f`` is ``conv1d(f, g)``.

    >>> signal_matrix([5, 3], 4, "valid").values.tolist()
    [[3.0, 5.0, 0.0, 0.0], [0.0, 3.0, 5.0, 0.0], [0.0, 0.0, 3.0, 5.0]]

    Args:
        g: A signal ``(G,)``.
        count: Values of the signal f it will be multiplied with.
        mode: As in ``conv1d``.
        is_turned: False is correlation: convolution with g turned round.

    Returns:
        values and cells are ``(n, count)``; the cells are indices into g, -1 (``ZERO``) for a
        structural zero. Kernel and sizes are those of one row: ``(1, G)``.

    Raises:
        ValueError: If g is no signal, the mode is unknown or the matrix would be too large.
    """
    part = parse_name(Mode, mode, "mode")
    weights = to_signal(g, "g")
    check_whole("count", count, 1)
    kept = kept_part(part, count, len(weights))
    rows = kept.stop - kept.start
    if rows * count > LARGEST:
        raise ValueError(
            f"a matrix of {rows} × {count} is too large to look at: take fewer samples"
        )
    # Value n of the full result lies G − 1 − n zeros before the signal's start.
    before = len(weights) - 1 - kept.start
    padding = (0, 0, before, rows + len(weights) - 1 - count - before)
    laid = weights[::-1] if is_turned else weights
    matrix = weight_matrix(laid[np.newaxis], (1, count), padding=padding)
    if not is_turned:
        return matrix
    cells = np.where(matrix.cells == ZERO, ZERO, len(weights) - 1 - matrix.cells)
    return replace(matrix, cells=cells, kernel=matrix.kernel[:, ::-1])


def difference_from_sum(
    matrix: WeightMatrix, f: ArrayLike, mode: str = "full", is_turned: bool = True
) -> float:
    """Return the largest |matrix × f − ``conv1d``|; arguments are those it was made with."""
    signal, g = to_signal(f, "f"), matrix.kernel[0] if is_turned else matrix.kernel[0, ::-1]
    return float(np.abs(matrix.values @ signal - conv1d(signal, g, mode)).max())


def two_tap_matrix(first: float, second: float, count: int) -> WeightMatrix:
    """Return the matrix of y_n = w0 x_n + w1 x_(n+1): w0 and w1 step down the diagonal.

    It is the convolution with (w1, w0), of which only the valid part is kept; so ``cells`` has 1
    for w0 and 0 for w1.

    >>> two_tap_matrix(3, 5, 3).values.tolist()
    [[3.0, 5.0, 0.0], [0.0, 3.0, 5.0]]

    Raises:
        ValueError: If there are fewer than two values.
    """
    check_whole("count", count, 2)
    return signal_matrix((second, first), count, Mode.VALID)


def two_tap_sums(x: ArrayLike, first: float, second: float, bias: float = 0.0) -> Signal:
    """Return w0 x_n + w1 x_(n+1) + b, ``(N - 1,)``: what each neuron weighs before it answers.

    A negative weight inhibits, a positive one excites; −b is the threshold that the rest has to
    reach.

    Raises:
        ValueError: If x has fewer than two values.
    """
    signal = to_signal(x, "x")
    if len(signal) < 2:
        raise ValueError(f"x of {len(signal)} value has no neighbours: give at least 2")
    whole = convolve_whole(signal, np.array([second, first], np.float64))
    return whole[kept_part(Mode.VALID, len(signal), 2)] + bias


def two_tap_layer(
    x: ArrayLike,
    first: float,
    second: float,
    bias: float = 0.0,
    activation: Callable[[ArrayLike], FloatArray] = sigmoid,
) -> FloatArray:
    """Return y_n = s(w0 x_n + w1 x_(n+1) + b), float32 ``(N - 1,)``; s is of ``activate``.

    Every neuron has the same two weights and the same bias (Olah, "Conv Nets: A Modular
    Perspective", 2014).

    Raises:
        ValueError: If x has fewer than two values.
    """
    return activation(two_tap_sums(x, first, second, bias))
