"""What of the viewing a project remembers: where its reader begins."""

from __future__ import annotations

from dataclasses import dataclass, replace

from convlab.document.document import Lab, Viewing
from convlab.document.learning.model import LearningPage
from convlab.document.signal.model import SignalTab


@dataclass(frozen=True, slots=True)
class View:
    """What is on the screen.

    Attributes:
        lab: The lab.
        page: Of the learning lab.
        tab: Of the signal lab.
        position: The n of the result at which g stands over f.
        layer: uid of the layer that is chosen in the stack lab, or None.
    """

    lab: Lab = Lab.KERNEL
    page: LearningPage = LearningPage.KERNEL
    tab: SignalTab = SignalTab.TERMS
    position: int = 0
    layer: int | None = None

    @classmethod
    def of(cls, viewing: Viewing) -> View:
        """Take what is remembered of a viewing."""
        signal = viewing.signal
        page, layer = viewing.learning.page, viewing.stack.chosen
        return cls(viewing.lab, page, signal.tab, signal.position, layer)

    def shown_in(self, viewing: Viewing) -> Viewing:
        """Return a viewing that shows this; what is not remembered stays, or begins again."""
        signal = replace(viewing.signal, tab=self.tab, position=self.position, is_playing=False)
        kernel = replace(viewing.kernel, probe=None, pinned=False)
        stack = replace(viewing.stack, chosen=self.layer, kernel=(0, 0), unit=None, pinned=False)
        learning = replace(viewing.learning, page=self.page)
        return replace(
            viewing,
            lab=self.lab,
            kernel=kernel,
            signal=signal,
            stack=stack,
            learning=learning,
        )
