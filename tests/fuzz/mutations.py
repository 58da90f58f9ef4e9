"""Damage to files, the same each time: of bytes, of a model's fields, of the headers of arrays."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple

import onnx
from google.protobuf.descriptor import FieldDescriptor  # type: ignore[import-untyped]
from onnx import TensorProto

from tests.fuzz.seeds import Seed

INTEGERS = (
    0, 1, 2, 3, 5, 7, -1, -2, 16, 255, 256, 1000, 4096, 65_536, 10**6, 2**31 - 1, 2**31, 2**40,
    2**62, 2**63 - 1, -(2**63),
)  # fmt: skip
FLOATS = (0.0, -1.0, 0.5, 1e-30, 1e38, -1e38, float("inf"), float("-inf"), float("nan"))
TEXTS = (
    "", "x", "y", "w", "NOTSET", "SAME_UPPER", "constant", "linear", "ä" * 40, "a" * 5000,
    "../secret.bin", "/etc/passwd", "..\\secret.bin", "link/secret.bin", ".", "nchw,nchw->",
    "...->", "\x00", "%s%n{}",
)  # fmt: skip
OPERATIONS = (
    "Conv", "ConvTranspose", "MaxPool", "AveragePool", "Gemm", "MatMul", "Add", "Mul", "Concat",
    "Split", "Slice", "Resize", "Reshape", "Transpose", "Softmax", "Pad", "Clip", "Tile", "Expand",
    "Gather", "GatherND", "ScatterND", "TopK", "NonZero", "Einsum", "CumSum", "LSTM", "If", "Loop",
    "Identity", "Flatten", "BatchNormalization", "Upsample", "Squeeze", "Unsqueeze", "Constant",
    "ConstantOfShape", "Range", "OneHot", "RandomNormal", "QuantizeLinear", "RoiAlign", "Shape",
    "GridSample", "Unique", "Where", "Cast", "DFT", "STFT", "Col2Im", "DepthToSpace", "MaxUnpool",
)  # fmt: skip
UNARY = (
    "Relu", "Sigmoid", "Tanh", "Abs", "Exp", "Log", "Sqrt", "Neg", "Floor", "Erf", "Sign", "Not",
    "Softplus", "Softsign", "Selu", "Elu", "HardSwish", "Mish", "IsNaN", "Softmax", "LogSoftmax",
    "Flatten", "Transpose", "Identity", "Squeeze", "NonZero", "GlobalMaxPool", "GlobalAveragePool",
    "ReduceMean", "ReduceSum", "ReduceLogSumExp", "ArgMax", "Size", "Shape", "Hardmax", "Det",
    "MeanVarianceNormalization", "EyeLike", "Dropout", "Bernoulli", "RandomNormalLike", "Unique",
    "LpNormalization", "BlackmanWindow", "DynamicQuantizeLinear", "SequenceConstruct", "Gelu",
)  # fmt: skip
Maker = Callable[[bytes, Random], bytes]


def mutate(seed: Seed, rng: Random) -> bytes:
    """Return a damaged copy of a file."""
    by_form = {".onnx": damaged_model, ".safetensors": damaged_list, ".npz": damaged_archive}
    # Some are damaged anywhere; that seldom comes past what parses it.
    maker = damaged_bytes if rng.random() < 0.15 else by_form[seed.suffix]
    data = seed.data
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        data = maker(data, rng)
    return data


def damaged_bytes(data: bytes, rng: Random) -> bytes:
    """Change, cut, double or insert some bytes."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 50))):
        at = rng.randrange(len(changed) + 1)
        match rng.randrange(6):
            case 0 if at < len(changed):
                changed[at] ^= 1 << rng.randrange(8)
            case 1 if at < len(changed):
                changed[at] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
            case 2:
                changed[at:at] = rng.randbytes(rng.choice((1, 4, 16)))
            case 3:
                del changed[at : at + rng.choice((1, 4, 64))]
            case 4:
                length = rng.choice((4, 64, 512))
                changed[at:at] = changed[at : at + length]
            case 5 if rng.random() < 0.1:
                del changed[at:]
    return bytes(changed)


# ---- models ----


class _Place(NamedTuple):
    """A field of a message somewhere in a model."""

    message: Any
    field: FieldDescriptor


def damaged_model(data: bytes, rng: Random) -> bytes:
    """Change fields of a model, so that it is one still."""
    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except Exception:  # it was damaged before
        return damaged_bytes(data, rng)
    for _ in range(rng.choice((1, 1, 2, 3))):
        rng.choice(_CHANGES)(model, rng)
    changed: bytes = model.SerializeToString()
    return changed


def _places(message: Any) -> Iterator[_Place]:
    for field, value in message.ListFields():
        yield _Place(message, field)
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            for each in value if field.is_repeated else (value,):
                yield from _places(each)


