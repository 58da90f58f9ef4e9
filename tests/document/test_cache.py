from __future__ import annotations

import numpy as np

from convlab.document.cache import StageCache


def test_an_answer_is_made_once_for_a_key_and_again_for_another() -> None:
    cached = StageCache()
    made: list[int] = []
    array = np.zeros(3)

    def make() -> int:
        made.append(len(made))
        return len(made)

    assert cached("stage", (array, 1), make) == 1
    assert cached("stage", (array, 1), make) == 1, "arrays are told apart as objects"
    assert cached("stage", (array, 2), make) == 2
    assert cached("another", (array, 2), make) == 3
    cached.forget("stage")
    assert cached("stage", (array, 2), make) == 4
