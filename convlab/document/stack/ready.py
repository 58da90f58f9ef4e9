"""The stacks that come with the program: what they are called, and what they show."""

from __future__ import annotations

from dataclasses import dataclass

CHANGED = " (changed)"


@dataclass(frozen=True, slots=True)
class ReadyStack:
    """A stack to begin with.

    Attributes:
        key: Name of its file without the suffix; FIRST and EMPTY have none.
        title: What it is called.
        group: Heading above it in a list.
        line: What it shows, in one line.
    """

    key: str
    title: str
    group: str
    line: str


FIRST, EMPTY = "first", "empty"

_BEGIN, _FILTERS, _NETWORKS = "To begin with", "Filters made by hand", "Networks"
READY_STACKS = (
    ReadyStack(
        FIRST,
        "First steps",
        _BEGIN,
        "Edges in eight directions, pooled twice: small enough to be taken in at a glance.",
    ),
    ReadyStack(EMPTY, "New, empty", _BEGIN, "The picture alone: add layers one by one."),
    ReadyStack(
        "32x32x3-to-28x28x6",
        "32×32×3 to 28×28×6",
        _BEGIN,
        "One convolution: six 5×5 kernels for each of three channels, 456 numbers to learn.",
    ),
    ReadyStack(
        "blur-pyramid",
        "Blur pyramid",
        _FILTERS,
        "Blurs and halves the picture four times: ever coarser, ever smaller.",
    ),
    ReadyStack(
        "difference-of-gaussians",
        "Difference of Gaussians",
        _FILTERS,
        "Narrow blurs minus wide ones: bright and dark blobs, as cells of the retina see them.",
    ),
    ReadyStack(
        "gabor-bank",
        "Gabor bank",
        _FILTERS,
        "Stripes of many directions, their strength averaged: what a texture is made of.",
    ),
    ReadyStack(
        "simple-to-complex-cells",
        "Simple to complex cells",
        _FILTERS,
        "Oriented edges, then their largest nearby: found wherever they are, as in the cortex.",
    ),
    ReadyStack(
        "640x480-8-16-32-maps",
        "640×480: 8, 16, 32 maps",
        _NETWORKS,
        "Three stages of convolution, ReLU and pooling on a large picture; random weights.",
    ),
    ReadyStack(
        "tinyvgg-shape",
        "TinyVGG shape",
        _NETWORKS,
        "The layers of a small classifier with ten answers; random weights, so it only guesses.",
    ),
    ReadyStack(
        "digits-trained",
        "Handwritten digits, trained",
        _NETWORKS,
        "Has learned the bundled digits: draw one, or show one on paper to the camera.",
    ),
    ReadyStack(
        "everyday-objects",
        "Everyday objects",
        _NETWORKS,
        "EfficientNet-Lite0 knows 1,000 things: show it a cup, a banana, a cat, a keyboard.",
    ),
    ReadyStack(
        "faces",
        "Faces",
        _NETWORKS,
        "PNet of MTCNN, seven layers: its last map is bright where a face is; boxes mark them.",
    ),
)
"""In the order of the list."""

OPENED = ("everyday-objects", "faces")
"""Keys of those that are networks of other programs: their files are ONNX."""

_TITLES = {ready.title for ready in READY_STACKS}


def changed_title(title: str) -> str:
    """Return what a stack is called once its layers are no longer those of its title.

    >>> changed_title("First steps"), changed_title("My own")
    ('First steps (changed)', 'My own')
    """
    return title + CHANGED if title in _TITLES else title