def _change_field(model: onnx.ModelProto, rng: Random) -> None:
    message, field = rng.choice(list(_places(model)))
    if field.is_repeated:
        _change_list(getattr(message, field.name), field, rng)
    elif field.type == FieldDescriptor.TYPE_MESSAGE or rng.random() < 0.1:
        message.ClearField(field.name)
    else:
        setattr(message, field.name, _other(getattr(message, field.name), field, rng))


def _change_list(values: Any, field: FieldDescriptor, rng: Random) -> None:
    if not len(values):
        return
    at = rng.randrange(len(values))
    match rng.randrange(4):
        case 0:
            del values[at]
        case 1:
            values.extend([values[at]] * rng.choice((1, 1, 1, 50)))
        case 2 if len(values) > 1:
            other = rng.randrange(len(values))
            kept = [values[number] for number in range(len(values))]
            kept[at], kept[other] = kept[other], kept[at]
            copies = [_copy(each) for each in kept]
            del values[:]
            values.extend(copies)
        case _ if field.type != FieldDescriptor.TYPE_MESSAGE:
            values[at] = _other(values[at], field, rng)


def _copy(value: Any) -> Any:
    if not hasattr(value, "CopyFrom"):
        return value
    made = type(value)()
    made.CopyFrom(value)
    return made


def _other(value: Any, field: FieldDescriptor, rng: Random) -> Any:
    """Return another value of a field's type."""
    if field.type == FieldDescriptor.TYPE_ENUM:
        return rng.choice([each.number for each in field.enum_type.values])
    if isinstance(value, bool):
        return not value
    if isinstance(value, float):
        return rng.choice(FLOATS)
    if isinstance(value, int):
        chosen = rng.choice((*INTEGERS, value + 1, value - 1, value * 2))
        is_short = field.type in (FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_UINT32)
        chosen = max(min(chosen, 2**31 - 1), -(2**31)) if is_short else chosen
        is_signed = field.type in (FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_INT64)
        return max(min(chosen, 2**63 - 1), -(2**63)) if is_signed else abs(chosen)
    text = rng.choice((*TEXTS, *OPERATIONS[:8]))
    if isinstance(value, bytes):
        return rng.choice((damaged_bytes(value or b"0", rng), text.encode()))
    return text


def _change_graph(model: onnx.ModelProto, rng: Random) -> None:
    """Wire nodes in another way, or let one do something else."""
    nodes = model.graph.node
    if not len(nodes):
        return
    node = rng.choice(list(nodes))
    names = [name for each in nodes for name in (*each.input, *each.output)] or ["x"]
    names += [each.name for each in (*model.graph.initializer, *model.graph.input)]
    match rng.randrange(6):
        case 0:
            node.op_type = rng.choice(OPERATIONS)
        case 1 if len(node.input):
            node.input[rng.randrange(len(node.input))] = rng.choice(names)
        case 2:
            node.input.append(rng.choice(names))
        case 3 if len(node.output):
            node.output[rng.randrange(len(node.output))] = rng.choice((*names, "new"))
        case 4:
            added = nodes.add()
            added.op_type, added.name = rng.choice(OPERATIONS), "added"
            added.input.extend(rng.choice(names) for _ in range(rng.randrange(4)))
            added.output.append("added")
            model.graph.output.append(
                onnx.helper.make_tensor_value_info("added", TensorProto.FLOAT, None)
            )
        case 5:
            _add_attribute(node, rng)


def _change_attribute(model: onnx.ModelProto, rng: Random) -> None:
    """Give an attribute other numbers, as many as it had."""
    found = [each for node in model.graph.node for each in node.attribute if each.type in (2, 7)]
    if not found:
        _swap_operation(model, rng)
        return
    attribute = rng.choice(found)
    numbers = rng.choice((INTEGERS, range(8), range(8), range(-3, 3)))
    attribute.i = rng.choice(numbers)
    at = rng.randrange(len(attribute.ints)) if len(attribute.ints) else None
    if at is not None:
        attribute.ints[at] = rng.choice(numbers)
    if attribute.type == onnx.AttributeProto.INTS:
        attribute.ClearField("i")


def _swap_operation(model: onnx.ModelProto, rng: Random) -> None:
    """Let a node with one input do something else."""
    nodes = [node for node in model.graph.node if len(node.input) == 1]
    if nodes:
        node = rng.choice(nodes)
        node.op_type = rng.choice(UNARY)
        del node.attribute[:]


def _add_attribute(node: onnx.NodeProto, rng: Random) -> None:
    name = rng.choice(("axis", "pads", "strides", "kernel_shape", "group", "dilations", "mode",
                       "alpha", "perm", "shape", "size", "blocksize", "axes", "to"))  # fmt: skip
    numbers = [rng.choice(INTEGERS) for _ in range(rng.randrange(5))]
    value = rng.choice((numbers, rng.choice(INTEGERS), rng.choice(FLOATS), rng.choice(TEXTS)))
    if value != []:
        node.attribute.append(onnx.helper.make_attribute(name, value))


