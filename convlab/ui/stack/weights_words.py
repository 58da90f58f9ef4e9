"""What is said of weights from a file: which fit, and what was taken."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from convlab.document.file_name import shown_name
from convlab.io.weights import Bundle
from convlab.io.weights_fit import shapes_of
from convlab.io.weights_match import Filling, Offer
from convlab.ui.stack.weights_dialog import WeightsChoice
from convlab.ui.widgets.map_words import shape_text


def question(offer: Offer, title: str) -> str:
    """Ask which of several arrays a layer is to have."""
    shape = shape_text(offer.bundles[offer.likely].arrays["weight"].shape)
    return (
        f"{len(offer.fitting)} arrays of {_file(offer.path)} fit layer {title} ({shape}). "
        "Which one is it to have?"
    )


def choices(offer: Offer) -> list[WeightsChoice]:
    """Return what stands in the list, in the file's order."""
    return [_choice(offer.bundles[number], number == offer.likely) for number in offer.fitting]


def taken(filling: Filling) -> str:
    """Say what was taken, and what was not."""
    name = _file(filling.offer.path)
    offer = filling.offer
    count = len(offer.fitting)
    place = offer.fitting.index(filling.chosen) + 1
    of = "the only one that fits" if count == 1 else f"{place} of {count} that fit"
    return f"Took {_names(filling.bundle, filling.arrays)} from {name}, {of}{_bias(filling)}"


def _bias(filling: Filling) -> str:
    """Say what becomes of a bias that only one side has."""
    if "bias" in filling.bundle.arrays and "bias" not in filling.arrays:
        return f"; {filling.bundle.names['bias']} is left out: the layer has no bias"
    if "bias" in shapes_of(filling.layer) and "bias" not in filling.arrays:
        return "; the file has no bias for it: the layer's stays"
    return ""


def _choice(bundle: Bundle, is_likely: bool) -> WeightsChoice:
    others = [name for field, name in bundle.names.items() if field != "weight"]
    return WeightsChoice(
        bundle.names["weight"],
        shape_text(bundle.arrays["weight"].shape),
        ", ".join(_short(bundle.prefix, name) for name in others) or "–",
        "its place in the stack" if is_likely else "",
    )


def _names(bundle: Bundle, fields: Iterable[str]) -> str:
    first, *others = [bundle.names[field] for field in fields]
    return " and ".join([first, *(_short(bundle.prefix, name) for name in others)])


def _short(prefix: str, name: str) -> str:
    """Return a name without what the one before it begins with, too."""
    rest = name.removeprefix(prefix)
    return rest if prefix and rest[:1] in "._/:" else name


def _file(path: Path) -> str:
    return shown_name(path)
