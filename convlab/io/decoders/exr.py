"""OpenEXR, by its own library: the colours of its first part, or its channels one by one."""

from __future__ import annotations

import io

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.io.decoders.finish import as_engine_takes_it, over_white
from convlab.io.headers.claim import DamagedError, UnreadableError, require
from convlab.io.headers.exr import headers


def pictures_in(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the channels of each picture that a part holds: its colours are the first.

    R, G and B, and Y alone, are colours, A is their alpha; each other channel is a picture.
    """
    colours = next((each for each in (("R", "G", "B"), ("Y",)) if {*each} <= {*names}), ())
    shown = (*colours, "A") if colours and "A" in names else colours
    others: list[tuple[str, ...]] = [(name,) for name in names if name not in shown]
    return [shown, *others] if shown else others


def decode(data: bytes, number: int = 0) -> AnyArray:
    """Decode a picture, ``(H, W)`` or RGB ``(H, W, 3)``, float32.

    Args:
        data: The file, which was surveyed.
        number: Which of its ``pictures_in``.

    Raises:
        UnreadableError: Its library is not installed.
        DamagedError: It cannot be decoded.
    """
    try:
        import OpenEXR  # 5 MB, and seldom wanted
    except ImportError:
        raise UnreadableError(
            "is OpenEXR, whose library is missing: run pip install OpenEXR"
        ) from None

    part = headers(data)[0]
    names = pictures_in(part.channels)[number]
    try:
        with OpenEXR.File(io.BytesIO(data), separate_channels=True) as file:
            found = {name: each.pixels for name, each in file.channels().items()}
    except (RuntimeError, ValueError) as error:  # it has no part whose pixels it could read
        raise DamagedError from error
    require({*names} <= found.keys())
    read = [found[name] for name in names]
    require(all(each.shape == (part.height, part.width) for each in read))
    planes = [as_engine_takes_it(each) for each in read]
    grey_or_rgb = np.dstack(planes[:3]) if len(planes) > 2 else planes[0]
    if len(planes) in (2, 4):  # its colours are multiplied with alpha, by the format's own words
        return over_white(grey_or_rgb, planes[-1], is_multiplied=True)
    return grey_or_rgb
