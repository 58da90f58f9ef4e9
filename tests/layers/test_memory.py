from __future__ import annotations

import os
import re

import numpy as np
import pytest

from convlab.layers import Conv2d, Dropout, Flatten, Layer, Linear, MaxPool2d, ReLU, Stack, memory
from convlab.layers.graph import Graph, chain
from convlab.layers.memory import largest_allowed

GB = 1024**3
WIDE: list[Layer] = [Conv2d(3, 64, 3, padding=1), ReLU(), Conv2d(64, 64, 3, padding=1), ReLU()]


def maps_bytes(layers: list[Layer], shape: tuple[int, ...]) -> int:
    return memory.maps_bytes(Graph(chain(layers)), shape)


def check_memory(layers: list[Layer], shape: tuple[int, ...], allowed: int | None = None) -> None:
    memory.check_memory(Graph(chain(layers)), shape, allowed)


def proposed(message: str) -> tuple[int, int]:
    """Return the rows and columns of the picture that a message asks for."""
    found = re.search(r"an input of (\d+) × (\d+)", message)
    assert found is not None, message
    return int(found[2]), int(found[1])


def rejection(layers: list[Layer], shape: tuple[int, ...], allowed: int) -> str:
    with pytest.raises(ValueError, match="would need") as caught:
        check_memory(layers, shape, allowed)
    return str(caught.value)


def test_the_picture_and_every_map_are_counted() -> None:
    layers = [Conv2d(3, 6, 5), ReLU(), MaxPool2d(2), Flatten()]
    values = 3 * 32 * 32 + 4704 + 4704 + 1176 + 1176
    assert maps_bytes(layers, (3, 32, 32)) == 4 * values
    assert maps_bytes([], (1, 2, 3)) == 24


def test_it_is_what_the_arrays_take() -> None:
    layers = [Conv2d(2, 5, 3, 2), Dropout(), MaxPool2d(2, ceil_mode=True)]
    x = np.zeros((2, 15, 12), np.float32)
    taken = x.nbytes + sum(result.nbytes for result in Stack(layers).forward(x))
    assert maps_bytes(layers, x.shape) == taken


def test_a_layer_that_does_not_fit_is_named() -> None:
    with pytest.raises(ValueError, match=r"Linear\(3, 3\)"):
        maps_bytes([ReLU(), Linear(3, 3)], (3, 8, 8))


def test_maps_that_fit_are_let_through() -> None:
    exactly = maps_bytes(WIDE, (3, 480, 640))
    check_memory(WIDE, (3, 480, 640), exactly)
    with pytest.raises(ValueError, match="would need"):
        check_memory(WIDE, (3, 480, 640), exactly - 1)


def test_the_rejection_has_both_figures_and_a_size_that_fits() -> None:
    # 4·(3 + 4·64)·1536·2048 bytes are 3.04 GB.
    message = rejection(WIDE, (3, 1536, 2048), 2 * GB)
    assert message.startswith("These maps would need 3 GB, more than the 2 GB allowed: choose ")
    assert message.endswith(" or fewer maps.")
    rows, columns = proposed(message)
    assert maps_bytes(WIDE, (3, rows, columns)) <= 2 * GB
    assert columns / rows == pytest.approx(4 / 3, rel=0.01)
    assert maps_bytes(WIDE, (3, rows + 24, columns + 32)) > 2 * GB, "it is the largest"


@pytest.mark.parametrize("shape", [(3, 1080, 1920), (3, 2000, 300), (3, 70, 90), (3, 5, 7)])
def test_whatever_is_proposed_fits(shape: tuple[int, ...]) -> None:
    allowed = maps_bytes(WIDE, shape) * 3 // 5
    rows, columns = proposed(rejection(WIDE, shape, allowed))
    assert maps_bytes(WIDE, (3, rows, columns)) <= allowed


def test_nearly_equal_figures_are_told_apart() -> None:
    needed = maps_bytes(WIDE, (3, 1536, 2048))
    message = rejection(WIDE, (3, 1536, 2048), needed - 2_000_000)
    assert "need 3.04 GB, more than the 3.03 GB allowed" in message


def test_a_small_allowance_is_not_written_as_zero() -> None:
    assert "the 0.0001 GB allowed" in rejection(WIDE, (3, 480, 640), 100_000)


def test_a_stack_for_one_size_only_needs_fewer_maps() -> None:
    layers = [Conv2d(1, 8, 3), Flatten(), Linear(8 * 30 * 30, 2)]
    with pytest.raises(ValueError, match=r"allowed: choose fewer maps\.$"):
        check_memory(layers, (1, 32, 32), 20_000)


def test_no_size_is_proposed_where_none_fits() -> None:
    with pytest.raises(ValueError, match=r"allowed: choose fewer maps\.$"):
        check_memory([Conv2d(1, 100, 1)], (1, 4, 4), 50)


@pytest.mark.parametrize(
    ("memory", "allowed"), [(GB, GB // 4), (3 * GB, 3 * GB // 4), (64 * GB, GB)]
)
def test_half_the_memory_is_allowed_and_never_more_than_two_gigabytes(
    monkeypatch: pytest.MonkeyPatch, memory: int, allowed: int
) -> None:
    answers = {"SC_PHYS_PAGES": memory // 4096, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr(os, "sysconf", answers.__getitem__, raising=False)
    assert largest_allowed() == allowed


def test_a_machine_that_does_not_say_how_much_it_has_is_given_two_gigabytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "sysconf", raising=False)
    assert largest_allowed() == GB
    monkeypatch.setattr(os, "sysconf", lambda name: -1, raising=False)
    assert largest_allowed() == GB


def test_the_default_is_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convlab.layers.memory.largest_allowed", lambda: 1000)
    with pytest.raises(ValueError, match="would need"):
        check_memory([ReLU()], (1, 16, 16))
