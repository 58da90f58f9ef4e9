"""The plot under every view: axes, ticks, curves, what is read out."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from convlab.ui.numbers import show_number
from convlab.ui.palettes import THEMES, ThemeName
from convlab.ui.theme import apply_theme, theme
from convlab.ui.widgets.plot import Look, Plot
from convlab.ui.widgets.plot_frame import Axis, Frame, Kind, decades, nice_step, settled
from convlab.ui.widgets.plot_trace import Style, Trace, accent, mark, polygon

LOG = Axis(1e-3, 10.0, Kind.LOG)


def test_ticks_are_round_numbers() -> None:
    assert nice_step(7.0, 4) == 2.0
    assert Axis(-1.0, 1.0).ticks(4) == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert Axis(0.0, 0.3).ticks(3) == [0.0, 0.1, 0.2, 0.3]
    assert Axis(0.0, 2.0, Kind.WHOLE).ticks(9) == [0.0, 1.0, 2.0]
    turn = Axis(0.0, 360.0, Kind.DEGREES)
    assert turn.ticks(4) == turn.ticks(6) == [0.0, 90.0, 180.0, 270.0, 360.0]
    assert turn.ticks(3) == [0.0, 180.0, 360.0]
    assert turn.ticks(0) == [0.0, 360.0]
    assert LOG.ticks(9) == pytest.approx([1e-3, 1e-2, 0.1, 1.0, 10.0])
    assert LOG.ticks(2) == pytest.approx([1e-3, 0.1, 10.0])
    assert len(LOG.ticks(0)) == 2


@pytest.mark.parametrize("axis", [Axis(-2.0, 6.0), Axis(3.0, 9.0, Kind.WHOLE), LOG])
def test_pixels_and_values_are_told_from_each_other(axis: Axis) -> None:
    frame = Frame(QRectF(50, 20, 300, 100), axis, axis)
    for value in (axis.low, axis.value_at(0.3), axis.high):
        place = frame.at(value, value)
        assert frame.x_at(place.x()) == pytest.approx(value)
        assert frame.y_at(place.y()) == pytest.approx(value)
    assert frame.at(axis.high, axis.low) == QPointF(350, 120)
    x, y = frame.places(np.array([axis.low, axis.high]), np.array([axis.high, math.nan]))
    assert (x.tolist(), y[0]) == ([50, 350], 20)
    assert frame.inside(axis.high * 9, axis.high * 9) == QPointF(350, 20)


def test_a_logarithmic_axis_has_equal_steps_for_equal_factors() -> None:
    shares = LOG.shares(np.array([10.0, 1.0, 0.1, 0.01]))
    assert np.ptp(np.diff(shares)) == pytest.approx(0)
    assert LOG.share(0.0) == LOG.share(-3.0) == 0, "what has no logarithm stands at its low end"


def test_decades_enclose_what_they_are_given() -> None:
    assert decades(np.array([0.02, 3.0])) == Axis(0.01, 10.0, Kind.LOG)
    assert decades(np.array([1.0]), span=2) == Axis(0.01, 1.0, Kind.LOG)
    assert decades(np.array([0.3, 2.0]), np.array([math.nan, math.inf])).ends == (0.1, 10.0)
    assert decades(np.array([0.0, 1.0]), least=1e-6).low == pytest.approx(1e-6)
    assert decades().ends == (0.1, 10.0)


def test_a_range_stays_while_it_serves() -> None:
    first = settled(Axis(), -0.2, 3.7)
    assert first == Axis(-1.0, 4.0)
    assert settled(first, 0.0, 2.5) == first
    assert settled(first, 0.0, 5.0).high >= 5.0
    assert settled(first, 0.0, 0.1).high < 0.2


@pytest.fixture
def plot(qtbot: QtBot) -> Plot:
    plot = Plot("plot", "Loss", Look(x_name="step", value_text=lambda v: show_number(v, 2)), "Why.")
    qtbot.addWidget(plot)
    plot.resize(400, 160)
    plot.set_axes(Axis(0.0, 10.0, Kind.WHOLE), Axis(0.0, 1.0))
    plot.show()
    qtbot.waitExposed(plot)
    return plot


def line(*values: float, ink: Callable[[], str] = accent, name: str = "loss") -> Trace:
    return Trace(np.arange(len(values)) * 1.0, np.array(values), ink, Style.LINE, name, 2.0)


def color_at(plot: Plot, x: float, y: float) -> QColor:
    return plot.grab().toImage().pixelColor(plot.frame.at(x, y).toPoint())


def test_curves_pass_through_their_values_and_follow_the_palette(
    plot: Plot, qapp: QApplication
) -> None:
    plot.set_still([line(0.5, 0.5, 0.5)])
    plot.set_moving([line(0.25, 0.25, 0.25, ink=mark)])
    try:
        for name in ThemeName:
            apply_theme(qapp, name)
            assert color_at(plot, 1.5, 0.5) == QColor(THEMES[name].accent)
            assert color_at(plot, 1.5, 0.25) == QColor(THEMES[name].mark)
            assert color_at(plot, 9.0, 0.7) == QColor(THEMES[name].panel)
    finally:
        apply_theme(qapp, ThemeName.LIGHT)


def test_what_is_not_finite_is_left_out_of_a_line(plot: Plot) -> None:
    plot.set_moving([line(0.5, math.nan, 0.5, math.inf)])
    assert color_at(plot, 1.0, 0.5) == QColor(theme().accent), "from neighbour to neighbour"
    assert color_at(plot, 2.6, 0.5) == QColor(theme().panel)


def test_the_legend_names_each_curve_with_its_last_value(plot: Plot) -> None:
    plot.set_captions("Loss")
    plot.set_moving([line(2.0, 0.2, 0.02, math.nan), line(1.0, name="test")])
    assert plot.accessibleDescription() == "Loss: loss 0.02, test 1"
    plot.set_moving([line(0.5, name="")])
    assert plot.accessibleDescription() == "Loss"


def test_values_are_read_out_under_the_mouse_and_elsewhere_what_it_teaches(plot: Plot) -> None:
    plot.set_moving([line(2.0, 0.25, 0.125)])
    for x, said in ((1.0, "step = 1: 0.25"), (1.4, "step = 1: 0.25"), (7.0, "Why.")):
        place = plot.frame.at(x, 0.5).toPoint()
        QApplication.sendEvent(
            plot, QHelpEvent(QEvent.Type.ToolTip, place, plot.mapToGlobal(place))
        )
        assert said in QToolTip.text()
    assert plot.tip_at(QPointF(1, 1)) == ""
    QToolTip.hideText()


def test_a_mark_has_its_text_on_the_side_where_there_is_room(plot: Plot) -> None:
    def inked(left: float, right: float) -> bool:
        image, room = plot.grab().toImage(), plot.frame.room
        across = range(round(plot.frame.at(left, 0).x()), round(plot.frame.at(right, 0).x()))
        rows = range(round(room.top()) + 2, round(room.top()) + 16)
        text = QColor(theme().text)
        return any(image.pixelColor(x, y) == text for x in across for y in rows)

    plot.set_mark(5.0, "n = 32")
    assert inked(5.1, 7.0)
    assert not inked(3.0, 4.9)
    plot.set_mark(9.9, "n = 32")
    assert inked(8.0, 9.7)
    plot.set_mark(None)
    assert not inked(5.1, 9.9)


def test_a_hint_stands_where_there_is_nothing(qtbot: QtBot) -> None:
    plot = Plot("race", "Times", Look(hint="Start"))
    qtbot.addWidget(plot)
    plot.resize(300, 120)
    empty = plot.grab().toImage()
    plot.set_moving([line(0.5, 0.5)])
    assert plot.grab().toImage() != empty
    plot.set_moving([])
    assert plot.grab().toImage() == empty, "and again, axes are gone"


@pytest.mark.parametrize("count", [0, 1, 2, 5000])
def test_a_polygon_has_the_points_it_was_given(count: int) -> None:
    x = np.arange(count) * 0.5
    made = polygon(x, -(x**2))
    assert made.size() == count
    for place in {0, count // 3, count - 1} if count else set():
        assert made.at(place) == QPointF(place * 0.5, -((place * 0.5) ** 2))


def test_whole_numbers_and_views_are_taken_as_they_are() -> None:
    made = polygon(np.array([3, 2, 1])[::-1], np.array([[4, 5], [6, 7], [8, 9]])[:, 0])
    assert [(point.x(), point.y()) for point in made.toList()] == [(1, 4), (2, 6), (3, 8)]


def test_values_that_float32_hardly_holds_have_their_place() -> None:
    axis = Axis(-3e38, 3e38)
    assert axis.shares(np.array([3e38, 0.0], np.float32)).tolist() == pytest.approx([1.0, 0.5])
