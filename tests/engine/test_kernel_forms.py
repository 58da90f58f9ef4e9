"""The forms in which kernels stand in programs, manuals, papers and answers."""

from __future__ import annotations

import numpy as np
import pytest

from convlab.engine.kernel_text import parse, read_text, to_text

SOBEL = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]


@pytest.mark.parametrize(
    "text",
    [
        "kernel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float32)",
        "np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], 'float32')",
        "np.array([[4, 0, -4], [8, 0, -8], [4, 0, -4]]) * (1/4)",
        "np.array([[4, 0, -4], [8, 0, -8], [4, 0, -4]]) / (2*2)",
        "float k[3][3] = {{1, 0, -1}, {2, 0, -2}, {1, 0, -1}};",
        "const float k[3][3] = {\n  {1.0f, 0.0f, -1.0f},  // top\n  {2.0f, 0.f, "
        "-2.0f},\n  {1.f, 0, -1.0f}\n};",
        "static const double kernel[9] = {1, 0, -1, 2, 0, -2, 1, 0, -1};",
        "float kernel[] = {\n 1, 0, -1,\n 2, 0, -2,\n 1, 0, -1\n};",
        "float kernel[3*3] = { 1, 0, -1, 2, 0, -2, 1, 0, -1 };",
        "float kernel[] = { 1, 0, -1, 2, 0, -2, 1, 0, -1 };",
        "# edge\n1 0 -1\n2 0 -2\n1 0 -1",
        "% edge\nK = [1 0 -1; 2 0 -2; 1 0 -1]; % done",
        "/* a\nb */ {{1,0,-1},{2,0,-2},{1,0,-1}}",
        "\\begin{bmatrix} 1 & 0 & -1 \\\\ 2 & 0 & -2 \\\\ 1 & 0 & -1 \\end{bmatrix}",
        "$$K_x = \\frac{1}{4} \\begin{bmatrix} 4 & 0 & -4 \\\\ 8 & 0 & -8 \\\\ 4 & 0 & "
        "-4 \\\\ \\end{bmatrix}$$",
        "\\mathbf{G} = \\left[\\begin{array}{ccc} 1 & 0 & -1 \\\\\n2 & 0 & -2 \\\\\n1 & "
        "0 & -1 \\end{array}\\right].",
        "\\begin{pmatrix}+1&0&-1\\\\+2&0&-2\\\\+1&0&-1\\end{pmatrix} \\cdot 1",
        "3x3: 1,0,-1 2,0,-2 1,0,-1",
        "3x3:1,0,-1,2,0,-2,1,0,-1",
        "-morphology Convolve '3x3:  1,0,-1\n 2,0,-2\n 1,0,-1'",
        "3: 1,0,-1  2,0,-2  1,-,-1",
        "cv::Mat kernel = (cv::Mat_<float>(3,3) << 1, 0, -1, 2, 0, -2, 1, 0, -1);",
        "Mat k = (Mat_<double>(3, 3) << 4, 0, -4,\n  8, 0, -8,\n  4, 0, -4) / 4.0;",
        "cv::Matx33f k(1, 0, -1, 2, 0, -2, 1, 0, -1);",
        "kernel = torch.tensor([[1., 0., -1.], [2., 0., -2.], [1., 0., -1.]], "
        "dtype=torch.float32).view(1, 1, 3, 3)",
        "torch.FloatTensor([[1,0,-1],[2,0,-2],[1,0,-1]]).unsqueeze(0).unsqueeze(0)",
        "np.array([1, 0, -1, 2, 0, -2, 1, 0, -1]).reshape(3, 3)",
        "np.array([1, 0, -1, 2, 0, -2, 1, 0, -1], dtype=np.float32).reshape((3, -1))",
        "np.outer([1, 2, 1], [1, 0, -1])",
        "np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]).T",
        "np.float32([[1, 0, -1], [2, 0, -2], [1, 0, -1]])",
        ">>> sobel = np.array([[1, 0, -1],\n...                   [2, 0, -2],\n...       "
        "            [1, 0, -1]])",
        "```python\nk = [[1, 0, -1],\n     [2, 0, -2],\n     [1, 0, -1]]\n```",
        "let k: [[f32; 3]; 3] = [[1.0, 0.0, -1.0], [2.0_f32, 0.0, -2.0], [1f32, 0.0, -1.0]];",
        "float[][] k = new float[][] {{1f, 0f, -1f}, {2f, 0f, -2f}, {1f, 0f, -1f}};",
        "sobel_x = tf.constant([[1, 0, -1], [2, 0, -2], [1, 0, -1]], tf.float32)",
        "[[np.float32(1.0), np.float32(0.0), np.float32(-1.0)], [2, 0, -2], [1, 0, -1]]",
        "(1.0/4.0) * np.array([[4, 0, -4], [8, 0, -8], [4, 0, -4]], dtype='float32')",
        "1/4 [4 0 -4; 8 0 -8; 4 0 -4]",
        "np.matrix('1 0 -1; 2 0 -2; 1 0 -1')",
        "var kernel = [\n  [1, 0, -1],\n  [2, 0, -2],\n  [1, 0, -1],\n];",
        "kernel: [[1, 0, -1], [2, 0, -2], [1, 0, -1]]",
        '{"kernel": [[1, 0, -1], [2, 0, -2], [1, 0, -1]]}',
        "| 1 | 0 | -1 |\n| 2 | 0 | -2 |\n| 1 | 0 | -1 |",
        "NumericMatrix k = {{1,0,-1},{2,0,-2},{1,0,-1}}",
        "|---|---|---|\n| 1 | 0 | -1 |\n| 2 | 0 | -2 |\n| 1 | 0 | -1 |",
        "convert in.png -morphology Convolve '3x3: 1,0,-1 2,0,-2 1,0,-1' out.png",
        '<feConvolveMatrix order="3" kernelMatrix="1 0 -1 2 0 -2 1 0 -1"/>',
        "convolution='1 0 -1 2 0 -2 1 0 -1'",
        "={1,0,-1;2,0,-2;1,0,-1}",
        "Matrix([[1, 0, -1], [2, 0, -2], [1, 0, -1]])",
        "kernel := [3][3]float64{{1, 0, -1}, {2, 0, -2}, {1, 0, -1}}",
        "double[,] k = new double[,] {{1, 0, -1}, {2, 0, -2}, {1, 0, -1}};",
        "std::array<float, 9> k = {1, 0, -1, 2, 0, -2, 1, 0, -1};",
        "float3x3 k = { 1, 0, -1, 2, 0, -2, 1, 0, -1 };",
        "const float[9] k = float[9](1.0, 0.0, -1.0, 2.0, 0.0, -2.0, 1.0, 0.0, -1.0);",
        "k <- matrix(c(1, 0, -1,\n  2, 0, -2,\n  1, 0, -1), nrow = 3, byrow = TRUE)  # R",
        "matrix(c(1L, 0L, -1L, 2L, 0L, -2L, 1L, 0L, -1L), ncol=3, byrow=T)",
        "matrix(c(1, 0, -1, 2, 0, -2, 1, 0, -1), 3, 3, TRUE)",
        "rbind(c(1, 0, -1), c(2, 0, -2), c(1, 0, -1))",
        "cbind(c(1, 2, 1), c(0, 0, 0), c(-1, -2, -1))",
        "transpose(mat3(1, 0, -1, 2, 0, -2, 1, 0, -1))",
        # printouts
        "Parameter containing:\ntensor([[[[ 1.,  0., -1.],\n          [ 2.,  0., -2.],\n"
        "          [ 1.,  0., -1.]]]], requires_grad=True)",
        "tensor([[1., 0., -1.], [2., 0., -2.], [1., 0., -1.]], device='cuda:0', "
        "grad_fn=<MulBackward0>)",
        "tf.Tensor(\n[[ 1.  0. -1.]\n [ 2.  0. -2.]\n [ 1.  0. -1.]], shape=(3, 3), dtype=float32)",
        "<tf.Tensor: shape=(3, 3), dtype=float32, numpy=\narray([[ 1.,  0., -1.],\n"
        "       [ 2.,  0., -2.],\n       [ 1.,  0., -1.]], dtype=float32)>",
        "torch.tensor([[1,0,-1],[2,0,-2],[1,0,-1]], dtype=torch.float32)[None, None]",
        # among other lines
        "import cv2\nimport numpy as np\nimg = cv2.imread('a.png')\n"
        "kernel = np.array([[1,0,-1],[2,0,-2],[1,0,-1]])\nout = cv2.filter2D(img, -1, kernel)\n"
        "cv2.imshow('edges', out)",
        "#define K {{1,0,-1},{2,0,-2},{1,0,-1}}",
        "kernel = np.array([[4,0,-4],[8,0,-8],[4,0,-4]])\nkernel = kernel / 4",
        "k = np.array([[4,0,-4],[8,0,-8],[4,0,-4]]) * (1/8)\nk *= 2",
        "k = [8 0 -8; 16 0 -16; 8 0 -8];\nk = k / 4;\nk = k * 0.5;",
        # a column times a row
        "np.outer(np.array([1, 2, 1]), np.array([1, 0, -1]))",
        "np.array([[1], [2], [1]]) @ np.array([[1, 0, -1]])",
        "np.array([[1], [2], [1]]) * np.array([[1, 0, -1]])",
        "np.dot([[1], [2], [1]], [[1, 0, -1]])",
        "k = [1; 2; 1] * [1 0 -1];",
        "[1 2 1]' * [1 0 -1]",
        "1 0 -1 / 2 0 -2 / 1 0 -1",
    ],
)
def test_sobel_as_people_write_it(text: str) -> None:
    assert parse(text).tolist() == SOBEL


