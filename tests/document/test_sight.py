from __future__ import annotations

import pytest

from convlab.document.sight import Sampling, Sight

PLACES = [(0.5, 0.5), (3.5, 7.5), (-2.0, 11.25)]


def test_what_is_zoomed_about_stays_where_it_is() -> None:
    before = Sight(10.0, 40.0, 2.0)
    after = before.about(14.0, 30.0, 3.0)
    assert after.zoom == 6.0
    for sight in (before, after):
        assert (14.0 - sight.row) * sight.zoom == pytest.approx(8.0)
        assert (30.0 - sight.column) * sight.zoom == pytest.approx(-20.0)


def test_a_view_is_moved_by_pixels_of_the_picture() -> None:
    assert Sight(1.0, 2.0, 3.0).moved(4.0, -5.0) == Sight(5.0, -3.0, 3.0)


def test_an_output_pixel_lies_over_the_middle_of_its_anchor() -> None:
    """Valid, 3×3, stride 2: output (0, 1) lies over input (1, 3)."""
    assert Sampling((1, 1), 2).outward(0.5, 1.5) == (1.5, 3.5)


@pytest.mark.parametrize("sampling", [Sampling(), Sampling((1, 2), 3), Sampling((-2, 0), 1)])
@pytest.mark.parametrize("place", PLACES)
def test_there_and_back_is_the_same_place(sampling: Sampling, place: tuple[float, float]) -> None:
    assert sampling.inward(*sampling.outward(*place)) == pytest.approx(place)
    sight = Sight(*place, 1.5)
    back = sampling.sight_inward(sampling.sight_outward(sight))
    assert (back.row, back.column, back.zoom) == pytest.approx((*place, 1.5))


def test_a_pixel_of_a_strided_output_is_as_large_as_its_step() -> None:
    assert Sampling((0, 0), 4).sight_inward(Sight(0.5, 0.5, 2.0)).zoom == 8.0
