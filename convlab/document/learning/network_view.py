"""What the window shows of a network that is being trained."""

from __future__ import annotations

from dataclasses import dataclass

from convlab.document.learning.network import NetworkTask, NetworkViewing
from convlab.document.learning.training import Training


@dataclass(frozen=True, slots=True, eq=False)
class NetworkShown:
    """What the window paints of the network.

    Attributes:
        training: Where it stands; None before the first step.
    """

    training: Training | None

    is_complete = True


class NetworkView:
    """Makes it; not thread-safe, one worker owns it."""

    def run(
        self, task: NetworkTask, viewing: NetworkViewing, training: Training | None
    ) -> NetworkShown:
        """Return what is painted of a training."""
        del task, viewing
        return NetworkShown(training)
