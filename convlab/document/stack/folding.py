"""Which layers of a network belong together, and what is shown of it when some are folded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from convlab.document.stack.lanes import step
from convlab.layers.activation import Activation
from convlab.layers.base import WeightedLayer
from convlab.layers.graph import INPUT, Graph, Node

LEAST = 3
"""So many layers are a block at least."""

MOST_SHOWN = 24
"""A network of so many layers, by its file, is shown in full at first."""

LONGEST_PATTERN = 32

LONGEST_PATH = 1000
"""Longer ones tell nothing."""

LARGE = 12
"""A block with a name is divided by its structure only if so many layers in it are in no other."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Layers that belong together, one behind the other.

    Attributes:
        key: Stays the same through edits.
        title: What it is called.
        uids: Of its layers, in order.
        blocks: Inside it.
    """

    key: str
    title: str
    uids: tuple[int, ...]
    blocks: tuple[Block, ...] = ()

    @property
    def is_nameless(self) -> bool:
        """Only its structure makes it a block."""
        return self.key.startswith("#")


@dataclass(frozen=True, slots=True)
class Folds:
    """What a person folded and opened; all else is as it is at first.

    Attributes:
        folded: Keys of blocks.
        opened: Keys of blocks.
    """

    folded: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()

    def with_block(self, key: str, is_folded: bool) -> Folds:
        """Return this with a block folded, or opened."""
        one = frozenset((key,))
        if is_folded:
            return Folds(self.folded | one, self.opened - one)
        return Folds(self.folded - one, self.opened | one)


AS_AT_FIRST = Folds()


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands in one place: a layer, or a folded block.

    Attributes:
        uid: Of the layer whose maps are shown: the last one of a block.
        inputs: Uids of the pieces whose results it takes.
        uids: Of all its layers.
        block: That is folded; None: it is a layer.
    """

    uid: int
    inputs: tuple[int, ...]
    uids: tuple[int, ...]
    block: Block | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """A network as it is shown.

    Attributes:
        pieces: What stands where, each behind those it takes; not the picture.
        open: Blocks that are not folded, the outer ones first.
    """

    pieces: tuple[Piece, ...]
    open: tuple[Block, ...] = ()

    def piece_of(self, uid: int | None) -> Piece | None:
        """Return what shows a layer, or None."""
        return next((piece for piece in self.pieces if uid in piece.uids), None)

    def step(self, uid: int, rows: int, columns: int) -> int | None:
        """Return the layer that an arrow leads to from one, as ``lanes.step`` does."""
        return step((Piece(INPUT, (), (INPUT,)), *self.pieces), uid, rows, columns)

    def shown(self, uid: int | None) -> int | None:
        """Return the uid of the layer whose maps stand for one; it itself if it is none."""
        piece = self.piece_of(uid)
        return uid if piece is None else piece.uid


NO_LAYERS = Folded(())


def fold(graph: Graph, folds: Folds) -> Folded:
    """Return what is shown of a network."""
    blocks = blocks_of(graph)
    at_first = folded_at_first(graph, blocks)
    is_folded = (at_first | folds.folded) - folds.opened
    ends: dict[int, Block] = {}
    open_blocks: list[Block] = []
    _split(blocks, is_folded, ends, open_blocks)
    shown_by: dict[int, int] = {INPUT: INPUT}
    pieces: list[Piece] = []
    for block, nodes in _runs(graph, ends):
        uids = tuple(node.uid for node in nodes)
        shown = next((node.uid for node in reversed(nodes) if node.is_on), uids[-1])
        taken = dict.fromkeys(uid for node in nodes for uid in node.inputs if uid not in uids)
        inputs = tuple(dict.fromkeys(shown_by[uid] for uid in taken))
        shown_by |= dict.fromkeys(uids, shown)
        pieces.append(Piece(shown, inputs, uids, block))
    return Folded(tuple(pieces), tuple(open_blocks))


def revealing(graph: Graph, folds: Folds, uid: int) -> Folds:
    """Return folds with every block open that a layer is in."""
    piece = fold(graph, folds).piece_of(uid)
    while piece is not None and piece.block is not None:
        folds = folds.with_block(piece.block.key, False)
        piece = fold(graph, folds).piece_of(uid)
    return folds


