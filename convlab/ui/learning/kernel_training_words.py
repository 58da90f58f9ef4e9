"""What is said of a kernel that learns: figures, what is seen, what to try."""

from __future__ import annotations

from convlab.document.learning.kernel_training import KernelTrainingShown
from convlab.document.learning.one_kernel import TargetKind
from convlab.ui.numbers import show_fixed, show_number

LEARNED = 1e-2  # a kernel whose worst cell is nearer to its target is found


def figures_text(shown: KernelTrainingShown) -> str:
    """Write step, loss and max error: ``step 1 204    loss 3.2e−5    max error 0.012``."""
    error = shown.max_error
    parts = [
        f"step {shown.step:,}",
        f"loss {show_number(shown.loss, 4)}",
        "max error —" if error is None else f"max error {show_fixed(error, 4)}",
    ]
    return "    ".join(parts)


def words(shown: KernelTrainingShown) -> str:
    """Say in one or two sentences what is seen just now, the most telling first."""
    if shown.stopped:
        return shown.stopped
    return _about_picture(shown) or _about_target(shown) or _about_training(shown)


def _about_picture(shown: KernelTrainingShown) -> str:
    """Say what cannot be learned from this picture, or nothing."""
    variety, cells = shown.variety, shown.kernel.size
    if variety.are_black:
        return "The picture is black: it teaches nothing. Show one with edges."
    if variety.are_alike and shown.task.centred:
        return (
            "All patches of this picture are alike, and centred nothing is left of them. Without "
            "Centre only the sum of the kernel could be learned: show a picture with edges."
        )
    if variety.are_alike:
        return (
            "All patches of this picture are alike, so only the sum of the kernel can be learned: "
            f"it is {show_number(float(shown.kernel.sum()))}. Show a picture with edges."
        )
    if variety.rank < cells:
        return (
            f"The patches of this picture have rank {variety.rank}, but the kernel has {cells} "
            "cells: many kernels reach the target image, and the random initialisation decides "
            "which is found."
        )
    return ""


def _about_target(shown: KernelTrainingShown) -> str:
    """Say what is particular about the target, or nothing."""
    task = shown.task
    if task.target is TargetKind.PAINTED and not task.strokes:
        return "Paint on the target image: bright where the kernel shall answer, dark where not."
    if task.target is TargetKind.PAINTED:
        return (
            "The target image is 0 where nothing was painted. No kernel makes just that: the loss "
            "settles where one kernel, the same at all places, does best."
        )
    if shown.target is None:
        return (
            f"The target is larger than {task.size}×{task.size}: the kernel comes as near as it "
            "can. Give it more cells."
        )
    if task.is_flipped:
        return (
            "Convolution flips the target by 180°; the learner only correlates, so its kernel "
            "comes out flipped."
        )
    return ""


def _about_training(shown: KernelTrainingShown) -> str:
    """Say how far it is, and what to try next."""
    error = shown.max_error
    if shown.step == 0:
        return "Random initialisation. Press Play (Space) and watch the cells become the target."
    if error is not None and error < LEARNED:
        return (
            "Converged: no cell is further than 0.01 from its target. Rotate the target, or choose "
            "another: training goes on from here."
        )
    return (
        "Gradient descent: each step takes a batch of patches and moves every cell against its "
        "gradient. Try SGD, and raise its rate until training diverges."
    )
