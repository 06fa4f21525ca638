"""Stage sum-adapters: the policies of one reward alone, or of the mean of both, made out of `main` or of weights before it.

Those hit their targets, and an adapter of train-study knows another form of the prompt: each of SUMS is the update of the
former plus a share of the latter's (Ilharco et al., 2023, arXiv:2212.04089). The sum is cut to a lower rank where that
changes a layer's outputs least for inputs that it had, not where it changes the weights least (Wang et al., 2024,
arXiv:2403.07378).
"""

import argparse
import random
from pathlib import Path

import torch

from dialogue import read_jsonl
from lora import ALPHA, save_factors
from prompt_ids import PromptEncoder
from weights import adapted, lora_factors

SUMS = {"helpful-only": 8, "harmless-only": 4, "joint": 4}  # name of the other adapter and of the sum, and its rank
SHARE = 0.5
COMPLETIONS = 60  # whose tokens, some 10,000, are the inputs
JITTER = 1e-3  # of the mean of the diagonal, for a direction that no input has


def recorded_ids(path, encoder, generator):
    """Token ids of some prompts with their completions."""
    rows = [row for row in read_jsonl(path) if row["target"] and row["text"]]
    return [encoder.prompt(row["prompt"], row["target"]) + encoder.completion(row["text"]) for row in generator.sample(rows, COMPLETIONS)]


@torch.no_grad()
def input_moments(model, places, sequences):
    """{(layer, module): X^T X of its inputs X [tokens, in], float64}."""
    moments = {place: 0.0 for place in places}

    def observer(place):
        def observe(_, inputs, __):
            x = inputs[0].flatten(0, -2).double()
            moments[place] += x.T @ x

        return observe

    for layer, module in places:
        model.model.layers[layer].get_submodule(module).register_forward_hook(observer((layer, module)))
    for ids in sequences:
        model(torch.tensor([ids]))
    return moments


def updates(path):
    """{(layer, module): B A alpha / r [out, in], float64} of an adapter."""
    return {place: b.double() @ a.double() for place, (a, b) in lora_factors(path).items()}


def cut(update, moment, rank):
    """(A [rank, in], B [out, rank], share of the squared outputs kept): B A is near an update [out, in]; float64."""
    root = torch.linalg.cholesky(moment + JITTER * moment.diagonal().mean() * torch.eye(len(moment), dtype=moment.dtype))
    outputs, sizes, _ = torch.linalg.svd(update @ root, full_matrices=False)
    kept = outputs[:, :rank]
    return kept.T @ update, kept, (sizes[:rank].square().sum() / sizes.square().sum()).item()


def save_cut(summed, moments, rank, path):
    """Write the adapter of this rank. Returns the share of the squared outputs that it keeps, mean of the modules."""
    factors, shares = {}, []
    for place, update in summed.items():
        a, b, share = cut(update, moments[place], rank)
        factors[place] = a, b * rank / ALPHA
        shares.append(share)
    save_factors(factors, rank, path)
    return sum(shares) / len(shares)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--main", default="models/recipe/work/main.safetensors")
    parser.add_argument("--study", default="models/recipe/work/study", help="made by train-study")
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--rollouts", default="models/recipe/work/online/rollouts.jsonl", help="made by train-online")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="models/recipe/work/summed")
    arguments = parser.parse_args()
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)

    encoder = PromptEncoder(f"{arguments.policy}/tokenizer.json")
    sequences = recorded_ids(arguments.rollouts, encoder, random.Random(arguments.seed))
    of_main = updates(arguments.main)
    moments = input_moments(adapted(arguments.policy, arguments.main), of_main, sequences)
    for name, rank in SUMS.items():
        other = updates(Path(arguments.study) / f"{name}.safetensors")
        summed = {place: update + SHARE * other[place] for place, update in of_main.items()}
        share = save_cut(summed, moments, rank, out / f"{name}.safetensors")
        print(f"{name}: of rank {rank}, keeps {share:.3f} of the squared outputs", flush=True)


if __name__ == "__main__":
    main()
