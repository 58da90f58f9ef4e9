"""A thousand damaged tables, and data sets; ``tools/fuzz_tables.py`` tries as many as one likes."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest

from tests.fuzz.pictures import Outcome, reset_peak
from tests.fuzz.tables import (
    damaged_dataset,
    damaged_table,
    dataset_folder,
    datasets,
    tables,
    try_dataset,
    try_table,
)

pytestmark = pytest.mark.slow
COUNT = 1000


def kinds_of(outcomes: list[tuple[str, Outcome]]) -> Counter[str]:
    faults = [(number, *each) for number, each in enumerate(outcomes) if each[1].is_fault]
    assert not faults
    return Counter(outcome.kind for _, outcome in outcomes)


def test_damaged_tables_are_read_or_rejected_in_order() -> None:
    healthy = tables()
    reset_peak()
    made = [damaged_table(healthy, number) for number in range(COUNT)]
    kinds = kinds_of([(name, try_table(k, data)) for k, (name, data) in enumerate(made)])
    assert kinds["opened"] > COUNT // 10
    assert kinds["message"] > COUNT // 10


def test_damaged_data_sets_are_read_or_rejected_in_order() -> None:
    healthy, folder = datasets(), dataset_folder()
    reset_peak()
    made = [damaged_dataset(healthy, number) for number in range(COUNT)]
    kinds = kinds_of([(name, try_dataset(folder, name, data)) for name, data in made])
    shutil.rmtree(folder)
    assert kinds["opened"] > COUNT // 10
    assert kinds["message"] > COUNT // 10
