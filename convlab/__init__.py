"""ConvLab, a laboratory for convolution. The public names; the window lives in ``convlab.app``."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convlab import layers
    from convlab.engine import kernels
    from convlab.engine.conv1d import conv1d
    from convlab.engine.conv2d import conv2d
    from convlab.engine.conv_transpose2d import conv_transpose2d
    from convlab.engine.planner import plan
    from convlab.engine.pool import avg_pool2d, max_pool2d
    from convlab.io.project import load_project, load_stack, save_project
    from convlab.layers.stack import Stack

__all__ = [
    "Stack",
    "avg_pool2d",
    "conv1d",
    "conv2d",
    "conv_transpose2d",
    "kernels",
    "layers",
    "load_project",
    "load_stack",
    "max_pool2d",
    "plan",
    "save_project",
]

_MODULES = {
    "Stack": "convlab.layers.stack",
    "avg_pool2d": "convlab.engine.pool",
    "conv1d": "convlab.engine.conv1d",
    "conv2d": "convlab.engine.conv2d",
    "conv_transpose2d": "convlab.engine.conv_transpose2d",
    "load_project": "convlab.io.project",
    "load_stack": "convlab.io.project",
    "max_pool2d": "convlab.engine.pool",
    "plan": "convlab.engine.planner",
    "save_project": "convlab.io.project",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used.

    ``convlab doctor`` must be able to speak where OpenCV cannot be imported.
    """
    if name not in __all__:
        raise AttributeError(f"module 'convlab' has no attribute {name!r}")
    if name in ("conv2d", "plan"):
        _use_known_costs()
    if name in _MODULES:
        thing = getattr(import_module(_MODULES[name]), name)
    else:
        thing = import_module("convlab.layers" if name == "layers" else "convlab.engine.kernels")
    globals()[name] = thing  # found without this the next time
    return thing


def _use_known_costs() -> None:
    """Plan with what was measured on this machine, if ever: see ``convlab.engine.calibration``."""
    from convlab.engine import planner
    from convlab.io import machine_costs

    costs = machine_costs.load()
    if costs is not None:
        planner.use_costs(costs)
