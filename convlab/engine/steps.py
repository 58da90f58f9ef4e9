"""How often each algorithm does what: its time is the sum of these counts, each times its cost.

Whoever changes an algorithm changes what it does here, and has the costs fitted again:
``python tools/fit_planner.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from convlab.engine.algorithms import depthwise, fft, gemm
from convlab.engine.algorithms.full_plane import FILTER_BORDERS, count_pieces, slides_at_once
from convlab.engine.algorithms.problem import Algorithm, Sizes
from convlab.engine.border import Border
from convlab.engine.parallel import cores
from convlab.engine.shapes import Pair

_VECTOR = 8  # numbers that filter2D takes at once; what is left of a row it takes one by one
# Of fewer pixels under the kernel, at a corner, so many may be dark that spectra are not exact
# enough; a kernel with gaps needs many more. Then most tiles are slid.
_FEWEST_PIXELS = 60


class SlidingSteps(NamedTuple):
    """Of the algorithms that slide kernels with ``filter2D``, one or two passes for each.

    Attributes:
        run: One of the algorithm.
        kernel: One kernel, found or laid out.
        call: One of ``filter2D``.
        row: A cell of the kernel met by a row of pixels.
        pixel: A pixel filtered, whatever the kernel.
        product: A product and its addition, in vectors.
        rest: The same, one by one at the end of a row.
        addition: A plane added to another.
        added: A pixel of these.
        padded: A number copied for its padding.
        made: A number of a new plane.
        stepped: A number taken out of the result for a stride.
    """

    run: float
    kernel: float
    call: float
    row: float
    pixel: float
    product: float
    rest: float
    addition: float
    added: float
    padded: float
    made: float
    stepped: float


class FftSteps(NamedTuple):
    """Of products of spectra.

    Attributes:
        group: One group of channels.
        channel: A channel's kernels looked at: how exact their spectra are.
        weight: A cell of a kernel, gaps counted, looked at for this.
        tile: A tile of a channel looked at.
        transform: One of a tile or a kernel, there or back.
        transformed: A pixel of these, times the logarithm of their number.
        product: One of two spectra, and its addition.
        multiplied: A pixel of these.
        made: A number of the result, padding and stride counted.
        slid: A product of pixel and weight where tiles slide after all.
    """

    group: float
    channel: float
    weight: float
    tile: float
    transform: float
    transformed: float
    product: float
    multiplied: float
    made: float
    slid: float


class GemmSteps(NamedTuple):
    """Of the matrix product.

    Attributes:
        run: One of the algorithm.
        group: One group of channels, of several.
        sharing: Strips shared among cores.
        strip: One laid out and multiplied.
        run_copied: A row of pixels laid out.
        copied: A number laid out.
        strided: One that is so from pixels apart, for a stride.
        read: A number that a product reads, laid out or as it lies.
        product: A product and its addition.
        weight: A weight.
        made: A number of the result.
        padded: A number copied for its padding.
    """

    run: float
    group: float
    sharing: float
    strip: float
    run_copied: float
    copied: float
    strided: float
    read: float
    product: float
    weight: float
    made: float
    padded: float


class DepthwiseSteps(NamedTuple):
    """Of the sums with channels last.

    Attributes:
        run: One of the algorithm.
        sharing: Rows shared among cores.
        met: A cell of the kernels at a position: what it meets is a run of all channels.
        product: A product and its addition.
        weight: A weight.
        pixel: A pixel laid out with its channels last, or back, or copied for its padding.
        moved: A number laid out so.
        padded: A number copied for its padding.
    """

    run: float
    sharing: float
    met: float
    product: float
    weight: float
    pixel: float
    moved: float
    padded: float


class RuntimeSteps(NamedTuple):
    """Of ONNX Runtime.

    Attributes:
        run: One of it.
        group: One group of channels.
        copied: A number laid out.
        product: A product and its addition.
        weight: A weight.
        made: A number of the result.
        padded: A number copied for its padding, where we do it.
    """

    run: float
    group: float
    copied: float
    product: float
    weight: float
    made: float
    padded: float


Steps: TypeAlias = SlidingSteps | FftSteps | GemmSteps | DepthwiseSteps | RuntimeSteps


def opencv_steps(sizes: Sizes) -> SlidingSteps:
    """Return what sliding every kernel takes."""
    pairs = sizes.outputs * sizes.depth
    pieces = count_pieces(sizes.span)
    return _sliding(
        sizes,
        spans=(sizes.span,),
        kernels=pairs,
        passes=pairs * pieces,
        cells=pairs * math.prod(sizes.kernel),
        additions=sizes.outputs * (sizes.depth - 1) + pairs * (pieces - 1),
    )


def separable_steps(sizes: Sizes, terms: int) -> SlidingSteps:
    """Return what two passes for each of so many separable kernels take."""
    rows, columns = sizes.span
    spans = (rows, 1), (1, columns)
    return _sliding(
        sizes,
        spans=spans,
        kernels=sizes.outputs * sizes.depth,
        passes=terms * sum(map(count_pieces, spans)),
        cells=terms * sum(sizes.kernel),
        additions=terms - sizes.outputs,
    )


def _sliding(
    sizes: Sizes, spans: Sequence[Pair], kernels: int, passes: int, cells: int, additions: int
) -> SlidingSteps:
    own = _is_padded_on_the_way(sizes, spans)
    height, width = sizes.picture if own else sizes.padded
    pictures, pixels = sizes.pictures, height * width
    met, left = pictures * cells * height, width % _VECTOR
    return SlidingSteps(
        run=1,
        kernel=kernels,
        call=pictures * passes,
        row=met,
        pixel=pictures * passes * pixels,
        product=met * (width - left),
        rest=met * left,
        addition=pictures * additions,
        added=pictures * additions * pixels,
        padded=0 if own else pictures * sizes.channels * pixels,
        made=pictures * sizes.outputs * pixels,
        stepped=0 if sizes.stride == (1, 1) else math.prod(sizes.out_shape),
    )


def _is_padded_on_the_way(sizes: Sizes, spans: Sequence[Pair]) -> bool:
    """Tell whether filter2D continues the picture by itself."""
    top, bottom, left, right = sizes.padding
    rows, columns = sizes.span
    fits = top + bottom < rows and left + right < columns
    fits &= sizes.border in FILTER_BORDERS and all(map(slides_at_once, spans))
    return fits or not any(sizes.padding)


def fft_steps(sizes: Sizes) -> FftSteps:
    """Return what products of spectra take."""
    tiles, area = fft.tile_count(sizes) * sizes.pictures, math.prod(fft.tile_size(sizes))
    kernels, cells = sizes.outputs * sizes.depth, math.prod(sizes.span)
    looks, products = tiles * sizes.channels, tiles * kernels
    places = math.prod(sizes.padded)
    if not _has_spectra(sizes):
        slid = products * area * math.prod(sizes.kernel)
        made = sizes.pictures * (sizes.outputs + sizes.channels) * places
        zeros = dict.fromkeys(("transform", "transformed", "product", "multiplied"), 0.0)
        return FftSteps(
            sizes.groups, sizes.channels, kernels * cells, looks, made=made, slid=slid, **zeros
        )
    transforms = looks + tiles * sizes.outputs + kernels
    return FftSteps(
        group=sizes.groups,
        channel=sizes.channels,
        weight=kernels * cells,
        tile=looks,
        transform=transforms,
        transformed=transforms * area * math.log2(area),
        product=products,
        multiplied=products * area,
        made=sizes.pictures * (sizes.outputs + sizes.channels) * places,
        slid=0,
    )


def _has_spectra(sizes: Sizes) -> bool:
    """Tell whether spectra are exact enough for most pictures: see ``tile_precision``."""
    corner = 1
    for cells, gap, side, ends in zip(
        sizes.kernel,
        sizes.dilation,
        sizes.picture,
        (sizes.padding[:2], sizes.padding[2:]),
        strict=True,
    ):
        seen = [
            min((side + end - 1) // gap, cells - 1) - (end + gap - 1) // gap + 1 for end in ends
        ]
        corner *= max(min(seen), 0)
    return corner >= _FEWEST_PIXELS * (2 * math.prod(sizes.dilation) - 1)


def gemm_steps(sizes: Sizes) -> GemmSteps:
    """Return what the matrix product takes; what cores share counts once for each."""
    height, width = sizes.result
    cells, positions = math.prod(sizes.kernel), sizes.pictures * height * width
    share = 1.0 / cores() if gemm.is_shared(sizes) else 1.0
    read = sizes.channels * cells * positions
    numbers = 0 if gemm.lies_ready(sizes) else read
    return GemmSteps(
        run=1,
        group=sizes.groups if sizes.groups > 1 else 0,
        sharing=gemm.is_shared(sizes),
        strip=0 if gemm.is_one_product(sizes) else share * gemm.count_strips(sizes),
        run_copied=share * numbers / width,
        copied=share * numbers,
        strided=share * numbers * (sizes.stride[1] > 1),
        read=share * read,
        product=share * gemm.products(sizes),
        weight=sizes.outputs * sizes.depth * cells,
        made=sizes.outputs * positions,
        padded=_padded(sizes),
    )


def depthwise_steps(sizes: Sizes) -> DepthwiseSteps:
    """Return what sums with channels last take; what cores share counts once for each."""
    made, cells = math.prod(sizes.out_shape), math.prod(sizes.kernel)
    share = 1.0 / cores() if depthwise.is_shared(sizes) else 1.0
    pixels, padded = sizes.pictures * math.prod(sizes.picture), _padded(sizes)
    return DepthwiseSteps(
        run=1,
        sharing=depthwise.is_shared(sizes),
        met=share * made * cells / sizes.channels,
        product=share * made * cells,
        weight=sizes.outputs * cells,
        pixel=pixels + (made + padded) / sizes.channels,
        moved=pixels * sizes.channels + made,
        padded=padded,
    )


def _padded(sizes: Sizes) -> int:
    """Return how many numbers are copied for their padding."""
    if not any(sizes.padding):
        return 0
    return sizes.pictures * sizes.channels * math.prod(sizes.padded)


def runtime_steps(sizes: Sizes) -> RuntimeSteps:
    """Return what ONNX Runtime takes."""
    made, cells = math.prod(sizes.out_shape), math.prod(sizes.kernel)
    own = sizes.border is Border.ZEROS or not any(sizes.padding)
    return RuntimeSteps(
        run=1,
        group=sizes.groups,
        copied=made // sizes.outputs * sizes.channels * cells * (cells > 1),
        product=made * sizes.depth * cells,
        weight=sizes.outputs * sizes.depth * cells,
        made=made,
        padded=0 if own else sizes.pictures * sizes.channels * math.prod(sizes.padded),
    )


# Of the algorithms that take any kernels and are always there.
STEPS: dict[Algorithm, Callable[[Sizes], Steps]] = {
    Algorithm.OPENCV: opencv_steps,
    Algorithm.GEMM: gemm_steps,
    Algorithm.DEPTHWISE: depthwise_steps,
    Algorithm.FFT: fft_steps,
}


def ways_for(sizes: Sizes) -> list[Algorithm]:
    """Return those of them that are for such sizes."""
    return [way for way in STEPS if way is not Algorithm.DEPTHWISE or depthwise.fits(sizes)]
