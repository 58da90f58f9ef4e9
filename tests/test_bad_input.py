"""What no function or layer can use is rejected where it is given; what can be used is used."""

from __future__ import annotations

import dataclasses
import re
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import convlab
from convlab.document.document import Document
from convlab.engine.errors import OverflowWarning
from convlab.layers import BatchNorm2d, Conv2d, Layer, Linear, ReLU, Stack
from convlab.layers.catalog import make_layer
from convlab.layers.parameters import ParameterKind, arrays, parameters
from convlab.layers.registry import KINDS
from tests.slow import noise

SHAPE = (3, 12, 10)
X = noise(*SHAPE)
Function = Callable[..., Any]


def layer_of(kind: str) -> Layer:
    return Linear(10, 2) if kind == "linear" else make_layer(kind, SHAPE)


FUNCTIONS: dict[str, Function] = {
    "conv2d": lambda x: convlab.conv2d(x, noise(4, 3, 3, 3)),
    "conv_transpose2d": lambda x: convlab.conv_transpose2d(x, noise(3, 4, 3, 3)),
    "max_pool2d": lambda x: convlab.max_pool2d(x, 2),
    "avg_pool2d": lambda x: convlab.avg_pool2d(x, 2),
    "global_avg_pool2d": convlab.global_avg_pool2d,
    "batch_norm2d": lambda x: convlab.batch_norm2d(x, [0, 0, 0], [1, 1, 1]),
    "relu": convlab.relu,
    "sigmoid": convlab.sigmoid,
    "softmax": convlab.softmax,
    "linear": lambda x: convlab.linear(x, noise(2, 10)),
    "upsample": lambda x: convlab.upsample(x, 1.5),
    "pad": lambda x: convlab.pad(x, 1),
    "conv1d": lambda x: convlab.conv1d(x, [1, 2]),
    "show": convlab.show,
}
NO_ARRAYS = {
    "Stack": "takes layers",
    "kernels": "a module with tests of its own",
    "layers": "a module, whose layers are here",
    "load_network": "takes a path",
    "load_project": "takes a path",
    "load_stack": "takes a path",
    "plan": "takes shapes",
    "save_project": "takes a document",
    "save_stack": "takes a stack",
}
LAYERS: dict[str, Function] = {f"layer {kind}": layer_of(kind) for kind in KINDS}
STACK = Stack([Conv2d(3, 4, 3), ReLU()])
EVERY: dict[str, Function] = FUNCTIONS | LAYERS | {"stack": STACK, "forward": STACK.forward}

BAD: dict[str, tuple[Any, str]] = {
    "zero-sized": (np.zeros((3, 0, 10), np.float32), r"\(3, 0, 10\) is empty: give at least one"),
    "complex": (X + 1j, "holds complex64, not real numbers: give floats"),
    "objects": (X.astype(object), "holds object, not real numbers: give floats"),
    "masked": (np.ma.masked_array(X, X > 0), r"is masked, and .*: give \w+\.filled\(0\)"),
    "a path": (Path("photo.png"), "is a path: read the file first"),
    "a path as text": ("photo.png", "is text: read the file first"),
    "paths": ([Path("a.png"), Path("b.png")], "holds object, not real numbers"),
    "None": (None, "is None: give an array"),
    "a class": (ReLU, "is the class ReLU: give an array"),
    "ragged": ([[1, 2], [3]], "is ragged: give all rows equally many"),
    "dates": (np.zeros(SHAPE, "M8[s]"), "holds datetime64"),
    "a number": (3.0, r"shape \(\)|single number"),
}
GOOD: dict[str, Any] = {
    "not contiguous": np.repeat(X, 2, axis=2)[:, :, ::2],
    "backwards": X[:, ::-1, ::-1].copy()[:, ::-1, ::-1],
    "Fortran-ordered": np.asfortranarray(X),
    "read-only": np.frombuffer(X.tobytes(), np.float32).reshape(SHAPE),
    "big-endian": X.astype(">f4"),
    "float64": X.astype(np.float64),
    "a list": X.tolist(),
}


def fitted(name: str, x: Any) -> Any:
    """A signal for what takes signals."""
    is_picture = name == "conv1d" and (x is GOOD["a list"] or getattr(x, "shape", None) == SHAPE)
    return x[0][0] if is_picture else x


def why_rejected(function: Function, *given: Any, **named: Any) -> str:
    """The message, or nothing if it is not rejected."""
    try:
        function(*given, **named)
    except ValueError as error:
        return str(error)
    return ""


def test_every_public_function_and_layer_is_tried() -> None:
    assert FUNCTIONS.keys() | NO_ARRAYS.keys() == set(convlab.__all__)


@pytest.mark.parametrize("kind", BAD)
def test_what_cannot_be_used_is_rejected_with_a_remedy(kind: str) -> None:
    given, reason = BAD[kind]
    for name, function in EVERY.items():
        assert re.search(reason, why_rejected(function, fitted(name, given))), name


@pytest.mark.parametrize("kind", GOOD)
def test_how_numbers_lie_in_memory_changes_nothing(kind: str) -> None:
    for name, function in EVERY.items():
        if name == "show":
            continue
        given = fitted(name, GOOD[kind])
        before = np.array(given)
        found, expected = function(given), function(fitted(name, X))
        for one, other in zip(np.atleast_1d(found), np.atleast_1d(expected), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6, err_msg=name)
        np.testing.assert_array_equal(before, np.array(given))


