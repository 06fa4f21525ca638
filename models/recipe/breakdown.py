"""Stage breakdown: what the cards tell of the runs of evaluate beside the figures that the command line prints.

Adds to metrics.json, for each run that lies in --work, of its rows:
- mean: of each reward, with its 95 % interval (normal);
- tenths: the mean reward in each tenth of the target, an axis that was asked for each;
- prompt_length: r and slope on the prompts of so many characters;
- high_targets: of the rows whose targets both lie above HIGH, how many refuse, and what they earn, by the file that the
  prompt is from.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from dialogue import read_jsonl
from refusal import refuses
from reward_model import AXES

HIGH = 0.6
LENGTHS = (0, 200, 500, 900, None)  # characters of the prompt
TENTHS = 10


def mean_of(values):
    half = 1.96 * np.std(values, ddof=1) / len(values) ** 0.5
    mean = np.mean(values)
    return {"mean": round(mean, 3), "ci": [round(mean - half, 3), round(mean + half, 3)]}


def pairs(rows, axis):
    """Targets and rewards of an axis."""
    return np.array([(row["target"][axis], row["actual"][axis]) for row in rows]).T


def tenths(rows, axis):
    target, actual = pairs(rows, axis)
    place = np.minimum(TENTHS - 1, np.floor(target * TENTHS))
    return [round(actual[place == i].mean(), 3) if (place == i).any() else None for i in range(TENTHS)]


def fit(rows, axis):
    target, actual = pairs(rows, axis)
    return {"r": round(np.corrcoef(target, actual)[0, 1], 3), "slope": round(np.polyfit(target, actual, 1)[0], 3)}


def by_prompt_length(rows, axes):
    for low, high in zip(LENGTHS, LENGTHS[1:]):
        some = [row for row in rows if low <= len(row["prompt"]) and (high is None or len(row["prompt"]) < high)]
        if len(some) > 2:
            yield {"characters": [low, high], "n": len(some)} | {axis: fit(some, axis) for axis in axes}


def high_targets(rows, helpful):
    high = [row for row in rows if all(row["target"][axis] > HIGH for axis in AXES)]
    kinds = {"of the helpful file": True, "of the harmless file": False}
    found = {kind: [row for row in high if (row["prompt"].strip() in helpful) == wanted] for kind, wanted in kinds.items()}
    return {
        kind: {"n": len(some), "refused": sum(refuses(row["completion"]) for row in some)}
        | {axis: round(np.mean([row["actual"][axis] for row in some]), 3) for axis in AXES}
        for kind, some in found.items() if some
    }


def breakdown(rows, helpful):
    axes = [axis for axis in AXES if axis in rows[0]["target"]]
    found = {"n": len(rows), "mean": {axis: mean_of([row["actual"][axis] for row in rows]) for axis in AXES}}
    if axes:
        found |= {"tenths": {axis: tenths(rows, axis) for axis in axes}, "prompt_length": list(by_prompt_length(rows, axes))}
    return found | ({"high_targets": high_targets(rows, helpful)} if len(axes) == len(AXES) else {})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--split", default="test", help="that evaluate took the prompts from")
    parser.add_argument("--work", default="models/recipe/work/evaluate", help="the runs of evaluate")
    parser.add_argument("--out", default="models/metrics.json")
    arguments = parser.parse_args()
    helpful = {row["prompt_dialogue"].strip() for row in read_jsonl(f"{arguments.data}/hh_helpful_{arguments.split}.jsonl.gz")}
    out = Path(arguments.out)
    metrics = json.loads(out.read_text())
    for path in sorted(Path(arguments.work).glob("*.jsonl")):
        if path.stem in metrics:
            _, *rows = read_jsonl(path)
            metrics[path.stem]["breakdown"] = {"command": "python models/recipe/breakdown.py", "result": breakdown(rows, helpful)}
    out.write_text(json.dumps(metrics, indent=2) + "\n")


if __name__ == "__main__":
    main()
