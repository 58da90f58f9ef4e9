"""Measure how a network of 50 MB opens, and what ten networks leave: on the real window.

Prints the longest gap between two events of the window's thread while the network is opened, until
its first maps are painted; how long that took; and what memory ten networks one after another
leave. Times are given without what the thread waited for a processor, too: on a busy machine only
those say anything.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["CONVLAB_HOME"] = tempfile.mkdtemp()

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import helper, numpy_helper  # noqa: E402
from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402

from convlab.bench.live import dress, on_source, open_window, run  # noqa: E402
from convlab.document.document import Lab  # noqa: E402
from convlab.document.stack.job import StackShown  # noqa: E402
from convlab.runtime.child_limits import resident  # noqa: E402
from convlab.ui.main_window import MainWindow  # noqa: E402
from tests.networks.models import model_of  # noqa: E402

NETWORKS = 10


def write(path: Path, seed: int, side: int = 224) -> Path:
    """Write a network of 12 million weights: convolutions with skips, and an answer."""
    rng, nodes, weights = np.random.default_rng(seed), [], []
    before, channels = "x", 3
    plan = [(64, 4), (128, 2), (256, 2), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1)]
    for number, (outputs, stride) in enumerate(plan):
        array = rng.standard_normal((outputs, channels, 3, 3), np.float32)
        array *= np.float32(np.sqrt(1 / (9 * channels)))
        weights.append(numpy_helper.from_array(array, f"w{number}"))
        conv = helper.make_node(
            "Conv", [before, f"w{number}"], [f"c{number}"], pads=[1] * 4, strides=[stride] * 2
        )
        nodes += [conv, helper.make_node("Relu", [f"c{number}"], [f"r{number}"])]
        result = f"r{number}"
        if channels == outputs:
            result = f"a{number}"
            nodes.append(helper.make_node("Add", [before, f"r{number}"], [result]))
        before, channels = result, outputs
    dense = rng.standard_normal((1000, channels), np.float32) / np.float32(channels)
    weights.append(numpy_helper.from_array(dense, "dense"))
    nodes += [
        helper.make_node("GlobalAveragePool", [before], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["flat"]),
        helper.make_node("Gemm", ["flat", "dense"], ["scores"], transB=1),
    ]
    onnx.save(model_of(nodes, (1, 3, side, side), weights), path)
    return path


def waited_here() -> float:
    """Return how long this thread has waited for a processor [s]."""
    task = f"/proc/self/task/{threading.get_native_id()}/schedstat"
    try:
        return int(Path(task).read_text("ascii").split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


class Gaps:
    """The longest time between two events of the window's thread [s].

    Attributes:
        wall: By the clock.
        own: Without what the thread waited for a processor.
        work: What the thread itself computed meanwhile.
    """

    def __init__(self) -> None:
        self.wall = self.own = self.work = 0.0
        self._last = self._now()

    def look(self) -> None:
        """Count the time since it looked last."""
        now = self._now()
        wall, waited, work = (new - old for new, old in zip(now, self._last, strict=True))
        self._last = now
        self.wall, self.own = max(self.wall, wall), max(self.own, wall - waited)
        self.work = max(self.work, work)

    def __str__(self) -> str:
        wall, own, work = (round(1000 * each) for each in (self.wall, self.own, self.work))
        return f"{wall} ms ({own} without waiting for a processor, {work} of work)"

    @staticmethod
    def _now() -> tuple[float, float, float]:
        return time.perf_counter(), waited_here(), time.thread_time()


def open_network(window: MainWindow, path: Path) -> tuple[float, Gaps, Gaps]:
    """Open a network as a drop does.

    Returns:
        When its first maps were painted [s]; the gaps until it was there, and those behind that.
    """
    opening, showing, started, loop = Gaps(), Gaps(), time.perf_counter(), QEventLoop()

    def look() -> None:
        state, shown = window.session.document.stack, window.pump.shown
        is_there = state.title == path.stem
        (showing if is_there else opening).look()
        if not is_there:
            showing._last = opening._last
        if is_there and isinstance(shown, StackShown) and shown.job.state.title == path.stem:
            loop.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(1)
    window.openings.open_file(str(path))
    loop.exec()
    timer.stop()
    return time.perf_counter() - started, opening, showing


def main() -> None:
    """Print all figures."""
    app = dress()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_window(on_source("pattern:drift"), Lab.STACK) as window,
    ):
        run(2.0)
        size = 0
        memory = []
        for number in range(NETWORKS):
            path = write(Path(folder) / f"network {number}.onnx", number)
            size = path.stat().st_size >> 20
            took, opening, showing = open_network(window, path)
            path.unlink()
            run(1.0)
            memory.append((resident(os.getpid()) or 0) >> 20)
            print(
                f"{number}: {size} MB painted after {took:.2f} s; longest gap while it is opened "
                f"{opening}, while it is shown {showing}; {memory[-1]} MB",
                flush=True,
            )
    print(f"from the second to the last {max(memory[1:]) - memory[1]} MB more at most")
    app.processEvents()


if __name__ == "__main__":
    main()
