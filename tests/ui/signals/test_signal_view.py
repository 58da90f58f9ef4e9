from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from convlab.document.frame import Frame
from convlab.document.signal.curves import Curve
from convlab.document.signal.evaluate import SignalEvaluator
from convlab.document.signal.job import SignalCurves, SignalJob, SignalShown
from convlab.document.signal.model import SignalKind, SignalSpec, SignalState, SignalViewing
from convlab.engine.arrays import AnyArray
from convlab.ui.signals.gains import drawn_gain, fitting_gain
from convlab.ui.signals.signal_colors import f_color, g_color, product_color
from convlab.ui.signals.signal_controls import MotionBar
from convlab.ui.signals.signal_handles import Handles
from convlab.ui.signals.signal_view import SignalView
from convlab.ui.widgets.plot import Plot
from convlab.ui.widgets.plot_frame import Axis
from convlab.ui.widgets.plot_frame import Frame as PlotFrame

COUNT = 12
TIMES = np.arange(COUNT) * 1.0
F = np.where((TIMES >= 2) & (TIMES <= 6), 1.0, 0.0)
G = np.where(TIMES <= 2, 0.5, 0.0)
BOX = SignalSpec(SignalKind.BOX, position=4.0, width=4.0, height=1.0)
DECAY = SignalSpec(SignalKind.DECAY, position=0.0, width=3.0, height=0.5)


def drawn(values: AnyArray) -> SignalSpec:
    return SignalSpec(SignalKind.DRAWING, 0.0, values=tuple(np.asarray(values, float).tolist()))


STATE = SignalState(drawn(F), drawn(G), COUNT)


def made(c: int = 5, state: SignalState = STATE) -> SignalShown:
    job = SignalJob(1, Frame(np.zeros((4, 6), np.uint8), 0, 0.0), state, SignalViewing(c))
    return SignalEvaluator(lambda _path: None).run(job)


def show(view: SignalView, c: int = 5, **changes: Any) -> None:
    view.show_result(made(c, replace(STATE, **changes)))


@pytest.fixture
def view(qtbot: QtBot) -> SignalView:
    view = SignalView(MotionBar())
    qtbot.addWidget(view)
    view.resize(900, 420)
    view.show()
    qtbot.waitExposed(view)
    show(view)
    view.show_specs(BOX, DECAY)
    return view


def at(plot: Plot, time: float, value: float) -> QPoint:
    return plot.frame.at(time, value).toPoint()


def drag(plot: Plot, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(plot, end)
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=end)


def test_the_captions_read_out_the_sum_and_the_area(view: SignalView) -> None:
    assert view.signals.accessibleDescription().endswith("sum 1.5")  # 3 × 0.5
    assert view.result.accessibleDescription().startswith("(f ∗ g)(5)")
    assert view.result.accessibleDescription().endswith(" 1.5")
    show(view, is_continuous=True)
    assert view.signals.accessibleDescription().endswith("area 1.5")


def test_a_correlation_says_which_samples_meet(view: SignalView) -> None:
    show(view, is_flipped=False)
    assert "g(a − 5)" in view.signals.accessibleDescription()
    assert view.reason.text() == "a − b = 5: as a grows, b grows too. So g slides as it is."


def test_both_results_are_drawn_and_read_out(view: SignalView) -> None:
    """At the place 4: Σ f(a) g(4 − a) = 1.5, all of g on f; Σ f(a) g(a − 4) = 1.5, too."""
    show(view, 6)
    correlated = "grey (f ⋆ g)(6) 0.5"  # f ends there: only g(0) lies on it
    assert correlated in view.result.accessibleDescription()
    grey, _, _ = view.result.traces
    assert grey.y[list(grey.x).index(6)] == 0.5
    show(view, 6, is_flipped=False)
    assert "(f ⋆ g)(6)" in view.result.accessibleDescription()
    assert "grey (f ∗ g)(6) 1.5" in view.result.accessibleDescription()


def test_the_mode_says_what_it_leaves_out(view: SignalView) -> None:
    view.show_result(replace(made(), kept=slice(6, 17)))
    assert "left out by the mode" in view.result.accessibleDescription()
    view.show_result(replace(made(6), kept=slice(6, 17)))
    assert "left out" not in view.result.accessibleDescription()


