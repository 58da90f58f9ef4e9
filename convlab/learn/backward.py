"""The gradient of a loss with respect to every weight of a stack: backpropagation.

The chain rule, from the last layer to the first (Rumelhart, Hinton and Williams, "Learning
representations by back-propagating errors", 1986). The backward pass of each layer is its function
in ``gradients``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.algorithms.batch import run
from convlab.engine.algorithms.problem import Problem
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.conv_arguments import build_problem, to_picture
from convlab.engine.norm import Statistics, batch_norm2d, batch_statistics
from convlab.engine.pad import without_padding
from convlab.engine.pixel_shuffle import pixel_unshuffle
from convlab.engine.pool import Winners, max_pool2d_winners
from convlab.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    GroupNorm,
    Layer,
    LayerNorm2d,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    PixelShuffle,
    PReLU,
    Stack,
    Upsample,
    ZeroPad2d,
)
from convlab.layers.stack import named
from convlab.learn.gradients.activation import ACTIVATIONS
from convlab.learn.gradients.convolution import conv2d_gradient, conv_transpose2d_gradient
from convlab.learn.gradients.dense import linear_gradient
from convlab.learn.gradients.group_norm import group_norm_gradient, layer_norm2d_gradient
from convlab.learn.gradients.layer import LayerGradient, to_gradient
from convlab.learn.gradients.norm import batch_norm2d_gradient, batch_norm2d_training_gradient
from convlab.learn.gradients.pooling import (
    adaptive_avg_pool2d_gradient,
    avg_pool2d_gradient,
    global_avg_pool2d_gradient,
    max_pool2d_gradient,
)
from convlab.learn.gradients.prelu import SlopeGradient, prelu_gradient
from convlab.learn.gradients.response_norm import local_response_norm_gradient
from convlab.learn.gradients.upsample import upsample_gradient
from convlab.learn.parameters import Parameters, learned_fields, with_fields

# As in PyTorch: the weight of the newest batch in the running mean and variance.
_BATCH_NORM_MOMENTUM = np.float32(0.1)

# What a layer saves for its backward pass besides the maps: what a convolution was given, the
# statistics of the batch, which pixel of each window was the largest, or the dropout mask.
SavedForBackward: TypeAlias = Problem | Statistics | Winners | FloatArray | None


@dataclass(frozen=True, slots=True, eq=False)
class ForwardPass:
    """The forward pass of a batch, with the saved tensors of the backward pass.

    Attributes:
        stack: The layers.
        x: What went in, float32 ``(N, C, H, W)``.
        results: What each layer gave.
        saved: What each layer's backward pass needs besides; None where it is nothing.
    """

    stack: Stack
    x: FloatArray
    results: tuple[FloatArray, ...]
    saved: tuple[SavedForBackward, ...]

    @property
    def output(self) -> FloatArray:
        """What the last layer gave."""
        return self.results[-1] if self.results else self.x


class StackGradient(NamedTuple):
    """The gradient of a loss with respect to what a stack learns, and to what went in.

    Attributes:
        parameters: For each weight and bias, in the order of ``parameters_of``; float32.
        x: ``(N, C, H, W)`` float32; None if it was not asked for.
    """

    parameters: Parameters
    x: FloatArray | None


def forward(stack: Stack, x: ArrayLike, rng: np.random.Generator | None = None) -> ForwardPass:
    """Run the forward pass of a batch and keep what each layer gave.

    Args:
        stack: The layers.
        x: ``(N, C, H, W)``. uint8 is divided by 255 and uint16 by 65535.
        rng: None is inference. In training it draws the masks of ``Dropout``, and ``BatchNorm2d``
            takes mean and variance of the batch.

    Raises:
        ValueError: If a layer does not fit; the message names it, counted from 1.
    """
    batch = to_picture(x)
    results: list[FloatArray] = []
    saved: list[SavedForBackward] = []
    for number, layer in enumerate(stack.layers, 1):
        with named(number, layer):
            result, own = _forward(layer, results[-1] if results else batch, rng)
        results.append(result)
        saved.append(own)
    return ForwardPass(stack, batch, tuple(results), tuple(saved))


def backward(passed: ForwardPass, gradient: ArrayLike, *, needs_x: bool = False) -> StackGradient:
    """Run the backward pass: from the gradient at a stack's output to its weights.

    Args:
        passed: The forward pass.
        gradient: With respect to the output, of its shape.
        needs_x: Whether to find the gradient of the input too; else the pass ends at the first
            layer with weights.

    Raises:
        ValueError: If the gradient does not fit the output, or the gradient of a layer is not
            known.
    """
    out = to_gradient(gradient, passed.output.shape)
    layers, maps = passed.stack.layers, (passed.x, *passed.results)
    end = 0 if needs_x else _first_trainable(layers)
    found: list[FloatArray] = []
    for index in range(len(layers) - 1, end - 1, -1):
        is_end = index == end and not needs_x
        step = _Step(out, maps[index], maps[index + 1], passed.saved[index], is_end)
        with named(index + 1, layers[index]):
            out, parameters = _backward_layer(layers[index], step)
        found[:0] = parameters
    return StackGradient(tuple(found), out if needs_x else None)


def with_running_statistics(stack: Stack, passed: ForwardPass) -> Stack:
    """Return a stack whose running statistics include a batch, for inference after training.

    A tenth of mean and unbiased variance of the batch goes into the running ones, as in PyTorch.

    Args:
        stack: Layers of the kinds of the stack that was passed, whatever their weights.
        passed: The batch's forward pass in training.
    """
    return Stack(
        _update_running_stats(layer, x, saved) if isinstance(saved, Statistics) else layer
        for layer, x, saved in zip(
            stack.layers, (passed.x, *passed.results), passed.saved, strict=False
        )
    )


def _forward(
    layer: Layer, x: FloatArray, rng: np.random.Generator | None
) -> tuple[FloatArray, SavedForBackward]:
    """Return a layer's result, and what the backward pass needs besides."""
    if rng is not None and isinstance(layer, Dropout):
        factors = _dropout_mask(layer.p, x.shape, rng)
        return x * factors, factors
    if rng is not None and isinstance(layer, BatchNorm2d):
        seen = batch_statistics(x)
        return batch_norm2d(x, *seen, layer.weight, layer.bias, eps=layer.eps), seen
    if isinstance(layer, MaxPool2d):
        winners = max_pool2d_winners(x, layer.kernel_size, **layer.arguments)
        return winners.values, winners
    if isinstance(layer, Conv2d):
        # The weights are new in each step: no other way is worth preparing, and the same way each
        # time gives the same numbers.
        arguments = layer.arguments
        problem, _ = build_problem(x, layer.weight, layer.offsets, **arguments, as_it_lies=True)
        return run(problem), problem
    return layer.forward(x), None


