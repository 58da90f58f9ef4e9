"""What the page of one neuron says of what is on it."""

from __future__ import annotations

from convlab.document.learning.neuron import NeuronActivation
from convlab.document.learning.neuron_examples import EXAMPLES
from convlab.document.learning.neuron_view import NeuronShown, Trial
from convlab.ui.numbers import show_number

BRIGHT, DARK = 0.6, 0.3  # fractions of white
MOST_DIGITS = 7  # of float32


def example_words(name: str) -> str:
    """Return the text of an example; empty for none."""
    return EXAMPLES[name].text if name in EXAMPLES else ""


def trial_words(trials: tuple[Trial, ...]) -> str:
    """List what the neuron does in each case: ``1 1 → fires ✗``."""
    texts = []
    for trial in trials:
        inputs = " ".join(show_number(value) for value in trial.inputs)
        mark = "✓" if trial.fires is trial.expected else "✗"
        words = f"{inputs} → {'fires' if trial.fires else 'silent'} {mark}"
        texts.append(words.replace(" ", "\N{NO-BREAK SPACE}"))
    return "    ".join(texts)


def input_words(shown: NeuronShown, index: int) -> str:
    """Say what one input does to the sum."""
    value, weight, term = (
        numbers[index] for numbers in (shown.inputs, shown.neuron.weights, shown.terms)
    )
    name, look = f"Input {index + 1}", _look(value, shown.white)
    if weight == 0.0:
        return f"{name} is {look}, but its weight is 0: the neuron does not look at it."
    sign = "positive" if weight > 0.0 else "negative"
    its = f"its weight is {sign} ({show_number(weight)})"
    if term == 0.0:
        return f"{name} is {look}: whatever its weight ({show_number(weight)}), it adds nothing."
    if term < 0.0:
        link = "but" if value >= BRIGHT * shown.white else "and"
        return f"{name} is {look} {link} {its}: it inhibits, and takes {show_number(-term)} away."
    return f"{name} is {look} and {its}: it excites, and adds {show_number(term)}."


def sum_words(shown: NeuronShown) -> str:
    """Say whether the sum exceeds the threshold, and what comes of it."""
    total, threshold = _distinguished(shown.total, shown.neuron.threshold)
    if shown.drive > 0.0:
        reached = f"The sum {total} exceeds the threshold {threshold}"
    elif shown.drive == 0.0:
        reached = f"The sum {total} equals the threshold and does not exceed it"
    else:
        reached = f"The sum {total} does not reach the threshold {threshold}"
    return f"{reached}: {_outcome(shown)}."


def _outcome(shown: NeuronShown) -> str:
    output, fires = show_number(shown.output), shown.fires
    match shown.neuron.activation:
        case NeuronActivation.STEP:
            return "the neuron fires" if fires else "the neuron is silent"
        case NeuronActivation.RELU:
            return f"the neuron fires with {output}" if fires else "the neuron is silent"
        case NeuronActivation.SIGMOID:
            side = "more" if fires else "half" if shown.drive == 0.0 else "less"
            half = "" if side == "half" else " than half"
            return f"the neuron is at {output}, {side}{half}"
        case NeuronActivation.TANH:
            side = "above" if fires else "at" if shown.drive == 0.0 else "below"
            return f"the neuron is at {output}, {side} 0"


def _look(value: float, white: float) -> str:
    """Say how bright an input is, with its number."""
    share = value / white
    word = "bright" if share >= BRIGHT else "dark" if 0.0 <= share <= DARK else "grey"
    if share < 0.0:
        word = "negative"
    return f"{word} ({show_number(value)})"


def _distinguished(first: float, second: float) -> tuple[str, str]:
    """Round two numbers for reading, but not so far that different ones look alike."""
    texts = show_number(first), show_number(second)
    for digits in range(4, MOST_DIGITS + 1):
        if texts[0] != texts[1] or first == second:
            break
        texts = show_number(first, digits), show_number(second, digits)
    return texts
