"""The part of the Document that learns, and what is looked at in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from convlab.document.lab_part import LabState, LabViewing
from convlab.document.learning.network import OWN_DATA, NetworkTask, NetworkViewing
from convlab.document.learning.neuron import Neuron, NeuronViewing
from convlab.document.learning.one_kernel import KernelTask, KernelTrainingViewing


class LearningPage(StrEnum):
    """The pages of the learning lab."""

    KERNEL = "kernel"
    NETWORK = "network"
    NEURON = "neuron"


@dataclass(frozen=True, slots=True)
class LearningState(LabState):
    """Everything that can be edited in the learning lab."""

    kernel: KernelTask = field(default_factory=KernelTask)
    network: NetworkTask = field(default_factory=NetworkTask)
    neuron: Neuron = field(default_factory=Neuron)

    def outside(self) -> dict[str, tuple[str, str]]:
        """Return a data set of one's own."""
        own = self.network.data == OWN_DATA and self.network.path
        return {"data": ("data set", self.network.path)} if own else {}

    def with_paths(self, paths: Mapping[str, str]) -> LearningState:
        """Return this with another data set of one's own, or the first that is bundled."""
        path = paths.get("data")
        if path is None:
            return self
        data = OWN_DATA if path else NetworkTask().data
        return replace(self, network=replace(self.network, data=data, path=path))


@dataclass(frozen=True, slots=True)
class LearningViewing(LabViewing):
    """What a person looks at in the learning lab; not undone."""

    page: LearningPage = LearningPage.KERNEL
    kernel: KernelTrainingViewing = field(default_factory=KernelTrainingViewing)
    network: NetworkViewing = field(default_factory=NetworkViewing)
    neuron: NeuronViewing = field(default_factory=NeuronViewing)

    @property
    def shows_source(self) -> bool:
        """What is on the screen is made of the source's picture."""
        return not self.shows_training

    @property
    def shows_training(self) -> bool:
        """What is on the screen is made of a network in training."""
        return self.page is LearningPage.NETWORK

    def turned_to(self, before: LearningState, after: LearningState) -> LearningViewing:
        """Return this with the page on which the first change is seen, if this is another."""
        changed = [
            page
            for page in LearningPage
            if getattr(before, page.value) is not getattr(after, page.value)
        ]
        return self if not changed or self.page in changed else replace(self, page=changed[0])

    def remembered(self) -> dict[str, Any]:
        """Return what a project remembers."""
        return {"page": self.page}

    def recalled(self, remembered: Mapping[str, Any], state: LearningState) -> LearningViewing:
        """Return this with what was remembered, as far as the state has it."""
        del state
        return replace(self, page=remembered.get("page", self.page))
