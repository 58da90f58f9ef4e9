from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.engine.kernel_number import parse_number
from convlab.engine.kernel_text import TextStyle, parse, to_text

SOBEL = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]


@pytest.mark.parametrize(
    "text",
    [
        "1 0 -1\n2 0 -2\n1 0 -1",
        "1 0 −1\r\n2 0 −2\r\n1 0 −1\r\n",
        "\n  1   0 -1 \n\n 2 0 -2\n1 0 -1\n\n",
        "1,0,-1\n2,0,-2\n1,0,-1",
        "1, 0, -1,\n2, 0, -2,\n1, 0, -1,",
        "1\t0\t-1\n2\t0\t-2\n1\t0\t-1\n",
        "1;0;-1\n2;0;-2\n1;0;-1",
        "1 0 -1; 2 0 -2; 1 0 -1",
        "1,0,-1;2,0,-2;1,0,-1",
        "[1 0 -1; 2 0 -2; 1 0 -1]",
        "[1, 0, -1; 2, 0, -2; 1, 0, -1];",
        "K = [1 0 -1; ...\n     2 0 -2; ...\n     1 0 -1];",
        "[1 0 -1\n2 0 -2\n1 0 -1]",
        "[[1, 0, -1], [2, 0, -2], [1, 0, -1]]",
        "((1, 0, -1), (2, 0, -2), (1, 0, -1))",
        "{{1, 0, -1}, {2, 0, -2}, {1, 0, -1}};",
        "[1, 0, -1],\n[2, 0, -2],\n[1, 0, -1]",
        "[[ 1.  0. -1.]\n [ 2.  0. -2.]\n [ 1.  0. -1.]]",
        "array([[ 1.,  0., -1.],\n       [ 2.,  0., -2.],\n       [ 1.,  0., -1.]], dtype=float32)",
        "tensor([[1., 0., -1.], [2., 0., -2.], [1., 0., -1.]])",
        "kernel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1],], dtype=np.float32)",
        "\t numpy.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])",
        "numpy.asarray([[1, 0, -1], [2, 0, -2], [1, 0, -1]])",
        "[[[[1, 0, -1], [2, 0, -2], [1, 0, -1]]]]",
        "1/4 * [4 0 -4; 8 0 -8; 4 0 -4]",
        "(1/4) * np.array([[4, 0, -4], [8, 0, -8], [4, 0, -4]])",
        "0.5 × 2 0 -2\n4 0 -4\n2 0 -2",
        "[[4, 0, -4], [8, 0, -8], [4, 0, -4]] / 4",
        "np.array([[2, 0, -2], [4, 0, -4], [2, 0, -2]]) * 0.5",
        "4/4 0/3 -2/2\n+2 .0 -2.\n1e0 0 -10e-1",
        "1 / 1 0 -3 / 3\n2 0 -2\n1 0 -1",
    ],
)
def test_many_ways_to_write_sobel(text: str) -> None:
    weights = parse(text)
    assert weights.tolist() == SOBEL
    assert weights.dtype == np.float32


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", [[5]]),
        ("1 2 3", [[1, 2, 3]]),
        ("[1 2 3]", [[1, 2, 3]]),
        ("[1; 2; 3]", [[1], [2], [3]]),
        ("1\n2\n3", [[1], [2], [3]]),
        ("1;2;3", [[1, 2, 3]]),
        ("0,5\t1\n1\t0,25", [[0.5, 1], [1, 0.25]]),
        ("0,5;1;2", [[0.5, 1, 2]]),
        ("0,5;1,5\n1;2", [[0.5, 1.5], [1, 2]]),
        ("[[1,\n2], [3,\n4]]", [[1, 2], [3, 4]]),
    ],
)
def test_other_shapes_and_decimal_commas(text: str, expected: list[list[float]]) -> None:
    assert parse(text).tolist() == expected


