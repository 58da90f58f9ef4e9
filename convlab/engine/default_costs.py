"""What the planner believes of a machine that was not measured: see ``tools/fit_planner.py``."""

from __future__ import annotations

from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.costs import Costs
from convlab.engine.steps import DepthwiseSteps, FftSteps, GemmSteps, RuntimeSteps, SlidingSteps

DEFAULT_COSTS = Costs(
    {
        Algorithm.OPENCV: SlidingSteps(
            run=1.43e04,
            kernel=1.38e03,
            call=4.52e03,
            row=2.67,
            pixel=0.558,
            product=0.0461,
            rest=0.57,
            addition=1.21e03,
            added=0.272,
            padded=1.22,
            made=0.429,
            stepped=1.79,
        ),
        Algorithm.SEPARABLE: SlidingSteps(
            run=1.51e04,
            kernel=1.48e03,
            call=7.26e03,
            row=2.54,
            pixel=0.541,
            product=0.0367,
            rest=0.544,
            addition=1.39e03,
            added=0.29,
            padded=1.46,
            made=0.43,
            stepped=2.43,
        ),
        Algorithm.FFT: FftSteps(
            group=6.53e05,
            channel=1.05e05,
            weight=126,
            tile=1.14e05,
            transform=1.21e04,
            transformed=0.362,
            product=7.26e03,
            multiplied=1.24,
            made=2.63,
            slid=0.0662,
        ),
        Algorithm.GEMM: GemmSteps(
            run=4.13e04,
            group=2e03,
            sharing=1.02e05,
            strip=1.5e04,
            run_copied=15.0,
            copied=0.5,
            product=0.0339,
            weight=0.1,
            made=0.624,
            padded=1.76,
        ),
        Algorithm.DEPTHWISE: DepthwiseSteps(
            run=5e04,
            sharing=1.5e05,
            met=20.0,
            product=0.35,
            weight=0.5,
            moved=0.8,
            padded=1.0,
        ),
        Algorithm.ONNXRUNTIME: RuntimeSteps(
            run=1.22e05,
            group=104,
            copied=0.294,
            product=0.0241,
            weight=0.287,
            made=0.407,
            padded=3.12,
        ),
    }
)
