"""The forms in which other languages and programs construct kernels, and tables of them."""

from __future__ import annotations

import time

import numpy as np
import pytest

from convlab.engine.kernel_text import parse, read_text

COUNTED = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


@pytest.mark.parametrize(
    "text",
    [
        "Eigen::Matrix3f k;\nk << 1, 2, 3,\n     4, 5, 6,\n     7, 8, 9;",
        "Matrix3d m;\nm << 1, 2, 3, 4, 5, 6, 7, 8, 9;",
        "Eigen::MatrixXf kernel(3, 3);\nkernel << 1, 2, 3,\n 4, 5, 6,\n 7, 8, 9;",
        "(Eigen::Matrix3f() << 1,2,3,4,5,6,7,8,9).finished()",
        "Eigen::Matrix<float, 3, 3> m;\nm << 1,2,3,4,5,6,7,8,9;",
        "k << 1,2,3,\n4,5,6,\n7,8,9;",
        "Eigen::Matrix3f k{{1,2,3},{4,5,6},{7,8,9}};",
        "Eigen::Matrix3f k = (Eigen::Matrix3f() << 1,2,3,4,5,6,7,8,9).finished();",
        "val k = arrayOf(floatArrayOf(1f, 2f, 3f), floatArrayOf(4f, 5f, 6f), floatArrayOf(7f,"
        " 8f, 9f))",
        "val kernel: Array<FloatArray> = arrayOf(\n    floatArrayOf(1f, 2f, 3f),\n    floatArra"
        "yOf(4f, 5f, 6f),\n    floatArrayOf(7f, 8f, 9f)\n)",
        "listOf(listOf(1, 2, 3), listOf(4, 5, 6), listOf(7, 8, 9))",
        "arrayOf(intArrayOf(1,2,3), intArrayOf(4,5,6), intArrayOf(7,8,9))",
        "img.filter(ImageFilter.Kernel((3,3), (1, 2, 3, 4, 5, 6, 7, 8, 9), scale=1, offset=0))",
        "ImageFilter.Kernel(size=(3, 3), kernel=[1,2,3,4,5,6,7,8,9], scale=1)",
        "kernel = ImageFilter.Kernel((3, 3), (1, 2, 3, 4, 5, 6, 7, 8, 9), 2)",
        "ImageFilter.Kernel((3, 3), [1, 2, 3, 4, 5, 6, 7, 8, 9], scale=9)",
        "Matrix(3, 3, [1,2,3,4,5,6,7,8,9])",
        "ImmutableMatrix([[1,2,3],[4,5,6],[7,8,9]])",
        "Mat_<float>(3,3) << 1,2,3,4,5,6,7,8,9",
        "float data[] = {1,2,3,4,5,6,7,8,9};\ncv::Mat k(3, 3, CV_32F, data);",
        "cv::Mat_<float> kernel(3, 3);\nkernel << 1,2,3,4,5,6,7,8,9;",
        "let kernel = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]];",
        "let k = vec![vec![1.0f32, 2.0, 3.0], vec![4.0, 5.0, 6.0], vec![7.0, 8.0, 9.0]];",
        "Matrix3::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0)",
        "arr2(&[[1., 2., 3.], [4., 5., 6.], [7., 8., 9.]])",
        "filter3x3(&img, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0])",
        "matrix![1.0, 2.0, 3.0; 4.0, 5.0, 6.0; 7.0, 8.0, 9.0]",
        "pub const K: &[[f32; 3]] = &[[1., 2., 3.], [4., 5., 6.], [7., 8., 9.]];",
        "simd_float3x3(rows: [[1,2,3],[4,5,6],[7,8,9]])",
        "Buffer<float> k(3, 3);\nfloat vals[3][3] = {{1,2,3},{4,5,6},{7,8,9}};",
        "-convolve 1,2,3,4,5,6,7,8,9",
        "convert in.png -convolve '1,2,3,4,5,6,7,8,9' out.png",
        "magick in.png -convolve 1,2,3,4,5,6,7,8,9 out.png",
        "-define convolve:scale='!' -morphology Convolve '3x3: 1,2,3 4,5,6 7,8,9'",
        "convolve. (1,2,3;4,5,6;7,8,9)",
        "-vf convolution='1 2 3 4 5 6 7 8 9:1 2 3 4 5 6 7 8 9:1 2 3 4 5 6 7 8 9:1 2 3 4 5 6 7 8 9'",
        "convolution=1 2 3 4 5 6 7 8 9:1 2 3 4 5 6 7 8 9",
        "Float32[1 2 3; 4 5 6; 7 8 9]",
        "k = Float64[1 2 3\n 4 5 6\n 7 8 9]",
        "centered([1 2 3; 4 5 6; 7 8 9])",
        "@SMatrix [1 2 3; 4 5 6; 7 8 9]",
        "OffsetArray([1 2 3; 4 5 6; 7 8 9], -1:1, -1:1)",
        "3×3 Matrix{Int64}:\n 1  2  3\n 4  5  6\n 7  8  9",
        "\\begin{tabular}{|c|c|c|}\\hline 1 & 2 & 3 \\\\ \\hline 4 & 5 & 6 \\\\ \\hline "
        "7 & 8 & 9 \\\\ "
        "\\hline\\end{tabular}",
        "\\pmatrix{1 & 2 & 3 \\cr 4 & 5 & 6 \\cr 7 & 8 & 9}",
        "\\begin{pNiceMatrix} 1 & 2 & 3 \\\\ 4 & 5 & 6 \\\\ 7 & 8 & 9 \\end{pNiceMatrix}",
        "$mat(1, 2, 3; 4, 5, 6; 7, 8, 9)$",
        "|  |  |  |\n|--|--|--|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |\n| 7 | 8 | 9 |",
        "| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |\n| 7 | 8 | 9 |",
        "1 | 2 | 3\n:-:|:-:|:-:\n4 | 5 | 6\n7 | 8 | 9",
        "+---+---+---+\n| 1 | 2 | 3 |\n+---+---+---+\n| 4 | 5 | 6 |\n+---+---+---+\n| 7 | 8 | 9 |\n"
        "+---+---+---+",
        "┌───┬───┬───┐\n│ 1 │ 2 │ 3 │\n├───┼───┼───┤\n│ 4 │ 5 │ 6 │\n├───┼───┼───┤\n│ 7 │ 8 │ 9 │\n"
        "└───┴───┴───┘",
        "⎡ 1  2  3 ⎤\n⎢ 4  5  6 ⎥\n⎣ 7  8  9 ⎦",
        "<table><tr><td>1</td><td>2</td><td>3</td></tr><tr><td>4</td><td>5</td><td>6</td></tr"
        "><tr><td>7</td><td>8</td><td>9</td></tr></table>",
        '<table class="k">\n <tbody>\n <tr><td align="center">1</td><td>2</td><td>3</td></tr>\n<'
        "tr><td>4<td>5<td>6\n<tr><td>7<td>8<td>9</table>",
        "<math><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd><mtd><mn>3</mn></mtd></"
        "mtr><mtr><mtd><mn>4</mn></mtd><mtd><mn>5</mn></mtd><mtd><mn>6</mn></mtd></mtr><mtr><"
        "mtd><mn>7</mn></mtd><mtd><mn>8</mn></mtd><mtd><mn>9</mn></mtd></mtr></mtable></math>",
        "float[] matrix = {1f,2f,3f,4f,5f,6f,7f,8f,9f}; Kernel k = new Kernel(3, 3, matrix);",
        "new Kernel(3, 3, new float[]{1f,2f,3f,4f,5f,6f,7f,8f,9f})",
        "k := [][]float64{{1,2,3},{4,5,6},{7,8,9}}",
        "mat.NewDense(3, 3, []float64{1,2,3,4,5,6,7,8,9})",
        "[3][3]float32{{1,2,3},{4,5,6},{7,8,9}}",
        "Array(Array(1,2,3), Array(4,5,6), Array(7,8,9))",
        "(3><3) [1,2,3,4,5,6,7,8,9]",
        "float k[3][3]{{1,2,3},{4,5,6},{7,8,9}};",
        'mat A("1 2 3; 4 5 6; 7 8 9");',
        "final k = <List<double>>[[1,2,3],[4,5,6],[7,8,9]];",
        "$k = array(array(1,2,3), array(4,5,6), array(7,8,9));",
        "$k = [[1,2,3],[4,5,6],[7,8,9]];",
        "imageconvolution($im, array(array(1,2,3),array(4,5,6),array(7,8,9)), 9, 0)",
        "Matrix[[1,2,3],[4,5,6],[7,8,9]]",
        "my @k = ([1,2,3],[4,5,6],[7,8,9]);",
        "pdl [[1,2,3],[4,5,6],[7,8,9]]",
        "- [1, 2, 3]\n- [4, 5, 6]\n- [7, 8, 9]",
        "kernel:\n  - [1, 2, 3]\n  - [4, 5, 6]\n  - [7, 8, 9]",
        "%YAML:1.0\nk: !!opencv-matrix\n   rows: 3\n   cols: 3\n   dt: f\n   data: [ 1., 2., 3., 4"
        "., 5., 6., 7., 8., 9. ]",
        "nn.Parameter(torch.tensor([[1.,2.,3.],[4.,5.,6.],[7.,8.,9.]]), requires_grad=False)",
        "pd.DataFrame([[1,2,3],[4,5,6],[7,8,9]])",
        "np.fromstring('1 2 3 4 5 6 7 8 9', sep=' ').reshape(3,3)",
        "ndimage.convolve(img, [[1,2,3],[4,5,6],[7,8,9]])",
        "cv2.filter2D(img, -1, np.array([[1,2,3],[4,5,6],[7,8,9]]))",
        "kernel = np.array([[1,2,3],[4,5,6],[7,8,9]])\nout = cv2.filter2D(img, -1, kernel)",
        "MatrixForm[{{1,2,3},{4,5,6},{7,8,9}}]",
        'run("Convolve...", "text1=[1 2 3\\n4 5 6\\n7 8 9\\n] normalize");',
        "3 3 9 0\n1 2 3\n4 5 6\n7 8 9",
        "#2A((1 2 3) (4 5 6) (7 8 9))",
        "array2D [[1.0;2.0;3.0];[4.0;5.0;6.0];[7.0;8.0;9.0]]",
        "const k = [3][3]f32{ .{1,2,3}, .{4,5,6}, .{7,8,9} };",
        "new double[,] { { 1, 2, 3, }, { 4, 5, 6, }, { 7, 8, 9, }, };",
        "Dim k(,) As Double = {{1,2,3},{4,5,6},{7,8,9}}",
        "tf.reshape(tf.constant([1,2,3,4,5,6,7,8,9]), [3,3,1,1])",
        "Array2::from_shape_vec((3, 3), vec![1.,2.,3.,4.,5.,6.,7.,8.,9.]).unwrap()",
        "Array::from_shape_vec((3,3), vec![1.,2.,3.,4.,5.,6.,7.,8.,9.])",
        "Matrix3::from_row_slice(&[1.,2.,3.,4.,5.,6.,7.,8.,9.])",
        "SMatrix::<f32, 3, 3>::new(1.,2.,3.,4.,5.,6.,7.,8.,9.)",
    ],
)
def test_nine_numbers_as_people_construct_them(text: str) -> None:
    read = parse(text)
    assert (read / read[0, 0]).tolist() == pytest.approx(np.array(COUNTED))


