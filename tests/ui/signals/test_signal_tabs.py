from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from convlab.document.signal.pair_neuron import Activation, PairNeuron, neuron_of
from convlab.document.signal.tabs import BallMaps, BallWay, Copies
from convlab.document.signal.window import Terms
from convlab.engine.signal_matrix import signal_matrix
from convlab.ui.signals.ball_view import BallView
from convlab.ui.signals.band_matrix_view import BandMatrixView
from convlab.ui.signals.copies_view import CopiesView, stacked
from convlab.ui.signals.laws_view import Law, LawsView, verdict_text
from convlab.ui.signals.pair_neuron_view import PairNeuronView, neuron_text
from convlab.ui.signals.race_view import Race, RaceView, race_text, time_text
from convlab.ui.signals.terms_view import TermsView, formula_text, written_text
from convlab.ui.widgets.neuron_style import line_color
from convlab.ui.widgets.number_box import NumberBox
from convlab.ui.widgets.staged_matrix import HINT


def shown(qtbot: QtBot, view: QWidget, width: int = 780, height: int = 260) -> None:
    qtbot.addWidget(view)
    view.resize(width, height)
    view.show()
    qtbot.waitExposed(view)
    view.grab()


def label(view: QWidget, name: str) -> str:
    found = view.findChild(QLabel, name)
    assert found is not None
    return found.text()


THREE = Terms(
    3,
    np.array([2, 3]),
    np.array([1, 0]),
    np.array([0.5, -1.0]),
    np.array([1.0, 0.25]),
    0.25,
)


def test_terms_are_written_out_with_their_numbers(qtbot: QtBot) -> None:
    assert written_text(THREE, 12) == "f(2)g(1) + f(3)g(0) = 0.5×1 + (−1)×0.25"
    view = TermsView()
    view.show_terms(THREE)
    shown(qtbot, view)
    assert view.accessibleDescription() == "(f ∗ g)(3) = Σ f(a) g(3 − a) = 0.25"
    tips = " ".join(tip.text for tip in view.tips())
    assert "f(3)g(0) = −1.0 × 0.25, product −0.25" in tips


def test_many_terms_say_what_is_left_out(qtbot: QtBot) -> None:
    count = 400
    a = np.arange(count)
    terms = Terms(count - 1, a, a[::-1], np.ones(count), np.ones(count), 450.0, left_out=50)
    view = TermsView()
    view.show_terms(terms)
    shown(qtbot, view)
    assert "(450 terms)" in written_text(terms, 3)
    listed = [tip for tip in view.tips() if "product" in tip.text]
    rest = [tip.text for tip in view.tips()][-1]
    assert 0 < len(listed) < count
    assert float(rest) == 450.0 - len(listed)


def test_where_room_is_short_the_largest_terms_are_shown(qtbot: QtBot) -> None:
    count = 300
    f = np.full(count, 0.001)
    f[[7, 290]] = 3.0, -4.0
    a = np.arange(count)
    terms = Terms(count - 1, a, a[::-1], f, np.ones(count), float(f.sum()))
    view = TermsView()
    view.show_terms(terms)
    shown(qtbot, view)
    assert written_text(terms, 2) == "f(7)g(292) + f(290)g(9) + … (300 terms) = 3×1 + (−4)×1 + …"
    names = [tip.text.split(" = ")[0] for tip in view.tips() if "product" in tip.text]
    assert {"f(7)g(292)", "f(290)g(9)"} <= set(names)
    rest = [tip.text for tip in view.tips()][-1]
    others = f.sum() - 3.0 + 4.0 - 0.001 * (len(names) - 2)
    assert float(rest) == pytest.approx(others, rel=1e-5)


@pytest.mark.parametrize(
    ("at", "formula"), [(-2, "(f ⋆ g)(−2) = Σ f(a) g(a + 2)"), (3, "(f ⋆ g)(3) = Σ f(a) g(a − 3)")]
)
def test_the_formula_of_a_correlation_names_its_lag(at: int, formula: str) -> None:
    one = np.ones(1)
    assert formula_text(Terms(at, one, one - at, one, one, 1.0, is_flipped=False)) == formula


def test_small_numbers_are_not_written_as_zero() -> None:
    one = np.ones(1)
    terms = Terms(0, one - 1, one - 1, one * 0.036, one * 0.0004, 0.036 * 0.0004)
    assert written_text(terms, 3) == "f(0)g(0) = 0.036×4.00e−4"


def test_no_terms_are_said_in_words(qtbot: QtBot) -> None:
    none = np.zeros(0)
    view = TermsView()
    view.show_terms(Terms(0, none, none, none, none, 0.0))
    shown(qtbot, view)
    assert "do not meet" in written_text(Terms(0, none, none, none, none, 0.0), 5)


