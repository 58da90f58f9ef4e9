"""What is said of a file of weights and the stack: in the list beforehand, in a message after."""

from __future__ import annotations

from convlab.document.file_name import shown_name
from convlab.engine.errors import counted
from convlab.io.weights_chain import Chain
from convlab.io.weights_names import node_path
from convlab.io.weights_plan import Plan, Row, shapes_text
from convlab.layers.catalog import entry_of
from convlab.ui.stack.weights_plan_dialog import PlanLine, PlanText

_NOTHING = "–"
_LISTED = 3  # in a message


def plan_text(plan: Plan) -> PlanText:
    """Return what the dialog shows."""
    asked, taken = plan.in_question, plan.taken
    others = [row for row in plan.rows if row not in asked and row not in taken]
    arrays = [
        PlanLine((_NOTHING, _names(plan, number), shapes_text(plan.bundles[number]), why))
        for number, why in plan.left
    ]
    sections = (
        ("To be chosen", [_line(plan, row) for row in asked]),
        ("Layers that stay as they are", [_line(plan, row) for row in others]),
        ("Taken", [_line(plan, row) for row in taken]),
        ("Left over in the file", arrays),
    )
    return PlanText(
        _summary(plan),
        tuple((f"{title} ({len(lines)})", lines) for title, lines in sections if lines),
        bool(taken),
        bool(asked),
        isinstance(plan.chain, Chain),
        [_names(plan, number) for number in range(len(plan.bundles))],
    )


def plan_taken(plan: Plan) -> str:
    """Say what was taken, and what was not."""
    left = [plan.bundles[number].prefix[:40] or "one without a name" for number, _ in plan.left]
    listed = ", ".join(left[:_LISTED])
    more = f" and {len(left) - _LISTED} more" if len(left) > _LISTED else ""
    rest = f"{listed}{more} {'is' if len(left) == 1 else 'are'}" if left else "nothing is"
    return (
        f"{len(plan.taken)} of {len(plan.rows)} layers filled from {shown_name(plan.path)}; "
        f"{rest} left over.{_folded(plan)}"
    )


def _summary(plan: Plan) -> str:
    asked, layers = len(plan.in_question), counted(len(plan.rows), "layer")
    text = f"{len(plan.taken)} of {layers} with weights take theirs from {shown_name(plan.path)}."
    if asked:
        text += f" For {asked}, several arrays fit: choose them below, or they stay as they are."
    if plan.lost_norms:
        text += (
            f" {counted(plan.lost_norms, 'batch normalisation')} of the file "
            f"{'has' if plan.lost_norms == 1 else 'have'} no layer here: without it the result "
            "differs."
        )
    if plan.root:
        text += f" All names in the file begin with {plan.root[:60]}"
    return text + _folded(plan)


def _folded(plan: Plan) -> str:
    count = sum(row.norm is not None for row in plan.taken)
    if not count:
        return ""
    what = counted(count, "batch normalisation")
    return f" {what} of the file went into the layer before, with ε 1e-5 assumed."


def _line(plan: Plan, row: Row) -> PlanLine:
    name = ".".join(node_path(row.slot))
    title = f"{row.number} {entry_of(row.slot.layer).short}"
    chosen = row.bundle
    takes = _NOTHING if chosen is None else _names(plan, chosen)
    if row.norm is not None:
        last = plan.bundles[row.norm].prefix.rpartition(".")[2][:60]
        takes += f" with {'.' if last.isdecimal() else ''}{last}"
    if row.misfit is not None:
        takes = f"not {_names(plan, row.misfit)}"
    shown = next((n for n in (chosen, row.likely, row.misfit) if n is not None), None)
    shape = shapes_text(plan.bundles[shown]) if shown is not None else _NOTHING
    why = row.why
    if row.likely is not None:
        why += f"; likely {plan.bundles[row.likely].prefix.removeprefix(plan.root)[:60]}"
    return PlanLine(
        (f"{title}  {name[:80]}".rstrip(), takes, shape, f"{why}{_bias(plan, row)}"),
        row.slot.uid,
        row.candidates,
        chosen,
    )


def _bias(plan: Plan, row: Row) -> str:
    """Say what becomes of a bias that only one side has."""
    if row.bundle is None or row.norm is not None:
        return ""
    is_there = "bias" in plan.bundles[row.bundle].arrays
    had = getattr(row.slot.layer, "bias", None) is not None
    has = getattr(row.layer, "bias", None) is not None
    if is_there and has and not had:
        return "; it gets a bias"
    return "; its bias becomes 0: the file has none" if has and not is_there else ""


def _names(plan: Plan, number: int) -> str:
    """Return what the arrays of a bundle are called, without what all names begin with."""
    return plan.bundles[number].names_text.removeprefix(plan.root)
