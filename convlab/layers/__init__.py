"""What the layers of a network are: frozen records of sizes and weights, named as in PyTorch."""

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
from convlab.layers.conv import Conv2d, ConvTranspose2d
from convlab.layers.dense import Flatten, Linear
from convlab.layers.group_norm import GroupNorm, LayerNorm2d
from convlab.layers.norm import BatchNorm2d, Dropout
from convlab.layers.pool import AvgPool2d, GlobalAvgPool2d, MaxPool2d
from convlab.layers.prelu import PReLU
from convlab.layers.response_norm import LocalResponseNorm
from convlab.layers.stack import Stack
from convlab.layers.summary import LayerSummary
from convlab.layers.upsample import Upsample

__all__ = [
    "GELU",
    "Abs",
    "AdaptiveAvgPool2d",
    "AvgPool2d",
    "BatchNorm2d",
    "Conv2d",
    "ConvTranspose2d",
    "Dropout",
    "Flatten",
    "GlobalAvgPool2d",
    "GroupNorm",
    "HardSigmoid",
    "HardSwish",
    "Layer",
    "LayerNorm2d",
    "LayerSummary",
    "LeakyReLU",
    "Linear",
    "LocalResponseNorm",
    "MaxPool2d",
    "PReLU",
    "PixelShuffle",
    "ReLU",
    "ReLU6",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Stack",
    "Tanh",
    "Upsample",
    "ZeroPad2d",
]
