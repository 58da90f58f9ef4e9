"""The gradient of a loss with respect to every weight of a stack: backpropagation.

The chain rule, from the last layer to the first (Rumelhart, Hinton and Williams, "Learning
representations by back-propagating errors", 1986). Each layer is led through by its function in
``gradients``.
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
from convlab.engine.pool import Winners, max_pool2d_winners
from convlab.layers import (
    Abs,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
    Sigmoid,
    Softmax,
    Stack,
    Tanh,
    Upsample,
)
from convlab.layers.stack import named
from convlab.learn.gradients.activation import (
    absolute_gradient,
    leaky_relu_gradient,
    relu_gradient,
    sigmoid_gradient,
    softmax_gradient,
    tanh_gradient,
)
from convlab.learn.gradients.convolution import conv_transpose2d_gradient, problem_gradient
from convlab.learn.gradients.dense import linear_gradient
from convlab.learn.gradients.layer import LayerGradient, to_gradient
from convlab.learn.gradients.norm import batch_norm2d_gradient, batch_norm2d_training_gradient
from convlab.learn.gradients.pooling import (
    avg_pool2d_gradient,
    global_avg_pool2d_gradient,
    max_pool2d_gradient,
)
from convlab.learn.gradients.upsample import upsample_gradient
from convlab.learn.parameters import Parameters, learned_fields, with_fields

# As in PyTorch: the share of the newest batch in the running mean and variance.
_NEWEST = np.float32(0.1)

# What the way back needs besides: what a convolution was given, the statistics of the batch, which
# pixel of each window was the largest, or dropout's factors.
Note: TypeAlias = Problem | Statistics | Winners | FloatArray | None


@dataclass(frozen=True, slots=True, eq=False)
class ForwardPass:
    """A batch that went through a stack, with all that the way back needs.

    Attributes:
        stack: The layers.
        x: What went in, float32 ``(N, C, H, W)``.
        results: What each layer gave.
        notes: What the way back needs besides, layer by layer; None where it is nothing.
    """

    stack: Stack
    x: FloatArray
    results: tuple[FloatArray, ...]
    notes: tuple[Note, ...]

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


def forward(stack: Stack, x: ArrayLike, dice: np.random.Generator | None = None) -> ForwardPass:
    """Lead a batch through a stack and keep what each layer gave.

    Args:
        stack: The layers.
        x: ``(N, C, H, W)``. uint8 is divided by 255 and uint16 by 65535.
        dice: None leads through as in use. In training it draws what ``Dropout`` silences, and
            ``BatchNorm2d`` takes mean and variance of the batch.

    Raises:
        ValueError: If a layer does not fit; the message names it, counted from 1.
    """
    batch = to_picture(x)
    results: list[FloatArray] = []
    notes: list[Note] = []
    for number, layer in enumerate(stack.layers, 1):
        with named(number, layer):
            result, note = _forward(layer, results[-1] if results else batch, dice)
        results.append(result)
        notes.append(note)
    return ForwardPass(stack, batch, tuple(results), tuple(notes))


def backward(passed: ForwardPass, gradient: ArrayLike, *, needs_x: bool = False) -> StackGradient:
    """Lead the gradient of a loss back from a stack's output to its weights.

    Args:
        passed: The way there.
        gradient: With respect to the output, of its shape.
        needs_x: Whether to go on to what went in; the first layer with weights is spared it else.

    Raises:
        ValueError: If the gradient does not fit the output, or the gradient of a layer is not
            known.
    """
    out = to_gradient(gradient, passed.output.shape)
    layers, maps = passed.stack.layers, (passed.x, *passed.results)
    lowest = 0 if needs_x else _lowest(layers)
    found: list[FloatArray] = []
    for index in range(len(layers) - 1, lowest - 1, -1):
        is_end = index == lowest and not needs_x
        step = _Step(out, maps[index], maps[index + 1], passed.notes[index], is_end)
        with named(index + 1, layers[index]):
            out, parameters = _led(layers[index], step)
        found[:0] = parameters
    return StackGradient(tuple(found), out if needs_x else None)


def with_running_statistics(stack: Stack, passed: ForwardPass) -> Stack:
    """Return a stack whose normalisations remember a batch, for use after training.

    A tenth of mean and unbiased variance of the batch goes into the running ones, as in PyTorch.

    Args:
        stack: Layers of the kinds of the stack that was passed, whatever their weights.
        passed: The batch's way in training.
    """
    return Stack(
        _remembering(layer, x, note) if isinstance(note, Statistics) else layer
        for layer, x, note in zip(
            stack.layers, (passed.x, *passed.results), passed.notes, strict=False
        )
    )


def _options(layer: Conv2d) -> dict[str, Any]:
    return {
        "stride": layer.stride,
        "padding": layer.padding,
        "dilation": layer.dilation,
        "groups": layer.groups,
        "border": layer.border,
        "value": layer.value,
        "flip": layer.flip,
    }


def _pooling(layer: MaxPool2d) -> dict[str, Any]:
    return {
        "stride": layer.stride,
        "padding": layer.padding,
        "dilation": layer.dilation,
        "ceil_mode": layer.ceil_mode,
    }


def _forward(
    layer: Layer, x: FloatArray, dice: np.random.Generator | None
) -> tuple[FloatArray, Note]:
    """Return a layer's result, and what the way back needs besides."""
    if dice is not None and isinstance(layer, Dropout):
        factors = _kept(layer.p, x.shape, dice)
        return x * factors, factors
    if dice is not None and isinstance(layer, BatchNorm2d):
        seen = batch_statistics(x)
        return batch_norm2d(x, *seen, layer.weight, layer.bias, epsilon=layer.eps), seen
    if isinstance(layer, MaxPool2d):
        winners = max_pool2d_winners(x, layer.kernel_size, **_pooling(layer))
        return winners.values, winners
    if isinstance(layer, Conv2d):
        # The weights are new in each step: no other way is worth preparing, and the same way each
        # time gives the same numbers.
        problem, _ = build_problem(
            x, layer.weight, layer.offsets, **_options(layer), as_it_lies=True
        )
        return run(problem), problem
    return layer.forward(x), None


