"""The bench's own parts; no test asserts how fast anything is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest

import convlab.bench.rivals as rivals
from convlab.bench import (
    blind_spots,
    comparing,
    design,
    engine,
    everyday,
    learning,
    networks,
    parts,
    report,
    signals,
    training,
)
from convlab.bench import planner as planner_bench
from convlab.bench.contestants import ACTIVATIONS, contestants
from convlab.bench.network_shapes import NETWORK_SHAPES
from convlab.bench.table import (
    Row,
    Task,
    against_best,
    at_least,
    at_most,
    in_blocks,
    medians,
    show_table,
)
from convlab.bench.wide_cases import usual_cases, wide_cases
from convlab.document.kernel.design.model import DesignPage
from convlab.engine.arrays import FloatArray
from convlab.layers import Stack
from convlab.learn.losses import Labels


class Soak:
    """A long run in a process of its own: this one's heap has the holes that other tests left."""

    def __init__(self, options: list[str], file: Path) -> None:
        self._file = file
        command = [sys.executable, "-m", "convlab", "bench", *options, "--json", str(file)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdout=pipe, stderr=subprocess.STDOUT, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            self._process.kill()

    def figures(self) -> dict[str, Any]:
        """Wait for its end; return its rows by their names."""
        said, _ = self._process.communicate()
        assert self._process.returncode == 0, said
        return {row["name"]: row for row in json.loads(self._file.read_text())["soak"]}


def test_goals_are_judged() -> None:
    assert at_most("a", 2.0, "ms", 2.0).good
    assert not at_most("a", 2.1, "ms", 2.0).good
    assert at_least("a", 2.0, "x", 2.0).good
    assert not at_least("a", 1.9, "x", 2.0).good


def test_the_table_says_what_was_missed() -> None:
    table = show_table([Row("plain", 1.0, "ms"), at_most("slow", 3.0, "ms", 2.0)])
    plain, slow = table.splitlines()[-2:]
    assert "MISSED" in slow
    assert "MISSED" not in plain


def test_every_task_runs_in_every_round() -> None:
    calls: list[str] = []
    medians([lambda: calls.append("a"), lambda: calls.append("b")], rounds=4, warm=2)
    assert calls.count("a") == calls.count("b") == 6


def test_figures_of_the_engine_are_stored_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "SIZES", (3,))
    monkeypatch.setattr(engine, "LAYERS", ())
    monkeypatch.setattr(engine, "DEEPEST", (2, 2, 3, 30, 40))
    monkeypatch.setattr(engine, "MEGAPIXELS", (0.01, 0.02, 0.04))
    monkeypatch.setattr(engine, "MEMORY_CASES", engine.MEMORY_CASES[:1])
    rows = engine.measure(rounds=2)
    report.store({"engine": rows}, tmp_path / "figures.json")
    stored = json.loads((tmp_path / "figures.json").read_text())["engine"]
    assert [row["name"] for row in stored] == [row.name for row in rows]
    assert all(row["value"] > 0 for row in stored)
    assert sum(row["goal"] != "" for row in stored) == (7 if sys.platform == "linux" else 6)


# On one core: layers, blind spots, the planner.


def test_every_kind_of_layer_gives_what_its_rivals_give() -> None:
    """ONNX Runtime and PyTorch run the very same operation, where they are installed."""
    shapes = {shape.kind: shape for shape in (*NETWORK_SHAPES, *blind_spots.SPOTS)}
    assert set(ACTIVATIONS) <= set(shapes)
    for kind, shape in shapes.items():
        small = shape._replace(input=(shape.input[0], 9, 9))
        given = {who: task() for who, task in contestants(small).items() if task is not None}
        ours = given.pop("convlab")
        for who, theirs in given.items():
            numbers = np.asarray(theirs[0] if isinstance(theirs, list) else theirs)
            np.testing.assert_allclose(
                np.asarray(ours).reshape(-1),
                numbers.reshape(-1),
                1e-4,
                1e-4,
                err_msg=f"{kind} {who}",
            )


def test_layers_of_networks_have_their_figures() -> None:
    shapes = [shape._replace(input=(shape.input[0], 8, 8)) for shape in NETWORK_SHAPES[:3]]
    rows = networks.measure(shapes)
    assert [row.name.split(",")[0] for row in rows] == [
        f"EfficientNet-Lite0: {kind}" for kind in ("batch_norm2d", "conv2d", "relu6")
    ]
    assert all(row.value > 0 for row in rows)


