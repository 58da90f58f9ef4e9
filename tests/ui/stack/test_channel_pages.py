"""Pages of the maps that come in."""

from __future__ import annotations

from convlab.ui.stack.channel_pages import ChannelPages

PAGES = ChannelPages((4, 5, 6, 7, 8), 2)


def test_pages_are_turned_as_far_as_there_are_some() -> None:
    assert PAGES.count == 3
    shown = [PAGES.turned(pages) for pages in (-1, 0, 1, 2, 9)]
    assert [pages.channels for pages in shown] == [(4, 5), (4, 5), (6, 7), (8,), (8,)]
    assert [pages.text for pages in shown[1:4]] == ["1–2 of 5", "3–4 of 5", "5 of 5"]
    assert [pages.is_first for pages in shown] == [True, True, False, False, False]
    assert [pages.is_last for pages in shown] == [False, False, False, True, True]


def test_the_page_of_a_map_is_found() -> None:
    assert PAGES.turned_to(7).channels == (6, 7)
    assert PAGES.turned(1).turned_to(99) == PAGES.turned(1)


def test_what_has_room_on_one_page_needs_no_words() -> None:
    for pages in (ChannelPages(), ChannelPages((0, 1, 2), 3)):
        assert pages.text == ""
        assert pages.is_first
        assert pages.is_last
    assert ChannelPages().turned(1) == ChannelPages()
