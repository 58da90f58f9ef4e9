from __future__ import annotations

from typing import Any

import pytest

from convlab.engine.border import Border
from convlab.engine.naming import parse_name


def test_every_name_and_every_member_is_known() -> None:
    assert [parse_name(Border, border.value, "border") for border in Border] == list(Border)
    assert [parse_name(Border, border, "border") for border in Border] == list(Border)


@pytest.mark.parametrize("name", ["wrap", "ZEROS", "", None, 3, ["zeros"]])
def test_another_is_rejected_and_those_that_are_known_listed(name: Any) -> None:
    with pytest.raises(ValueError, match=r"border .* is unknown: .* zeros, constant, replicate"):
        parse_name(Border, name, "border")
