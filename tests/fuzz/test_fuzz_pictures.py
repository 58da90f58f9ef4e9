"""Two thousand damaged pictures; ``tools/fuzz_pictures.py`` tries as many as one likes."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fuzz.pictures import mutated, seeds, tried

COUNT = 2000


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # what Pillow warns of; in the program that is not shown
def test_damaged_pictures_are_opened_or_rejected_in_order() -> None:
    healthy, kinds, faults = seeds(), Counter[str](), []
    for number in range(COUNT):
        name, data = mutated(healthy, number)
        outcome = tried(data)
        kinds[outcome.kind] += 1
        if outcome.is_fault:
            faults.append((number, name, outcome))
    assert not faults
    assert kinds["opened"] > COUNT // 10
