from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from convlab.document.learning.training import Curve
from convlab.ui.learning.training_plots import EpochPlot, StepPlot, power_text


def curve(*values: float) -> Curve:
    return Curve(np.arange(len(values)) * 1.0, np.array(values))


def test_the_axis_of_the_loss_is_whole_decades_and_does_not_jump(qtbot: QtBot) -> None:
    plot = StepPlot("walk_loss_plot")
    qtbot.addWidget(plot)
    plot.show_history(np.arange(3.0), np.array([2.0, 0.5, 0.02]))
    before = plot.frame
    plot.show_history(np.arange(40.0), np.geomspace(2.0, 0.011, 40))
    assert plot.frame == before
    plot.show_history(np.arange(400.0), np.geomspace(2.0, 1e-6, 400))
    assert plot.frame.x.high >= 399
    assert plot.frame.y.ends == (1e-6, 10.0)
    plot.show_history(np.arange(1.0), np.array([np.nan]))
    plot.show_history(np.zeros(0), np.zeros(0))
    assert plot.accessibleDescription() == "Loss: mean squared error"


def test_the_loss_before_the_first_step_is_seen_as_a_dot(qtbot: QtBot) -> None:
    plot = StepPlot("walk_loss_plot")
    qtbot.addWidget(plot)
    plot.resize(400, 200)
    plot.show_history(np.zeros(0), np.zeros(0))
    empty = plot.grab().toImage()
    plot.show_history(np.zeros(1), np.array([1.2]))
    x, y = plot.frame.places(np.zeros(1), np.array([1.2]))
    place = QPoint(round(float(x[0])), round(float(y[0])))
    assert plot.grab().toImage().pixelColor(place) != empty.pixelColor(place)


def test_epochs_have_their_room_and_figures_are_said(qtbot: QtBot) -> None:
    plot = EpochPlot("plot", "Loss", "Tip.", is_share=False)
    qtbot.addWidget(plot)
    plot.show_curves(curve(2.0, 0.2, 0.02), curve(1.0, 0.1), 10)
    assert plot.frame.x.ends == (0, 10)
    assert plot.frame.y.ends == (0.01, 10), "what losses usually are"
    assert plot.accessibleDescription() == "Loss: training 0.02, test 0.1"
    plot.show_curves(curve(), curve(), 500)
    assert plot.frame.x.high == 10, "not all of a long training at once"


def test_accuracy_is_a_share_in_percent(qtbot: QtBot) -> None:
    plot = EpochPlot("plot", "Accuracy", "Tip.", is_share=True)
    qtbot.addWidget(plot)
    plot.show_curves(curve(0.5), curve(0.125, 0.973), 2)
    assert plot.frame.y.ends == (0, 1)
    assert plot.accessibleDescription() == "Accuracy: training 50.0 %, test 97.3 %"


@pytest.mark.parametrize(("value", "text"), [(1e-12, "10⁻¹²"), (1.0, "10⁰")])
def test_powers_are_written(value: float, text: str) -> None:
    assert power_text(value) == text
