"""Stage score-teachers: what each teacher gives to every reply that the small reward model learns from.

A reply of a pair that people compared is scored by the one teacher that did not train on its prompt, a rollout by all.
Writes {"items": [(prompt, reply)], "scores": float [items, teachers, 2], nan where a teacher gave none}, and prints how well the
mean of the teachers does on the dev pairs, which none of them learned.
"""

import argparse
import json
from multiprocessing import Pool
from pathlib import Path

import torch

from dialogue import fold_of
from preference_pairs import read_pairs
from preference_training import evaluate, score_encoded, scored_file
from reward_model import AXES
from teacher_model import TeacherReader
from train_teacher import TEACHERS, load_teacher


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--teachers", default="models/recipe/work/teachers", help="folder of what train-teacher made")
    parser.add_argument("--rollouts", nargs="*", default=["models/recipe/work/rollouts.jsonl"])
    parser.add_argument("--out", default="models/recipe/work/teachers/scores.pt")
    arguments = parser.parse_args()

    reader = TeacherReader(f"{arguments.policy}/tokenizer.json")
    pairs = read_pairs(arguments.data, arguments.rollouts)
    own = {(pair["prompt_dialogue"], pair[side]) for pair in pairs["rollouts"] for side in ("chosen", "rejected")}
    items = list(dict.fromkeys((pair["prompt_dialogue"], pair[side]) for found in pairs.values() for pair in found for side in ("chosen", "rejected")))
    fold = [None if item in own else fold_of(item[0], TEACHERS) for item in items]
    with Pool() as pool:
        encoded = pool.starmap(reader.encode, items, chunksize=4000)
    scores, dev = torch.full((len(items), TEACHERS, len(AXES)), torch.nan), []
    for number in range(TEACHERS):
        model = load_teacher(arguments.policy, Path(arguments.teachers) / f"teacher-{number}.pt")
        asked = [i for i, left_out in enumerate(fold) if left_out in (None, number)]
        scores[asked, number] = score_encoded(model, reader, [encoded[i] for i in asked], 256)
        dev.append(scored_file(model, reader, arguments.data, "dev"))
        print("teacher", number, len(asked), "replies", flush=True)
    torch.save({"items": items, "scores": scores}, arguments.out)
    mean = {axis: (torch.stack([scored[axis][0] for scored in dev]).mean(0), dev[0][axis][1]) for axis in dev[0]}
    print(json.dumps(evaluate(mean), indent=2))


if __name__ == "__main__":
    main()
