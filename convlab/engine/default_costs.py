"""What the planner believes of a machine that was not measured: see ``tools/fit_planner.py``."""

from __future__ import annotations

from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.costs import Costs
from convlab.engine.steps import DepthwiseSteps, FftSteps, GemmSteps, RuntimeSteps, SlidingSteps

DEFAULT_COSTS = Costs(
    {
        Algorithm.OPENCV: SlidingSteps(
            run=1.08e04,
            kernel=1.01e03,
            call=2.62e03,
            row=2.39,
            pixel=0.523,
            product=0.0431,
            rest=0.479,
            addition=999,
            added=0.217,
            padded=0.969,
            made=0.402,
            stepped=1.59,
        ),
        Algorithm.SEPARABLE: SlidingSteps(
            run=1.33e04,
            kernel=1.42e03,
            call=7.06e03,
            row=2.26,
            pixel=0.507,
            product=0.0295,
            rest=0.512,
            addition=1.34e03,
            added=0.283,
            padded=1.4,
            made=0.397,
            stepped=2.27,
        ),
        Algorithm.FFT: FftSteps(
            group=6.1e05,
            channel=1.1e05,
            weight=141,
            tile=1.2e05,
            transform=1.37e04,
            transformed=0.335,
            product=8.25e03,
            multiplied=1.38,
            made=2.89,
            slid=0.065,
        ),
        Algorithm.GEMM: GemmSteps(
            run=1.44e04,
            group=89.7,
            sharing=8.03e04,
            strip=9.41e03,
            run_copied=7.89,
            copied=0.418,
            product=0.0349,
            weight=0.0754,
            made=0.594,
            padded=1.42,
        ),
        Algorithm.DEPTHWISE: DepthwiseSteps(
            run=3.95e04,
            sharing=1.29e05,
            met=14.6,
            product=0.288,
            weight=0.434,
            moved=0.607,
            padded=0.884,
        ),
        Algorithm.ONNXRUNTIME: RuntimeSteps(
            run=1.27e05,
            group=94.1,
            copied=0.147,
            product=0.0126,
            weight=0.245,
            made=0.307,
            padded=3.43,
        ),
    }
)
