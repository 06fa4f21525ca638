"""The held-out judge's ONNX graph, in the two kinds of graph.py: the base's lower layers from the policy's shards, heads inside.

One example a run. Inputs as the judge's: token ids and, at each, 0 for the prompt and 1 for the completion.
"""

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from graph import EPSILON, HIDDEN, KINDS, SHAPES, VOCABULARY, GraphWriter, attention, decoder_layers, model_of, rope_cache
from heldout_model import COMPLETION_TOKENS, POOLS, PROMPT_TOKENS, Heads


def heldout_graph(kind, heads):
    """heldout_model.Heads -> (ONNX model without its external data, layout)."""
    g, layers = GraphWriter(), KINDS[kind]()
    ids, types = "input_ids", "token_type_ids"
    scalar, one = g.constant(np.int64(1)), g.constant(np.array([1], np.int64))
    cos, sin = rope_cache(g, PROMPT_TOKENS + COMPLETION_TOKENS)
    length = g.op("Gather", g.op("Shape", ids), scalar)
    total = g.op("Cast", length, to=TensorProto.INT32)
    seqlens = g.op("Cast", g.op("Unsqueeze", g.op("Sub", length, scalar), g.constant(np.array([0], np.int64))), to=TensorProto.INT32)

    def linear(x, layer, name):
        k, outs = SHAPES[name]
        return layers.linear(g, x, f"layers.{layer}.{name}", k, sum(outs))

    def attend(layer, qkv):
        return attention(g, layer, qkv, ["", ""], [f"keys_{layer}", f"values_{layer}"], seqlens, total, cos, sin)

    inside = g.op("Unsqueeze", g.op("Cast", types, to=TensorProto.FLOAT), g.constant(np.array([-1], np.int64)))
    tokens = g.op("ReduceSum", inside, one, keepdims=0)
    mean = lambda values: g.op("Div", g.op("ReduceSum", g.op("Mul", values, inside), one, keepdims=0), tokens)
    unit = g.constant(np.ones(HIDDEN, np.float32))
    features = []
    for number, residual in enumerate(decoder_layers(g, layers.embed(g, ids), max(heads.taps), linear, attend), start=1):
        if number in heads.taps:
            normed = g.op("SimplifiedLayerNormalization", residual, unit, epsilon=EPSILON, axis=-1)
            features.append(g.op("Gather", normed, g.constant(np.int64(-1)), axis=1))
            features.append(mean(normed))
    heads_of = g.op("Gemm", g.op("Concat", *features, axis=-1), g.constant(heads.weight.numpy()), g.constant(heads.bias.numpy()), transB=1)
    scores = g.op("Add", heads_of, mean(g.op("Gather", g.constant(heads.table.numpy()), ids)))
    g.nodes.append(helper.make_node("Identity", [scores], ["scores"]))
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        g.nodes, f"heldout-{kind}",
        [value(name, TensorProto.INT64, [1, "length"]) for name in (ids, types)],
        [value("scores", TensorProto.FLOAT, [1, 2])], g.initializers,
    )
    return model_of(graph), g.layout


def read_heads(path):
    """heldout_model.Heads of a graph that `heldout_graph` wrote, with one tap: the topmost layer.

    Raises ValueError if the graph has more.
    """
    model = onnx.load(path, load_external_data=False).graph
    (gemm,) = (node for node in model.node if node.op_type == "Gemm")
    constants = {tensor.name: tensor for tensor in model.initializer}
    weight, bias = (torch.tensor(numpy_helper.to_array(constants[name])) for name in gemm.input[1:])
    if weight.shape[1] != POOLS * HIDDEN:
        raise ValueError(f"{path} has heads on more than one layer")
    (table,) = (tensor for tensor in constants.values() if list(tensor.dims) == [VOCABULARY, len(weight)])
    layers = sum(node.op_type == "GroupQueryAttention" for node in model.node)
    return Heads((layers,), weight, bias, torch.tensor(numpy_helper.to_array(table)))
