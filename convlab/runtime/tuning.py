"""Measures what the planner wants to know of this machine, beside the running program."""

from __future__ import annotations

import logging
import threading

from convlab.engine import calibration, planner
from convlab.engine.costs import Costs
from convlab.io import machine_costs
from convlab.runtime.priority import go_behind_window

log = logging.getLogger(__name__)

# When it is tried: after the start, when pictures have begun to flow; again, each time later, where
# the machine was busy or what came out cannot be [s].
PAUSES = (3.0, 60.0, 300.0, 1200.0)


class Tuner:
    """Plans with the costs that are known of this machine, else measures and keeps them.

    A thread of its own waits until the program has settled; the measuring takes three times half a
    second. Until it has succeeded the planner keeps its defaults.
    """

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._measure, name="convlab-tuning", daemon=True)

    def start(self) -> None:
        """Use what is known, or begin to wait."""
        costs = machine_costs.load()
        if costs is not None:
            planner.use_costs(costs)
        else:
            self._thread.start()

    def stop(self) -> None:
        """End the thread; returns when it has ended."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _measure(self) -> None:
        go_behind_window()
        for pause in PAUSES:
            if self._stopping.wait(pause):
                return
            costs = calibration.calibrate(self._stopping.wait)
            if costs is not None:
                self._keep(costs)
                return

    def _keep(self, costs: Costs) -> None:
        planner.use_costs(costs)
        try:
            machine_costs.save(costs)
        except OSError as error:
            log.warning("The measured costs cannot be kept: %s", error)
