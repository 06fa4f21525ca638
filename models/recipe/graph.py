"""The policy's ONNX graph, written node by node, in two kinds that share everything but their linear layers.

  nbits  4-bit MatMulNBits, float32 activations: WebGPU and native
  int8   MatMulInteger with activations quantised row by row, so that a row's result does not depend on
         the rows beside it: WASM, which has no fast 4-bit kernel

Every linear layer of a block is base(x) + (x A) B with LoRA matrices A and B of rank LORA_RANK.
Initialisers are external data in base.bin and adapter.bin; a layout beside each graph says how the
loader makes every tensor from the shipped files, so that one 4-bit download serves both kinds.
Operators: https://onnx.ai/onnx/operators/ and
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from prepare import FUSED
from quantise import BLOCK

LAYERS, HIDDEN, HEADS, KV_HEADS, HEAD_DIM, FFN, VOCABULARY = 30, 576, 9, 3, 64, 1536, 49152
CONTEXT, ROPE_THETA, EPSILON = 2048, 100_000.0, 1e-5
LORA_RANK = 16
FINE = 254.0  # steps of the fine part in one step of the coarse part
# A few hidden channels are tens of times larger than the rest where these layers read them, so that one 8-bit part of an
# activation is not enough. sensitivity.py: one part everywhere else costs 0.010 nats a token, everywhere 0.106; the 8-bit
# weights themselves 0.006. A second part doubles a layer's multiply-adds; these are 43 % of all.
TWO_PARTS = frozenset(
    [f"layers.{i}.{name}" for i in range(LAYERS) for name in ("qkv", "down")]
    + [f"layers.{i}.gate_up" for i in (0, 9, 10, 11, 13, 17, 18, 29)]
)
KV_WIDTH = KV_HEADS * HEAD_DIM
SHAPES = {  # name: (input width, width of each fused output)
    "qkv": (HIDDEN, [HIDDEN, KV_WIDTH, KV_WIDTH]),
    "o": (HIDDEN, [HIDDEN]),
    "gate_up": (HIDDEN, [FFN, FFN]),
    "down": (FFN, [HIDDEN]),
    "head": (HIDDEN, [VOCABULARY]),
}
ALIGNMENT = 64
MIDDLE = np.uint8(128)
DTYPES = {"float32": (TensorProto.FLOAT, 4), "uint8": (TensorProto.UINT8, 1), "int8": (TensorProto.INT8, 1)}


class GraphWriter:
    """Collects nodes, inline constants and external initialisers with their layout."""

    def __init__(self):
        self.nodes, self.initializers = [], []
        self.layout = {"base": {"bytes": 0, "tensors": []}, "adapter": {"bytes": 0, "tensors": []}}
        self.count = 0

    def op(self, kind, *inputs, outputs=1, domain="", **attributes):
        names = [f"{kind}_{self.count}_{i}" for i in range(outputs)]
        self.count += 1
        self.nodes.append(helper.make_node(kind, inputs, names, name=names[0], domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, array):
        name = f"constant_{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def external(self, name, shape, dtype, make, file="base"):
        """An initialiser whose bytes the loader makes; each name is written once."""
        layout = self.layout[file]
        if all(t["name"] != name for t in layout["tensors"]):
            element, width = DTYPES[dtype]
            offset = -(-layout["bytes"] // ALIGNMENT) * ALIGNMENT
            size = int(np.prod(shape)) * width
            tensor = TensorProto(name=name, data_type=element, dims=shape, data_location=TensorProto.EXTERNAL)
            for key, value in (("location", f"{file}.bin"), ("offset", offset), ("length", size)):
                tensor.external_data.add(key=key, value=str(value))
            self.initializers.append(tensor)
            layout["tensors"].append({"name": name, "offset": offset, "bytes": size, "make": make})
            layout["bytes"] = offset + size
        return name


class NBits:
    """4-bit layers; the embedding is unpacked in standard operators from the head's own matrix."""

    def tensors(self, g, layer, k, n):
        part = lambda kind, shape, dtype, make: g.external(f"{layer}.{kind}", shape, dtype, {"kind": make, "from": f"{layer}.{kind}"})
        packed = part("packed", [n, k // BLOCK, BLOCK // 2], "uint8", "copy")
        scales = part("scales", [n, k // BLOCK], "float32", "float32")
        zeros = part("zeros", [n, k // BLOCK // 2], "uint8", "copy")
        return packed, scales, zeros

    def linear(self, g, x, layer, k, n):
        return g.op("MatMulNBits", x, *self.tensors(g, layer, k, n), domain="com.microsoft", K=k, N=n, bits=4, block_size=BLOCK)

    def embed(self, g, ids):
        packed, scales, zeros = self.tensors(g, "head", HIDDEN, VOCABULARY)

        def nibbles(name, shape):
            taken = g.op("Gather", name, ids)
            low = g.op("BitwiseAnd", taken, g.constant(np.uint8(15)))
            high = g.op("BitShift", taken, g.constant(np.uint8(4)), direction="RIGHT")
            last = g.constant(np.array([-1], np.int64))
            pair = [g.op("Unsqueeze", g.op("Cast", part, to=TensorProto.FLOAT), last) for part in (low, high)]
            return g.op("Reshape", g.op("Concat", *pair, axis=-1), g.constant(np.array(shape, np.int64)))

        blocks = HIDDEN // BLOCK
        centred = g.op("Sub", nibbles(packed, [0, 0, blocks, BLOCK]), nibbles(zeros, [0, 0, blocks, 1]))
        scale = g.op("Unsqueeze", g.op("Gather", scales, ids), g.constant(np.array([-1], np.int64)))
        return g.op("Reshape", g.op("Mul", centred, scale), g.constant(np.array([0, 0, HIDDEN], np.int64)))


class Int8:
    """8-bit layers, symmetric: one scale an output channel, one scale an activation row; activations of TWO_PARTS in two parts."""

    def tensors(self, g, layer, k, n):
        parts = 2 if layer in TWO_PARTS else 1
        weight = g.external(f"{layer}.int8", [k, n], "int8", {"kind": "int8", "from": layer, "parts": parts})
        scale = g.external(f"{layer}.int8_scale", [n], "float32", {"kind": "int8-scale", "from": layer})
        return weight, scale

    def linear(self, g, x, layer, k, n):
        weight, scale = self.tensors(g, layer, k, n)
        quantise, restore = (split_rows, join_rows) if layer in TWO_PARTS else (quantise_rows, restore_rows)
        units, row_scale = quantise(g, x)
        return g.op("Mul", restore(g, g.op("MatMulInteger", units, weight, g.constant(MIDDLE)), row_scale), scale)

    def embed(self, g, ids):
        weight, scale = self.tensors(g, "head", HIDDEN, VOCABULARY)
        columns = g.op("Transpose", g.op("Gather", weight, ids, axis=1), perm=[1, 2, 0])
        row_scale = g.op("Unsqueeze", g.op("Gather", scale, ids), g.constant(np.array([-1], np.int64)))
        return g.op("Mul", g.op("Cast", columns, to=TensorProto.FLOAT), row_scale)


KINDS = {"nbits": NBits, "int8": Int8}


def row_units(g, x):
    """float [B, S, K] -> (x / scale in [-127, 127], scale [B, S, 1])."""
    largest = g.op("ReduceMax", g.op("Abs", x), g.constant(np.array([-1], np.int64)), keepdims=1)
    scale = g.op("Mul", g.op("Max", largest, g.constant(np.float32(1e-8))), g.constant(np.float32(1 / 127)))
    return g.op("Div", x, scale), scale


def unsigned(g, whole):
    """Whole numbers in [-127, 127] as uint8, plus 128: ONNX Runtime's fast kernels (WASM, x64) take unsigned activations only."""
    return g.op("Cast", g.op("Add", whole, g.constant(MIDDLE.astype(np.float32))), to=TensorProto.UINT8)


def quantise_rows(g, x):
    """float [B, S, K] -> (uint8 [B, S, K], float [B, S, 1]): x = rounded * scale, one scale a row."""
    units, scale = row_units(g, x)
    return unsigned(g, g.op("Round", units)), scale


def restore_rows(g, product, row_scale):
    """int32 [B, S, N], the product of `quantise_rows` with an integer weight -> float [B, S, N]."""
    return g.op("Mul", g.op("Cast", product, to=TensorProto.FLOAT), row_scale)


def split_rows(g, x):
    """float [B, S, K] -> (uint8 [2B, S, K], float [B, S, 1]): x = (coarse + fine / FINE) * scale, one scale a row."""
    units, scale = row_units(g, x)
    coarse = g.op("Round", units)
    fine = g.op("Round", g.op("Mul", g.op("Sub", units, coarse), g.constant(np.float32(FINE))))
    return unsigned(g, g.op("Concat", coarse, fine, axis=0)), scale


def join_rows(g, product, row_scale):
    """int32 [2B, S, N], the product of both parts of `split_rows` with an integer weight -> float [B, S, N]."""
    coarse, fine = g.op("Split", g.op("Cast", product, to=TensorProto.FLOAT), outputs=2, axis=0, num_outputs=2)
    whole = g.op("Add", coarse, g.op("Mul", fine, g.constant(np.float32(1 / FINE))))
    return g.op("Mul", whole, row_scale)


def lora(g, x, layer, name):
    k, outs = SHAPES[name]
    modules = [path.split(".")[1] for path in FUSED[name]]
    width = LORA_RANK * len(modules)
    make = {"layer": layer, "modules": modules, "rank": LORA_RANK}
    a = g.external(f"layers.{layer}.{name}.lora_a", [k, width], "float32", {"kind": "lora-a", **make, "in": k}, "adapter")
    b = g.external(f"layers.{layer}.{name}.lora_b", [width, sum(outs)], "float32", {"kind": "lora-b", **make, "outs": outs}, "adapter")
    return g.op("MatMul", g.op("MatMul", x, a), b)


def rope_cache(g, positions):
    frequency = ROPE_THETA ** (-np.arange(0, HEAD_DIM, 2) / HEAD_DIM)
    angle = np.outer(np.arange(positions), frequency)
    return g.constant(np.cos(angle).astype(np.float32)), g.constant(np.sin(angle).astype(np.float32))


def norm_weight(g, name):
    return g.external(name, [HIDDEN], "float32", {"kind": "copy", "from": name})


def attention(g, layer, qkv, past, present, seqlens, total, cos, sin):
    """Grouped-query attention with rotary positions; past ["", ""]: nothing came before."""
    node = helper.make_node(
        "GroupQueryAttention", [qkv, "", "", *past, seqlens, total, cos, sin], [f"attention_{layer}", *present],
        domain="com.microsoft", num_heads=HEADS, kv_num_heads=KV_HEADS, do_rotary=1, rotary_interleaved=0,
    )
    g.nodes.append(node)
    return f"attention_{layer}"


def decoder_layers(g, residual, count, linear, attend):
    """Runs the `count` lowest layers and yields the residual stream [B, S, H] above each.

    linear(x, layer, name) is a linear layer of a block, attend(layer, qkv) its attention.
    """

    def add_and_norm(x, skip, weight):
        normed, _, _, summed = g.op("SkipSimplifiedLayerNormalization", x, skip, norm_weight(g, weight), outputs=4, domain="com.microsoft", epsilon=EPSILON)
        return normed, summed

    normed = g.op("SimplifiedLayerNormalization", residual, norm_weight(g, "layers.0.input_norm"), epsilon=EPSILON, axis=-1)
    for i in range(count):
        normed, residual = add_and_norm(residual, linear(attend(i, linear(normed, i, "qkv")), i, "o"), f"layers.{i}.post_norm")
        gate, up = g.op("Split", linear(normed, i, "gate_up"), outputs=2, axis=-1, num_outputs=2)
        active = g.op("Mul", g.op("Mul", gate, g.op("Sigmoid", gate)), up)
        down = linear(active, i, "down")
        if i + 1 < count:
            normed, residual = add_and_norm(residual, down, f"layers.{i + 1}.input_norm")
        else:
            residual = g.op("Add", residual, down)
        yield residual


def last_positions(g, states, mask):
    """[B, S, H] -> [B, 1, H]: each row's last position that the mask [B, T] counts."""
    shape = g.op("Shape", states)
    take = lambda index: g.op("Gather", shape, g.constant(np.array([index], np.int64)))
    batch, length = take(0), take(1)
    total = g.op("Gather", g.op("Shape", mask), g.constant(np.array([1], np.int64)))
    valid = g.op("ReduceSum", mask, g.constant(np.array([1], np.int64)), keepdims=0)
    unseen = g.op("Add", g.op("Sub", total, length), g.constant(np.array([1], np.int64)))
    index = g.op("Max", g.op("Sub", valid, unseen), g.constant(np.array([0], np.int64)))
    scalar = lambda x: g.op("Squeeze", x, g.constant(np.array([0], np.int64)))
    rows = g.op("Range", g.constant(np.int64(0)), scalar(batch), g.constant(np.int64(1)))
    flat = g.op("Reshape", states, g.constant(np.array([-1, HIDDEN], np.int64)))
    picked = g.op("Gather", flat, g.op("Add", g.op("Mul", rows, length), index))
    return g.op("Unsqueeze", picked, g.constant(np.array([1], np.int64)))


def policy_graph(kind):
    """kind "nbits" or "int8" -> (ONNX model without its external data, layout)."""
    g, layers = GraphWriter(), KINDS[kind]()
    ids, mask = "input_ids", "attention_mask"
    cos, sin = rope_cache(g, CONTEXT)
    valid = g.op("ReduceSum", mask, g.constant(np.array([1], np.int64)), keepdims=0)
    seqlens = g.op("Cast", g.op("Sub", valid, g.constant(np.int64(1))), to=TensorProto.INT32)
    total = g.op("Cast", g.op("Gather", g.op("Shape", mask), g.constant(np.int64(1))), to=TensorProto.INT32)

    def linear(x, layer, name):
        k, outs = SHAPES[name]
        return g.op("Add", layers.linear(g, x, f"layers.{layer}.{name}", k, sum(outs)), lora(g, x, layer, name))

    def attend(layer, qkv):
        past = [f"past_key_values.{layer}.{part}" for part in ("key", "value")]
        return attention(g, layer, qkv, past, [f"present.{layer}.{part}" for part in ("key", "value")], seqlens, total, cos, sin)

    *_, residual = decoder_layers(g, layers.embed(g, ids), LAYERS, linear, attend)
    final = g.op("SimplifiedLayerNormalization", last_positions(g, residual, mask), norm_weight(g, "norm"), epsilon=EPSILON, axis=-1)
    g.nodes.append(helper.make_node("Identity", [layers.linear(g, final, "head", HIDDEN, VOCABULARY)], ["logits"]))

    value = helper.make_tensor_value_info
    cache = lambda prefix, length: [
        value(f"{prefix}.{i}.{part}", TensorProto.FLOAT, ["batch", KV_HEADS, length, HEAD_DIM])
        for i in range(LAYERS) for part in ("key", "value")
    ]
    inputs = [value(ids, TensorProto.INT64, ["batch", "length"]), value(mask, TensorProto.INT64, ["batch", "total"])]
    graph = helper.make_graph(
        g.nodes, f"policy-{kind}", inputs + cache("past_key_values", "past"),
        [value("logits", TensorProto.FLOAT, ["batch", 1, VOCABULARY])] + cache("present", "total"), g.initializers,
    )
    return model_of(graph), g.layout


def model_of(graph):
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)