def _dropout_mask(p: float, shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    """Return 0 for what is dropped and 1 / (1 − p) for the rest: the mean stays.

    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout", 2014, section 10.
    """
    if p == 1:
        return np.zeros(shape, np.float32)
    kept = rng.random(shape, np.float32) >= p
    return kept * np.float32(1 / (1 - p))


def _update_running_stats(layer: Layer, x: FloatArray, batch: Statistics) -> Layer:
    assert isinstance(layer, BatchNorm2d)
    count = x.size // layer.num_features
    unbiased = batch.variance * np.float32(count / max(count - 1, 1))
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        return with_fields(
            layer,
            {
                "running_mean": _running_average(layer.running_mean, batch.mean),
                "running_var": _running_average(layer.running_var, unbiased),
            },
        )


def _running_average(running: FloatArray, newest: AnyArray) -> FloatArray:
    return frozen(running + _BATCH_NORM_MOMENTUM * (newest - running))


def _first_trainable(layers: tuple[Layer, ...]) -> int:
    """Return the place of the first layer that learns; behind the last if none does."""
    learning = (index for index, layer in enumerate(layers) if learned_fields(layer))
    return next(learning, len(layers))


class _Step(NamedTuple):
    """What the backward pass of one layer is given."""

    gradient: FloatArray  # with respect to the layer's result
    before: FloatArray
    after: FloatArray
    saved: SavedForBackward
    is_end: bool  # nobody asks for the gradient with respect to what came before


def _backward_layer(layer: Layer, step: _Step) -> tuple[FloatArray, Parameters]:
    """Return the gradient with respect to a layer's input and to its parameters."""
    activation = ACTIVATIONS.get(type(layer))
    if activation is not None:
        return activation(layer, step.gradient, step.before, step.after), ()
    plain = _WITHOUT_PARAMETERS.get(type(layer))
    if plain is not None:
        return plain(layer, step), ()
    weighted = _WITH_PARAMETERS.get(type(layer))
    if weighted is None:
        raise ValueError("its gradient is not known: train a stack without it")
    found = weighted(layer, step)
    return found.x, tuple(getattr(found, name) for name in learned_fields(layer))


def _conv2d_backward(layer: Conv2d, step: _Step) -> LayerGradient:
    assert isinstance(step.saved, Problem)
    return conv2d_gradient(step.gradient, step.saved, flip=layer.flip, needs_x=not step.is_end)


def _batch_norm_backward(layer: BatchNorm2d, step: _Step) -> LayerGradient:
    if isinstance(step.saved, Statistics):
        return batch_norm2d_training_gradient(
            step.gradient, step.before, layer.weight, eps=layer.eps, statistics=step.saved
        )
    running = layer.running_mean, layer.running_var
    return batch_norm2d_gradient(step.gradient, step.before, *running, layer.weight, eps=layer.eps)


def _max_pool_backward(layer: MaxPool2d, step: _Step) -> FloatArray:
    assert isinstance(step.saved, Winners)
    return max_pool2d_gradient(step.gradient, step.before, step.saved)


def _avg_pool_backward(layer: AvgPool2d, step: _Step) -> FloatArray:
    shape = step.before.shape
    return avg_pool2d_gradient(step.gradient, shape, layer.kernel_size, **layer.arguments)


def _upsample_backward(layer: Upsample, step: _Step) -> FloatArray:
    return upsample_gradient(
        step.gradient, step.before.shape, layer.scale_factor, layer.mode, layer.align_corners
    )


def _dropout_backward(layer: Dropout, step: _Step) -> FloatArray:
    if not isinstance(step.saved, np.ndarray):
        return step.gradient
    with np.errstate(all="ignore"):
        return np.asarray(step.gradient * step.saved)


_WITH_PARAMETERS: dict[type[Layer], Callable[[Any, _Step], LayerGradient | SlopeGradient]] = {
    Conv2d: _conv2d_backward,
    ConvTranspose2d: lambda layer, step: conv_transpose2d_gradient(
        step.gradient, step.before, layer.weight, **layer.arguments
    ),
    BatchNorm2d: _batch_norm_backward,
    PReLU: lambda layer, step: prelu_gradient(step.gradient, step.before, layer.weight),
    GroupNorm: lambda layer, step: group_norm_gradient(
        step.gradient, step.before, layer.num_groups, layer.weight, eps=layer.eps
    ),
    LayerNorm2d: lambda layer, step: layer_norm2d_gradient(
        step.gradient, step.before, layer.weight, eps=layer.eps
    ),
    Linear: lambda layer, step: linear_gradient(step.gradient, step.before, layer.weight),
}
_WITHOUT_PARAMETERS: dict[type[Layer], Callable[[Any, _Step], FloatArray]] = {
    MaxPool2d: _max_pool_backward,
    AvgPool2d: _avg_pool_backward,
    GlobalAvgPool2d: lambda layer, step: global_avg_pool2d_gradient(
        step.gradient, step.before.shape
    ),
    Flatten: lambda layer, step: step.gradient.reshape(step.before.shape),
    Dropout: _dropout_backward,
    Upsample: _upsample_backward,
    AdaptiveAvgPool2d: lambda layer, step: adaptive_avg_pool2d_gradient(
        step.gradient, step.before.shape
    ),
    LocalResponseNorm: lambda layer, step: local_response_norm_gradient(
        step.gradient, step.before, **layer.arguments
    ),
    PixelShuffle: lambda layer, step: pixel_unshuffle(step.gradient, layer.upscale_factor),
    ZeroPad2d: lambda layer, step: without_padding(step.gradient, layer.sides),
}
