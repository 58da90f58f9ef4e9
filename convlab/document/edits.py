"""Edits of what is of no lab alone: Document -> Document, one function per action.

An edit that cannot be raises ValueError with a message for the person; the document stays.
"""

from __future__ import annotations

import string
from dataclasses import replace

from convlab.document.document import Document
from convlab.document.drawing import BLANK_DRAWING, Drawing
from convlab.document.source import BLANK, SourceKind, SourceSpec
from convlab.document.stack import edits as stack_edits
from convlab.document.stack.model import StackState


def set_source(document: Document, source: SourceSpec) -> Document:
    """Look at another picture."""
    return replace(document, source=source)


def set_pattern_angle(document: Document, degrees: float) -> Document:
    """Turn the pattern's bar or grating."""
    return replace(document, pattern=replace(document.pattern, angle=degrees % 360.0))


def move_pattern_object(document: Document, position: tuple[float, float]) -> Document:
    """Drag the pattern's object; (row, column) are fractions, kept inside the picture."""
    row, column = (min(max(value, 0.0), 1.0) for value in position)
    return replace(document, pattern=replace(document.pattern, position=(row, column)))


def set_drawing(document: Document, drawing: Drawing) -> Document:
    """Take another drawing."""
    return replace(document, drawing=drawing)


def draw_on(document: Document, drawing: Drawing) -> Document:
    """Take a drawing as the picture."""
    return replace(document, drawing=drawing, source=SourceSpec(SourceKind.DRAWING, BLANK))


def draw_digit(document: Document, network: StackState) -> Document:
    """Put a network that knows digits into the stack lab, and a canvas to draw one on before it.

    Args:
        document: Its drawing makes room for a blank one.
        network: Ten values come out; the classes get their digits as names if they have none.

    Raises:
        ValueError: It has too many layers, or does not tell ten classes apart.
    """
    network = replace(network, input=replace(network.input, as_digit=True))
    if not network.classes:
        network = stack_edits.set_classes(network, tuple(string.digits))
    return replace(
        document,
        source=SourceSpec(SourceKind.DRAWING, BLANK),
        drawing=BLANK_DRAWING,
        stack=stack_edits.replace_stack(document.stack, network),
    )