@pytest.mark.parametrize(
    "function",
    [
        FUNCTIONS["conv2d"],
        FUNCTIONS["conv_transpose2d"],
        FUNCTIONS["batch_norm2d"],
        *(LAYERS[f"layer {kind}"] for kind in ("conv2d", "conv_transpose2d", "batch_norm2d")),
        *(LAYERS[f"layer {kind}"] for kind in ("group_norm", "layer_norm2d")),
        STACK,
    ],
)
def test_channels_at_the_end_are_named(function: Function) -> None:
    reason = r"looks like \(H, W, C\), with its 3 channels at the end: give \(C, H, W\)"
    for picture in (np.zeros((48, 64, 3), np.float32), np.zeros((48, 64, 3), np.uint8)):
        with pytest.raises(ValueError, match=reason):
            function(picture)


def test_a_photograph_with_its_channels_at_the_end_is_known_by_its_bytes() -> None:
    photograph = np.zeros((48, 64, 3), np.uint8)
    for name in (
        "max_pool2d",
        "avg_pool2d",
        "global_avg_pool2d",
        "upsample",
        "pad",
        "relu",
        "show",
    ):
        with pytest.raises(ValueError, match=r"looks like \(H, W, C\)"):
            FUNCTIONS[name](photograph)
    assert convlab.max_pool2d(photograph.astype(np.float32), 2).shape == (48, 32, 1)
    assert convlab.relu(np.zeros((3, 3, 3), np.uint8)).shape == (3, 3, 3)
    for layer in (Conv2d(3, 4, 3), BatchNorm2d(3)):
        with pytest.raises(ValueError, match=r"layer 1 .* looks like \(H, W, C\)"):
            Stack([layer]).shapes((48, 64, 3))


@pytest.mark.parametrize("value", [1e38, 3e38, -3e38])
def test_huge_numbers_are_right_or_said_to_be_beyond(value: float) -> None:
    """A function warns of what is beyond float32; a layer leaves it to whoever runs the stack."""
    x = np.full(SHAPE, value, np.float32)
    for name, function in FUNCTIONS.items():
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            found = function(fitted(name, x))
        assert all(each.category is OverflowWarning for each in said), name
        assert name == "show" or bool(np.isfinite(found).all()) != bool(said), name
    for kind in ("avg_pool2d", "adaptive_avg_pool2d", "global_avg_pool2d"):
        np.testing.assert_allclose(layer_of(kind)(x), value, rtol=1e-6)


def test_infinities_in_a_mean_stay_where_they_are() -> None:
    x = np.full((1, 2, 6), 3e38, np.float32)
    x[0, 0, 0], x[0, 0, 2], x[0, 1, 5] = np.inf, np.nan, 0
    np.testing.assert_allclose(convlab.avg_pool2d(x, 2)[0, 0], [np.inf, np.nan, 2.25e38], rtol=1e-6)


# ---- constructors ----

WRONG: dict[ParameterKind, tuple[Any, ...]] = {
    ParameterKind.WHOLE: ("3", 2.5, -1, True, None, (1, 2)),
    ParameterKind.PAIR: ("3", 2.5, -1, True, (1, 2, 3), []),
    ParameterKind.DECIMAL: ("3", True, None, float("nan"), (1,), []),
    ParameterKind.CHOICE: ("none of them", 3, None, []),
    ParameterKind.FLAG: ("yes", 2, None, []),
    ParameterKind.PADDING: ("around", 2.5, True, None, (1, 2, 3), -1),
    ParameterKind.SIDES: ("same", 2.5, True, None, (1, 2), -1),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_is_checked_where_it_is_made(kind: str) -> None:
    layer: Any = layer_of(kind)
    for parameter in parameters(KINDS[kind]):
        if parameter.name in arrays(KINDS[kind]):
            continue
        for value in WRONG[parameter.kind]:
            why = why_rejected(partial(dataclasses.replace, layer), **{parameter.name: value})
            assert re.match(rf"{parameter.name} .*: (give|choose|allowed)", why), (value, why)
    for name in arrays(KINDS[kind]):
        for value in ("photo.png", np.zeros((1, 2, 3, 4, 5)), X + 1j):
            with pytest.raises(ValueError, match=rf"^{name} (is text|has shape|holds complex)"):
                dataclasses.replace(layer, **{name: value})


@pytest.mark.parametrize(
    ("layers", "reason"),
    [
        (ReLU, "layers is the class ReLU: give a list of layers"),
        (ReLU(), "layers is of type ReLU: give a list of layers"),
        ("relu", "layers is of type str: give a list"),
        ([ReLU(), ReLU], r"layer 2 is the class ReLU: write ReLU\(\.\.\.\)"),
    ],
)
def test_what_is_no_stack_is_rejected(layers: Any, reason: str) -> None:
    with pytest.raises(TypeError, match=reason):
        Stack(layers)


@pytest.mark.parametrize("name", ["a.convlab", "a.onnx", "a.safetensors", "a.pt"])
def test_files_that_are_missing_are_named_as_missing(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=rf"^{name} cannot .* it is not there: choose another"):
        convlab.load_stack(tmp_path / name)


def test_other_things_are_not_saved(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="of type list: give a Stack"):
        convlab.save_stack([], tmp_path / "a.convlab")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="of type Stack: give a Document"):
        convlab.save_project(STACK, tmp_path / "a.convlab")  # type: ignore[arg-type]
    convlab.save_project(Document(), tmp_path / "a.convlab")
    with pytest.raises(ValueError, match=r"a\.convlab cannot be opened, .* it is not there"):
        convlab.load_project(tmp_path / "b" / "a.convlab")
