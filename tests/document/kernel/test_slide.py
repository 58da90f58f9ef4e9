from __future__ import annotations

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.job import KernelShown, Slide
from convlab.document.kernel.model import Geometry, KernelState, KernelViewing, PixelPage
from convlab.document.kernel.resolve import resolve
from convlab.document.kernel.slide import number_of, place_of, waiting_spans
from convlab.engine.border import Border
from convlab.sources.pattern import PatternSource

EDGE = ((1.0, 0.0, -1.0),) * 3
ROOMY = (40, 80)


def shown(state: KernelState, viewing: KernelViewing, frame: Frame | None = None) -> KernelShown:
    frame = frame or PatternSource("step", fps=None).read()
    assert frame is not None
    return KernelEvaluator().run(resolve(state, viewing, frame, 1))


def slide_at(
    place: tuple[int, int],
    geometry: Geometry,
    room: tuple[int, int] = ROOMY,
    frame: Frame | None = None,
) -> Slide:
    viewing = KernelViewing(place, True, page=PixelPage.SLIDE, slide_room=room)
    slide = shown(KernelState(EDGE, geometry), viewing, frame).slide
    assert slide is not None
    return slide


def noise(rows: int, columns: int) -> Frame:
    pixels = np.random.default_rng(3).random((rows, columns), np.float32)
    return Frame(pixels, 0, 0.0)


def test_places_are_counted_row_by_row() -> None:
    size = (3, 4)
    places = [place_of(number, size) for number in range(12)]
    assert places == list(np.ndindex(*size))
    assert [number_of(place, size) for place in places] == list(range(12))
    assert place_of(-1, size) == (0, 0)
    assert place_of(12, size) == (2, 3)


@pytest.mark.parametrize("number", range(12))
def test_what_waits_is_all_that_comes_later(number: int) -> None:
    size = (3, 4)
    waiting = np.zeros(size, bool)
    for row, column, rows, columns in waiting_spans(place_of(number, size), size):
        assert not waiting[row : row + rows, column : column + columns].any()
        waiting[row : row + rows, column : column + columns] = True
    assert waiting.ravel().tolist() == [later > number for later in range(12)]


def test_the_output_fills_with_0_30_30_0() -> None:
    for number in range(16):
        slide = slide_at(place_of(number, (4, 4)), Geometry("valid"))
        assert slide.outputs[0].tolist() == [[0, 30, 30, 0]] * 4
        assert slide.waiting.ravel().tolist() == [later > number for later in range(16)]
        assert slide.values[0].tolist() == [[10, 10, 10, 0, 0, 0]] * 6
        assert slide.window == place_of(number, (4, 4))


def test_padded_cells_stand_around_the_picture_with_their_numbers() -> None:
    slide = slide_at((0, 0), Geometry("same", border=Border.CONSTANT, value=7.0))
    assert slide.corner == (-1, -1)
    assert slide.values.shape == (1, 8, 8)
    assert slide.padded.sum() == 8 * 8 - 6 * 6
    assert (slide.values[0][slide.padded] == 7.0).all()


def test_what_a_stride_leaves_out_is_shown_beside_the_rest() -> None:
    slide = slide_at((1, 1), Geometry("valid", stride=3), frame=noise(7, 7))
    assert slide.outputs.shape == (1, 2, 2)
    assert slide.values.shape == (1, 7, 7)  # row and column 6 are never met
    assert slide.window == (3, 3)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("padding", ["valid", "same", "full"])
@pytest.mark.parametrize("border", list(Border))
def test_each_window_on_the_grid_gives_its_place(
    stride: int, dilation: int, padding: str, border: Border
) -> None:
    """What the window meets on the grid, times the kernel, is the output beside it."""
    geometry, frame = Geometry(padding, stride, dilation, border, 0.5), noise(23, 31)
    state = KernelState(((1.0, 2.0, -1.0), (0.0, 0.5, 3.0)), geometry)
    rows, columns = resolve(state, KernelViewing(), frame, 1).output_size
    for place in {(0, 0), (rows // 2, columns // 3), (rows - 1, columns - 1)}:
        viewing = KernelViewing(place, True, page=PixelPage.SLIDE, slide_room=(9, 20))
        answer = shown(state, viewing, frame)
        slide = answer.slide
        assert slide is not None
        assert slide.values.shape[1] <= 9
        assert slide.values.shape[2] + 3 + slide.outputs.shape[2] <= 20
        row, column = slide.window
        patch = slide.values[0, row : row + 1 + dilation : dilation, column::dilation][:, :3]
        assert np.array_equal(patch, answer.sums[0].patch[0])
        at = place[0] - slide.first[0], place[1] - slide.first[1]
        assert slide.outputs[0][at] == answer.output.planes[0][place]
        assert not slide.waiting[at]


def test_the_grids_turn_over_like_pages() -> None:
    """While the window is on a page, nothing moves but the window."""
    corners = [slide_at((5, c), Geometry("valid"), (8, 16), noise(30, 40)).corner for c in range(9)]
    assert len(set(corners)) == 2


@pytest.mark.parametrize("room", [(1, 1), (3, 5)])
def test_without_room_one_place_is_shown(room: tuple[int, int]) -> None:
    slide = slide_at((2, 2), Geometry("valid"), room)
    assert slide.outputs.shape == (1, 1, 1)
    assert slide.values.shape == (1, 3, 3)


@pytest.mark.parametrize("page", [PixelPage.SUM, PixelPage.PROFILE])
def test_a_window_that_does_not_slide_costs_nothing(page: PixelPage) -> None:
    assert shown(KernelState(), KernelViewing((0, 0), True, page=page)).slide is None
    assert shown(KernelState(), KernelViewing((0, 0), False, page=PixelPage.SLIDE)).slide is None
    profile = shown(KernelState(), KernelViewing((0, 0), True, page=page)).profile
    assert (profile is not None) == (page is PixelPage.PROFILE)
