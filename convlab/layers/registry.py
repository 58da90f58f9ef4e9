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
from convlab.layers.base import Layer
from convlab.layers.conv import Conv2d, ConvTranspose2d
from convlab.layers.dense import Flatten, Linear
from convlab.layers.norm import BatchNorm2d, Dropout
from convlab.layers.pool import AvgPool2d, GlobalAvgPool2d, MaxPool2d
from convlab.layers.upsample import Upsample

KINDS: dict[str, type[Layer]] = {
    "conv2d": Conv2d,
    "conv_transpose2d": ConvTranspose2d,
    "max_pool2d": MaxPool2d,
    "avg_pool2d": AvgPool2d,
    "global_avg_pool2d": GlobalAvgPool2d,
    "batch_norm2d": BatchNorm2d,
    "relu": ReLU,
    "leaky_relu": LeakyReLU,
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
}
