"""A network that was opened as the stack lab has it."""

from __future__ import annotations

from convlab.document.stack.edits import LONGEST_TITLE
from convlab.document.stack.model import StackState
from convlab.layers.graph import INPUT, Node
from convlab.networks.class_names import names_in
from convlab.networks.guess import count_of_classes, guess_input
from convlab.networks.network import Network


def opened(network: Network, title: str, runs_whole: bool = True) -> StackState:
    """Return what the stack lab shows of a network.

    Args:
        network: As it was opened.
        title: What it is called; a long one is cut.
        runs_whole: It may run as a whole in a session.

    Raises:
        ValueError: Its input is no picture.
    """
    guessed = guess_input(network)
    names = names_in(network.facts, count_of_classes(network))
    slots = _answer_last(network)
    state = StackState(
        slots,
        guessed.input,
        title=" ".join(title.split())[:LONGEST_TITLE] or "Network",
        next_uid=max((slot.uid for slot in slots), default=INPUT) + 1,
        classes=names,
        runs_whole=runs_whole,
        reasons=guessed.reasons,
    )
    return state.settled("classes")


def _answer_last(network: Network) -> tuple[Node, ...]:
    """Return the nodes with the first answer behind all others, where nothing takes it."""
    nodes = network.graph.nodes
    answer = network.outputs[0] if network.outputs else ""
    last = [node for node in nodes if node.name == answer and not network.graph.above(node.uid)]
    return (*(node for node in nodes if node not in last), *last)