@pytest.mark.parametrize(
    "text",
    [
        "np.ones((3,3))/9",
        "np.ones((3, 3), np.float32) / 9.0",
        "kernel = np.ones((3,3),np.float32)/9 # mean",
        "(1/9) * np.ones((3,3), dtype=np.float32)",
        "np.full((3, 3), 1/9)",
        "np.full((3,3), 1.0/9.0, dtype=np.float32)",
        "torch.ones(1, 1, 3, 3) / 9",
        "tf.ones([3, 3]) / 9",
        "ones(3)/9",
        "ones(3,3)/9",
        "cv::Mat::ones(3, 3, CV_32F) / (float)(9)",
        "cv::Mat kernel = cv::Mat::ones( 3, 3, CV_32F )/ (float)9;",
        "matrix(1/9, nrow = 3, ncol = 3)",
    ],
)
def test_a_mean_as_people_write_it(text: str) -> None:
    assert parse(text).tolist() == np.full((3, 3), 1 / 9, np.float32).tolist()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("matrix(c(1, 2, 1, 0, 0, 0, -1, -2, -1), nrow=3)", "R"),
        ("k <- matrix(c(4, 8, 4, 0, 0, 0, -4, -8, -4), 3, 3) / 4", "R"),
        ("mat3(1, 2, 1, 0, 0, 0, -1, -2, -1)", "GLSL"),
        ("const mat3 k = mat3(\n  1.0, 2.0, 1.0,\n  0., 0., 0.,\n  -1.0, -2.0, -1.0);", "GLSL"),
        ("mat3 k = mat3(vec3(1, 2, 1), vec3(0, 0, 0), vec3(-1, -2, -1));", "GLSL"),
        ("0.25 * mat3(4., 8., 4., 0., 0., 0., -4., -8., -4.)", "GLSL"),
        ("reshape([1, 2, 1, 0, 0, 0, -1, -2, -1], [3, 3])", "reshape"),
        ("k = reshape([1 2 1 0 0 0 -1 -2 -1], 3, 3);", "reshape"),
    ],
)
def test_what_stands_column_after_column_is_read_so_and_said(text: str, who: str) -> None:
    read = read_text(text)
    assert read.kernels.tolist() == [SOBEL]
    assert read.note == f"Read column after column, as {who} writes a matrix."
    assert not read_text("matrix(c(1, 2, 3, 4), nrow=2, byrow=TRUE)").note


