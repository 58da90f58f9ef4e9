"""What a kernel is to learn: the target kernel, and the target image it makes of a picture."""

from __future__ import annotations

import numpy as np

from convlab.document.learning.one_kernel import KernelTask, TargetKind
from convlab.document.strokes import painted
from convlab.engine import kernels
from convlab.engine.arrays import FloatArray, frozen
from convlab.learn.one_kernel import target_output


def written_target(task: KernelTask) -> FloatArray | None:
    """Return the target's cells ``(kh, kw)`` as they are written; None if it was painted."""
    if task.target is TargetKind.PRESET:
        return kernels.preset(task.preset)
    if task.target is TargetKind.EDGE:
        return kernels.oriented_edge(task.size, task.angle)
    return None


def learnable_target(task: KernelTask) -> FloatArray | None:
    """Return the cells ``(size, size)`` that training converges to, or None if none are known.

    A target that is smaller stands among zeros. There is none for a painting, and none for a target
    that is larger than the kernel, to which that can only come near.
    """
    written = written_target(task)
    if written is None or max(written.shape) > task.size:
        return None
    cells = written[::-1, ::-1] if task.is_flipped else written
    return frozen(kernels.resized(np.ascontiguousarray(cells), task.size, task.size))


def target_image(task: KernelTask, plane: FloatArray) -> FloatArray:
    """Return the target of a picture ``(H, W)``, of the same shape."""
    written = written_target(task)
    if written is None:
        return painted(task.strokes, (plane.shape[0], plane.shape[1]))
    return frozen(target_output(plane, written, flip=task.is_flipped))
