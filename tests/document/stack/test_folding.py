"""Which layers belong together by names and structure, and what is shown when some are folded."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.document.stack.folding import Block, Folds, blocks_of, fold, path_of
from convlab.layers import BatchNorm2d, Conv2d, Layer, MaxPool2d, ReLU
from convlab.layers.graph import INPUT, Graph, Node
from convlab.layers.merge import Add
from tests.networks.exported import exported

NORM = BatchNorm2d(3)
CONV, RELU, POOL, ADD = Conv2d(3, 3, 1), ReLU(), MaxPool2d(2), Add()


def chain(*layers: Layer, names: Sequence[str] = ()) -> Graph:
    given_names = [*names, *[""] * (len(layers) - len(names))]
    parts = enumerate(zip(layers, given_names, strict=True), 1)
    return Graph(Node(uid, layer, (uid - 1,), name=name) for uid, (layer, name) in parts)


def spans(blocks: Sequence[Block]) -> list[tuple[str, int, int]]:
    return [(block.title, block.uids[0], block.uids[-1]) for block in blocks]


def named(*names: str) -> Graph:
    return chain(*[RELU] * len(names), names=names)


def residual(count: int, *, names: bool) -> Graph:
    """Return conv, relu, conv, add, relu so many times."""
    nodes: list[Node] = []
    for number in range(count):
        first = before = 5 * number
        for step, layer in enumerate((CONV, RELU, CONV, ADD, RELU), 1):
            inputs = (before, first) if layer is ADD else (before,)
            name = f"body.{number}.{step}" if names else ""
            nodes.append(Node(before + 1, layer, inputs, name=name))
            before += 1
    return Graph(nodes)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("block 3.expand", ("block 3",)),
        ("layer1.0.conv1", ("layer1", "0")),
        ("/layer1/layer1.0/conv1/Conv_output_0", ("layer1", "layer1.0", "conv1")),
        ("/Relu_output_0", ()),
        ("relu_3", ()),
        ("", ()),
    ],
)
def test_a_name_says_in_which_modules_a_layer_is(name: str, path: tuple[str, ...]) -> None:
    assert path_of(name) == path


def test_dotted_names_make_blocks_of_blocks() -> None:
    graph = named(
        "conv1", "l1.0.a", "l1.0.b", "l1.0.c", "l1.1.a", "l1.1.b", "l1.1.c", "l2.a", "l2.b", "fc"
    )
    [block] = blocks_of(graph)
    assert (block.key, block.title, block.uids) == ("l1", "l1", (2, 3, 4, 5, 6, 7))
    assert spans(block.blocks) == [("l1.0", 2, 4), ("l1.1", 5, 7)]


def test_slashed_names_and_a_name_around_all() -> None:
    graph = named(
        "/m/l/l.0/a/Conv", "/m/l/l.0/b/Relu", "/m/l/l.0/Add", "/m/l/l.1/a/Conv", "/m/l/l.1/b/Relu",
        "/m/l/l.1/Add", "/m/fc/Gemm",
    )  # fmt: skip
    [block] = blocks_of(graph)
    assert spans([block]) == [("l", 1, 6)]
    assert spans(block.blocks) == [("l.0", 1, 3), ("l.1", 4, 6)]


def test_a_name_that_comes_again_is_another_block() -> None:
    graph = named("a.1", "a.2", "a.3", "b", "a.4", "a.5", "a.6")
    assert [block.key for block in blocks_of(graph)] == ["a", "a#2"]


def test_a_layer_put_into_a_block_belongs_to_it_and_no_key_changes() -> None:
    before = named("a.1", "a.2", "a.3", "b.1", "b.2", "b.3")
    layers = list(before)
    inside = [*layers[:2], Node(9, RELU, (2,)), Node(3, RELU, (9,), name="a.3"), *layers[3:]]
    assert [b.uids for b in blocks_of(Graph(inside))] == [(1, 2, 9, 3), (4, 5, 6)]
    between = [*layers[:3], Node(9, RELU, (3,)), Node(4, RELU, (9,), name="b.1"), *layers[4:]]
    assert [b.uids for b in blocks_of(Graph(between))] == [(1, 2, 3), (4, 5, 6)]
    assert [b.key for b in blocks_of(Graph(between))] == [b.key for b in blocks_of(before)]


# ---- without names ----


def test_a_pattern_that_comes_again_is_a_block_each_time() -> None:
    graph = chain(POOL, *[CONV, NORM, RELU, POOL] * 3, CONV, RELU)
    assert [(b.uids[0], len(b.uids)) for b in blocks_of(graph)] == [(2, 4), (6, 4), (10, 4)]
    assert [b.key for b in blocks_of(graph)] == ["#2", "#6", "#10"]


def test_layers_of_one_kind_are_no_pattern() -> None:
    assert not blocks_of(chain(*[RELU] * 40))
    assert not blocks_of(chain(*[CONV, RELU] * 2, POOL))


def test_what_a_skip_goes_around_is_a_block_with_the_activation_behind() -> None:
    assert [b.uids for b in blocks_of(residual(3, names=False))] == [
        (1, 2, 3, 4, 5), (6, 7, 8, 9, 10), (11, 12, 13, 14, 15),
    ]  # fmt: skip
    [dense] = {tuple(len(b.uids) for b in blocks_of(exported("densenet.dynamo")))}
    assert dense == (4, 4, 4)
    [squeeze] = blocks_of(exported("mobilenet_v3.dynamo"))
    assert squeeze.uids == (3, 4, 5, 6, 7, 8)


# ---- what is shown ----


def test_small_networks_are_open_and_large_ones_folded_at_first() -> None:
    assert len(fold(residual(4, names=True), Folds()).pieces) == 20
    shown = fold(residual(6, names=True), Folds()).pieces
    assert [piece.block.title for piece in shown if piece.block] == [
        "body.0", "body.1", "body.2", "body.3", "body.4", "body.5",
    ]  # fmt: skip
    assert len(fold(residual(6, names=False), Folds()).pieces) == 30, "no file has it in blocks"


def test_a_folded_block_shows_its_last_layer_and_takes_what_it_took() -> None:
    graph = residual(6, names=True)
    first, second, *_ = fold(graph, Folds()).pieces
    assert (first.uid, first.inputs, first.uids) == (5, (INPUT,), (1, 2, 3, 4, 5))
    assert (second.uid, second.inputs) == (10, (5,))


def test_a_block_is_opened_and_folded_again() -> None:
    graph = residual(6, names=True)
    key = blocks_of(graph)[1].key
    opened = Folds().with_block(key, False)
    found = fold(graph, opened)
    assert [piece.uid for piece in found.pieces][:7] == [5, 6, 7, 8, 9, 10, 15]
    assert [block.key for block in found.open] == [key]
    again = opened.with_block(key, True)
    assert fold(graph, again) == fold(graph, Folds())
    small = residual(2, names=True)
    [one, two] = [block.key for block in blocks_of(small)]
    assert [p.uid for p in fold(small, Folds().with_block(one, True)).pieces] == [5, 6, 7, 8, 9, 10]
    piece = fold(small, Folds().with_block(two, True)).piece_of(7)
    assert piece is not None
    assert piece.uid == 10


def test_a_skip_out_of_the_middle_of_a_block_begins_at_its_card() -> None:
    nodes = [
        Node(1, CONV, (0,), name="down.a"), Node(2, RELU, (1,), name="down.b"),
        Node(3, POOL, (2,), name="down.c"), Node(4, CONV, (3,), name="deep"),
        Node(5, ADD, (4, 2, 3), name="join"),
    ]  # fmt: skip
    shown = fold(Graph(nodes), Folds().with_block("down", True)).pieces
    assert [(piece.uid, piece.inputs) for piece in shown] == [(3, (0,)), (4, (3,)), (5, (4, 3))]


def test_a_block_whose_last_layer_is_off_shows_the_one_before() -> None:
    graph = Graph(
        Node(uid, RELU, (uid - 1,), is_on=uid != 3, name=f"a.{uid}") for uid in range(1, 4)
    )
    nodes = [*graph, Node(4, RELU, (3,))]
    shown = fold(Graph(nodes), Folds().with_block("a", True)).pieces
    assert [(piece.uid, piece.inputs) for piece in shown] == [(2, (0,)), (4, (2,))]


def test_blocks_of_blocks_are_open_as_long_as_all_has_room() -> None:
    names = [f"s{s}.{b}.{n}" for s in range(3) for b in range(4) for n in range(5)]
    shown = fold(named("stem", *names, "fc"), Folds()).pieces
    assert len(shown) == 14
    assert sum(piece.block is not None for piece in shown) == 12
    names = [f"s{s}.{b}.{n}" for s in range(5) for b in range(8) for n in range(5)]
    assert len(fold(named("stem", *names, "fc"), Folds()).pieces) == 21, "two of five are open"


@given(st.lists(st.sampled_from(["a.1", "a.b.1", "b.1", "b.c.d.1", "", "c"]), max_size=40))
def test_every_layer_is_shown_once_in_order(names: list[str]) -> None:
    graph = named(*names)
    keys = [block.key for block in blocks_of(graph)]
    assert len(set(keys)) == len(keys)
    for folds in (Folds(), Folds(frozenset(keys))):
        found = fold(graph, folds)
        assert [uid for piece in found.pieces for uid in piece.uids] == [n.uid for n in graph]
        before = {INPUT}
        for piece in found.pieces:
            assert set(piece.inputs) <= before
            before.add(piece.uid)
        assert fold(graph, folds) == found
