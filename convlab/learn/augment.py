"""Pictures varied at random, so that a network learns from more than it was given."""

from __future__ import annotations

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray


def shifted(images: FloatArray, reach: float, rng: np.random.Generator) -> FloatArray:
    """Return each picture moved a little, by parts of a pixel too.

    What stands at the edge is repeated where nothing comes in (Simard, Steinkraus and Platt, "Best
    practices for convolutional neural networks applied to visual document analysis", 2003).

    Args:
        images: ``(N, C, H, W)`` float32.
        reach: How far at most, up and down, left and right [px].
        rng: Gives one number for each picture and direction; none where the reach is 0.
    """
    if reach == 0:
        return images
    down, right = rng.uniform(-reach, reach, (2, len(images)))
    return _moved(_moved(images, down, 2), right, 3)


def _moved(images: FloatArray, distances: AnyArray, axis: int) -> FloatArray:
    """Move each picture along one direction, mixing two neighbours where it is no whole pixel."""
    last = images.shape[axis] - 1
    places = np.clip(np.arange(last + 1) - distances[:, None], 0, last)
    before = places.astype(np.int64)
    shape = (len(images), 1, -1, 1) if axis == 2 else (len(images), 1, 1, -1)
    share = (places - before).astype(np.float32).reshape(shape)
    near, far = (
        np.take_along_axis(images, index.reshape(shape), axis)
        for index in (before, np.minimum(before + 1, last))
    )
    return np.asarray(near + share * (far - near))
