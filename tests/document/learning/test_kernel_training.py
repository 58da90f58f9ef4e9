"""The training of one kernel as the worker takes it: in slices, on stills and live pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.learning import kernel_task_edits as edits
from convlab.document.learning.kernel_target import learnable_target
from convlab.document.learning.kernel_training import (
    KernelTraining,
    KernelTrainingShown,
    small_grey,
)
from convlab.document.learning.loss_history import MOST, LossHistory
from convlab.document.learning.one_kernel import (
    KernelTask,
    KernelTrainingViewing,
    TargetKind,
)
from convlab.document.learning.rule import Rule
from convlab.document.strokes import MOST_STROKES, Brush, painted
from convlab.engine import kernels
from convlab.layers.parameters import with_value

PLAYING = KernelTrainingViewing(is_playing=True)
TASK = KernelTask(rule=Rule.SGD, rate=0.2, patches=100, centred=False)
SOBEL = kernels.preset("Sobel vertical")


def still(seed: int = 0) -> Frame:
    """Return noise from 0 to 255, 40×50."""
    pixels = np.random.default_rng(seed).integers(0, 256, (40, 50), np.uint8)
    return Frame(pixels, seed, 0.0)


def ticking(step: float) -> Callable[[], float]:
    """Return a clock that goes on by so much each time it is asked [s]."""
    ticks = count()
    return lambda: next(ticks) * step


def trained_to(step: int, training: KernelTraining, task: KernelTask = TASK) -> KernelTrainingShown:
    """Play until so many steps were taken, one at a time at the end."""
    frame = still()
    shown = training.run(frame, task, KernelTrainingViewing())
    while shown.step < step:
        shown = training.run(frame, task, replace(PLAYING, pace=step - shown.step))
    assert shown.step == step
    return shown


def test_nothing_moves_before_it_is_played() -> None:
    training = KernelTraining()
    first, second = (training.run(still(), TASK, KernelTrainingViewing()) for _ in range(2))
    assert first.step == second.step == 0
    assert first.is_complete
    np.testing.assert_array_equal(first.kernel, second.kernel)
    assert first.max_error == pytest.approx(np.abs(first.kernel - SOBEL).max())


def test_playing_takes_what_fits_into_a_slice_and_asks_for_more() -> None:
    shown = KernelTraining(ticking(0.001)).run(still(), TASK, PLAYING)
    assert shown.step == 10
    assert not shown.is_complete


def test_a_pace_is_so_many_steps_for_each_picture() -> None:
    training = KernelTraining(ticking(0.0))
    steps = [training.run(still(), TASK, replace(PLAYING, pace=3)).step for _ in range(3)]
    assert steps == [3, 6, 9]


def test_the_kernel_converges_to_its_target() -> None:
    shown = trained_to(2000, KernelTraining())
    assert shown.max_error is not None
    assert shown.max_error < 1e-2
    assert shown.loss < 1e-3
    np.testing.assert_array_equal(shown.target, SOBEL)
    np.testing.assert_allclose(shown.output.planes, shown.target_image.planes, atol=0.1)
    missing = shown.output.planes - shown.target_image.planes
    np.testing.assert_allclose(shown.difference.planes, missing, atol=1e-5)
    assert shown.output.scale == shown.target_image.scale == shown.difference.scale


def test_slices_of_any_length_give_the_same_kernels_bit_for_bit() -> None:
    task = replace(TASK, noise=0.1)
    long = trained_to(60, KernelTraining(ticking(0.0)), task)
    short = trained_to(60, KernelTraining(ticking(0.004)), task)
    assert long.kernel.tobytes() == short.kernel.tobytes()
    other = trained_to(60, KernelTraining(ticking(0.0)), replace(task, seed=9))
    assert other.kernel.tobytes() != long.kernel.tobytes()


def test_single_steps_are_taken_once_each() -> None:
    training = KernelTraining()
    training.run(still(), TASK, KernelTrainingViewing())
    shown = [
        training.run(still(), TASK, KernelTrainingViewing(steps=asked)).step for asked in (1, 1, 4)
    ]
    assert shown == [1, 1, 4]


def test_reset_begins_again_from_the_same_numbers() -> None:
    training = KernelTraining()
    first = training.run(still(), TASK, KernelTrainingViewing())
    trained_to(20, training)
    again = training.run(still(), TASK, KernelTrainingViewing(resets=1))
    assert again.step == 0
    assert again.kernel.tobytes() == first.kernel.tobytes()
    assert len(again.losses) == 1


@pytest.mark.parametrize("change", [{"size": 5}, {"seed": 7}, {"spread": 0.1}])
def test_what_the_initial_cells_are_made_of_begins_again(change: dict[str, object]) -> None:
    training = KernelTraining()
    trained_to(20, training)
    task: KernelTask = replace(TASK, **change)  # type: ignore[arg-type]
    assert training.run(still(), task, KernelTrainingViewing()).step == 0


@pytest.mark.parametrize(
    "change",
    [
        {"rate": 0.05},
        {"rule": Rule.ADAM},
        {"rule": Rule.MOMENTUM, "rate": 0.01},
        {"patches": 7},
        {"noise": 0.2},
        {"centred": True},
        {"is_flipped": True},
        {"target": TargetKind.EDGE},
    ],
)
def test_all_else_goes_on_from_where_the_kernel_is(change: dict[str, object]) -> None:
    training = KernelTraining()
    before = trained_to(20, training)
    task: KernelTask = replace(TASK, **change)  # type: ignore[arg-type]
    shown = training.run(still(), task, KernelTrainingViewing())
    assert shown.step == 20
    np.testing.assert_array_equal(shown.kernel, before.kernel)
    after = training.run(still(), task, KernelTrainingViewing(steps=1))
    assert after.step == 21
    assert not np.array_equal(after.kernel, before.kernel)


def test_learning_goes_on_while_the_picture_changes() -> None:
    training = KernelTraining(ticking(0.0))
    for number in range(400):
        shown = training.run(still(number), TASK, replace(PLAYING, pace=2))
    assert shown.step == 800
    assert shown.max_error is not None
    assert shown.max_error < 1e-2


def test_a_flipped_target_is_learned_flipped() -> None:
    shown = trained_to(2000, KernelTraining(), replace(TASK, is_flipped=True))
    np.testing.assert_allclose(shown.kernel, -SOBEL, atol=1e-2)
    np.testing.assert_array_equal(shown.target, -SOBEL)


def test_too_high_a_rate_stops_and_half_of_it_goes_on() -> None:
    training, task, frame = KernelTraining(ticking(0.0)), replace(TASK, rate=40.0), still()
    shown = training.run(frame, task, replace(PLAYING, pace=1000))
    while not shown.stopped:
        shown = training.run(frame, task, replace(PLAYING, pace=1000))
    assert "lower the learning rate" in shown.stopped
    assert shown.is_complete
    assert np.abs(shown.kernel).max() < 10, "a good kernel is kept"
    again = training.run(frame, task, PLAYING)
    assert (again.step, again.stopped) == (shown.step, shown.stopped)
    task = with_value(task, "rate", 0.2)
    for _ in range(30):
        shown = training.run(frame, task, replace(PLAYING, pace=50))
    assert not shown.stopped
    assert shown.loss < 1e-2


def test_of_a_flat_picture_only_the_sum_can_be_learned() -> None:
    training, frame = KernelTraining(ticking(0.0)), Frame(np.full((20, 20), 128, np.uint8), 0, 0.0)
    task = edits.set_preset(TASK, "Box blur 3×3")
    for _ in range(30):
        shown = training.run(frame, task, replace(PLAYING, pace=20))
    assert shown.variety.are_alike
    assert shown.kernel.sum() == pytest.approx(1, abs=1e-3)
    assert shown.max_error is not None
    assert shown.max_error > 0.1


def test_while_a_large_kernel_learns_what_it_can_learn_is_looked_at_in_turns() -> None:
    flat = Frame(np.full((20, 20), 128, np.uint8), 1, 0.0)
    training, task = KernelTraining(ticking(0.02)), with_value(TASK, "size", 9)
    assert not training.run(still(), task, PLAYING).variety.are_alike
    assert not training.run(flat, task, PLAYING).variety.are_alike, "it is not due yet"
    answers = [training.run(flat, task, PLAYING) for _ in range(6)]
    assert answers[-1].variety.are_alike
    paused = training.run(still(), task, KernelTrainingViewing())
    assert paused.is_complete
    assert not paused.variety.are_alike, "what stands still is surely looked at"


def test_a_picture_smaller_than_the_kernel_is_rejected() -> None:
    frame = Frame(np.zeros((4, 4), np.uint8), 0, 0.0)
    with pytest.raises(ValueError, match="a kernel of 5×5 does not fit"):
        KernelTraining().run(frame, replace(TASK, size=5), PLAYING)


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        ((3, 900), (3, 900)),
        ((900, 3), (900, 3)),
        ((32, 1200), (16, 600)),
        ((3, 900_000), (1, 320)),
        ((480, 640), (240, 320)),
        ((12, 12), (12, 12)),
    ],
)
def test_a_narrow_picture_stays_wide_enough_for_a_kernel(
    shape: tuple[int, int], wanted: tuple[int, int]
) -> None:
    assert small_grey(Frame(np.zeros(shape, np.uint8), 0, 0.0)).shape == wanted


def test_large_pictures_are_made_small_and_grey_and_bright_ones_end_at_1() -> None:
    colours = np.zeros((720, 1280, 3), np.uint8)
    colours[...] = (255, 0, 0)
    plane = small_grey(Frame(colours, 0, 0.0))
    assert plane.shape == (180, 320)
    np.testing.assert_allclose(plane, 76 / 255)
    bright = Frame(np.full((6, 6), 10, np.float32), 0, 0.0, white=10.0)
    np.testing.assert_array_equal(small_grey(bright), np.ones((6, 6)))
    with pytest.raises(ValueError, match="read-only"):
        plane[0, 0] = 1


def test_what_is_shown_cannot_be_changed() -> None:
    shown = trained_to(3, KernelTraining())
    pictures = (shown.input, shown.target_image, shown.output, shown.difference)
    arrays = [shown.kernel, shown.steps, shown.losses]
    arrays += [array for picture in pictures for array in (picture.planes, picture.bgra)]
    assert not any(array.flags.writeable for array in arrays)


def test_a_picture_that_stays_is_painted_once() -> None:
    training, frame = KernelTraining(), still()
    first, second = (training.run(frame, TASK, PLAYING) for _ in range(2))
    assert first.input is second.input
    assert first.target_image is second.target_image
    assert first.output is not second.output


# ---- targets ----


def test_an_edge_of_any_angle_is_made_in_the_kernels_size() -> None:
    task = with_value(with_value(TASK, "size", 7), "target", "edge")
    np.testing.assert_array_equal(learnable_target(task), kernels.oriented_edge(7, 70))


def test_a_small_target_stands_among_zeros_and_a_large_one_is_not_known() -> None:
    target = learnable_target(with_value(edits.set_preset(TASK, "Edge pair −1 1"), "size", 4))
    np.testing.assert_array_equal(target, [[0] * 4, [0, -1, 1, 0], [0] * 4, [0] * 4])
    large = edits.set_preset(TASK, "Gaussian 9×9")
    assert large.size == 9, "the kernel grows with its target"
    assert learnable_target(with_value(large, "size", 5)) is None


def test_strokes_are_laid_over_each_other_on_paper_of_zeros() -> None:
    task = edits.begin_stroke(TASK, Brush(1.0, 0.05), (0.5, 0.05))
    task = edits.extend_stroke(task, (0.5, 0.95))
    task = edits.begin_stroke(task, Brush(-1.0, 0.05), (0.5, 0.5))
    paper = painted(task.strokes, (20, 20))
    assert task.target is TargetKind.PAINTED
    assert paper[10, 4] == 1
    assert paper[10, 10] == -1
    assert paper[3].sum() == 0
    assert learnable_target(task) is None


def test_a_painted_target_is_learned_as_far_as_one_kernel_can() -> None:
    training, task = (
        KernelTraining(ticking(0.0)),
        edits.begin_stroke(TASK, Brush(1.0, 0.3), (0.5, 0.5)),
    )
    first = training.run(still(), task, KernelTrainingViewing())
    for _ in range(20):
        shown = training.run(still(), task, replace(PLAYING, pace=20))
    assert shown.loss < first.loss
    assert shown.max_error is None
    blank = training.run(still(), edits.clear_strokes(task), KernelTrainingViewing())
    assert not blank.target_image.planes.any()


# ---- edits ----


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda task: with_value(task, "size", 10), "size 10 does not fit: give 3 to 9"),
        (lambda task: with_value(task, "rate", float("nan")), "learning rate nan"),
        (lambda task: with_value(task, "noise", -1), "noise -1"),
        (lambda task: with_value(task, "patches", 0), "number of patches 0"),
        (lambda task: with_value(task, "seed", -1), "seed -1"),
        (lambda task: with_value(task, "spread", 99), "99 does not fit"),
        (lambda task: edits.set_preset(task, "Gabor 0°"), "11 cells a side, 9 can be learned"),
        (lambda task: with_value(task, "angle", float("inf")), "angle inf does not fit"),
        (lambda task: with_value(task, "rule", "newton"), "sgd, momentum, adam"),
        (lambda task: edits.extend_stroke(task, (0, 0)), "no stroke"),
    ],
)
def test_what_cannot_be_is_rejected_with_a_message(
    edit: Callable[[KernelTask], KernelTask], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        edit(TASK)


def test_another_optimiser_comes_with_a_rate_that_suits_it() -> None:
    assert with_value(TASK, "rule", "adam").rate == 0.05
    assert with_value(TASK, "rule", "sgd") is TASK
    assert edits.halve_rate(TASK).rate == 0.1


def test_strokes_are_kept_within_bounds() -> None:
    task = edits.begin_stroke(TASK, Brush(), (-3, 0.5))
    assert task.strokes[0].points == ((0.0, 0.5),)
    assert edits.extend_stroke(task, (0.0, 0.5)) is task
    for place in range(1, 500):
        task = edits.extend_stroke(task, (place / 500, 0.5))
    assert [len(stroke.points) for stroke in task.strokes] == [400, 101]
    assert task.strokes[1].points[0] == task.strokes[0].points[-1]
    full = replace(TASK, strokes=task.strokes[:1] * MOST_STROKES)
    with pytest.raises(ValueError, match="clear the painting"):
        edits.begin_stroke(full, Brush(), (0, 0))


def test_a_long_history_is_thinned_and_keeps_its_ends() -> None:
    history = LossHistory()
    for step in range(12_345):
        history.add(step, 1 / (step + 1))
    steps, losses = history.points()
    assert MOST / 2 < len(steps) <= MOST + 1
    assert (steps[0], steps[-1]) == (0, 12_344)
    assert (np.diff(steps) > 0).all()
    np.testing.assert_allclose(losses, 1 / (steps + 1))