def _change_tensor(model: onnx.ModelProto, rng: Random) -> None:
    """Change what an array says of itself."""
    tensors = list(model.graph.initializer)
    tensors += [
        each.t for node in model.graph.node for each in node.attribute if each.HasField("t")
    ]
    if not tensors:
        return
    tensor = rng.choice(tensors)
    match rng.randrange(6):
        case 0 if len(tensor.dims):
            tensor.dims[rng.randrange(len(tensor.dims))] = rng.choice(INTEGERS)
        case 1:
            tensor.dims.append(rng.choice((1, 1, 0, 2, -1)))
        case 2:
            tensor.data_type = rng.choice(TensorProto.DataType.values())
        case 3:
            tensor.data_location = TensorProto.EXTERNAL
            location = rng.choice((*TEXTS, "weights.bin"))
            tensor.external_data.add(key="location", value=location)
            tensor.external_data.add(key="offset", value=str(rng.choice(INTEGERS)))
        case 4 if tensor.raw_data:
            tensor.raw_data = damaged_bytes(tensor.raw_data, rng)
        case 5 if len(tensor.dims) > 1:  # the same numbers in another shape
            sizes = list(tensor.dims)
            rng.shuffle(sizes)
            tensor.dims[:] = sizes


_CHANGES: tuple[Callable[[onnx.ModelProto, Random], None], ...] = (
    _change_field, _change_graph, _change_tensor, _change_attribute, _swap_operation,
)  # fmt: skip


# ---- arrays ----


def damaged_list(data: bytes, rng: Random) -> bytes:
    """Change what a safetensors file says of its arrays."""
    (length,) = struct.unpack_from("<Q", data.ljust(8, b"\0"))
    try:
        entries = json.loads(data[8 : 8 + length])
        name = rng.choice(sorted(entries))
        entry = entries[name]
        match rng.randrange(6):
            case 0:
                entry["shape"] = [rng.choice(INTEGERS) for _ in range(rng.randrange(5))]
            case 1:
                entry["dtype"] = rng.choice(("F64", "F16", "BF16", "I64", "BOOL", "U8", "", "X"))
            case 2:
                entry["data_offsets"] = [rng.choice(INTEGERS), rng.choice(INTEGERS)]
            case 3:
                entries[rng.choice(TEXTS)] = entry
            case 4:
                del entries[name]
            case 5:
                entries[name] = rng.choice((None, [], "x", 1, {"dtype": "F32"}))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return damaged_bytes(data, rng)
    listed = json.dumps(entries).encode()
    stated = len(listed) if rng.random() < 0.9 else rng.choice((0, 1, 2**31, 2**63 - 1))
    return struct.pack("<Q", stated) + listed + data[8 + length :]


def damaged_archive(data: bytes, rng: Random) -> bytes:
    """Change what the arrays of an npz file say of themselves, or how they are packed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [(name, archive.read(name)) for name in archive.namelist()]
    except Exception:  # it was damaged before
        return damaged_bytes(data, rng)
    if not entries:
        return damaged_bytes(data, rng)
    at = rng.randrange(len(entries))
    name, array = entries[at]
    match rng.randrange(5):
        case 0:
            entries[at] = name, _with_header(array, rng)
        case 1:
            entries[at] = rng.choice((*TEXTS[:-2], "a.npy", "b.weight.npy")), array
        case 2:
            entries.append((name, array))
        case 3:
            entries[at] = name, damaged_bytes(array, rng)
        case 4:
            entries[at] = name, array[:128] + bytes(rng.choice((0, 1000, 3_000_000)))
    made = io.BytesIO()
    packing = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA))
    with zipfile.ZipFile(made, "w", packing) as archive:
        for each, content in entries:
            archive.writestr(zipfile.ZipInfo(each or "empty"), content, packing)
    return made.getvalue()


def _with_header(array: bytes, rng: Random) -> bytes:
    """Return an array with another header."""
    kind = rng.choice(("<f4", "<f8", ">f4", "<f2", "|O", "<U9", "<c8", "|V4", "<M8[s]", "nonsense"))
    sizes = tuple(rng.choice(INTEGERS) for _ in range(rng.randrange(5)))
    header = repr({"descr": kind, "fortran_order": rng.random() < 0.5, "shape": sizes})
    header = header.ljust(rng.choice((117, 117, 9000))) + "\n"
    start = b"\x93NUMPY" + bytes((rng.choice((1, 1, 1, 2, 3, 9)), 0))
    return start + struct.pack("<H", len(header)) + header.encode() + array[128:]
