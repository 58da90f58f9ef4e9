"""A picture that does not move: from a file, from the clipboard, drawn or frozen."""

from __future__ import annotations

import time

import numpy as np

from convlab.document.asset import Asset
from convlab.document.frame import Frame, own_scale
from convlab.engine.arrays import AnyArray, is_frozen


class Still:
    """Gives its picture once, then nothing.

    Args:
        pixels: (H, W) or (H, W, 3) in RGB order; copied if anybody could write into it.
        title: What the window calls it.
        asset: The encoded picture, for the document to keep.
    """

    moves = False

    def __init__(self, pixels: AnyArray, title: str, asset: Asset | None = None) -> None:
        self.title = title
        self.asset = asset
        is_kept = is_frozen(pixels) and pixels.flags.c_contiguous
        own = pixels if is_kept else np.array(pixels, order="C")
        self._frame: Frame | None = Frame(own, 0, time.perf_counter(), scale=own_scale(own))

    def read(self) -> Frame | None:
        """Give the picture the first time, then None."""
        frame, self._frame = self._frame, None
        return frame

    def close(self) -> None:
        """Let go of the picture."""
        self._frame = None
