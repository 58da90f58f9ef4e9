"""Pieces of work shared among the processor's cores.

The threads of the BLAS behind NumPy wait for each other by spinning. Beside a window, a camera or
another program they wait whole slices of the scheduler, and a product of 2 ms takes 100. So the
engine's own threads, which sleep while they wait, each run a BLAS that is told to use one.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from typing import TypeVar

from threadpoolctl import LibController, ThreadpoolController

Piece = TypeVar("Piece")


def cores() -> int:
    """Return how many threads work at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_own = threading.local()


def stay_on_one_core() -> None:
    """Let the present thread do by itself, from now on, what it would share.

    It is for one that works long behind others: what it gave to all cores, they would wait for.
    """
    _own.is_alone = True


def share(work: Callable[[Iterator[Piece]], None], pieces: Iterable[Piece]) -> None:
    """Let ``work`` run on all cores at once, each taking the next piece until there are none.

    What ``work`` does with a piece must let the interpreter's lock go for most of its time, and
    must not call this again.
    """
    pieces = list(pieces)
    rest = iter(pieces)  # taking the next of a list is atomic
    with single_threaded_blas():
        count = min(cores(), len(pieces))
        if count < 2 or getattr(_own, "is_alone", False):
            work(rest)
            return
        _finish(_start(work, rest, count))
        work(rest)  # what is left where no thread could be started


def _start(
    work: Callable[[Iterator[Piece]], None], rest: Iterator[Piece], count: int
) -> list[Future[None]]:
    """Let threads begin; none while the interpreter ends."""
    try:
        return [_pool().submit(work, rest) for _ in range(count)]
    except RuntimeError:
        return []


def _finish(workers: list[Future[None]]) -> None:
    """Wait for all, then raise what the first raised that did.

    No frame the error passes through may keep its future, which keeps the error, which keeps the
    frames: a ring, and all its arrays stay until the collector of such rings comes by.
    """
    wait(workers)
    try:
        while workers:
            workers.pop(0).result()
    finally:
        workers.clear()


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), "convlab-engine", _stay_on_a_core, (_core_numbers(),))


def _core_numbers() -> Iterator[int]:
    numbers = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    return iter(sorted(numbers))


def _stay_on_a_core(numbers: Iterator[int]) -> None:
    """Bind the present thread to the next core.

    Two threads woken together are often put on one core, and stay there for a slice of the
    scheduler: as long as a whole layer takes.
    """
    number = next(numbers, None)
    if number is not None:
        os.sched_setaffinity(threading.get_native_id(), {number})


class _Blas:
    """The number of threads of the process's BLAS, which all of the process shares."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._before: list[tuple[LibController, int]] = []

    @contextmanager
    def single_threaded(self) -> Iterator[None]:
        """See ``single_threaded_blas``."""
        with self._lock:
            if self._users == 0:
                self._before = [
                    (library, count)
                    for library in _libraries()
                    if (count := library.num_threads) > 1
                ]
                _set_threads((library, 1) for library, _ in self._before)
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if self._users == 0:
                    _set_threads(self._before)


def _set_threads(counts: Iterable[tuple[LibController, int]]) -> None:
    """Set the number of threads of each library.

    Since 3.7 threadpoolctl listens to one thread only, the first that ever set it, and does not
    tell the others. Here the lock keeps threads apart. (Its own limiter, made for every product,
    took as long as a small one.)
    """
    for library, count in counts:
        let_go = getattr(library, "clear_controlling_thread", None)
        if let_go is not None:
            let_go(force=True)
        library.set_num_threads(count)


@lru_cache(maxsize=1)
def _libraries() -> list[LibController]:
    """Return those that NumPy may call; to ask OpenCV's, too, takes as long again."""
    found = ThreadpoolController().select(user_api="blas").lib_controllers
    return [library for library in found if "opencv" not in (library.filepath or "")]


_blas = _Blas()


def single_threaded_blas() -> AbstractContextManager[None]:
    """Let BLAS use one thread for as long as anybody is in here."""
    return _blas.single_threaded()


def _start_again() -> None:
    """Forget the threads, and who held the lock: a forked process has neither."""
    global _blas
    _blas = _Blas()
    _pool.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_again)
