"""Which part of a view some cells of its picture cover: a whole picture takes longer to paint."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QRegion, QTransform

MOST_RECTS = 64  # of a region; more of them take longer than what they leave out


def region_of(transform: QTransform, rects: Sequence[QRectF], around: int = 0) -> QRegion:
    """Return what cells cover.

    Args:
        transform: From the picture to the screen.
        rects: The cells, in the picture's coordinates.
        around: Width of the lines around them [screen px].
    """
    if len(rects) > MOST_RECTS:
        whole = QRectF()
        for rect in rects:
            whole |= rect
        rects = [whole]
    region = QRegion()
    for rect in rects:
        on_screen = transform.mapRect(rect).toAlignedRect()
        region += on_screen.adjusted(-around, -around, around, around)
    return region


def changed_region(
    transform: QTransform, before: Sequence[QRectF], after: Sequence[QRectF]
) -> QRegion:
    """Return where cells are covered before or after, but not both."""
    region = QRegion()
    apart = region_of(transform, before).xored(region_of(transform, after))
    for rect in apart:  # type: ignore[attr-defined]  # its stubs know no iterator
        region += rect.adjusted(-1, -1, 1, 1)  # an edge may lie between two pixels
    return region
