"""Runs a model file: by ai-edge-litert where it is installed, else by OpenCV. Same numbers out.

Outputs are told apart by how many numbers they hold, never by their place: the order differs
between the two. Nothing here is safe between threads: one set for each process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]
Net = Callable[[Floats], dict[int, Floats]]
"""Takes a batch (rows, height, width, 3); gives each output by its numbers a row: (rows, count)."""


def litert(content: bytes, batch: int = 1) -> Net:
    """A model run by ai-edge-litert, always with `batch` rows."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter: Any = Interpreter(model_content=content, num_threads=1)
    entry = interpreter.get_input_details()[0]
    if batch > 1:
        interpreter.resize_tensor_input(entry["index"], (batch, *entry["shape"][1:]))
    interpreter.allocate_tensors()
    exits = [one["index"] for one in interpreter.get_output_details()]

    def run(rows: Floats) -> dict[int, Floats]:
        interpreter.set_tensor(entry["index"], rows)
        interpreter.invoke()
        found = (interpreter.get_tensor(index).reshape(batch, -1) for index in exits)
        return {one.shape[1]: one for one in found}

    run(np.zeros((batch, *entry["shape"][1:]), np.float32))
    return run


def opencv(content: bytes, _batch: int = 1) -> Net:
    """A model run by OpenCV: row after row, whatever the batch."""
    net = cv2.dnn.readNetFromTFLite(np.frombuffer(content, np.uint8))
    names = net.getUnconnectedOutLayersNames()

    def one(row: Floats) -> list[Floats]:
        net.setInput(np.ascontiguousarray(row.transpose(2, 0, 1))[None])
        return [np.array(output, np.float32).reshape(1, -1) for output in net.forward(names)]

    def run(rows: Floats) -> dict[int, Floats]:
        by_output = zip(*(one(row) for row in rows), strict=True)
        found = (np.concatenate(output) for output in by_output)
        return {output.shape[1]: output for output in found}

    return run


RUNTIMES: Mapping[str, Callable[[bytes, int], Net]] = MappingProxyType(
    {"litert": litert, "cv2": opencv}
)


def preferred() -> str:
    """The faster runtime that is installed here."""
    return "litert" if find_spec("ai_edge_litert") else "cv2"
