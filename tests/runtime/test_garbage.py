import gc
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from convlab.runtime.garbage import GarbageCollector


class Ring:
    """Refers to itself: only a collector ends it."""

    def __init__(self) -> None:
        self.ring = self


@pytest.fixture
def collector(qapp: object) -> Iterator[GarbageCollector]:
    del qapp
    found = GarbageCollector()
    yield found
    found.stop()


def test_nothing_is_collected_but_between_events(qtbot: QtBot, collector: GarbageCollector) -> None:
    del collector
    last = weakref.ref(Ring())
    kept = [Ring() for _ in range(3 * gc.get_threshold()[0])]
    assert last() is not None
    qtbot.waitUntil(lambda: last() is None)
    assert len(kept) == 3 * gc.get_threshold()[0]


def test_the_interpreter_collects_again_when_the_last_has_stopped(
    collector: GarbageCollector,
) -> None:
    second = GarbageCollector()
    last = weakref.ref(Ring())
    second.stop()
    second.stop()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
    assert last() is None


def test_what_has_settled_is_not_looked_through_until_the_end(
    collector: GarbageCollector,
) -> None:
    last = weakref.ref(Ring())
    collector.settle()
    gc.collect()
    assert last() is not None
    collector.stop()
    assert last() is None


def test_what_somebody_else_froze_stays_frozen(collector: GarbageCollector) -> None:
    last = weakref.ref(Ring())
    gc.freeze()
    try:
        collector.stop()
        assert last() is not None
    finally:
        gc.unfreeze()
