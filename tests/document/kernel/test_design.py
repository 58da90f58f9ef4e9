from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.kernel.design import designer
from convlab.document.kernel.design.model import (
    Band,
    Design,
    DesignPage,
    Example,
    Goal,
    Operation,
    Trial,
    Undoing,
    Waves,
    Window,
)
from convlab.document.kernel.design.shown import DesignShown
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.job import KernelJob
from convlab.document.kernel.model import Geometry, KernelState, KernelViewing, to_weights
from convlab.document.kernel.pages import KernelPageEvaluator
from convlab.document.kernel.resolve import resolve
from convlab.document.stack.model import first_stack
from convlab.document.strokes import Stroke
from convlab.engine import kernels
from convlab.engine.arrays import AnyArray
from convlab.engine.deconvolution import Method
from convlab.layers.activation import ReLU
from convlab.layers.conv import Conv2d

SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float32)
CIRCULAR = Geometry(border=Geometry().border.CIRCULAR)
STROKE = Stroke(((0.5, 0.3), (0.5, 0.7)), 0.1, 1.0)


def noise(height: int = 90, width: int = 120) -> AnyArray:
    return np.random.default_rng(0).integers(0, 256, (height, width), dtype=np.uint8)


def designed(
    page: DesignPage, design: Design, pixels: AnyArray | None = None, **state: object
) -> DesignShown:
    frame = Frame(noise() if pixels is None else pixels, 0, 0.0)
    whole = replace(KernelState(design=design), **state)  # type: ignore[arg-type]
    job = resolve(whole, KernelViewing(design=page), frame, 1)
    return design_of(job)


def design_of(job: KernelJob, evaluator: KernelPageEvaluator | None = None) -> DesignShown:
    pages = (evaluator or KernelPageEvaluator()).answer(KernelEvaluator().run(job))
    assert pages is not None
    assert pages.design is not None
    return pages.design


def example(pixels: AnyArray | None = None, **choices: object) -> DesignShown:
    design = Design(Example(**choices))  # type: ignore[arg-type]
    return designed(DesignPage.EXAMPLE, design, pixels)


def test_the_present_kernel_is_found_again_from_its_output() -> None:
    for flip in (False, True):
        shown = designed(
            DesignPage.EXAMPLE,
            Design(Example(Goal.OUTPUT, (3, 3))),
            geometry=Geometry(flip=flip),
        )
        assert shown.kernel is not None
        assert np.allclose(shown.kernel, SOBEL, atol=1e-4)
        assert shown.text.startswith("Determined, and exact")
        assert "rank 9 of 9" in shown.figures
        assert not shown.is_warning


def test_paint_becomes_the_target() -> None:
    nothing = example()
    assert nothing.text == "Paint on the picture what should light up."
    assert nothing.kernel is None
    painted = example(strokes=(STROKE,))
    assert painted.kernel is not None
    assert painted.kernel.shape == (5, 5)
    assert "rank 25 of 25" in painted.figures
    picture = painted.pictures[0][1]
    assert (picture.bgra[45, 60, :3] != nothing.pictures[0][1].bgra[45, 60, :3]).any()
    assert (picture.bgra[5, 5] == nothing.pictures[0][1].bgra[5, 5]).all()


def test_a_smooth_picture_is_called_undetermined_with_what_helps() -> None:
    rows, columns = np.mgrid[:200, :300]
    smooth = (128 + 100 * np.sin(rows / 40) * np.cos(columns / 50)).astype(np.uint8)
    shown = example(smooth, strokes=(STROKE,), size=(9, 9))
    assert shown.text.startswith("Undetermined: the picture holds")
    assert "helps: an impulse, noise" in shown.text
    assert shown.is_warning


@pytest.mark.parametrize("page", [page for page in DesignPage if page is not DesignPage.CLOSED])
@pytest.mark.parametrize(
    "pixels",
    [
        np.full((40, 50), np.inf, np.float32),
        np.full((2, 3), 9, np.uint8),
        np.zeros((40, 50), np.uint8),
        noise(1100, 1300),
    ],
)
def test_any_picture_gets_an_answer(page: DesignPage, pixels: AnyArray) -> None:
    shown = designed(page, Design(Example(strokes=(STROKE,))), pixels)
    assert shown.text
    if pixels.dtype == np.float32:
        assert shown.text == "The picture has NaN or infinite values: choose another one."


def waves(**choices: object) -> DesignShown:
    return designed(DesignPage.WAVES, Design(waves=Waves(**choices)))  # type: ignore[arg-type]


def test_a_spectrum_becomes_a_kernel() -> None:
    low = waves()
    assert low.kernel is not None
    assert low.kernel.shape == (15, 15)
    assert np.isclose(low.kernel.sum(), 1, atol=0.25)
    assert "make" in low.text or "ring" in low.text
    soft = waves(window=Window.HANN)
    assert "hardly any ripples" in soft.text
    high = waves(band=Band.HIGH)
    assert high.kernel is not None
    assert abs(high.kernel.sum()) < 0.25


