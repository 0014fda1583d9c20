"""A network as an ONNX graph: the form in which ONNX Runtime runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from app.recognition.networks import CLASSES, SIDE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onnx import NodeProto

    from app.recognition.networks import DigitClassifier

BATCH: Final = "batch"  # the graph's input, (N, 1, 28, 28)
LOGITS: Final = "logits"  # its output, (N, 10)
OPSET: Final = 17  # of ONNX's operators, and the form of the file: of 2022, so that no runtime of today is too old
FORM: Final = 8


class Graph:
    """ONNX operators and their constants, one after the other."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self.last = [BATCH]  # names of what the last operator gives

    def add(self, operator: str, options: Mapping[str, Any], *constants: Tensor, gives: int = 1) -> None:
        """Add an operator that takes what the last one gives, and constants."""
        number = len(self.nodes)
        held = [f"constant {number} {place}" for place in range(len(constants))]
        for values, name in zip(constants, held, strict=True):
            self.constants.append(numpy_helper.from_array(values.detach().cpu().numpy(), name))
        given = [f"values {number} {place}" for place in range(gives)]
        self.nodes.append(helper.make_node(operator, [*self.last, *held], given, **options))
        self.last = given

    def serialised(self, name: str) -> bytes:
        """Return the model; what the last operator gives are its logits."""
        self.nodes[-1].output[:] = [LOGITS]
        taken = helper.make_tensor_value_info(BATCH, TensorProto.FLOAT, ["N", 1, SIDE, SIDE])
        given = helper.make_tensor_value_info(LOGITS, TensorProto.FLOAT, ["N", CLASSES])
        graph = helper.make_graph(self.nodes, name, [taken], [given], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=FORM)
        return bytes(model.SerializeToString())


def to_onnx(network: DigitClassifier) -> bytes:
    """Return the layers up to the logits as a serialised ONNX model; TypeError for a layer that is not known here."""
    graph = Graph()
    layers = list(network.layers[:-1])
    shown = torch.zeros(1, 1, SIDE, SIDE)  # what the next layer is shown
    while layers:
        done = 2 if _are_halved(layers[:2], shown) else 1
        if done == 2:
            _add_halved(graph, *layers[0].parameters())
        else:
            graph.add(*_operator(layers[0]), *layers[0].parameters())
        for layer in layers[:done]:
            shown = layer(shown)
        del layers[:done]
    return graph.serialised(type(network).__name__)


def _are_halved(layers: list[nn.Module], shown: Tensor) -> bool:  # (1, maps, high, wide)
    """Tell a convolution and the pooling of its maps, of even sides, to half as many columns and rows; or TypeError."""
    match [(layer, *_operator(layer)) for layer in layers]:
        case [(nn.Conv2d(kernel_size=(high, wide), bias=Tensor()), *_), (_, "MaxPool", {"kernel_shape": [2, 2]})]:
            return high % 2 == wide % 2 == 1 and shown.shape[2] % 2 == shown.shape[3] % 2 == 0
    return False


def _add_halved(graph: Graph, weight: Tensor, bias: Tensor) -> None:  # (maps, in, high, wide), (maps,)
    """Add a convolution and the pooling of its maps, their even and their odd columns as maps of their own.

    Where a processor has AVX-512, ONNX Runtime makes sixteen maps at a time, however few are wanted: eight for the even
    columns and eight for the odd, by the same kernels one column further, take two thirds of the time of eight for all.
    Of each two the larger is pooled. The sums are the same, in the same order.
    """
    high, wide = (side // 2 for side in weight.shape[2:])  # px, of padding
    even, odd = functional.pad(weight, (0, 1)), functional.pad(weight, (1, 0))  # (maps, in, high, wide + 1)
    options = {"strides": [1, 2], "pads": [high, wide, high, wide]}
    graph.add("Conv", options, torch.cat([even, odd]), torch.cat([bias, bias]))
    graph.add("MaxPool", {"kernel_shape": [2, 1], "strides": [2, 1]})
    graph.add("Split", {"axis": 1}, gives=2)
    graph.add("Max", {})


def _operator(layer: nn.Module) -> tuple[str, dict[str, Any]]:
    """Return the ONNX operator that does the same, and its options; its constants are the layer's own, in order."""
    match layer:
        case nn.Conv2d(padding="same", stride=(1, 1), dilation=(1, 1), groups=1, padding_mode="zeros"):
            return "Conv", {"auto_pad": "SAME_UPPER"}
        case nn.MaxPool2d(kernel_size=int(side), stride=step, padding=0, dilation=1, ceil_mode=beyond) if step == side:
            return "MaxPool", {"kernel_shape": [side, side], "strides": [side, side], "ceil_mode": int(beyond)}
        case nn.Linear():
            return "Gemm", {"transB": 1}
        case nn.ReLU():
            return "Relu", {}
        case nn.Flatten(start_dim=1, end_dim=-1):
            return "Flatten", {}
        case _:
            raise TypeError(f"{layer} is no layer that {__name__} knows: add its ONNX operator there.")