def test_blind_spots_have_their_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blind_spots, "PICTURE", (20, 30))
    rows = blind_spots.measure([blind_spots.SPOTS[5], blind_spots.SPOTS[9]], [5])
    assert [row.goal for row in rows[-2:]] == ["<= 15", "<= 1.1"]
    assert "filter2D" in rows[0].name or rows[0].goal
    assert all(row.value > 0 for row in rows)


def test_the_planner_has_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner_bench, "USUAL", 2)
    monkeypatch.setattr(planner_bench, "WIDE", 3)
    rows = planner_bench.measure()
    assert len(rows) == 7
    assert all(row.value >= 1.0 for row in rows)


def test_the_cases_of_the_planner_are_the_same_in_every_run() -> None:
    wide = list(wide_cases(200, 7))
    assert wide == list(wide_cases(200, 7))
    assert list(usual_cases(40, 7)) == list(usual_cases(40, 7))
    assert max(case.channels for case in wide) > 900
    assert max(case.picture[0] for case in wide) > 500
    assert min(case.picture[0] for case in wide) == 1
    for name in ("groups", "stride", "dilation", "pictures"):
        assert max(getattr(case, name) for case in wide) > 1, name


def test_rivals_run_in_blocks() -> None:
    ran: list[str] = []
    times = in_blocks(
        {"a": lambda: ran.append("a"), "b": lambda: ran.append("b"), "c": None}, 4, 0.0, 2
    )
    assert "".join(ran) == "aaabbb" * 2
    assert set(times) == {"a", "b"}


def test_the_best_rival_counts() -> None:
    assert against_best({"convlab": 3.0, "x": 2.0, "y": 4.0}) == (1.5, "x")
    assert against_best({"convlab": 3.0}) == (0.0, "nobody")


# Parts, and the page.


def test_a_part_that_fails_does_not_take_the_others_with_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(parts, "PARTS", {"missing": "None", "design": "Some"})
    monkeypatch.setattr(parts, "_CALIBRATE", "")
    monkeypatch.setattr(parts, "LIMIT", 0.01)
    assert dict(parts.measure_apart(["missing", "design"])) == {"missing": None, "design": None}
    assert "timed out" in capfd.readouterr().err


