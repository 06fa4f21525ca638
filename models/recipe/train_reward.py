"""Stage train-reward: preference pairs and what the teachers give to them -> the two-head reward model.

A pair that people compared is learned as they and the teacher that did not train on it together give it, any other pair
of replies as the teachers give it; see preference_pairs.py. At the end each head is scaled so that its probabilities on the
dev pairs are calibrated; percentiles do not change.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import BertConfig

from precision import DEVICE
from preference_pairs import Batches, Teachers, read_pairs
from preference_training import Penalties, calibrate, evaluate, scored_file, train
from reward_model import RewardModel, RewardReader

PAIRS_A_STEP = 64
SHARES = {"helpful": 0.2, "harmless": 0.35, "both": 0.03, "topic": 0.05, "extra": 0.05, "rollouts": 0.32}
PENALTIES = Penalties(heads=0.03, length=0.05, centre=0.1)
DROPOUT = 0.1  # of the hidden states


def trunk_config(folder):
    config = BertConfig.from_json_file(f"{folder}/config.json")
    config.hidden_dropout_prob = DROPOUT
    config.attention_probs_dropout_prob = 0.0
    return config


def read_trunk(folder):
    return {k: v.float() for k, v in load_file(f"{folder}/model.safetensors").items() if "pooler" not in k and "position_ids" not in k}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--trunk", required=True, help="folder of the MiniLM weights and tokenizer")
    parser.add_argument("--teachers", help="scores.pt of score-teachers; without it people alone teach")
    parser.add_argument("--rollouts", nargs="*", default=["models/recipe/work/rollouts.jsonl"])
    parser.add_argument("--out", default="models/recipe/work/reward")
    parser.add_argument("--minutes", type=float, default=2.3)
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--workers", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)

    torch.manual_seed(arguments.seed)
    reader = RewardReader(arguments.trunk)
    model = RewardModel(trunk_config(arguments.trunk))
    model.trunk.load_state_dict(read_trunk(arguments.trunk))
    model.trunk.embeddings.requires_grad_(False)
    model.to(DEVICE)
    batches = Batches(
        reader, read_pairs(arguments.data, arguments.rollouts), SHARES, PAIRS_A_STEP, arguments.seed,
        teachers=arguments.teachers and Teachers(arguments.teachers),
    )
    steps = train(model, batches, arguments.learning_rate, arguments.minutes, PENALTIES, arguments.workers)
    scored = scored_file(model, reader, arguments.data, "dev")
    calibrate(model, scored)
    torch.save({"model": {name: tensor.cpu() for name, tensor in model.state_dict().items()}}, out / "reward.pt")
    report = {"steps": steps, "dev": evaluate(scored)}
    (out / "report.json").write_text(json.dumps(report, indent=2))
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
