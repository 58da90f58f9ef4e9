"""What the planner believes of a machine that was not measured: see ``tools/fit_planner.py``."""

from __future__ import annotations

from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.costs import Costs
from convlab.engine.steps import DepthwiseSteps, FftSteps, GemmSteps, RuntimeSteps, SlidingSteps

DEFAULT_COSTS = Costs(
    {
        Algorithm.OPENCV: SlidingSteps(
            run=8.08e03,
            kernel=1.06e03,
            call=2.83e03,
            row=2.02,
            pixel=0.36,
            product=0.0429,
            rest=0.421,
            addition=1.06e03,
            added=0.221,
            padded=0.862,
            made=0.297,
            stepped=1.44,
        ),
        Algorithm.SEPARABLE: SlidingSteps(
            run=1.13e04,
            kernel=1.5e03,
            call=6.76e03,
            row=2.29,
            pixel=0.462,
            product=0.0315,
            rest=0.518,
            addition=1.4e03,
            added=0.319,
            padded=1.47,
            made=0.356,
            stepped=2.04,
        ),
        Algorithm.FFT: FftSteps(
            group=3.76e05,
            channel=8.9e04,
            weight=121,
            tile=1.07e05,
            transform=1.43e04,
            transformed=0.212,
            product=8.79e03,
            multiplied=1.42,
            made=3.23,
            slid=0.0475,
        ),
        Algorithm.GEMM: GemmSteps(
            run=1.48e04,
            group=51.1,
            sharing=1.15e05,
            strip=8.18e03,
            run_copied=8.87,
            copied=0.275,
            strided=0.213,
            read=0.119,
            product=0.0504,
            weight=0.102,
            made=0.441,
            padded=1.77,
        ),
        Algorithm.DEPTHWISE: DepthwiseSteps(
            run=3.72e04,
            sharing=1.73e05,
            met=7.78,
            product=0.37,
            weight=0.58,
            moved=0.851,
            padded=1.29,
        ),
        Algorithm.ONNXRUNTIME: RuntimeSteps(
            run=1.05e05,
            group=462,
            copied=0.161,
            product=0.0143,
            weight=0.374,
            made=0.32,
            padded=15.9,
        ),
    }
)
