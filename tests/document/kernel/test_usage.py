from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.document.frame import Frame
from convlab.document.kernel import edits
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.job import KernelJob, KernelShown
from convlab.document.kernel.model import Geometry, KernelState, KernelViewing, PixelPage
from convlab.document.kernel.resolve import resolve
from convlab.document.kernel.surroundings import UNUSED_STRENGTH, UNUSED_TINT, tint_padding
from convlab.document.kernel.usage import usage_of, use_counts
from convlab.engine.border import Border, pad
from convlab.engine.display import DisplayMode, color_map
from convlab.engine.shapes import Padding

steps = st.integers(1, 4)
sides = st.tuples(*[st.integers(0, 2)] * 4)


def job(
    size: tuple[int, int], kernel: tuple[int, int] = (3, 3), page: str = "sum", **geometry: object
) -> KernelJob:
    pixels = np.random.default_rng(1).integers(0, 256, size, np.uint8)
    state = KernelState(geometry=Geometry(**geometry))  # type: ignore[arg-type]
    viewing = KernelViewing(probe=(0, 0), pinned=True, page=PixelPage(page))
    return resolve(edits.resize_kernel(state, *kernel), viewing, Frame(pixels, 0, 0.0, 1.0), 1)


def run(wanted: KernelJob) -> KernelShown:
    return KernelEvaluator().run(wanted)


def counted(wanted: KernelJob) -> np.ndarray:
    """Count by visiting every cell of every window."""
    counts = np.zeros(wanted.input_size, int)
    down, across = wanted.axes
    for row, column in product(*map(range, wanted.output_size)):
        for cell, beside in product(range(down.kernel), range(across.kernel)):
            at = row * down.stride - down.before + cell * down.dilation
            under = column * across.stride - across.before + beside * across.dilation
            if 0 <= at < counts.shape[0] and 0 <= under < counts.shape[1]:
                counts[at, under] += 1
    return counts


@given(
    st.tuples(st.integers(7, 12), st.integers(7, 12)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    steps,
    st.integers(1, 3),
    sides,
)
def test_uses_are_those_of_every_window(
    size: tuple[int, int],
    kernel: tuple[int, int],
    stride: int,
    dilation: int,
    padding: tuple[int, int, int, int],
) -> None:
    wanted = job(size, kernel, padding=Padding(*padding), stride=stride, dilation=dilation)
    counts = counted(wanted)
    assert np.array_equal(use_counts(wanted.axes, wanted.input_size)[0], counts)
    assert dict(usage_of(wanted).tally) == Counter(counts.ravel().tolist())
    places = [set(axis.inputs(np.array([at])).tolist()) for axis in wanted.axes for at in (0, 1)]
    shared = len(places[0] & places[1]), len(places[2] & places[3])
    assert usage_of(wanted).shared == shared


def test_the_middle_of_a_small_picture_is_used_nine_times() -> None:
    shown = run(job((6, 6), page="usage", padding="valid"))
    assert shown.input.planes[0].tolist()[2] == [3, 6, 9, 9, 6, 3]
    assert (shown.input.mode, shown.input.scale[:2]) == (DisplayMode.HEAT, (0.0, 9.0))
    assert shown.usage is not None
    assert shown.usage.tally == ((9, 4), (6, 8), (4, 4), (3, 8), (2, 8), (1, 4))
    fields = shown.usage.fields
    assert (fields.first, fields.step, fields.span, fields.count) == (
        (0, 0),
        (1, 1),
        (3, 3),
        (4, 4),
    )


def test_nobody_counts_while_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    module = "convlab.document.kernel.side"
    monkeypatch.setattr(f"{module}.usage_of", lambda job: calls.append(job))
    assert run(job((6, 6))).usage is None
    assert not calls


def test_padding_is_drawn_around_the_heat_map_as_no_pixel() -> None:
    shown = run(job((6, 6), page="usage", padding="same")).input
    assert shown.bgra.shape == (8, 8, 4)
    heat = color_map(DisplayMode.HEAT)[:1, ::-1]
    around = tint_padding(np.insert(heat, 3, 255, axis=1)[None])[0, 0]
    assert shown.bgra[0, 0].tolist() == around.tolist()
    assert (shown.origin, shown.rim) == ((-1, -1), None)


# ---- pixels that are never used ----


@pytest.mark.parametrize(("padding", "before"), [("valid", 0), (Padding(0, 0, 1, 0), 1)])
def test_what_is_never_used_is_faded(padding: object, before: int) -> None:
    wanted = job((7, 7), padding=padding, stride=3)
    assert wanted.output_size == (2, 2)
    panel = run(wanted).input
    picture = panel.bgra[:, before:, 0].astype(float)
    own = wanted.frame.pixels.astype(float)
    faded = own * UNUSED_STRENGTH + UNUSED_TINT[0] * (1 - UNUSED_STRENGTH)
    unused = counted(wanted) == 0
    assert unused[6].all()
    assert unused.sum() == (13 if before == 0 else 19)
    assert np.abs(picture - np.where(unused, faded, own)).max() <= 1
    assert np.allclose(panel.planes[0] * 255, own)  # the numbers stay


def test_a_shrunk_picture_is_faded_where_most_of_it_is_unused() -> None:
    pixels = np.full((400, 400), 255, np.uint8)
    state = KernelState(geometry=Geometry(padding="valid", stride=64))
    state = edits.resize_kernel(state, 7, 7)
    frame = Frame(pixels, 0, 0.0, 1.0)
    panel = run(resolve(state, KernelViewing(room=(50, 50)), frame, 1)).input
    assert len(panel.bgra) == 50
    rows = (panel.bgra[:, 0, 0] < 255).tolist()
    assert rows == [at % 8 != 0 for at in range(50)]


# ---- numbers in padded cells ----


@pytest.mark.parametrize("border", Border)
def test_padded_cells_have_the_numbers_that_the_kernel_meets(border: Border) -> None:
    sides = Padding(1, 2, 3, 2)
    panel = run(job((6, 7), padding=sides, border=border, value=-7.5)).input
    rim = panel.rim
    assert rim is not None
    padded = pad(panel.planes, sides, border, -7.5)[0]
    found = [
        [rim.values(panel.planes, *at)[0] for at in product([row], range(padded.shape[1]))]
        for row in range(padded.shape[0])
    ]
    assert np.array_equal(np.array(found, np.float32), padded)


def test_without_padding_there_is_no_rim() -> None:
    assert run(job((6, 7), padding="valid")).input.rim is None
