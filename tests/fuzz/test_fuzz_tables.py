"""A thousand damaged tables, and data sets; ``tools/fuzz_tables.py`` tries as many as one likes."""

from __future__ import annotations

import pytest

from tests.fuzz.kind import Kind, kinds_of
from tests.fuzz.tables import DATASETS, TABLES

COUNT = 1000


@pytest.mark.slow
@pytest.mark.parametrize("kind", [TABLES, DATASETS], ids=["tables", "data sets"])
def test_what_is_damaged_is_read_or_rejected_in_order(kind: Kind) -> None:
    kinds = kinds_of(kind, COUNT)
    assert kinds["opened"] > COUNT // 10
    assert kinds["message"] > COUNT // 10