def test_copies_stand_on_each_other_and_reach_the_result(qtbot: QtBot) -> None:
    copies = np.array([[1.0, 2.0, 0.0], [0.0, 3.0, -1.0], [0.0, -1.0, -2.0]])
    ends = list(stacked(copies))
    assert ends[1][0].tolist() == [1.0, 2.0, 0.0]
    assert ends[1][1].tolist() == [1.0, 5.0, -1.0]
    assert ends[2][0].tolist() == [1.0, 0.0, -1.0]  # downwards on what points down
    assert ends[2][1].tolist() == [1.0, -1.0, -3.0]
    view = CopiesView()
    total = copies.sum(axis=0) + np.array([1.0, 0.5, 0.0])
    view.show_copies(Copies(np.arange(3), np.arange(3.0), copies, total, 4))
    shown(qtbot, view)
    assert view.plot.accessibleDescription().startswith("3 copies of g")
    assert "4 in grey" in view.plot.accessibleDescription()
    assert view.plot._copies[0].tolist() == [1.0, 0.5, 0.0], "what the others come to"
    low, high = view.plot.frame.y.ends
    assert low <= -3 <= 5 <= high


@pytest.fixture
def band(qtbot: QtBot) -> BandMatrixView:
    view = BandMatrixView()
    view.show_matrix(signal_matrix([0.5, 1.0, 0.1], 6), 0.0)
    shown(qtbot, view)
    return view


def click_cell(view: BandMatrixView, row: int, column: int) -> None:
    place = view.grid.cell_rect(row, column).center().toPoint()
    QTest.mouseClick(view.grid, Qt.MouseButton.LeftButton, pos=place)


def test_a_weight_lights_up_its_copies(band: BandMatrixView) -> None:
    assert label(band, "band_matrix_caption") == (
        "8 × 6 = 48 connections: 30 zeros, 18 used, 3 different weights"
    )
    assert label(band, "band_matrix_selection") == HINT
    click_cell(band, 1, 0)
    assert label(band, "band_matrix_selection") == (
        "g(1) = 1 joins f(0) to c(1); it stands here 6 times."
    )
    assert band.grid.copies == [(k + 1, k) for k in range(6)]
    click_cell(band, 0, 5)
    assert "structural zero" in label(band, "band_matrix_selection")


def test_the_ends_of_g_have_their_names(band: BandMatrixView) -> None:
    click_cell(band, 0, 0)
    assert label(band, "band_matrix_selection").startswith("g(0) = 0.5 joins f(0) to c(0)")
    click_cell(band, 2, 0)
    assert label(band, "band_matrix_selection").startswith("g(2) = 0.1 joins f(0) to c(2)")


def test_values_of_a_correlation_are_named_by_their_lags(band: BandMatrixView) -> None:
    band.show_matrix(signal_matrix([0.5, 1.0, 0.1], 6, is_flipped=False), 0.0, first=-2)
    click_cell(band, 0, 0)
    assert label(band, "band_matrix_selection").startswith("g(2) = 0.1 joins f(0) to c(−2)")


def test_untied_weights_stand_alone(band: BandMatrixView) -> None:
    button = band.findChild(QPushButton, "band_cut_button")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    click_cell(band, 1, 0)
    assert "and nothing else" in label(band, "band_matrix_selection")
    assert "18 different weights" in label(band, "band_matrix_caption")


NEURON = neuron_of(np.array([0.5, 1.0]), PairNeuron(2.0, -1.0, -0.25, Activation.RELU))


def test_the_neuron_says_what_it_does(qtbot: QtBot) -> None:
    assert neuron_text(NEURON) == (
        "w0 excites, w1 inhibits. The weighted inputs are 0, below the threshold −b = 0.25."
    )
    assert line_color(1.0).red() > line_color(1.0).blue()
    assert line_color(-1.0).blue() > line_color(-1.0).red()
    view = PairNeuronView()
    view.show_neuron(NEURON.neuron)
    view.show_layer(NEURON)
    shown(qtbot, view)
    told: list[tuple[str, object]] = []
    view.parameter_chosen.connect(lambda *args: told.append(args))
    for number, text in enumerate(("-1.5", "3")):
        spin = view.findChild(NumberBox, f"neuron_weight_{number}_spin")
        assert spin is not None
        QTest.keySequence(spin, "Ctrl+A")
        QTest.keyClicks(spin, text)
        QTest.keyClick(spin, Qt.Key.Key_Return)
    assert told == [("first", -1.5), ("second", 3.0)]
    combo = view.findChild(QComboBox, "neuron_activation_combo")
    assert combo is not None
    assert combo.currentData() == "relu"
    QTest.keyClick(combo, Qt.Key.Key_Up)
    assert told[-1] == ("activation", "tanh")


