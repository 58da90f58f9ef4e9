"""All kinds of layers by the names that files use."""

from __future__ import annotations

from convlab.layers.activation import (
    GELU,
    Abs,
    HardSigmoid,
    HardSwish,
    LeakyReLU,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
)
from convlab.layers.adaptive_pool import AdaptiveAvgPool2d
from convlab.layers.arrangement import PixelShuffle, ZeroPad2d
from convlab.layers.base import Layer
from convlab.layers.channels import Affine, ChannelSlice
from convlab.layers.conv import Conv2d, ConvTranspose2d
from convlab.layers.dense import Flatten, Linear
from convlab.layers.group_norm import GroupNorm, LayerNorm2d
from convlab.layers.merge import Add, Concat, Multiply, Subtract
from convlab.layers.norm import BatchNorm2d, Dropout
from convlab.layers.pool import AvgPool2d, GlobalAvgPool2d, MaxPool2d
from convlab.layers.prelu import PReLU
from convlab.layers.response_norm import LocalResponseNorm
from convlab.layers.upsample import Upsample

BRANCHES: dict[str, type[Layer]] = {
    "add": Add,
    "subtract": Subtract,
    "multiply": Multiply,
    "concat": Concat,
    "channel_slice": ChannelSlice,
    "affine": Affine,
}
"""Those that come with networks, where branches part and meet."""

KINDS: dict[str, type[Layer]] = {
    "conv2d": Conv2d,
    "conv_transpose2d": ConvTranspose2d,
    "max_pool2d": MaxPool2d,
    "avg_pool2d": AvgPool2d,
    "global_avg_pool2d": GlobalAvgPool2d,
    "adaptive_avg_pool2d": AdaptiveAvgPool2d,
    "zero_pad2d": ZeroPad2d,
    "batch_norm2d": BatchNorm2d,
    "group_norm": GroupNorm,
    "layer_norm2d": LayerNorm2d,
    "local_response_norm": LocalResponseNorm,
    "relu": ReLU,
    "leaky_relu": LeakyReLU,
    "prelu": PReLU,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "relu6": ReLU6,
    "hard_sigmoid": HardSigmoid,
    "hard_swish": HardSwish,
    "silu": SiLU,
    "gelu": GELU,
    "abs": Abs,
    "softmax": Softmax,
    "flatten": Flatten,
    "linear": Linear,
    "dropout": Dropout,
    "upsample": Upsample,
    "pixel_shuffle": PixelShuffle,
}
"""Those that a person can add to a stack."""


def kind_of(name: str) -> type[Layer] | None:
    """Return the kind of layers that files call so, or None."""
    return KINDS.get(name) or BRANCHES.get(name)
