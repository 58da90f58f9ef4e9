"""How a picture enters a network: what is cut, scaled and normalised, declared field by field."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from convlab.layers.parameters import choice, decimal, flag, pair_of

LARGEST_SIDE = 1024  # a picture that is larger is made smaller where no size is chosen [px]


class InputSpace(StrEnum):
    """Which channels of the picture enter the stack; the value is the name used in files."""

    RGB = "rgb"
    GREY = "grey"

    @property
    def channels(self) -> int:
        """How many planes there are."""
        return 3 if self is InputSpace.RGB else 1


class Fitting(StrEnum):
    """What is done with a picture of another aspect; the value is the name used in files."""

    CROP = "crop"  # what is too much is cut off evenly
    LETTERBOX = "letterbox"  # all of it, between grey bars
    STRETCH = "stretch"  # all of it, distorted


class ChannelOrder(StrEnum):
    """Which channel comes first; the value is the name used in files."""

    RGB = "rgb"
    BGR = "bgr"


class Levels(StrEnum):
    """Between which numbers a picture lies; the value is the name used in files."""

    UNIT = "unit"
    BYTE = "byte"

    @property
    def white(self) -> float:
        """The number of full brightness."""
        return 255.0 if self is Levels.BYTE else 1.0


def _mean(of: str) -> Any:
    return field(
        default=0.0,
        metadata=decimal(
            f"Mean {of}",
            -1000.0,
            1000.0,
            0.01,
            f"What is subtracted from {of}, before it is divided by its deviation: the mean of the "
            "pictures that the network was trained on.",
            noun=f"mean of {of}",
            digits=4,
        ),
    )


def _std(of: str) -> Any:
    return field(
        default=1.0,
        metadata=decimal(
            f"Std {of}",
            0.0001,
            1000.0,
            0.01,
            f"What {of} is divided by once its mean is subtracted: the standard deviation of the "
            "pictures that the network was trained on.",
            noun=f"standard deviation of {of}",
            title=f"Standard deviation of {of}",
            digits=4,
        ),
    )


@dataclass(frozen=True, slots=True)
class StackInput:
    """How the picture enters the stack: as (x · levels − mean) / std in each channel.

    Attributes:
        space: Its channels.
        size: (rows, columns) to which the picture is scaled [px]. None: as it is, at most
            LARGEST_SIDE.
        as_digit: The ink is cut out and made as the digits of the bundled data set were; see
            ``cut_digit``. Without a size it is as large as the box there.
        fitting: What is done with another aspect.
        order: Which channel comes first.
        levels: Between which numbers the picture lies before the mean is subtracted.
        mean_red: Subtracted from red; so are the others.
        mean_green: From green.
        mean_blue: From blue.
        mean_grey: From a picture without colours.
        std_red: What red is divided by; so are the others.
        std_green: What green is divided by.
        std_blue: What blue is divided by.
        std_grey: What a picture without colours is divided by.
    """

    space: InputSpace = field(
        default=InputSpace.RGB,
        metadata=choice(
            "Channels",
            ((InputSpace.RGB, "RGB"), (InputSpace.GREY, "Grey")),
            "The planes of the picture that enter the first layer: three, or their grey mixture.",
            noun="input channels",
        ),
    )
    size: tuple[int, int] | None = field(
        default=None,
        metadata=pair_of(
            "Size of the input",
            1,
            LARGEST_SIDE,
            "The picture is cut to this aspect and scaled to this size: columns × rows [px]. "
            "Others can be typed.",
            automatic="as it is",
            offers=((480, 640), (240, 320), (224, 224), (128, 128), (64, 64), (32, 32)),
            noun="input size",
        ),
    )
    as_digit: bool = field(
        default=False,
        metadata=flag(
            "Cut out the digit",
            "A network knows only what it has seen. The bundled digits fill a box of 32 × 32 in "
            "lines of one width, and each of their 8 × 8 numbers counts the ink in a block of "
            "4 × 4. This makes the same of the picture: what differs from its border is ink, dark "
            "on light or light on dark. Show a digit on paper to the camera, or draw one; then "
            "switch it off and see what becomes of the answer.",
            noun="cutting out of the digit",
        ),
    )
    fitting: Fitting = field(
        default=Fitting.CROP,
        metadata=choice(
            "Fit",
            (
                (Fitting.CROP, "crop"),
                (Fitting.LETTERBOX, "letterbox"),
                (Fitting.STRETCH, "stretch"),
            ),
            "What is done with a picture of another aspect.<br><i>crop</i>: what is too much is "
            "cut off evenly.<br><i>letterbox</i>: all of it, between grey bars.<br><i>stretch</i>: "
            "all of it, distorted.",
            noun="fitting of the input",
        ),
    )
    order: ChannelOrder = field(
        default=ChannelOrder.RGB,
        metadata=choice(
            "Order",
            ((ChannelOrder.RGB, "RGB"), (ChannelOrder.BGR, "BGR")),
            "Which channel comes first. Networks of Caffe, and some others that were trained with "
            "OpenCV, want blue first.",
            noun="order of the channels",
        ),
    )
    levels: Levels = field(
        default=Levels.UNIT,
        metadata=choice(
            "Levels",
            ((Levels.UNIT, "0 to 1"), (Levels.BYTE, "0 to 255")),
            "Between which numbers the picture lies. Mean and standard deviation are in the same "
            "numbers.",
            noun="levels of the input",
        ),
    )
    mean_red: float = _mean("red")
    mean_green: float = _mean("green")
    mean_blue: float = _mean("blue")
    mean_grey: float = _mean("grey")
    std_red: float = _std("red")
    std_green: float = _std("green")
    std_blue: float = _std("blue")
    std_grey: float = _std("grey")

    @property
    def mean(self) -> tuple[float, ...]:
        """What is subtracted from each plane, in the order in which they enter."""
        return self._ordered(self.mean_grey, self.mean_red, self.mean_green, self.mean_blue)

    @property
    def std(self) -> tuple[float, ...]:
        """What each plane is divided by, in the order in which they enter."""
        return self._ordered(self.std_grey, self.std_red, self.std_green, self.std_blue)

    @property
    def is_reversed(self) -> bool:
        """Blue comes first."""
        return self.space is InputSpace.RGB and self.order is ChannelOrder.BGR

    def normalised(self, mean: tuple[float, ...], std: tuple[float, ...]) -> StackInput:
        """Return this with a mean and a deviation, in the order R, G, B; one number is for all."""
        if self.space is InputSpace.GREY:
            return replace(self, mean_grey=mean[0], std_grey=std[0])
        (red, green, blue), (of_red, of_green, of_blue) = (
            each * 3 if len(each) == 1 else each for each in (mean, std)
        )
        named = replace(self, mean_red=red, mean_green=green, mean_blue=blue)
        return replace(named, std_red=of_red, std_green=of_green, std_blue=of_blue)

    def uses(self, name: str) -> bool:
        """Tell whether a field says anything."""
        part, _, of = name.partition("_")
        if part in ("mean", "std"):
            return (of == "grey") == (self.space is InputSpace.GREY)
        if name == "order":
            return self.space is InputSpace.RGB
        if name == "fitting":
            return self.size is not None and not self.as_digit
        return True

    def _ordered(self, grey: float, *colors: float) -> tuple[float, ...]:
        if self.space is InputSpace.GREY:
            return (grey,)
        return colors[::-1] if self.is_reversed else colors


AS_IT_IS = StackInput()
