"""Stage train-heldout: features and token values of preference pairs -> the heads of the held-out judge and its reference set.

Loss per axis: Bradley-Terry on standardised differences of features, with a ridge, and on the differences of scores
the two penalties of train_reward.py: squared correlations between the heads and with the difference in length.
The layers and the ridge are those that do best on a fifth of the training prompts. Trained on all prompts then, each
head is scaled so that its probabilities were calibrated on prompts that it had not seen.
"""

import argparse
import json
import math
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from dialogue import fold_of
from heldout_bag import bags, values_of
from heldout_features import TAPS, preferences
from heldout_model import FOLDS, encode_completion
from label import describe, reference_of
from preference_pairs import TEACHES
from preference_training import likeliest_scale, pearson
from prompt_ids import PromptEncoder
from reward_model import AXES

LAYERS = ((8,), (6, 8), (4, 6, 8))
RIDGES = (1500.0, 5000.0, 15000.0)  # over the number of comparisons
STEPS, START = 60, 0.01
SCALES = torch.logspace(-1, 2, 301)


@dataclass
class Comparisons:
    """Better and worse completions of one prompt each."""

    better: torch.Tensor  # row of the features
    worse: torch.Tensor
    teaches: torch.Tensor  # bool [comparisons, axes]
    people: torch.Tensor  # axis on which people compared the two, -1 for a foreign reply
    longer: torch.Tensor  # log ratio of characters


def read_features(folder):
    """(features [rows, taps, pools, hidden], number of each row's pair)."""
    files = [load_file(path) for path in sorted(Path(folder).glob("*.safetensors"))]
    return torch.cat([f["features"] for f in files]).float(), torch.cat([f["pair"] for f in files]).tolist()


def replies_of(pairs, numbers):
    """[(prompt, reply)] of the rows; the rows of a pair follow each other."""
    found = []
    while len(found) < len(numbers):
        _, prompt, replies, _ = pairs[numbers[len(found)]]
        found += [(prompt, reply) for reply in replies]
    return found


def comparisons_of(pairs, numbers):
    """Chosen against rejected and, where there is one, against the foreign reply."""
    rows, row = [], 0
    while row < len(numbers):
        axis, _, (chosen, *others), foreign = pairs[numbers[row]]
        for offset, (kind, other) in enumerate(zip((axis, foreign), others), start=1):
            teaches = [name in TEACHES[kind] for name in AXES]
            longer = math.log((len(chosen.strip()) + 1) / (len(other.strip()) + 1))
            rows.append((row, row + offset, teaches, AXES.index(axis) if offset == 1 else -1, longer))
        row += 1 + len(others)
    return Comparisons(*(torch.tensor(column) for column in zip(*rows)))


def bag_values(tables, fold, completions):
    """[rows, axes]: the value of each row's bag of tokens by the table that has not seen its prompt."""
    values = torch.zeros(len(completions), len(AXES))
    for unseen in range(FOLDS):
        rows = (fold == unseen).nonzero().flatten()
        inside = bags([completions[row] for row in rows])
        for axis in range(len(AXES)):
            values[rows, axis] = values_of(tables[unseen, axis], inside)
    return values


@dataclass(frozen=True)
class Weights:
    """Of the parts of the loss."""

    foreign: float  # a comparison with a foreign reply, beside one that people made
    heads: float
    length: float


