"""Stage train-teacher: a large reward model on preference pairs, without the prompts of its fold.

TEACHERS of them, each with another fold left out, then judge every pair by one that did not learn it: their scores are
what the small reward model learns from (`score_teachers.py`, `train_reward.py`).
"""

import argparse
import json
from pathlib import Path

import torch

from dialogue import fold_of
from precision import DEVICE
from preference_pairs import Batches, read_pairs
from preference_training import Penalties, calibrate, evaluate, scored_file, scored_pairs, train
from reward_model import AXES
from teacher_model import TeacherModel, TeacherReader
from weights import llama

TEACHERS = 4
PAIRS_A_STEP = 32
SHARES = {"helpful": 0.27, "harmless": 0.46, "both": 0.06, "topic": 0.06, "extra": 0.15}
PENALTIES = Penalties(heads=0.03, length=0.05, centre=0.02)


def load_teacher(policy, checkpoint):
    model = TeacherModel(llama(policy))
    model.load_state_dict(torch.load(checkpoint, map_location=DEVICE))
    return model.to(DEVICE).eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--out", default="models/recipe/work/teachers")
    parser.add_argument("--fold", type=int, required=True, help="whose prompts are left out, and the seed")
    parser.add_argument("--minutes", type=float, default=3.5)
    parser.add_argument("--learning-rate", type=float, default=3e-5)
    parser.add_argument("--workers", type=int, default=3)
    arguments = parser.parse_args()
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)

    torch.manual_seed(arguments.fold)
    reader = TeacherReader(f"{arguments.policy}/tokenizer.json")
    pairs = read_pairs(arguments.data, [])
    model = TeacherModel(llama(arguments.policy)).to(DEVICE)
    model.trunk.embed_tokens.requires_grad_(False)
    batches = Batches(reader, pairs, SHARES, PAIRS_A_STEP, arguments.fold, fold=(arguments.fold, TEACHERS))
    steps = train(model, batches, arguments.learning_rate, arguments.minutes, PENALTIES, arguments.workers)
    unseen = {axis: [pair for pair in pairs[axis] if fold_of(pair["prompt_dialogue"], TEACHERS) == arguments.fold][:2000] for axis in AXES}
    scored = {axis: scored_pairs(model, reader, unseen[axis]) for axis in AXES}
    calibrate(model, scored)
    torch.save({name: tensor.half() for name, tensor in model.state_dict().items()}, out / f"teacher-{arguments.fold}.pt")
    report = {"steps": steps, "fold": evaluate(scored), "dev": evaluate(scored_file(model, reader, arguments.data, "dev"))}
    (out / f"teacher-{arguments.fold}.json").write_text(json.dumps(report, indent=2))
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
