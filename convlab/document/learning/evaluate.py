"""Run a LearningJob: what the page on the screen shows."""

from __future__ import annotations

import time

from convlab.document.learning.job import LearningJob, LearningShown, LearningTiming, PageShown
from convlab.document.learning.kernel_training import KernelTraining
from convlab.document.learning.model import LearningPage
from convlab.document.learning.network_view import NetworkView
from convlab.document.learning.neuron_view import NeuronView
from convlab.document.painted import in_palette
from convlab.document.request import LabEvaluator, Request


class LearningEvaluator(LabEvaluator):
    """Runs jobs one after another; not thread-safe, one worker owns it."""

    def __init__(self) -> None:
        self._kernel = KernelTraining()
        self._network = NetworkView()
        self._neuron = NeuronView()

    def answer(self, request: Request) -> LearningShown:
        """Return what is painted of what learns in a document."""
        state, viewing = request.document.learning, request.viewing
        asked = request.generation, request.frame, state, viewing.learning, request.training
        return self.run(LearningJob(*asked, viewing.palette))

    def run(self, job: LearningJob) -> LearningShown:
        """Return everything the window paints for a job.

        Raises:
            ValueError: The picture or the numbers cannot be used; one message with the remedy.
        """
        started = time.perf_counter()
        page = self._page(job)
        return LearningShown(job, page, LearningTiming((time.perf_counter() - started) * 1000))

    def _page(self, job: LearningJob) -> PageShown:
        state, viewing = job.state, job.viewing
        if viewing.page is LearningPage.KERNEL:
            trained = self._kernel.run(job.frame, state.kernel, viewing.kernel)
            return in_palette(trained, job.palette)
        if viewing.page is LearningPage.NETWORK:
            return self._network.run(viewing.network, job.training, job.palette)
        neuron = self._neuron.run(job.frame, state.neuron, viewing.neuron)
        return in_palette(neuron, job.palette)
