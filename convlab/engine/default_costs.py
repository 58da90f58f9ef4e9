"""What the planner believes of a machine that was not measured: see ``tools/fit_planner.py``."""

from __future__ import annotations

from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.costs import Costs
from convlab.engine.steps import DepthwiseSteps, FftSteps, GemmSteps, RuntimeSteps, SlidingSteps

DEFAULT_COSTS = Costs(
    {
        Algorithm.OPENCV: SlidingSteps(
            run=1.02e04,
            kernel=1.02e03,
            call=2.65e03,
            row=2.32,
            pixel=0.384,
            product=0.0448,
            rest=0.414,
            addition=954,
            added=0.202,
            padded=0.913,
            made=0.352,
            stepped=1.51,
        ),
        Algorithm.SEPARABLE: SlidingSteps(
            run=1.28e04,
            kernel=1.54e03,
            call=7.53e03,
            row=2.44,
            pixel=0.523,
            product=0.0331,
            rest=0.542,
            addition=1.44e03,
            added=0.315,
            padded=1.5,
            made=0.397,
            stepped=2.24,
        ),
        Algorithm.FFT: FftSteps(
            group=4.93e05,
            channel=1e05,
            weight=133,
            tile=1.15e05,
            transform=1.41e04,
            transformed=0.241,
            product=8.52e03,
            multiplied=1.4,
            made=3.09,
            slid=0.0572,
        ),
        Algorithm.GEMM: GemmSteps(
            run=1.49e04,
            group=74.2,
            sharing=8.49e04,
            strip=9e03,
            run_copied=5.74,
            copied=0.262,
            strided=0.185,
            read=0.0968,
            product=0.0485,
            weight=0.0747,
            made=0.6,
            padded=1.39,
        ),
        Algorithm.DEPTHWISE: DepthwiseSteps(
            run=3.78e04,
            sharing=1.43e05,
            met=9.15,
            product=0.35,
            weight=0.475,
            moved=0.744,
            padded=1.01,
        ),
        Algorithm.ONNXRUNTIME: RuntimeSteps(
            run=9.16e04,
            group=141,
            copied=0.163,
            product=0.0164,
            weight=0.303,
            made=0.261,
            padded=5.03,
        ),
    }
)
