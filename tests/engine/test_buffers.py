from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from convlab.engine import buffers
from convlab.engine.arrays import AnyArray
from convlab.engine.conv2d import conv2d

SHAPE = (300, 400)


@pytest.fixture(autouse=True)
def _none_free() -> Iterator[None]:
    gc.collect()
    buffers._free.clear()
    yield
    buffers._free.clear()


def place(array: AnyArray) -> int:
    return int(array.ctypes.data)


def test_what_nobody_holds_is_lent_again() -> None:
    first = buffers.empty(SHAPE)
    where = place(first)
    del first
    again = buffers.empty((400, 290))
    assert place(again) == where
    assert again.shape == (400, 290)
    assert again.flags.c_contiguous
    assert again.flags.writeable


@pytest.mark.parametrize("shape", [SHAPE, (7, 31, 333), (1000, 1001)])
def test_an_array_begins_with_a_page(shape: tuple[int, ...]) -> None:
    held = [buffers.empty(shape) for _ in range(3)]
    assert [place(array) % 4096 for array in held] == [0, 0, 0]


def test_a_view_holds_the_memory() -> None:
    array = buffers.empty(SHAPE)
    array[:] = 7.0
    where, view = place(array), array.reshape(2, -1)[1, 5:]
    memory = memoryview(array[3])
    view.flags.writeable = False  # as it is published
    del array
    other = buffers.empty(SHAPE)
    other[:] = 1.0
    assert place(other) != where
    assert (view == 7.0).all()
    del view, other
    assert place(buffers.empty(SHAPE)) != where
    del memory
    assert where in (place(buffers.empty(SHAPE)), place(buffers.empty(SHAPE)))


def test_blocks_are_lent_again_when_no_view_is_held() -> None:
    blocks = buffers.Blocks(100_000)
    array = blocks.take()
    where, view = place(array), array[10:500].reshape(7, 70)
    view.flags.writeable = False
    assert (where % 4096, array.shape, array.dtype.name) == (0, (100_000,), "float32")
    array[:] = 7.0
    del array
    other = blocks.take()
    other[:] = 1.0
    assert (view == 7.0).all()
    del view
    assert place(blocks.take()) == where
    held = [blocks.take() for _ in range(5)]
    del held, other
    assert len(blocks._free) == buffers._MOST_BLOCKS
    assert not buffers._loans


def test_small_arrays_and_other_types_are_their_own() -> None:
    for array in (buffers.empty((3, 3)), buffers.empty(SHAPE, np.float64)):
        assert array.flags.owndata


def test_little_is_kept_free(monkeypatch: pytest.MonkeyPatch) -> None:
    size = 4 * SHAPE[0] * SHAPE[1] + buffers._PAGE
    monkeypatch.setattr(buffers, "_MOST_KEPT", 2 * size)
    held = [buffers.empty(SHAPE) for _ in range(5)]
    del held
    assert sum(block.nbytes for block in buffers._free.values()) == 2 * size
    assert not buffers._loans


def test_much_smaller_ones_do_not_take_large_memory() -> None:
    where = place(buffers.empty((1000, 1000)))
    assert place(buffers.empty(SHAPE)) != where


def test_threads_never_share_a_buffer() -> None:
    wrong: list[int] = []

    def work(number: int) -> None:
        for _ in range(200):
            mine = buffers.empty(SHAPE)
            mine[:] = number
            if (mine != number).any():
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("algorithm", ["opencv", "separable", "gemm", "fft"])
def test_a_result_that_is_held_is_not_written_over(algorithm: str) -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, 300, 400), dtype=np.float32)
    kernels = [np.full((1, 1, 3, 3), value, np.float32) for value in (1.0, 2.0, 4.0)]
    results = [conv2d(x, kernel, algorithm=algorithm) for kernel in kernels]
    for factor, result in zip((2.0, 4.0), results[1:], strict=True):
        np.testing.assert_allclose(result, factor * results[0], rtol=1e-4, atol=1e-4)