def test_all_plots_have_one_time_axis(view: SignalView) -> None:
    frames = [plot.frame for plot in (view.signals, view.result)]
    assert len({frame.x for frame in frames}) == 1
    first, last = frames[0].x.ends
    assert first < -2  # the flipped g reaches from −2 to 0
    assert last > 11
    show(view, 22)
    assert view.result.frame.x.high > 22, "the place that is looked at is in sight"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 22),
    ],
)
def test_keys_choose_the_position(
    qtbot: QtBot, view: SignalView, key: Qt.Key, expected: int
) -> None:
    with qtbot.waitSignal(view.place_chosen) as chosen:
        QTest.keyClick(view, key)
    assert chosen.args == [expected]


def test_arrows_step_also_before_the_last_step_is_shown(view: SignalView) -> None:
    steps: list[int] = []
    view.stepped.connect(steps.append)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right):
        QTest.keyClick(view, key)
    assert steps == [-1, -1, 1]


def test_the_result_is_scrubbed(qtbot: QtBot, view: SignalView) -> None:
    places: list[int] = []
    view.place_chosen.connect(places.append)
    drag(view.result, at(view.result, 9.1, 0.2), at(view.result, 14.0, 0.2))
    assert places == [9, 14]


def test_g_is_dragged_beside_its_handles(view: SignalView) -> None:
    places: list[int] = []
    view.place_chosen.connect(places.append)
    drag(view.signals, at(view.signals, 12.0, 0.5), at(view.signals, 15.0, 0.5))
    assert places == [8]  # from 5, three to the right


def test_handles_of_f_are_dragged(view: SignalView) -> None:
    told: list[tuple[str, str, float]] = []
    ended: list[bool] = []
    view.hands.handle_dragged.connect(lambda *args: told.append(args))
    view.hands.gesture_ended.connect(lambda: ended.append(True))
    drag(view.signals, at(view.signals, 4.0, 1.0), at(view.signals, 4.0, 0.75))
    which, name, value = told[-1]
    assert (which, name) == ("f", "height")
    assert value == pytest.approx(0.75, abs=0.02)
    drag(view.signals, at(view.signals, 6.0, 0.5), at(view.signals, 9.0, 0.5))
    which, name, value = told[-1]
    assert (which, name) == ("f", "width")
    assert value == pytest.approx(10.0, abs=0.1)  # twice from 4 to 9
    assert ended == [True, True]


def test_the_handles_of_a_turned_g_go_the_other_way(view: SignalView) -> None:
    told: list[tuple[str, str, float]] = []
    view.hands.handle_dragged.connect(lambda *args: told.append(args))
    show(view, 12)
    drag(view.signals, at(view.signals, 9.0, 0.25), at(view.signals, 8.0, 0.25))
    which, name, value = told[-1]
    assert (which, name) == ("g", "width")
    assert value == pytest.approx(4.0, abs=0.06)  # the half-life, 3 before


def test_a_drawing_is_drawn(view: SignalView) -> None:
    strokes: list[tuple[str, int, float, int, float]] = []
    view.hands.drawn.connect(lambda *args: strokes.append(args))
    view.show_specs(SignalSpec(SignalKind.DRAWING), DECAY)
    drag(view.signals, at(view.signals, 8.0, 0.8), at(view.signals, 10.0, 0.4))
    assert [(stroke[0], stroke[1], stroke[3]) for stroke in strokes] == [("f", 8, 8), ("f", 8, 10)]
    assert strokes[-1][2] == pytest.approx(0.8, abs=0.02)
    assert strokes[-1][4] == pytest.approx(0.4, abs=0.02)


