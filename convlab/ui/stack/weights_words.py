"""What is said of weights from a file: which fit, and what was taken."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from convlab.document.file_name import shown_name
from convlab.io.weights import Bundle
from convlab.io.weights_match import Filling, Offer, shapes_of
from convlab.ui.stack.weights_dialog import WeightsChoice
from convlab.ui.widgets.map_words import shape_text

_LISTED = 3


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
    if filling.for_all:
        return (
            f"{len(filling.filled)} of {filling.layers} layers filled from {name}; "
            f"{_left(filling.left)} left over"
        )
    (filled,) = filling.filled
    offer = filling.offer
    count = len(offer.fitting)
    place = offer.fitting.index(filling.chosen) + 1
    of = "the only one that fits" if count == 1 else f"{place} of {count} that fit"
    return f"Took {_names(filled.bundle, filled.arrays)} from {name}, {of}{_bias(filling)}"


def _bias(filling: Filling) -> str:
    """Say what becomes of a bias that only one side has."""
    (filled,) = filling.filled
    layer = next(slot.layer for slot in filling.offer.slots if slot.uid == filled.uid)
    if "bias" in filled.bundle.arrays and "bias" not in filled.arrays:
        return f"; {filled.bundle.names['bias']} is left out: the layer has no bias"
    if "bias" in shapes_of(layer) and "bias" not in filled.arrays:
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


def _left(prefixes: tuple[str, ...]) -> str:
    if not prefixes:
        return "nothing is"
    listed = ", ".join(prefix[:40] or "one without a name" for prefix in prefixes[:_LISTED])
    more = f" and {len(prefixes) - _LISTED} more" if len(prefixes) > _LISTED else ""
    return f"{listed}{more} {'is' if len(prefixes) == 1 else 'are'}"


def _file(path: Path) -> str:
    return shown_name(path)
