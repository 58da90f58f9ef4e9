from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convlab.engine import kernels, planner
from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_arguments import build_problem
from convlab.engine.costs import Costs
from convlab.engine.default_costs import DEFAULT_COSTS
from convlab.engine.planner import Plan, plan, plan_problem

FULL = np.random.default_rng(0).standard_normal((15, 15), dtype=np.float32)
TALL = np.arange(1.0, 16.0, dtype=np.float32)[:, None]
RANK_ONE = TALL * (TALL[::-1].T - 3.0)
TWO = kernels.gaussian(15, 1.5) - kernels.gaussian(15, 3.0)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan with what is always there, unless a test says otherwise."""
    monkeypatch.setattr("convlab.engine.algorithms.onnxruntime.is_installed", lambda: False)


def changed(way: Algorithm, step: str, factor: float) -> Costs:
    """Return the defaults, but for one step of one algorithm."""
    steps = DEFAULT_COSTS.tables[way]
    dear = steps._replace(**{step: factor * getattr(steps, step)})
    return Costs({**DEFAULT_COSTS.tables, way: dear})


def problem_of(x: Any, weight: Any) -> Any:
    return build_problem(x, weight, None, 1, "same", 1, 1, "zeros", 0.0, False)[0]


# What is picked.


@pytest.mark.parametrize(
    ("x", "weight", "options", "expected"),
    [
        ((720, 1280), (3, 3), {"padding": "same"}, Algorithm.OPENCV),
        ((720, 1280), (31, 31), {"padding": "same"}, Algorithm.FFT),
        ((3, 480, 640), (3, 1, 3, 3), {"groups": 3}, Algorithm.OPENCV),
        ((16, 120, 160), (32, 16, 3, 3), {}, Algorithm.GEMM),
        ((64, 56, 56), (64, 64, 3, 3), {}, Algorithm.GEMM),
        ((3, 480, 640), (8, 3, 3, 3), {"stride": 2}, Algorithm.GEMM),
        ((1152, 7, 7), (1152, 1, 5, 5), {"groups": 1152, "padding": 2}, Algorithm.DEPTHWISE),
        ((32, 112, 112), (32, 1, 3, 3), {"groups": 32, "padding": 1}, Algorithm.OPENCV),
        ((320, 7, 7), (1280, 320, 1, 1), {}, Algorithm.GEMM),
        ((1, 1, 10, 10), (1, 1, 3, 3), {}, Algorithm.OPENCV),
        ((720, 1280), (11, 11), {"padding": "same"}, Algorithm.OPENCV),
    ],
)
def test_the_shape_decides(
    x: tuple[int, ...], weight: tuple[int, ...], options: dict[str, Any], expected: Algorithm
) -> None:
    assert plan(x, weight, **options).algorithm is expected


def test_a_kernel_of_rank_one_is_found_and_explained() -> None:
    found = plan((720, 1280), (15, 15), padding="same", weight=RANK_ONE)
    assert found.algorithm is Algorithm.SEPARABLE
    assert found.reason == "rank 1: two passes of 15 instead of one of 225"
    unknown = plan((720, 1280), (15, 15), padding="same", weight=FULL)
    assert unknown.algorithm is not Algorithm.SEPARABLE
    assert Algorithm.SEPARABLE not in dict(unknown.others)


def test_a_sum_of_few_separable_kernels_is_run_as_their_sum() -> None:
    two = kernels.gaussian(11, 1.5) - kernels.gaussian(11, 3.0)
    found = plan((720, 1280), (11, 11), padding="same", weight=two)
    assert found.algorithm is Algorithm.SEPARABLE
    assert found.reason == "rank 2: 4 passes of 11 instead of one of 121"


def test_a_small_separable_kernel_is_simply_slid() -> None:
    found = plan((720, 1280), (3, 3), padding="same", weight=kernels.preset("Sobel vertical"))
    assert found.algorithm is Algorithm.OPENCV


def test_onnx_runtime_is_taken_for_deep_layers_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("convlab.engine.algorithms.onnxruntime.is_installed", lambda: True)
    assert plan((32, 240, 320), (32, 32, 3, 3), stride=2).algorithm is Algorithm.ONNXRUNTIME
    assert plan((720, 1280), (3, 3)).algorithm is Algorithm.OPENCV


@pytest.mark.parametrize(
    ("x", "weight"),
    [((720, 1280), (3, 3)), ((720, 1280), (63, 63)), ((16, 120, 160), (32, 16, 3, 3))],
)
def test_the_plan_is_the_cheapest_of_all_and_says_why(
    x: tuple[int, ...], weight: tuple[int, ...]
) -> None:
    found = plan(x, weight, padding="same")
    costs = [cost for _, cost in found.others]
    assert costs == sorted(costs)
    assert found.others[0] == (found.algorithm, found.cost)
    assert found.cost > 0
    assert found.reason


def test_costs_decide() -> None:
    dear = changed(Algorithm.OPENCV, "pixel", 1e6)
    assert plan((720, 1280), (3, 3), costs=dear).algorithm is not Algorithm.OPENCV


def test_used_costs_are_planned_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "_present", planner._present)
    planner.use_costs(changed(Algorithm.OPENCV, "pixel", 1e6))
    assert plan((720, 1280), (3, 3)).algorithm is not Algorithm.OPENCV


@pytest.mark.parametrize(
    ("way", "step"),
    [(way, step) for way, steps in DEFAULT_COSTS.tables.items() for step in steps._fields],
)
def test_every_cost_matters_to_some_plan(
    way: Algorithm, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("convlab.engine.algorithms.onnxruntime.is_installed", lambda: True)

    def all_costs(costs: Costs) -> list[Plan]:
        return [
            plan((3, 60, 60), (4, 3, 5, 5), costs=costs),
            plan((3, 60, 60), (4, 3, 5, 5), stride=2, padding=5, border="circular", costs=costs),
            plan((90, 90), (15, 15), weight=RANK_ONE, stride=2, costs=costs),
            plan(
                (4, 91, 91),
                (2, 2, 15, 15),
                groups=2,
                weight=np.stack([TWO] * 4).reshape(2, 2, 15, 15),
                padding=20,
                costs=costs,
            ),
            plan((64, 224, 224), (64, 64, 3, 3), costs=costs),
            plan((96, 40, 40), (96, 1, 5, 5), groups=96, padding=2, costs=costs),
            plan((96, 224, 224), (96, 1, 3, 3), groups=96, costs=costs),
        ]

    assert all_costs(changed(way, step, 10.0)) != all_costs(DEFAULT_COSTS)


def test_kernels_are_factored_only_where_kernels_of_rank_one_would_be_faster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[Any] = []
    monkeypatch.setattr(planner, "factor", lambda kernel: looked.append(kernel))
    rng = np.random.default_rng(0)
    for channels, side, size in ((200, 60, 3), (2, 400, 15)):
        x = rng.standard_normal((channels, side, side), dtype=np.float32)
        weight = rng.standard_normal((channels, 1, size, size), dtype=np.float32)
        options = 1, "same", 1, channels, "zeros", 0.0, False
        plan_problem(build_problem(x, weight, None, *options)[0])
    assert [kernel.shape for kernel in looked] == [(15, 15)]  # the first is of no low rank


# Numbers before speed.


@pytest.mark.parametrize("size", [31])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_nan_is_kept_in_its_place(size: int, bad: float) -> None:
    x = np.zeros((300, 300), np.float32)
    x[0, 0] = bad
    found = plan_problem(problem_of(x, np.ones((size, size)) + np.eye(size) * FULL[0, 0]))
    assert found.algorithm is Algorithm.GEMM or found.algorithm is Algorithm.SEPARABLE
    full_rank = np.random.default_rng(1).standard_normal((size, size))
    found = plan_problem(problem_of(x, full_rank))
    assert found.algorithm is Algorithm.GEMM
    assert "NaN" in found.reason
    assert np.isfinite(conv2d(x, full_rank, padding="same")[size:, size:]).all()


def test_a_weight_of_another_shape_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"\(15, 15\), not \(3, 3\)"):
        plan((9, 9), (3, 3), weight=FULL)


def test_shapes_that_do_not_fit_are_rejected() -> None:
    with pytest.raises(ValueError, match="kernel of 5"):
        plan((3, 3), (5, 5))


@pytest.mark.parametrize("dilation", [70, 75])
def test_a_nan_is_kept_in_its_place_by_long_passes_too(dilation: int) -> None:
    x = np.zeros((300, 300), np.float32)
    x[5, 5] = np.nan
    weight = RANK_ONE[:3, :3]
    slow = conv2d(x, weight, padding="same", dilation=dilation, algorithm="gemm")
    quick = conv2d(x, weight, padding="same", dilation=dilation)
    assert np.isnan(quick).sum() == np.isnan(slow).sum() <= 9
    with pytest.raises(ValueError, match=r"a NaN, an infinity, .* choose auto or gemm"):
        conv2d(x, weight, padding="same", dilation=dilation, algorithm="separable")


def test_huge_numbers_do_not_overflow_on_the_way() -> None:
    x = np.full((200, 200), 1e30, np.float32)
    weight = np.random.default_rng(0).random((31, 31), dtype=np.float32)
    slow = conv2d(x, weight, padding="same", algorithm="gemm")
    quick = conv2d(x, weight, padding="same", algorithm="fft")
    np.testing.assert_allclose(quick, slow, rtol=2e-5)


def test_depthwise_kernels_of_rank_one_are_found_however_many_there_are() -> None:
    weight = np.stack([RANK_ONE] * 40)[:, None]
    found = plan((40, 256, 256), weight.shape, padding="same", groups=40, weight=weight)
    assert found.algorithm is Algorithm.SEPARABLE
    assert found.reason == "rank 1: two passes of 15 instead of one of 225"


def test_kernels_of_different_ranks_are_counted_together() -> None:
    weight = np.stack([RANK_ONE, TWO])[:, None]
    found = plan((2, 256, 256), weight.shape, padding="same", groups=2, weight=weight)
    assert found.reason == "2 kernels of low rank: 6 passes of 15 instead of 2 of 225"


@pytest.mark.parametrize(
    ("x", "weight"),
    [
        ((6, 6), (0, 3)),
        ((6, 6), (-3, 3)),
        ((6.5, 6), (3, 3)),
        ((1, 6, 6), (0, 1, 3, 3)),
        (6, (3, 3)),
        (None, (3, 3)),
        ("ab", (3, 3)),
    ],
)
def test_what_is_no_shape_is_rejected(x: Any, weight: Any) -> None:
    with pytest.raises(ValueError, match=r"shape .* cannot be used: give whole numbers"):
        plan(x, weight)


def test_float64_is_planned_as_it_is_computed() -> None:
    found = plan((720, 1280), (3, 3), dtype="float64")
    assert found.algorithm is Algorithm.GEMM
    assert found.reason == "float64, which only the matrix product computes in"
    assert plan((720, 1280), (3, 3), dtype="float32") == plan((720, 1280), (3, 3))
    with pytest.raises(ValueError, match="dtype 'int8' cannot be used"):
        plan((720, 1280), (3, 3), dtype="int8")
