"""Stage peak: src/bench/peak-*.onnx, one large matrix product each, by which `dial bench` measures what a machine multiplies.

The weight is a constant, so that it is packed once as a model's are; the result is reduced to one number.
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

ROWS, SIZE = 1024, 1024


def constant(name, array):
    return numpy_helper.from_array(np.array(array), name)


def graph(kind):
    activation, weight = {"float32": (TensorProto.FLOAT, np.float32), "int8": (TensorProto.UINT8, np.int8)}[kind]
    filled = numpy_helper.from_array(np.array([3], weight))
    nodes = [
        helper.make_node("Cast", ["value"], ["cast"], to=activation),
        helper.make_node("Expand", ["cast", "rows"], ["activations"]),
        helper.make_node("ConstantOfShape", ["size"], ["weights"], value=filled),
        helper.make_node("MatMul" if kind == "float32" else "MatMulInteger", ["activations", "weights"], ["product"]),
        helper.make_node("ReduceMax", ["product"], ["largest"], keepdims=0),
        helper.make_node("Cast", ["largest"], ["result"], to=TensorProto.FLOAT),
    ]
    initializers = [constant("rows", [ROWS, SIZE]), constant("size", [SIZE, SIZE])]
    inputs = [helper.make_tensor_value_info("value", TensorProto.INT64, [1])]
    outputs = [helper.make_tensor_value_info("result", TensorProto.FLOAT, [])]
    opsets = [helper.make_opsetid("", 21)]
    return helper.make_model(helper.make_graph(nodes, f"peak-{kind}", inputs, outputs, initializers), opset_imports=opsets, ir_version=10)


for kind in ("float32", "int8"):
    save(graph(kind), Path("src/bench") / f"peak-{kind}.onnx")