def test_paint_on_the_spectrum_passes_or_stops() -> None:
    nothing = waves(band=Band.NONE)
    assert "no wave passes" in nothing.text.lower()
    assert nothing.kernel is None
    flat = waves(band=Band.NONE, strokes=(Stroke(((0.5, 0.5),), 0.03, 1.0),))
    assert flat.kernel is not None
    assert flat.kernel.min() > 0
    stopped = waves(strokes=(Stroke(((0.5, 0.5),), 0.03, 0.0),))
    assert stopped.kernel is not None
    assert stopped.kernel.sum() < 0.5


VERDICTS = {
    Operation.KERNEL: "A convolution: linear",
    Operation.MEDIAN: "not linear",
    Operation.EROSION: "not linear",
    Operation.BILATERAL: "not linear",
    Operation.RELU: "not linear",
    Operation.ABSOLUTE: "not linear",
    Operation.GAMMA: "not linear",
    Operation.BIAS: "A convolution plus a constant",
    Operation.MIRROR: "depends on the place",
    Operation.ROWS: "depends on the place",
    Operation.STACK: "not linear",
}


@pytest.mark.parametrize("operation", list(Operation))
def test_each_operation_has_its_verdict(operation: Operation) -> None:
    shown = designed(DesignPage.TRIAL, Design(trial=Trial(operation)))
    assert VERDICTS[operation] in shown.text
    (_, linear), (_, shift) = shown.pictures[1:]
    is_linear = operation in (Operation.KERNEL, Operation.MIRROR, Operation.ROWS)
    if operation is not Operation.BIAS:
        assert bool(np.abs(linear.planes).max() < 1e-4) is is_linear
    is_placed = operation in (Operation.MIRROR, Operation.ROWS)
    if operation is not Operation.STACK:  # its maps are too small here
        inside = np.abs(shift.planes[:, 20:-20, 20:-20])
        assert bool(inside.max() > 1e-4) is is_placed


def test_a_stack_of_ones_own_is_tested() -> None:
    one = first_stack()
    layers = Conv2d(one.input.space.channels, 2, 3, padding=1), ReLU()
    frame = Frame(noise(), 0, 0.0)
    state = KernelState(design=Design(trial=Trial(Operation.STACK)))
    job = resolve(state, KernelViewing(design=DesignPage.TRIAL), frame, 1)
    evaluator = KernelPageEvaluator()
    for count, words in ((1, "A convolution"), (2, "not linear")):
        stack = type(one).of(layers[:count], "", one.input)
        assert words in design_of(replace(job, stack=stack), evaluator).text


def test_motion_blur_is_undone_and_its_zeros_are_told() -> None:
    pixels = np.cumsum(noise().astype(float) - 127.5, axis=1)
    pixels = np.clip(128 + pixels / 8, 0, 255).astype(np.uint8)
    blur = to_weights(kernels.box((1, 15)))
    design = Design(undoing=Undoing(0.001, Method.WIENER, 0.001))
    shown = designed(DesignPage.UNDO, design, pixels, weights=blur, geometry=CIRCULAR)
    assert "lost for ever" in shown.text
    assert "undone" in shown.figures
    assert not shown.is_warning
    inverse = Design(undoing=Undoing(0.05, Method.INVERSE))
    worse = designed(DesignPage.UNDO, inverse, pixels, weights=blur, geometry=CIRCULAR)
    assert worse.is_warning
    negative = Design(undoing=Undoing(method=Method.RICHARDSON_LUCY))
    assert "weights of at least 0" in designed(DesignPage.UNDO, negative, pixels).text
    zeros = designed(DesignPage.UNDO, Design(), pixels, weights=((0.0,),))
    assert "kernel of zeros" in zeros.text


@pytest.mark.parametrize("page", list(DesignPage)[1:])
def test_all_pictures_are_read_only(page: DesignPage) -> None:
    for _, picture in designed(page, Design(Example(strokes=(STROKE,)))).pictures:
        assert not picture.bgra.flags.writeable
        assert not picture.planes.flags.writeable


def test_a_closed_page_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def count(name: str) -> DesignShown:
        calls.append(name)
        return DesignShown()

    for name in ("show_example", "show_waves", "show_trial", "show_undoing"):
        monkeypatch.setattr(designer, name, lambda *_, name=name: count(name))
    frame, evaluator = Frame(noise(), 0, 0.0), KernelPageEvaluator()
    for page, wanted in ((DesignPage.CLOSED, []), (DesignPage.WAVES, ["show_waves"])):
        for generation in range(3):  # the same again is not computed again
            job = resolve(KernelState(), KernelViewing(design=page), frame, generation)
            evaluator.answer(KernelEvaluator().run(job))
        assert calls == wanted
