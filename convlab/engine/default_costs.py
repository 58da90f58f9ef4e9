"""What the planner believes of a machine that was not measured: see ``tools/fit_planner.py``."""

from __future__ import annotations

from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.costs import Costs
from convlab.engine.steps import DepthwiseSteps, FftSteps, GemmSteps, RuntimeSteps, SlidingSteps

DEFAULT_COSTS = Costs(
    {
        Algorithm.OPENCV: SlidingSteps(
            run=7.2e03,
            kernel=1.1e03,
            call=3.06e03,
            row=1.99,
            pixel=0.346,
            product=0.0431,
            rest=0.43,
            addition=1.11e03,
            added=0.225,
            padded=0.848,
            made=0.291,
            stepped=1.35,
        ),
        Algorithm.SEPARABLE: SlidingSteps(
            run=1.12e04,
            kernel=1.53e03,
            call=6.72e03,
            row=2.31,
            pixel=0.453,
            product=0.0337,
            rest=0.53,
            addition=1.42e03,
            added=0.324,
            padded=1.5,
            made=0.36,
            stepped=2.05,
        ),
        Algorithm.FFT: FftSteps(
            group=3.5e05,
            channel=8.94e04,
            weight=123,
            tile=1.09e05,
            transform=1.52e04,
            transformed=0.205,
            product=9.41e03,
            multiplied=1.5,
            made=3.39,
            slid=0.0463,
        ),
        Algorithm.GEMM: GemmSteps(
            run=1.45e04,
            group=48.1,
            sharing=1.27e05,
            strip=8.13e03,
            run_copied=9.91,
            copied=0.3,
            strided=0.209,
            read=0.123,
            product=0.0498,
            weight=0.111,
            made=0.399,
            padded=1.61,
        ),
        Algorithm.DEPTHWISE: DepthwiseSteps(
            run=3.84e04,
            sharing=2.01e05,
            met=8.92,
            product=0.345,
            weight=0.674,
            pixel=8,
            moved=0.469,
            padded=0.483,
        ),
        Algorithm.ONNXRUNTIME: RuntimeSteps(
            run=1.03e05,
            group=676,
            copied=0.158,
            product=0.0144,
            weight=0.435,
            made=0.325,
            padded=27.5,
        ),
    }
)
