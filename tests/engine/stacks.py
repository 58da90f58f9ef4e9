"""Stacks drawn at random, and what meets what in them by plain loops."""

from __future__ import annotations

from hypothesis import strategies as st

from convlab.engine.window import Layer, TransposedWindow, Window

Meetings = list[tuple[int, int]]


def meetings(layer: Layer, size: int) -> tuple[Meetings, int]:
    """Return every (input, output) that meet in one cell of the kernel, and the output size."""
    if isinstance(layer, Window):
        return _window_meetings(layer, size)
    assert isinstance(layer, TransposedWindow)
    return _transposed_meetings(layer, size)


def _window_meetings(window: Window, size: int) -> tuple[Meetings, int]:
    padded = [None] * window.before + list(range(size)) + [None] * window.after
    found, output, start = [], 0, 0
    while start + (window.kernel - 1) * window.dilation < len(padded):
        for cell in range(window.kernel):
            pixel = padded[start + cell * window.dilation]
            if pixel is not None:
                found.append((pixel, output))
        output, start = output + 1, start + window.stride
    return found, output


def _transposed_meetings(window: TransposedWindow, size: int) -> tuple[Meetings, int]:
    """Lay the kernel down once per pixel, then cut."""
    laid = [
        (pixel, pixel * window.stride + cell * window.dilation)
        for pixel in range(size)
        for cell in range(window.kernel)
    ]
    length = max(place for _, place in laid) + 1 + window.output_padding
    kept = range(window.before, length - window.after)
    return [(pixel, place - kept.start) for pixel, place in laid if place in kept], len(kept)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    return Window(
        draw(st.integers(1, 5)),
        draw(st.integers(1, 4)),
        draw(st.integers(0, 4)),
        draw(st.integers(0, 4)),
        draw(st.integers(1, 3)),
    )


@st.composite
def transposed_windows(draw: st.DrawFn) -> TransposedWindow:
    stride, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    return TransposedWindow(
        draw(st.integers(1, 5)),
        stride,
        draw(st.integers(0, 3)),
        draw(st.integers(0, 3)),
        dilation,
        draw(st.integers(0, max(stride, dilation) - 1)),
    )


@st.composite
def stacks(draw: st.DrawFn, most: int = 4) -> tuple[list[Layer], int]:
    """Draw up to ``most`` layers that fit each other, and the picture's size."""
    picture = size = draw(st.integers(1, 24))
    layers: list[Layer] = []
    for _ in range(draw(st.integers(0, most))):
        layer = draw(windows() | transposed_windows())
        try:
            output = layer.output_size(size)
        except ValueError:
            continue
        if output <= 120:
            layers.append(layer)
            size = output
    return layers, picture