def test_of_two_drawings_the_nearer_one_is_drawn(view: SignalView) -> None:
    strokes: list[tuple[str, int, float, int, float]] = []
    view.hands.drawn.connect(lambda *args: strokes.append(args))
    view.show_specs(SignalSpec(SignalKind.DRAWING), SignalSpec(SignalKind.DRAWING))
    assert view.signals.toolTip() == "Draw f or g with the mouse."
    time = 4.0  # at 5 lies g(0), so here g(1)
    for which, signal, value in (("f", F, F[4]), ("g", G, G[1])):
        near = at(view.signals, time, float(value)) + QPoint(0, 3)
        QTest.mousePress(view.signals, Qt.MouseButton.LeftButton, pos=near)
        QTest.mouseRelease(view.signals, Qt.MouseButton.LeftButton, pos=near)
        assert strokes[-1][0] == which
        assert signal[strokes[-1][1]] == value


def test_stems_of_f_and_g_stand_beside_each_other(view: SignalView) -> None:
    """Where both are equal none is hidden by the other."""
    show(view, f=drawn(np.ones(COUNT)), g=drawn(np.ones(COUNT)))
    view.show_specs(SignalSpec(SignalKind.DICE), SignalSpec(SignalKind.DICE))
    picture = view.signals.grab().toImage()
    place = at(view.signals, 3.0, 0.5)
    seen = {picture.pixelColor(place.x() + x, place.y()).name() for x in range(-4, 5)}
    assert {f_color(), g_color()} <= seen


def test_another_story_has_ranges_of_its_own(view: SignalView) -> None:
    show(view, f=drawn(np.where(TIMES == 0, -F.max() / 4, F)))
    assert view.signals.frame.y.low < 0
    show(view)
    assert view.signals.frame.y.low < 0, "a range stays while it serves"
    show(view, scene="Edge")
    assert view.signals.frame.y.low == 0
    show(view, f=drawn(F * 0), g=drawn(G * 0), scene="Echo")
    assert view.signals.frame.y.high > 0, "silence needs a range as well"
    show(view, f=drawn(F * 0.45), g=drawn(G * 0.45))
    assert view.signals.frame.y.high < 1, "and does not use up the new one"


def test_the_flip_is_scrubbed_and_each_sample_is_joined_to_its_partner(view: SignalView) -> None:
    """At c = 5: a = 3, 4, 5 meet b = 2, 1, 0; unflipped, g lies where its own samples are."""
    view.show_flip(0.0)
    flip = view.signals.flip
    assert flip is not None
    assert list(flip.pairs) == [(3.0, 2.0), (4.0, 1.0), (5.0, 0.0)]
    assert "the lines cross" in view.reason.text()
    view.show_flip(0.5)
    flip = view.signals.flip
    assert flip is not None
    assert [of_g for _, of_g in flip.pairs] == [2.5, 2.5, 2.5], "seen from the edge"
    view.show_flip(0.999)
    flip = view.signals.flip
    assert flip is not None
    for of_f, of_g in flip.pairs:
        assert of_g == pytest.approx(of_f, abs=0.01), "flipped, each stands on its partner"
    view.show_flip(1.0)
    assert view.signals.flip is None
    assert view.reason.text() == "a + b = 5: as a grows, b falls. So g runs backwards."


def test_the_flip_is_painted_without_f_below_it(view: SignalView) -> None:
    view.show_flip(0.2)
    assert not view.signals.traces
    assert not view.grab().toImage().isNull()
    view.show_flip(1.0)
    assert len(view.signals.traces) == 2


def test_a_correlation_flips_nothing(view: SignalView) -> None:
    show(view, is_flipped=False)
    view.show_flip(0.3)
    assert not view.is_flipping
    assert view.signals.flip is None


def test_a_pair_stands_out_in_both_plots(qtbot: QtBot, view: SignalView) -> None:
    view.show_pair(4)
    overlap = view.signals.overlap
    assert overlap is not None
    assert overlap.text(view.signals.pointed) == "1 × 0.5"
    assert [is_pointed for _, is_pointed in view.result.pile()] == [False, True, False]
    with qtbot.waitSignal(view.pair_pointed) as pointed:
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert pointed.args == [5]
    with qtbot.waitSignal(view.pair_pointed) as pointed:
        QTest.mouseMove(view.signals, at(view.signals, 3.2, 0.2))
    assert pointed.args == [3]