def _kept(share: float, shape: tuple[int, ...], dice: np.random.Generator) -> FloatArray:
    """Return 0 for what is silenced and 1 / (1 − p) for the rest: the mean stays.

    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout", 2014, section 10.
    """
    if share == 1:
        return np.zeros(shape, np.float32)
    kept = dice.random(shape, np.float32) >= share
    return kept * np.float32(1 / (1 - share))


def _remembering(layer: Layer, x: FloatArray, batch: Statistics) -> Layer:
    assert isinstance(layer, BatchNorm2d)
    count = x.size // layer.num_features
    unbiased = batch.variance * np.float32(count / max(count - 1, 1))
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        return with_fields(
            layer,
            {
                "running_mean": _nearer(layer.running_mean, batch.mean),
                "running_var": _nearer(layer.running_var, unbiased),
            },
        )


def _nearer(running: FloatArray, newest: AnyArray) -> FloatArray:
    return frozen(running + _NEWEST * (newest - running))


def _lowest(layers: tuple[Layer, ...]) -> int:
    """Return the place of the first layer that learns; behind the last if none does."""
    learning = (index for index, layer in enumerate(layers) if learned_fields(layer))
    return next(learning, len(layers))


class _Step(NamedTuple):
    """What leads back through one layer."""

    gradient: FloatArray  # with respect to the layer's result
    before: FloatArray
    after: FloatArray
    note: Note
    is_end: bool  # nobody asks for the gradient with respect to what came before


