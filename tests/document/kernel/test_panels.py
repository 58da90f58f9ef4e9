"""What of a large picture is painted where the screen has no room for each pixel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.job import KernelJob, KernelShown
from convlab.document.kernel.model import Geometry, KernelState, KernelViewing
from convlab.document.kernel.panels import shrunk_by
from convlab.document.kernel.resolve import resolve
from convlab.document.kernel.surroundings import PADDING_STRENGTH, PADDING_TINT
from convlab.document.sight import Sight
from convlab.engine.arrays import AnyArray
from convlab.engine.border import Border
from convlab.engine.color import ColorSpace
from convlab.engine.color_maps import Palette, signed_map
from convlab.engine.display import DisplayMode
from convlab.engine.shapes import Padding

SOBEL = ((1.0, 0.0, -1.0), (2.0, 0.0, -2.0), (1.0, 0.0, -1.0))
ROOM = (60, 90)


def job(pixels: AnyArray, viewing: KernelViewing, **changes: object) -> KernelJob:
    state = replace(KernelState(weights=SOBEL), **changes)  # type: ignore[arg-type]
    return resolve(state, viewing, Frame(pixels, 0, 0.0), 0)


def shown(pixels: AnyArray, room: tuple[int, int] = ROOM, **changes: object) -> KernelShown:
    return KernelEvaluator().run(job(pixels, KernelViewing(room=room), **changes))


def line(column: int) -> AnyArray:
    pixels = np.full((400, 600, 3), 100, np.uint8)
    pixels[:, column] = 255
    return pixels


@pytest.mark.parametrize(
    ("viewing", "factor"),
    [
        (KernelViewing(), 1),
        (KernelViewing(room=(60, 90)), 6),
        (KernelViewing(room=(4000, 900)), 1),
        (KernelViewing(room=(60, 90), sight=Sight(0, 0, 0.25)), 4),
        (KernelViewing(room=(60, 90), sight=Sight(0, 0, 0.25), density=2.0), 2),
        (KernelViewing(room=(60, 90), sight=Sight(0, 0, 8.0)), 1),
    ],
)
def test_pictures_are_as_small_as_their_room(viewing: KernelViewing, factor: int) -> None:
    assert shrunk_by(job(line(0), viewing)) == factor


def test_of_an_output_with_a_stride_less_is_left_out() -> None:
    wanted = job(line(0), KernelViewing(room=ROOM), geometry=Geometry(stride=2))
    assert shrunk_by(wanted) == 6
    assert shrunk_by(wanted, 2) == 3


@pytest.mark.parametrize("column", [300, 301, 302, 303, 304, 305, 598])
def test_an_edge_of_one_pixel_is_seen_at_fit(column: int) -> None:
    output = shown(line(column)).output
    assert output.bgra.shape[:2] == (67, 100)
    neutral = signed_map(Palette.LIGHT)[127][::-1]
    strength = np.abs(output.bgra[30, :, :3].astype(int) - neutral).max(axis=1)
    assert strength.max() > 100
    near = column // 6
    assert strength[max(near - 1, 0) : near + 2].max() == strength.max()


def test_the_numbers_are_those_of_all_pixels() -> None:
    small, whole = shown(line(301)), shown(line(301), room=(0, 0))
    for one, other in ((small.input, whole.input), (small.output, whole.output)):
        assert np.array_equal(one.planes, other.planes)
        assert one.extent == other.extent
        assert one.figures is not None
        assert other.figures is not None
        assert one.figures.stats == other.figures.stats
        assert np.array_equal(one.figures.histogram.counts, other.figures.histogram.counts)
    assert whole.output.bgra.shape[:2] == whole.output.extent


@pytest.mark.parametrize("space", ColorSpace)
def test_a_picture_at_fit_is_the_mean_of_its_pixels(space: ColorSpace) -> None:
    pixels = np.full((400, 600, 3), 200, np.uint8)
    pixels[:, ::2] = 100
    state = KernelState()
    panel = shown(pixels, channels=replace(state.channels, space=space)).input
    if space is not ColorSpace.LAB:
        assert panel.mode is DisplayMode.CLIPPED
    if space in (ColorSpace.GREY, ColorSpace.RGB):
        middle = panel.bgra[10:-10, 10:-10, :3].astype(int)
        assert np.abs(middle - 150).max() <= 1


def test_padding_is_drawn_where_there_is_room_for_it() -> None:
    wide = Geometry(padding=Padding(60, 60, 60, 60))
    panel = shown(line(0), geometry=wide).input
    assert panel.origin == (-60, -60)
    assert panel.extent == (520, 720)
    rows, columns = panel.bgra.shape[:2]
    assert rows / 520 == pytest.approx(columns / 720, rel=0.05)
    tinted = panel.bgra[2, 2]
    assert tinted[2] > tinted[1] or tinted[0] > tinted[1]  # no grey
    assert PADDING_TINT[1] < PADDING_TINT[0]
    narrow = shown(line(0), geometry=Geometry(padding=Padding(1, 1, 1, 1))).input
    assert narrow.extent == (402, 602)
    assert narrow.bgra.shape[:2] == (100, 150)


@pytest.mark.parametrize(
    ("border", "columns"),
    [
        (Border.ZEROS, [None, None, 0, 1, 2, 3, None]),
        (Border.REPLICATE, [0, 0, 0, 1, 2, 3, 3]),
        (Border.REFLECT, [2, 1, 0, 1, 2, 3, 2]),
        (Border.CIRCULAR, [2, 3, 0, 1, 2, 3, 0]),
    ],
)
def test_padding_is_drawn_in_the_colours_of_its_values(
    border: Border, columns: list[int | None]
) -> None:
    row = np.array([[20, 80, 140, 240]], np.uint8)
    sides = Geometry(padding=Padding(0, 0, 2, 1), border=border)
    drawn = shown(np.repeat(row, 3, axis=0), (0, 0), geometry=sides).input.bgra[1, :, :3]
    values = np.array([[0 if at is None else row[0, at]] for at in columns], float)
    tinted = values * PADDING_STRENGTH + np.array(PADDING_TINT[:3]) * (1 - PADDING_STRENGTH)
    expected = np.where([[at in (0, 1, 6)] for at in range(7)], tinted, values)
    assert np.abs(drawn - expected).max() <= 1
