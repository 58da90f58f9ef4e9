"""ConvLab, a laboratory for convolution. The public names; the window lives in ``convlab.app``."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convlab.engine import kernels
    from convlab.engine.conv2d import conv2d

__all__ = ["conv2d", "kernels"]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used.

    ``convlab doctor`` must be able to speak where OpenCV cannot be imported.
    """
    if name == "conv2d":
        from convlab.engine.conv2d import conv2d

        return conv2d
    if name == "kernels":
        from convlab.engine import kernels

        return kernels
    raise AttributeError(f"module 'convlab' has no attribute {name!r}")
