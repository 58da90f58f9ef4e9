"""The part of the Document that learns, and what is looked at in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from convlab.document.learning.network import NetworkTask, NetworkViewing
from convlab.document.learning.neuron import Neuron, NeuronViewing
from convlab.document.learning.one_kernel import KernelTask, KernelTrainingViewing


class LearningPage(StrEnum):
    """The pages of the learning lab."""

    KERNEL = "kernel"
    NETWORK = "network"
    NEURON = "neuron"


@dataclass(frozen=True, slots=True)
class LearningState:
    """Everything that can be edited in the learning lab."""

    kernel: KernelTask = field(default_factory=KernelTask)
    network: NetworkTask = field(default_factory=NetworkTask)
    neuron: Neuron = field(default_factory=Neuron)


@dataclass(frozen=True, slots=True)
class LearningViewing:
    """What a person looks at in the learning lab; not undone."""

    page: LearningPage = LearningPage.KERNEL
    kernel: KernelTrainingViewing = field(default_factory=KernelTrainingViewing)
    network: NetworkViewing = field(default_factory=NetworkViewing)
    neuron: NeuronViewing = field(default_factory=NeuronViewing)
