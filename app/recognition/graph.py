"""A network as an ONNX graph: the form in which ONNX Runtime runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from onnx import TensorProto, helper, numpy_helper
from torch import nn

from app.recognition.networks import CLASSES, SIDE

if TYPE_CHECKING:
    from app.recognition.networks import DigitClassifier

BATCH: Final = "batch"  # the graph's input, (N, 1, 28, 28)
LOGITS: Final = "logits"  # its output, (N, 10)
OPSET: Final = 17  # of ONNX's operators, and the form of the file: of 2022, so that no runtime of today is too old
FORM: Final = 8


def to_onnx(network: DigitClassifier) -> bytes:
    """Return the layers up to the logits as a serialised ONNX model; TypeError for a layer that is not known here."""
    layers = list(network.layers[:-1])
    names = [BATCH, *(f"values {number}" for number in range(1, len(layers))), LOGITS]
    nodes, constants = [], []
    for number, layer in enumerate(layers):
        operator, options = _operator(layer)
        held = {f"{kind} {number}": values for kind, values in layer.named_parameters()}
        constants += [numpy_helper.from_array(values.detach().cpu().numpy(), name) for name, values in held.items()]
        inputs, outputs = [names[number], *held], [names[number + 1]]
        nodes.append(helper.make_node(operator, inputs, outputs, **options))
    taken = helper.make_tensor_value_info(BATCH, TensorProto.FLOAT, ["N", 1, SIDE, SIDE])
    given = helper.make_tensor_value_info(LOGITS, TensorProto.FLOAT, ["N", CLASSES])
    graph = helper.make_graph(nodes, type(network).__name__, [taken], [given], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=FORM)
    return bytes(model.SerializeToString())


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
