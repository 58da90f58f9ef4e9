from __future__ import annotations

import gc
import os
import signal
import threading
import time
import weakref
from collections.abc import Iterator

import numpy as np
import pytest

from convlab.engine import parallel
from convlab.engine.conv2d import conv2d
from convlab.engine.parallel import share, stay_on_one_core


def blas_threads() -> list[int]:
    """Of NumPy's BLAS, and of SciPy's where a test has loaded it."""
    return [library.num_threads for library in parallel._libraries()]


def test_every_piece_is_worked_on_once() -> None:
    done: list[int] = []

    def work(pieces: Iterator[int]) -> None:
        for piece in pieces:
            done.append(piece)

    share(work, range(1000))
    assert sorted(done) == list(range(1000))


def test_one_piece_stays_with_the_caller() -> None:
    threads: list[int] = []

    def work(pieces: Iterator[int]) -> None:
        threads.extend(threading.get_ident() for _ in pieces)

    share(work, [1])
    assert threads == [threading.get_ident()]


def test_a_thread_that_stays_on_one_core_does_all_by_itself() -> None:
    threads: list[int] = []

    def work(pieces: Iterator[int]) -> None:
        threads.extend(threading.get_ident() for _ in pieces)

    def run() -> None:
        stay_on_one_core()
        share(work, range(100))

    alone = threading.Thread(target=run)
    alone.start()
    alone.join()
    assert threads == [alone.ident] * 100
    threads.clear()
    share(work, range(100))
    assert threading.get_ident() not in threads, "another is left to share as before"


@pytest.mark.skipif(parallel.cores() < 2, reason="there is but one core")
def test_pieces_are_worked_on_at_the_same_time() -> None:
    together = threading.Barrier(2, timeout=10)

    def work(pieces: Iterator[int]) -> None:
        for _ in pieces:
            together.wait()

    share(work, range(2))


@pytest.mark.parametrize("count", [1, 50])
def test_what_goes_wrong_is_raised_and_the_blas_set_back(count: int) -> None:
    def work(pieces: Iterator[int]) -> None:
        for _ in pieces:
            raise ZeroDivisionError

    before = blas_threads()
    with pytest.raises(ZeroDivisionError):
        share(work, range(count))
    assert blas_threads() == before


def test_what_an_error_passed_by_is_let_go_with_it() -> None:
    def fail(pieces: Iterator[int]) -> None:
        for _ in pieces:
            raise ValueError("no such piece")

    def compute() -> weakref.ref[np.ndarray]:
        large = np.ones(1000)
        kept = weakref.ref(large)
        try:
            share(fail, range(4))
        except ValueError:
            return kept
        raise AssertionError("nothing was raised")

    gc.disable()
    try:
        assert compute()() is None
    finally:
        gc.enable()


def test_the_blas_has_one_thread_inside_and_its_own_number_outside() -> None:
    before = blas_threads()
    inside: list[int] = []

    def work(pieces: Iterator[int]) -> None:
        for _ in pieces:
            inside.extend(blas_threads())

    share(work, range(8))
    assert inside == [1] * 8 * len(before)
    assert blas_threads() == before


def test_every_thread_limits_the_blas_even_after_another_did() -> None:
    """threadpoolctl listens to one thread unless it is told to let go."""
    before = blas_threads()
    inside: list[list[int]] = []

    def look() -> None:
        with parallel.single_threaded_blas():
            inside.append(blas_threads())

    look()
    other = threading.Thread(target=look)
    other.start()
    other.join()
    look()
    assert inside == [[1] * len(before)] * 3
    assert blas_threads() == before


def test_the_last_thread_out_sets_the_blas_back() -> None:
    before = blas_threads()
    is_in, may_leave = threading.Event(), threading.Event()

    def stay() -> None:
        with parallel.single_threaded_blas():
            is_in.set()
            assert may_leave.wait(10)

    other = threading.Thread(target=stay)
    with parallel.single_threaded_blas():
        other.start()
        assert is_in.wait(10)
    assert blas_threads() == [1] * len(before)
    may_leave.set()
    other.join()
    assert blas_threads() == before


def test_threads_that_convolve_at_once_leave_the_blas_as_it_was() -> None:
    before = blas_threads()
    rng = np.random.default_rng(0)
    x = rng.standard_normal((16, 60, 80), dtype=np.float32)
    weight = rng.standard_normal((16, 16, 3, 3), dtype=np.float32)
    expected = conv2d(x, weight, algorithm="gemm")
    wrong: list[object] = []

    def convolve() -> None:
        for _ in range(30):
            if not np.allclose(conv2d(x, weight, algorithm="gemm"), expected, atol=1e-4):
                wrong.append(1)

    threads = [threading.Thread(target=convolve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert blas_threads() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_starts_threads_of_its_own() -> None:
    x = np.ones((16, 120, 120), np.float32)
    weight = np.ones((32, 16, 3, 3), np.float32)
    conv2d(x, weight, algorithm="gemm")  # the threads are there
    child = os.fork()
    if child == 0:
        right = conv2d(x, weight, algorithm="gemm")[0, 0, 0] == 144
        os._exit(0 if right else 1)
    end = time.monotonic() + 20
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < end:
        time.sleep(0.01)
    if ended == (0, 0):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert ended == (child, 0)


def test_work_is_done_where_no_thread_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def reject() -> None:
        raise RuntimeError("can't register atexit after shutdown")

    monkeypatch.setattr(parallel, "_pool", reject)
    done: list[int] = []
    share(done.extend, range(20))
    assert done == list(range(20))
