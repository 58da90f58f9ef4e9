"""Kernels in the weights of a layer: which there are, and their numbers."""

from __future__ import annotations

from convlab.engine.arrays import FloatArray
from convlab.layers.base import KernelLayer, Layer, WeightedLayer
from convlab.layers.conv import ConvTranspose2d
from convlab.layers.dense import Linear


def outputs_of(layer: WeightedLayer) -> int:
    """Return how many maps, or values of a vector, the layer makes."""
    return layer.out_channels if isinstance(layer, KernelLayer) else len(layer.weight)


def inputs_of(layer: WeightedLayer, output: int) -> range:
    """Return the channels of the input that an output is made of: those of its group.

    >>> inputs_of(ConvTranspose2d(4, 8, 3, groups=2), 5)
    range(2, 4)

    Raises:
        ValueError: If there is no such output.
    """
    if not isinstance(layer, KernelLayer):
        outputs, inputs = layer.weight.shape
        check_place("output", output, outputs)
        return range(inputs)
    check_place("output", output, layer.out_channels)
    return layer.maps_met(output, layer.in_channels)


def nearest_kernel(layer: WeightedLayer, output: int, input: int) -> tuple[int, int]:
    """Return the (output, input) of a kernel that the layer has, the one asked for if it has it.

    >>> nearest_kernel(ConvTranspose2d(4, 8, 3, groups=2), 9, 0)
    (7, 2)
    """
    output = min(max(output, 0), outputs_of(layer) - 1)
    inputs = inputs_of(layer, output)
    return output, min(max(input, inputs.start), inputs.stop - 1)


def filter_of(layer: Layer, output: int, input: int) -> FloatArray:
    """Return the kernel ``(kh, kw)`` laid on one channel of the input for one output; read-only.

    Raises:
        ValueError: If the layer has no kernels, or not this one.
    """
    if not isinstance(layer, WeightedLayer):
        raise ValueError(f"{type(layer).__name__} has no kernels: choose another layer")
    inputs = inputs_of(layer, output)
    if input not in inputs:
        raise ValueError(
            f"output {output} has no kernel for input {input}: "
            f"give one from {inputs.start} to {inputs.stop - 1}"
        )
    kernel: FloatArray = kernels_in(layer, layer.weight, output, inputs)[input - inputs.start]
    return kernel


def kernels_of(layer: WeightedLayer, output: int) -> FloatArray:
    """Return the kernels ``(C / groups, kh, kw)`` of an output, one for each of ``inputs_of``.

    A layer that sums everything has kernels of one cell, one for each value.

    Raises:
        ValueError: If there is no such output.
    """
    return kernels_in(layer, layer.weight, output, inputs_of(layer, output))


def dense_maps(layer: Linear, output: int, size: tuple[int, int]) -> FloatArray:
    """Return the weights of an output as maps ``(C, H, W)`` of (rows, columns); read-only.

    Raises:
        ValueError: If there is no such output, or its weights are no maps of that size.
    """
    check_place("output", output, layer.out_features)
    if layer.in_features % (size[0] * size[1]):
        raise ValueError(f"{layer.in_features} weights are no maps of {cells_text(size)}")
    maps: FloatArray = layer.weight[output].reshape(-1, *size)
    return maps


def kernels_in(layer: WeightedLayer, weight: FloatArray, output: int, inputs: range) -> FloatArray:
    """Return a view of an output's kernels in weights as the layer has them."""
    weight = weight.reshape(*weight.shape[:2], *(weight.shape[2:] or (1, 1)))
    if isinstance(layer, ConvTranspose2d):
        kernels: FloatArray = weight[inputs.start : inputs.stop, output % weight.shape[1]]
    else:
        kernels = weight[output]
    return kernels


def check_place(name: str, number: int, count: int) -> None:
    """Raise a ValueError that says what there is if there are not so many of something."""
    if not 0 <= number < count:
        raise ValueError(f"there is no {name} {number}: give one from 0 to {count - 1}")


def cells_text(shape: tuple[int, ...]) -> str:
    """Write a size as people read it: 3 × 3 cells."""
    return " × ".join(str(side) for side in shape) + " cells"
