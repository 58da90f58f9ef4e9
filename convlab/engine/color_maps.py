"""The maps from 256 levels to colours: grey, and signed ones for light, dark and strong contrast.

In a signed map lightness changes evenly on both sides of zero, so equal magnitudes look equally
strong, and its two hues stay distinct for the common forms of colour blindness.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from convlab.engine.arrays import ByteArray, frozen

LEVELS = 256

_RGB = tuple[int, int, int]

_GREYS = ((0, 0, 0), (255, 255, 255))

# After the RdBu scheme of Brewer and Harrower (ColorBrewer, 2003): near-white at zero.
_LIGHT = (
    (5, 48, 97),
    (33, 102, 172),
    (67, 147, 195),
    (146, 197, 222),
    (209, 229, 240),
    (247, 247, 247),
    (253, 219, 199),
    (244, 165, 130),
    (214, 96, 77),
    (178, 24, 43),
    (103, 0, 31),
)

# Nearly black at zero, so that a map glows in a dark window: blue against amber.
_DARK = (
    (190, 224, 255),
    (88, 164, 238),
    (38, 108, 186),
    (24, 62, 110),
    (20, 22, 27),
    (108, 60, 14),
    (186, 106, 18),
    (240, 166, 52),
    (255, 228, 176),
)

# From dark to light without a turn: the sign is told without hue.
_CONTRAST = (
    (0, 6, 64),
    (24, 52, 150),
    (118, 118, 118),
    (224, 196, 84),
    (255, 252, 208),
)


class Palette(StrEnum):
    """What a map is seen on; the values are the names of the window's themes."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


def _levels_of(anchors: tuple[_RGB, ...], at: np.ndarray) -> ByteArray:
    positions = np.linspace(-1.0, 1.0, len(anchors))
    colors = np.array(anchors, np.float64)
    channels = [np.interp(at, positions, colors[:, channel]) for channel in range(3)]
    return frozen(np.round(np.stack(channels, axis=1)).astype(np.uint8))


def _signed(anchors: tuple[_RGB, ...]) -> ByteArray:
    # Both middle levels stand for zero, so zero is exactly the neutral colour.
    at = np.clip((np.arange(LEVELS) - 127.5) / 127.0, -1.0, 1.0)
    at[127:129] = 0.0
    return _levels_of(anchors, at)


_SIGNED = {
    Palette.LIGHT: _signed(_LIGHT),
    Palette.DARK: _signed(_DARK),
    Palette.CONTRAST: _signed(_CONTRAST),
}
_HEAT = {
    palette: _levels_of(anchors, np.linspace(0.0, 1.0, LEVELS))
    for palette, anchors in zip(Palette, (_LIGHT, _DARK, _CONTRAST), strict=True)
}
_GREY = _levels_of(_GREYS, np.linspace(-1.0, 1.0, LEVELS))


def signed_map(palette: Palette) -> ByteArray:
    """Return a signed map, ``(256, 3)`` uint8 RGB: negative, neutral at zero, positive."""
    return _SIGNED[palette]


def heat_map(palette: Palette) -> ByteArray:
    """Return a map of counts, ``(256, 3)`` uint8 RGB: neutral at zero, as positive values above."""
    return _HEAT[palette]


def grey_map() -> ByteArray:
    """Return the plain map, ``(256, 3)`` uint8 RGB: black to white."""
    return _GREY