def test_a_page_gets_the_figures_of_the_parts_that_were_measured(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A\n<!-- one -->\nold\n<!-- end -->\nwhy\n<!-- two -->\nkept\n<!-- end -->\n")
    rows = [at_most("slow", 3.0, "ms", 2.0), Row("A | B", 0.1234, "x"), Row("large", 1234.5, "")]
    for _ in range(2):  # it can be written again
        report.write_page({"one": rows}, page, date(2026, 11, 30))
    text = page.read_text()
    assert "old" not in text
    assert "kept" in text
    assert "why" in text
    assert "| slow | 3 ms | ≤ 2 | MISSED |" in text
    assert r"| A \| B | 0.12 x |  |  |" in text
    assert text.count("Measured on 2026-11-30") == 1
    with pytest.raises(ValueError, match="no line <!-- three -->"):
        report.write_page({"three": rows}, page)


def test_the_page_of_figures_has_a_place_for_every_part() -> None:
    text = (Path(__file__).parents[1] / "docs" / "performance.md").read_text(encoding="utf-8")
    for name in parts.PARTS:
        assert f"<!-- {name} -->" in text


def test_a_live_network_has_its_figures(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnx", reason="the network is a file of ONNX")
    monkeypatch.setattr(everyday, "TURN", 0.2)
    monkeypatch.setattr(everyday, "EDITS", 1)
    monkeypatch.setattr(everyday, "EDITED", (0,))
    rows = everyday.measure(rounds=1)
    goals = [row.goal for row in rows if row.goal]
    assert goals[:5] == [">= 300", ">= 25", "<= 0", "<= 700", "<= 60"]
    maps = next(row.value for row in rows if row.name == "maps painted")
    assert maps >= 300
    assert next(row.value for row in rows if row.name.startswith("edit")) > 0


def test_the_signal_lab_has_its_figures(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PLAYED", 60), ("LONG", 300), ("SOUND", 200), ("RESPONSE", 20)):
        monkeypatch.setattr(signals, name, value)
    for name, seconds in (("WARM_UP", 0.1), ("TURN", 0.05)):
        monkeypatch.setattr(signals, name, seconds)
    monkeypatch.setattr(signals, "EDITS", 2)
    monkeypatch.setattr(rivals, "scipy_sound", lambda x, response: lambda: x.sum())
    rows = signals.measure(rounds=2)
    assert all(row.value > 0 for row in rows)
    assert [row.goal for row in rows if row.goal] == [">= 60", "<= 50", "<= 1"]
    assert rows[0].name == "playing with 60 samples"


def test_designed_filters_have_their_figures(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("WARM_UP", 0.1), ("TURN", 0.05)):
        monkeypatch.setattr(design, name, seconds)
    monkeypatch.setattr(design, "PAGES", [DesignPage.EXAMPLE])
    rows = design.measure(rounds=1)
    assert all(row.value >= 0 for row in rows)
    live = [">= 30", ">= 5", "<= 16"]
    assert [row.goal for row in rows if row.goal] == ["<= 20", "<= 15", "<= 15", *live, *live]


def test_a_comparison_has_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "SIZE", (48, 64, 3))
    monkeypatch.setattr(comparing, "WARM_UP", 0)
    rows = comparing.measure(rounds=1)
    assert [row.goal for row in rows] == ["<= 2.1"] * 8 + ["<= 150"]


def test_a_kernel_that_learns_has_its_figures(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "WARM_UP", 0.1)
    monkeypatch.setattr(learning, "NEAR", 2.0)
    rows = learning.measure()
    assert [row.goal for row in rows if "learned" in row.name] == ["<= 3", "<= 3"]
    assert all(0 < row.value < learning.LIMIT for row in rows if "learned" in row.name)


def test_without_scipy_its_figures_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rivals, "find_spec", lambda name: None)
    monkeypatch.setattr(signals, "SOUND", 200)
    monkeypatch.setattr(signals, "RESPONSE", 20)
    assert [row.name for row in signals.sound_rows(2)] == ["30 s of stereo through 2 s, convlab"]


def test_an_epoch_is_timed_beside_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def epoch(stack: Stack, images: FloatArray, labels: Labels, batch: int, rate: float) -> Task:
        return lambda: seen.append(len(images))

    monkeypatch.setattr(training, "BATCH", 500)
    monkeypatch.setattr(training, "REST", 0.0)
    monkeypatch.setattr(rivals, "pytorch_epoch", epoch)
    rows = training.measure(rounds=1)
    assert seen == [1433] * 3
    assert [row.goal for row in rows] == ["", "", "<= 2"]
    assert all(row.value > 0 for row in rows)


def test_without_pytorch_an_epoch_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rivals, "find_spec", lambda name: None)
    monkeypatch.setattr(training, "BATCH", 500)
    rows = training.measure(rounds=1)
    assert [row.name for row in rows] == ["1433 digits learned from once, convlab"]


LABS = ("kernel", "stack")


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Soak]]:
    """A minute of each lab, both at once: they measure memory, not time."""
    folder = tmp_path_factory.mktemp("soaks")
    with ExitStack() as stack:
        yield {
            lab: stack.enter_context(
                Soak(["--soak-minutes", "1", "--lab", lab], folder / f"{lab}.json")
            )
            for lab in LABS
        }


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_10_000_frames_through_the_window_leave_the_memory_flat(tmp_path: Path) -> None:
    with Soak(["--soak", "10000"], tmp_path / "frames.json") as soak:
        figures = soak.figures()
    assert figures["frames shown"]["value"] >= 10_000
    assert figures["grown since"]["good"], figures
    assert figures["grown in a typical tenth"]["good"], figures


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("lab", LABS)
def test_a_minute_of_live_editing_leaves_memory_and_threads_flat(
    lab: str, minutes: dict[str, Soak]
) -> None:
    """The stack lab computes with ONNX Runtime where it is installed."""
    figures = minutes[lab].figures()
    assert figures["steps to undo"]["value"] > 0
    assert figures["grown since"]["good"], figures
    assert figures["threads since the start"]["good"], figures