def test_terms_are_piled_up_to_the_result_and_negative_ones_lead_down(view: SignalView) -> None:
    """At c = 2 are 4 × 1, −3 × 1 and 2 × 2: up to 8, and from there down to 5."""
    state = SignalState(drawn(np.array([4.0, -3.0, 2.0])), drawn(np.array([2.0, 1.0, 1.0])), 3)
    view.show_result(made(2, state))
    frame = view.result.frame
    ends = [
        (round(frame.y_at(rect.bottom()), 3), round(frame.y_at(rect.top()), 3))
        for rect, _ in view.result.pile()
    ]
    assert ends == [(0, 4), (5, 8), (4, 8)]


def test_what_both_have_and_their_product_is_shaded(view: SignalView) -> None:
    overlap = view.signals.overlap
    assert overlap is not None
    assert overlap.shared.tolist() == [0, 0, 0, 0.5, 0.5, 0.5]
    assert overlap.drawn_products.tolist() == [0, 0, 0, 0.5, 0.5, 0.5]
    odd = replace(overlap, f=np.array([-1.0, 1.0, -0.2]), drawn_g=np.array([-0.5, -0.5, 0.5]))
    assert odd.shared.tolist() == [-0.5, 0.0, 0.0], "only what lies on one side of zero"
    picture = view.signals.grab().toImage()
    place = at(view.signals, 4.0, 0.1) + QPoint(9, 0)
    assert picture.pixelColor(place).name() == product_color()


def test_a_tip_says_the_exact_value(view: SignalView) -> None:
    tip = view.result.tip_at(QPointF(at(view.result, 5.0, 0.5)))
    assert "c = 5: 1.5" in tip
    assert view.result.tip_at(QPointF(1, 1)) == ""


def test_bands_and_odd_numbers_are_painted(view: SignalView) -> None:
    band = Curve(TIMES, np.stack([F - 0.1, F + 0.1]))
    odd = Curve(TIMES, np.where(TIMES == 3, np.nan, G))
    result = Curve(np.arange(23.0), np.full(23, np.inf))
    view.show_result(replace(made(), curves=SignalCurves(band, odd, result)))
    assert not view.grab().toImage().isNull()


def test_products_are_drawn_as_high_as_the_plot_has_room(view: SignalView) -> None:
    show(view, f=drawn(F * 3), g=drawn(G * 10))  # 3 × 5 beside 3 and 5
    assert "drawn product × 0.2" in view.signals.accessibleDescription()
    high = view.signals.frame.y.high
    assert fitting_gain(np.array([0.0, high]), view.signals.frame.y) == 1.0
    assert fitting_gain(np.array([0.0, 4 * high]), view.signals.frame.y) == 0.2
    assert fitting_gain(np.array([-1.0, 0.5]), view.signals.frame.y) == 1.0, (
        "no room below: nothing helps"
    )


def test_kinds_without_figures_have_no_handles() -> None:
    assert Handles("f", SignalSpec(SignalKind.DICE)).places() == {}
    assert set(Handles("f", SignalSpec(SignalKind.LOW_PASS)).places()) == {"position", "width"}
    assert Handles("g", BOX, 10.0, -1).places()["width"] == (4.0, 0.5)  # 10 − (4 + 2)


@pytest.mark.parametrize(
    ("f", "g", "gain"),
    [(1, 1, 1), (4, 1, 1), (1, 4, 1), (5, 1, 5), (100, 1, 100), (105, 0.16, 500), (1, 1000, 0.001)],
)
def test_g_is_drawn_so_high_that_it_is_seen_beside_f(f: float, g: float, gain: float) -> None:
    assert drawn_gain(np.array([0.0, f]), np.array([-g, 0.0])) == gain


def test_the_handle_of_a_higher_drawn_g_gives_its_own_height() -> None:
    spec = SignalSpec(SignalKind.BOX, 4.0, 2.0, 0.5)
    handles = Handles("g", spec, 0.0, 1, 100.0)
    frame = PlotFrame(QRectF(0, 0, 100, 100), Axis(0.0, 10.0), Axis(0.0, 100.0))
    time, value = handles.places()["height"]
    assert value == 50.0
    assert handles.value(frame, "height", frame.at(time, value)) == pytest.approx(0.5)
