"""The layers of four well-known networks as shapes: what an engine must be good at.

Built from the tables of the papers, for pictures of 224 by 224, every shape once a network:
MobileNetV2 (Sandler et al. 2018), EfficientNet-Lite0 (EfficientNet-B0 of Tan and Le 2019 with ReLU6
and without squeeze-and-excitation, "same" padding as TensorFlow counts it), SqueezeNet 1.1
(Iandola et al. 2016) and ResNet-18 (He et al. 2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class NetworkShape(NamedTuple):
    """One layer.

    Attributes:
        network: Its network.
        kind: "conv2d", "max_pool2d", "global_avg_pool2d", "batch_norm2d", "relu" or "relu6".
        input: ``(C, H, W)``.
        weight: ``(O, C / groups, kh, kw)`` of a convolution, else empty.
        options: As the function of that kind takes them, those that are not its defaults.
    """

    network: str
    kind: str
    input: tuple[int, int, int]
    weight: tuple[int, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def size(self) -> str:
        """Return its shapes in words."""
        channels, height, width = self.input
        words = [f"{width}x{height}"]
        if self.weight:
            outputs, _, rows, columns = self.weight
            words.insert(0, f"{channels} to {outputs}, {rows}x{columns}")
        else:
            words.insert(0, f"{channels} channels")
        words += [f"{name} {value}" for name, value in self.options if name != "padding"]
        return ", ".join(words)


_SIDE = 224

# Times wider inside, channels, how often, stride of the first, kernel.
_Row = tuple[int, int, int, int, int]
_MOBILENET_V2: tuple[_Row, ...] = (
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 32, 3, 2, 3),
    (6, 64, 4, 2, 3),
    (6, 96, 3, 1, 3),
    (6, 160, 3, 2, 3),
    (6, 320, 1, 1, 3),
)
_EFFICIENTNET_LITE0: tuple[_Row, ...] = (
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
)
# Squeezed to, expanded to by each of two kernels; None: pooling.
_SQUEEZENET: tuple[tuple[int, int] | None, ...] = (
    (16, 64),
    (16, 64),
    None,
    (32, 128),
    (32, 128),
    None,
    (48, 192),
    (48, 192),
    (64, 256),
    (64, 256),
)
_RESNET_18 = (64, 128, 256, 512)


class _Chain:
    """Layers one behind the other, and the shape that comes out of the last."""

    def __init__(
        self, network: str, activation: str, normalises: bool, is_tensorflow: bool
    ) -> None:
        self.network, self.activation = network, activation
        self.normalises, self.is_tensorflow = normalises, is_tensorflow
        self.out_shape: tuple[int, int, int] = (3, _SIDE, _SIDE)
        self.layers: list[NetworkShape] = []

    def conv(
        self, outputs: int, kernel: int, stride: int = 1, groups: int = 1, pads: bool = True
    ) -> None:
        """Add a convolution and its normalisation."""
        channels, height, width = self.out_shape
        total = kernel - stride if self.is_tensorflow else 2 * (kernel // 2)
        before, after = (total // 2, total - total // 2) if pads else (0, 0)
        padding = before if before == after else (before, after, before, after)
        options = {"stride": stride, "padding": padding, "groups": groups}
        weight = (outputs, channels // groups, kernel, kernel)
        self._add("conv2d", weight, _changed(options))
        rows, columns = ((side + before + after - kernel) // stride + 1 for side in (height, width))
        self.out_shape = outputs, rows, columns
        if self.normalises:
            self._add("batch_norm2d")

    def activate(self) -> None:
        """Add the network's activation."""
        self._add(self.activation)

    def pool(self, padding: int = 0) -> None:
        """Add a max pooling of three, in steps of two."""
        channels, height, width = self.out_shape
        options = _changed({"stride": 2, "padding": padding})
        self._add("max_pool2d", options=(("kernel_size", 3), *options))
        rows, columns = ((side + 2 * padding - 3) // 2 + 1 for side in (height, width))
        self.out_shape = channels, rows, columns

    def average(self) -> None:
        """Add the mean of each channel."""
        self._add("global_avg_pool2d")

    def _add(
        self, kind: str, weight: tuple[int, ...] = (), options: tuple[tuple[str, Any], ...] = ()
    ) -> None:
        self.layers.append(NetworkShape(self.network, kind, self.out_shape, weight, options))


def _changed(options: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return what is not the default."""
    defaults = {"stride": 1, "padding": 0, "groups": 1}
    return tuple((name, value) for name, value in options.items() if value != defaults[name])


def _inverted_residuals(name: str, rows: Sequence[_Row], is_tensorflow: bool) -> _Chain:
    """Return a chain of blocks: widened by 1x1, filtered channel by channel, narrowed by 1x1."""
    chain = _Chain(name, "relu6", True, is_tensorflow)
    chain.conv(32, 3, 2)
    chain.activate()
    for widening, outputs, count, stride, kernel in rows:
        for number in range(count):
            inside = widening * chain.out_shape[0]
            if widening > 1:
                chain.conv(inside, 1)
                chain.activate()
            chain.conv(inside, kernel, 1 if number else stride, inside)
            chain.activate()
            chain.conv(outputs, 1)
    chain.conv(1280, 1)
    chain.activate()
    chain.average()
    return chain


def _squeezenet() -> _Chain:
    chain = _Chain("SqueezeNet", "relu", False, False)
    chain.conv(64, 3, 2, pads=False)
    chain.activate()
    chain.pool()
    for fire in _SQUEEZENET:
        if fire is None:
            chain.pool()
            continue
        squeezed, expanded = fire
        chain.conv(squeezed, 1)
        chain.activate()
        inside = chain.out_shape
        for kernel in (1, 3):
            chain.out_shape = inside
            chain.conv(expanded, kernel)
            chain.activate()
        _, height, width = inside
        chain.out_shape = (2 * expanded, height, width)
    chain.conv(1000, 1)
    chain.activate()
    chain.average()
    return chain


def _resnet_18() -> _Chain:
    chain = _Chain("ResNet-18", "relu", True, False)
    chain.conv(64, 7, 2)
    chain.activate()
    chain.pool(1)
    for outputs in _RESNET_18:
        for _ in range(2):
            before, is_wider = chain.out_shape, chain.out_shape[0] != outputs
            chain.conv(outputs, 3, 1 + is_wider)
            chain.activate()
            chain.conv(outputs, 3)
            chain.activate()
            if is_wider:  # beside them, so that both can be added
                after, chain.out_shape = chain.out_shape, before
                chain.conv(outputs, 1, 2)
                chain.out_shape = after
    chain.average()
    return chain


# All layers of each, in order: what is used twice stands there twice.
NETWORKS: dict[str, tuple[NetworkShape, ...]] = {
    chain.network: tuple(chain.layers)
    for chain in (
        _inverted_residuals("EfficientNet-Lite0", _EFFICIENTNET_LITE0, True),
        _inverted_residuals("MobileNetV2", _MOBILENET_V2, False),
        _squeezenet(),
        _resnet_18(),
    )
}
NETWORK_SHAPES = tuple(shape for layers in NETWORKS.values() for shape in dict.fromkeys(layers))
