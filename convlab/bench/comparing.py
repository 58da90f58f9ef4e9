"""What A | B costs, and a tuning curve: CPU time, by that of the costlier side alone."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter, process_time

import numpy as np

from convlab.bench.table import Row, at_most
from convlab.document.comparison import CompareMode, hold, open_comparison
from convlab.document.document import Document, Viewing
from convlab.document.frame import Frame
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.model import KernelState, KernelViewing, to_weights
from convlab.document.request import LabEvaluator, Request
from convlab.document.stack.evaluate import StackEvaluator
from convlab.document.stack.model import StackViewing, first_stack
from convlab.engine import kernels
from convlab.engine.cv import cv2
from convlab.engine.tuning import tuning
from convlab.layers import Conv2d
from convlab.layers.graph import INPUT

LIMIT = 2.1  # of one side
ROUNDS = 30
WARM_UP = 3  # rounds that do not count
SIZE = (720, 1280, 3)


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Return the figures."""
    return [*_kernel(rounds), *_stack(rounds), _curve()]


def _kernel(rounds: int) -> list[Row]:
    a = KernelState(to_weights(kernels.preset("Gabor 45°")))
    b = replace(hold(a), weights=to_weights(kernels.preset("Gabor 0°")))
    documents = {"A": Document(kernel=a), "B": Document(kernel=open_comparison(b, False))}
    for mode in CompareMode:
        comparison = replace(b.comparison, mode=mode)
        documents[mode.value] = Document(kernel=replace(b, comparison=comparison))
    viewing = Viewing(kernel=KernelViewing(room=(420, 580)))
    evaluators: dict[str, LabEvaluator] = {name: KernelEvaluator() for name in documents}
    return _rows("kernel lab, 720p", documents, viewing, evaluators, rounds)


def _stack(rounds: int) -> list[Row]:
    a = first_stack()
    conv = a.slots[0].layer
    assert isinstance(conv, Conv2d)
    louder = replace(a.slots[0], layer=replace(conv, weight=1.5 * conv.weight))
    b = replace(hold(a), slots=(louder, *a.slots[1:]))
    documents = {"A": Document(stack=a), "B": Document(stack=open_comparison(b, False))}
    for mode in CompareMode:
        comparison = replace(b.comparison, mode=mode)
        documents[mode.value] = Document(stack=replace(b, comparison=comparison))
    sight = frozenset((INPUT, *(slot.uid for slot in a.slots)))
    viewing = Viewing(stack=StackViewing(in_sight=sight, cell_width=100))
    evaluators: dict[str, LabEvaluator] = {name: StackEvaluator() for name in documents}
    return _rows("stack lab, First steps", documents, viewing, evaluators, rounds)


def _rows(
    what: str,
    documents: dict[str, Document],
    viewing: Viewing,
    evaluators: dict[str, LabEvaluator],
    rounds: int,
) -> list[Row]:
    """Measure in turns, each on frames that are new to it."""
    noise = np.random.default_rng(1).integers(0, 256, SIZE, dtype=np.uint8)
    pixels = np.asarray(cv2.GaussianBlur(noise, (0, 0), 2))
    times: dict[str, list[float]] = {name: [] for name in documents}
    for turn in range(rounds + WARM_UP):
        for name, document in documents.items():
            frame = Frame(pixels.copy(), turn, 0.0)
            started = process_time()
            evaluators[name].answer(Request(turn, document, viewing, frame))
            times[name].append(process_time() - started)
    middle = {name: float(np.median(each[WARM_UP:])) for name, each in times.items()}
    one = max(middle["A"], middle["B"])
    return [
        at_most(f"A | B, {what}, {mode.value} / one side", middle[mode.value] / one, "x", LIMIT)
        for mode in CompareMode
    ]


def _curve() -> Row:
    kernel = np.random.default_rng(2).normal(size=(31, 31)).astype(np.float32)
    taken = []
    for _ in range(5):
        started = perf_counter()
        tuning(kernel)
        taken.append(1000 * (perf_counter() - started))
    return at_most("tuning curve of a 31×31 kernel, 36 angles", float(np.median(taken)), "ms", 150)
