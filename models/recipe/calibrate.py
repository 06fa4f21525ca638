"""Stage calibrate: what to write into the prompt for wanted rewards, from a policy's own completions of training prompts.

The shipped files sample and score them (a new judge is exported before): `match` of the command line, uniform targets,
written into the prompt as they are.
A logistic response surface gives the mean actual reward of any prompted ones, an axis each; for wanted rewards the prompted
ones whose mean comes closest are taken. A policy does not move as it is asked to, and one dial moves the other: the table
makes up for both. Test prompts have no part in it.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares

from command_line import dial
from dialogue import read_jsonl, write_jsonl
from reward_model import AXES
from rollouts import training_prompts

WANTED = np.linspace(0, 1, 6)
PROMPTED = np.linspace(0, 1, 41)
NEARNESS = 0.1  # weight of the way from wanted to prompted: where many do as well, at the end of what can be reached
SEED = 2  # of prompts, targets and samples


def square(values):
    """All pairs of values, [n * n, 2], the first axis slowest."""
    return np.stack(np.meshgrid(values, values, indexing="ij"), axis=-1).reshape(-1, 2)


def surface(rewards, weights):
    """Prompted rewards [n, 2] and 4 weights -> mean actual rewards of an axis [n]."""
    helpful, harmless = rewards.T
    return 1 / (1 + np.exp(-np.stack([np.ones_like(helpful), helpful, harmless, helpful * harmless], axis=1) @ weights))


def inverse(prompted, actual):
    """Prompted rewards [wanted helpful, wanted harmless, 2] for WANTED on each axis, from those of completions [n, 2]."""
    candidates, wanted = square(PROMPTED), square(WANTED)[:, None]
    fitted = [least_squares(lambda weights: surface(prompted, weights) - column, np.zeros(4)).x for column in actual.T]
    means = np.stack([surface(candidates, weights) for weights in fitted], axis=1)
    distance = ((means - wanted) ** 2).sum(-1) + NEARNESS * ((candidates - wanted) ** 2).sum(-1)
    return candidates[distance.argmin(1)].reshape(len(WANTED), len(WANTED), 2)


def completions(data, adapter, n, work):
    """Rows of a match of training prompts; an interrupted one is taken up again."""
    work.mkdir(parents=True, exist_ok=True)
    prompts, run = work / "prompts.jsonl", work / "run.jsonl"
    write_jsonl(prompts, ({"prompt_dialogue": p} for p in training_prompts(data, SEED)[:n]))
    dial(f"match --prompts {prompts} --n {n} --adapter {adapter} --seed {SEED} --targets uniform --out {run}")
    return [row for row in read_jsonl(run) if "actual" in row]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--adapter", default="models/recipe/work/main.safetensors", help="file of the adapter")
    parser.add_argument("--n", type=int, default=500, help="completions")
    parser.add_argument("--work", default="models/recipe/work/calibrate", help="prompts and run")
    parser.add_argument("--out", default="models/recipe/work/calibration.json")
    arguments = parser.parse_args()
    rows = completions(arguments.data, arguments.adapter, arguments.n, Path(arguments.work))
    prompted, actual = (np.array([[row[key][axis] for axis in AXES] for row in rows]) for key in ("target", "actual"))
    table = inverse(prompted, actual).round(3)
    Path(arguments.out).write_text(json.dumps({axis: table[:, :, a].tolist() for a, axis in enumerate(AXES)}))
    print(len(rows), "completions\n", table.tolist())


if __name__ == "__main__":
    main()
