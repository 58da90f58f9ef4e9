"""The pure layout of a network: nothing overlaps, all is inside, maps are as large as can be."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, QSizeF

from convlab.ui.widgets.map_layout import MARGIN, Layout, Opening, between, lay_out
from convlab.ui.widgets.map_node import WELL_SEEN, CardSize, CardStyle, Node, grid_of, largest_grid

ROOM = QSizeF(1378, 774)  # of the maps in a window of 1440x900
SMALL = QSizeF(962, 574)  # of 1024x700
FIRST = [
    Node(0, 4, (240, 320), lead=1),
    Node(1, 8, (240, 320), (0,), mixes=True),
    Node(2, 8, (240, 320), (1,)),
    Node(3, 8, (120, 160), (2,)),
    Node(4, 8, (120, 160), (3,), mixes=True),
    Node(5, 8, (120, 160), (4,)),
    Node(6, 8, (60, 80), (5,)),
]
BRANCHED = [
    Node(0, 1, (64, 64)),
    Node(1, 8, (64, 64), (0,), mixes=True),
    Node(2, 8, (64, 64), (1,), mixes=True),  # upper lane
    Node(3, 16, (32, 32), (1,), mixes=True),  # lower lane
    Node(4, 24, (32, 32), (2, 3)),
    Node(5, 24, (32, 32), (4,), mixes=True),
    Node(6, 24, (32, 32), (5, 4, 1)),  # over one, and over four
    Node(7, 10, (1, 1), (6,), mixes=True),
]
INCEPTION = [
    Node(0, 4, (64, 64), lead=1),
    Node(1, 8, (64, 64), (0,), mixes=True),
    Node(2, 8, (64, 64), (0,), mixes=True),
    Node(3, 3, (64, 64), (0,)),
    Node(4, 8, (64, 64), (3,), mixes=True),
    Node(5, 3, (64, 64), (0,)),
    Node(6, 27, (64, 64), (1, 2, 4, 5)),
]


def chain(count: int, tiles: int = 8) -> list[Node]:
    return [Node(uid, tiles, (60, 80), (uid - 1,), mixes=uid % 2 == 1) for uid in range(count)]


def rects(layout: Layout) -> list[QRectF]:
    found = [
        rect
        for place in layout.places
        for rect in (place.card, *place.cells, place.bar)
        if rect.height()
    ]
    return found if layout.gap is None else [*found, layout.gap]


def inner(rect: QRectF) -> QRectF:
    """Without the rounding of sums."""
    return rect.adjusted(0.01, 0.01, -0.01, -0.01)


def check(nodes: list[Node], layout: Layout) -> None:
    """Each map has its place, nothing overlaps, and all is inside."""
    assert {place.uid for place in layout.places} == {node.uid for node in nodes}
    tiles = {node.uid: node.tiles for node in nodes}
    for place in layout.places:
        assert len(place.cells) <= tiles[place.uid]
        if len(place.cells) < tiles[place.uid]:  # they are scrolled, rather than too small
            assert place.grid.width <= WELL_SEEN + 0.01
            assert place.cells
    found = [inner(rect) for rect in rects(layout)]
    whole = QRectF(0, 0, layout.size.width(), layout.size.height())
    assert all(whole.contains(rect) for rect in found)
    for number, rect in enumerate(found):
        assert not any(rect.intersects(other) for other in found[:number])
    sizes = {node.uid: node.card for node in nodes}
    for place in layout.places:
        assert place.card.width() >= sizes[place.uid].width(place.style) - 0.01, "a name is cut"


def test_the_first_stack_is_as_large_as_it_can_be() -> None:
    layout = lay_out(FIRST, ROOM)
    check(FIRST, layout)
    cells = [cell for place in layout.places for cell in place.cells]
    assert min(cell.width() for cell in cells) >= 100
    assert sum(cell.width() * cell.height() for cell in cells) >= 0.3 * 1440 * 900
    assert min(cell.width() for place in lay_out(FIRST, SMALL).places for cell in place.cells) >= 72


@pytest.mark.parametrize("room", [ROOM, SMALL, QSizeF(738, 480), QSizeF(1858, 954)])
@pytest.mark.parametrize("nodes", [FIRST, chain(3, 64), chain(5, 32)])
def test_no_packing_has_larger_maps(nodes: list[Node], room: QSizeF) -> None:
    """Tried one by one: any number of maps in a column, the gaps at their least."""
    layout = lay_out(nodes, room)
    check(nodes, layout)
    shown = min(place.grid.width for place in layout.places)
    place = layout.places[-1]
    height = room.height() - place.card.bottom() - 5 - 5 - place.bar.height() - MARGIN / 2
    width = room.width() - 2 * MARGIN - (len(nodes) - 1) * 16
    best = 0.0
    for rows in range(1, 65):
        columns = [-(-node.tiles // rows) for node in nodes]
        high = (height - (rows - 1) * 5) / rows / max(node.aspect for node in nodes)
        wide = (width - 5 * sum(count - 1 for count in columns)) / sum(columns)
        best = max(best, min(high, wide))
    cards = max(node.card.width(place.style) for node in nodes)
    assert shown >= best - 0.01 or best * 1.01 < cards, "larger ones were to be had"


nodes_of = st.lists(
    st.tuples(
        st.integers(0, 64),
        st.sampled_from([(240, 320), (1, 1), (64, 64), (7, 400), (300, 4)]),
        st.booleans(),
        st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True),
    ),
    max_size=12,
)


@settings(phases=(Phase.explicit, Phase.generate), max_examples=60)  # shrinking takes minutes
@given(
    nodes_of, st.sampled_from([ROOM, SMALL, QSizeF(738, 480)]), st.integers(0, 12), st.booleans()
)
def test_nothing_overlaps_in_any_network(
    parts: list[tuple[int, tuple[int, int], bool, list[int]]],
    room: QSizeF,
    chosen: int,
    is_open: bool,
) -> None:
    nodes = [Node(0, 4, (240, 320), lead=1)]
    for tiles, size, mixes, back in parts:
        uid = len(nodes)
        nodes.append(Node(uid, tiles, size, tuple({max(uid - step, 0) for step in back}), mixes))
    opening = Opening(chosen, 700.0) if is_open else None
    layout = lay_out(nodes, room, chosen, opening)
    check(nodes, layout)
    assert (layout.gap is not None) == (is_open and chosen < len(nodes))


@pytest.mark.parametrize("opening", [None, Opening(3, 500.0)])
def test_branches_lie_in_lanes_and_skips_go_over_all_in_arcs(opening: Opening | None) -> None:
    layout = lay_out(BRANCHED, ROOM, opening=opening)
    check(BRANCHED, layout)
    places = {place.uid: place for place in layout.places}
    assert places[2].card.left() == places[3].card.left()
    assert places[2].rect.bottom() < places[3].card.top()
    arcs = {(links.source, links.target): links.arc for links in layout.links if links.arc}
    assert set(arcs) == {(4, 6), (1, 6)}
    heights = [corners[2].y() for corners in arcs.values()]
    assert len(set(heights)) == 2, "two arcs over the same layers"
    assert max(heights) < min(place.card.top() for place in layout.places)
    for corners in arcs.values():
        for a, b in pairwise(corners):
            line = QRectF(a, b).normalized().adjusted(-0.1, -0.1, 0.1, 0.1)
            ends = (corners[0], corners[-1])
            assert (
                a in ends
                or b in ends
                or not any(inner(r).intersects(line) for r in rects(Layout(layout.places)))
            )


def test_a_layer_that_mixes_has_a_bundle_and_another_straight_lines() -> None:
    layout = lay_out(FIRST, ROOM)
    links = {each.target: each.lines for each in layout.links}
    assert [len(links[uid]) for uid in range(1, 7)] == [24, 8, 8, 64, 8, 8]
    assert all(start.y() == end.y() for start, end in links[2])
    picture, colors = layout.places[0].cells[0], layout.places[0].cells[1:]
    assert {start.y() for start, _ in links[1]} == {cell.center().y() for cell in colors}
    assert picture.center().y() not in {start.y() for start, _ in links[1]}


def test_maps_put_one_after_the_other_are_linked_each_with_its_own() -> None:
    layout = lay_out(BRANCHED, ROOM)
    by = {(each.source, each.target): each.lines for each in layout.links}
    place = next(place for place in layout.places if place.uid == 4)
    heights = [cell.center().y() for cell in place.cells[: place.grid.rows]]
    for source, own in ((2, range(8)), (3, range(8, 24))):
        ends = [end.y() for _, end in by[source, 4]]
        wanted = [heights[number] for number in own if number < len(heights)]
        assert ends == (wanted or heights[-1:])


def test_links_run_from_the_last_column_of_maps_to_the_first_of_the_next() -> None:
    layout = lay_out(chain(3, 64), ROOM)
    _, before, after = layout.places
    assert before.grid.columns > 1
    assert after.grid.columns > 1
    lines = layout.links[1].lines
    assert {start.x() for start, _ in lines} == {max(cell.right() for cell in before.cells)}
    assert {end.x() for _, end in lines} == {min(cell.left() for cell in after.cells)}


def test_a_layer_that_is_off_is_its_card_only_and_links_go_through() -> None:
    nodes = [FIRST[0], FIRST[1], Node(2, 0, (1, 1), (1,)), Node(3, 8, (120, 160), (2,))]
    layout = lay_out(nodes, ROOM)
    check(nodes, layout)
    assert layout.places[2].cells == ()
    assert layout.places[2].rect.height() == layout.places[2].card.height()
    through, after = layout.links[1].lines, layout.links[2].lines
    assert [end for _, end in through] == [start for start, _ in after]


@pytest.mark.parametrize("chosen", [0, 5, 23, None])
@pytest.mark.parametrize("room", [ROOM, SMALL, QSizeF(738, 480)])
def test_of_many_layers_the_chosen_and_its_neighbours_are_large(
    room: QSizeF, chosen: int | None
) -> None:
    nodes = chain(24)
    layout = lay_out(nodes, room, chosen)
    check(nodes, layout)
    focus = 0 if chosen is None else chosen
    for place in layout.places:
        is_large = abs(place.uid - focus) <= 1
        assert (place.style is CardStyle.SHORT) == is_large
        assert is_large or place.style is CardStyle.TURNED


def test_more_layers_than_have_room_are_wider_than_the_room() -> None:
    nodes = chain(64)
    layout = lay_out(nodes, SMALL, 30)
    check(nodes, layout)
    assert layout.size.width() > SMALL.width()
    assert layout.size.height() == SMALL.height()


@pytest.mark.parametrize("uid", range(7))
@pytest.mark.parametrize("room", [ROOM, SMALL, QSizeF(738, 480)])
def test_the_detail_opens_between_what_feeds_a_layer_and_the_rest(room: QSizeF, uid: int) -> None:
    layout = lay_out(FIRST, room, opening=Opening(uid, 620.0))
    check(FIRST, layout)
    gap = layout.gap
    assert gap is not None
    assert gap.height() == room.height()
    split = max(uid, 1)
    assert all(place.card.right() <= gap.left() for place in layout.places[:split])
    assert all(place.card.left() >= gap.right() for place in layout.places[split:])
    assert layout.size == room, "everything is still in sight"
    assert gap.width() == 620.0 or layout.places[0].style is CardStyle.TURNED


def test_on_the_way_layers_are_between_where_they_were_and_where_they_come() -> None:
    before, after = lay_out(FIRST, ROOM), lay_out(FIRST, ROOM, opening=Opening(4, 620.0))
    middle = between(before, after, 0.5)
    for a, b, c in zip(before.places, middle.places, after.places, strict=True):
        assert b.card.left() == pytest.approx((a.card.left() + c.card.left()) / 2)
        assert b.cells[0].width() == pytest.approx((a.cells[0].width() + c.cells[0].width()) / 2)
    assert between(before, after, 1.0).places == after.places


def test_hundreds_of_maps_are_scrolled_where_they_would_be_too_small() -> None:
    nodes = [Node(uid, 320, (7, 7), (uid - 1,)) for uid in range(21)]
    layout = lay_out(nodes, ROOM, chosen=4)
    check(nodes, layout)
    for place in layout.places:
        assert len(place.cells) < 320
        assert place.grid.width == pytest.approx(40 if place.style is CardStyle.SHORT else 18)
        assert place.grid.whole_width <= place.card.width()
    assert sum(len(place.cells) for place in layout.places) > 500


def test_many_branches_are_higher_than_the_room() -> None:
    nodes = [FIRST[0], *(Node(uid, 8, (60, 80), (0,)) for uid in range(1, 13))]
    nodes.append(Node(13, 8, (60, 80), tuple(range(1, 13))))
    layout = lay_out(nodes, SMALL)
    check(nodes, layout)
    assert layout.size.height() > SMALL.height()
    assert layout.size.width() == SMALL.width()


def test_a_short_branch_goes_straight_to_where_branches_meet() -> None:
    layout = lay_out(INCEPTION, ROOM)
    check(INCEPTION, layout)
    tops = {place.uid: place.card.top() for place in layout.places}
    assert tops[3] == tops[4], "a branch stays in its lane"
    assert len({tops[uid] for uid in (1, 2, 3, 5)}) == 4
    ways = {(links.source, links.target): links.arc for links in layout.links if links.arc}
    assert set(ways) == {(1, 6), (2, 6), (5, 6)}
    places = {place.uid: place for place in layout.places}
    for (source, _), corners in ways.items():
        rect = places[source].rect
        assert corners[0].y() == corners[1].y()
        assert rect.contains(corners[0])
        assert corners[1].x() > places[4].card.right()


def test_maps_keep_their_aspect_and_numbers_share_the_height() -> None:
    grid = grid_of(Node(1, 1, (240, 320)), 104, 600)
    assert (grid.width, grid.height) == (104, 78)
    assert grid_of(Node(1, 3, (1, 1)), 104, 600).height == 44
    many = grid_of(Node(1, 64, (1, 1)), 104, 600)
    assert many.columns == 1
    assert many.whole_height <= 600


def test_many_maps_stand_in_columns_of_one_length() -> None:
    grid = largest_grid(Node(1, 32, (10, 10), card=CardSize()), 300, 300)
    assert (grid.rows, grid.columns) == (6, 6)
    assert grid.whole_width <= 300
    assert grid.whole_height <= 300
    room = Node(1, 16, (10, 10))
    assert grid_of(room, 40, 500).rows == 8


def test_a_detail_among_many_layers_is_wide_enough_and_layers_go_out_of_sight() -> None:
    nodes = [Node(uid, 8, (30, 40), (uid - 1,) if uid else ()) for uid in range(16)]
    room = QSizeF(738, 480)
    layout = lay_out(nodes, room, opening=Opening(14, 620.0))
    assert layout.gap is not None
    assert layout.gap.width() >= 500
    assert layout.size.width() > room.width()
    few = lay_out(nodes[:7], room, opening=Opening(4, 620.0))
    assert few.size == room