def fit(differences, comparisons, keep, ridge, weights):
    """Weights [axes, features] of the two heads, from the comparisons that `keep` counts."""
    differences, teaches, longer = differences[keep], comparisons.teaches[keep], comparisons.longer[keep]
    share = torch.where(comparisons.people[keep] >= 0, 1.0, weights.foreign)
    # The penalties have no gradient at zero, so it begins at the mean differences.
    weight = torch.stack([differences[taught].mean(0) for taught in teaches.T]).mul(START).requires_grad_()
    optimiser = torch.optim.LBFGS([weight], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss():
        optimiser.zero_grad()
        scores = differences @ weight.T
        total = (ridge / teaches.sum(0) / 2 * (weight**2).sum(1)).sum() + weights.heads * pearson(*scores.T) ** 2
        for score, taught in zip(scores.T, teaches.T):
            total = total + (F.softplus(-score) * share)[taught].sum() / share[taught].sum() + weights.length * pearson(score, longer) ** 2
        total.backward()
        return total

    optimiser.step(loss)
    return weight.detach()


def accuracies(margins):
    return {axis: (margin > 0).float().mean().item() for axis, margin in zip(AXES, margins)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--features", default="models/recipe/work/heldout/features")
    parser.add_argument("--bag", default="models/recipe/work/heldout/bag.safetensors")
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--out", default="models/recipe/work/heldout")
    parser.add_argument("--seed", type=int, default=1, help="of the features' pairs")
    parser.add_argument("--foreign", type=float, default=0.2, help="weight of comparisons with foreign replies")
    parser.add_argument("--heads-penalty", type=float, default=0.02)
    parser.add_argument("--length-penalty", type=float, default=0.05)
    arguments = parser.parse_args()
    weights = Weights(arguments.foreign, arguments.heads_penalty, arguments.length_penalty)
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)

    features, numbers = read_features(arguments.features)
    pairs = preferences(arguments.data, arguments.seed)
    comparisons, replies = comparisons_of(pairs, numbers), replies_of(pairs, numbers)
    fold = torch.tensor([fold_of(prompt, FOLDS) for prompt, _ in replies])
    tables = load_file(arguments.bag)["tables"]
    encoder = PromptEncoder(f"{arguments.policy}/tokenizer.json")
    bag = bag_values(tables, fold, [encode_completion(encoder, reply) for _, reply in replies])
    of_people = comparisons.people >= 0
    spread, bag_spread = features.std(0), bag.std(0)

    def inputs(taps):
        """Standardised [rows, inputs] of the heads: features, then the bag's values."""
        return torch.cat([(features / spread)[:, [TAPS.index(tap) for tap in taps]].flatten(1), bag / bag_spread], 1)

    def margins_of(scores, keep):
        """By axis: how far people's choice scores above the other reply."""
        return [(scores[comparisons.better] - scores[comparisons.worse])[keep & (comparisons.people == axis), axis] for axis in range(len(AXES))]

    folds, tried = fold[comparisons.better], []
    for taps in LAYERS:
        x = inputs(taps)
        differences = x[comparisons.better] - x[comparisons.worse]
        for ridge in RIDGES:
            margins = margins_of(x @ fit(differences, comparisons, folds != 0, ridge, weights).T, folds == 0)
            tried.append({"layers": taps, "ridge": ridge, "loss": sum(likeliest_scale(m, SCALES)[1] for m in margins), "accuracy": accuracies(margins)})
            print(json.dumps(tried[-1]), flush=True)
    best = min(tried, key=lambda t: t["loss"])
    taps, ridge = best["layers"], best["ridge"]

    x = inputs(taps)
    differences, scores = x[comparisons.better] - x[comparisons.worse], torch.zeros(len(x), len(AXES))
    for unseen in range(FOLDS):
        scores[fold == unseen] = x[fold == unseen] @ fit(differences, comparisons, folds != unseen, ridge, weights).T
    margins = margins_of(scores, of_people)
    scale = torch.tensor([likeliest_scale(m, SCALES)[0] for m in margins])
    weight = scale.unsqueeze(1) * fit(differences, comparisons, torch.ones_like(of_people), ridge, weights)
    of_features, of_bag = weight[:, : -len(AXES)] / spread[[TAPS.index(tap) for tap in taps]].flatten(), weight[:, -len(AXES) :] / bag_spread
    rows = torch.cat([comparisons.better[of_people], comparisons.worse[of_people]])
    heads = {"weight": of_features.contiguous(), "bias": -(x[rows] @ weight.T).mean(0), "table": (of_bag @ tables[FOLDS]).T.contiguous()}
    save_file(heads, out / "heads.safetensors", metadata={"taps": ",".join(map(str, taps))})

    # Scores of prompts that a head had not seen: those that it has lie further apart.
    reference, share = reference_of((scores[rows] * scale - (scores[rows] * scale).mean(0)).numpy(), arguments.seed)
    (out / "reference.json").write_text(json.dumps(reference, separators=(",", ":")))
    report = {
        "pairs": dict(zip(AXES, map(len, margins))), "foreign": int((~of_people).sum()), "chosen": best,
        "unseen_accuracy": accuracies(margins), "scale": scale.tolist(), "weights": vars(weights),
        "reference": describe(share, *zip(*(replies[row] for row in rows))), "tried": tried,
    }
    (out / "report.json").write_text(json.dumps(report, indent=2))
    print(json.dumps({key: value for key, value in report.items() if key != "tried"}, indent=2))


if __name__ == "__main__":
    main()
