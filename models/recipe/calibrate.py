"""Stage calibrate: what to write into the prompt for wanted rewards, from a policy's own completions of training prompts.

A quadratic response surface gives the mean actual rewards of any prompted ones; for wanted rewards the prompted ones
whose mean comes closest are taken. A policy moves less than it is asked to, and one dial moves the other: the table
makes up for both, and for an end of a dial where a wanted reward is out of reach. Test prompts have no part in it.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from dialogue import read_jsonl
from reward_model import AXES

WANTED = np.linspace(0, 1, 6)
PROMPTED = np.linspace(0, 1, 41)


def square(values):
    """All pairs of values, [n * n, 2], the first axis slowest."""
    return np.stack(np.meshgrid(values, values, indexing="ij"), axis=-1).reshape(-1, 2)


def features(rewards):
    """[n, 2] -> [n, 6]: the terms of a quadratic surface."""
    h, m = rewards.T
    return np.stack([np.ones_like(h), h, m, h * m, h**2, m**2], axis=1)


def inverse(prompted, actual):
    """Prompted rewards [wanted helpful, wanted harmless, 2] for WANTED on each axis."""
    surface = np.linalg.lstsq(features(prompted), actual, rcond=None)[0]
    candidates = square(PROMPTED)
    means = features(candidates) @ surface
    distance = ((means[None] - square(WANTED)[:, None]) ** 2).sum(-1)
    return candidates[distance.argmin(1)].reshape(len(WANTED), len(WANTED), 2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rollouts", nargs="+", default=["models/recipe/work/online/rollouts.jsonl"])
    parser.add_argument("--from-window", type=int, default=1, help="first window of the rollouts that counts")
    parser.add_argument("--out", default="models/recipe/work/calibration.json")
    arguments = parser.parse_args()
    rows = [row for path in arguments.rollouts for row in read_jsonl(path) if row["target"] and row["window"] >= arguments.from_window]
    prompted, actual = (np.array([[row[key][axis] for axis in AXES] for row in rows]) for key in ("target", "rewards"))
    table = inverse(prompted, actual).round(3)
    Path(arguments.out).write_text(json.dumps({axis: table[:, :, a].tolist() for a, axis in enumerate(AXES)}))
    print(len(rows), "completions\n", table.tolist())


if __name__ == "__main__":
    main()
