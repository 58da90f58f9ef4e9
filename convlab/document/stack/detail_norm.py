"""How a normalised value came about, line by line."""

from __future__ import annotations

import math

import numpy as np

from convlab.document.stack.arithmetic import Step, Steps
from convlab.engine.arrays import FloatArray
from convlab.layers import BatchNorm2d, GroupNorm, LayerNorm2d, LocalResponseNorm


def batch_normalised(
    layer: BatchNorm2d, x: FloatArray, y: FloatArray, place: tuple[int, ...]
) -> Steps:
    """Take the mean and the variance that the map had in training."""
    channel = place[0]
    met = float(layer.running_mean[channel]), float(layer.running_var[channel])
    return _normalised(layer, met, x, y, place)


def group_normalised(
    layer: GroupNorm | LayerNorm2d, x: FloatArray, y: FloatArray, place: tuple[int, ...]
) -> Steps:
    """Take mean and variance of what the unit is normalised with, of this picture."""
    maps = layer.maps_met(place[0], len(x))
    values = x[maps.start : maps.stop].astype(np.float64)
    if not layer.sees_all:
        values = values[:, place[1], place[2]]
    return _normalised(layer, (float(values.mean()), float(values.var())), x, y, place)


def _normalised(
    layer: BatchNorm2d | GroupNorm | LayerNorm2d,
    statistics: tuple[float, float],
    x: FloatArray,
    y: FloatArray,
    place: tuple[int, ...],
) -> Steps:
    value, result, (mean, variance) = float(x[place]), float(y[place]), statistics
    gamma, beta = float(layer.weight[place[0]]), float(layer.bias[place[0]])
    centred, deviation = value - mean, math.sqrt(variance + layer.eps)
    normalised = centred / deviation if deviation else math.copysign(math.inf, centred)
    scaled = normalised * gamma
    root = "{} / √({} + {})"
    return Steps(
        "to mean 0 and variance 1, then scaled and moved",
        Step(
            "",
            "({} − {}) / √({} + {}) × {} + {}",
            (value, mean, variance, layer.eps, gamma, beta),
            result,
        ),
        (
            Step("x − mean", "{} − {}", (value, mean), centred),
            Step("/ √(variance + ε)", root, (centred, variance, layer.eps), normalised),
            Step("× γ", "{} × {}", (normalised, gamma), scaled),
            Step("+ β", "{} + {}", (scaled, beta), result),
        ),
        result,
    )


def weakened(
    layer: LocalResponseNorm, x: FloatArray, y: FloatArray, place: tuple[int, ...]
) -> Steps:
    """Add up the squares of the maps that count."""
    maps = layer.maps_met(place[0], len(x))
    met = x[maps.start : maps.stop, place[1], place[2]].astype(np.float64)
    value, result, total = float(x[place]), float(y[place]), float(np.square(met).sum())
    given = layer.k, layer.alpha, total, layer.size
    divisor = layer.k + layer.alpha * total / layer.size
    return Steps(
        f"divided by the strength of {len(maps)} maps, {maps.start} to {maps.stop - 1}",
        Step("", "{} / ({} + {} × {} / {})^{}", (value, *given, layer.beta), result),
        (
            Step("k + α Σx² / n", "{} + {} × {} / {}", given, divisor),
            Step("x / …^β", "{} / {}^{}", (value, divisor, layer.beta), result),
        ),
        result,
    )
