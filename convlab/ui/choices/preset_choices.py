"""The list of ready kernels, each shown on the present frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from convlab.document.thumbnail import preset_pixels
from convlab.engine.presets import PRESETS, Preset
from convlab.runtime.session import Session
from convlab.runtime.thumbnails import Thumbnail, Thumbnailer, Thumbnails
from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_popup import MakeThumbnails


def preset_choices(presets: Iterable[Preset]) -> list[Choice]:
    """Return ready kernels as entries, by name."""
    return [
        Choice(preset.name, preset.name, preset.group, preset.description) for preset in presets
    ]


def preset_pictures(
    thumbnailer: Thumbnailer,
    session: Session,
    prefix: str = "",
    own: Callable[[], Iterable[Preset]] = tuple,
) -> MakeThumbnails:
    """Return what makes the pictures of ready kernels: their outputs on the present frame.

    Args:
        thumbnailer: Has the frame.
        session: Has the colours.
        prefix: Of the keys, before the kernel's name.
        own: Returns kernels beside the ready ones.
    """

    def make(size: tuple[int, int]) -> Thumbnails:
        frame = thumbnailer.present_frame()
        if frame is None:
            return iter(())
        space, palette = session.document.kernel.channels.space, session.viewing.palette
        made = preset_pixels((*own(), *PRESETS.values()), frame, space, size, palette)
        return ((prefix + name, Thumbnail(pixels)) for name, pixels in made)

    return make