@pytest.mark.parametrize("style", ["numpy", "pytorch", "python", "c"])
def test_a_kernel_for_each_channel_reads_back(style: str) -> None:
    bank = np.random.default_rng(0).standard_normal((3, 2, 4)).astype(np.float32)
    assert np.array_equal(read_text(to_text(bank, style)).kernels, bank)
    with pytest.raises(ValueError, match="more than two dimensions"):
        parse(to_text(bank, style))


def test_a_kernel_for_each_channel_as_other_programs_write_it() -> None:
    bank = np.arange(8).reshape(2, 2, 2)
    assert to_text(bank, "matlab") == "cat(3, [0 1; 2 3], [4 5; 6 7])"
    assert to_text(bank, "csv") == "0,1\n2,3\n\n4,5\n6,7"
    assert to_text(bank, "latex").count("bmatrix") == 4
    assert to_text(bank, "opencv").startswith("std::vector<cv::Mat> kernels = {\n(cv::Mat_<float>")
    with pytest.raises(ValueError, match="three for one kernel a channel"):
        to_text(np.zeros(3))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mat2x3(1, 2, 3, 4, 5, 6)", [[1, 4], [2, 5], [3, 6]]),
        ("mat2(3.0)", [[3, 0], [0, 3]]),
        ("np.eye(2)", [[1, 0], [0, 1]]),
        ("np.zeros((1, 2))", [[0, 0]]),
        ("np.ones(3)", [[1, 1, 1]]),
        ("float k[3] = {1, 2, 1};", [[1, 2, 1]]),
        ("float k[4] = {1, 0, 0, -1};", [[1, 0], [0, -1]]),
        ("np.array([1, 2, 3, 4, 5, 6]).reshape(2, 3)", [[1, 2, 3], [4, 5, 6]]),
        ("np.array([1, 2, 3, 4, 5, 6]).reshape(-1, 2)", [[1, 2], [3, 4], [5, 6]]),
        ("[[1, 2, 3]].T", [[1], [2], [3]]),
        ("2x1: 5,6", [[5, 6]]),
        ("1x2+0+0: 5,6", [[5], [6]]),
        ("[1 2] * 0.5", [[0.5, 1]]),
        ("1/9 1 / 9", [[1 / 9, 1 / 9]]),
        ("(1/2) * [[1, 1], [1, 1]]", [[0.5, 0.5], [0.5, 0.5]]),
        (r"-\frac12 \begin{bmatrix} 2 & 4 \end{bmatrix}", [[-1, -2]]),
    ],
)
def test_other_shapes(text: str, expected: list[list[float]]) -> None:
    assert parse(text).tolist() == np.array(expected, np.float32).tolist()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("np.ones((99, 3))", "too large: 31×31"),
        ("np.outer([1, x], [1, 2])", "'x' is not a number"),
        ("np.array([1, 2, 3]).reshape(2, 2)", "3 numbers do not make 2×2 cells"),
        ("float k[2][2] = {1, 2, 3};", "3 numbers do not make 2×2 cells"),
        ("3x3: 1,2,3", "3 numbers do not make 3×3 cells"),
        ("(cv::Mat_<float>(2,2) << 1, 2, 3)", "3 numbers do not make 2×2 cells"),
        ("[1 2] * sum", "is not a number"),
        ("matrix(c(1, 2, 3), nrow=2)", "3 numbers do not make 2×2 cells"),
        ("matrix(c(1, 2), rows)", "'rows' is no number of rows"),
        ("mat3(1, 2, 3)", "3 numbers do not make 3×3 cells"),
        ("rbind(c(1, 2), c(3))", "row 2 has 1 where row 1 has 2"),
        ("[[[1, 2]], [[3, 4], [5, 6]]]", "the kernels differ in size"),
        ("[1 2] / (0)", "divided by zero"),
        ("k = [[1, 2]]\nk /= 0", "divided by zero"),
        ("k = [[1, 2]]\nk /= k.sum()", "what only the program knows: paste the rows alone"),
        ("k = [[1, 2]]\nk = k / np.sum(k)", "what only the program knows"),
        ("[1 2 1] * [1 0 -1]", "1×3 and 1×3 make no kernel: write a column times a row"),
        ("np.array([[1, 2]], __import__('os'))", "two dimensions|is not a number"),
        ("# only a comment", "there are no numbers"),
        ("np.random.rand(3, 3)", "is not a number"),
        (r"\begin{bmatrix} a & b \end{bmatrix}", "'a' is not a number"),
    ],
)
def test_what_cannot_be_is_said_in_one_message(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        parse(text)
    assert "\n" not in str(caught.value)