def test_laws_hold_or_are_plotted_where_they_break(qtbot: QtBot) -> None:
    x = np.arange(5.0)
    right = np.array([0.0, 1.0, 2.0, 3.0, 1.0])
    laws = [
        Law("f ∗ g = g ∗ f", 2e-8, 1.0),
        Law("same", 3.0, 4.0, "The border cut it.", x, x, right),
    ]
    assert verdict_text(laws[0]) == "Equal: at most 2.00e−8 apart, which is rounding."
    assert verdict_text(laws[1]) == "Not equal: up to 3 apart, 75 % of the largest value."
    assert verdict_text(Law("", 0.0, 1.0)) == "Equal to the last digit."
    view = LawsView()
    view.show_laws(laws)
    shown(qtbot, view, height=170)
    plots = [view.findChild(QWidget, f"law_plot_{number}") for number in (0, 1)]
    assert [plot is not None and plot.isVisible() for plot in plots] == [False, True]
    assert plots[1] is not None
    assert plots[1].accessibleDescription().endswith("apart at 4")
    view.show_laws([laws[0], laws[0], laws[1]])
    last = view.findChild(QWidget, "law_plot_2")
    assert last is not None
    assert last.isVisible()
    assert view.verticalScrollBar().maximum() == 0, "all is seen at once"
    view.show_laws(laws[:1])
    assert not plots[1].isVisible()


def test_the_race_is_started_and_cancelled(qtbot: QtBot) -> None:
    view = RaceView()
    shown(qtbot, view)
    button = view.findChild(QPushButton, "race_button")
    progress = view.findChild(QProgressBar, "race_progress")
    assert button is not None
    assert progress is not None
    with qtbot.waitSignal(view.started), qtbot.assertNotEmitted(view.cancelled):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "Start"  # until the session says that it runs
    assert label(view, "race_caption") == "", "the plot says it"
    view.set_running(True)
    view.set_progress(0.25)
    assert (button.text(), progress.value(), progress.isVisible()) == ("Cancel", 25, True)
    with qtbot.waitSignal(view.cancelled), qtbot.assertNotEmitted(view.started):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_powers_are_straight_lines(qtbot: QtBot) -> None:
    n = np.array([10.0, 100.0, 1000.0])
    race = Race(n, np.array([1e-6, 1e-4, np.nan]), np.full(3, 1e-5), 31.6, 1e-15)
    view = RaceView()
    view.show_race(race)
    shown(qtbot, view)
    places = [view.plot.frame.at(length, length**2 * 1e-8) for length in n]
    steps = [places[1] - places[0], places[2] - places[1]]
    assert steps[0].x() == pytest.approx(steps[1].x())
    assert steps[0].y() == pytest.approx(steps[1].y())
    assert label(view, "race_caption").startswith(
        "On this machine the transform is faster from n = 32 on."
    )
    assert "have not crossed" in race_text(Race(n, n, n))
    assert [time_text(value) for value in (2.0, 3e-3, 1e-5, 5e-8)] == [
        "2 s",
        "3 ms",
        "10 µs",
        "50 ns",
    ]


def test_a_place_of_the_ball_is_chosen(qtbot: QtBot) -> None:
    f, g = np.full((2, 2), 0.25), np.array([[0.5, 0.5]])
    result = np.array([[0.125, 0.25, 0.125], [0.125, 0.25, 0.125]])
    terms = (BallWay((0, 0), (0, 1), 0.25, 0.5), BallWay((0, 1), (0, 0), 0.25, 0.5))
    view = BallView()
    view.show_ball(BallMaps(f, g, result, (0, 1), terms, 0.25))
    shown(qtbot, view)
    assert label(view, "ball_caption") == "c = (0, 1): 0.25, in 2 ways"
    assert label(view, "ball_terms").splitlines() == [
        "f(0, 0) g(0, 1) = 0.25×0.5 = 0.125",
        "f(0, 1) g(0, 0) = 0.25×0.5 = 0.125",
    ]
    places: list[tuple[int, int]] = []
    view.cell_chosen.connect(lambda *args: places.append(args))
    at = view.result.cell_rect(1, 2).center()
    QTest.mouseClick(view.result, Qt.MouseButton.LeftButton, pos=at.toPoint())
    QTest.keyClick(view.result, Qt.Key.Key_Left)
    first = view.first.cell_rect(0, 0).center().toPoint()
    QTest.mouseClick(view.first, Qt.MouseButton.LeftButton, pos=first)
    assert places == [(1, 2), (0, 0)]
    assert "0.25" in view.result.tip((0, 1))
    assert view.first.cell_rect(0, 0).contains(QPointF(first))
