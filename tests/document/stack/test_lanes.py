"""Where layers stand: no two in one place, branches in lanes of their own, skips in arcs."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.document.stack.lanes import Lanes, Spot, lanes_of
from convlab.layers.graph import INPUT
from tests.networks.exported import exported


@dataclass(frozen=True)
class Linked:
    uid: int
    inputs: tuple[int, ...] = ()


PICTURE = Linked(INPUT)


def network(*inputs: tuple[int, ...]) -> list[Linked]:
    """Return the picture, and layers 1, 2, … with what each takes."""
    return [PICTURE, *(Linked(uid, taken) for uid, taken in enumerate(inputs, 1))]


def read(name: str) -> list[Linked]:
    return [PICTURE, *(Linked(node.uid, node.inputs) for node in exported(name))]


def check(nodes: list[Linked], lanes: Lanes) -> None:
    """State what holds of every network."""
    spots = lanes.spots
    assert set(spots) == {node.uid for node in nodes}
    assert len({spot[:2] for spot in spots.values()}) == len(nodes), "two stand in one place"
    lanes_in: dict[int, int] = {}
    for spot in spots.values():
        assert 0 <= spot.lane < spot.lanes
        assert lanes_in.setdefault(spot.column, spot.lanes) == spot.lanes
    standing = {spot[:2] for spot in spots.values()}
    for node in nodes:
        for uid in node.inputs:
            first, last = spots[uid], spots[node.uid]
            edge = uid, node.uid
            assert first.column < last.column
            assert (edge in lanes.arcs) + (edge in lanes.through) == (
                last.column - first.column > 1
            )
            if edge in lanes.through:
                between = range(first.column + 1, last.column)
                assert not any((column, first.lane) in standing for column in between)
    for (a, b), level in lanes.arcs.items():
        for (c, d), other in lanes.arcs.items():
            inside = spots[a].column < spots[d].column and spots[c].column < spots[b].column
            assert a == c or level != other or not inside, "two arcs lie on each other"


def test_a_chain_has_one_lane_and_no_arc() -> None:
    lanes = lanes_of(network((0,), (1,), (2,), (3,)))
    assert lanes.spots == {uid: Spot(uid) for uid in range(5)}
    assert not lanes.arcs
    assert not lanes.through
    assert (lanes.columns, lanes.levels) == (5, 0)


def test_a_residual_block_has_its_skip_in_a_lane_or_over_it() -> None:
    nodes = read("resnet.torchscript")  # conv relu conv, and a conv around them
    lanes = lanes_of(nodes)
    check(nodes, lanes)
    assert [lanes.spots[uid] for uid in (1, 2, 3)] == [Spot(c, 0, 2) for c in (1, 2, 3)]
    assert lanes.spots[4] == Spot(1, 1, 2)
    assert lanes.spots[5] == Spot(4)
    assert lanes.through == {(4, 5)}
    assert not lanes.arcs
    plain = read("bottleneck.torchscript")  # the picture itself goes around five layers
    lanes = lanes_of(plain)
    check(plain, lanes)
    assert lanes.arcs == {(0, 6): 0}
    assert {spot.lanes for spot in lanes.spots.values()} == {1}


def test_a_u_net_is_one_lane_under_an_arc() -> None:
    nodes = read("unet_nearest.dynamo")
    lanes = lanes_of(nodes)
    check(nodes, lanes)
    assert lanes.arcs == {(2, 7): 0}
    assert lanes.columns == 10
    assert {spot.lane for spot in lanes.spots.values()} == {0}


def test_a_deep_u_net_has_its_arcs_inside_each_other() -> None:
    nodes = network((0,), (1,), (2,), (3,), (4,), (3, 5), (6,), (2, 7), (8,), (1, 9))
    lanes = lanes_of(nodes)
    check(nodes, lanes)
    assert lanes.arcs == {(3, 6): 0, (2, 8): 1, (1, 10): 2}


@pytest.mark.parametrize("exporter", ["torchscript", "dynamo"])
def test_a_dense_block_has_an_arc_around_each_of_its_layers(exporter: str) -> None:
    nodes = read(f"densenet.{exporter}")
    lanes = lanes_of(nodes)
    check(nodes, lanes)
    assert lanes.arcs == {(0, 4): 0, (4, 8): 0, (8, 12): 0}


def test_what_many_take_is_one_arc() -> None:
    every = network((0,), (0, 1), (0, 1, 2), (0, 1, 2, 3), (0, 1, 2, 3, 4))
    lanes = lanes_of(every)
    check(every, lanes)
    for source in range(4):
        assert len({level for (uid, _), level in lanes.arcs.items() if uid == source}) <= 1
    assert lanes.levels == 4


def test_excitation_goes_over_what_makes_its_factors() -> None:
    nodes = read("mobilenet_v3.dynamo")
    lanes = lanes_of(nodes)
    check(nodes, lanes)
    assert lanes.arcs == {(2, 8): 0}


def test_an_inception_module_has_a_lane_for_each_branch() -> None:
    nodes = read("inception.torchscript")
    lanes = lanes_of(nodes)
    check(nodes, lanes)
    *branches, joined = nodes[1:]
    assert len(joined.inputs) == 4
    ends = [lanes.spots[uid] for uid in joined.inputs]
    assert sorted(spot.lane for spot in ends) == [0, 1, 2, 3]
    assert {lanes.spots[node.uid].lanes for node in branches} == {4}
    assert lanes.spots[joined.uid] == Spot(3)
    assert not lanes.arcs
    for node in branches:
        if node.inputs != (INPUT,):
            assert lanes.spots[node.uid].lane == lanes.spots[node.inputs[0]].lane


def test_a_branch_keeps_its_lane_when_another_grows() -> None:
    before = lanes_of(network((0,), (0,), (1, 2), (3,)))
    after = lanes_of([PICTURE, Linked(1, (0,)), Linked(2, (0,)), Linked(9, (1,)),
                      Linked(3, (9, 2)), Linked(4, (3,))])  # fmt: skip
    for uid in (1, 2, 3, 4):
        assert before.spots[uid].lane == after.spots[uid].lane
        assert before.spots[uid].lanes == after.spots[uid].lanes


@given(st.lists(st.lists(st.integers(1, 8), min_size=1, max_size=4, unique=True), max_size=40))
def test_nothing_lies_on_another_in_any_network(parts: list[list[int]]) -> None:
    nodes = [PICTURE]
    for back in parts:
        uid = len(nodes)
        nodes.append(Linked(uid, tuple({max(uid - step, 0) for step in back})))
    lanes = lanes_of(nodes)
    check(nodes, lanes)
    assert lanes_of(nodes) == lanes
