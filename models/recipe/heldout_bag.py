"""Stage heldout-bag: how much each token of a completion speaks for it, from all preference pairs, in a minute.

A bag of tokens sees no order and no prompt, but ten times the pairs that the features of heldout_features.py can be
computed for. A completion's score is the mean of its tokens' values; loss: Bradley-Terry with a ridge, an axis alone.
Writes a table for each fold of prompts that it has not seen, and one of all pairs.
"""

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

import graph
from dialogue import fold_of, read_jsonl
from heldout_model import FOLDS, encode_completion
from prompt_ids import PromptEncoder
from reward_model import AXES

RIDGES = {"helpful": 3e-5, "harmless": 1e-5}
STEPS = 40


def bags(completions):
    """Arguments of embedding_bag."""
    starts = torch.tensor([0] + [len(c) for c in completions]).cumsum(0)[:-1]
    return torch.tensor([token for c in completions for token in c]), starts


def values_of(table, completions):
    """[tokens] -> the mean value of each completion's tokens."""
    tokens, starts = completions
    return F.embedding_bag(tokens, table.unsqueeze(1), starts, mode="mean").squeeze(1)


def fit(chosen, rejected, ridge):
    """float [VOCABULARY]: a value a token."""
    table = torch.zeros(graph.VOCABULARY, requires_grad=True)
    optimiser = torch.optim.LBFGS([table], max_iter=STEPS, line_search_fn="strong_wolfe")
    chosen, rejected = bags(chosen), bags(rejected)

    def loss():
        optimiser.zero_grad()
        total = F.softplus(values_of(table, rejected) - values_of(table, chosen)).mean() + ridge / 2 * (table**2).sum()
        total.backward()
        return total

    optimiser.step(loss)
    return table.detach()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--out", default="models/recipe/work/heldout/bag.safetensors")
    arguments = parser.parse_args()

    encoder = PromptEncoder(f"{arguments.policy}/tokenizer.json")
    tables = torch.zeros(FOLDS + 1, len(AXES), graph.VOCABULARY)
    for axis, name in enumerate(AXES):
        pairs = list(read_jsonl(f"{arguments.data}/hh_{name}_train.jsonl.gz"))
        fold = [fold_of(pair["prompt_dialogue"], FOLDS) for pair in pairs]
        ids = [[encode_completion(encoder, pair[side]) for pair in pairs] for side in ("chosen", "rejected")]
        for unseen in range(FOLDS + 1):  # the last one has seen all
            seen = [i for i, f in enumerate(fold) if f != unseen]
            tables[unseen, axis] = fit(*([side[i] for i in seen] for side in ids), RIDGES[name])
            held = [i for i, f in enumerate(fold) if f == unseen]
            if held:
                margin = torch.sub(*(values_of(tables[unseen, axis], bags([side[i] for i in held])) for side in ids))
                print(name, unseen, f"accuracy {(margin > 0).float().mean().item():.3f}", flush=True)
    Path(arguments.out).parent.mkdir(parents=True, exist_ok=True)
    save_file({"tables": tables}, arguments.out)


if __name__ == "__main__":
    main()
