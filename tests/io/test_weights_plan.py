"""What a file of weights would do to a stack: by name, by order, by shape; what is asked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from convlab.document.document import Document
from convlab.document.stack.edits import set_layers
from convlab.document.stack.model import StackInput, StackState
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.io.project import load_project, save_project
from convlab.io.tensors import pack_tensors
from convlab.io.weights import WeightsError
from convlab.io.weights_plan import Plan, read_plan
from convlab.layers import (
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    GlobalAvgPool2d,
    GroupNorm,
    Layer,
    Linear,
    PReLU,
    ReLU,
)
from convlab.layers.graph import INPUT, Node
from convlab.layers.merge import Add
from tests.slow import noise

NORM = ("weight", "bias", "running_mean", "running_var")


def norm(name: str, channels: int, seed: int = 0) -> dict[str, FloatArray]:
    rng = np.random.default_rng(seed)
    arrays = {f"{name}.{each}": rng.normal(0, 1, channels).astype(np.float32) for each in NORM}
    return arrays | {f"{name}.running_var": np.abs(arrays[f"{name}.running_var"]) + 1}


def saved(path: Path, arrays: Mapping[str, AnyArray]) -> Path:
    if path.suffix == ".npz":
        np.savez(path, **arrays)  # type: ignore[arg-type]
    else:
        path.write_bytes(pack_tensors(arrays))
    return path


def planned(
    path: Path, arrays: Mapping[str, AnyArray], state: StackState, **choices: int | None
) -> Plan:
    return read_plan(saved(path, arrays), state, {int(uid[1:]): n for uid, n in choices.items()})


def chain(*layers: Layer) -> StackState:
    return StackState.of(layers, "net", StackInput())


def taken(plan: Plan) -> dict[int, str]:
    return {
        row.slot.uid: plan.bundles[row.bundle].prefix for row in plan.rows if row.bundle is not None
    }


def block() -> StackState:
    """A residual block as ONNX names it: both convolutions and both normalisations are alike."""
    layers = [
        ("/stem/Conv_output_0", Conv2d(3, 4, 3, padding=1, bias=False)),
        ("/layer1/layer1.0/conv1/Conv_output_0", Conv2d(4, 4, 3, padding=1, bias=False)),
        ("/layer1/layer1.0/bn1/BatchNormalization_output_0", BatchNorm2d(4)),
        ("/layer1/layer1.0/relu/Relu_output_0", ReLU()),
        ("/layer1/layer1.0/conv2/Conv_output_0", Conv2d(4, 4, 3, padding=1, bias=False)),
        ("/layer1/layer1.0/bn2/BatchNormalization_output_0", BatchNorm2d(4)),
    ]
    slots = [Node(at, layer, (at - 1,), name=name) for at, (name, layer) in enumerate(layers, 1)]
    slots.append(Node(7, Add(), (6, 1), name="/layer1/layer1.0/Add_output_0"))
    slots += [
        Node(8, GlobalAvgPool2d(), (7,)), Node(9, Flatten(), (8,)),
        Node(10, Linear(4, 5), (9,), name="98"),
    ]  # fmt: skip
    return replace(chain(), slots=tuple(slots), next_uid=11)


def block_weights(root: str = "") -> dict[str, FloatArray]:
    rng = np.random.default_rng(3)
    arrays: dict[str, FloatArray] = {
        f"{root}fc.weight": noise(5, 4),
        f"{root}fc.bias": noise(5),
        f"{root}stem.weight": noise(4, 3, 3, 3),
    }
    for number in (1, 2):
        weight = rng.normal(0, 1, (4, 4, 3, 3)).astype(np.float32)
        arrays[f"{root}layer1.0.conv{number}.weight"] = weight
        arrays |= norm(f"{root}layer1.0.bn{number}", 4, number)
    return arrays


@pytest.mark.parametrize("root", ["", "module.", "state_dict.model."])
@pytest.mark.parametrize("name", ["net.safetensors", "net.npz"])
def test_names_of_modules_are_those_of_onnx(tmp_path: Path, root: str, name: str) -> None:
    arrays, state = block_weights(root), block()
    counter = {f"{root}layer1.0.bn1.num_batches_tracked": np.ones((), np.float32)}
    plan = planned(tmp_path / name, arrays | counter, state)
    prefixes = ["stem", *(f"layer1.0.{each}" for each in ("conv1", "bn1", "conv2", "bn2")), "fc"]
    assert taken(plan) == {
        uid: root + prefix for uid, prefix in zip((1, 2, 3, 5, 6, 10), prefixes, strict=True)
    }
    assert [row.why for row in plan.rows] == ["its name"] * 5 + ["the only one that fits"]
    assert (plan.left, plan.in_question) == ((), ())
    changed = set_layers(state, plan.layers)
    for slot, prefix in zip((2, 5), ("conv1", "conv2"), strict=True):
        layer = changed.slots[slot - 1].layer
        assert isinstance(layer, Conv2d)
        np.testing.assert_array_equal(layer.weight, arrays[f"{root}layer1.0.{prefix}.weight"])
    normalisation = changed.slots[5].layer
    for field in NORM:
        expected = arrays[f"{root}layer1.0.bn2.{field}"]
        np.testing.assert_array_equal(getattr(normalisation, field), expected)
    with pytest.raises(ValueError, match="changed meanwhile"):
        set_layers(changed, plan.layers)


def test_names_of_weights_that_the_network_came_with_tell_more_than_its_results(
    tmp_path: Path,
) -> None:
    state = block()
    origins = [
        "stem", "layer1.0.conv1", "layer1.0.bn1", "", "layer1.0.conv2", "layer1.0.bn2", "", "", "",
        "fc",
    ]  # fmt: skip
    slots = tuple(
        replace(slot, name=f"getitem_{slot.uid}", origin=origin)
        for slot, origin in zip(state.slots, origins, strict=True)
    )
    plan = planned(tmp_path / "n.safetensors", block_weights("m."), replace(state, slots=slots))
    assert taken(plan) == {
        slot.uid: f"m.{origin}" for slot, origin in zip(slots, origins, strict=True) if origin
    }


def test_a_normalisation_that_an_exporter_folded_is_folded_again(tmp_path: Path) -> None:
    """The network before and after export gives the same numbers."""
    rng = np.random.default_rng(0)
    weight, bias = rng.normal(size=(4, 2, 3, 3)).astype("f4"), rng.normal(size=4).astype("f4")
    arrays = {"m.0.weight": weight, "m.0.bias": bias} | norm("m.1", 4)
    state = replace(chain(Conv2d(2, 4, 3)), slots=(Node(1, Conv2d(2, 4, 3), name="/m/m.0/Conv"),))
    plan = planned(tmp_path / "n.safetensors", arrays, state)
    [row] = plan.rows
    assert row.norm is not None
    assert plan.left == ()
    before = Conv2d(2, 4, 3, weight=weight, bias=bias)
    given = {field: arrays[f"m.1.{field}"] for field in NORM}
    behind = BatchNorm2d(4, 1e-5, *given.values())
    x = noise(2, 7, 8)
    assert row.layer is not None
    np.testing.assert_allclose(row.layer(x), behind(before(x)), rtol=1e-4, atol=1e-4)
    kept = chain(Conv2d(2, 4, 3), BatchNorm2d(4))
    rows = planned(tmp_path / "n.safetensors", arrays, kept).rows
    assert [row.norm for row in rows] == [None, None], "it has a layer of its own"
    elsewhere = {name.replace("m.1", "elsewhere"): array for name, array in arrays.items()}
    assert planned(tmp_path / "n.safetensors", elsewhere, state).lost_norms == 1
    arrays["m.1.running_var"] = np.full(4, -1, np.float32)
    [row] = planned(tmp_path / "n.npz", arrays, state).rows
    assert row.layer is None
    assert "running_var -1 is outside of 0" in row.why


def test_two_networks_in_a_file_are_asked_about_once(tmp_path: Path) -> None:
    arrays = block_weights("student.") | block_weights("teacher.")
    plan = planned(tmp_path / "n.safetensors", arrays, block())
    assert taken(plan) == {}
    assert len(plan.in_question) == 6
    row = plan.rows[1]
    [teacher] = [n for n in row.candidates if plan.bundles[n].prefix == "teacher.layer1.0.conv1"]
    chosen = plan.with_choice(row.slot.uid, teacher)
    assert set(taken(chosen).values()) >= {
        f"teacher.{name}" for name in ("stem", "layer1.0.conv2", "layer1.0.bn1", "layer1.0.bn2")
    }
    assert not any(name.startswith("student") for name in taken(chosen).values())


def alike(*names: str) -> dict[str, FloatArray]:
    rng = np.random.default_rng(1)
    return {f"{name}.weight": rng.normal(size=(4, 4, 3, 3)).astype("f4") for name in names}


def three() -> StackState:
    return chain(Conv2d(4, 4, 3), ReLU(), Conv2d(4, 4, 3), Conv2d(4, 4, 3))


def test_order_is_taken_where_it_is_told(tmp_path: Path) -> None:
    in_order = planned(tmp_path / "n.npz", alike("stem", "body", "head"), three())
    assert taken(in_order) == {1: "stem", 3: "body", 4: "head"}
    numbered = planned(tmp_path / "n.safetensors", alike("f.0", "f.2", "f.10"), three())
    assert taken(numbered) == {1: "f.0", 3: "f.2", 4: "f.10"}
    assert {row.why for row in numbered.rows} == {"the order"}


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("n.safetensors", ("stem", "body", "head")),  # sorted: its order is the alphabet's
        ("n.npz", ("a", "b", "c", "d")),
        ("n.npz", ("a", "b")),
        ("n.safetensors", ("f.0", "f.1", "f.2", "f.3")),
    ],
)
def test_what_fits_several_is_asked_and_never_guessed(
    tmp_path: Path, name: str, names: tuple[str, ...]
) -> None:
    plan = planned(tmp_path / name, alike(*names), three())
    assert taken(plan) == {}
    assert plan.in_question
    likely = plan.with_likely()
    assert len(taken(likely)) >= 2
    first = plan.in_question[0]
    without = plan.with_choice(first.slot.uid, None)
    assert first.slot.uid not in taken(without)


def test_a_choice_holds_and_the_rest_goes_around_it(tmp_path: Path) -> None:
    arrays = alike("f.0", "f.2", "f.5", "f.10")
    plan = planned(tmp_path / "n.safetensors", arrays, three(), u3=2)
    assert taken(plan) == {1: "f.2", 3: "f.5", 4: "f.10"}
    assert [plan.bundles[number].prefix for number, _ in plan.left] == ["f.0"]


def test_every_kind_of_layer_takes_its_own(tmp_path: Path) -> None:
    layers = (
        ConvTranspose2d(3, 4, 2, bias=True), PReLU(4), GroupNorm(2, 4), BatchNorm2d(4), PReLU(),
        Conv2d(4, 4, 3, groups=4, bias=False), Flatten(), Linear(8, 2, bias=False),
    )  # fmt: skip
    arrays = {
        "up.weight": noise(3, 4, 2, 2), "up.bias": noise(4), "act.weight": noise(4),
        "group.weight": noise(4), "group.bias": noise(4), "bn.running_mean": noise(4),
        "bn.running_var": np.abs(noise(4)), "slope.weight": noise(1),
        "depth.weight": noise(4, 1, 3, 3), "depth.bias": noise(4), "head.weight": noise(2, 8),
    }  # fmt: skip
    plan = planned(tmp_path / "n.npz", arrays, chain(*layers))
    assert taken(plan) == {
        1: "up", 2: "act", 3: "group", 4: "bn", 5: "slope", 6: "depth", 8: "head",
    }  # fmt: skip
    changed = [slot.layer for slot in set_layers(chain(*layers), {}).slots]
    assert len(changed) == len(layers)
    by_uid = {row.slot.uid: row.layer for row in plan.rows}
    norm_layer, depth = by_uid[4], by_uid[6]
    assert isinstance(norm_layer, BatchNorm2d)
    assert norm_layer.weight.tolist() == [1.0] * 4, "without scale and offset it does only half"
    assert isinstance(depth, Conv2d)
    np.testing.assert_array_equal(np.asarray(depth.bias), arrays["depth.bias"])


@pytest.mark.parametrize(
    ("array", "why"),
    [
        (np.full((4, 3, 3, 3), np.nan, np.float32), "conv.weight in it is not finite"),
        (np.full((4, 3, 3, 3), 1e300), "conv.weight in it is not finite"),
        (np.ones((4, 3, 3, 3), np.int8), "int8 numbers, whose scale is not told"),
    ],
)
def test_bad_numbers_stay_out_and_say_why(tmp_path: Path, array: AnyArray, why: str) -> None:
    arrays = {"conv.weight": array, "fc.weight": noise(2, 4)}
    plan = planned(tmp_path / "n.npz", arrays, chain(Conv2d(3, 4, 3), Linear(4, 2)))
    assert taken(plan) == {2: "fc"}
    assert why in plan.rows[0].why


def test_a_variance_below_zero_stays_out(tmp_path: Path) -> None:
    arrays = norm("bn", 4) | {"bn.running_var": np.full(4, -1, np.float32)}
    arrays |= {"fc.weight": noise(2, 4)}
    plan = planned(tmp_path / "n.npz", arrays, chain(BatchNorm2d(4), Linear(4, 2)))
    assert taken(plan) == {2: "fc"}
    assert "running_var -1 is outside of 0" in plan.rows[0].why


def test_where_nothing_fits_the_first_layer_is_named_with_both_shapes(tmp_path: Path) -> None:
    arrays = {"a.b.c.weight": noise(4, 3, 5, 5), "fc.weight": noise(2, 4)}
    with pytest.raises(WeightsError) as caught:
        planned(tmp_path / "n.npz", arrays, chain(ReLU(), Conv2d(3, 8, 3)))
    assert (
        "n.npz gives no weights, because none of its 2 layers fits the stack: layer 2 "
        "(Convolution) has 8 × 3 × 3 × 3 where a.b.c.weight has 4 × 3 × 5 × 5; and for a new stack "
        "the name 'a.b.c.weight' in it is of a block" in str(caught.value)
    )
    with pytest.raises(WeightsError, match="it holds no weights"):
        planned(tmp_path / "n.safetensors", {}, chain(Conv2d(3, 8, 3)))
    with pytest.raises(WeightsError, match="the stack has no layer with weights"):
        planned(tmp_path / "n.npz", {"a.b.c.weight": noise(2)}, chain(ReLU()))


def test_a_data_set_is_named_as_one_with_the_lab_that_opens_it(tmp_path: Path) -> None:
    stack = StackState.of((Conv2d(3, 8, 5),), "Made", StackInput())
    arrays = {"x_train": noise(6, 28, 28), "y_train": np.arange(6, dtype=np.float32)}
    with pytest.raises(WeightsError) as caught:
        read_plan(saved(tmp_path / "mnist.npz", arrays), stack)
    assert str(caught.value) == (
        "mnist.npz gives no weights, because it holds pictures with labels: in the learning lab "
        "choose it as Data, A file of your own."
    )
    other = saved(tmp_path / "w.npz", {"arr_0": noise(6, 28, 28), "arr_1": noise(7)})
    with pytest.raises(WeightsError, match="none of its 2 layers fits the stack"):
        read_plan(other, stack)


def test_the_same_name_twice(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("w.npy", b"")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("w.npy", b"")
    (tmp_path / "n.npz").write_bytes(data.getvalue())
    with pytest.raises(WeightsError, match=r"'w\.npy' 2 times"):
        read_plan(tmp_path / "n.npz", three())


def test_what_the_picture_is_hides_no_layer(tmp_path: Path) -> None:
    """A layer whose name is another's is not filled by shape: its own array is not there."""
    arrays = block_weights()
    del arrays["layer1.0.conv2.weight"]
    arrays["other.weight"] = noise(4, 4, 3, 3)
    plan = planned(tmp_path / "n.npz", arrays, block())
    assert 5 not in taken(plan)
    assert [plan.bundles[number].prefix for number, _ in plan.left] == ["other"]
    assert INPUT not in taken(plan)


def test_one_array_is_not_given_to_two_layers_of_its_name(tmp_path: Path) -> None:
    names = ("/encoder/conv1/Conv", "/decoder/conv1/Conv")
    slots = [Node(at, Conv2d(4, 4, 3), (at - 1,), name=name) for at, name in enumerate(names, 1)]
    state = replace(chain(), slots=tuple(slots), next_uid=3)
    plan = planned(tmp_path / "n.safetensors", alike("conv1"), state)
    assert taken(plan) == {}
    assert len(plan.in_question) == 2


def test_a_project_keeps_what_the_names_of_weights_begin_with(tmp_path: Path) -> None:
    state = replace(chain(), slots=(Node(1, ReLU(), origin="layer1.0.relu"),), next_uid=2)
    save_project(Document(stack=state), tmp_path / "n.convlab")
    [slot] = load_project(tmp_path / "n.convlab").stack.slots
    assert slot.origin == "layer1.0.relu"
