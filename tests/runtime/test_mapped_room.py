from __future__ import annotations

import os
import sys

import numpy as np
import pytest

from convlab.document.patch import held, patches
from convlab.engine.arrays import AnyArray, file_of, frozen, is_frozen, root_of
from convlab.runtime import mapped_room as module
from convlab.runtime.child_limits import resident
from convlab.runtime.mapped_room import mapped_room

MEGABYTE = 1 << 20
SIZE = 32 * MEGABYTE


def weights(room: AnyArray) -> AnyArray:
    """Fill a room with float32 as a network's weights are."""
    found = room.view(np.float32)[16:].reshape(-1, 16)
    found[:] = np.arange(found.size, dtype=np.float32).reshape(found.shape)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux counts")
def test_what_came_before_takes_no_memory_and_comes_back_when_it_is_read() -> None:
    before = weights(mapped_room(SIZE))
    full = resident(os.getpid())
    plain = np.zeros(MEGABYTE)
    after = mapped_room(SIZE)
    rested = resident(os.getpid())
    assert full is not None
    assert rested is not None
    assert full - rested > SIZE - 4 * MEGABYTE - plain.nbytes
    assert np.array_equal(before.ravel(), np.arange(before.size, dtype=np.float32))
    del after


def test_history_counts_it_as_little() -> None:
    array = weights(mapped_room(SIZE))
    assert file_of(array) is not None
    assert not is_frozen(frozen(array[1:]))
    frozen(root_of(array))
    assert is_frozen(frozen(array[1:])), "or a layer would copy it"
    assert list(held((array, array[3:])).values())[-1] == SIZE // 8
    assert file_of(np.zeros(3)[1:]) is None


def test_history_does_not_compare_the_weights_of_two_opened_networks() -> None:
    before, after = weights(mapped_room(MEGABYTE)), weights(mapped_room(MEGABYTE))
    found = patches(before, after)
    assert found is not None
    assert found[1].apply(before) is after
    assert found[0].apply(after) is before


def test_memory_is_taken_where_there_is_no_room_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on the device")

    monkeypatch.setattr(module, "_reserve", full)
    room = mapped_room(SIZE)
    assert file_of(room) is None
    assert len(weights(room)) == SIZE // 64 - 1


def test_the_file_is_as_long_where_the_system_cannot_reserve_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "posix_fallocate", raising=False)
    room = mapped_room(3 * MEGABYTE + 5)
    assert file_of(room) is not None
    assert not room.any()
    assert file_of(mapped_room(100)) is None, "little is left in memory"
