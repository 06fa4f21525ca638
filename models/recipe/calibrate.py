"""Stage calibrate: what to write into the prompt for wanted rewards, from what the policy wrote at the end of its training.

The last windows of train-online are its own completions of training prompts, sampled before it was trained on them and scored
by the judge. A logistic response surface gives the mean actual reward of any prompted ones, an axis each; for wanted rewards the
prompted ones whose mean comes closest are taken. Test prompts have no part in it.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares

from dialogue import read_jsonl
from reward_model import AXES

WANTED = np.linspace(0, 1, 6)
PROMPTED = np.linspace(0, 1, 41)
NEARNESS = 0.1  # weight of the way from wanted to prompted: where many do as well, at the end of what can be reached


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rollouts", default="models/recipe/work/online/rollouts.jsonl", help="made by train-online")
    parser.add_argument("--windows", type=int, default=2, help="the last ones")
    parser.add_argument("--out", default="models/recipe/work/calibration.json")
    arguments = parser.parse_args()
    rows = [row for row in read_jsonl(arguments.rollouts) if row["target"]]
    rows = [row for row in rows if row["window"] > rows[-1]["window"] - arguments.windows]
    prompted, actual = (np.array([[row[key][axis] for axis in AXES] for row in rows]) for key in ("target", "rewards"))
    table = inverse(prompted, actual).round(3)
    Path(arguments.out).write_text(json.dumps({axis: table[:, :, a].tolist() for a, axis in enumerate(AXES)}))
    print(len(rows), "completions\n", table.tolist())


if __name__ == "__main__":
    main()
