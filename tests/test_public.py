from __future__ import annotations

import pytest

import convlab


@pytest.mark.parametrize("name", convlab.__all__)
def test_each_public_name_is_there(name: str) -> None:
    thing = getattr(convlab, name)
    assert thing.__doc__
    assert thing.__name__.endswith(name)


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="'convlab' has no attribute 'conv3d'"):
        _ = convlab.conv3d
