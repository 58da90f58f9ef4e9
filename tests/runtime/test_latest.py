from __future__ import annotations

import threading
import time

from convlab.runtime.latest import Latest


def test_an_empty_box_gives_nothing() -> None:
    box: Latest[int] = Latest()
    assert box.take() is None


def test_only_the_newest_is_taken_and_only_once() -> None:
    box: Latest[int] = Latest()
    box.put(1)
    box.put(2)
    assert box.take() == 2
    assert box.take() is None


def test_the_taker_must_be_told_only_when_the_box_was_empty() -> None:
    box: Latest[str] = Latest()
    assert box.put("first")
    assert not box.put("second")
    box.take()
    assert box.put("third")


def test_what_was_replaced_is_counted_and_what_was_taken_is_not() -> None:
    box: Latest[int] = Latest()
    for item in range(5):
        box.put(item)
    box.take()
    box.put(5)
    assert box.replaced == 4


def test_putting_sets_the_shared_event() -> None:
    wake = threading.Event()
    first: Latest[int] = Latest(wake)
    second: Latest[int] = Latest(wake)
    second.put(1)
    assert wake.is_set()
    wake.clear()
    first.put(1)
    assert wake.is_set()


def test_waiting_for_an_empty_box_returns_at_once() -> None:
    box: Latest[int] = Latest()
    assert box.wait_taken(0.0)


def test_waiting_for_a_full_box_ends_with_the_time() -> None:
    box: Latest[int] = Latest()
    box.put(1)
    assert not box.wait_taken(0.01)


def test_taking_ends_the_wait_of_who_put() -> None:
    box: Latest[int] = Latest()
    box.put(1)
    taker = threading.Timer(0.05, box.take)
    taker.start()
    started = time.monotonic()
    assert box.wait_taken(10.0)
    assert time.monotonic() - started < 5.0, "it must not have waited for the time to end"
    taker.join()


def test_among_threads_nothing_is_lost_uncounted() -> None:
    box: Latest[int] = Latest()
    puts, putters = 3000, 3
    taken: list[int] = []
    is_over = threading.Event()

    def put_many() -> None:
        for item in range(puts):
            box.put(item)

    def take_many() -> None:
        while not is_over.is_set():
            item = box.take()
            if item is not None:
                taken.append(item)

    threads = [threading.Thread(target=put_many) for _ in range(putters)]
    taker = threading.Thread(target=take_many)
    for thread in (taker, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    is_over.set()
    taker.join()

    left = 0 if box.take() is None else 1
    assert len(taken) + box.replaced + left == putters * puts
