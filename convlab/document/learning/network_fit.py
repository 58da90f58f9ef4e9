"""The network that a training begins with: its layers, its weights, whether it fits the data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convlab.document.learning.network import DIGITS, Architecture, NetworkTask, Start
from convlab.document.learning.training import Training
from convlab.document.stack.edits import set_classes
from convlab.document.stack.model import InputSpace, StackInput, StackState
from convlab.engine.errors import counted
from convlab.layers import Softmax, Stack
from convlab.layers.fitting import check
from convlab.layers.graph import Graph, chain
from convlab.layers.memory import check_memory
from convlab.learn.examples import Dataset
from convlab.learn.parameters import parameters_of
from convlab.learn.reinitialise import reinitialised
from convlab.learn.starter import starter_network


def first_network(
    task: NetworkTask, data: Dataset, lab: StackState, last: Training | None
) -> Stack:
    """Return the network with its initial weights.

    Args:
        task: What is wanted.
        data: The pictures.
        lab: The stack of the stack lab.
        last: The last training, or None.

    Raises:
        ValueError: It does not fit the pictures or their classes; one message with the remedy.
    """
    if task.architecture is Architecture.STACK:
        stack, name = lab.stack(), f"“{lab.title}” of the stack lab"
        check_input(lab, data)
    elif task.start is Start.RANDOM:
        return starter_network(data.shape, data.classes, task.seed)
    elif last is None or not last.step:
        raise ValueError("Nothing was trained yet that could go on: choose random initial weights.")
    else:
        stack, name = last.stack, "The last network"
    check_fits(stack, data, name)
    return reinitialised(stack, task.seed) if task.start is Start.RANDOM else stack


def check_input(lab: StackState, data: Dataset) -> None:
    """Reject a stack that takes other channels than the pictures have.

    Raises:
        ValueError: With the numbers and the remedy.
    """
    channels = data.shape[0]
    if lab.input.space.channels != channels:
        wanted = "grey" if channels == 1 else "colour"
        raise ValueError(
            f"“{lab.title}” of the stack lab takes {counted(lab.input.space.channels, 'channel')} "
            f"where the pictures have {channels}: choose {wanted} as its input there, and let its "
            f"first layer take {counted(channels, 'channel')}."
        )


def check_fits(stack: Stack, data: Dataset, name: str) -> None:
    """Reject a stack that cannot learn from the pictures.

    Raises:
        ValueError: It does not take them, has not one score for each class, or nothing to learn.
    """
    size = f"{data.shape[1]} × {data.shape[2]} px"
    graph = Graph(chain(stack.layers))
    shapes, misfit = check(graph, data.shape)
    if misfit is not None:
        why = f"{misfit.message[:1].lower()}{misfit.message[1:]}"
        raise ValueError(f"{name} does not fit pictures of {size}, in layer {misfit.uid}: {why}")
    scores = shapes[len(stack)]
    if len(scores) != 1:
        raise ValueError(
            f"{name} gives maps of {' × '.join(map(str, scores))} where one score for each of "
            f"{data.classes} classes belongs: end it with Flatten and Linear."
        )
    if scores[0] != data.classes:
        raise ValueError(
            f"{name} gives {counted(scores[0], 'score')} where {data.classes} classes are: give "
            f"its last Linear {data.classes} outputs."
        )
    if not parameters_of(stack):
        raise ValueError(f"{name} has no weights to learn: add a convolution or Linear.")
    check_memory(graph, data.shape)


def as_state(stack: Stack, data: Dataset, title: str) -> StackState:
    """Return a network as the stack lab has it.

    With the pictures' size, grey or in colour, and the names of the classes that it distinguishes.
    """
    channels, rows, columns = data.shape
    space = InputSpace.GREY if channels == 1 else InputSpace.RGB
    state = StackState.of(tuple(stack.layers), title, StackInput(space, (rows, columns)))
    return set_classes(state, data.names)


def as_learned(training: Training) -> StackState:
    """Return what was learned, ready for pictures of one's own.

    A network that knows the digits that come with the program gets them cut out as those were.
    """
    state = as_state(training.stack, training.data, training.title)
    is_cut = training.task.data == DIGITS
    return replace(state, input=replace(state.input, as_digit=is_cut))


def probabilities(
    scores: np.ndarray[tuple[int], np.dtype[np.float32]], stack: Stack
) -> list[float]:
    """Return the probability of each class, by softmax; a softmax at the end is not repeated.

    Args:
        scores: What the last layer gave, ``(K,)``.
        stack: The network.
    """
    if stack.layers and isinstance(stack.layers[-1], Softmax):
        return [float(score) for score in scores]
    raised = np.exp(scores.astype(np.float64) - float(scores.max()))
    return [float(probability) for probability in raised / raised.sum()]
