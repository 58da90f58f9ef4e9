"""Numbers of frames and their times, without a film."""

import pytest

from convlab.sources.timeline import Timeline


def test_nothing_is_known_but_the_rate() -> None:
    timeline = Timeline(25.0, -1.92e14)
    assert (timeline.count, timeline.duration, timeline.is_exact) == (None, None, False)
    assert timeline.time_of(50) == pytest.approx(2.0)
    assert timeline.number_of(2.01) == 50


@pytest.mark.parametrize("stated", [0.0, float("nan"), float("inf"), -5.0, 1e300])
def test_a_senseless_count_is_none(stated: float) -> None:
    assert Timeline(30.0, stated).count is None


def test_what_the_header_says_is_believed_until_more_is_known() -> None:
    timeline = Timeline(10.0, 30)
    assert timeline.count == 30
    assert timeline.duration == pytest.approx(3.0)
    timeline.learn([0.2, 0.0, 0.1])
    assert timeline.count == 3
    assert timeline.duration == pytest.approx(0.3)
    assert timeline.stated_duration == pytest.approx(3.0)


def test_with_a_variable_rate_each_frame_has_its_own_time() -> None:
    times = [0.0, 0.04, 0.5, 0.54, 2.0]
    timeline = Timeline(25.0, 99)
    timeline.learn(reversed(times))
    assert timeline.is_exact
    assert [timeline.time_of(number) for number in range(5)] == times
    assert [timeline.number_of(time) for time in times] == [0, 1, 2, 3, 4]
    assert timeline.number_of(0.041) == 1
    assert timeline.number_of(99.0) == 4


def test_where_two_have_the_same_time_only_their_number_is_learned() -> None:
    timeline = Timeline(25.0, 99)
    timeline.learn([0.0, 0.0, 0.04])
    assert (timeline.count, timeline.is_learned, timeline.is_exact) == (3, True, False)


def test_what_cannot_be_decoded_is_no_frame() -> None:
    timeline = Timeline(10.0, 30)
    timeline.learn([0.0, 0.1, 0.2, 0.3])
    timeline.end_at(2)
    assert timeline.count == 2
    assert timeline.duration == pytest.approx(0.2)
    assert not timeline.is_empty
    timeline.end_at(0)
    assert timeline.is_empty
