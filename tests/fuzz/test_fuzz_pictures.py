"""Two thousand damaged pictures; ``tools/fuzz_pictures.py`` tries as many as one likes."""

from __future__ import annotations

import pytest

from tests.fuzz.kind import kinds_of
from tests.fuzz.pictures import PICTURES

COUNT = 2000


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # what Pillow warns of; in the program that is not shown
def test_damaged_pictures_are_opened_or_rejected_in_order() -> None:
    assert kinds_of(PICTURES, COUNT)["opened"] > COUNT // 10
