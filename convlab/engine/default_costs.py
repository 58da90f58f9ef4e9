"""What the planner believes of a machine that was not measured: see ``tools/fit_planner.py``."""

from __future__ import annotations

from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.costs import Costs
from convlab.engine.steps import DepthwiseSteps, FftSteps, GemmSteps, RuntimeSteps, SlidingSteps

DEFAULT_COSTS = Costs(
    {
        Algorithm.OPENCV: SlidingSteps(
            run=1.11e04,
            kernel=1.12e03,
            call=2.8e03,
            row=2.28,
            pixel=0.431,
            product=0.0493,
            rest=0.459,
            addition=1.13e03,
            added=0.243,
            padded=0.984,
            made=0.346,
            stepped=1.75,
        ),
        Algorithm.SEPARABLE: SlidingSteps(
            run=1.35e04,
            kernel=1.74e03,
            call=8.07e03,
            row=2.68,
            pixel=0.551,
            product=0.0346,
            rest=0.599,
            addition=1.64e03,
            added=0.371,
            padded=1.7,
            made=0.415,
            stepped=2.39,
        ),
        Algorithm.FFT: FftSteps(
            group=5.1e05,
            channel=1.1e05,
            weight=148,
            tile=1.31e05,
            transform=1.68e04,
            transformed=0.276,
            product=1.02e04,
            multiplied=1.67,
            made=3.78,
            slid=0.0604,
        ),
        Algorithm.GEMM: GemmSteps(
            run=1.59e04,
            group=54.7,
            sharing=1.04e05,
            strip=8.35e03,
            run_copied=7.2,
            copied=0.236,
            strided=0.212,
            read=0.111,
            product=0.0494,
            weight=0.0926,
            made=0.517,
            padded=2.05,
        ),
        Algorithm.DEPTHWISE: DepthwiseSteps(
            run=3.9e04,
            sharing=1.78e05,
            met=8.85,
            product=0.399,
            weight=0.595,
            moved=0.904,
            padded=1.31,
        ),
        Algorithm.ONNXRUNTIME: RuntimeSteps(
            run=1.34e05,
            group=296,
            copied=0.167,
            product=0.0144,
            weight=0.297,
            made=0.304,
            padded=9.72,
        ),
    }
)
