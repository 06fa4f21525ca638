"""Stage sensitivity: how far one 8-bit part of a layer's activations moves the policy's distributions, where two hardly do.

For each linear layer alone, with 8-bit weights, the adapter merged into them (the graph keeps it apart, in float32):
the mean Kullback-Leibler divergence a token of the next-token distribution from that with two parts everywhere, over
completions that train-online wrote last. TWO_PARTS in graph.py follows from it.
"""

import argparse

import torch
from torch import nn

from dialogue import read_jsonl
from graph import FINE, SHAPES, TWO_PARTS
from prepare import FUSED
from prompt_ids import PromptEncoder
from weights import adapted

COMPLETIONS, MIN_TOKENS = 4, 32


def row_scales(x):
    """The step of each row's symmetric 8 bits: [..., K] -> [..., 1]."""
    return x.abs().amax(-1, keepdim=True).clamp_min(1e-8) / 127


def one_part(x):
    scale = row_scales(x)
    return torch.round(x / scale) * scale


def two_parts(x):
    coarse, step = one_part(x), row_scales(x) / FINE
    return coarse + torch.round((x - coarse) / step) * step


class Int8Linear(nn.Module):
    """A linear layer as the int8 graph computes it: 8-bit weights with a scale a row, activations in parts."""

    def __init__(self, weight):
        super().__init__()
        self.weight, self.parts = one_part(weight), two_parts

    def forward(self, x):
        return self.parts(x) @ self.weight.T


def int8_layers(model):
    """Makes the model's linear layers 8-bit; {name in the graph: its modules}."""
    layers = {"head": [Int8Linear(model.lm_head.weight.data)]}
    model.lm_head = layers["head"][0]
    for i, layer in enumerate(model.model.layers):
        for name, paths in FUSED.items():
            layers[f"layers.{i}.{name}"] = [Int8Linear(layer.get_submodule(path).weight.data) for path in paths]
            for path, module in zip(paths, layers[f"layers.{i}.{name}"]):
                parent, leaf = path.split(".")
                setattr(layer.get_submodule(parent), leaf, module)
    return layers


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--adapter", default="models/policy/adapters/main.safetensors")
    parser.add_argument("--rollouts", default="models/recipe/work/online/rollouts.jsonl", help="made by train-online")
    arguments = parser.parse_args()
    model, encoder = adapted(arguments.policy, arguments.adapter), PromptEncoder(f"{arguments.policy}/tokenizer.json")
    own = [(encoder.prompt(row["prompt"], row["target"]), encoder.user(row["text"])) for row in read_jsonl(arguments.rollouts) if row["target"]]
    long = [(prompt, words) for prompt, words in own if len(words) >= MIN_TOKENS][-COMPLETIONS:]
    texts = [(torch.tensor([prompt + words]), len(prompt)) for prompt, words in long]
    layers = int8_layers(model)
    distributions = lambda: [model(ids).logits[0, at - 1 :].log_softmax(-1) for ids, at in texts]
    reference, divergence = distributions(), {}
    for name, modules in layers.items():
        for module in modules:
            module.parts = one_part
        pairs = zip(reference, distributions())
        divergence[name] = torch.cat([(p.exp() * (p - q)).sum(-1) for p, q in pairs]).mean().item()
        for module in modules:
            module.parts = two_parts
        print(f"{name:18s} {divergence[name]:.5f}", flush=True)
    for end in SHAPES:
        print(f"all {end}: {sum(value for name, value in divergence.items() if name.endswith(end)):.4f}")
    print(f"all: {sum(divergence.values()):.4f}, without those of TWO_PARTS: {sum(value for name, value in divergence.items() if name not in TWO_PARTS):.4f}")


if __name__ == "__main__":
    main()
