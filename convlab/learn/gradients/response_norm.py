"""Gradient of the normalisation by the strength of neighbouring channels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import to_maps
from convlab.engine.response_norm import channel_sums, reach, response_divisor
from convlab.learn.gradients.layer import to_gradient


def local_response_norm_gradient(
    gradient: ArrayLike,
    x: ArrayLike,
    size: int,
    alpha: float = 1e-4,
    beta: float = 0.75,
    k: float = 1.0,
) -> FloatArray:
    """Return the gradient of a loss that depends on ``local_response_norm(x, size, ...)``.

    With d the divisor: g / d^beta - 2 alpha beta / size * x * the sum of g x / d^(beta + 1) over
    the channels in whose window this one lies.

    Args:
        gradient: With respect to the output, of its shape.
        x: As given to ``local_response_norm``, and so are the others.
        size: As given.
        alpha: As given.
        beta: As given.
        k: As given.

    Raises:
        ValueError: If the gradient does not fit the output, or a number cannot be used.
    """
    pictures = to_maps(x)
    out = to_gradient(gradient, pictures.shape)
    before, behind = reach(size)
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        divisor = response_divisor(pictures, size, alpha, k)
        met = channel_sums(out * pictures / divisor ** (beta + 1), behind, before)
        found = out / divisor**beta - 2 * alpha * beta / size * pictures * met
        return np.asarray(found, np.float32)
