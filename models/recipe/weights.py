"""The shipped policy weights in Python: a loader for the ONNX graphs and one for PyTorch."""

import json
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import load_file
from transformers import LlamaConfig, LlamaForCausalLM

import graph
from prepare import FUSED
from quantise import dequantise

PEFT = "base_model.model.model.layers.{layer}.{module}.lora_{part}.weight"
PATHS = {path.split(".")[1]: path for paths in FUSED.values() for path in paths}


def read_base(folder):
    """{name: tensor} of all base shards."""
    tensors = {}
    for path in sorted(Path(folder).glob("base-*.safetensors")):
        tensors.update(load_file(path))
    return tensors


def float_weight(base, layer):
    return dequantise(*(base[f"{layer}.{part}"] for part in ("packed", "scales", "zeros")))


def llama(folder):
    """A float32 LlamaForCausalLM that holds the de-quantised 4-bit weights."""
    base = read_base(folder)
    config = LlamaConfig(
        vocab_size=graph.VOCABULARY, hidden_size=graph.HIDDEN, intermediate_size=graph.FFN, num_hidden_layers=graph.LAYERS,
        num_attention_heads=graph.HEADS, num_key_value_heads=graph.KV_HEADS, max_position_embeddings=graph.CONTEXT,
        rms_norm_eps=graph.EPSILON, rope_parameters={"rope_type": "default", "rope_theta": graph.ROPE_THETA},
        tie_word_embeddings=True, bos_token_id=1, eos_token_id=2, pad_token_id=2,
    )
    model = LlamaForCausalLM(config)
    state = {"model.embed_tokens.weight": float_weight(base, "head"), "model.norm.weight": base["norm"]}
    state["lm_head.weight"] = state["model.embed_tokens.weight"]
    for i in range(graph.LAYERS):
        state[f"model.layers.{i}.input_layernorm.weight"] = base[f"layers.{i}.input_norm"]
        state[f"model.layers.{i}.post_attention_layernorm.weight"] = base[f"layers.{i}.post_norm"]
        for name, paths in FUSED.items():
            parts = float_weight(base, f"layers.{i}.{name}").split(graph.SHAPES[name][1])
            state.update({f"model.layers.{i}.{path}.weight": part for path, part in zip(paths, parts)})
    model.load_state_dict(state)
    return model.eval()


def read_adapter(path):
    """PEFT LoRA safetensors -> ({name: float32 tensor}, scale = alpha / r). None: no adapter."""
    if path is None:
        return {}, 0.0
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
        return {key: file.get_tensor(key).float() for key in file.keys()}, float(metadata["lora_alpha"]) / float(metadata["r"])


def lora_factors(path):
    """{(layer, module): (A [r, in], B [out, r] times alpha / r)} of an adapter, float32. None: no adapter."""
    adapter, scale = read_adapter(path)
    named = lambda place, part: PEFT.format(layer=place[0], module=place[1], part=part)
    places = [(layer, module) for layer in range(graph.LAYERS) for module in PATHS.values()]
    return {place: (adapter[named(place, "A")], scale * adapter[named(place, "B")]) for place in places if named(place, "A") in adapter}


def adapted(policy, adapter_path):
    """The de-quantised policy with an adapter (None: none) merged in float32."""
    model = llama(policy)
    for (layer, module), (a, b) in lora_factors(adapter_path).items():
        model.model.layers[layer].get_submodule(module).weight.data += b @ a
    return model


def write_graph(kind, folder):
    """Write policy-KIND.onnx and its layout."""
    write_model(Path(folder) / f"policy-{kind}", *graph.policy_graph(kind))


def write_model(path, model, layout):
    """Write PATH.onnx and PATH.layout.json."""
    path.with_suffix(".onnx").write_bytes(model.SerializeToString())
    path.with_suffix(".layout.json").write_text(json.dumps(layout, separators=(",", ":")))
