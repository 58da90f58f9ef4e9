"""ConvLab, a laboratory for convolution. The public names; the window lives in ``convlab.app``.

>>> import numpy as np, convlab
>>> convlab.conv2d([[10, 10, 0, 0]] * 3, [[1, 0, -1]] * 3).tolist()
[[30.0, 30.0]]
"""

TYPE_CHECKING = False  # typing takes longer to import than all of this
if TYPE_CHECKING:
    from convlab import layers
    from convlab.engine import kernels
    from convlab.engine.activate import relu, sigmoid, softmax
    from convlab.engine.conv1d import conv1d
    from convlab.engine.conv2d import conv2d
    from convlab.engine.conv_transpose2d import conv_transpose2d
    from convlab.engine.dense import linear
    from convlab.engine.norm import batch_norm2d
    from convlab.engine.pad import pad
    from convlab.engine.planner import plan
    from convlab.engine.pool import avg_pool2d, global_avg_pool2d, max_pool2d
    from convlab.engine.upsample import upsample
    from convlab.io.networks import load_network
    from convlab.io.project import load_project, save_project
    from convlab.io.stack_files import load_stack, save_stack
    from convlab.layers.stack import Stack
    from convlab.notebook import show

__version__ = "0.1.0"

_MODULES = {
    "Stack": "convlab.layers.stack",
    "avg_pool2d": "convlab.engine.pool",
    "batch_norm2d": "convlab.engine.norm",
    "conv1d": "convlab.engine.conv1d",
    "conv2d": "convlab.engine.conv2d",
    "conv_transpose2d": "convlab.engine.conv_transpose2d",
    "global_avg_pool2d": "convlab.engine.pool",
    "kernels": "convlab.engine.kernels",
    "layers": "convlab.layers",
    "linear": "convlab.engine.dense",
    "load_network": "convlab.io.networks",
    "load_project": "convlab.io.project",
    "load_stack": "convlab.io.stack_files",
    "max_pool2d": "convlab.engine.pool",
    "pad": "convlab.engine.pad",
    "plan": "convlab.engine.planner",
    "relu": "convlab.engine.activate",
    "save_project": "convlab.io.project",
    "save_stack": "convlab.io.stack_files",
    "show": "convlab.notebook",
    "sigmoid": "convlab.engine.activate",
    "softmax": "convlab.engine.activate",
    "upsample": "convlab.engine.upsample",
}

__all__ = [
    "Stack",
    "avg_pool2d",
    "batch_norm2d",
    "conv1d",
    "conv2d",
    "conv_transpose2d",
    "global_avg_pool2d",
    "kernels",
    "layers",
    "linear",
    "load_network",
    "load_project",
    "load_stack",
    "max_pool2d",
    "pad",
    "plan",
    "relu",
    "save_project",
    "save_stack",
    "show",
    "sigmoid",
    "softmax",
    "upsample",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used.

    ``convlab doctor`` must be able to speak where OpenCV cannot be imported.
    """
    if name not in _MODULES:
        raise AttributeError(f"module 'convlab' has no attribute {name!r}")
    from importlib import import_module

    if name in ("conv2d", "plan"):
        _use_known_costs()
    module = import_module(_MODULES[name])
    thing: object = getattr(module, name, module)  # "kernels" and "layers" are modules
    globals()[name] = thing  # found without this the next time
    return thing


def __dir__() -> list[str]:
    """Return the public names, imported or not."""
    return [*__all__, "__version__"]


def _use_known_costs() -> None:
    """Plan with what was measured on this machine, if ever: see ``convlab.engine.calibration``."""
    from convlab.engine import planner
    from convlab.io import machine_costs

    costs = machine_costs.load()
    if costs is not None:
        planner.use_costs(costs)
