"""What the layers of a stack are on a picture, as records and as a table that a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from convlab.engine.counts import Cost
from convlab.engine.receptive_field import ReceptiveField
from convlab.layers.base import Shape

Fields = tuple[ReceptiveField, ReceptiveField]

_HEADERS = ("", "layer", "shape", "parameters", "multiply-adds", "sees")


@dataclass(frozen=True, slots=True)
class LayerSummary:
    """What one layer of a stack is on a given picture.

    Attributes:
        kind: Kind of the layer, as in files.
        shape: Shape of its result.
        cost: Its parameters and operations.
        fields: What a unit sees of the picture, along rows and columns. None: all of it.
        input_shape: Shape of its input, the first one where it has several.
    """

    kind: str
    shape: Shape
    cost: Cost
    fields: Fields | None
    input_shape: Shape


class StackSummary(list[LayerSummary]):
    """A summary for each layer; printed, or shown in a notebook, it is a table."""

    def rows(self) -> list[tuple[str, ...]]:
        """Return the cells of the table, a line for each layer and one for all of them."""
        total = sum((row.cost for row in self), Cost())
        lines = [
            (str(number), row.kind, _times(row.shape), *_costs(row.cost), _seen(row.fields))
            for number, row in enumerate(self, 1)
        ]
        return [*lines, ("", "all", "", *_costs(total), "")]

    def __str__(self) -> str:
        table = [_HEADERS, *self.rows()]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if place == 1 else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in table
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        head = "".join(f"<th>{escape(name)}</th>" for name in _HEADERS)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _times(shape: Shape) -> str:
    return " × ".join(map(str, shape))


def _costs(cost: Cost) -> tuple[str, str]:
    return f"{cost.parameters:,}", f"{cost.multiply_adds:,}"


def _seen(fields: Fields | None) -> str:
    """Return the size of the receptive field [px]."""
    return "all" if fields is None else _times(tuple(field.size for field in fields))
