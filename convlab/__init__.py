"""ConvLab, a laboratory for convolution. The public names; the window lives in ``convlab.app``."""

from convlab.engine import kernels
from convlab.engine.conv2d import conv2d

__all__ = ["conv2d", "kernels"]
