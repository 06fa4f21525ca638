"""Stage prepare: the GGUF of SmolLM2-135M-Instruct -> our 4-bit base shards and tokenizer.

Deterministic: the same GGUF gives the same bytes. The policy is trained on these values, so what
was trained is what runs.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from dialogue import REWARD_CLOSE, REWARD_OPEN
from quantise import quantise

GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHARD_BYTES = 20_000_000
RENAMED_TOKENS = {"<gh_stars>": REWARD_OPEN, "<empty_output>": REWARD_CLOSE}
FUSED = {
    "qkv": ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
    "o": ["self_attn.o_proj"],
    "gate_up": ["mlp.gate_proj", "mlp.up_proj"],
    "down": ["mlp.down_proj"],
}


def base_tensors(state, layers):
    """Yield (name, tensor) of the shipped base from a Llama state dict."""
    for i in range(layers):
        layer = f"model.layers.{i}"
        yield f"layers.{i}.input_norm", state[f"{layer}.input_layernorm.weight"].float()
        yield f"layers.{i}.post_norm", state[f"{layer}.post_attention_layernorm.weight"].float()
        for name, parts in FUSED.items():
            weight = torch.cat([state[f"{layer}.{part}.weight"] for part in parts])
            for kind, tensor in quantise(weight).items():
                yield f"layers.{i}.{name}.{kind}", tensor
    yield "norm", state["model.norm.weight"].float()
    for kind, tensor in quantise(state["model.embed_tokens.weight"]).items():
        yield f"head.{kind}", tensor


def write_shards(tensors, folder):
    shard, size, number = {}, 0, 1
    for name, tensor in tensors:
        if shard and size + tensor.nbytes > SHARD_BYTES:
            save_file(shard, folder / f"base-{number}.safetensors")
            shard, size, number = {}, 0, number + 1
        shard[name] = tensor.contiguous()
        size += tensor.nbytes
    save_file(shard, folder / f"base-{number}.safetensors")


def write_tokenizer(tokenizer, path):
    """SmolLM2's tokenizer with two unused special tokens renamed to the reward controls.

    A GGUF does not keep the rule that digits stand alone; SmolLM2's own tokenizer has it, and
    reward values need it.
    """
    config = json.loads(tokenizer.backend_tokenizer.to_str())
    config["pre_tokenizer"] = {
        "type": "Sequence",
        "pretokenizers": [{"type": "Digits", "individual_digits": True}, config["pre_tokenizer"]],
    }
    for token in config["added_tokens"]:
        token["content"] = RENAMED_TOKENS.get(token["content"], token["content"])
    config["model"]["vocab"] = {RENAMED_TOKENS.get(t, t): i for t, i in config["model"]["vocab"].items()}
    path.write_text(json.dumps(config, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gguf", required=True, help=f"folder that holds {GGUF}")
    parser.add_argument("--out", default="models/policy")
    arguments = parser.parse_args()
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    model = AutoModelForCausalLM.from_pretrained(arguments.gguf, gguf_file=GGUF)
    write_shards(base_tensors(model.state_dict(), model.config.num_hidden_layers), out)
    write_tokenizer(AutoTokenizer.from_pretrained(arguments.gguf, gguf_file=GGUF), out / "tokenizer.json")


if __name__ == "__main__":
    main()