def test_a_ninth_is_as_exact_as_float32_allows() -> None:
    assert (parse("1/9 * [1 1 1; 1 1 1; 1 1 1]") == np.float32(1 / 9)).all()
    assert (parse("[1 1; 1 1] / 9") == np.float32(1 / 9)).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there are no numbers: write rows"),
        (" \n\t\n", "there are no numbers"),
        ("[[], []]", "there are no numbers"),
        ("hello", "'hello' is not a number: write one such as"),
        ("1 0 x\n1 0 1", "'x' is not a number"),
        ("__import__('os')", "is not a number"),
        ("[1 2 [3 4]]", "'1 2' is not a number"),
        ("[1 2] + 1", "is not a number"),
        ("1_000 2", "is not a number"),
        ("0x10", "is not a number"),
        ("1 2 3\n4 5", "row 2 has 2 where row 1 has 3.*equally many"),
        ("[[1, 2], [3, 4], [5]]", "row 3 has 1 where row 1 has 2"),
        ("1\t\t2", "a cell is empty: write 0"),
        ("1,,2", "a cell is empty"),
        ("nan 1", "nan cannot be a weight: write a finite"),
        ("1 -Inf", "-Inf cannot be a weight"),
        ("1e39", "too large for a weight"),
        ("1e30 * 1e30", "too large"),
        ("1 1/0", "1/0 divides by zero"),
        ("[1 2] / 0", "divided by zero"),
        ("[[1, 2], [3, 4]", "brackets do not match"),
        ("1, 2]", "is not a number|brackets"),
        ("[1] 2]", "is not a number|brackets"),
        ("[[[1, 2]], [[3, 4]]]", "more than two dimensions"),
        ("0,5;1,5", "commas may be decimal"),
        ("0,5 1,5", "is not a number"),
        (" ".join("1" * 32), "1 rows and up to 32 numbers.*31×31"),
        ("\n".join("1" * 32), "32 rows"),
        ("1 " * 40_000, "80000 characters"),
        ("* 3", "is not a number"),
    ],
)
def test_what_is_no_kernel_is_rejected_in_one_message(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        parse(text)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert len(sentence) < 160


@pytest.mark.parametrize(
    "piece",
    [
        *("[", "]", "[]", "a=", "/", "*", " ", "\n", "1;", ",", "9", "\t", "1/", "np.array("),
        *("#", "//", "/*", "*//*", "%", "(1", "ones(", "a.", "outer(", "Mat_<", "3x3:", "1f", "f"),
        *("\\begin{", "\\frac{", ".view(", "|", "(float)", "np.float32(", "'1", "1.0e", ", a="),
        *(
            "matrix(c(",
            "c(1",
            "rbind(c(1),",
            "mat3(",
            "mat3(1,",
            "vec3(",
            "reshape([",
            "<- ",
            "---",
        ),
        *("k='1", "-a '3:1", "-"),
    ],
)
def test_the_work_is_bounded(piece: str) -> None:
    started = time.thread_time()  # other programs take none of it
    with pytest.raises(ValueError, match=":"):
        parse((piece * 65_536)[:65_536])
    assert time.thread_time() - started < 2


@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet="0123456789.,;-+/*eE[](){}\t\n ax=−×dtype'#%:<>|f&\\", max_size=60))
def test_any_text_is_a_kernel_or_a_value_error(text: str) -> None:
    try:
        weights = parse(text)
    except ValueError:
        return
    assert weights.ndim == 2
    assert weights.size
    assert np.isfinite(weights).all()


@settings(max_examples=200, deadline=None)
@given(data=st.data(), style=st.sampled_from(TextStyle))
def test_what_is_written_reads_back_exactly(data: st.DataObject, style: TextStyle) -> None:
    rows, columns = data.draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    weight = st.floats(allow_nan=False, allow_infinity=False, width=32)
    cells = data.draw(st.lists(weight, min_size=rows * columns, max_size=rows * columns))
    weights = np.array(cells, np.float32).reshape(rows, columns)
    np.testing.assert_array_equal(parse(to_text(weights, style)), weights)


def test_the_largest_kernel_reads_back() -> None:
    weights = np.random.default_rng(0).standard_normal((31, 31), dtype=np.float32)
    for style in TextStyle:
        np.testing.assert_array_equal(parse(to_text(weights, style)), weights)


def test_styles() -> None:
    weights = [[1, 0.5], [-2, 1e-9]]
    numpy = "np.array([[1, 0.5],\n          [-2, 1e-09]], dtype=np.float32)"
    assert to_text(weights) == to_text(weights, "numpy") == numpy
    assert to_text(weights, "matlab") == "[1 0.5; -2 1e-09]"
    assert to_text(weights, "csv") == "1,0.5\n-2,1e-09"
    assert to_text(weights, "tsv") == "1\t0.5\n-2\t1e-09"
    assert to_text(weights, "python") == "[[1, 0.5],\n [-2, 1e-09]]"
    c = "const float kernel[2][2] = {\n    {1.0f, 0.5f},\n    {-2.0f, 1e-09f}\n};"
    assert to_text(weights, "c") == c
    latex = "\\begin{bmatrix}\n1 & 0.5 \\\\\n-2 & 1e-09\n\\end{bmatrix}"
    assert to_text(weights, "latex") == latex
    assert to_text(weights, "opencv") == "(cv::Mat_<float>(2, 2) <<\n    1, 0.5,\n    -2, 1e-09)"
    with pytest.raises(
        ValueError, match="'json' is unknown: choose one of numpy, matlab, csv, tsv, python"
    ):
        to_text(weights, "json")
    with pytest.raises(ValueError, match="two dimensions"):
        to_text([1, 2])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        (" −1 ", -1),
        ("0,5", 0.5),
        (".5", 0.5),
        ("1/9", 1 / 9),
        ("-1 / 4", -0.25),
        ("1e-3", 0.001),
        ("2/0.5", 4),
        ("１٫५", 1.5),
    ],
)
def test_one_cell(text: str, expected: float) -> None:
    assert parse_number(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "1 2",
        "1/0",
        "1/1e-999",
        "nan",
        "inf",
        "-infinity",
        "1e39",
        "1,2,3",
        "1,5.0",
        "--1",
        "1/2/3",
        "9" * 100,
        "1j",
        "1e",
    ],
)
def test_one_cell_rejects(text: str) -> None:
    with pytest.raises(ValueError, match=":"):
        parse_number(text)