def _split(
    blocks: Sequence[Block],
    is_folded: Collection[str],
    folded: dict[int, Block],
    is_open: list[Block],
) -> None:
    """Sort blocks: those folded by the uids of their layers, and those that are open."""
    for block in blocks:
        if block.key in is_folded:
            folded |= dict.fromkeys(block.uids, block)
        else:
            is_open.append(block)
            _split(block.blocks, is_folded, folded, is_open)


def _runs(
    graph: Graph, folded: Mapping[int, Block]
) -> Iterator[tuple[Block | None, tuple[Node, ...]]]:
    """Return the layers piece by piece."""

    def which(node: Node) -> object:
        block = folded.get(node.uid)
        return node.uid if block is None else block.key

    for _, run in groupby(graph, which):
        nodes = tuple(run)
        yield folded.get(nodes[0].uid), nodes


def folded_at_first(graph: Graph, blocks: Sequence[Block]) -> frozenset[str]:
    """Return the keys of the blocks that are folded until a person opens them.

    Only what came with a name from a file counts, so that no edit folds what was open. Blocks of
    blocks are open as long as all has room.
    """
    named = {node.uid for node in graph if node.name}
    if len(named) <= MOST_SHOWN:
        return frozenset()

    def parts(block: Block) -> int:
        inner = (len(named.intersection(each.uids)) - 1 for each in block.blocks)
        return len(named.intersection(block.uids)) - sum(inner)

    folded = list(blocks)
    count = len(named) - sum(len(named.intersection(block.uids)) - 1 for block in blocks)
    waiting = [block for block in blocks if block.blocks]
    while waiting:
        block = max(waiting, key=lambda each: len(each.uids))
        waiting.remove(block)
        if count + parts(block) - 1 <= MOST_SHOWN:
            count += parts(block) - 1
            folded.remove(block)
            folded += block.blocks
            waiting += [each for each in block.blocks if each.blocks]
    keys = {block.key for block in folded}
    for block in folded:
        keys |= _keys_in(block)
    return frozenset(keys)


def _keys_in(block: Block) -> set[str]:
    keys = {each.key for each in block.blocks}
    for each in block.blocks:
        keys |= _keys_in(each)
    return keys


# ---- what belongs together ----


def blocks_of(graph: Graph) -> tuple[Block, ...]:
    """Return the blocks of a network, in order.

    Names tell them: ``block 3.expand`` and ``/layer1/layer1.0/conv1/Conv`` say where a layer
    belongs. Where names tell nothing, what lies between two narrow places, over which nothing
    leads, belongs together, and so does each turn of a pattern of layers that is repeated.
    """
    return tuple(_Finder(graph).blocks())


def path_of(name: str) -> Path:
    """Return the names of the modules, from outside, that a layer is in by its own name."""
    if len(name) > LONGEST_PATH:
        return ()
    parts = [part for part in name.split("/" if "/" in name else ".") if part]
    return tuple(parts[:-1])


