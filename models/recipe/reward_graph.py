"""The reward model's ONNX graph: 8-bit weights inside the file, one example a run, WASM and native.

Weights are int8 with one scale an output channel (embeddings: one scale a token); activations are
split in two 8-bit parts a row as in the policy's WASM graph. Weights are stored plus 128: signed ones
saturate against unsigned activations on x64 processors without VNNI.
"""

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from graph import MIDDLE, GraphWriter, join_rows, model_of, split_rows

EPSILON = 1e-12
BATCH_FREE = np.array([-1], np.int64)


def quantise_channels(weight):
    """float [N, K] -> (int8 [N, K], float32 [N]): w = q * scale."""
    scale = weight.abs().amax(1).clamp(min=1e-8) / 127
    return (weight / scale[:, None]).round().to(torch.int8), scale


def dequantised_state(state):
    """The state dict with every matrix the graph stores in 8 bits rounded as the graph rounds it."""
    rounded = {}
    for name, tensor in state.items():
        if tensor.ndim == 2 and "LayerNorm" not in name and not name.startswith("heads"):
            q, scale = quantise_channels(tensor)
            tensor = q.float() * scale[:, None]
        rounded[name] = tensor
    return rounded


def reward_graph(state, config):
    """State dict of RewardModel and its BertConfig -> ONNX model."""
    g = GraphWriter()
    floats = lambda name: g.constant(state[name].float().numpy())

    def embedding(name, ids):
        q, scale = quantise_channels(state[name])
        rows = g.op("Cast", g.op("Gather", g.constant(q.numpy()), ids), to=TensorProto.FLOAT)
        return g.op("Mul", rows, g.op("Unsqueeze", g.op("Gather", g.constant(scale.numpy()), ids), g.constant(BATCH_FREE)))

    def linear(x, *names):
        q, scale = quantise_channels(torch.cat([state[f"{name}.weight"] for name in names]))
        parts, row_scale = split_rows(g, x)
        weight = (q.T.contiguous().numpy().astype(np.int16) + MIDDLE).astype(np.uint8)
        product = g.op("MatMulInteger", parts, g.constant(weight), g.constant(MIDDLE), g.constant(MIDDLE))
        scaled = g.op("Mul", join_rows(g, product, row_scale), g.constant(scale.numpy()))
        return g.op("Add", scaled, g.constant(torch.cat([state[f"{name}.bias"] for name in names]).numpy()))

    def norm(x, name):
        return g.op("LayerNormalization", x, floats(f"{name}.weight"), floats(f"{name}.bias"), epsilon=EPSILON, axis=-1)

    ids, kinds = "input_ids", "token_type_ids"
    length = g.op("Gather", g.op("Shape", ids), g.constant(np.int64(1)))
    positions = g.op("Unsqueeze", g.op("Range", g.constant(np.int64(0)), length, g.constant(np.int64(1))), g.constant(np.array([0], np.int64)))
    prefix = "trunk.embeddings"
    x = g.op("Add", embedding(f"{prefix}.word_embeddings.weight", ids), embedding(f"{prefix}.token_type_embeddings.weight", kinds))
    x = norm(g.op("Add", x, embedding(f"{prefix}.position_embeddings.weight", positions)), f"{prefix}.LayerNorm")
    for i in range(config.num_hidden_layers):
        layer = f"trunk.encoder.layer.{i}"
        qkv = linear(x, *(f"{layer}.attention.self.{part}" for part in ("query", "key", "value")))
        query, key, value = g.op("Split", qkv, outputs=3, axis=-1, num_outputs=3)
        attended = g.op("MultiHeadAttention", query, key, value, domain="com.microsoft", num_heads=config.num_attention_heads)
        x = norm(g.op("Add", x, linear(attended, f"{layer}.attention.output.dense")), f"{layer}.attention.output.LayerNorm")
        active = g.op("Gelu", linear(x, f"{layer}.intermediate.dense"), approximate="none")
        x = norm(g.op("Add", x, linear(active, f"{layer}.output.dense")), f"{layer}.output.LayerNorm")

    inside = g.op("Unsqueeze", g.op("Cast", kinds, to=TensorProto.FLOAT), g.constant(BATCH_FREE))
    one = g.constant(np.array([1], np.int64))
    mean = g.op("Div", g.op("ReduceSum", g.op("Mul", x, inside), one, keepdims=0), g.op("ReduceSum", inside, one, keepdims=0))
    first = g.op("Gather", x, g.constant(np.int64(0)), axis=1)
    pooled = g.op("Concat", first, mean, axis=-1)
    scores = g.op("Gemm", pooled, floats("heads.weight"), floats("heads.bias"), transB=1)
    g.nodes.append(helper.make_node("Identity", [scores], ["scores"]))
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        g.nodes, "reward-model",
        [value(name, TensorProto.INT64, [1, "length"]) for name in (ids, kinds)],
        [value("scores", TensorProto.FLOAT, [1, 2])], g.initializers,
    )
    return model_of(graph)


def read_state(path, config):
    """What `reward_graph` wrote, as a state dict of RewardModel: its weights as they were rounded to 8 bits.

    Raises ValueError if the file has weights beyond those of this BertConfig.
    """
    constants = (numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer)
    arrays = iter([array for array in constants if array.size > 1])
    state = {}

    def floats(name):
        state[name] = torch.tensor(next(arrays))

    def embedding(name):
        q, scale = next(arrays), next(arrays)
        state[name] = torch.tensor(q * scale[:, None])

    def linear(*names):
        stored, scale, bias = (next(arrays) for _ in range(3))
        weight = torch.tensor((stored.T.astype(np.float32) - MIDDLE) * scale[:, None])
        for name, w, b in zip(names, weight.chunk(len(names)), torch.tensor(bias).chunk(len(names))):
            state.update({f"{name}.weight": w.clone(), f"{name}.bias": b.clone()})

    def norm(name):
        floats(f"{name}.weight")
        floats(f"{name}.bias")

    prefix = "trunk.embeddings"
    for part in ("word", "token_type", "position"):
        embedding(f"{prefix}.{part}_embeddings.weight")
    norm(f"{prefix}.LayerNorm")
    for i in range(config.num_hidden_layers):
        layer = f"trunk.encoder.layer.{i}"
        linear(*(f"{layer}.attention.self.{part}" for part in ("query", "key", "value")))
        linear(f"{layer}.attention.output.dense")
        norm(f"{layer}.attention.output.LayerNorm")
        linear(f"{layer}.intermediate.dense")
        linear(f"{layer}.output.dense")
        norm(f"{layer}.output.LayerNorm")
    norm("heads")
    if next(arrays, None) is not None:
        raise ValueError(f"{path} has more weights than a model of {config.num_hidden_layers} layers")
    return state