def _led(layer: Layer, step: _Step) -> tuple[FloatArray, Parameters]:
    """Return the gradient with respect to a layer's input and to its parameters."""
    plain = _PLAIN.get(type(layer))
    if plain is not None:
        return plain(layer, step), ()
    weighted = _WEIGHTED.get(type(layer))
    if weighted is None:
        raise ValueError("its gradient is not known: train a stack without it")
    found = weighted(layer, step)
    return found.x, tuple(getattr(found, name) for name in learned_fields(layer))


def _convolution(layer: Conv2d, step: _Step) -> LayerGradient:
    assert isinstance(step.note, Problem)
    return problem_gradient(step.gradient, step.note, flip=layer.flip, needs_x=not step.is_end)


def _transposed_convolution(layer: ConvTranspose2d, step: _Step) -> LayerGradient:
    return conv_transpose2d_gradient(
        step.gradient,
        step.before,
        layer.weight,
        stride=layer.stride,
        padding=layer.padding,
        output_padding=layer.output_padding,
        dilation=layer.dilation,
        groups=layer.groups,
    )


def _normalising(layer: BatchNorm2d, step: _Step) -> LayerGradient:
    if isinstance(step.note, Statistics):
        return batch_norm2d_training_gradient(
            step.gradient, step.before, layer.weight, epsilon=layer.eps, statistics=step.note
        )
    return batch_norm2d_gradient(
        step.gradient,
        step.before,
        layer.running_mean,
        layer.running_var,
        layer.weight,
        epsilon=layer.eps,
    )


def _dense(layer: Linear, step: _Step) -> LayerGradient:
    return linear_gradient(step.gradient, step.before, layer.weight)


def _largest(layer: MaxPool2d, step: _Step) -> FloatArray:
    winners = step.note if isinstance(step.note, Winners) else None
    return max_pool2d_gradient(
        step.gradient, step.before, layer.kernel_size, **_pooling(layer), winners=winners
    )


def _mean(layer: AvgPool2d, step: _Step) -> FloatArray:
    return avg_pool2d_gradient(
        step.gradient,
        step.before.shape,
        layer.kernel_size,
        stride=layer.stride,
        padding=layer.padding,
        ceil_mode=layer.ceil_mode,
        count_include_pad=layer.count_include_pad,
    )


def _enlarging(layer: Upsample, step: _Step) -> FloatArray:
    return upsample_gradient(
        step.gradient, step.before.shape, layer.scale_factor, layer.mode, layer.align_corners
    )


def _silencing(layer: Dropout, step: _Step) -> FloatArray:
    if not isinstance(step.note, np.ndarray):
        return step.gradient
    with np.errstate(all="ignore"):
        return np.asarray(step.gradient * step.note)


_WEIGHTED: dict[type[Layer], Callable[[Any, _Step], LayerGradient]] = {
    Conv2d: _convolution,
    ConvTranspose2d: _transposed_convolution,
    BatchNorm2d: _normalising,
    Linear: _dense,
}
_PLAIN: dict[type[Layer], Callable[[Any, _Step], FloatArray]] = {
    MaxPool2d: _largest,
    AvgPool2d: _mean,
    GlobalAvgPool2d: lambda layer, step: global_avg_pool2d_gradient(
        step.gradient, step.before.shape
    ),
    ReLU: lambda layer, step: relu_gradient(step.gradient, step.before),
    LeakyReLU: lambda layer, step: leaky_relu_gradient(
        step.gradient, step.before, layer.negative_slope
    ),
    Sigmoid: lambda layer, step: sigmoid_gradient(step.gradient, step.after),
    Tanh: lambda layer, step: tanh_gradient(step.gradient, step.after),
    Abs: lambda layer, step: absolute_gradient(step.gradient, step.before),
    Softmax: lambda layer, step: softmax_gradient(step.gradient, step.after),
    Flatten: lambda layer, step: step.gradient.reshape(step.before.shape),
    Dropout: _silencing,
    Upsample: _enlarging,
}
