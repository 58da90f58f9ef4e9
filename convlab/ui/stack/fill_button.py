"""The button that fills a kernel, or all filters of a layer: presets, banks, a file."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal

from convlab.document.thumbnail import bank_pixels
from convlab.engine.color_maps import Palette
from convlab.engine.presets import PRESETS, SIGN_CONVENTION
from convlab.layers.banks import BANKS
from convlab.runtime.session import Session
from convlab.runtime.thumbnails import Thumbnail, Thumbnailer, Thumbnails
from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_box import ChoiceButton
from convlab.ui.choices.choice_popup import MakeThumbnails
from convlab.ui.choices.preset_choices import preset_choices, preset_pictures

_PRESET, _BANK, _FILE = "preset", "bank", "file"
_ALL = "All filters of the layer"


class FillButton(ChoiceButton):
    """Offers banks and files for all filters, and presets for the kernel that is shown.

    Signals:
        preset_chosen: Name of a preset for this kernel.
        bank_chosen: Name of a bank for the whole layer.
        file_wanted: Weights for the whole layer from a file.
    """

    preset_chosen = Signal(str)
    bank_chosen = Signal(str)
    file_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            "filter_fill_button",
            "Fill",
            "Fill this kernel with a preset, or all filters of the layer with a bank, with random "
            "numbers, or from a file.",
            "Fill with…",
        )
        self.list.choices = _choices()
        self.list.note = SIGN_CONVENTION
        self.chosen.connect(self._on_chosen)

    def _on_chosen(self, key: str) -> None:
        what, _, name = key.partition(":")
        if what == _PRESET:
            self.preset_chosen.emit(name)
        elif what == _BANK:
            self.bank_chosen.emit(name)
        else:
            self.file_wanted.emit()


def _choices() -> list[Choice]:
    """Return what can be taken; keys are KIND:NAME."""
    banks = [
        Choice(name, f"{_BANK}:{name}", _ALL, bank.description) for name, bank in BANKS.items()
    ]
    file = Choice("From a file…", _FILE, _ALL, "Weights that fit this layer, or all.", icon="open")
    presets = (
        replace(choice, key=f"{_PRESET}:{choice.key}", group=f"This kernel: {choice.group.lower()}")
        for choice in preset_choices(PRESETS.values())
    )
    return [*banks, file, *presets]


def fill_pictures(thumbnailer: Thumbnailer, session: Session) -> MakeThumbnails:
    """Return what makes the pictures: kernels of banks, and presets on the present frame."""
    presets = preset_pictures(thumbnailer, session, f"{_PRESET}:")

    def make(size: tuple[int, int]) -> Thumbnails:
        return _both(size, session.viewing.palette, presets(size))

    return make


def _both(size: tuple[int, int], palette: Palette, presets: Thumbnails) -> Thumbnails:
    for name, bank in BANKS.items():
        yield f"{_BANK}:{name}", Thumbnail(bank_pixels(bank.make, size, palette))
    yield from presets
