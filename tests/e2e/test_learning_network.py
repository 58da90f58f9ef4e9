"""A person trains a network, in the real window."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QProgressBar,
    QPushButton,
    QTabWidget,
)

from convlab.document.document import Lab
from convlab.document.learning.job import LearningShown
from convlab.document.learning.network import NetworkTask
from convlab.document.learning.network_view import NetworkShown
from convlab.document.learning.training import Stage, Training
from convlab.document.stack.model import InputSpace
from convlab.io.project import load_project
from convlab.layers import BatchNorm2d, Conv2d, Dropout, Flatten
from convlab.learn.parameters import parameters_of
from convlab.ui.learning.confusion_view import ConfusionView
from convlab.ui.learning.learning_lab import LearningLab
from convlab.ui.learning.tile_strip import TileStrip
from convlab.ui.learning.training_plots import EpochPlot
from convlab.ui.widgets.map_grid import MapGrid
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS, Driver

LIMIT = 60_000  # [ms]


class NetworkDriver:
    """Drives the page of the network."""

    def __init__(self, person: Driver) -> None:
        self.person = person
        self.window = person.window
        self.page = self.window.labs.of(LearningLab).network
        self.tabs = person.find(QTabWidget, "learning_tabs")
        bar = self.tabs.tabBar()
        QTest.mouseClick(bar, LEFT, NO_KEYS, bar.tabRect(1).center())
        self.until_stage(Stage.READY)
        self.settle()

    @property
    def training(self) -> Training:
        assert self.page.training is not None
        return self.page.training

    @property
    def task(self) -> NetworkTask:
        return self.person.document.learning.network

    @property
    def shown(self) -> NetworkShown:
        shown = self.window.pump.shown
        assert isinstance(shown, LearningShown)
        assert isinstance(shown.page, NetworkShown)
        return shown.page

    def until_stage(self, stage: Stage) -> None:
        self.person.qtbot.waitUntil(
            lambda: self.page.training is not None and self.training.stage is stage, timeout=LIMIT
        )

    def settle(self) -> None:
        """Wait until what is shown is where training stands, as it is looked at."""

        def is_there() -> bool:
            shown = self.window.pump.shown
            return (
                isinstance(shown, LearningShown)
                and isinstance(shown.page, NetworkShown)
                and shown.page.training is self.training
                and shown.job.viewing == self.window.session.viewing.learning
            )

        self.person.until(is_there)

    def train(self, epochs: int = 3, batch: int = 64) -> None:
        self.person.set_spin("network_epochs_spin", epochs)
        self.person.set_spin("network_batch_spin", batch)
        self.person.press("network_train_button")
        self.until_stage(Stage.DONE)
        self.settle()
        self.person.until(lambda: self.text("network_status").startswith("Done"))

    def text(self, name: str) -> str:
        return self.person.find(QLabel, name).text()

    @property
    def message(self) -> str:
        return self.page.message.text

    @property
    def go_text(self) -> str:
        return self.person.find(QPushButton, "network_train_button").text()

    def click_cell(self, right: int, answer: int) -> None:
        view = self.person.find(ConfusionView, "network_confusion")
        place = view.cell_rect((right, answer)).center().toPoint()
        QTest.mouseClick(view, LEFT, NO_KEYS, place)
        self.settle()


@pytest.fixture
def network(open_window: OpenWindow) -> NetworkDriver:
    return NetworkDriver(open_window("--source", "pattern:step", "--lab", "learning"))


def weights(training: Training) -> list[bytes]:
    return [each.tobytes() for each in parameters_of(training.stack)]


def learning_threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name == "convlab-learning"]


@pytest.mark.display
def test_the_untrained_network_is_there_at_once(network: NetworkDriver) -> None:
    assert network.training.step == 0
    assert "of 364 digits)" in network.text("network_verdict")
    maps = network.person.find(MapGrid, "network_maps")
    layers = network.training.stack.layers
    left_out = {
        number
        for number, layer in enumerate(layers, 1)
        if isinstance(layer, BatchNorm2d | Dropout | Flatten)
    }
    assert left_out
    assert maps.in_sight == set(range(len(layers) + 1)) - left_out
    kernels = network.person.find(TileStrip, "network_kernels")
    first = next(layer for layer in layers if isinstance(layer, Conv2d))
    assert kernels.count == len(first.weight)
    assert network.shown.sample is not None
    assert sum(network.shown.sample.probabilities) == pytest.approx(1)


def test_it_learns_and_everything_follows(network: NetworkDriver) -> None:
    before = network.shown
    network.train(epochs=4, batch=32)
    training = network.training
    right = round(364 * training.evaluation.accuracy)
    assert right > 250
    words = f"Accuracy on the test set {100 * right / 364:.1f} % ({right} of 364 digits)"
    assert network.text("network_verdict") == words
    assert network.person.find(QProgressBar, "network_progress").value() == 1000
    wrong = network.person.find(TileStrip, "network_wrong")
    assert wrong.count == min(364 - right, 60)
    assert network.text("network_listed_words").endswith(f"{364 - right}")
    confusion = network.person.find(ConfusionView, "network_confusion")
    assert confusion.accessibleDescription() == f"{right} of 364 classified correctly"
    for name in ("network_loss_plot", "network_accuracy_plot"):
        assert "test" in network.person.find(EpochPlot, name).accessibleDescription()
    assert before.kernels is not None
    assert network.shown.kernels is not None
    assert (before.kernels.tiles != network.shown.kernels.tiles).any()


def test_one_step_pause_and_going_on_end_at_the_same_weights(network: NetworkDriver) -> None:
    network.train(epochs=2, batch=128)
    wanted = weights(network.training)
    network.person.press("network_step_button")
    network.until_stage(Stage.PAUSED)
    assert network.training.step == 1
    network.person.until(lambda: network.go_text == "Go on")
    network.person.press("network_epoch_button")
    network.person.until(
        lambda: network.training.step == 13 and network.training.stage is Stage.PAUSED
    )
    network.person.until(lambda: network.go_text == "Go on")
    network.person.press("network_train_button")
    network.until_stage(Stage.DONE)
    assert weights(network.training) == wanted
    network.person.until(lambda: network.go_text == "Train again")


def test_it_goes_on_behind_another_lab_and_says_how_far_it_is(network: NetworkDriver) -> None:
    network.person.set_spin("network_epochs_spin", 1000)
    network.person.press("network_train_button")
    network.until_stage(Stage.RUNNING)
    network.person.until(lambda: network.go_text == "Pause")
    network.window.show_lab(Lab.KERNEL)
    step = network.training.step
    network.person.until(lambda: network.training.step > step + 10)
    network.person.until(lambda: network.tabs.tabText(1) != "A network")
    assert network.tabs.tabText(1).startswith("A network ")
    assert network.tabs.tabText(1).endswith(" %")
    assert network.window.lab_tabs.tabText(3).startswith("Learning ")
    network.window.show_lab(Lab.LEARNING)
    network.person.until(lambda: network.go_text == "Pause")
    network.person.press("network_train_button")
    network.until_stage(Stage.PAUSED)
    network.person.until(lambda: network.go_text == "Go on")
    network.person.press("network_cancel_button")
    network.until_stage(Stage.CANCELLED)
    assert network.training.step > step
    network.person.until(lambda: network.tabs.tabText(1) == "A network")
    assert network.window.lab_tabs.tabText(3) == "Learning"
    network.person.until(lambda: "what was learned stays" in network.text("network_status"))


def test_the_foot_speaks_of_its_pictures_while_the_source_rests(open_window: OpenWindow) -> None:
    network = NetworkDriver(open_window("--source", "pattern:torch", "--lab", "learning"))
    words = "1,797 pictures of 8 × 8    source paused"
    network.person.until(lambda: network.text("status_rate") == words)
    network.person.set_spin("network_epochs_spin", 1000)
    network.person.press("network_train_button")
    network.person.until(lambda: network.training.step > 20)
    assert network.text("status_rate") == words
    captured = network.window.pipeline.captured
    network.person.until(lambda: network.training.step > 40)
    assert network.window.pipeline.captured == captured
    bar = network.tabs.tabBar()
    QTest.mouseClick(bar, LEFT, NO_KEYS, bar.tabRect(2).center())
    network.person.until(lambda: "fps in" in network.text("status_rate"))


def test_what_train_will_do_is_said_before(network: NetworkDriver) -> None:
    assert network.go_text == "Train"
    network.train(epochs=1)
    network.person.until(lambda: network.go_text == "Train again")
    assert network.text("network_status").endswith("Train starts again.")
    network.person.choose("network_data_combo", "Shapes")
    assert network.text("network_status").endswith("Train starts again with the new choices.")
    network.person.undo()
    network.person.choose("network_start_combo", "Keep")
    assert network.go_text == "Train on"
    assert network.text("network_status").endswith("Train goes on from these weights.")
    learned = network.training
    network.person.press("network_step_button")
    network.until_stage(Stage.PAUSED)
    assert network.training.curves.test_loss.values[0] == pytest.approx(learned.evaluation.loss)
    network.person.until(lambda: network.go_text == "Go on")
    assert "new choices" not in network.text("network_status")
    network.person.set_spin("network_epochs_spin", 7)
    assert network.text("network_status").endswith("For the new choices cancel it, then train.")
    network.person.undo()
    assert "new choices" not in network.text("network_status")


def test_too_high_a_rate_is_told_with_the_remedy(network: NetworkDriver) -> None:
    network.person.choose("network_optimiser_combo", "SGD")
    network.train(epochs=1)
    assert "lower learning rate" not in network.text("network_status")
    rate = network.person.find(QDoubleSpinBox, "network_rate_spin")
    rate.setFocus()
    rate.selectAll()
    QTest.keyClicks(rate, "99")
    QTest.keyClick(rate, Qt.Key.Key_Return)
    assert network.task.rate == 99
    network.person.press("network_train_button")
    network.until_stage(Stage.STOPPED)
    network.person.until(lambda: "lower the learning rate" in network.message)
    network.settle()
    assert "nan" not in network.text("network_verdict")


@pytest.mark.display
def test_closing_while_it_learns_ends_it(network: NetworkDriver) -> None:
    network.person.set_spin("network_epochs_spin", 1000)
    network.person.press("network_train_button")
    network.until_stage(Stage.RUNNING)
    assert learning_threads()
    network.window.close()
    assert not network.window.isVisible()
    assert not learning_threads()


def test_a_long_step_ends_behind_a_window_that_is_gone(
    network: NetworkDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    worker = network.window.pipeline.learning
    stop = worker.stop

    def noted() -> None:
        seen.append(network.window.isVisible())
        stop()

    monkeypatch.setattr(worker, "stop", noted)
    network.window.close()
    assert seen
    assert not any(seen)


def test_the_bundled_network_can_learn_on(network: NetworkDriver) -> None:
    network.person.press("draw_digit_button")
    network.person.until(lambda: network.window.session.viewing.lab is Lab.STACK)
    network.window.show_lab(Lab.LEARNING)
    network.person.choose("network_start_combo", "Keep")
    network.person.choose("network_architecture_combo", "The stack lab's")
    network.person.until(lambda: network.training.evaluation.accuracy > 0.99)
    network.person.until(lambda: network.text("network_status").startswith("Initial weights kept"))
    network.person.press("network_epoch_button")
    network.until_stage(Stage.PAUSED)
    assert network.training.evaluation.accuracy > 0.95
    assert "lower learning rate" not in network.text("network_status")


def test_a_cell_shows_its_pictures_and_one_of_them_goes_through(network: NetworkDriver) -> None:
    network.train()
    counts = network.training.evaluation.confusion
    network.click_cell(3, 3)
    assert network.window.session.viewing.learning.network.cell == (3, 3)
    assert network.text("network_listed_words") == f"3 classified correctly: {counts[3, 3]}"
    strip = network.person.find(TileStrip, "network_wrong")
    QTest.mouseClick(strip, LEFT, NO_KEYS, strip.tile_rect(1).center().toPoint())
    network.settle()
    sample = network.shown.sample
    assert sample is not None
    assert sample.index == network.training.classified(3, 3)[1]
    assert (sample.label, sample.prediction) == (3, 3)
    wanted = network.training.data.test.images[sample.index]
    np.testing.assert_array_equal(sample.maps.picture.maps, wanted)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    network.settle()
    assert network.shown.sample is not None
    assert network.shown.sample.index == network.training.classified(3, 3)[2]
    network.click_cell(3, 3)
    assert network.text("network_listed_words").startswith("Misclassified")
    network.person.set_spin("network_sample_spin", 7)
    network.settle()
    assert network.shown.sample is not None
    assert network.shown.sample.index == 6


def test_the_trained_network_opens_in_the_stack_lab_as_one_step(network: NetworkDriver) -> None:
    network.train(epochs=1)
    before = network.person.document.stack
    network.person.press("network_open_button")
    assert network.window.session.viewing.lab is Lab.STACK
    state = network.person.document.stack
    assert (state.input.space, state.input.size) == (InputSpace.GREY, (8, 8))
    found = [each.tobytes() for each in parameters_of(state.stack())]
    assert found == weights(network.training)
    network.person.undo()
    assert network.person.document.stack is before


def test_the_trained_network_is_saved_as_a_stack_file(
    network: NetworkDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.train(epochs=1)
    file = tmp_path / "mine.convlab"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    title = network.window.windowTitle()
    network.person.press("network_save_button")
    network.person.until(lambda: "Saved as mine.convlab" in network.text("network_status"))
    saved = load_project(file).stack
    assert saved.input.size == (8, 8)
    found = [each.tobytes() for each in parameters_of(saved.stack())]
    assert found == weights(network.training)
    assert network.window.windowTitle() == title


def test_the_stack_lab_s_stack_is_rejected_with_the_remedy(network: NetworkDriver) -> None:
    network.person.choose("network_architecture_combo", "The stack lab's")
    network.person.until(lambda: "takes 3 channels where the pictures have 1" in network.message)
    assert network.text("network_verdict").startswith("The last network that fits. ")
    network.person.choose("network_architecture_combo", "A small one")
    network.person.until(lambda: network.message == "")
    network.until_stage(Stage.READY)
    assert not network.text("network_verdict").startswith("The last")


def test_other_data_come_with_their_names_and_undo(network: NetworkDriver) -> None:
    network.person.choose("network_data_combo", "Shapes")
    network.person.until(lambda: network.training.data.shape == (1, 16, 16))
    network.settle()
    assert "shapes)" in network.text("network_verdict")
    network.person.choose("network_optimiser_combo", "SGD")
    assert network.task.rate == 0.1
    network.person.undo()
    network.person.undo()
    assert network.task == NetworkTask()


def test_data_of_ones_own_are_read_at_once(
    network: NetworkDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.train(epochs=1)
    done, before = network.training, network.task
    own = str(tmp_path / "own.npz")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (own, ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))

    # What does not fit is rejected with the numbers, and what was there stays.
    np.savez(own, images=np.zeros((9, 8, 8), np.uint8), labels=np.zeros(7, int))
    network.person.choose("network_data_combo", "A file of your own…")
    network.person.until(lambda: "labels have the shape (7,)" in network.message)
    assert network.task == before
    assert network.training is done
    assert network.go_text == "Train again"
    np.savez(own, weights=np.zeros(3))
    network.person.choose("network_data_combo", "A file of your own…")
    network.person.until(lambda: "its arrays are weights (3,): call the" in network.message)
    network.person.choose("network_data_combo", "A folder of your own…")
    network.person.until(lambda: "no folders in it hold pictures" in network.message)

    # What fits is learned from.
    labels = np.arange(60) % 3
    images = np.zeros((60, 12, 10, 3), np.uint8)
    images[np.arange(60), 4 * labels, :, 1] = 255
    np.savez(own, x_train=images, y_train=np.eye(3)[labels])
    network.person.choose("network_data_combo", "A file of your own…")
    network.person.until(lambda: network.task.path == own)
    assert network.message == ""
    network.person.set_spin("network_epochs_spin", 20)
    network.person.set_spin("network_batch_spin", 8)
    network.person.press("network_train_button")
    network.person.until(lambda: network.training.task.path == own)
    network.until_stage(Stage.DONE)
    network.settle()
    assert network.training.data.shape == (3, 12, 10)
    assert network.training.evaluation.accuracy == 1.0
    assert "(12 of 12 pictures)" in network.text("network_verdict")
