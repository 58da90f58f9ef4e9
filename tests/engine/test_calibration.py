from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from convlab.engine import calibration
from convlab.engine.planner import Costs, plan


def test_every_cost_is_measured_and_can_be_planned_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "_REPEATS", 3)
    costs = calibration.measure()
    values = np.array([getattr(costs, field.name) for field in fields(costs)])
    assert np.isfinite(values).all()
    assert (values > 0).all()
    # Other machines are slower or faster, but no step takes a thousand times as long.
    defaults = np.array([getattr(Costs(), field.name) for field in fields(costs)])
    assert (np.abs(np.log10(values / defaults)) < 3).all()
    assert plan((720, 1280), (63, 63), costs=costs).cost > 0