@pytest.mark.parametrize(
    "text",
    [
        "val kernel = floatArrayOf(1f, 2f, 3f,\n 4f, 5f, 6f,\n 7f, 8f, 9f)",
        "const K: [f32; 9] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];",
        "let kernel: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9]",
        "CIVector(values: [1, 2, 3, 4, 5, 6, 7, 8, 9], count: 9)",
        "let k = [1.0, 2, 3, 4, 5, 6, 7, 8, 9] as [Float]",
        "let k: [Int16] = [1, 2, 3,\n 4, 5, 6,\n 7, 8, 9]",
        "new Float32Array([1,2,3,4,5,6,7,8,9])",
        "const kernel = Float32Array.of(1,2,3,4,5,6,7,8,9);",
        "std::vector<float> k{1,2,3,4,5,6,7,8,9};",
    ],
)
def test_one_list_is_read_as_a_square_and_that_is_said(text: str) -> None:
    read = read_text(text)
    assert read.kernels.tolist() == [COUNTED]
    assert read.note == "One list of numbers, read as a square."


@pytest.mark.parametrize(
    ("text", "expected", "note"),
    [
        (
            "ImageFilter.Kernel((3, 3), [1, 2, 3, 4, 5, 6, 7, 8, 9])",
            COUNTED,
            "As written; Pillow divides it by its sum: tick normalise for that.",
        ),
        ("ImageFilter.Kernel((3, 3), [0, 2, 0, 2, 4, 2, 0, 2, 0], scale=2)", None, ""),
        (
            "ImageFilter.Kernel((3, 3), (0, 1, 0, 1, 2, 1, 0, 1, 0), 1, 128)",
            None,
            "The offset is left out: it stands beside the divisor.",
        ),
        (
            "(plug-in-convmatrix RUN-NONINTERACTIVE image drawable 9 #(0 2 0 2 4 2 0 2 0) 0 2 0 5"
            " #(1 1 1 1 0) 0)",
            None,
            "",
        ),
        (
            "-define convolve:scale='!' -morphology Convolve '3x3: 0,1,0 1,2,1 0,1,0'",
            None,
            "ImageMagick scales it: tick normalise for that.",
        ),
        ("3 3 2 0\n0 2 0\n2 4 2\n0 2 0", None, ""),
        ("imageconvolution($im, array(array(0,2,0), array(2,4,2), array(0,2,0)), 2, 0)", None, ""),
        ("Matrix([[Rational(1, 9), S(2)/9], [S(1)/3, 1]])", [[1 / 9, 2 / 9], [1 / 3, 1]], ""),
        ("[1//9 1//9; 2//9 1//3]", [[1 / 9, 1 / 9], [2 / 9, 1 / 3]], ""),
        ("Kernel(3, 1, new float[]{1, 2, 1})", [[1, 2, 1]], ""),  # width, then height
        ("Matrix(1, 3, [1, 2, 1])", [[1, 2, 1]], ""),  # rows, then columns
        ("<tr><th>left</th><th>right</th></tr><tr><td>1</td><td>&minus;1</td></tr>", [[1, -1]], ""),
        ("let k = [1.0, 2.0, 1.0]", [[1, 2, 1]], ""),
    ],
)
def test_what_a_constructor_says_of_its_numbers(
    text: str, expected: list[list[float]] | None, note: str
) -> None:
    read = read_text(text)
    wanted = expected or [[0, 1, 0], [1, 2, 1], [0, 1, 0]]
    assert np.allclose(read.kernels, [wanted])
    assert read.note == note


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("k(-1, 0) = 1; k(0, 0) = 2; k(1, 0) = 1;", "set one by one: write the rows"),
        ("float3x3(float3(1, 2, 3), float3(4, 5, 6), float3(7, 8, 9))", "Metal writes columns"),
        ("fspecial('sobel')", "'fspecial' is not a number: paste the numbers alone"),
        ("Laplacian:0", "paste the numbers alone"),
        ("np.arange(9).reshape(3, 3)", "paste the numbers alone"),
        ("convolution='1 2 3:4 5 6:7 8 9:1 1 1'", "paste that of one plane"),
        ("ImageFilter.Kernel((3, 3), [1, 2, 3], 1)", "3 numbers do not make 3×3 cells"),
        ("Eigen::Matrix3f k; k << 1, 2, 3;", "3 numbers do not make 3×3 cells"),
        ("Kernel((3, 3), [1, 2", "brackets do not match"),
    ],
)
def test_what_would_be_guessed_is_rejected_with_the_remedy(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        parse(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<<",
            "<<1",
            "k << 1;\n",
            "<tr>",
            "<td",
            "Kernel(",
            "Matrix(",
            "arrayOf(",
            "vec![",
            "[3]",
        ),
        *("floatArrayOf(", "a::", "new ", "-convolve 1 ", "text1=[", "data: [", "Dim k", "'3:1'"),
        *(
            "S(1)",
            "Rational(1,",
            "-- ",
            "─",
            "import\n",
            "k=\n",
            "k(1,",
            "float[,]",
            "rows: 3 cols: 3",
        ),
        *("#define a ", "k/=2\n", "k=k*2\n", "show(1)\n", "show(", ", shape=(3,", "[None]", "[1]*"),
        *("tf.Tensor(", "dot(1,", "[1] @ ", "1 2 / ", ")\n>"),
    ],
)
def test_the_work_is_bounded(piece: str) -> None:
    started = time.thread_time()  # other programs take none of it
    with pytest.raises(ValueError, match=":"):
        parse((piece * 65_536)[:65_536])
    assert time.thread_time() - started < 2
