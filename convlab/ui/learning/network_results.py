"""Where the training of a network stands: curves, confusion, maps, kernels, misclassified."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from convlab.document.learning.network import NetworkViewing
from convlab.document.learning.network_view import NetworkShown, SampleShown
from convlab.document.learning.training import Training
from convlab.ui.learning import network_words
from convlab.ui.learning.confusion_view import ConfusionView
from convlab.ui.learning.tile_strip import TileStrip
from convlab.ui.learning.training_plots import EpochPlot
from convlab.ui.widgets.forms import (
    as_panel,
    describe,
    filled,
    quiet_label,
    spin_box,
    wrapped_label,
)
from convlab.ui.widgets.map_grid import MapGrid
from convlab.ui.widgets.map_node import Node
from convlab.ui.widgets.score_bars import ScoreBars

SIDE_WIDTHS = 196, 300  # the least and the most [px]


class NetworkResults(QWidget):
    """Paints where training stands; what is looked at is chosen here.

    Signals:
        sample_chosen: Number of a picture of the test set, from 0.
    """

    sample_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._nodes: dict[int, Node] = {}
        self._listed: tuple[int, ...] = ()
        self._make_views()
        layout = filled(QHBoxLayout(self), margins=(0, 0, 0, 0), spacing=0)
        filled(layout, (self._middle(), 5), (self._side(), 4))
        self._sample.valueChanged.connect(self._on_sample_typed)
        self.misclassified.chosen.connect(self._on_misclassified_chosen)

    # ---- where things stand ----

    def _make_views(self) -> None:
        self.maps = describe(
            MapGrid(has_links=False),
            "network_maps",
            "Maps of the chosen picture",
            "What each layer makes of one picture of the test set, while the network learns. The "
            "wheel zooms, a drag pans, a double click fits. Batch norm, dropout and flatten "
            "hardly change the picture and are left out. Open the network in the stack lab to "
            "take every value of every layer apart.",
        )
        self.loss = EpochPlot(
            "network_loss_plot",
            "Loss",
            "Mean cross entropy, −log of the probability of the true class: 0 is perfect. Where "
            "the loss of the test set rises again while that of training falls, the network is "
            "overfitting: it learns its pictures by heart.",
            is_share=False,
        )
        self.accuracy = EpochPlot(
            "network_accuracy_plot",
            "Accuracy",
            "Fraction of pictures classified correctly, of the batches and of the test set.",
            is_share=True,
        )
        self.confusion = ConfusionView()
        self.scores = ScoreBars("network_scores")
        self.kernels = TileStrip(
            "network_kernels",
            "Kernels of the first layer",
            "What the first convolution looks for: red cells want light, blue cells want none. "
            "Random initialisation at first; watch edges and spots come out.",
            "The network has no convolution.",
        )
        self.misclassified = TileStrip(
            "network_wrong",
            "Misclassified",
            "Pictures of the test set: true class → prediction. Click one to see it go through the "
            "layers.",
            "None.",
        )
        self.misclassified.set_clickable()
        self._sample = spin_box(
            "network_sample_spin",
            "Picture of the test set",
            "Which one goes through the network. It never learned from any of them.",
            1,
            1,
        )
        self._verdict = wrapped_label("network_verdict", role="title")
        self._sample_words = wrapped_label("network_sample_words")
        self._listed_words = wrapped_label("network_listed_words", "Misclassified")

    def _middle(self) -> QVBoxLayout:
        self._sample.setFixedWidth(72)
        parts = quiet_label("Picture"), self._sample, (self._sample_words, 1)
        head = filled(QHBoxLayout(), *parts)
        below = QWidget()
        as_panel(below)
        grid = QGridLayout(below)
        grid.setContentsMargins(2, 2, 2, 6)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        for column, (title, view, stretch) in enumerate(
            (
                (quiet_label("Probabilities"), self.scores, 4),
                (quiet_label("First kernels"), self.kernels, 4),
                (self._listed_words, self.misclassified, 6),
            )
        ):
            title.setMinimumWidth(10)
            grid.addWidget(title, 0, column)
            grid.addWidget(view, 1, column)
            grid.setColumnStretch(column, stretch)
        below.setFixedHeight(200)
        layout = filled(QVBoxLayout(), margins=(4, 8, 4, 0), spacing=5)
        return filled(layout, self._verdict, head, (self.maps, 1), below)

    def _side(self) -> QVBoxLayout:
        layout = filled(QVBoxLayout(), margins=(6, 4, 8, 6), spacing=4)
        for view, stretch in ((self.loss, 3), (self.accuracy, 3), (self.confusion, 5)):
            view.setMinimumWidth(SIDE_WIDTHS[0])
            view.setMaximumWidth(SIDE_WIDTHS[1])
            layout.addWidget(view, stretch)
        return layout

    # ---- what is chosen ----

    def _on_sample_typed(self, number: int) -> None:
        self.sample_chosen.emit(number - 1)

    def _on_misclassified_chosen(self, place: int) -> None:
        if place < len(self._listed):
            self.sample_chosen.emit(self._listed[place])

    # ---- results ----

    def show_verdict(self, text: str) -> None:
        """Say how well the network classifies."""
        self._verdict.setText(text)

    def show_result(
        self, shown: NetworkShown, now: Training, sample: SampleShown, viewing: NetworkViewing
    ) -> None:
        """Paint where training stands.

        Args:
            shown: The result.
            now: Its training.
            sample: Its picture of the test set.
            viewing: What is looked at.
        """
        self._show_training(now, viewing)
        self._show_sample(now, sample)
        self._show_kernels(shown)
        self._show_listed(shown, now, viewing)

    def _show_training(self, now: Training, viewing: NetworkViewing) -> None:
        curves, epochs = now.curves, now.task.epochs
        self.loss.show_curves(curves.loss, curves.test_loss, epochs)
        self.accuracy.show_curves(curves.accuracy, curves.test_accuracy, epochs)
        self.confusion.show_counts(now.evaluation.confusion, now.data.names, viewing.cell)

    def _show_sample(self, now: Training, sample: SampleShown) -> None:
        self._sample.setMaximum(len(now.data.test))
        self._sample.show_number(sample.index + 1)
        self._sample_words.setText(network_words.sample_text(now, sample))
        self.scores.show_probabilities(now.data.names, sample.probabilities, sample.label)
        maps = sample.maps
        nodes = network_words.nodes(sample, self._nodes)
        self._nodes = {node.uid: node for node in nodes}
        self.maps.set_layers(nodes, network_words.cards(sample))
        self.maps.show_columns(maps.columns, frozenset())

    def _show_kernels(self, shown: NetworkShown) -> None:
        kernels = shown.kernels
        if kernels is None:
            return
        tips = [
            f"kernel of map {number // kernels.channels + 1}, from channel "
            f"{number % kernels.channels + 1}"
            for number in range(len(kernels.tiles))
        ]
        self.kernels.show_tiles(kernels.tiles, (), tips, None)

    def _show_listed(self, shown: NetworkShown, now: Training, viewing: NetworkViewing) -> None:
        listed = shown.listed
        self._listed = () if listed is None else listed.indices
        if listed is None:
            return
        names, test = now.data.names, now.data.test
        classified = [
            (names[int(test.labels[index])], names[int(now.evaluation.predictions[index])])
            for index in listed.indices
        ]
        sample = viewing.sample
        chosen = listed.indices.index(sample) if sample in listed.indices else None
        captions = [f"{label}→{prediction}" for label, prediction in classified]
        tips = [f"{label}, classified as {prediction}" for label, prediction in classified]
        self.misclassified.show_tiles(listed.tiles, captions, tips, chosen)
        self._listed_words.setText(network_words.listed_text(shown, viewing.cell))
