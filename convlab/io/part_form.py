"""How one part of a Document stands in a project file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from convlab.io.attachments import Attachments
from convlab.io.layer_form import Tensors


@dataclass(frozen=True, slots=True)
class PartForm:
    """What stands in the file for a part, from state to file and back.

    Attributes:
        types: Of its keys in the file.
        write: Returns the values of the keys; files of the part are added.
        read: Returns the part of a whole project's form, whose types hold. It takes the arrays and
            files that belong to the part, and raises Rejection where they, or values, do not fit.
        may_lack: It may be left out: older files have none, or it is as at first.
        later: Types of keys that older files have not; each may be left out by itself.
        view: Types of what is remembered of its viewing; with a default where older files lack it.
    """

    types: Mapping[str, Any]
    write: Callable[[Any, Attachments], dict[str, Any]]
    read: Callable[[Any, Tensors, Attachments], Any]
    may_lack: bool = False
    later: Mapping[str, Any] = field(default_factory=dict)
    view: Mapping[str, Any] = field(default_factory=dict)
