"""Operations of ONNX without a layer of ours: they run and are shown, only not explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from convlab.engine.algorithms.onnxruntime import is_installed, session_options
from convlab.engine.arrays import FloatArray
from convlab.layers.base import Layer, Shape

if TYPE_CHECKING:
    import onnx

_KEPT_SHAPES = 8  # results of shape inference
_NO_MEMORY = ("bad alloc", "bad_alloc", "failed to allocate", "out of memory")


@dataclass(frozen=True, eq=False, repr=False)
class OnnxNode(Layer):
    """One operation as it stands in an ONNX file, on its own.

    Attributes:
        operation: Name of the operator.
        model: A model of this single node, as ONNX writes it: inputs ``x0, x1, ...``, the constant
            ones as initializers, and one output ``y``.
        has_batch: For each input whether it has an axis of length 1 in front that arrays here lack.
        gives_batch: The same of the result.
    """

    kind: ClassVar[str] = "onnx"
    family: ClassVar[str] = "Others"
    title: ClassVar[str] = "ONNX operation"
    short: ClassVar[str] = "ONNX"
    noun: ClassVar[str] = "this operation"
    summary: ClassVar[str] = "An operation that came with a network: it runs, unexplained."
    most_inputs: ClassVar[int | None] = None

    operation: str
    model: bytes
    has_batch: tuple[bool, ...]
    gives_batch: bool = True
    _shapes: dict[tuple[Shape, ...], Shape] = field(default_factory=dict, init=False)

    def __repr__(self) -> str:
        return f"OnnxNode({self.operation!r})"

    @property
    def names(self) -> tuple[str, str]:
        """The operation: "ONNX" alone says nothing of it."""
        return f"{self.operation} of ONNX", self.operation

    @property
    def sees_all(self) -> bool:
        """Nobody knows what a value is made from: it may be all."""
        return True

    def maps_met_in(self, place: int, first: int, last: int, shapes: Sequence[Shape]) -> range:
        """Return all maps."""
        return range(shapes[place][0])

    def output_shape(self, shape: Shape) -> Shape:
        """As ``shape_of`` a single input."""
        return self.shape_of([shape])

    def forward(self, x: FloatArray) -> FloatArray:
        """As ``result_of`` a single input."""
        return self.result_of([x])

    def shape_of(self, shapes: Sequence[Shape]) -> Shape:
        """Return the shape of the result.

        Raises:
            ValueError: If the operation does not fit; the message names it.
        """
        key = tuple(map(tuple, shapes))
        if key not in self._shapes:
            if len(self._shapes) >= _KEPT_SHAPES:
                self._shapes.clear()
            self._shapes[key] = self._infer(key)
        return self._shapes[key]

    @property
    def known_shapes(self) -> Mapping[tuple[Shape, ...], Shape]:
        """Shapes of results that were asked for, by those of the inputs."""
        return self._shapes

    def expect(self, shapes: Mapping[tuple[Shape, ...], Shape]) -> None:
        """Take over what another process found, so that nothing need be imported to know it."""
        self._shapes.update(shapes)

    def result_of(self, inputs: Sequence[FloatArray]) -> FloatArray:
        """Return the result.

        It is that of ONNX Runtime, or where that is not installed of the operators' reference
        implementation, which is slow and does not know all their versions.

        Raises:
            ValueError: If the operation does not fit; the message names it.
        """
        given = {
            f"x{number}": x[np.newaxis] if has_batch else x
            for number, (x, has_batch) in enumerate(zip(inputs, self.has_batch, strict=True))
        }
        try:
            [result] = self._runner.run(None, given)
        except Exception as error:  # whatever they raise
            check_memory(error)
            raise self._rejected(error) from error
        result = np.ascontiguousarray(result, np.float32)
        return result[0] if self.gives_batch else result

    @cached_property
    def proto(self) -> onnx.ModelProto:
        """The model as ONNX's own objects."""
        import onnx

        model = onnx.ModelProto()
        model.ParseFromString(self.model)
        return model

    @cached_property
    def opset(self) -> int:
        """Version of the operators that it is of."""
        return next((each.version for each in self.proto.opset_import if not each.domain), 0)

    @cached_property
    def _runner(self) -> Any:
        """What runs it: a session without threads of its own, which ends with this object."""
        if not is_installed():
            from onnx.reference import ReferenceEvaluator

            return ReferenceEvaluator(self.proto)
        import onnxruntime

        return onnxruntime.InferenceSession(
            self.model, session_options(threads=1), providers=["CPUExecutionProvider"]
        )

    def _infer(self, shapes: tuple[Shape, ...]) -> Shape:
        import onnx

        model = onnx.ModelProto()
        model.CopyFrom(self.proto)
        for value, shape, has_batch in zip(model.graph.input, shapes, self.has_batch, strict=True):
            dimensions = value.type.tensor_type.shape
            dimensions.ClearField("dim")
            for size in (1, *shape) if has_batch else shape:
                dimensions.dim.add().dim_value = size
        model.graph.output[0].type.tensor_type.ClearField("shape")
        try:
            inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
        except onnx.shape_inference.InferenceError as error:
            raise self._rejected(error) from error
        sizes = [d.dim_value for d in inferred.graph.output[0].type.tensor_type.shape.dim]
        known = (
            inferred.graph.output[0].type.tensor_type.HasField("shape")
            and min(sizes, default=1) > 0
        )
        if not known:  # what depends on values is found by trying
            zeros = [np.zeros(shape, np.float32) for shape in shapes]
            return self.result_of(zeros).shape
        return tuple(sizes[1:] if self.gives_batch else sizes)

    def _rejected(self, error: Exception) -> ValueError:
        why = str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
        return ValueError(f"{self.operation} of ONNX does not fit here ({why[:200]})")


def check_memory(error: Exception) -> None:
    """Tell the lack of memory from other errors of libraries, which only say it in words.

    Raises:
        MemoryError: It is that.
    """
    text = str(error).lower()
    if isinstance(error, MemoryError) or any(words in text for words in _NO_MEMORY):
        raise MemoryError from error