class _Finder:
    """Finds the blocks of one network."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._paths = _paths(graph)
        self._seen: dict[str, int] = {}
        self._nameless = 0

    def blocks(self) -> list[Block]:
        return self._inside(list(self._graph), 0)

    def _inside(self, nodes: list[Node], depth: int) -> list[Block]:
        """Return the blocks of layers that share so many modules."""
        runs = [
            (part, list(run))
            for part, run in groupby(nodes, lambda n: self._paths[n.uid][depth : depth + 1])
        ]
        if len(runs) == 1 and runs[0][0]:
            return self._inside(nodes, depth + 1)
        least = LARGE if depth else LEAST
        found: list[Block] = []
        loose: list[Node] = []
        for part, run in runs:
            if part and len(run) >= LEAST:
                found += self._by_structure(loose, least)
                loose = []
                found.append(self._named(run, depth + 1))
            else:
                loose += run
        return found + self._by_structure(loose, least)

    def _named(self, run: list[Node], depth: int) -> Block:
        path = self._paths[run[0].uid][:depth]
        key = "/".join(path)
        turn = self._seen[key] = self._seen.get(key, 0) + 1
        title = path[-1] if not path[-1].isdigit() else ".".join(path[-2:])
        if turn > 1:
            key, title = f"{key}#{turn}", f"{title} ({turn})"
        uids = tuple(node.uid for node in run)
        return Block(key, title, uids, tuple(self._inside(run, depth)))

    def _by_structure(self, nodes: list[Node], least: int) -> list[Block]:
        """Return the blocks of layers whose names tell nothing; none of fewer than so many."""
        found: list[Block] = []
        if len(nodes) < least:
            return found
        chain: list[Node] = []
        for segment in _segments(nodes, self._graph):
            if len(segment) < LEAST:
                chain += segment
                continue
            found += self._repeated(chain)
            chain = []
            found.append(self._block(segment))
        found += self._repeated(chain)
        # A block that is all there is would fold nothing together.
        return [] if len(found) == 1 and len(found[0].uids) == len(nodes) else found

    def _repeated(self, nodes: list[Node]) -> list[Block]:
        """Return the turns of the pattern that is repeated over most of some layers."""
        pattern = _pattern(nodes)
        if pattern is None:
            return []
        start, length, turns = pattern
        end = start + length * turns
        found = self._repeated(nodes[:start])
        found += [self._block(nodes[at : at + length]) for at in range(start, end, length)]
        return found + self._repeated(nodes[end:])

    def _block(self, nodes: Sequence[Node]) -> Block:
        self._nameless += 1
        uids = tuple(node.uid for node in nodes)
        return Block(f"#{uids[0]}", f"Block {self._nameless}", uids)


def _paths(graph: Graph) -> dict[int, Path]:
    """Return the modules each layer is in; one without a name is where both its neighbours are."""
    nodes = graph.nodes
    before: list[Path] = []
    for node in nodes:
        before.append(path_of(node.name) if node.name else (before[-1] if before else ()))
    found: dict[int, Path] = {}
    after: Path = ()
    for node, path in zip(reversed(nodes), reversed(before), strict=True):
        if node.name:
            after = path
        found[node.uid] = _common(path, after)
    return found


def _common(first: Path, second: Path) -> Path:
    count = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        count += 1
    return first[:count]


def _segments(nodes: Sequence[Node], graph: Graph) -> list[list[Node]]:
    """Return layers in runs that end where a single result goes on.

    An activation behind it belongs to what it follows.
    """
    if not nodes:
        return []
    place = {node.uid: index for index, node in enumerate(nodes)}
    last_use = dict.fromkeys(place, -1)
    outside = -1  # of what enters from before
    for node in graph:
        at = place.get(node.uid, len(nodes))
        for uid in node.inputs:
            if uid in place:
                last_use[uid] = max(last_use[uid], at)
            elif at < len(nodes):
                outside = max(outside, at)
    segments: list[list[Node]] = [[]]
    reach = outside
    for index, node in enumerate(nodes):
        segments[-1].append(node)
        # What is taken only behind the next narrow place keeps this one wide.
        if reach <= index and index + 1 < len(nodes):
            segments.append([])
        reach = max(reach, last_use[node.uid])
    return _with_activations(segments)


def _with_activations(segments: list[list[Node]]) -> list[list[Node]]:
    found: list[list[Node]] = []
    for segment in segments:
        is_one = len(segment) == 1 and isinstance(segment[0].layer, Activation)
        if is_one and found and len(found[-1]) >= LEAST:
            found[-1] += segment
        else:
            found.append(segment)
    return found


def _pattern(nodes: Sequence[Node]) -> tuple[int, int, int] | None:
    """Return where the pattern that covers most begins, its length, and how often it comes.

    One that begins with weights comes before others, a short one before a long one.
    """
    kinds = [node.layer.kind for node in nodes]
    best, found = (0, False, 0, 0), None
    for length in range(LEAST, min(len(kinds) // 2, LONGEST_PATTERN) + 1):
        same = 0
        for index in range(len(kinds) - length - 1, -1, -1):
            same = same + 1 if kinds[index] == kinds[index + length] else 0
            turns = same // length + 1
            begins = isinstance(nodes[index].layer, WeightedLayer)
            score = (turns * length, begins, -length, -index)
            is_mixed = len(set(kinds[index : index + length])) > 1
            if turns > 1 and is_mixed and score > best:
                best, found = score, (index, length, turns)
    return found
