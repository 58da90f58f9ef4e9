"""What of the viewing a project remembers: where its reader begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from convlab.document.document import Document, Lab, Viewing


@dataclass(frozen=True, slots=True)
class View:
    """What is on the screen.

    Attributes:
        lab: The lab.
        remembered: What each lab's viewing says is to be remembered, by the names in a file.
    """

    lab: Lab
    remembered: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, viewing: Viewing) -> View:
        """Take what is remembered of a viewing."""
        remembered: dict[str, Any] = {}
        for lab in Lab:
            remembered |= viewing.part(lab).remembered()
        return cls(viewing.lab, remembered)

    def shown_in(self, viewing: Viewing, document: Document) -> Viewing:
        """Return a viewing that shows this of a document.

        What is not remembered, or not in the document, stays or begins again.
        """
        for lab in Lab:
            part = viewing.part(lab).recalled(self.remembered, document.part(lab))
            viewing = viewing.with_part(lab, part)
        return replace(viewing, lab=self.lab)
