"""Names for the array types that pass between modules."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
ByteArray = NDArray[np.uint8]
AnyArray = NDArray[Any]


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array, made read-only: what is published is shared between threads."""
    array.flags.writeable = False
    return array
