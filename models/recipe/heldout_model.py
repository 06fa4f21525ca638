"""The held-out judge: two linear heads on the lower layers of the policy's 4-bit base, and a value a token.

Input: the policy's chat without rewards, the prompt's last PROMPT_TOKENS tokens, then the completion's first
COMPLETION_TOKENS tokens, its end token included.
Features: the residual stream above each tapped layer, normalised to a root mean square of 1, at the completion's end
token and as a mean over the completion.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from safetensors import safe_open
from torch import nn

import graph
from weights import llama

PROMPT_TOKENS, COMPLETION_TOKENS = 96, 96
POOLS = 2  # end token, mean
FOLDS = 5


def encode(encoder, prompt_dialogue, completion):
    """(prompt ids, completion ids with the end token), both cut to what the model reads."""
    return encoder.prompt(prompt_dialogue, False)[-PROMPT_TOKENS:], encode_completion(encoder, completion)


def encode_completion(encoder, completion):
    *written, end = encoder.completion(completion)
    return [*written[: COMPLETION_TOKENS - 1], end]


def lower_layers(policy, count):
    """The base without its upper layers and last norm."""
    model = llama(policy)
    model.model.layers = model.model.layers[:count]
    model.model.norm = nn.Identity()
    return model


def tapped(model, taps):
    """A dict that holds, after every run of the model, the residual stream [rows, length, hidden] above each tapped layer."""
    states = {}
    for tap in taps:
        model.model.layers[tap - 1].register_forward_hook(lambda _, __, output, tap=tap: states.__setitem__(tap, output))
    return states


def pooled(states, starts, lengths):
    """Features [rows, taps, POOLS, hidden] of completions that start at `starts` and are `lengths` tokens long."""
    rows, first = torch.arange(len(starts)), torch.tensor(starts).unsqueeze(1)
    last = first + torch.tensor(lengths).unsqueeze(1) - 1
    found = []
    for tap in sorted(states):
        normed = F.rms_norm(states[tap].float(), (graph.HIDDEN,), eps=graph.EPSILON)
        position = torch.arange(normed.shape[1])
        inside = ((position >= first) & (position <= last)).float().unsqueeze(-1)
        found.append(torch.stack([normed[rows, last[:, 0]], (normed * inside).sum(1) / inside.sum(1)], 1))
    return torch.stack(found, 1)


@dataclass(frozen=True)
class Heads:
    """What train_heldout.py wrote: score = features @ weight^T + bias + mean of table[token] over the completion."""

    taps: tuple
    weight: torch.Tensor  # [axes, taps * POOLS * hidden]
    bias: torch.Tensor  # [axes]
    table: torch.Tensor  # [vocabulary, axes]

    @classmethod
    def read(cls, path):
        with safe_open(path, "pt") as file:
            taps = tuple(int(tap) for tap in file.metadata()["taps"].split(","))
            return cls(taps, *(file.get_tensor(name) for name in ("weight", "bias", "table")))


class HeldoutJudge:
    """The shipped judge in float32 PyTorch."""

    def __init__(self, policy, heads):
        self.heads = Heads.read(heads)
        self.model = lower_layers(policy, max(self.heads.taps))
        self.states = tapped(self.model, self.heads.taps)

    @torch.no_grad()
    def score(self, prompt, completion):
        """Token ids -> raw scores [axes], in the order of AXES."""
        self.model.model(input_ids=torch.tensor([prompt + completion]))
        features = pooled(self.states, [len(prompt)], [len(completion)]).flatten()
        return F.linear(features, self.heads.weight, self.heads.bias) + self.heads.table[completion].mean(0)
