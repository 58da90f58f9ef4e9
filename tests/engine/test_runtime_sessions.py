"""Few sessions of ONNX Runtime, whatever the kernels are."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convlab.engine.algorithms import onnxruntime
from convlab.engine.conv2d import conv2d
from tests.slow import noise

pytest.importorskip("onnxruntime", reason="sessions are ONNX Runtime's own")

# A process of its own: this one has the threads and the memory of other tests.
DRAG = """
import json, os, resource
import numpy as np
from convlab.engine.conv2d import conv2d

def used():
    with open("/proc/self/statm") as file:
        pages = int(file.read().split()[1])
    return pages * resource.getpagesize() / 2**20, len(os.listdir("/proc/self/task"))

x = np.random.default_rng(0).random((720, 1280), dtype=np.float32)
weight = np.ones((3, 3), np.float32)
conv2d(x, weight, algorithm="gemm")
before = used()
for step in range(64):
    weight[1, 1] = step
    conv2d(x, weight, algorithm="onnxruntime")
print(json.dumps([now - then for now, then in zip(used(), before)]))
"""


@pytest.fixture(autouse=True)
def no_sessions() -> None:
    onnxruntime._session.cache_clear()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no threads are told here")
def test_the_64_kernels_of_a_drag_take_the_memory_and_the_threads_of_one() -> None:
    done = subprocess.run([sys.executable, "-c", DRAG], capture_output=True, text=True, check=True)
    grown, threads = json.loads(done.stdout)
    assert grown <= 60  # [MB], the two packages included
    assert threads <= 4


def test_another_kernel_of_any_size_takes_the_same_session() -> None:
    for size in (1, 3, 5):
        conv2d(noise(2, 9, 9), noise(4, 2, size, size), algorithm="onnxruntime")
        conv2d(noise(1, 7, 8), noise(1, 1, size, 2), [1.0], algorithm="onnxruntime")
    assert onnxruntime._session.cache_info().currsize == 1


def test_two_sessions_are_kept() -> None:
    for stride in (1, 2, 3, 4):
        conv2d(noise(9, 9), noise(3, 3), stride=stride, algorithm="onnxruntime")
    assert onnxruntime._session.cache_info().currsize == 2


def test_several_threads_use_and_replace_sessions_at_once() -> None:
    x, weight, bias = noise(8, 30, 31), noise(8, 2, 3, 3), noise(8)
    cases: list[Any] = [
        {"stride": 1 + turn % 3, "padding": turn % 2, "groups": 4} for turn in range(24)
    ]

    def error(options: Any) -> float:
        quick = conv2d(x, weight, bias, **options, algorithm="onnxruntime")
        slow = conv2d(x, weight, bias, **options, algorithm="gemm")
        return float(np.abs(quick - slow).max())

    with ThreadPoolExecutor(4) as pool:
        assert max(pool.map(error, cases)) < 1e-5
