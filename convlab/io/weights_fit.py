"""Which arrays fit which layer, and the layer that has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.errors import as_message
from convlab.io.rejection import Rejection
from convlab.io.weights import FIELDS, Bundle
from convlab.layers import BatchNorm2d, Conv2d, Layer, Linear
from convlab.layers.base import Shape, WeightedLayer
from convlab.layers.parameters import arrays, channel_numbers

EPSILON = 1e-5
"""What PyTorch's normalisations add to the variance where nothing is said."""

_OPTIONAL = "bias"
_SCALES = {"weight": 1.0, "bias": 0.0}  # what a normalisation without them does


def shapes_of(layer: Layer) -> dict[str, Shape]:
    """Return the shapes of the arrays that a layer has, by field."""
    values = {name: getattr(layer, name) for name in arrays(type(layer))}
    return {name: value.shape for name, value in values.items() if isinstance(value, np.ndarray)}


def fits(bundle: Bundle, layer: Layer) -> bool:
    """Tell whether a bundle has all that a layer needs; a bias may be missing on either side.

    A batch normalisation may lack both scale and offset, which then are 1 and 0.
    """
    shapes = shapes_of(layer)
    needed = shapes.keys() - ({_OPTIONAL} if len(shapes) <= 2 else set())
    if isinstance(layer, BatchNorm2d) and not bundle.arrays.keys() & _SCALES.keys():
        needed -= _SCALES.keys()
    if not shapes or not needed <= bundle.arrays.keys():
        return False
    if bundle.arrays.keys() - shapes.keys() - {_OPTIONAL}:
        return False
    return all(
        bundle.arrays[name].shape == shape
        for name, shape in shapes.items()
        if name in bundle.arrays
    )


def float_array(array: AnyArray, name: str) -> FloatArray:
    """Return an array as float32, read-only; its own memory if it is that.

    Raises:
        Rejection: A number is not finite.
    """
    with np.errstate(over="ignore"):  # reported just below
        numbers = np.asarray(array, dtype=np.float32, order="C")
    if not np.isfinite(numbers).all():
        raise Rejection(f"{name[:80]} in it is not finite", "replace it by finite numbers")
    is_own = numbers is array and numbers.flags.writeable
    return frozen(numbers.copy() if is_own else numbers)


def check_bounds(layer: Layer, new: Mapping[str, FloatArray]) -> None:
    """Reject numbers that no layer of the kind can have, as a variance below 0.

    Raises:
        Rejection: With the number and what is allowed.
    """
    for found in channel_numbers(type(layer)):
        numbers = new.get(found.name)
        if numbers is None or not numbers.size:
            continue
        for number in (float(numbers.min()), float(numbers.max())):
            if not found.minimum <= number <= found.maximum:
                raise Rejection(
                    f"{found.name} {number:g} is outside of {found.minimum:g} to {found.maximum:g}",
                    "choose another array",
                )


def check_scaled(bundle: Bundle) -> None:
    """Reject whole numbers: what they stand for is told by a scale, and where that is by nobody.

    Raises:
        Rejection: An array holds such.
    """
    for field, array in bundle.arrays.items():
        if array.dtype.kind != "f":
            raise Rejection(
                f"{bundle.names[field][:80]} in it holds {array.dtype} numbers, whose scale is not "
                "told",
                "save it as float32",
            )


def filled(layer: Layer, bundle: Bundle, norm: Bundle | None = None) -> Layer:
    """Return a layer with all that a bundle has for it, so that it does what it did there.

    A bias that the file has is taken also where the layer has none; one that the file has not is 0.

    Args:
        layer: The layer.
        bundle: What fits it.
        norm: A batch normalisation to be folded into it (see ``folded``).

    Raises:
        Rejection: The numbers are whole or not finite, or the layer rejects them.
    """
    check_scaled(bundle)
    new = {name: float_array(a, bundle.names[name]) for name, a in bundle.arrays.items()}
    if norm is not None:
        check_scaled(norm)
        of_norm = {n: float_array(a, norm.names[n]) for n, a in norm.arrays.items()}
        check_bounds(BatchNorm2d(len(of_norm["running_var"])), of_norm)
        new = folded(new, of_norm)
    check_bounds(layer, new)
    for name, shape in shapes_of(layer).items():
        if name not in new:
            new[name] = frozen(np.full(shape, _SCALES[name], np.float32))
    given: dict[str, Any] = {name: new[name] for name in FIELDS if name in new}
    try:
        return replace(layer, **given)  # type: ignore[type-var]  # every layer is a dataclass
    except (ValueError, TypeError) as error:
        why = as_message(ValueError(str(error))).rstrip(".")
        raise Rejection(f"the layer rejects it ({why[:200]})", "choose another array") from None


def folded(
    layer: Mapping[str, FloatArray], norm: Mapping[str, FloatArray], eps: float = EPSILON
) -> dict[str, FloatArray]:
    """Return weight and bias that do what a layer and a batch normalisation behind it did.

    y = γ (w x + b - μ) / √(σ² + ε) + β is (s w) x + (β + s (b - μ)) with s = γ / √(σ² + ε)
    (Ioffe and Szegedy, 2015).

    Args:
        layer: ``weight`` ``(O, …)`` and, if it has one, ``bias`` ``(O,)``.
        norm: The four arrays of the normalisation, ``(O,)``.
        eps: ε.
    """
    known = {name: array.astype(np.float64) for name, array in norm.items()}
    scale = known.get("weight", 1.0) / np.sqrt(known["running_var"] + eps)
    weight = layer["weight"]
    moved = layer.get("bias", np.float32(0.0)) - known["running_mean"]
    bias = known.get("bias", 0.0) + scale * moved
    columns = scale.reshape(-1, *[1] * (weight.ndim - 1))
    return {
        "weight": frozen((weight * columns).astype(np.float32)),
        "bias": frozen(np.asarray(bias, np.float32)),
    }


def can_be_folded(layer: Layer, norm: Bundle) -> bool:
    """Tell whether a bundle is of a batch normalisation that a layer can do as well."""
    if not isinstance(layer, Conv2d | Linear) or not isinstance(layer, WeightedLayer):
        return False
    size = (len(layer.weight),)
    names = norm.arrays.keys()
    is_norm = {"running_mean", "running_var"} <= names
    return is_norm and all(array.shape == size for array in norm.arrays.values())
