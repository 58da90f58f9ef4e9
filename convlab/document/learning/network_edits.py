"""The edits of what a network learns from that are more than a parameter: Document -> Document.

An edit that cannot be raises ValueError with a message for the person.
"""

from __future__ import annotations

from dataclasses import replace

from convlab.document.document import Document
from convlab.document.learning.network import OWN_DATA, NetworkTask
from convlab.document.learning.network_fit import as_learned
from convlab.document.learning.training import Training
from convlab.document.stack.edits import replace_stack


def set_data(document: Document, name: str) -> Document:
    """Choose a data set that comes with the program."""
    return _changed(document, data=name, path="")


def set_own_data(document: Document, path: str) -> Document:
    """Choose a file of one's own.

    Raises:
        ValueError: There is no path.
    """
    if not path:
        raise ValueError("There is no file to learn from: choose one.")
    return _changed(document, data=OWN_DATA, path=path)


def open_in_stack_lab(document: Document, training: Training) -> Document:
    """Put what was learned into the stack lab, with the pictures' size.

    Raises:
        ValueError: It has more layers than the stack lab shows.
    """
    return replace(document, stack=replace_stack(document.stack, as_learned(training)))


def _changed(document: Document, **changes: object) -> Document:
    task: NetworkTask = replace(document.learning.network, **changes)  # type: ignore[arg-type]
    return replace(document, learning=replace(document.learning, network=task))
