"""What the network's page says of a training."""

from __future__ import annotations

import math
from dataclasses import replace

from convlab.document.learning.network import NetworkTask, Start
from convlab.document.learning.network_view import NetworkShown, SampleShown
from convlab.document.learning.training import Stage, Training
from convlab.layers import BatchNorm2d, Dropout, Flatten
from convlab.ui.numbers import show_number
from convlab.ui.widgets import map_words
from convlab.ui.widgets.map_card import Card
from convlab.ui.widgets.map_node import Node

LIKE_BEFORE = (BatchNorm2d, Dropout, Flatten)
WORSE = 1.5  # times the loss of guessing: a network that learns is not so bad
NOUNS = {"digits": "digits", "shapes": "shapes"}


def accuracy_text(training: Training) -> str:
    """``Accuracy on the test set 97.3 % (354 of 364 digits)``."""
    counts = training.evaluation.confusion
    correct, total = int(counts.trace()), int(counts.sum())
    noun = NOUNS.get(training.task.data, "pictures")
    share = 100 * correct / total
    return f"Accuracy on the test set {share:.1f} % ({correct} of {total} {noun})"


def status_text(training: Training) -> str:
    """Say how far it is."""
    epochs = training.task.epochs
    if not training.step and training.stage is not Stage.STOPPED:
        kept = training.task.start is Start.KEPT
        now = "Initial weights kept" if kept else "Random initialisation, not trained yet"
        if training.data.note:
            return f"{training.data.note} {now}: press Train."
        return f"{now}: press Train, and watch the kernels and maps change."
    match training.stage:
        case Stage.DONE:
            return f"Done: {training.step} steps in {_epochs(epochs)}."
        case Stage.CANCELLED:
            return f"Cancelled in epoch {training.epoch} of {epochs}: what was learned stays."
        case Stage.STOPPED:
            return f"Diverged in epoch {training.epoch} of {epochs}."
    loss = training.curves.loss.values
    last = f", loss {show_number(float(loss[-1]), 3)}" if len(loss) else ""
    paused = "Paused: " if training.stage is Stage.PAUSED else ""
    text = f"epoch {training.epoch} of {epochs}, step {training.step} of {training.steps}{last}."
    return paused + (text if paused else text.capitalize())


def next_text(training: Training, wanted: NetworkTask) -> str:
    """Say what will come of the choices in the form, where that is not plain; else nothing."""
    if _went_up(training):
        return "The loss is higher than that of guessing: choose a lower learning rate."
    if not training.step:
        return ""
    if training.stage.is_open:
        return "" if training.task == wanted else "For the new choices cancel it, then train."
    if wanted.start is Start.KEPT:
        return "Train goes on from these weights."
    return f"Train starts again{'' if training.task == wanted else ' with the new choices'}."


def _went_up(training: Training) -> bool:
    """Tell whether the test loss is far above that of equal probabilities, and that at first."""
    values = training.curves.test_loss.values
    guessing = math.log(training.data.classes)
    return len(values) > 1 and float(values[-1]) > WORSE * max(guessing, float(values[0]))


def progress_text(training: Training | None) -> str:
    """``42 %`` while it learns or waits; else nothing."""
    if training is None or training.stage not in (Stage.RUNNING, Stage.PAUSED):
        return ""
    return f"{int(100 * training.progress)} %"


def sample_text(training: Training, sample: SampleShown) -> str:
    """Say what a picture is, and how it was classified."""
    names = training.data.names
    is_ = f"of {len(training.data.test)} in the test set: {names[sample.label]}"
    if sample.prediction is None:
        return is_
    probability = f"{100 * sample.probabilities[sample.prediction]:.0f} %"
    if sample.prediction == sample.label:
        return f"{is_}, classified correctly ({probability})"
    return f"{is_}, misclassified as {names[sample.prediction]} ({probability})"


def listed_text(shown: NetworkShown, cell: tuple[int, int] | None) -> str:
    """Say which pictures are listed."""
    training, listed = shown.training, shown.listed
    if training is None or listed is None:
        return ""
    shown_count, count = len(listed.indices), len(listed.indices) + listed.hidden
    more = f"{shown_count:,} of " if listed.hidden else ""
    if cell is None:
        return f"Misclassified: {more}{count:,}"
    label, prediction = (training.data.names[index] for index in cell)
    if label == prediction:
        return f"{label} classified correctly: {more}{count:,}"
    return f"{label} misclassified as {prediction}: {more}{count:,}"


def cards(sample: SampleShown) -> list[Card]:
    """Return what is written over the maps; times of layers this small would only flicker."""
    found = map_words.cards(sample.maps.job.state, sample.maps)
    return [replace(card, notes=()) for card in found]


def nodes(sample: SampleShown, before: dict[int, Node]) -> list[Node]:
    """Return how much room each layer needs that is shown.

    Flatten, and in use Dropout, hand on the values that stand before them; batch normalisation
    shifts and stretches each map as a whole, and its colours look the same. Their room is the
    others', but the scores at the end are always there.
    """
    state = sample.maps.job.state
    same = {slot.uid for slot in state.slots[:-1] if isinstance(slot.layer, LIKE_BEFORE)}
    found: list[Node] = []
    for node in map_words.nodes(state, sample.maps, before):
        if node.uid not in same:
            inputs = (found[-1].uid,) if found else ()
            found.append(replace(node, inputs=inputs))
    return found


def _epochs(count: int) -> str:
    return "1 epoch" if count == 1 else f"{count} epochs"


def data_text(page: NetworkShown) -> str:
    """Say how many pictures there are to learn from, and how large they are."""
    if page.training is None:
        return "no pictures yet"
    data = page.training.data
    rows, columns = data.shape[1:]
    count = len(data.training) + len(data.test)
    return f"{count:,} pictures of {columns} × {rows}"
